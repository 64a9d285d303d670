import {
  blankFan,
  blankFault,
  blankHashboard,
  blankPool,
  type FamilySnapshot,
  type Fan,
  type Fault,
  type FindingCode,
  type Hashboard,
  type Hashrate,
  hashrateFactor,
  type MachineState,
  MH,
  type Pool,
  type PoolState,
  type Replies,
} from '@headframe/model';
import { first, section, sinceShare } from '@headframe/wire/cgminer';
import { Fields, positive, toNumber } from '@headframe/wire/json';
import { hardwareOf, identityOfElphapex } from './identity.ts';
import { isHashing, rateRecord, sleeps } from './view.ts';

/** What the pages of an Elphapex mean: those of a stock Antminer with habits of their own (README). */
export function mapElphapex(replies: Replies): FamilySnapshot {
  const rates = rateRecord(replies);
  const stats = first(replies.get('stats')?.doc, 'STATS');
  const uptimeS = rates.int('elapsed');
  const faults = faultsOf(replies);
  const pools = poolsOf(replies);
  return {
    identity: identityOfElphapex(replies),
    state: stateOf(replies, uptimeS, faults),
    minerUptimeS: uptimeS,
    systemUptimeS: null,
    hashrate: hashrateOf(rates),
    powerW: null,
    powerBasis: null,
    powerLimitW: null,
    efficiencyJTh: null,
    ambientTempC: null,
    hashboards: hashboardsOf(stats, replies),
    fans: fansOf(stats),
    psu: null,
    pools,
    shares: {
      accepted: sumOf(pools, 'accepted'),
      rejected: sumOf(pools, 'rejected'),
      stale: sumOf(pools, 'stale'),
      // 0 on a machine with two million shares: not counted.
      sessionBestDifficulty: positive(rates.num('bestshare')),
      bestDifficulty: null,
    },
    // `hw_all` repeats the average rate, `hw` of a chain its number of chips.
    hardwareErrors: null,
    faults,
  };
}

/** Boards are found and tuned during the first minutes of the process; no hashrate then is no fault. */
const STARTING_S = 600;

function stateOf(replies: Replies, uptimeS: number | null, faults: readonly Fault[]): MachineState {
  if ((replies.get('summary')?.doc ?? replies.get('stats')?.doc ?? null) === null) return 'unknown';
  if (isHashing(replies)) return 'mining';
  if (sleeps(replies)) return 'paused';
  if (uptimeS !== null && uptimeS < STARTING_S) return 'starting';
  return faults.some((fault) => fault.severity === 'error') ? 'fault' : 'idle';
}

/** H/s in one unit of a record's rates; MH/s where it does not say. Null: a unit that we do not know. */
function factorOf(record: Fields): number | null {
  const unit = record.str('rate_unit');
  return unit === null ? MH : hashrateFactor(unit);
}

function hashrateOf(record: Fields): Hashrate {
  const factor = factorOf(record);
  const rate = (name: string) => (factor === null ? null : record.num(name, factor));
  const windows = [
    { seconds: 5, hs: rate('rate_5s') },
    { seconds: 900, hs: rate('rate_15m') },
    // Always 0 on the recorded machine, which hashes for days: a window that is not kept.
    { seconds: 1800, hs: positive(rate('rate_30m')) },
  ].flatMap(({ seconds, hs }) => (hs === null ? [] : [{ seconds, hs }]));
  return {
    currentHs: windows[0]?.hs ?? null,
    currentWindowS: windows[0]?.seconds ?? null,
    averageHs: rate('rate_avg'),
    nominalHs: positive(rate('rate_ideal')),
    windows,
  };
}

/** More than any machine has: a reply is not trusted to be as short as it should be. */
const MOST_BOARDS = 16;
const MOST_SENSORS = 16;
const MOST_FANS = 16;
const MOST_POOLS = 32;
const MOST_FAULTS = 32;

/** Chip temperatures are in thousandths of a degree, and in strings. */
const PER_DEGREE = 1000;

function hashboardsOf(stats: Fields, replies: Replies): Hashboard[] {
  const factor = factorOf(stats);
  const chipsExpected = hardwareOf(replies)?.chipsPerBoard ?? null;
  return stats
    .list('chain')
    .slice(0, MOST_BOARDS)
    .map((value, place): Hashboard => {
      const chain = new Fields(value);
      const chips = chain.int('asic_num');
      const rate = (name: string) => (factor === null ? null : chain.num(name, factor));
      const board = readings(chain.list('temp_pcb'), 1);
      const chip = readings(chain.list('temp_chip'), PER_DEGREE);
      return {
        ...blankHashboard(chain.int('index') ?? place),
        state: chips === null ? 'unknown' : chips > 0 ? 'ok' : chain.str('sn') === null ? 'missing' : 'fault',
        // The rates of `rate_real` add up to the average since the start, those of `hashrate` to the present (README).
        hashrateHs: rate('hashrate') ?? rate('rate_15m'),
        nominalHs: positive(rate('rate_ideal')),
        tempC: board.length === 0 ? null : Math.max(...board),
        chipTempMinC: chip.length === 0 ? null : Math.min(...chip),
        chipTempMaxC: chip.length === 0 ? null : Math.max(...chip),
        chipsWorking: chips,
        chipsExpected,
        serial: chain.str('sn'),
      };
    });
}

/** A sensor that is not there reads 0 or nothing. */
const readings = (list: readonly unknown[], perDegree: number): number[] =>
  list.slice(0, MOST_SENSORS).flatMap((value) => {
    const told = positive(toNumber(value));
    return told === null ? [] : [told / perDegree];
  });

const fansOf = (stats: Fields): Fan[] =>
  stats
    .list('fan')
    .slice(0, MOST_FANS)
    .map((rpm, slot) => ({ ...blankFan(slot), rpm: toNumber(rpm) }));

const POOL_STATES: ReadonlyMap<string, PoolState> = new Map([
  ['alive', 'alive'],
  ['dead', 'dead'],
  ['unreachable', 'dead'],
  ['disabled', 'disabled'],
  ['rejecting', 'rejecting'],
]);

/** Which pool is in use is not said. */
function poolsOf(replies: Replies): Pool[] {
  const reply = replies.get('pools');
  if (reply === undefined) return [];
  return section(reply.doc, 'POOLS')
    .slice(0, MOST_POOLS)
    .map((record, place) => {
      const accepted = record.int('accepted');
      // 00:00:00 without a share is no share at all.
      const sinceS = accepted === 0 ? null : sinceShare(record.str('lstime'));
      return {
        ...blankPool(record.int('index') ?? place),
        url: record.str('url'),
        worker: record.str('user'),
        status: POOL_STATES.get(record.str('status')?.toLowerCase() ?? '') ?? 'unknown',
        priority: record.int('priority'),
        accepted,
        rejected: record.int('rejected'),
        stale: record.int('stale'),
        difficulty: positive(record.num('lsdiff')),
        lastShareAt: sinceS === null ? null : reply.meta.at - sinceS * 1000,
      };
    });
}

const sumOf = (pools: readonly Pool[], name: 'accepted' | 'rejected' | 'stale'): number | null =>
  pools.reduce<number | null>((sum, pool) => (pool[name] === null ? sum : (sum ?? 0) + pool[name]), null);

const FAULT_CODES: ReadonlyMap<string, FindingCode> = new Map([
  ['rate', 'hashrate.fault'],
  ['network', 'network.fault'],
  ['fans', 'fan.fault'],
  ['temp', 'temperature.fault'],
]);

/** The checks of summary.cgi: `s` is fine, `w` a warning, `e` an error (protocols.md 2.3). */
function faultsOf(replies: Replies): Fault[] {
  return first(replies.get('summary')?.doc, 'SUMMARY')
    .list('status')
    .slice(0, MOST_FAULTS)
    .map((value) => new Fields(value))
    .flatMap((check): Fault[] => {
      const status = check.str('status');
      if (status === null || status === 's') return [];
      const component = check.str('type');
      return [
        {
          ...blankFault(FAULT_CODES.get(component ?? '') ?? 'vendor.unmapped'),
          vendorCode: check.str('code'),
          text: check.str('msg'),
          severity: status === 'e' ? 'error' : 'warning',
          component,
        },
      ];
    });
}
