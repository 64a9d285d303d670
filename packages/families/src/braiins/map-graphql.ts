import {
  blankFan,
  blankFault,
  blankHashboard,
  blankPool,
  blankPsu,
  efficiencyJTh,
  type Fan,
  type Fault,
  type Hashboard,
  type Hashrate,
  type MachineState,
  MH,
  type Pool,
  type PoolState,
  type Psu,
  type Replies,
} from '@headframe/model';
import { Fields, positive } from '@headframe/wire/json';
import { MOST, STARTING_S } from './assumed.ts';
import { errorFault, withoutDoubles } from './faults.ts';
import { gqlId, type QueryName } from './graphql.ts';
import { identityOfGraphql } from './identity.ts';
import { boardState } from './map-api.ts';
import { blankShares, blankView, hashes, records, slotsOf, type View, windowsOf } from './view.ts';

/**
 * What the GraphQL API of 21.09 to 25.05 says (published schemas; captures of 22.08 and 25.03). It has no word for the
 * state: what is hashed tells. Null where it did not answer.
 */
export function viewOfGraphql(replies: Replies, skewMs: number): View | null {
  const system = dataOf(replies, 'system');
  const miner = dataOf(replies, 'miner').sub('bosminer');
  const bosminer = miner.keys().length > 0 ? miner : system.sub('bosminer');
  const boards = dataOf(replies, 'boards').sub('bosminer').sub('info');
  const pools = dataOf(replies, 'pools').sub('bosminer').sub('info');
  const info = bosminer.sub('info');
  const bos = system.sub('bos');
  if ([system, miner, boards, pools].every((part) => part.keys().length === 0)) return null;
  const told = {
    identity: gqlId('system'),
    state: gqlId('miner'),
    hashrate: gqlId('miner'),
    power: gqlId('miner'),
    hashboards: gqlId('boards'),
    pools: gqlId('pools'),
  };

  const summary = info.sub('summary');
  const solver = info.sub('workSolver');
  const hashrate = hashrateOf(solver);
  const isHashing = hashes(hashrate);
  const power = summary.sub('power');
  const powerW = power.num('approxConsumptionW');
  const minerUptimeS = positive(bosminer.sub('uptime').int('durationS'));
  const shares = summary.sub('shares');
  return {
    ...blankView(told),
    identity: identityOfGraphql(replies, bos, info.str('modelName'), boards),
    state: stateOf(isHashing, minerUptimeS, summary.sub('dynamicPerformanceScaling').str('status')),
    minerUptimeS,
    systemUptimeS: positive(bos.sub('uptime').int('durationS')),
    hashrate,
    powerW,
    powerBasis: powerW === null ? null : 'estimated',
    powerLimitW: powerLimit(power, dataOf(replies, 'tuning').sub('bosminer').sub('config').sub('autotuning')),
    efficiencyJTh: efficiencyJTh(powerW, hashrate.currentHs),
    ambientTempC: summary.sub('temperatureAmbient').num('degreesC'),
    hashboards: boardsOf(boards, dataOf(replies, 'tuning').sub('bosminer').sub('config'), isHashing),
    fans: fansOf(info),
    psu: psuOf(solver.sub('psuInfo')),
    pools: poolsOf(pools),
    shares: {
      ...blankShares(),
      accepted: shares.int('acceptedSolutions'),
      rejected: shares.int('rejectedSolutions'),
      stale: shares.int('staleSolutions'),
    },
    faults: faultsOf(replies, summary, minerUptimeS, skewMs),
  };
}

const dataOf = (replies: Replies, name: QueryName): Fields => new Fields(replies.get(gqlId(name))?.doc).sub('data');

const WINDOWS: readonly (readonly [seconds: number, name: string])[] = [
  [5, 'mhs5S'],
  [15, 'mhs15S'],
  [30, 'mhs30S'],
  [60, 'mhs1M'],
  [300, 'mhs5M'],
  [900, 'mhs15M'],
  [1_800, 'mhs30M'],
  [3_600, 'mhs1H'],
  [86_400, 'mhs24H'],
];

function hashrateOf(solver: Fields): Hashrate {
  const real = solver.sub('realHashrate');
  const windows = windowsOf(WINDOWS.map(([seconds, name]) => [seconds, real.num(name, MH)]));
  return {
    currentHs: windows[0]?.hs ?? null,
    currentWindowS: windows[0]?.seconds ?? null,
    averageHs: real.num('mhsSinceRestart', MH) ?? real.num('mhsAv', MH),
    nominalHs: positive(solver.num('nominalMhs', MH)),
    windows,
  };
}

function stateOf(isHashing: boolean | null, minerUptimeS: number | null, scaling: string | null): MachineState {
  if (isHashing === true) return 'mining';
  if (scaling === 'MINING_SHUTDOWN') return 'paused';
  if (isHashing === null) return 'unknown';
  return minerUptimeS !== null && minerUptimeS < STARTING_S ? 'starting' : 'idle';
}

function powerLimit(power: Fields, tuning: Fields): number | null {
  if (tuning.str('mode') === 'HASHRATE_TARGET') return null;
  return positive(power.num('limitW')) ?? positive(tuning.num('powerTarget'));
}

/** `Board`, `Max Board` and `MAX_BOARD` are one (21.09, 25.03, 25.05.1). */
const sensor = (board: Fields, name: RegExp): number | null => {
  for (const one of records(board.list('temperatures'), 32)) {
    if (name.test(one.str('name') ?? '')) return one.num('degreesC');
  }
  return null;
};

function boardsOf(info: Fields, config: Fields, isHashing: boolean | null): Hashboard[] {
  const list = records(info.sub('workSolver').list('childSolvers'), MOST.boards);
  const slots = slotsOf(list.map((board) => board.str('name')));
  const chains = records(config.list('hashChains'), MOST.boards);
  return list.map((record, position) => {
    const rates = hashrateOf(record);
    const details = record.sub('hwDetails');
    const label = record.str('name');
    const isEnabled = chains.find((chain) => chain.str('name') === label)?.bool('enabled') ?? null;
    return {
      ...blankHashboard(slots[position] ?? position),
      label,
      state: boardState(isEnabled, rates.currentHs, isHashing),
      hashrateHs: rates.currentHs,
      nominalHs: rates.nominalHs,
      tempC: sensor(record, /^(?:max[ _])?board$/i),
      inletTempC: sensor(record, /^inlet$/i),
      outletTempC: sensor(record, /^outlet$/i),
      chipTempMaxC: sensor(record, /^(?:max[ _])?chip$/i),
      frequencyMHz: positive(details.num('frequencyMhz')),
      voltageV: positive(details.num('voltageV')),
      powerW: positive(record.sub('power').num('approxConsumptionW')),
      chipsWorking: details.int('chips'),
      serial: details.str('hbSerialNumber'),
    };
  });
}

/** A control board of an S9 has places for more fans than the machine: those read 0 (captures). */
const fansOf = (info: Fields): Fan[] =>
  records(info.list('fans'), MOST.fans).map((fan, position) => ({
    ...blankFan(fan.int('name') ?? position),
    rpm: fan.num('rpm'),
    percent: fan.num('speed'),
  }));

function psuOf(psu: Fields): Psu | null {
  const told = { model: psu.str('modelName'), serial: psu.str('serialNumber'), firmwareVersion: psu.str('fwVersion') };
  return Object.values(told).every((value) => value === null) ? null : { ...blankPsu(), ...told };
}

const POOL_STATES: ReadonlyMap<string, PoolState> = new Map([
  ['ALIVE', 'alive'],
  ['DEAD', 'dead'],
  ['DISABLED', 'disabled'],
]);

function poolsOf(info: Fields): Pool[] {
  const all: Pool[] = [];
  for (const group of records(info.list('poolGroups'), MOST.pools)) {
    for (const [priority, pool] of records(group.list('pools'), MOST.pools - all.length).entries()) {
      const shares = pool.sub('shares');
      all.push({
        ...blankPool(all.length),
        url: pool.str('url'),
        worker: pool.str('user'),
        status: POOL_STATES.get(pool.str('status') ?? '') ?? 'unknown',
        active: pool.bool('active'),
        priority,
        accepted: shares.int('acceptedSolutions'),
        rejected: shares.int('rejectedSolutions'),
        stale: shares.int('staleSolutions'),
        difficulty: positive(pool.num('lastDifficulty')),
      });
    }
  }
  return all;
}

/** `appeals` are what the web page shows as notices; errors of 24.09 and later have the form of `GetErrors`. */
function faultsOf(replies: Replies, summary: Fields, minerUptimeS: number | null, skewMs: number): Fault[] {
  const reply = replies.get(gqlId('events'));
  const data = dataOf(replies, 'events');
  const startedAt = reply === undefined || minerUptimeS === null ? null : reply.meta.at - minerUptimeS * 1000;
  const faults = records(data.sub('bos').list('errors'), MOST.faults).map((entry) =>
    errorFault(entry, startedAt, skewMs),
  );
  for (const appeal of records(data.sub('events').list('appeals'), MOST.faults)) {
    const kind = appeal.str('kind');
    if (kind !== 'WARNING' && kind !== 'ERROR') continue;
    faults.push({
      ...blankFault('vendor.unmapped'),
      vendorCode: 'appeal',
      text: appeal.str('message'),
      severity: kind === 'ERROR' ? 'error' : 'warning',
    });
  }
  if (summary.str('tunerStatus') === 'FAILED') {
    faults.push({
      ...blankFault('vendor.unmapped'),
      vendorCode: 'TunerStatus FAILED',
      text: 'the tuner has failed',
      component: 'tuner',
    });
  }
  return withoutDoubles(faults);
}
