import { connect } from '@headframe/client';
import type { Snapshot } from '@headframe/model';
import { loadCapture, type Replay, serveReplay } from '@headframe/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedPath } from './shared.ts';

/*
 * Real devices' replies on real ports, read by the real client. Every expected value was typed by somebody who read the
 * captured files; the field that it comes from stands behind it.
 */

const TH = 1e12;
const AT = 1_800_000_000_000;
const clock = { now: () => AT };

function machine(...path: string[]) {
  const folder = sharedPath('captures', ...path);
  const read: { now: Snapshot | null; replay: Replay | null } = { now: null, replay: null };
  beforeAll(async () => {
    if (folder === null) return;
    read.replay = await serveReplay(loadCapture(folder));
    const miner = await connect(read.replay.address, { clock });
    read.now = await miner.read({ sources: true });
  });
  afterAll(() => read.replay?.close());
  return { skipped: folder === null, now: () => read.now as Snapshot, replay: () => read.replay as Replay };
}

const rounded = (hs: number | null) => (hs === null ? null : Math.round(hs / 1e6) / 1e6);

describe('a stock Antminer S19 Pro', () => {
  const s19 = machine('bitmain', 'antminer-s19-pro', 'stock_2022-12-06_miner-49.0.1.3');

  test.skipIf(s19.skipped)('is identified by what it says', () => {
    expect(s19.now().identity).toMatchObject({
      family: 'antminer',
      make: 'Bitmain',
      model: 'Antminer S19 Pro', // version Type
      firmware: 'stock',
      apiVersion: '3.1', // version API
      algorithm: 'sha256d',
    });
  });

  test.skipIf(s19.skipped)('hashes, with each rate by its window', () => {
    const { state, minerUptimeS, hashrate, shares, hardwareErrors } = s19.now();
    expect(state).toBe('mining');
    expect(minerUptimeS).toBe(50_474); // summary Elapsed
    expect(rounded(hashrate.currentHs)).toBe(110.56689); // summary GHS 5s
    expect(hashrate.currentWindowS).toBe(5);
    expect(rounded(hashrate.averageHs)).toBe(111.83485); // summary GHS av
    expect(hashrate.nominalHs).toBe(110 * TH); // stats total_rateideal, rate_unit GH
    expect(hashrate.windows.map(({ seconds, hs }) => [seconds, rounded(hs)])).toEqual([
      [5, 110.56689],
      [1800, 111.87826], // summary GHS 30m
    ]);
    expect(shares).toEqual({
      accepted: 4057, // summary Accepted
      rejected: 11, // summary Rejected
      stale: 1, // summary Stale
      sessionBestDifficulty: 12_904_207_043, // summary Best Share
      bestDifficulty: null,
    });
    expect(hardwareErrors).toBe(562); // summary Hardware Errors
  });

  test.skipIf(s19.skipped)('has three hashboards, and the fourth connector is none', () => {
    const boards = s19.now().hashboards.map((board) => [
      board.slot,
      board.state,
      rounded(board.hashrateHs), // stats chain_rate
      board.tempC, // the hottest of stats temp_pcb
      board.chipTempMinC,
      board.chipTempMaxC, // stats temp_chip
      board.chipsWorking, // stats chain_acs
      board.chipsExpected, // the catalogue
      board.hardwareErrors, // stats chain_hw
      board.frequencyMHz, // stats freq
    ]);
    expect(boards).toEqual([
      [0, 'ok', 37.6033, 73, 50, 78, 114, 114, 183, 525],
      [1, 'ok', 35.53622, 66, 52, 71, 114, 114, 195, 525],
      [2, 'ok', 37.42738, 64, 49, 69, 114, 114, 184, 525],
    ]);
    expect(s19.now().fans.map(({ rpm }) => rpm)).toEqual([6000, 5880, 5040, 5040]); // stats fan1..4
  });

  test.skipIf(s19.skipped)('works for the first of three pools', () => {
    const pools = s19.now().pools;
    expect(pools).toHaveLength(3);
    expect(pools[0]).toMatchObject({
      index: 0,
      url: 'stratum+tcp://btc.global.luxor.tech:700',
      worker: 'account.worker1',
      status: 'alive',
      active: true, // Stratum Active
      priority: 0,
      accepted: 4057,
      rejected: 11,
      stale: 1,
      difficulty: 524_288, // Last Share Difficulty; Diff says 524K
      lastShareAt: AT - 3_000, // Last Share Time 0:00:03
    });
    expect(pools.slice(1).map((pool) => [pool.active, pool.lastShareAt])).toEqual([
      [false, null], // Last Share Time 0
      [false, null],
    ]);
  });

  test.skipIf(s19.skipped)('leaves only gaps of its web pages, which were not recorded', () => {
    for (const gap of s19.now().gaps) expect(['not-read', 'denied', 'failed']).toContain(gap.reason);
    expect(s19.now().gaps.map(({ path }) => path)).not.toContain('/pools');
    expect(s19.now().sources?.['/hashrate/currentHs']).toEqual({ reply: 'summary', field: '/SUMMARY/0/GHS 5s' });
    expect(s19.now().sources?.['/pools/0/accepted']).toEqual({ reply: 'pools', field: '/POOLS/0/Accepted' });
  });
});

describe('a stock Antminer S21 of which only the system page was recorded', () => {
  const s21 = machine('bitmain', 'antminer-s21', 'stock_FR-1.12_251009-S21');

  test.skipIf(s21.skipped)('is known by that page, and says nothing else', () => {
    expect(s21.now().identity).toMatchObject({
      family: 'antminer',
      make: 'Bitmain',
      model: 'Antminer S21', // minertype
      firmwareVersion: 'FR-1.12(251009-S21)', // system_filesystem_version
      mac: '02:55:97:22:3a:72', // macaddr
      serial: '56D26ED3C62CD38FC', // serinum
      hostname: 'miner', // hostname
      algorithm: 'sha256d',
    });
    expect(s21.now().state).toBe('unknown');
    expect(s21.now().hashrate.currentHs).toBeNull();
  });

  test.skipIf(s21.skipped)('keeps both doors of its family open', () => {
    const { address, ports } = s21.replay();
    expect(Object.keys(ports).sort()).toEqual(['cgminer', 'http']);
    expect(address).toBe(`127.0.0.1:${ports.http}`);
  });
});

describe('an Avalon Q that was switched off by its owner', () => {
  const q = machine('canaan', 'avalon-q', '25052801_14a19a2');

  test.skipIf(q.skipped)('is identified by what it says', () => {
    expect(q.now().identity).toMatchObject({
      family: 'avalon',
      make: 'Canaan',
      model: 'Avalon Q', // version PROD
      hardwareRevision: 'Q_MM1v1_X1', // version HWTYPE
      firmware: 'stock',
      firmwareVersion: '25052801_14a19a2', // version LVERSION
      apiVersion: '3.7', // version API
      mac: '02:25:18:21:6e:99', // version MAC
      serial: '3E3EE7FDDD47837AC8B3D0C0012927C0', // version DNA
    });
  });

  test.skipIf(q.skipped)('is paused and never shown as mining, whatever its averages say', () => {
    const { state, hashrate, powerW, powerBasis, powerLimitW, ambientTempC, minerUptimeS } = q.now();
    expect(state).toBe('paused'); // SYSTEMSTATU In Idle, SoftOffTime later than SoftOnTime
    expect(minerUptimeS).toBe(37_714); // summary Elapsed
    expect(hashrate.currentHs).toBe(0); // summary MHS 5s
    expect(rounded(hashrate.averageHs)).toBe(44.539602); // summary MHS av
    expect(rounded(hashrate.nominalHs)).toBe(55.03279); // GHSmm
    expect(hashrate.windows.map(({ seconds }) => seconds)).toEqual([5, 60, 300, 900]);
    expect([powerW, powerBasis, powerLimitW]).toEqual([146, 'measured', 800]); // PS[6], MPO
    expect(ambientTempC).toBe(26); // ITemp
  });

  test.skipIf(q.skipped)('has one hashboard of 160 chips that is cold', () => {
    const [board, ...more] = q.now().hashboards;
    expect(more).toEqual([]);
    expect(board).toMatchObject({
      slot: 0,
      hashrateHs: 0, // GHSspd
      tempC: 27, // HBOTemp
      inletTempC: 27, // HBITemp
      outletTempC: 27, // HBOTemp
      chipTempMaxC: null, // TMax 0: the machine has none
      frequencyMHz: 282.86, // Freq
      chipsWorking: 160,
      chipsExpected: 160, // TA, and the catalogue
      hardwareErrors: 0, // MH
    });
    expect(board?.chips).toHaveLength(160);
    expect(board?.chips[0]).toMatchObject({ index: 0, tempC: 58, voltageV: 0.282 }); // PVT_T0, PVT_V0
    expect(q.now().fans.map(({ rpm, percent }) => [rpm, percent])).toEqual(Array(4).fill([0, 0])); // Fan1..4, FanR
  });

  test.skipIf(q.skipped)('had its last share at second 31279 of the process', () => {
    expect(q.now().pools).toHaveLength(1);
    expect(q.now().pools[0]).toMatchObject({
      url: 'stratum+tcp://pool.example.com:4444',
      worker: 'account.worker1',
      status: 'alive',
      difficulty: 524_288,
      lastShareAt: AT - (37_714 - 31_279) * 1000,
    });
    expect(JSON.stringify(q.now())).not.toContain('Password');
    expect(q.now().shares).toMatchObject({ accepted: 890, rejected: 2, stale: 0, sessionBestDifficulty: 354_914_572 });
    expect(q.now().gaps).toEqual([]);
  });
});

describe('an Antminer S19k Pro with LuxOS', () => {
  const luxos = machine('luxor', 'antminer-s19k-pro', 'luxos_2025.4.8.220305');

  test.skipIf(luxos.skipped)('is LuxOS on Bitmain hardware', () => {
    expect(luxos.now().identity).toMatchObject({
      family: 'luxos',
      make: 'Bitmain',
      model: 'Antminer S19k Pro', // version Type
      hardwareRevision: 'BHB56903', // devs Board
      firmware: 'luxos',
      firmwareVersion: '2025.4.8.220305', // version Miner
      apiVersion: '3.7', // version API
      mac: '02:6b:73:2e:7f:7c', // config MACAddr
      serial: '7A2011206306E7282', // config SerialNumber
      hostname: 'miner-s19k-1', // config Hostname
      controlBoard: 'cvitek', // config ControlBoardType
      algorithm: 'sha256d',
    });
  });

  test.skipIf(luxos.skipped)('hashes at 59.8 of 62.0 TH/s with an estimated power', () => {
    const { state, hashrate, powerW, powerBasis, minerUptimeS, efficiencyJTh } = luxos.now();
    expect(state).toBe('mining');
    expect(minerUptimeS).toBe(3453); // summary Elapsed
    expect(rounded(hashrate.currentHs)).toBe(59.75606); // summary GHS 5s
    expect(rounded(hashrate.averageHs)).toBe(56.91791); // summary GHS av
    expect(rounded(hashrate.nominalHs)).toBe(61.9542); // stats total_rateideal
    expect(hashrate.windows.map(({ seconds }) => seconds)).toEqual([5, 60, 300, 900, 1800, 86_400]);
    expect([powerW, powerBasis]).toEqual([1051, 'estimated']); // power Watts, PSU false
    expect(efficiencyJTh).toBeCloseTo(1051 / 59.75606, 6);
  });

  test.skipIf(luxos.skipped)('has its boards by their own number, whatever the order they come in', () => {
    const boards = luxos.now().hashboards.map((board) => [
      board.slot, // devs ASC
      board.label, // devs Connector
      board.serial, // devs SerialNumber
      rounded(board.hashrateHs), // devs MHS 5s
      board.tempC,
      board.inletTempC,
      board.outletTempC, // temps, METADATA
      board.voltageV, // voltageget
      board.chipsWorking,
      board.chips.length, // healthchipget
    ]);
    expect(boards).toEqual([
      [0, 'J7', 'EA260839F6B1B4F26', 19.773826, 47, 34, 47, 11.88, 77, 77],
      [1, 'J9', '48F0BBD00FABA7D77', 19.230589, 47, 33, 47, 11.88, 77, 77],
      [2, 'J8', '891555C02D219F007', 20.751652, 47, 34, 47, 11.88, 77, 77],
    ]);
    const [first] = luxos.now().hashboards[0]?.chips ?? [];
    // healthchipget_0: Frequency, GHS 1m, Healthy Y
    expect(first).toMatchObject({ index: 0, state: 'ok', frequencyMHz: 300, hashrateHs: 266_840_000_000 });
    expect(luxos.now().fans.map((fan) => [fan.slot, fan.label, fan.rpm, fan.percent])).toEqual([
      [0, 'FAN4', 1920, 20],
      [1, 'FAN2', 1920, 20],
      [2, 'FAN1', 2340, 20],
      [3, 'FAN3', 2340, 20],
    ]);
  });

  test.skipIf(luxos.skipped)('works for one pool of each group, and two pools never had a share', () => {
    expect(
      luxos
        .now()
        .pools.map(({ index, status, active, accepted, lastShareAt }) => [
          index,
          status,
          active,
          accepted,
          lastShareAt,
        ]),
    ).toEqual([
      [0, 'alive', true, 724, AT - 1_000], // Last Share Time 00:00:01
      [1, 'dead', false, 0, null], // 00:57:33 is the uptime
      [2, 'alive', true, 759, AT - 1_000],
      [3, 'dead', false, 0, null],
    ]);
    expect(luxos.now().gaps).toEqual([]);
  });
});
