import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import config from '../vitest.config.mts';
import { sharedPath } from './shared.ts';

/*
 * docs/coverage.csv says of every item of the documents who does it and which test shows it. Here it is held to be
 * complete, and its files and tests to be there and to run.
 */

/** The parts of the checklist that are done, by the first letter of their ids. */
const PARTS = ['B', 'C', 'E', 'T', 'W'];

const COLUMNS = ['id', 'what', 'client', 'simulator', 'test'] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;

const root = fileURLToPath(new URL('..', import.meta.url));
const CHECKLIST = sharedPath('checklist.md');

/** RFC 4180: cells parted by commas, those with commas or quotes in quotes, whose own quotes are doubled. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const [, quoted, plain = '', end] = cell.exec(text) ?? [];
    if (end === undefined) throw new Error(`a stray quote or cell behind byte ${at}`);
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ',' && cell.lastIndex < text.length) lines.push([]);
  }
  return lines;
}

const [head = [], ...lines] = parseCsv(readFileSync(join(root, 'docs/coverage.csv'), 'utf8'));
const rows = lines.map((line) => Object.fromEntries(COLUMNS.map((name, i) => [name, line[i] ?? ''])) as Row);
const partsOf = (cell: string): string[] => cell.split(' | ');

interface Project {
  readonly test: { readonly name: string; readonly include: string[]; readonly exclude: string[] };
}
/** Every file that `npm test` or `.ci/run` runs. */
const projects = (config.test?.projects ?? []) as Project[];
const running = projects.filter(({ test: { name } }) => name === 'fast' || name === 'slow');
const files = running.flatMap(({ test: { include, exclude } }) => globSync(include, { cwd: root, exclude }));
const testFiles: ReadonlySet<string> = new Set(files.map((path) => path.replaceAll('\\', '/')));

/**
 * The titles of a file: the first argument of `test(`, of `describe(`, and of what `test.each(…)` and the like return.
 * `test.skip('…'` is none of them.
 */
function titlesOf(source: string): string[] {
  const titles = source.matchAll(/(?:\b(?:test|describe)|\))\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1\s*,/g);
  return [...titles].map(([, , title = '']) => title.replaceAll(/\\(['"`])/g, '$1'));
}

/** A title counts when it is the whole one, or a part of one alone. */
function names(titles: readonly string[], wanted: string): boolean {
  return titles.includes(wanted) || titles.filter((title) => title.includes(wanted)).length === 1;
}

describe('docs/coverage.csv', () => {
  test.skipIf(CHECKLIST === null)('has every item of the checklist, in its order, and no other', () => {
    const text = readFileSync(CHECKLIST ?? '', 'utf8');
    const ids = [...text.matchAll(/^\| \[[ x]\] ([A-Z]-\d+) \|/gm)].map(([, id = '']) => id);
    expect(ids).toContain('C-068');
    expect(rows.map(({ id }) => id)).toEqual(ids.filter((id) => PARTS.includes(id.charAt(0))));
  });

  test('has five columns, and no id twice', () => {
    expect(head).toEqual(COLUMNS);
    expect(lines.filter((line) => line.length !== COLUMNS.length)).toEqual([]);
    const ids = rows.map(({ id }) => id);
    expect(ids.filter((id, i) => !/^[A-Z]-\d+$/.test(id) || ids.indexOf(id) !== i)).toEqual([]);
  });

  test('has no empty cell, and says in a few words what an item is', () => {
    const isEmpty = (cell: string) => partsOf(cell).some((part) => part === '' || part !== part.trim());
    expect(rows.filter((row) => COLUMNS.some((column) => isEmpty(row[column])))).toEqual([]);
    const words = ({ what }: Row) => what.split(' ').length;
    expect(rows.filter((row) => words(row) < 3 || words(row) > 8)).toEqual([]);
  });
});

describe.each(rows)('$id', ({ client, simulator, test: shownBy }) => {
  test('is done by files and commands that are there', () => {
    const none = /^- \([^()]+\)$/;
    const isThere = (part: string): boolean => {
      const [, command] = /^headframe ([a-z]+)$/.exec(part) ?? [];
      return existsSync(join(root, command === undefined ? part : `packages/cli/src/commands/${command}.ts`));
    };
    const parts = [...partsOf(client), ...partsOf(simulator)];
    expect(parts.filter((part) => !none.test(part) && !isThere(part))).toEqual([]);
    // One end at least has it.
    expect([client, simulator].every((cell) => none.test(cell))).toBe(false);
  });

  test('is shown by tests that run', () => {
    for (const shown of partsOf(shownBy)) {
      const [, path = '', title = ''] = /^(\S+\.test\.ts): (.+)$/.exec(shown) ?? [];
      expect(testFiles, shown).toContain(path);
      const source = readFileSync(join(root, path), 'utf8');
      expect(source, `${path} leaves tests out`).not.toMatch(/\b(?:test|it|describe)(?:\.\w+)*\.(?:skip|todo|only)\b/);
      expect(names(titlesOf(source), title), `no test, or several, of ${path} is called "${title}"`).toBe(true);
    }
  });
});

describe('the reading of titles', () => {
  const source = [
    "describe('a machine', () => {",
    "  test('runs', () => {});",
    '  test.each([1, 2])("counts %i", (i) => {});',
    "  test.each([\n    ['a', f(1)],\n  ])(\n    'has it\\'s %s',\n    async () => {});",
    "  test.skip('is left out', () => {});",
    "  test.skipIf(x === null)('needs a folder', () => {});",
    "  it.todo('is to come');",
    '});',
  ].join('\n');

  test('finds what runs, and not what is left out', () => {
    expect(titlesOf(source)).toEqual(['a machine', 'runs', 'counts %i', "has it's %s", 'needs a folder']);
  });

  test('takes a part of a title only when it is a part of no other', () => {
    expect(names(['pools', 'pools of a cgminer', 'fans'], 'pools')).toBe(true);
    expect(names(['pools of a cgminer', 'pools of LuxOS'], 'pools')).toBe(false);
    expect(names(['pools of a cgminer', 'pools of LuxOS'], 'LuxOS')).toBe(true);
    expect(names(['fans'], 'pools')).toBe(false);
  });

  test('a table with a stray quote is none', () => {
    expect(parseCsv('a,"b ""c"", d"\r\n,x\n')).toEqual([
      ['a', 'b "c", d'],
      ['', 'x'],
    ]);
    expect(() => parseCsv('a,b"c\n')).toThrow('stray quote');
    expect(() => parseCsv('a,"b"c\n')).toThrow('stray quote');
  });
});
