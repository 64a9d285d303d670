import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referencePages, supportTable } from './reference-pages.ts';

/*
 * Writes docs/reference and the support table of the README.
 * With --check it writes nothing, names the files that are out of date and exits with 1.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BEGIN = '<!-- support:begin -->';
const END = '<!-- support:end -->';

const check = process.argv.includes('--check');

const pages = referencePages();
const readme = await readmeWithTable();
if (readme !== null) pages.set('README.md', readme);

const stale: string[] = [];
for (const [path, text] of pages) {
  if ((await textOf(path)) === text) continue;
  stale.push(path);
  if (check) continue;
  await mkdir(dirname(join(ROOT, path)), { recursive: true });
  await writeFile(join(ROOT, path), text);
}

if (stale.length === 0) console.log(`${pages.size} generated files are up to date.`);
else if (check) {
  console.error(`Out of date: ${stale.join(', ')}. Run: npm run docs`);
  process.exitCode = 1;
} else console.log(`Written: ${stale.join(', ')}.`);

/** The README with a fresh support table; null, said in one line, where there is nothing to put it into or to put in. */
async function readmeWithTable(): Promise<string | null> {
  const text = await textOf('README.md');
  const begin = text?.indexOf(BEGIN) ?? -1;
  const end = text?.indexOf(END) ?? -1;
  if (text === null || begin < 0 || end < begin) {
    console.log('Support table skipped: README.md has no support markers.');
    return null;
  }
  const { families } = await import('@headframe/families');
  const { simulators } = await import('@headframe/families/sim');
  if (families.length === 0) {
    console.log('Support table skipped: no family is registered.');
    return null;
  }
  const table = supportTable(families, new Set(simulators.map((simulator) => simulator.id)));
  return `${text.slice(0, begin)}${BEGIN}\n${table}${text.slice(end)}`;
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(join(ROOT, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
