import {
  blankFan,
  blankHashboard,
  blankPool,
  blankPsu,
  efficiencyJTh,
  type Fan,
  GH,
  type Hashboard,
  type Hashrate,
  type MachineState,
  type Pool,
  type Psu,
  type Replies,
  type Shares,
} from '@headframe/model';
import { Fields, positive } from '@headframe/wire/json';
import { MOST, STARTING_S } from './assumed.ts';
import { MinerService } from './contract/index.ts';
import { errorFaults, licenseFaults, unknownWord, withoutDoubles } from './faults.ts';
import { identityOfApi } from './identity.ts';
import { grpcId } from './questions.ts';
import {
  apiDoc,
  apiReply,
  blankView,
  hashes,
  megahertz,
  minerStatusOf,
  records,
  slotsOf,
  type View,
  windowsOf,
} from './view.ts';

/**
 * What gRPC and REST say: the same messages, so one map (protocols.md 7.2; REST captures of 25.07). Null where neither
 * answered. @param skewMs what is to be added to the machine's clock
 */
export function viewOfApi(replies: Replies, skewMs: number): View | null {
  const details = apiReply(replies, 'api:details');
  const stats = apiReply(replies, 'api:stats');
  const others = (['api:hashboards', 'api:cooling', 'api:pools', 'api:tuner', 'api:errors'] as const).map((name) =>
    apiReply(replies, name),
  );
  const any = [details, stats, ...others].find((reply) => reply !== undefined);
  if (any === undefined) return null;
  const idOf = (reply: typeof any | undefined): string => (reply ?? any).meta.id;
  const [boards, , pools, tuner] = others;
  const told = {
    identity: idOf(details),
    state: idOf(details),
    hashrate: idOf(stats),
    power: idOf(tuner),
    hashboards: idOf(boards),
    pools: idOf(pools),
  };

  const about = new Fields(details?.doc);
  const doc = new Fields(stats?.doc);
  const hashrate = hashrateOf(doc.sub('miner_stats'));
  const nominal = hashrate.nominalHs ?? positive(about.sub('sticker_hashrate').num('gigahash_per_second', GH));
  const power = doc.sub('power_stats');
  const powerW = power.sub('approximated_consumption').num('watt');
  const isHashing = hashes(hashrate);
  const minerUptimeS = positive(about.int('bosminer_uptime_s'));
  const signs = { isHashing, minerUptimeS, told: statusIn(replies) };
  const faults = [
    ...errorFaults(apiReply(replies, 'api:errors'), minerUptimeS, skewMs),
    ...licenseFaults(apiDoc(replies, 'api:license')),
    ...tunerFaults(apiDoc(replies, 'api:tuner')),
    ...statusFaults(signs.told),
  ];
  return {
    ...blankView(told),
    identity: identityOfApi(replies),
    state: stateOf(
      signs,
      faults.some(({ severity }) => severity === 'error'),
    ),
    minerUptimeS,
    systemUptimeS: positive(about.int('system_uptime_s')) ?? positive(about.int('system_uptime')),
    hashrate: { ...hashrate, nominalHs: nominal },
    powerW,
    powerBasis: powerW === null ? null : 'estimated',
    powerLimitW: powerLimit(apiDoc(replies, 'api:tuner'), apiDoc(replies, 'api:configuration').sub('tuner')),
    efficiencyJTh:
      positive(power.sub('efficiency').num('joule_per_terahash')) ?? efficiencyJTh(powerW, hashrate.currentHs),
    hashboards: boardsOf(new Fields(boards?.doc), isHashing),
    fans: fansOf(apiDoc(replies, 'api:cooling')),
    psu: psuOf(about),
    pools: poolsOf(pools?.doc, skewMs),
    shares: sharesOf(doc),
    faults: withoutDoubles(faults),
  };
}

const REAL_RATES: readonly (readonly [seconds: number, name: string])[] = [
  [5, 'last_5s'],
  [15, 'last_15s'],
  [30, 'last_30s'],
  [60, 'last_1m'],
  [300, 'last_5m'],
  [900, 'last_15m'],
  [1_800, 'last_30m'],
  [3_600, 'last_1h'],
  [86_400, 'last_24h'],
];

function hashrateOf(solver: Fields): Hashrate {
  const real = solver.sub('real_hashrate');
  const rate = (name: string): number | null => real.sub(name).num('gigahash_per_second', GH);
  const windows = windowsOf(REAL_RATES.map(([seconds, name]) => [seconds, rate(name)]));
  return {
    currentHs: windows[0]?.hs ?? null,
    currentWindowS: windows[0]?.seconds ?? null,
    averageHs: rate('since_restart'),
    nominalHs: positive(solver.sub('nominal_hashrate').num('gigahash_per_second', GH)),
    windows,
  };
}

/** The status, from the details or from the first word of its own stream. */
const statusIn = (replies: Replies): number | null =>
  minerStatusOf(apiReply(replies, 'api:details')?.doc) ??
  minerStatusOf(replies.get(grpcId(MinerService.method.getMinerStatus))?.doc);

interface Signs {
  readonly isHashing: boolean | null;
  readonly minerUptimeS: number | null;
  readonly told: number | null;
}

/** `MinerStatus` (interface table). Its word stands but for `normal`, which is no proof that anything is hashed. */
function stateOf({ isHashing, minerUptimeS, told }: Signs, faulty: boolean): MachineState {
  switch (told) {
    case 1: // not started
      return 'idle';
    case 3:
      return 'paused';
    case 4: // suspended: not by a person
      return faulty ? 'fault' : 'idle';
    case 2:
    case 5: // normal, and restricted by its license
      if (isHashing !== false) return 'mining';
      if ((minerUptimeS ?? 0) < STARTING_S && minerUptimeS !== null) return 'starting';
      return faulty ? 'fault' : 'idle';
    default:
      return isHashing === true ? 'mining' : 'unknown';
  }
}

const statusFaults = (status: number | null) =>
  status !== null && status > 5 ? [unknownWord('MinerStatus', status, 'status')] : [];

/** `TUNER_STATE_ERROR` is 4; 7 and more are words of a newer contract. */
function tunerFaults(tuner: Fields) {
  const state = tuner.int('overall_tuner_state') ?? 0;
  if (state === 4) {
    return [{ ...unknownWord('TunerState', 4, 'tuner'), text: 'the tuner is in error', severity: 'warning' as const }];
  }
  return state > 6 ? [unknownWord('TunerState', state, 'tuner')] : [];
}

/** The target that the tuner works for now, or the one that is configured, where it is one of power. */
function powerLimit(tuner: Fields, configured: Fields): number | null {
  const mode = tuner.sub('mode_state');
  const now = mode.sub('powertargetmodestate').sub('current_target').num('watt');
  if (now !== null) return positive(now);
  const isOfPower = !mode.has('hashratetargetmodestate') && configured.bool('enabled') !== false;
  const mine = configured.int('tuner_mode');
  return isOfPower && (mine === 1 || mine === null) ? positive(configured.sub('power_target').num('watt')) : null;
}

function boardsOf(doc: Fields, isHashing: boolean | null): Hashboard[] {
  const list = records(doc.list('hashboards'), MOST.boards);
  const slots = slotsOf(list.map((board) => board.str('id')));
  return list.map((record, position) => {
    const stats = hashrateOf(record.sub('stats'));
    const degrees = (name: string): number | null => record.sub(name).num('degree_c');
    const isEnabled = record.bool('enabled');
    return {
      ...blankHashboard(slots[position] ?? position),
      label: record.str('id'),
      state: boardState(isEnabled, stats.currentHs, isHashing),
      hashrateHs: stats.currentHs,
      nominalHs: stats.nominalHs,
      tempC: degrees('board_temp'),
      inletTempC: degrees('lowest_inlet_temp') ?? degrees('lowest_water_inlet_temp'),
      outletTempC: degrees('highest_outlet_temp') ?? degrees('highest_water_outlet_temp'),
      chipTempMaxC: record.sub('highest_chip_temp').sub('temperature').num('degree_c'),
      frequencyMHz: megahertz(record.sub('current_frequency').num('hertz')),
      voltageV: positive(record.sub('current_voltage').num('volt')),
      chipsWorking: record.int('chips_count'),
      serial: record.str('serial_number'),
    };
  });
}

/**
 * A board that is on and hashes nothing while the machine hashes is a fault; while nothing hashes it says nothing. The
 * flag came with 23.08: before, it reads as off, so a board that hashes is on.
 */
export function boardState(
  isEnabled: boolean | null,
  hs: number | null,
  isHashing: boolean | null,
): Hashboard['state'] {
  if (hs !== null && hs > 0) return 'ok';
  if (isEnabled === false) return 'disabled';
  return isHashing === true && hs === 0 ? 'fault' : 'unknown';
}

const fansOf = (cooling: Fields): Fan[] =>
  records(cooling.list('fans'), MOST.fans).map((fan, position) => {
    const ratio = fan.num('target_speed_ratio');
    return {
      ...blankFan(fan.int('position') ?? position),
      rpm: fan.num('rpm'),
      // 0.55 is 55 %, and not the nearest product of binary fractions.
      percent: ratio === null ? null : Math.round(ratio * 10_000) / 100,
    };
  });

function psuOf(details: Fields): Psu | null {
  const psu = details.sub('psu_info');
  const told = {
    model: psu.str('model_name'),
    serial: psu.str('serial_number'),
    firmwareVersion: psu.str('fw_version'),
  };
  return Object.values(told).every((value) => value === null) ? null : { ...blankPsu(), ...told };
}

/** gRPC has the groups under `pool_groups`, REST bare. The pools are counted through all groups. */
function poolsOf(doc: unknown, skewMs: number): Pool[] {
  const groups = Array.isArray(doc) ? doc : new Fields(doc).list('pool_groups');
  const all: Pool[] = [];
  for (const group of records(groups, MOST.pools)) {
    for (const [priority, pool] of records(group.list('pools'), MOST.pools - all.length).entries()) {
      const stats = pool.sub('stats');
      all.push({
        ...blankPool(all.length),
        url: pool.str('url'),
        worker: pool.str('user'),
        status: poolStatus(pool),
        active: pool.bool('active'),
        // Within its group: the order is their priority (protocols.md 7.4).
        priority,
        accepted: stats.int('accepted_shares'),
        rejected: stats.int('rejected_shares'),
        stale: stats.int('stale_shares'),
        difficulty: positive(stats.num('last_difficulty')),
        lastShareAt: timeIn(stats.sub('last_share_time'), skewMs),
      });
    }
  }
  return all;
}

function poolStatus(pool: Fields): Pool['status'] {
  if (pool.bool('enabled') === false) return 'disabled';
  const isAlive = pool.bool('alive');
  return isAlive === null ? 'unknown' : isAlive ? 'alive' : 'dead';
}

/** A time of the machine's clock, in ours. */
function timeIn(stamp: Fields, skewMs: number): number | null {
  const seconds = positive(stamp.num('seconds'));
  return seconds === null ? null : seconds * 1000 + Math.trunc((stamp.num('nanos') ?? 0) / 1e6) + skewMs;
}

function sharesOf(stats: Fields): Shares {
  const pool = stats.sub('pool_stats');
  const solver = stats.sub('miner_stats');
  return {
    accepted: pool.int('accepted_shares'),
    rejected: pool.int('rejected_shares'),
    stale: pool.int('stale_shares'),
    // The digits do not overflow (contract 1.10).
    sessionBestDifficulty:
      positive(solver.num('best_share_str')) ?? positive(solver.num('best_share')) ?? positive(pool.num('best_share')),
    bestDifficulty: null,
  };
}
