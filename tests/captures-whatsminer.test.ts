import { connect, createMiner, type Miner } from '@headframe/client';
import type { Snapshot } from '@headframe/model';
import { loadCapture, serveReplay } from '@headframe/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedPath } from './shared.ts';

/*
 * Recorded WhatsMiners on real ports, read by the real client. Every expected value was typed by somebody who read the
 * captured files; the field that it comes from stands behind it.
 */

const ROOT = ['captures', 'microbt'];
const skipped = sharedPath(...ROOT) === null;
const TH = 1e12;

/** @param at when it was recorded, epoch ms: the machine's own time */
function machine(path: readonly string[], at: number, open: (folder: string, at: number) => Promise<Opened>) {
  const folder = sharedPath(...ROOT, ...path);
  const read: { snapshot: Snapshot | null; close: () => Promise<void>; missing: readonly string[] } = {
    snapshot: null,
    close: async () => {},
    missing: [],
  };
  beforeAll(async () => {
    if (folder === null) return;
    const { miner, close, missing } = await open(folder, at);
    read.close = close;
    read.missing = missing;
    read.snapshot = await miner.read({ sources: true });
  });
  afterAll(() => read.close());
  return { now: () => read.snapshot as Snapshot, missing: () => read.missing };
}

interface Opened {
  readonly miner: Miner;
  readonly missing: readonly string[];
  readonly close: () => Promise<void>;
}

/** Found by what it says. */
async function found(folder: string, at: number): Promise<Opened> {
  const clock = { now: () => at };
  const replay = await serveReplay(loadCapture(folder), { clock });
  return { miner: await connect(replay.address, { clock }), missing: replay.missing, close: () => replay.close() };
}

/** What was recorded says not what it is: we are told. */
async function told(folder: string, at: number): Promise<Opened> {
  const clock = { now: () => at };
  const replay = await serveReplay(loadCapture(folder), { clock });
  const miner = createMiner({ host: '127.0.0.1', family: 'whatsminer', ports: replay.ports }, { clock });
  return { miner, missing: replay.missing, close: () => replay.close() };
}

/** Found at a port like 4433, under an address of its own: what is asked beside that port is nobody's. */
async function framed(folder: string, at: number): Promise<Opened> {
  const clock = { now: () => at };
  const address = '127.0.43.1';
  const replay = await serveReplay(loadCapture(folder), { clock, address });
  const ports = { whatsminer: [replay.ports.whatsminer ?? 0] };
  return { miner: await connect(address, { clock, ports }), missing: replay.missing, close: () => replay.close() };
}

describe('a machine of 3 times 105 chips with API 1.4', () => {
  const path = ['whatsminer-3x105chips_68T', '20210322.22.REL_api-1.4.0'];
  const it = machine(path, 1_761_061_372_000, found);

  test.skipIf(skipped)('is a WhatsMiner by get_version, whose model nobody recorded', () => {
    expect(it.now().identity).toMatchObject({
      family: 'whatsminer',
      make: 'MicroBT',
      model: null,
      firmware: 'stock',
      firmwareVersion: '20210322.22.REL', // get_version fw_ver
      apiVersion: '1.4.0', // get_version api_ver "whatsminer v1.4.0"
      mac: '02:16:c9:50:c0:6f', // summary MAC
      serial: null,
      hostname: null,
      controlBoard: 'ALLWINNER_H3 V8', // summary CB Platform, CB Version
    });
  });

  test.skipIf(skipped)('mines, though its status says off', () => {
    const { state, minerUptimeS, systemUptimeS, powerW, powerLimitW, powerBasis, hardwareErrors, faults } = it.now();
    expect(state).toBe('mining'); // status btmineroff "true", summary MHS 5s 70668114.52
    expect([minerUptimeS, systemUptimeS]).toEqual([10_154, 10_792]); // summary Elapsed, Uptime
    expect([powerW, powerLimitW, powerBasis]).toEqual([3417, 3500, 'measured']); // summary Power, Power Limit
    expect(hardwareErrors).toBe(69); // summary Hardware Errors
    expect(faults).toEqual([]); // summary Error Code Count 0, and its clock is ours
  });

  test.skipIf(skipped)('hashes at 70.7 of 68.8 TH/s', () => {
    const { currentHs, currentWindowS, averageHs, nominalHs, windows } = it.now().hashrate;
    expect([currentHs, currentWindowS]).toEqual([70.66811452 * TH, 5]); // summary MHS 5s
    expect(averageHs).toBe(67.75325119 * TH); // summary MHS av
    expect(nominalHs).toBe(68_796e9); // summary Factory GHS
    expect(windows).toEqual([
      { seconds: 5, hs: 70.66811452 * TH },
      { seconds: 60, hs: 67_439_352.49e6 }, // summary MHS 1m
      { seconds: 300, hs: 67_394_800.97e6 }, // summary MHS 5m
      { seconds: 900, hs: 67_681_620.18e6 }, // summary MHS 15m
    ]);
    expect(it.now().efficiencyJTh).toBeCloseTo(3417 / 70.66811452, 9);
  });

  test.skipIf(skipped)('has three boards, known by devs alone as nobody recorded edevs', () => {
    const boards = it.now().hashboards.map((board) => [
      board.slot, // devs Slot
      board.state,
      board.hashrateHs, // devs MHS 5s
      board.chipsWorking, // devs Effective Chips
      board.tempC, // devs Temperature
      board.chipTempMaxC, // devs Chip Temp Max
      board.frequencyMHz, // devs Chip Frequency
      board.hardwareErrors, // devs Hardware Errors
      board.serial, // devs PCB SN
    ]);
    expect(boards).toEqual([
      [0, 'ok', 20.05343874 * TH, 105, 70, 90, 650, 15, '9FBA01F5780E3EDBCDB8'],
      [1, 'ok', 25.56731781 * TH, 105, 69.5, 90.11, 652, 47, '38CE9B2550232A467394'],
      [2, 'ok', 24.35129228 * TH, 105, 71.5, 92.5, 643, 7, '92E7EA90826F4D011AD3'],
    ]);
  });

  test.skipIf(skipped)('has two fans and a supply with one of its own', () => {
    expect(it.now().fans.map(({ label, rpm }) => [label, rpm])).toEqual([
      ['In', 6450], // summary Fan Speed In
      ['Out', 6480], // summary Fan Speed Out
    ]);
    expect(it.now().psu).toMatchObject({
      model: 'P21-12-3600-E', // get_psu model
      firmwareVersion: '102220.009', // get_psu sw_version
      serial: null,
      inputVoltageV: null,
      fanRpm: 9060, // summary Power Fanspeed
    });
  });

  test.skipIf(skipped)('works for the first of three pools, which it counts from 1', () => {
    const pools = it.now().pools.map((pool) => [
      pool.index, // pools POOL
      pool.url, // pools URL
      pool.worker, // pools User
      pool.status, // pools Status
      pool.active, // pools Stratum Active
      pool.accepted, // pools Accepted
      pool.difficulty, // pools Stratum Difficulty
    ]);
    expect(pools).toEqual([
      [1, 'stratum+tcp://btc.example.pool:3333', 'account.worker1', 'alive', true, 2338, 65_536],
      [2, 'stratum+tcp://btc2.example.pool:3333', 'account.worker1', 'alive', false, 0, null],
      [3, 'stratum+tcp://btc3.example.pool:3333', 'account.worker1', 'alive', false, 0, null],
    ]);
    // pools Last Share Time 1761061364, seven seconds before its When.
    expect(it.now().pools[0]?.lastShareAt).toBe(1_761_061_372_000 - 7_000);
    const { accepted, rejected, stale, sessionBestDifficulty } = it.now().shares;
    expect([accepted, rejected, stale, sessionBestDifficulty]).toEqual([2338, 0, 0, 41_127_493]); // summary
  });

  test.skipIf(skipped)('says where each value comes from', () => {
    expect(it.now().sources?.['/powerW']).toEqual({ reply: 'summary', field: '/SUMMARY/0/Power' });
    expect(it.missing()).toEqual(['edevs', 'get_miner_info', 'get_error_code']);
    // What it refuses with code 14 it does not have, and that is no gap.
    expect(it.now().gaps).toEqual([]);
  });
});

describe('an M30S+ of which devdetails alone was recorded', () => {
  const it = machine(['whatsminer-m30s+_ve40', 'unknown'], 1_700_000_000_000, found);

  test.skipIf(skipped)('is known by its driver, with its model', () => {
    expect(it.now().identity).toMatchObject({
      family: 'whatsminer',
      model: 'WhatsMiner M30S+', // DEVDETAILS Model "M30S+_VE40"
      hardwareRevision: 'VE40',
      algorithm: 'sha256d', // the catalogue
      firmwareVersion: null,
    });
  });

  test.skipIf(skipped)('has nothing that looks like zero where nobody recorded anything', () => {
    const { state, hashrate, powerW, pools, shares } = it.now();
    expect([state, hashrate.currentHs, powerW, pools, shares.accepted]).toEqual(['unknown', null, null, [], null]);
  });
});

describe('a machine of API 2.0.5 of which status alone was recorded', () => {
  const it = machine(['whatsminer-unknown-model', '20240624.18.REL_api-2.0.5'], 1_773_953_446_000, told);

  test.skipIf(skipped)('tells its limit and its firmware there', () => {
    const { powerLimitW, state, faults, identity } = it.now();
    expect(powerLimitW).toBe(3600); // status Msg power_limit_set "3600"
    expect(identity.firmwareVersion).toBe('20240624.18.REL'); // status Msg FirmwareVersion
    // status Msg mineroff "false": it is not off, and whether it hashes nobody recorded.
    expect(state).toBe('unknown');
    expect(faults).toEqual([]);
  });
});

describe('an M60S of API 3.0.2 of which get.device.info was recorded', () => {
  const it = machine(['whatsminer-m60s-vk40', '20251209.16.Rel2_api-3.0.2'], 1_773_869_570_000, framed);

  test.skipIf(skipped)('is found by its frames', () => {
    expect(it.now().identity).toMatchObject({
      family: 'whatsminer',
      model: 'WhatsMiner M60S', // miner type "M60S_VK40"
      hardwareRevision: 'VK40',
      firmwareVersion: '20251209.16.Rel2', // system fwversion
      apiVersion: '3.0.2', // system api
      mac: '02:a2:12:29:e4:7a', // network mac
      serial: 'C8795CBEB90609F3BB3BE086BEC6DD2B8', // miner miner-sn
      hostname: 'miner', // network hostname
      controlBoard: 'CB6V10', // system control-board-version
      algorithm: 'sha256d',
    });
  });

  test.skipIf(skipped)('tells its supply, and no fault', () => {
    expect(it.now().psu).toMatchObject({
      model: 'P221B', // power model
      serial: '500000000000001', // power sn
      firmwareVersion: '230224.220429', // power swversion
      fanRpm: 6344, // power fanspeed
      inputVoltageV: null,
    });
    expect(it.now().faults).toEqual([]);
  });

  test.skipIf(skipped)('shows nothing where get.miner.status would have told, and no salt', () => {
    const { hashrate, gaps, state } = it.now();
    expect(hashrate.currentHs).toBeNull();
    expect(state).toBe('unknown'); // miner working "true", and no rate
    expect(gaps).toEqual([]);
    expect(it.missing()).toEqual(['summary', 'pools', 'edevs', 'devs']);
    expect(JSON.stringify(it.now())).not.toContain('uhCiDyVj'); // salt
  });
});
