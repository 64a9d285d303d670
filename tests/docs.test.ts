import { readFileSync } from 'node:fs';
import { families } from '@headframe/families';
import { simulators } from '@headframe/families/sim';
import { ERRORS, FINDINGS } from '@headframe/model';
import { commandMatrix } from '@headframe/model/matrix';
import { metricKinds, snapshotFields } from '@headframe/model/schema';
import { describe, expect, test } from 'vitest';
import { actionTable, familyPage, familyTable, readingTable, withMachines } from '../scripts/family-pages.ts';
import { referencePages } from '../scripts/reference-pages.ts';

const page = (name: string) => readFileSync(new URL(`../docs/reference/${name}`, import.meta.url), 'utf8');

/** What stands in the first column of a page's table, between backquotes. */
const listed = (name: string) => [...page(name).matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]);

describe('the reference', () => {
  test('errors.md lists exactly the codes of the table', () => {
    expect(listed('errors.md')).toEqual(Object.keys(ERRORS));
  });

  test('findings.md lists exactly the findings', () => {
    expect(listed('findings.md')).toEqual(Object.keys(FINDINGS));
  });

  test('snapshot.md lists exactly the fields', () => {
    expect(listed('snapshot.md')).toEqual(snapshotFields().map((field) => field.pointer));
  });

  test('metrics.md lists exactly the metrics', () => {
    expect(listed('metrics.md')).toEqual(metricKinds().map((kind) => kind.name));
  });

  test('matrix.md lists exactly the commands with their views, then their calls, then the neighbours; and whose data it is', () => {
    const { commands, neighbours } = commandMatrix();
    const names = commands.map(({ command }) => command);
    expect(listed('matrix.md')).toEqual([...names, ...names, ...neighbours.map(({ command }) => command)]);
    const notice = readFileSync(new URL('../NOTICE', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
    for (const text of [page('matrix.md'), notice]) {
      for (const part of [
        'D-Central',
        'CC BY 4.0',
        'https://creativecommons.org/licenses/by/4.0/',
        '24 dashes restored',
      ])
        expect(text).toContain(part);
    }
  });

  test('is as the generator writes it', () => {
    for (const [path, text] of referencePages()) expect(page(path.replace('docs/reference/', '')), path).toBe(text);
  });
});

test('the support tables say what each family reads and does, and what depends on the machine', () => {
  const all = withMachines(families, simulators);
  expect(familyTable(all)).toContain('| [LuxOS](docs/families/luxos.md) (`luxos`) | 4028 cgminer, 8080 http |');
  const row = (table: string, name: string) =>
    table
      .split('\n')
      .find((line) => line.startsWith(`| ${name} |`))
      ?.split('|')
      .map((cell) => cell.trim());
  const place = (table: string, id: string) =>
    row(table, table.startsWith('| Action') ? 'Action' : 'Reading')?.indexOf(id) ?? -1;
  const readings = readingTable(all);
  expect(row(readings, 'ambient temperature')?.[place(readings, 'avalon')]).toBe('yes');
  expect(row(readings, 'ambient temperature')?.[place(readings, 'cgminer')]).toBe('');
  const actions = actionTable(all);
  expect(row(actions, '`switch-pool`')?.[place(actions, 'cgminer')]).toBe('yes');
  expect(row(actions, '`reboot`')?.[place(actions, 'cgminer')]).toBe('');
});

test.each(families.map(({ id }) => id))('the page of %s is as the generator writes it', (id) => {
  const one = withMachines(families, simulators).find(({ family }) => family.id === id);
  if (one === undefined) throw new Error(id);
  const at = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  expect(at(`docs/families/${id}.md`)).toBe(familyPage(one, at(`packages/families/src/${id}/README.md`)));
});
