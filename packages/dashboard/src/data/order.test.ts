import type { MinerRow } from '@headframe/api';
import { describe, expect, test } from 'vitest';
import { filterRows } from './filter.ts';
import { orderSignature, SICK_FIRST, sortIds } from './order.ts';
import { aRow } from './row.testing.ts';

const fleet: MinerRow[] = [
  aRow('a', { address: '10.0.0.10', hashrateHs: 110e12, model: 'Antminer S19 Pro' }),
  aRow('b', { address: '10.0.0.9', hashrateHs: null, state: 'unknown', link: 'unreachable', severity: 'error' }),
  aRow('c', { address: '10.0.0.2', hashrateHs: 90e12, state: 'paused', severity: 'info', model: 'Avalon Q' }),
  aRow('d', { address: '10.0.0.1', hashrateHs: 200e12, severity: 'warning', worker: 'farm.d' }),
];

describe('the order of the table', () => {
  test('the sick come first, the worst at the top; the others by address as a person counts', () => {
    expect(sortIds(fleet, SICK_FIRST)).toEqual(['b', 'd', 'c', 'a']);
  });

  test('a column sorts both ways, and what is not known comes last either way', () => {
    expect(sortIds(fleet, { by: 'hashrate', descending: true })).toEqual(['d', 'a', 'c', 'b']);
    expect(sortIds(fleet, { by: 'hashrate', descending: false })).toEqual(['c', 'a', 'd', 'b']);
    expect(sortIds(fleet, { by: 'address', descending: false })).toEqual(['d', 'c', 'b', 'a']);
  });

  test('it is not made anew for a new reading, and is when a machine falls ill, comes or goes', () => {
    const [first, ...others] = fleet as [MinerRow, ...MinerRow[]];
    const before = orderSignature(fleet, SICK_FIRST);
    const signature = (row: MinerRow) => orderSignature([row, ...others], SICK_FIRST);
    expect(signature({ ...first, hashrateHs: 1, lastAnswerAt: 5, state: 'starting', severity: 'info' })).toBe(before);
    expect(signature({ ...first, severity: 'error' })).not.toBe(before);
    expect(orderSignature(others, SICK_FIRST)).not.toBe(before);
  });

  test('sorted by a column, nobody moves because of an illness', () => {
    const [first, ...others] = fleet as [MinerRow, ...MinerRow[]];
    const sort = { by: 'hashrate', descending: true } as const;
    const ill = orderSignature([{ ...first, severity: 'error' }, ...others], sort);
    expect(ill).toBe(orderSignature(fleet, sort));
  });
});

describe('the search', () => {
  const ids = (search: string, show: 'all' | 'sick' | 'mining' | 'silent' = 'all') =>
    filterRows(fleet, search, show).map(({ id }) => id);

  test('every word must be somewhere in the row, the state in words included', () => {
    expect(ids('')).toEqual(['a', 'b', 'c', 'd']);
    expect(ids('avalon')).toEqual(['c']);
    expect(ids('S19 10.0.0.10')).toEqual(['a']);
    expect(ids('FARM.D')).toEqual(['d']);
    expect(ids('not answering')).toEqual(['b']);
    expect(ids('paused')).toEqual(['c']);
    expect(ids('nothing of the kind')).toEqual([]);
  });

  test('a paused machine is neither sick nor silent', () => {
    expect(ids('', 'sick')).toEqual(['b', 'd']);
    expect(ids('', 'silent')).toEqual(['b']);
    expect(ids('', 'mining')).toEqual(['a', 'd']);
  });
});
