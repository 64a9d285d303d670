import { blankHashboard, blankPool, type Snapshot } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../doubles.testing.ts';
import { isSick, snapshotReasons, worst } from './reasons.ts';

const texts = (snapshot: Snapshot) => snapshotReasons(snapshot).map(({ text }) => text);
const board = (slot: number, more: object) => ({ ...blankHashboard(slot), ...more });
const pool = (index: number, status: 'alive' | 'dead' | 'disabled' | 'rejecting') => ({ ...blankPool(index), status });

describe('what is wrong with a machine that talks', () => {
  test('nothing, when all is well', () => {
    expect(snapshotReasons(aSnapshot())).toEqual([]);
    expect(worst([])).toBeNull();
    expect(isSick(null)).toBe(false);
  });

  test('a hashboard that is missing is named by its own number', () => {
    const hashboards = [board(0, { state: 'ok' }), board(1, { state: 'missing', label: '2' })];
    expect(snapshotReasons(aSnapshot({ hashboards }))).toEqual([
      { code: 'hashboard.missing', severity: 'error', text: 'Hashboard 2 does not show' },
    ]);
  });

  test('a hashboard with dead chips says how many work', () => {
    const hashboards = [board(0, { state: 'ok', chipsWorking: 110, chipsExpected: 114 })];
    expect(texts(aSnapshot({ hashboards }))).toEqual(['Hashboard 0 works with 110 of 114 chips']);
  });

  test('a fan that stands still matters while the machine mines, and not when it sleeps', () => {
    const fans = [{ slot: 3, label: null, rpm: 0, percent: null }];
    expect(texts(aSnapshot({ fans }))).toEqual(['Fan 3 does not turn']);
    expect(texts(aSnapshot({ fans, state: 'paused' }))).toEqual(['Stopped on purpose']);
    expect(texts(aSnapshot({ fans: [{ slot: 0, label: 'fan1', rpm: 0, percent: null }] }))).toEqual([
      'Fan1 does not turn',
    ]);
  });

  test('pools are dead when every one that is used is; a disabled one does not count', () => {
    expect(texts(aSnapshot({ pools: [pool(0, 'dead'), pool(1, 'dead')] }))).toEqual(['All 2 pools are dead']);
    expect(texts(aSnapshot({ pools: [pool(0, 'dead'), pool(1, 'disabled')] }))).toEqual(['Its pool is dead']);
    expect(texts(aSnapshot({ pools: [pool(0, 'dead'), pool(1, 'alive')] }))).toEqual([]);
    expect(texts(aSnapshot({ pools: [pool(0, 'rejecting')] }))).toEqual(['Pool 0 rejects its shares']);
  });

  test('a low hashrate is named when the short window and the average both are low', () => {
    expect(texts(aSnapshot({ currentHs: 66e12, averageHs: 60e12 }))).toEqual([
      'Hashes at 60 % of what it says it should',
    ]);
    expect(texts(aSnapshot({ currentHs: 66e12, averageHs: 109e12 }))).toEqual([]);
    expect(texts(aSnapshot({ currentHs: 66e12, averageHs: null }))).toEqual([
      'Hashes at 60 % of what it says it should',
    ]);
  });

  test('a machine that started a minute ago may be slow; one at 0 H/s that says it mines is named', () => {
    expect(texts(aSnapshot({ currentHs: 20e12, averageHs: 10e12, minerUptimeS: 60 }))).toEqual([]);
    expect(texts(aSnapshot({ currentHs: 0, minerUptimeS: 60 }))).toEqual(['Says that it mines, at 0 H/s']);
  });

  test("a vendor's own fault keeps its code and text, and the worst comes first", () => {
    const faults: Snapshot['faults'] = [
      { code: 'vendor.unmapped', vendorCode: '8410', text: 'odd', severity: 'warning', component: null, at: null },
      { code: 'psu.fault', vendorCode: '206', text: null, severity: 'critical', component: 'PSU 0', at: null },
    ];
    const reasons = snapshotReasons(aSnapshot({ faults }));
    expect(reasons.map(({ text }) => text)).toEqual([
      'The machine reports a fault of its power supply: 206 (PSU 0)',
      '8410 odd',
    ]);
    expect(worst(reasons)).toBe('critical');
    expect(isSick('warning')).toBe(true);
    expect(isSick('info')).toBe(false);
  });

  test('idle is a warning, paused and starting are remarks', () => {
    expect(worst(snapshotReasons(aSnapshot({ state: 'idle' })))).toBe('warning');
    expect(worst(snapshotReasons(aSnapshot({ state: 'paused' })))).toBe('info');
    expect(worst(snapshotReasons(aSnapshot({ state: 'starting' })))).toBe('info');
    expect(worst(snapshotReasons(aSnapshot({ state: 'fault' })))).toBe('error');
  });
});
