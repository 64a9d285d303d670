import type { FleetTotals, MinerList } from '@headframe/api';
import { describe, expect, test } from 'vitest';
import { parseSearch, parseSort, sortText } from '../page-search.ts';
import { afterBatch, viewOf } from './fleet-view.ts';
import { curveOf, remember } from './history.ts';
import { aRow } from './row.testing.ts';
import { stateWord } from './state-word.ts';
import { degrees, inUnit, kilowatts, poolHost, poolName, rateUnit } from './units.ts';

const totals = (at: number) => ({ at }) as FleetTotals;
const list: MinerList = { at: 5_000, eventId: 'run-1', miners: [aRow('a'), aRow('b')], totals: totals(5_000) };

describe('the fleet as the page knows it', () => {
  test('a batch of the stream changes what it names; all other rows stay the same objects', () => {
    const view = viewOf(list, 4_000);
    expect(view.skewMs).toBe(1_000);
    const changed = aRow('b', { hashrateHs: 1 });
    const next = afterBatch(view, [{ kind: 'miner', row: changed }], totals(9_000), 8_500);
    expect(next.rows.get('a')).toBe(view.rows.get('a'));
    expect(next.rows.get('b')).toBe(changed);
    expect(next.skewMs).toBe(500);
    expect(view.rows.get('b')?.hashrateHs).toBe(110e12);
  });

  test('a machine that is gone goes; after a reset only what follows it is left', () => {
    const view = viewOf(list, 0);
    expect([...afterBatch(view, [{ kind: 'removed', id: 'a' }], totals(0), 0).rows.keys()]).toEqual(['b']);
    const reset = afterBatch(view, [{ kind: 'reset' }, { kind: 'miner', row: aRow('c') }], totals(0), 0);
    expect([...reset.rows.keys()]).toEqual(['c']);
  });
});

describe('the curve of a machine', () => {
  test('has one point per answer, none for a row that was sent twice, and a break where it was silent', () => {
    remember([aRow('curve', { lastAnswerAt: 10_000, hashrateHs: 1 })], 10_500);
    remember([aRow('curve', { lastAnswerAt: 10_000, hashrateHs: 1 })], 12_000);
    remember([aRow('curve', { lastAnswerAt: 10_000, link: 'failing', hashrateHs: null })], 20_000);
    remember([aRow('curve', { lastAnswerAt: 30_000, hashrateHs: 3 })], 30_100);
    expect(curveOf('curve')).toEqual({ times: [10, 20, 30], hashrates: [1, null, 3] });
  });

  test('keeps the last 720 points', () => {
    for (let i = 1; i <= 1_000; i++) remember([aRow('long', { lastAnswerAt: i * 1_000, hashrateHs: i })], 0);
    expect(curveOf('long').times).toHaveLength(720);
    expect(curveOf('long').times[0]).toBe(281);
  });
});

describe('words and numbers of a row', () => {
  test('a state is only said of a machine that answers', () => {
    expect(stateWord(aRow('a'))).toBe('Mining');
    expect(stateWord(aRow('a', { link: 'waiting', state: 'unknown' }))).toBe('Waiting');
    expect(stateWord(aRow('a', { link: 'needs-credentials', state: 'unknown' }))).toBe('Needs password');
    const reasons = [{ code: 'protocol/malformed', severity: 'error' as const, text: 'garbage' }];
    expect(stateWord(aRow('a', { link: 'failing', state: 'unknown', reasons }))).toBe('Unreadable');
  });

  test('numbers of a column are in the unit of its head; a tiny rate brings its own, and unknown is a dash', () => {
    const unit = rateUnit([null, 110e12, 9.5e9]);
    expect(unit.name).toBe('TH/s');
    expect([110.64e12, 6.752e12, 9.5e9, 0, null].map((hs) => inUnit(hs, unit))).toEqual([
      '110.6',
      '6.75',
      '9.50 GH/s',
      '0',
      '–',
    ]);
    expect(rateUnit([9.5e9, null]).name).toBe('GH/s');
    expect([degrees(64.6), degrees(null), kilowatts(3_251), kilowatts(null)]).toEqual(['65', '–', '3.25', '–']);
  });

  test('a pool is told without what all of them begin with', () => {
    expect(poolName('stratum+tcp://pool.example:3333')).toBe('pool.example:3333');
    expect(poolHost('stratum+tcp://pool.example:3333/')).toBe('pool.example');
    expect(poolName(null)).toBe('–');
  });
});

describe('what stands in the address', () => {
  test('whatever fits is taken, anything else left out', () => {
    expect(parseSearch({ q: 19, show: 'sick', sort: '-hashrate' })).toEqual({
      q: '19',
      show: 'sick',
      sort: '-hashrate',
    });
    expect(parseSearch({ q: {}, show: 'all', sort: 'nonsense', other: 1 })).toEqual({});
  });

  test('an order is written as it is read', () => {
    expect(parseSort('-hashrate')).toEqual({ by: 'hashrate', descending: true });
    expect(sortText(parseSort('-hashrate'))).toBe('-hashrate');
    expect(sortText(parseSort('nonsense'))).toBeUndefined();
  });
});
