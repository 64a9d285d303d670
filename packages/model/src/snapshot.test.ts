import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { blankChip, blankFan, blankFault, blankHashboard, blankIdentity, blankPool, blankPsu } from './blank.ts';
import { newMemory } from './family.ts';
import {
  ChipSchema,
  FanSchema,
  FaultSchema,
  HashboardSchema,
  IdentitySchema,
  PoolSchema,
  PsuSchema,
  type Snapshot,
  SnapshotSchema,
} from './snapshot.ts';

const snapshot: Snapshot = {
  schemaVersion: 1,
  address: '10.0.4.17:4029',
  at: 1_700_000_000_000,
  identity: { ...blankIdentity('antminer'), make: 'Bitmain', model: 'Antminer S19 Pro' },
  state: 'mining',
  minerUptimeS: 50_460,
  systemUptimeS: null,
  hashrate: {
    currentHs: 110.6e12,
    currentWindowS: 5,
    averageHs: 109.9e12,
    nominalHs: 110e12,
    windows: [{ seconds: 5, hs: 110.6e12 }],
  },
  powerW: 3250,
  powerBasis: 'measured',
  powerLimitW: null,
  efficiencyJTh: 29.4,
  ambientTempC: null,
  hashboards: [{ ...blankHashboard(0), chips: [blankChip(0)] }],
  fans: [blankFan(0)],
  psu: blankPsu(),
  pools: [blankPool(0)],
  shares: { accepted: 1, rejected: 0, stale: null, sessionBestDifficulty: null, bestDifficulty: null },
  hardwareErrors: 0,
  faults: [blankFault('vendor.unmapped')],
  gaps: [{ path: '/psu/tempC', reason: 'failed', error: { code: 'link/refused', message: 'refused' } }],
  replies: [
    {
      id: 'summary',
      request: 'summary+stats+pools',
      at: 1_700_000_000_000,
      ms: 12,
      bytes: 4096,
      repairs: [{ kind: 'missing-comma', offset: 120 }],
      error: null,
    },
  ],
};

describe('the schema of the snapshot', () => {
  test('takes a whole snapshot, with and without sources, and after a way through JSON', () => {
    expect(Value.Check(SnapshotSchema, snapshot)).toBe(true);
    const sources = { '/powerW': { reply: 'stats', field: '/STATS/1/power' } };
    expect(Value.Check(SnapshotSchema, { ...snapshot, sources })).toBe(true);
    expect(Value.Check(SnapshotSchema, JSON.parse(JSON.stringify(snapshot)))).toBe(true);
  });

  test.each([
    ['a field that is missing', { ...snapshot, powerW: undefined }],
    ['a field that nobody declared', { ...snapshot, power: 3250 }],
    ['a number as a text', { ...snapshot, powerW: '3250' }],
    ['a state that does not exist', { ...snapshot, state: 'hashing' }],
    ['another version', { ...snapshot, schemaVersion: 2 }],
    ['a reason that does not exist', { ...snapshot, gaps: [{ path: '/psu', reason: 'lost', error: null }] }],
  ])('does not take %s', (_, wrong) => {
    expect(Value.Check(SnapshotSchema, wrong)).toBe(false);
  });
});

describe('blank records', () => {
  test('are whole: a map that fills only what its device says leaves no field undefined', () => {
    expect(Value.Check(IdentitySchema, blankIdentity('antminer'))).toBe(true);
    expect(Value.Check(HashboardSchema, blankHashboard(2))).toBe(true);
    expect(Value.Check(ChipSchema, blankChip(7))).toBe(true);
    expect(Value.Check(FanSchema, blankFan(1))).toBe(true);
    expect(Value.Check(PsuSchema, blankPsu())).toBe(true);
    expect(Value.Check(PoolSchema, blankPool(0))).toBe(true);
    expect(Value.Check(FaultSchema, blankFault('fan.fault'))).toBe(true);
  });

  test('say nothing but where they belong', () => {
    for (const blank of [blankHashboard(2), blankFan(2), blankPool(2), blankChip(2)]) {
      const said = Object.values(blank).filter((value) => value !== null && value !== 'unknown');
      expect(said.flat()).toEqual([2]);
    }
    expect(Object.values(blankPsu()).every((value) => value === null)).toBe(true);
  });

  test('are new each time: one machine never writes into the record of another', () => {
    expect(blankHashboard(0).chips).not.toBe(blankHashboard(0).chips);
    expect(newMemory().kept).not.toBe(newMemory().kept);
  });
});
