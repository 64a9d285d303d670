import {
  blankFan,
  blankFault,
  blankHashboard,
  efficiencyJTh,
  type FamilySnapshot,
  type Fan,
  type Fault,
  GH,
  type Hashboard,
  type HashboardState,
  type MachineState,
  MH,
  type Pool,
  type Replies,
} from '@headframe/model';
import { averageHashrate, first, lastShareAt, poolFrom, section, sharesFrom } from '@headframe/wire/cgminer';
import { Fields, positive } from '@headframe/wire/json';
import { ASSUMED } from './assumed.ts';
import { identityOfDcent } from './identity.ts';
import { PLACEHOLDERS, POOL_WORDS, STARTING_S } from './quirks.ts';

/** What the answers of DCENT_OS mean (protocols.md 9; field names and units as its published source sends them). */
export function mapDcent(replies: Replies): FamilySnapshot {
  const summary = told(first(replies.get('summary')?.doc, 'SUMMARY'));
  const stats = first(replies.get('stats')?.doc, 'STATS');
  // The only window of its own: 1m, 5m and 15m repeat the average since the start.
  const currentHs = summary.num('MHS 5s', MH) ?? summary.num('GHS 5s', GH);
  const hashboards = hashboardsOf(replies, currentHs);
  const state = stateOf(replies, summary, currentHs, hashboards);
  const power = powerOf(replies);
  return {
    identity: identityOfDcent(replies),
    state,
    minerUptimeS: summary.int('Elapsed'),
    systemUptimeS: null,
    hashrate: {
      currentHs,
      currentWindowS: currentHs === null ? null : 5,
      averageHs: averageHashrate(summary),
      // 0 where it does not know the chip.
      nominalHs: positive(stats.num('total_rateideal', GH)),
      windows: currentHs === null ? [] : [{ seconds: 5, hs: currentHs }],
    },
    ...power,
    powerLimitW: null,
    efficiencyJTh: efficiencyJTh(power.powerW, currentHs),
    ambientTempC: null,
    hashboards,
    fans: fansOf(stats),
    psu: null,
    pools: poolsOf(replies),
    shares: sharesFrom(summary),
    hardwareErrors: summary.int('Hardware Errors'),
    faults: faultsOf(hashboards),
  };
}

/** A record without the fields that it calls placeholders itself: a 0 there is no count (protocols.md 9: `_DCENT`). */
function told(record: Fields): Fields {
  const placeholders = new Set(record.list(PLACEHOLDERS));
  if (placeholders.size === 0) return record;
  const names = record.keys().filter((name) => !placeholders.has(name));
  return new Fields(Object.fromEntries(names.map((name) => [name, record.raw(name)])));
}

/** It suppresses what it has not measured or modelled live, and says which of the two it is. */
function powerOf(replies: Replies): Pick<FamilySnapshot, 'powerW' | 'powerBasis'> {
  const metrics = first(replies.get('metrics')?.doc, 'METRICS');
  const isLive = metrics.bool('Power Live Available') !== false;
  const powerW = isLive ? positive(metrics.num('Wall Power')) : null;
  if (powerW === null) return { powerW: null, powerBasis: null };
  return { powerW, powerBasis: metrics.bool('Power Modeled') === false ? 'measured' : 'estimated' };
}

function stateOf(
  replies: Replies,
  summary: Fields,
  currentHs: number | null,
  boards: readonly Hashboard[],
): MachineState {
  if (currentHs === null) return 'unknown';
  if (currentHs > 0) return 'mining';
  const words = section(replies.get('stats')?.doc, 'STATS').flatMap((record) => record.str('status') ?? []);
  if (words.length > 0 && words.every((word) => ASSUMED.asleep.test(word))) return 'paused';
  if (boards.length > 0 && boards.every((board) => board.state === 'fault')) return 'fault';
  const elapsedS = summary.num('Elapsed');
  return averageHashrate(summary) === 0 && elapsedS !== null && elapsedS < STARTING_S ? 'starting' : 'idle';
}

/**
 * One device of DEVS per hashboard. A board that does not answer is listed as dead; how many there should be is not
 * known, as any board may hang on any control board with this firmware.
 */
function hashboardsOf(replies: Replies, currentHs: number | null): Hashboard[] {
  const boards = section(replies.get('devs')?.doc, 'DEVS').map((dev, place): Hashboard => {
    // Its voltage is what it was told to be: nothing measures it on most control boards.
    return {
      ...blankHashboard(dev.int('ASC') ?? place),
      label: dev.str('Name'),
      state: boardState(dev),
      hashrateHs: dev.num('MHS 5s', MH),
      tempC: positive(dev.num('Temperature')),
      frequencyMHz: positive(dev.num('frequency')),
      voltageV: positive(dev.num('voltage')),
      chipsWorking: dev.int('chain_acn'),
      hardwareErrors: dev.int('Hardware Errors'),
    };
  });
  // A warm machine may have no rate per board yet, and sends 0 beside a total.
  const isUntold = (currentHs ?? 0) > 0 && boards.every((board) => board.hashrateHs === 0);
  return boards.map((board) => (isUntold ? { ...board, hashrateHs: null } : board)).sort((a, b) => a.slot - b.slot);
}

function boardState(dev: Fields): HashboardState {
  const status = dev.str('Status');
  if (status === 'Dead') return 'fault';
  if (dev.bool('Enabled') === false) return 'disabled';
  return status === 'Alive' ? 'ok' : 'unknown';
}

const faultsOf = (boards: readonly Hashboard[]): Fault[] =>
  boards
    .filter(({ state }) => state === 'fault')
    .map(({ label, slot }) => ({
      ...blankFault('device.fault'),
      vendorCode: 'Dead',
      text: 'no chip of the hashboard answers',
      severity: 'error',
      component: label ?? `hashboard ${slot}`,
    }));

/** A fan that stands reads 0, and is one of `fan_num`. */
const MOST_FANS = 16;

function fansOf(stats: Fields): Fan[] {
  const count = Math.min(stats.int('fan_num') ?? 0, MOST_FANS);
  return Array.from({ length: Math.max(0, count) }, (_, slot) => ({
    ...blankFan(slot),
    label: `fan${slot + 1}`,
    rpm: stats.num(`fan${slot + 1}`),
  }));
}

/** Its pools: user names of twelve letters and more come masked, and so they are shown (README). */
function poolsOf(replies: Replies): Pool[] {
  const reply = replies.get('pools');
  if (reply === undefined) return [];
  return section(reply.doc, 'POOLS').map((record, place) => ({
    ...poolFrom(told(record), place),
    status: POOL_WORDS.get(record.str('Status')?.toLowerCase() ?? '') ?? 'unknown',
    lastShareAt: lastShareAt(record, reply, null),
  }));
}
