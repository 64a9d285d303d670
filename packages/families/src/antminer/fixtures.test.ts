import { readFileSync } from 'node:fs';
import type { Reply, Snapshot } from '@headframe/model';
import { decodeReply } from '@headframe/wire/cgminer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot-of.ts';
import { firmwareVersion } from './identity.ts';
import { antminer } from './index.ts';
import { difficultyOf } from './pools.ts';

const AT = 1_795_161_600_000;

const fixture = (name: string): unknown => {
  const bytes = readFileSync(new URL(`fixtures/${name}`, import.meta.url));
  return name.endsWith('.json') ? JSON.parse(bytes.toString()) : decodeReply(bytes).parts.get('')?.doc;
};

/** A snapshot of documents by the names of their replies. */
function read(docs: Record<string, unknown>): Snapshot {
  const replies = Object.entries(docs).map(([id, doc]): [string, Reply] => [
    id,
    { meta: { id, request: id, at: AT, ms: 1, bytes: 1, repairs: [], error: null }, doc, raw: null, error: null },
  ]);
  return snapshotOf(antminer, new Map(replies), '10.0.0.1');
}

/** STATS of a machine with one board and one rate. */
const oneBoard = (type: string, more: Record<string, unknown>) => ({
  STATS: [
    { BMMiner: '1.0.0', Type: type },
    { STATS: 0, Elapsed: 5000, chain_acn1: 3, chain_rate1: '15.00', ...more },
  ],
});

describe('an S17 Pro, whose STATS has no comma', () => {
  const found = read({ stats: fixture('s17-pro-stats.txt') });

  test('is read from that one reply', () => {
    expect(found.identity).toMatchObject({ model: 'Antminer S17 Pro', firmwareVersion: '2020-05-14' });
    expect(found.state).toBe('mining');
    expect(found.minerUptimeS).toBe(86_461);
    expect(found.hashrate).toEqual({
      currentHs: 52_801.25e9,
      currentWindowS: 5,
      averageHs: 53_012.5e9,
      nominalHs: 53_000e9,
      windows: [
        { seconds: 5, hs: 52_801.25e9 },
        { seconds: 1800, hs: 52_990.75e9 },
      ],
    });
  });

  test('shows its bad chips, and leaves out a sensor that reads 0', () => {
    expect(found.hashboards.map((b) => [b.slot, b.state, b.chipsWorking, b.chipsExpected])).toEqual([
      [0, 'ok', 48, 48],
      [1, 'ok', 46, 48],
      [2, 'ok', 48, 48],
    ]);
    expect(found.hashboards[1]?.chips.filter((chip) => chip.state === 'dead').map((chip) => chip.index)).toEqual([
      5, 30,
    ]);
    expect(found.hashboards.map((b) => [b.tempC, b.chipTempMinC, b.chipTempMaxC])).toEqual([
      [70, 75, 85],
      [72, 75, 88],
      [68, 74, 84],
    ]);
    expect(found.hashboards.map((b) => [b.frequencyMHz, b.hardwareErrors])).toEqual([
      [650, 11],
      [640.5, 28],
      [650, 2],
    ]);
    expect(found.hashboards.map((b) => b.nominalHs)).toEqual([17_666.67e9, 17_666.67e9, 17_666.66e9]);
  });

  test('shows the fan that stands still among its four', () => {
    expect(found.fans.map((fan) => fan.rpm)).toEqual([3840, 3960, 0, 4080]);
  });
});

describe('a KS5 Pro that stopped', () => {
  const docs = {
    'http:system_info': { minertype: 'Antminer KS5 Pro', Algorithm: 'KHeavyHash', macaddr: '02-AA-BB-CC-DD-EE' },
    stats: fixture('ks5-pro-stats.json'),
  };

  test('has faulty boards where their memory still answers, and a missing one where nothing does', () => {
    const found = read(docs);
    expect(found.identity).toMatchObject({
      model: 'Antminer KS5 Pro',
      algorithm: 'kheavyhash',
      mac: '02:aa:bb:cc:dd:ee',
    });
    expect(found.state).toBe('idle');
    expect(found.hashrate).toMatchObject({ currentHs: 0, nominalHs: null });
    expect(found.hashboards.map((b) => [b.slot, b.state, b.serial, b.chipsWorking])).toEqual([
      [0, 'fault', 'OWNKS5A', 0],
      [1, 'fault', 'OWNKS5B', 0],
      [2, 'missing', null, 0],
    ]);
  });

  test('in its first minutes is not accused of anything', () => {
    const young = structuredClone(docs.stats) as { STATS: [{ elapsed: number }] };
    young.STATS[0].elapsed = 30;
    const found = read({ ...docs, stats: young });
    expect(found.state).toBe('starting');
    expect(found.hashboards.map((b) => b.state)).toEqual(['unknown', 'unknown', 'unknown']);
  });
});

test('an S19j Pro asked with new_api complains on port 4028 in its own words', () => {
  const found = read({ summary: fixture('s19j-pro-summary-new-api.json') });
  expect(found.identity).toMatchObject({ model: 'Antminer S19j Pro', firmwareVersion: '2024-07-11' });
  expect(found.hashrate).toMatchObject({ currentHs: 100_238.5e9, averageHs: 99_719.5e9, nominalHs: 100e12 });
  expect(found.shares).toMatchObject({ sessionBestDifficulty: 727_920_402, accepted: null });
  expect(found.hardwareErrors).toBe(2);
  const at = null;
  expect(found.faults).toEqual([
    {
      code: 'network.fault',
      vendorCode: 'N3',
      text: 'network unstable',
      severity: 'warning',
      component: 'network',
      at,
    },
    { code: 'temperature.fault', vendorCode: '8', text: 'chip 4 too hot', severity: 'error', component: 'temp', at },
    { code: 'vendor.unmapped', vendorCode: '9', text: 'checksum', severity: 'warning', component: 'eeprom', at },
  ]);
});

describe('the unit of the rates is', () => {
  test.each([
    ['Antminer S9', undefined, 15e9],
    ['Antminer L3+', undefined, 15e6],
    ['Antminer D3', undefined, 15e6],
    ['Antminer L7', 'MH', 15e6],
    ['Antminer KS5', 'GH/s', 15e9],
    ['Antminer Z15', 'kSol/s', 15e3],
    ['Antminer Z15 Pro', 'kSol', 15e3],
    ['Antminer of the future', 'EH/s', null],
  ])('%s, rate_unit %s', (type, unit, hs) => {
    const found = read({
      stats: oneBoard(type, { 'GHS 5s': '15.00', ...(unit === undefined ? {} : { rate_unit: unit }) }),
    });
    expect(found.hashrate.currentHs).toBe(hs);
    expect(found.hashboards[0]?.hashrateHs).toBe(hs);
    expect(found.state).toBe('mining');
  });
});

test('a model that nobody knows keeps its name and its readings, and no board of it is called missing', () => {
  const found = read({
    stats: oneBoard('  ANTMINER   X99 Turbo', { 'GHS 5s': 7, chain_acn2: 0, fan_num: 1, fan1: 900 }),
  });
  expect(found.identity).toMatchObject({ model: 'Antminer X99 Turbo', algorithm: null });
  expect(found.hashboards).toHaveLength(1);
  expect(found.hashboards[0]).toMatchObject({ chipsWorking: 3, chipsExpected: null });
  expect(found.fans).toHaveLength(1);
});

test('readings that are no numbers are not there, and a frosty board is below zero', () => {
  const found = read({
    stats: oneBoard('Antminer S19', { 'GHS 5s': 'inf', 'GHS av': 'nan', temp_pcb1: '-3--12-0-5', chain_hw1: '' }),
  });
  expect(found.hashrate).toMatchObject({ currentHs: null, averageHs: null });
  expect(found.hashboards[0]).toMatchObject({ tempC: 5, hardwareErrors: null });
});

describe('the difficulty of a pool', () => {
  test.each([
    ['524K', 524_288, 524_288],
    ['65.5K', 65_536, 65_536],
    ['524K', 65_536, 524_000],
    ['', 0, null],
    ['', 32_768, 32_768],
    ['2048.0000', 0, 2048],
    ['1.05M', 1_048_576, 1_048_576],
    [null, null, null],
    ['many', 7, 7],
  ])('told as %j with a last share of %j', (rounded, lastShare, difficulty) => {
    expect(difficultyOf(rounded, lastShare)).toBe(difficulty);
  });
});

test('a build date becomes one that sorts, any other version stays', () => {
  expect(firmwareVersion('Tue Dec  6 16:12:30 CST 2022')).toBe('2022-12-06');
  expect(firmwareVersion('FR-1.12(251009-S21)')).toBe('FR-1.12(251009-S21)');
  expect(firmwareVersion('Tue Foo  6 16:12:30 CST 2022')).toBe('Tue Foo  6 16:12:30 CST 2022');
  expect(firmwareVersion(null)).toBeNull();
});

describe('whoever answers', () => {
  const version = (record: Record<string, unknown>): Reply =>
    ({ meta: {}, doc: { STATUS: [], VERSION: [record] }, raw: null, error: null }) as unknown as Reply;
  const page = (doc: unknown): Reply => ({ meta: {}, doc, raw: null, error: null }) as unknown as Reply;
  const realm = (name: string) =>
    page({ status: 401, headers: { 'www-authenticate': `Digest realm="${name}", nonce="1", qop="auth"` }, text: '' });
  const [byVersion, byRealm, bySystem] = antminer.probes.map((probe) => probe.is);

  test.each([
    [{ BMMiner: '1.0.0', API: '3.1', Type: 'Antminer S19 Pro' }, true],
    [{ CGMiner: '4.9.0', API: '3.1', Type: 'Antminer L3+' }, true],
    [{ BMMiner: '2.0.0', API: '3.1' }, true],
    [{ BMMiner: '2.0.0 rwglr', Type: 'Antminer S9 Hiveon' }, false],
    [{ BMMiner: '2.0.0', Miner: 'uart_trans.1.3', Type: 'Antminer S19 (vnish 1.2.0)' }, false],
    [{ LUXminer: '2025.4.8', Type: 'Antminer S19k Pro' }, false],
    [{ 'BOSminer+': '0.2.0', API: '3.7' }, false],
    [{ BMMiner: '1.0.0', Type: 'Hammer D10' }, false],
    [{ CGMiner: '4.11.1', API: '3.7' }, null],
  ])('with version %j: %s', (record, verdict) => {
    expect(byVersion?.(version(record))).toBe(verdict);
  });

  test('with a page behind a password is an Antminer by its realm', () => {
    expect(byRealm?.(realm('antMiner Configuration'))).toBe(true);
    expect(byRealm?.(realm('ANTMINER CONFIGURATION'))).toBe(true);
    expect(byRealm?.(realm('blackMiner Configuration'))).toBe(false);
    expect(byRealm?.(realm('Daoge Configuration'))).toBe(false);
    expect(byRealm?.(realm('router'))).toBeNull();
    expect(byRealm?.(page({ status: 200, headers: {}, text: 'antMiner' }))).toBeNull();
    expect(byRealm?.(page(null))).toBeNull();
  });

  test('with an open page is an Antminer by its type', () => {
    const answer = (json: unknown, status = 200) => page({ status, headers: {}, text: '', json });
    expect(bySystem?.(answer({ minertype: 'Antminer S21' }))).toBe(true);
    expect(bySystem?.(answer({ minertype: 'DG1+' }))).toBe(false);
    expect(bySystem?.(answer(undefined))).toBeNull();
    expect(bySystem?.(answer({ minertype: 'Antminer S21' }, 404))).toBeNull();
  });
});

describe('whatever the replies hold', () => {
  const runs = { seed: 20_261_120, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };
  const PATIENCE_MS = 30_000 + 5 * runs.numRuns;
  const names = [
    'version',
    'summary',
    'stats',
    'pools',
    'http:summary',
    'http:boards',
    'http:system_info',
    'http:miner_conf',
  ];
  const keys = [
    'STATS',
    'SUMMARY',
    'POOLS',
    'VERSION',
    'INFO',
    'STATUS',
    'chain',
    'fan',
    'status',
    'Elapsed',
    'GHS 5s',
  ];
  const more = ['chain_acn1', 'chain_acs1', 'temp_pcb1', 'rate_unit', 'Type', 'Diff', 'Last Share Time', 'url', 'fan1'];
  const documents = fc.object({ key: fc.constantFrom(...keys, ...more), maxDepth: 4, maxKeys: 6 });

  test(
    'the map gives a snapshot and never an exception',
    () => {
      fc.assert(
        fc.property(fc.dictionary(fc.constantFrom(...names), documents), (docs) => {
          expect(read(docs).identity.family).toBe('antminer');
        }),
        runs,
      );
    },
    PATIENCE_MS,
  );

  test(
    'a real reply with a value exchanged for another still gives a snapshot',
    () => {
      const stats = fixture('s17-pro-stats.txt') as { STATS: [unknown, Record<string, unknown>] };
      const field = fc.constantFrom(...Object.keys(stats.STATS[1]));
      fc.assert(
        fc.property(field, fc.jsonValue(), (name, value) => {
          const changed = { STATS: [stats.STATS[0], { ...stats.STATS[1], [name]: value }] };
          expect(read({ stats: changed }).identity.model).toBe('Antminer S17 Pro');
        }),
        runs,
      );
    },
    PATIENCE_MS,
  );

  test('words that mean something in JavaScript mean nothing', () => {
    const word = 'constructor';
    const found = read({
      pools: { POOLS: [{ url: 'a', status: word }] },
      summary: { SUMMARY: [{ elapsed: 1, status: [{ type: word, status: word }] }] },
    });
    expect(found.pools[0]?.status).toBe('unknown');
    expect(found.faults).toMatchObject([{ code: 'vendor.unmapped', severity: 'warning', component: word }]);
  });

  test('lists of a million are cut where no machine has so many', () => {
    const long = Array.from({ length: 300_000 }, () => 60);
    const chain = [{ index: 0, asic_num: 3, asic: 'o'.repeat(1_000_000), temp_chip: long, temp_pcb: long }];
    const found = read({ stats: { STATS: [{ elapsed: 5000, chain, fan: long }] } });
    expect(found.fans.length).toBeLessThan(20);
    expect(found.hashboards[0]?.chips.length).toBe(1000);
  });
});
