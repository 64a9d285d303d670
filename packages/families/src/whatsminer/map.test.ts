import { type Fault, HeadframeError, newMemory, type Replies, type Reply, type Snapshot } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot-of.ts';
import { whatsminer } from './index.ts';
import { WhatsminerDouble } from './machine.testing.ts';
import { firmwareIn, hasQuirk, QUIRKS, versionIn } from './quirks.ts';
import { got, NOW } from './reads.testing.ts';

const RUNS = { seed: 20261206, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

const replyOf = (doc: unknown): Reply => ({
  meta: { id: '', request: '', at: NOW, ms: 1, bytes: 1, repairs: [], error: null },
  doc,
  raw: null,
  error: null,
});

const mapped = (docs: Record<string, unknown>) =>
  whatsminer.map(new Map(Object.entries(docs).map(([name, doc]) => [name, replyOf(doc)])), { address: 'x' });

async function snapshot(door: 'older' | 'newer', reads: Record<string, unknown> = {}): Promise<Snapshot> {
  const { cgminer, whatsminer: newer, ...links } = new WhatsminerDouble({ reads }).links(null);
  if (cgminer === undefined || newer === undefined) throw new Error('no links');
  const replies: Replies = await whatsminer.read(
    { ...links, ...(door === 'older' ? { cgminer } : { whatsminer: newer }) },
    newMemory(),
  );
  return snapshotOf(whatsminer, replies, '192.168.2.16');
}

describe('the example of the manual of V2.2', () => {
  test('reads as what it prints', async () => {
    const snap = await snapshot('older');
    expect(snap.identity).toMatchObject({
      family: 'whatsminer',
      make: 'MicroBT',
      model: 'WhatsMiner M30S+',
      hardwareRevision: 'VE40',
      firmware: 'stock',
      firmwareVersion: '20220125.13.Rel',
      apiVersion: '2.0.3',
      mac: 'c6:07:20:00:1e:c2',
      serial: 'SN1',
      hostname: 'WhatsMiner',
      controlBoard: 'H6OS',
    });
    expect(snap).toMatchObject({
      state: 'mining',
      minerUptimeS: 5000,
      systemUptimeS: 20507,
      powerW: 3593,
      powerBasis: 'measured',
      powerLimitW: 3600,
      ambientTempC: 32,
      faults: [],
      gaps: [],
    });
    expect(snap.hashrate).toMatchObject({
      currentHs: 85e12,
      currentWindowS: 5,
      averageHs: 84.773e12,
      nominalHs: 84.773e12,
    });
    expect(snap.fans).toEqual([
      { slot: 0, label: 'In', rpm: 4530, percent: null },
      { slot: 1, label: 'Out', rpm: 4560, percent: null },
    ]);
    expect(snap.hashboards[0]).toMatchObject({
      slot: 0,
      state: 'ok',
      hashrateHs: 28e12,
      nominalHs: 28.836e12,
      tempC: 80,
      frequencyMHz: 587,
      chipsWorking: 156,
      hardwareErrors: 3,
    });
    // 22400 times 10 mV, 8718 mA.
    expect(snap.psu).toMatchObject({
      model: 'P221B',
      inputVoltageV: 224,
      inputCurrentA: 8.718,
      inputPowerW: 3000,
      fanRpm: 6976,
      tempC: 33.5,
      serial: 'A1232B0120100049',
    });
    expect(snap.pools[0]).toMatchObject({
      index: 1,
      url: 'stratum+tcp://btc.ss.poolin.com:443',
      worker: 'microbtinitial',
      status: 'alive',
    });
  });

  test('knows from the catalogue that two boards of an M30S+ are missing', async () => {
    const { hashboards } = await snapshot('older');
    expect(hashboards.map(({ slot, state }) => [slot, state])).toEqual([
      [0, 'ok'],
      [1, 'missing'],
      [2, 'missing'],
    ]);
  });
});

describe("the example of the vendor's page of V3", () => {
  test('reads as what it prints', async () => {
    const snap = await snapshot('newer');
    expect(snap.identity).toMatchObject({
      model: 'WhatsMiner M30S++',
      hardwareRevision: 'VH70',
      firmwareVersion: '20240722.07.51.REL',
      apiVersion: '3.0.0',
      mac: 'ca:01:14:00:04:eb',
      serial: 'SN3',
      controlBoard: 'CB6V10',
    });
    expect(snap).toMatchObject({
      state: 'mining',
      minerUptimeS: 1074,
      systemUptimeS: 1175,
      powerW: 3268,
      powerLimitW: 3500,
      ambientTempC: 34.8,
    });
    // TH/s here; the shortest window is a minute.
    expect(snap.hashrate).toMatchObject({
      currentHs: 102.072e12,
      currentWindowS: 60,
      averageHs: 101.847e12,
      nominalHs: 101.366e12,
    });
    expect(snap.hashboards[0]).toMatchObject({
      slot: 0,
      state: 'ok',
      hashrateHs: 33.972e12,
      tempC: 69.6,
      chipTempMinC: 84.9,
      chipTempMaxC: 97.4,
      frequencyMHz: 785,
      chipsWorking: 70,
      serial: 'HHM1EK46702216K00001',
    });
    expect(snap.hashboards.map(({ state }) => state)).toEqual(['ok', 'missing', 'missing']);
    // V, A and W; 1209 is 12.09 V.
    expect(snap.psu).toMatchObject({
      inputVoltageV: 220.5,
      inputCurrentA: 14.8,
      inputPowerW: 3264,
      outputVoltageV: 12.09,
      fanRpm: 6112,
      tempC: 41.3,
    });
    expect(snap.pools[0]).toMatchObject({
      index: 1,
      status: 'alive',
      active: true,
      worker: 'worker.1',
      lastShareAt: NOW - 10_000,
    });
    expect(snap.faults).toEqual([
      {
        code: 'hashboard.missing',
        vendorCode: '531',
        text: 'Slot1 not found. at 2025-03-12 14:52:35 by its clock',
        severity: 'error',
        component: 'hashboard 1',
        at: null,
      },
    ]);
  });

  test('counts its two replies once each', async () => {
    expect((await snapshot('newer')).replies.map(({ id }) => id)).toEqual(['get.device.info', 'get.miner.status']);
  });

  test('with one of the two missing has gaps in what that one tells, and in nothing else', async () => {
    const broken = { 'get.miner.status': new HeadframeError('link/reset') };
    const snap = await snapshot('newer', broken);
    const failed = snap.gaps.filter(({ reason }) => reason === 'failed').map(({ path }) => path);
    expect(failed).toEqual(
      expect.arrayContaining(['/hashrate/currentHs', '/powerW', '/pools', '/hashboards', '/fans']),
    );
    expect(failed).not.toContain('/psu');
    expect(snap.identity.model).toBe('WhatsMiner M30S++');
  });

  test('of a firmware that does not have one of the two has no gaps', async () => {
    expect((await snapshot('newer', { 'get.miner.status': undefined })).gaps).toEqual([]);
  });
});

describe('the forms that builds have', () => {
  const SUMMARY = { Elapsed: 10, 'MHS 5s': 2e6, Power: -1 };

  test.each([
    ['a section', { STATUS: [{ STATUS: 'S', Code: 11 }], SUMMARY: [SUMMARY], id: 1 }],
    ['Msg with an object', got(SUMMARY)],
    ['Msg with a list', got([SUMMARY])],
  ])('of summary: %s', (_, doc) => {
    expect(mapped({ summary: doc })).toMatchObject({
      minerUptimeS: 10,
      powerW: null,
      powerBasis: null,
      hashrate: { currentHs: 2e12 },
    });
  });

  test('HS RT is MH/s and stands in for a window', () => {
    expect(mapped({ summary: got({ 'HS RT': 67394800.97 }) }).hashrate).toMatchObject({
      currentHs: 67394800970000,
      currentWindowS: null,
    });
  });

  test('firmware of 2026 has TH/s in edevs under names of MH/s', () => {
    const edevs = { STATUS: [{ STATUS: 'S' }], DEVS: [{ Slot: 0, 'MHS 1m': 170.75, 'Factory GHS': 139930 }] };
    expect(mapped({ edevs }).hashboards[0]).toMatchObject({ hashrateHs: 170.75e12, nominalHs: 139.93e12 });
    const weak = { STATUS: [{ STATUS: 'S' }], DEVS: [{ Slot: 0, 'MHS 1m': 100000, 'Factory GHS': 139930 }] };
    expect(mapped({ edevs: weak }).hashboards[0]).toMatchObject({ hashrateHs: 0.1e12 });
  });

  test('a machine that says off and hashes is mining, one that does not hash is paused', () => {
    const get_version = got({ api_ver: '2.0.3' });
    const state = (rate: Record<string, unknown> | null, status: Record<string, unknown>) =>
      mapped({ get_version, status: got(status), ...(rate === null ? {} : { summary: got(rate) }) }).state;
    expect(state({ 'MHS 5s': 7e7 }, { btmineroff: 'true' })).toBe('mining');
    expect(state({ 'MHS 5s': 0 }, { btmineroff: 'true' })).toBe('paused');
    expect(state({ 'MHS 5s': 0 }, { mineroff: 'true' })).toBe('paused');
    expect(state({ 'MHS 5s': 0, 'Hash Stable': false }, { mineroff: 'false' })).toBe('starting');
    expect(state({ 'MHS 5s': 0, 'Hash Stable': true }, { mineroff: 'false' })).toBe('idle');
    expect(state(null, {})).toBe('unknown');
  });

  test('where the word lies the mining program must be silent too', () => {
    const get_version = got({ api_ver: 'whatsminer v1.4.0' });
    const status = got({ btmineroff: 'true' });
    expect(mapped({ get_version, status, summary: got({ 'MHS 5s': 0 }) }).state).toBe('idle');
    expect(mapped({ get_version, status }).state).toBe('paused');
  });

  test('a hydro machine has no fans, an air-cooled one whose fans stand still has two', () => {
    const still = { 'Fan Speed In': 0, 'Fan Speed Out': 0 };
    expect(mapped({ summary: got({ ...still, 'Liquid Cooling': [31.2, 40.1] }) }).fans).toEqual([]);
    expect(mapped({ summary: got({ ...still, 'Liquid Cooling': false }) }).fans).toHaveLength(2);
  });

  test('shares are those of the pools where the summary counts none', () => {
    const pools = {
      POOLS: [
        { Accepted: 3, Rejected: 1, Stale: 0 },
        { Accepted: 4, Rejected: 0, Stale: 0 },
      ],
    };
    expect(mapped({ summary: got({}), pools }).shares).toMatchObject({ accepted: 7, rejected: 1, stale: 0 });
    expect(mapped({ summary: got({ Accepted: 9 }), pools }).shares.accepted).toBe(9);
  });
});

describe('what is wrong', () => {
  const faults = (docs: Record<string, unknown>): Pick<Fault, 'code' | 'vendorCode' | 'component' | 'text'>[] =>
    mapped(docs).faults.map(({ code, vendorCode, component, text }) => ({ code, vendorCode, component, text }));

  test('comes from the error codes, the unknown ones included', () => {
    const list = [
      { 329: '2022-01-17 11:28:11' },
      { 2021: '' },
      { 110: '' },
      { 201: '' },
      { 522103: '' },
      { 31337: 'what' },
    ];
    expect(faults({ get_error_code: got({ error_code: list }) })).toEqual([
      {
        code: 'temperature.fault',
        vendorCode: '329',
        component: null,
        text: 'temperature sensor of the control board does not answer at 2022-01-17 11:28:11 by its clock',
      },
      { code: 'network.fault', vendorCode: '2021', component: 'pool 1', text: 'pool cannot be connected' },
      { code: 'fan.fault', vendorCode: '110', component: 'fan', text: 'speed of the intake fan deviates' },
      { code: 'psu.fault', vendorCode: '201', component: 'psu', text: 'power supply does not match the configuration' },
      {
        code: 'device.fault',
        vendorCode: '522103',
        component: 'hashboard 2',
        text: 'chip gives wrong nonces (chip 103)',
      },
      { code: 'vendor.unmapped', vendorCode: '31337', component: null, text: 'what' },
    ]);
  });

  test('is listed by the summary of older machines', () => {
    const summary = got({ 'Error Code Count': 2, 'Error Code 0': 206, 'Error Code 1': 2010 });
    expect(faults({ summary }).map(({ vendorCode }) => vendorCode)).toEqual(['206', '2010']);
    expect(faults({ summary: got({ 'Error Code Count': 4e9 }) })).toEqual([]);
    expect(faults({ summary, get_error_code: got({ error_code: [] }) })).toEqual([]);
  });

  test.each([[[]], [{}]])('is nothing on a clean machine: %j', (error_code) => {
    expect(faults({ get_error_code: got({ error_code }) })).toEqual([]);
  });

  test('is a clock that runs away from ours', () => {
    const at = (offsetS: number) => faults({ summary: { ...got({}), When: NOW / 1000 + offsetS } });
    expect(at(30)).toEqual([]);
    expect(at(-600)).toEqual([
      { code: 'clock.skew', vendorCode: null, component: 'control board', text: 'its clock is 10 min behind ours' },
    ]);
    expect(at(7200)[0]?.text).toBe('its clock is 120 min ahead of ours');
    // A machine that counts from its start says no time of day.
    expect(faults({ summary: { ...got({}), When: 3521 } })).toEqual([]);
  });
});

describe('quirks', () => {
  test('are looked up by the version of the API', () => {
    expect(hasQuirk('offLies', '1.4.0')).toBe(true);
    expect(hasQuirk('offLies', '2.0.3')).toBe(false);
    expect(hasQuirk('offLies', null)).toBe(true);
    expect(hasQuirk('wrappedData', '2.0.5')).toBe(true);
    expect(hasQuirk('wrappedData', '2.0.10')).toBe(true);
    expect(hasQuirk('wrappedData', '2.0.4')).toBe(false);
    expect(hasQuirk('wrappedData', null)).toBe(false);
    for (const { says } of Object.values(QUIRKS)) expect(says).toMatch(/\w/);
  });

  test('of versions are taken off', () => {
    expect(versionIn('whatsminer v1.4.0')).toBe('1.4.0');
    expect(versionIn('2.0.3')).toBe('2.0.3');
    expect(versionIn('new')).toBeNull();
    expect(firmwareIn("'20200725.18.REL'")).toBe('20200725.18.REL');
    expect(firmwareIn("''")).toBeNull();
  });
});

test('documents of anything map without a mistake', () => {
  const names = [
    'summary',
    'pools',
    'edevs',
    'devs',
    'status',
    'get_version',
    'get_psu',
    'get_miner_info',
    'get_error_code',
    'devdetails',
  ];
  const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constantFrom('1e999', '-5', 'true', 4e9));
  const keys = fc.constantFrom(
    'Slot',
    'MHS 5s',
    'Factory GHS',
    'Error Code Count',
    'error_code',
    'STATUS',
    'Msg',
    'summary',
    'edevs',
    'slot',
    'board-num',
    'POOL',
    'code',
    'msg',
    'miner',
    '__proto__',
  );
  const { doc } = fc.letrec((tie) => ({
    doc: fc.oneof(
      { maxDepth: 4 },
      value,
      fc.array(tie('doc'), { maxLength: 3 }),
      fc.dictionary(keys, tie('doc'), { maxKeys: 6 }),
    ),
  }));
  const docs = fc.dictionary(fc.constantFrom(...names, 'whatsminer:get.device.info'), doc);
  fc.assert(
    fc.property(docs, (some) => {
      const replies = new Map(Object.entries(some).map(([name, one]) => [name, replyOf(one)]));
      const snap = snapshotOf(whatsminer, replies, 'x');
      expect(snap.hashboards.length).toBeLessThan(100);
    }),
    RUNS,
  );
});
