import { describe, expect, test } from 'vitest';
import { blankFan, blankHashboard, blankIdentity } from './blank.ts';
import { reading, valueAt } from './reading.ts';
import type { Gap, Snapshot } from './snapshot.ts';

/** A machine with one hashboard and one fan; its pools could not be read, its chips were not asked for. */
const snapshot = (gaps: Gap[] = []): Snapshot => ({
  schemaVersion: 1,
  address: '10.0.4.17',
  at: 1_700_000_000_000,
  identity: blankIdentity('antminer'),
  state: 'unknown',
  minerUptimeS: 0,
  systemUptimeS: null,
  hashrate: { currentHs: 110e12, currentWindowS: 5, averageHs: null, nominalHs: null, windows: [] },
  powerW: null,
  powerBasis: null,
  powerLimitW: null,
  efficiencyJTh: null,
  ambientTempC: null,
  hashboards: [{ ...blankHashboard(0), tempC: 64 }],
  fans: [{ ...blankFan(0), rpm: 0 }],
  psu: null,
  pools: [],
  shares: { accepted: null, rejected: null, stale: null, sessionBestDifficulty: null, bestDifficulty: null },
  hardwareErrors: null,
  faults: [],
  gaps,
  replies: [],
});

const refused = { code: 'link/refused', message: '10.0.4.17 refused the connection (link/refused).' };

describe('a value', () => {
  test('is read from a record and from an element of a list', () => {
    expect(reading(snapshot(), '/hashrate/currentHs')).toEqual({ kind: 'value', value: 110e12 });
    expect(reading(snapshot(), '/hashboards/0/tempC')).toEqual({ kind: 'value', value: 64 });
  });

  test('a fan that stands still is a value, not a missing one', () => {
    expect(reading(snapshot(), '/fans/0/rpm')).toEqual({ kind: 'value', value: 0 });
    expect(reading(snapshot(), '/minerUptimeS')).toEqual({ kind: 'value', value: 0 });
  });

  test('is never hidden by a gap', () => {
    const gaps: Gap[] = [{ path: '/hashrate/currentHs', reason: 'failed', error: refused }];
    expect(reading(snapshot(gaps), '/hashrate/currentHs').kind).toBe('value');
  });
});

describe('not exposed', () => {
  test('is what is null or empty without a gap', () => {
    for (const pointer of ['/powerW', '/pools', '/psu', '/psu/fanRpm', '/hashboards/7/tempC', '/no/such/path']) {
      expect(reading(snapshot(), pointer)).toEqual({ kind: 'not-exposed' });
    }
  });
});

describe('a gap', () => {
  test('has its reason and its error', () => {
    const gaps: Gap[] = [{ path: '/powerW', reason: 'failed', error: refused }];
    expect(reading(snapshot(gaps), '/powerW')).toEqual({ kind: 'gap', reason: 'failed', error: refused });
  });

  test('on a list covers everything below it, and nothing beside it', () => {
    const gaps: Gap[] = [{ path: '/pools', reason: 'denied', error: null }];
    expect(reading(snapshot(gaps), '/pools/0/url')).toEqual({ kind: 'gap', reason: 'denied', error: null });
    expect(reading(snapshot(gaps), '/pools')).toEqual({ kind: 'gap', reason: 'denied', error: null });
    expect(reading(snapshot([{ path: '/power', reason: 'denied', error: null }]), '/powerW').kind).toBe('not-exposed');
  });

  test('on one element does not cover its neighbours', () => {
    const gaps: Gap[] = [{ path: '/hashboards/0/voltageV', reason: 'not-read', error: null }];
    expect(reading(snapshot(gaps), '/hashboards/0/voltageV')).toMatchObject({ kind: 'gap', reason: 'not-read' });
    expect(reading(snapshot(gaps), '/hashboards/0/powerW').kind).toBe('not-exposed');
  });

  test('a state that nobody could ask for is a gap, one that the machine leaves open is a value', () => {
    expect(reading(snapshot([{ path: '/state', reason: 'failed', error: refused }]), '/state').kind).toBe('gap');
    expect(reading(snapshot(), '/state')).toEqual({ kind: 'value', value: 'unknown' });
  });
});

describe('JSON Pointers', () => {
  test('~1 is a slash and ~0 a tilde in the name of a field', () => {
    const doc = { 'a/b': { 'c~d': 1 }, '~1': 2 };
    expect(valueAt(doc, '/a~1b/c~0d')).toBe(1);
    expect(valueAt(doc, '/~01')).toBe(2);
  });

  test('what an object inherits is not in the document', () => {
    expect(valueAt({}, '/constructor')).toBeUndefined();
    expect(valueAt({}, '/__proto__')).toBeUndefined();
    expect(valueAt('text', '/length')).toBeUndefined();
  });

  test('the empty pointer is the whole document', () => {
    expect(valueAt({ a: 1 }, '')).toEqual({ a: 1 });
  });
});
