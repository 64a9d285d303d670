import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from '@headframe/fleet';

/*
 * Writes docs/reference/openapi.json, the daemon's HTTP interface.
 * With --check it writes nothing and exits with 1 when the file is out of date.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FILE = fileURLToPath(new URL('../docs/reference/openapi.json', import.meta.url));
const name = relative(ROOT, FILE);

const text = `${JSON.stringify(await openApiDocument(), null, 2)}\n`;
const known = await readFile(FILE, 'utf8').catch(() => null);

if (known === text) console.log(`${name} is up to date.`);
else if (process.argv.includes('--check')) {
  console.error(`${name} is out of date. Run: npm run docs`);
  process.exitCode = 1;
} else {
  await mkdir(dirname(FILE), { recursive: true });
  await writeFile(FILE, text);
  console.log(`Written: ${name}.`);
}
