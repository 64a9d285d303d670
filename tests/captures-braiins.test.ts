import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HeadframeError, Reply, Snapshot } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { braiins } from '../packages/families/src/braiins/index.ts';
import { snapshotOf } from '../packages/families/src/snapshot-of.ts';
import { sharedPath } from './shared.ts';

/*
 * Real machines' replies through the map. Every expected value was typed by somebody who read the captured files; the
 * field that it comes from stands behind it. The REST replies have `_` for `/` in their names.
 */

const NO_ERROR: HeadframeError | null = null;

function machine(at: number, ...path: string[]) {
  const folder = sharedPath('captures', 'braiins', ...path);
  const now = (): Snapshot => {
    const replies = new Map<string, Reply>();
    for (const file of folder === null ? [] : readdirSync(folder)) {
      const raw = readFileSync(join(folder as string, file));
      const doc: unknown = JSON.parse(raw.toString('utf8'));
      const id = idOf(file.slice(0, -'.json'.length), doc);
      const meta = { id, request: id, at, ms: 1, bytes: raw.length, repairs: [], error: null };
      replies.set(id, { meta, doc, raw, error: NO_ERROR });
    }
    return snapshotOf(braiins, replies, '10.0.0.9');
  };
  return { skipped: folder === null, now };
}

function idOf(name: string, doc: unknown): string {
  // Two doors have a `version`.
  if (name === 'version' && Object.hasOwn(doc as object, 'major')) return 'rest:version/';
  if (name === 'web_net_conf') return 'luci:iface_status';
  if (name.startsWith('gql_')) return `gql:${name.slice(4)}`;
  return REST[name] ?? name;
}

const REST: Readonly<Record<string, string>> = {
  miner_details: 'rest:miner/details',
  miner_stats: 'rest:miner/stats',
  miner_errors: 'rest:miner/errors',
  miner_hw_hashboards: 'rest:miner/hw/hashboards',
  cooling_state: 'rest:cooling/state',
  pools: 'rest:pools/',
  performance_tuner_state: 'rest:performance/tuner-state',
  configuration_miner: 'rest:configuration/miner',
  network: 'rest:network/',
  actions_locate: 'rest:actions/locate',
};

const rounded = (hs: number | null) => (hs === null ? null : Math.round(hs / 1e6) / 1e6);

// 2026-04-17T17:22:34Z, half a minute behind its last share.
const XP = 1_776_446_554_000;

describe('an Antminer S19 XP with 25.07, read by REST', () => {
  const xp = machine(XP, 'antminer-s19-xp', '25.07-plus_2025-08-06');

  test.skipIf(xp.skipped)('is who it is', () => {
    expect(xp.now().identity).toEqual({
      family: 'braiins',
      make: 'Bitmain', // miner_identity brand 1
      model: 'Antminer S19 XP', // miner_identity miner_model
      hardwareRevision: 'BHB56801', // hashboards board_name
      firmware: 'braiins-os',
      firmwareVersion: '25.07', // bos_version current
      apiVersion: '1.0.0', // version major, minor, patch
      mac: '02:4a:9d:ff:9d:19', // mac_address
      serial: null, // serial_number
      hostname: 'miner', // hostname
      controlBoard: 'AM3_AML', // platform 4
      algorithm: 'sha256d',
    });
  });

  test.skipIf(xp.skipped)('hashes, each rate by its window', () => {
    const { state, hashrate, minerUptimeS, systemUptimeS, ...now } = xp.now();
    expect(state).toBe('mining'); // status 2
    expect(minerUptimeS).toBe(69_685); // bosminer_uptime_s
    expect(systemUptimeS).toBe(69_725); // system_uptime_s
    expect(rounded(hashrate.currentHs)).toBe(141.463565); // miner_stats real_hashrate last_5s
    expect(hashrate.currentWindowS).toBe(5);
    expect(rounded(hashrate.averageHs)).toBe(138.207053); // since_restart
    expect(rounded(hashrate.nominalHs)).toBe(142.876598); // nominal_hashrate
    expect(hashrate.windows.map(({ seconds, hs }) => [seconds, rounded(hs)])).toEqual([
      [5, 141.463565],
      [15, 140.278493],
      [30, 144.618967],
      [60, 144.009076],
      [300, 142.400814],
      [900, 142.751901],
      [1800, 142.630575],
      [3600, 142.574202],
      [86_400, 112.813329],
    ]);
    expect(now.shares).toEqual({
      accepted: 10_464, // pool_stats accepted_shares
      rejected: 18,
      stale: 0,
      sessionBestDifficulty: 776_342_690, // best_share
      bestDifficulty: null,
    });
  });

  test.skipIf(xp.skipped)('draws what the firmware reckons, within its target', () => {
    const { powerW, powerBasis, powerLimitW, efficiencyJTh, psu, hardwareErrors } = xp.now();
    expect(powerW).toBe(3137); // power_stats approximated_consumption
    expect(powerBasis).toBe('estimated');
    expect(powerLimitW).toBe(3031); // powertargetmodestate current_target
    expect(efficiencyJTh).toBeCloseTo(21.7856, 4); // power_stats efficiency
    expect(psu).toMatchObject({ model: 'APW121215d/e', serial: null, firmwareVersion: null });
    expect(hardwareErrors).toBeNull();
  });

  test.skipIf(xp.skipped)('has three hashboards and four fans', () => {
    const { hashboards, fans } = xp.now();
    expect(
      hashboards.map((board) => [
        board.slot,
        board.label, // id
        board.state,
        rounded(board.hashrateHs), // stats real_hashrate last_5s
        rounded(board.nominalHs), // stats nominal_hashrate
        board.tempC, // board_temp
        board.inletTempC, // lowest_inlet_temp
        board.outletTempC, // highest_outlet_temp
        board.chipTempMaxC, // highest_chip_temp
        board.frequencyMHz, // current_frequency
        board.chipsWorking, // chips_count
        board.chipsExpected, // the catalogue
        board.serial, // serial_number
      ]),
    ).toEqual([
      [0, '1', 'ok', 50.137729, 47.98085, 55.5, 41, 55.5, 70.5, 486.704545, 110, 110, 'DCBEBC0AC63F8FE5D'],
      [1, '2', 'ok', 47.859278, 45.57248, 52, 40, 52, 67, 461.931818, 110, 110, '8A083B609FF78290E'],
      [2, '3', 'ok', 50.36269, 49.323269, 54, 41.5, 54, 69, 500, 110, 110, 'B5AD58687BFD73B98'],
    ]);
    for (const board of hashboards) expect(board.voltageV).toBeCloseTo(12.938265, 6); // current_voltage
    expect(fans.map(({ slot, rpm, percent }) => [slot, rpm, percent])).toEqual([
      [0, 5904, 100], // position, rpm, target_speed_ratio 1.0
      [1, 5874, 100],
      [2, 5874, 100],
      [3, 5904, 100],
    ]);
  });

  test.skipIf(xp.skipped)('works for the first of two pools of its group', () => {
    expect(xp.now().pools).toEqual([
      {
        index: 0,
        url: 'stratum+tcp://example.pool.com:3333',
        worker: 'account.worker1', // user
        status: 'alive', // enabled, alive
        active: true,
        priority: 0, // its place in the group
        accepted: 10_460,
        rejected: 18,
        stale: 0,
        difficulty: 262_144, // last_difficulty
        lastShareAt: 1_776_446_524_734, // last_share_time
      },
      {
        index: 1,
        url: 'stratum+tcp://example.pool2.com:3333',
        worker: 'account.worker1',
        status: 'alive',
        active: false,
        priority: 1,
        accepted: 4,
        rejected: 0,
        stale: 0,
        difficulty: 262_144,
        lastShareAt: 1_776_395_827_885,
      },
    ]);
  });

  test.skipIf(xp.skipped)('tells of two names that it could not resolve before it started, which is no alarm', () => {
    // Eight entries of three weeks, some with the time of a clock that was not set; bosminer runs since 16 April.
    expect(xp.now().faults.map(({ code, severity, text, at }) => [code, severity, text, at])).toEqual([
      ['network.fault', 'info', 'Failed to resolve ("mine.ocean.xyz", 3334)', Date.UTC(2026, 2, 27, 8, 12, 38, 813)],
      [
        'network.fault',
        'info',
        'Failed to resolve ("a830bcc3.bos.braiins.com", 3336)',
        Date.UTC(2026, 3, 8, 8, 3, 18, 155),
      ],
    ]);
  });
});

describe('an Antminer S9 with 22.08, read by GraphQL', () => {
  const s9 = machine(1_771_947_051_000, 'antminer-s9_63chips', '22.08-plus_2022-09-13');

  test.skipIf(s9.skipped)('is who it is, with the MAC of the older page', () => {
    expect(s9.now().identity).toMatchObject({
      make: null, // modelName was not asked
      model: null,
      firmware: 'braiins-os',
      firmwareVersion: '22.08', // bos info version full
      apiVersion: '3.7', // version API
      mac: '02:22:67:09:fc:18', // web_net_conf macaddr
      hostname: 'miner',
      algorithm: 'sha256d',
    });
  });

  test.skipIf(s9.skipped)('hashes', () => {
    const now = s9.now();
    expect(now.state).toBe('mining');
    expect(rounded(now.hashrate.currentHs)).toBe(7.160209); // workSolver realHashrate mhs5S
    expect(rounded(now.hashrate.nominalHs)).toBe(7.242403); // workSolver nominalMhs
    expect(now).toMatchObject({
      powerW: 735, // approxConsumptionW
      powerBasis: 'estimated',
      powerLimitW: 900, // limitW
      systemUptimeS: 1189, // bos uptime durationS
      minerUptimeS: null,
      faults: [],
    });
    expect(
      now.hashboards.map((board) => [
        board.slot,
        board.label, // name
        rounded(board.hashrateHs),
        rounded(board.nominalHs),
        board.tempC, // temperatures Board
        board.chipTempMaxC, // temperatures Chip
        board.chipsWorking, // hwDetails chips
      ]),
    ).toEqual([
      [0, '6', 2.96695, 3.017668, 71, 81.625, 63],
      [1, '7', 3.022859, 3.017668, 75.375, 89.25, 63],
      [2, '8', 2.946869, 3.017668, 66.125, 80, 63],
    ]);
    for (const board of now.hashboards) {
      expect(board.frequencyMHz).toBe(420.170944); // hwDetails frequencyMhz
      expect(board.voltageV).toBeCloseTo(9.097457, 6); // hwDetails voltageV
    }
    // Two of the four places have no fan; without the model nobody can tell.
    expect(now.fans.map(({ rpm, percent }) => [rpm, percent])).toEqual([
      [4080, 100],
      [5580, 100],
      [0, 100],
      [0, 100],
    ]);
  });

  test.skipIf(s9.skipped)('works for a pool of each of two groups', () => {
    expect(s9.now().pools.map((pool) => [pool.url, pool.worker, pool.status, pool.active, pool.accepted])).toEqual([
      ['stratum+tcp://btc1.example.pool:3333', 'account.worker1', 'alive', true, 31], // acceptedSolutions
      ['stratum+tcp://btc2.example.pool:3333', 'account.worker1', 'alive', true, 18],
    ]);
  });
});

describe('a machine of 55 chips a board with 25.03, read by GraphQL', () => {
  const big = machine(1_776_367_337_000, 'antminer-55chips', '25.03-plus_2025-04-07');

  test.skipIf(big.skipped)('is read with inlet, outlet and serial numbers', () => {
    const now = big.now();
    expect(now.identity).toMatchObject({
      firmwareVersion: '25.03',
      mac: '02:ec:a5:88:44:85', // web_net_conf
      hostname: 'miner',
    });
    expect(now).toMatchObject({ state: 'mining', powerW: 4448, powerLimitW: 3878, systemUptimeS: 96_949, faults: [] });
    expect(rounded(now.hashrate.currentHs)).toBe(251.235331); // mhs5S
    expect(rounded(now.hashrate.nominalHs)).toBe(259.190439); // nominalMhs
    expect(
      now.hashboards.map((board) => [
        board.label,
        rounded(board.hashrateHs),
        board.tempC, // Max Board
        board.chipTempMaxC, // Max Chip
        board.inletTempC, // Inlet
        board.outletTempC, // Outlet
        board.frequencyMHz,
        board.voltageV,
        board.chipsWorking,
        board.serial, // hbSerialNumber
      ]),
    ).toEqual([
      ['1', 83.918106, 60, 75, 39, 60, 766.136363, 12.945725, 55, 'A5CC937E2C77E3342'],
      ['2', 83.283682, 58.5, 73.5, 39.5, 58.5, 768.068181, 12.945725, 55, '99F04B2F61EF1CD8F'],
      ['3', 83.30116, 57.5, 72.5, 39.5, 57.5, 768.068181, 12.945725, 55, '53B1A3A121E5924B1'],
    ]);
    expect(now.fans.map(({ rpm }) => rpm)).toEqual([6418, 6448, 6328, 5998]);
    expect(now.pools.map((pool) => [pool.active, pool.accepted, pool.rejected])).toEqual([
      [true, 10_781, 24],
      [false, 0, 0],
    ]);
  });
});
