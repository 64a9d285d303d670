import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { families } from '@headframe/families';
import { simulators } from '@headframe/families/sim';
import { diagnosisPages } from './diagnosis-pages.ts';
import { actionTable, familyPage, familyTable, readingTable, withMachines } from './family-pages.ts';
import { referencePages } from './reference-pages.ts';

/*
 * Writes docs/reference, docs/diagnosis, docs/families and the support tables of the README.
 * With --check it writes nothing, names the files that are out of date and exits with 1.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BEGIN = '<!-- support:begin -->';
const END = '<!-- support:end -->';

const check = process.argv.includes('--check');

const all = withMachines(families, simulators);
const pages = new Map([...referencePages(), ...diagnosisPages()]);
for (const one of all) {
  const { id } = one.family;
  pages.set(`docs/families/${id}.md`, familyPage(one, (await textOf(`packages/families/src/${id}/README.md`)) ?? ''));
}
const readme = await readmeWithTables();
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

/** The README with fresh support tables; null, said in one line, where there is no place for them. */
async function readmeWithTables(): Promise<string | null> {
  const text = await textOf('README.md');
  const begin = text?.indexOf(BEGIN) ?? -1;
  const end = text?.indexOf(END) ?? -1;
  if (text === null || begin < 0 || end < begin) {
    console.log('Support tables skipped: README.md has no support markers.');
    return null;
  }
  const tables = [familyTable(all), readingTable(all), actionTable(all)].join('\n');
  return `${text.slice(0, begin)}${BEGIN}\n${tables}${text.slice(end)}`;
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(join(ROOT, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
