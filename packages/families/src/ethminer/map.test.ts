import type { Reply } from '@headframe/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot-of.ts';
import { sourcesOf } from '../sources.ts';
import { ethminer } from './index.ts';
import { mapEthminer } from './map.ts';

const AT = 1_780_000_000_000;

const reply = (id: string, result: unknown): Reply => ({
  meta: { id, request: id, at: AT, ms: 1, bytes: 1, repairs: [], error: null },
  doc: { id: 1, jsonrpc: '2.0', result },
  raw: null,
  error: null,
});

const replies = (results: Record<string, unknown>) =>
  new Map(Object.entries(results).map(([id, result]) => [id, reply(id, result)]));

const map = (results: Record<string, unknown>) => mapEthminer(replies(results));

const LIST_0_19 = [
  'ethminer-0.19.0',
  '120',
  '87000;54;2',
  '29000;29000;29000',
  '0;0;0',
  'off;off;off',
  '61;54;60;0;0;0',
  'a.example:4444',
  '1;0;0;0',
];

const gpu = (index: number, over: Record<string, unknown> = {}, sensors = [61, 54, 112.5]) => ({
  _index: index,
  _mode: 'CUDA',
  hardware: { name: 'GeForce GTX 1070 8.00 GB', pci: `0${index + 1}:00.0`, sensors, type: 'GPU' },
  mining: {
    hashrate: '0x015ec7a8',
    pause_reason: null,
    paused: false,
    segment: ['0xe7d0af18bc235ce9', '0xe7d0b018bc235ce9'],
    shares: [18, 1, index, 30],
    ...over,
  },
});

const detail = (devices: unknown[], over: Record<string, unknown> = {}) => ({
  connection: { connected: true, switches: 1, uri: 'stratum1+tcp://0xab.rig:pw@a.example:4444/mail@x' },
  devices,
  host: { name: 'rig-01', runtime: 7_201, version: 'ethminer-0.19.0' },
  mining: {
    difficulty: 3_999_938_964,
    epoch: 218,
    epoch_changes: 1,
    hashrate: '0x04333438',
    shares: [54, 2, 3, 30],
    ...over,
  },
  monitors: null,
});

const CONNECTIONS = [
  { active: false, index: 0, uri: 'stratum+tcp://0xab.rig@b.example:14444' },
  { active: true, index: 1, uri: 'stratum1+tcp://0xab.rig:pw@a.example:4444/mail@x' },
];

describe('miner_getstatdetail of 0.18 and later', () => {
  const snapshot = map({
    miner_getstat1: LIST_0_19,
    stats: detail([gpu(0), gpu(1, {}, [60, 0, 0]), gpu(2, {}, [0, 0, 0])]),
    miner_getconnections: CONNECTIONS,
  });

  test('is read in base units: rates are hexadecimal H/s', () => {
    // 0x04333438 = 70,464,568; 0x015ec7a8 = 22,988,712.
    expect(snapshot.hashrate.currentHs).toBe(70_464_568);
    expect(snapshot.hashboards[0]?.hashrateHs).toBe(22_988_712);
    expect(snapshot.minerUptimeS).toBe(7_201);
    expect(snapshot.state).toBe('mining');
    expect(snapshot.shares).toMatchObject({ accepted: 54, rejected: 2, stale: null });
    expect(snapshot.hardwareErrors).toBe(3);
  });

  test('has a hashboard and a fan for each GPU', () => {
    expect(
      snapshot.hashboards.map(({ slot, label, state, hardwareErrors }) => [slot, label, state, hardwareErrors]),
    ).toEqual([
      [0, '01:00.0', 'ok', 0],
      [1, '02:00.0', 'ok', 1],
      [2, '03:00.0', 'ok', 2],
    ]);
    // A fan may stand still; a card without sensors says 0 for all three.
    expect(snapshot.hashboards.map(({ tempC, powerW }) => [tempC, powerW])).toEqual([
      [61, 112.5],
      [60, null],
      [null, null],
    ]);
    expect(snapshot.fans).toEqual([
      { slot: 0, label: '01:00.0', rpm: null, percent: 54 },
      { slot: 1, label: '02:00.0', rpm: null, percent: 0 },
    ]);
    // What one of them draws is not known.
    expect(snapshot.powerW).toBeNull();
  });

  test('says who it is', () => {
    expect(snapshot.identity).toMatchObject({
      family: 'ethminer',
      make: null,
      model: '3 x GeForce GTX 1070 8.00 GB',
      firmware: 'ethminer',
      firmwareVersion: '0.19.0',
      hostname: 'rig-01',
      algorithm: 'ethash',
    });
  });

  test('has its pools without their passwords', () => {
    expect(JSON.stringify(snapshot)).not.toContain(':pw');
    expect(snapshot.pools).toMatchObject([
      { index: 0, url: 'stratum+tcp://b.example:14444', worker: '0xab.rig', active: false, status: 'unknown' },
      {
        index: 1,
        url: 'stratum1+tcp://a.example:4444/mail@x',
        worker: '0xab.rig',
        active: true,
        status: 'alive',
        difficulty: 3_999_938_964,
        lastShareAt: AT - 30_000,
      },
    ]);
  });

  test('adds up the power where every GPU tells it, and calls that an estimate', () => {
    expect(map({ stats: detail([gpu(0), gpu(1)]) })).toMatchObject({ powerW: 225, powerBasis: 'estimated' });
  });

  test('counts the time of its shares from the start where there was none', () => {
    const { pools } = map({ stats: detail([gpu(0)], { shares: [0, 0, 0, 30] }) });
    expect(pools[0]?.lastShareAt).toBeNull();
  });

  test('has a total that wraps at 2^32 and is not believed then', () => {
    const big = gpu(0, { hashrate: '0x80000000' });
    const { hashrate } = map({ stats: detail([big, { ...big, _index: 1 }, gpu(2)], { hashrate: '0x015ec7a8' }) });
    expect(hashrate.currentHs).toBe(2 ** 32 + 22_988_712);
  });
});

describe('a GPU that is paused', () => {
  const paused = (reason: string | null) => ({ paused: true, pause_reason: reason });

  test.each([
    ['Api request', 'disabled', [], 'paused'],
    ['Farm suspended', 'disabled', [], 'idle'],
    ['Overheating', 'fault', ['temperature.fault'], 'fault'],
    ['Insufficient GPU memory', 'fault', ['device.fault'], 'fault'],
    ['Epoch initialization error', 'fault', ['device.fault'], 'fault'],
    ['Overheating; Api request', 'fault', ['temperature.fault'], 'paused'],
    ['Something new', 'fault', ['vendor.unmapped'], 'fault'],
    [null, 'disabled', [], 'paused'],
  ])('for %s is %s, and a rig of such is %s', (reason, state, faults, machine) => {
    // Its last rate is still told: it does not make the rig look busy.
    const snapshot = map({ stats: detail([gpu(0, paused(reason))]) });
    expect(snapshot.hashboards[0]?.state).toBe(state);
    expect(snapshot.faults.map(({ code }) => code)).toEqual(faults);
    expect(snapshot.state).toBe(machine);
  });

  test('among others does not stop the rig', () => {
    const snapshot = map({ stats: detail([gpu(0, paused('Overheating')), gpu(1)]) });
    expect(snapshot.state).toBe('mining');
    expect(snapshot.faults).toMatchObject([{ code: 'temperature.fault', text: 'Overheating', component: 'GPU 0' }]);
  });
});

test.each([
  [60, 'starting'],
  [7_200, 'idle'],
])('a rig without a rate after %i s is %s', (runtime, state) => {
  const still = detail([gpu(0, { hashrate: '0x00000000' })], { hashrate: '0x00000000' });
  expect(map({ stats: { ...still, host: { name: 'r', runtime, version: 'ethminer-0.19.0' } } }).state).toBe(state);
});

test("the document's own miner_getstatdetail, of 0.17", () => {
  const shares = { accepted: 3, acceptedstale: 0, invalid: 0, lastupdate: 58, rejected: 0 };
  const snapshot = map({
    stats: {
      connection: { isconnected: true, switched: 0, uri: 'stratum+tcp://0xab.w@pool.example:4444' },
      difficulty: 3999938964.0,
      epoch: 218,
      epoch_changes: 1,
      hashrate: 46_709_128,
      hostname: 'rig-1',
      runtime: 240,
      shares: { accepted: 5, acceptedstale: 1, invalid: 1, lastupdate: 58, rejected: 0 },
      tstart: 63,
      tstop: 69,
      version: 'ethminer-0.16.0.dev3-73+commit.f35c22ab',
      gpus: [
        {
          fan: 54,
          hashrate: 23_604_564,
          index: 0,
          ispaused: false,
          nonce_start: '6636918940706763208',
          nonce_stop: '6636920040218390984',
          pause_reason: '',
          power: 0,
          shares,
          temp: 53,
        },
        {
          fan: null,
          hashrate: null,
          index: 1,
          ispaused: true,
          nonce_start: '6636920040218391000',
          nonce_stop: '6636921139730018000',
          pause_reason: 'temperature,api',
          power: null,
          shares,
          temp: null,
        },
      ],
    },
  });
  expect(snapshot).toMatchObject({
    state: 'mining',
    minerUptimeS: 240,
    hashrate: { currentHs: 46_709_128 },
    shares: { accepted: 5, rejected: 0, stale: 1 },
    hardwareErrors: 1,
    powerW: null,
    identity: { firmwareVersion: '0.16.0.dev3-73+commit.f35c22ab', hostname: 'rig-1', model: null },
    hashboards: [
      { slot: 0, label: null, state: 'ok', hashrateHs: 23_604_564, tempC: 53, powerW: null },
      { slot: 1, state: 'fault', hashrateHs: null, tempC: null },
    ],
    faults: [{ code: 'temperature.fault', text: 'temperature', component: 'GPU 1' }],
    pools: [{ url: 'stratum+tcp://pool.example:4444', worker: '0xab.w', status: 'alive', lastShareAt: AT - 58_000 }],
  });
});

test("the document's own miner_getstathr, of 0.16", () => {
  const snapshot = map({
    stats: {
      ethhashrate: 73_056_881,
      ethhashrates: [14_681_287, 14_506_510.5, 0],
      ethinvalid: 0,
      ethpoolsw: 0,
      ethrejected: 0,
      ethshares: 64,
      fanpercentages: [90, 0, 0],
      pooladdrs: 'pool.example:4444',
      powerusages: [0, 0, 0],
      runtime: '59',
      temperatures: [53, 50, 0],
      ispaused: [false, false, true],
      version: 'ethminer-0.16.0.dev0+commit.41639944',
    },
  });
  expect(snapshot).toMatchObject({
    state: 'mining',
    minerUptimeS: 3_540,
    hashrate: { currentHs: 73_056_881 },
    shares: { accepted: 64, rejected: 0 },
    hardwareErrors: 0,
    identity: { firmwareVersion: '0.16.0.dev0+commit.41639944' },
    hashboards: [
      { state: 'ok', hashrateHs: 14_681_287, tempC: 53 },
      { state: 'ok', hashrateHs: 14_506_510.5, tempC: 50 },
      { state: 'disabled', tempC: null },
    ],
    fans: [
      { slot: 0, percent: 90 },
      { slot: 1, percent: 0 },
    ],
    pools: [{ url: 'pool.example:4444', active: true, status: 'unknown' }],
  });
});

test('miner_getstat1 alone gives what it has', () => {
  const snapshot = map({ miner_getstat1: LIST_0_19, stats: LIST_0_19 });
  expect(snapshot).toMatchObject({
    state: 'mining',
    minerUptimeS: 7_200,
    hashrate: { currentHs: 87_000_000 },
    shares: { accepted: 54, rejected: 2 },
    hardwareErrors: 1,
    hashboards: [
      { hashrateHs: 29_000_000, tempC: 61 },
      { hashrateHs: 29_000_000, tempC: 60 },
      { hashrateHs: 29_000_000, tempC: null },
    ],
    fans: [{ percent: 54 }, { percent: 0 }],
  });
});

test('a rig without GPUs has none, and no rate is made of that', () => {
  const snapshot = map({ stats: { ethhashrate: null, ethhashrates: null, ethshares: 0, runtime: '1' } });
  expect(snapshot).toMatchObject({ hashboards: [], hashrate: { currentHs: null }, state: 'unknown' });
});

test('a rig that told nothing is unknown, and every value is a gap', () => {
  const snapshot = snapshotOf(ethminer, new Map(), 'rig');
  expect(snapshot.state).toBe('unknown');
  expect(snapshot.gaps.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/state', '/hashrate/currentHs', '/hashboards', '/pools', '/identity/firmwareVersion']),
  );
});

test('every value leads back to the field that it came from', () => {
  const sources = sourcesOf(ethminer, replies({ miner_getstat1: LIST_0_19, stats: detail([gpu(0)]) }), 'rig');
  expect(sources['/hashrate/currentHs']).toEqual({ reply: 'stats', field: '/result/mining/hashrate' });
  expect(sources['/identity/firmwareVersion']).toEqual({ reply: 'miner_getstat1', field: '/result/0' });
});

test('whatever a reply holds, a snapshot comes of it', () => {
  const words = fc.constantFrom('0x', '0xzz', '0xffffffffffffffffff', '1e400', ';;;', '-1', 'ethminer-', null, true);
  const value = fc.oneof(words, fc.jsonValue(), fc.double());
  const shape = fc.record(
    {
      devices: fc.array(fc.record({ _index: value, hardware: value, mining: value }), { maxLength: 3 }),
      gpus: value,
      host: value,
      mining: fc.oneof(value, fc.record({ hashrate: value, shares: value, difficulty: value })),
      connection: fc.oneof(value, fc.record({ uri: value, connected: value })),
      ethhashrates: value,
      temperatures: value,
      pause_reason: value,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(shape, fc.array(value, { maxLength: 10 }), value), value, (stats, other) => {
      const all = {
        stats,
        miner_getstat1: other,
        miner_getconnections: [other, { uri: other }],
        miner_getscramblerinfo: other,
      };
      const { hashboards, state } = map(all);
      expect(hashboards.length).toBeLessThanOrEqual(256);
      expect(typeof state).toBe('string');
    }),
    { seed: 3333, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
