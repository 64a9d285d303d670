import { readFileSync } from 'node:fs';
import { ERRORS, type Family, FINDINGS, newMemory } from '@headframe/model';
import { metricKinds, snapshotFields } from '@headframe/model/schema';
import { describe, expect, test } from 'vitest';
import { referencePages, supportTable } from '../scripts/reference-pages.ts';

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

  test('is as the generator writes it', () => {
    for (const [path, text] of referencePages()) expect(page(path.replace('docs/reference/', '')), path).toBe(text);
  });
});

test('the support table says ports, what is read, how sure that is, and whether there is a simulator', () => {
  const family: Family = {
    id: 'luxos',
    title: 'LuxOS',
    ports: { cgminer: 4028, http: 8080 },
    specificity: 2,
    probes: [],
    feeds: { summary: ['/hashrate', '/shares/accepted'], fans: ['/fans'], power: ['/powerW', '/hashboards/*/powerW'] },
    evidence: 'replayed real replies',
    read: () => Promise.resolve(newMemory().kept),
    identity: () => {
      throw new Error('not asked');
    },
    map: () => {
      throw new Error('not asked');
    },
    actions: () => ({}),
  };
  expect(supportTable([family], new Set(['luxos']))).toBe(
    '| Family | Ports | Reads | Evidence | Simulated |\n' +
      '| --- | --- | --- | --- | --- |\n' +
      '| LuxOS (`luxos`) | 4028 cgminer, 8080 http | hashrate, power, hashboards, fans, shares | replayed real replies | yes |\n',
  );
  expect(supportTable([family], new Set())).toContain('| no |');
});
