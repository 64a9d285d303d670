import {
  blankFan,
  blankFault,
  efficiencyJTh,
  type FamilySnapshot,
  type Fan,
  type Fault,
  type FindingCode,
  type MachineState,
  type Replies,
  type Severity,
} from '@headframe/model';
import type { Hardware } from '@headframe/model/hardware';
import { section } from '@headframe/wire/cgminer';
import { Fields } from '@headframe/wire/json';
import { hashboardsOf } from './hashboards.ts';
import { machineOf } from './identity.ts';
import { powerFrom, warningFrom } from './monitor.ts';
import { poolsOf, sharesOf } from './pools.ts';
import type { Quirk } from './quirks.ts';
import { hashrateOf, rateFactor } from './rates.ts';
import {
  hashes,
  isSetToSleep,
  liveReply,
  num,
  powerIn,
  statsRecord,
  summaryRecord,
  systemUptimeS,
  textOf,
} from './view.ts';

/** Boards are found and tuned during the first minutes of the process; no hashrate then is no fault. */
const STARTING_S = 600;

/** What the answers of a stock Antminer mean (protocols.md 2.1 and 2.3). */
export function mapAntminer(replies: Replies): FamilySnapshot {
  const { identity, hardware, quirk } = machineOf(replies);
  const summary = summaryRecord(replies);
  const stats = statsRecord(replies);
  const factor = rateFactor(stats, summary, quirk);
  const hashrate = hashrateOf(summary, stats, factor);
  const uptimeS = num(summary, 'Elapsed', 'elapsed') ?? num(stats, 'Elapsed', 'elapsed');
  const starting = uptimeS !== null && uptimeS < STARTING_S;
  const hashing = hashes(summary) || hashes(stats);
  const faults = faultsOf(replies, stats);
  const pools = poolsOf(replies);
  const powerW = powerOf(replies, stats);
  return {
    identity,
    state: stateOf(replies, { hashing, starting, faulty: faults.some((fault) => fault.severity === 'error') }),
    minerUptimeS: uptimeS,
    systemUptimeS: systemUptimeS(replies),
    hashrate,
    powerW,
    // Whether the supply measures or the firmware reckons is said nowhere.
    powerBasis: null,
    powerLimitW: null,
    efficiencyJTh: efficiencyJTh(powerW, hashrate.currentHs),
    ambientTempC: null,
    hashboards: hashboardsOf(stats, replies, { factor, hardware, quirk, hashing, starting: starting && !hashing }),
    fans: fansOf(stats, hardware, quirk),
    psu: null,
    pools,
    shares: sharesOf(summary, pools),
    hardwareErrors: summary.int('Hardware Errors') ?? summary.int('hw_all') ?? summary.int('hw'),
    faults,
  };
}

interface Signs {
  readonly hashing: boolean;
  readonly starting: boolean;
  readonly faulty: boolean;
}

/** In sleep mode SUMMARY and STATS are empty arrays: only the configuration says that it is on purpose (2.3). */
function stateOf(replies: Replies, signs: Signs): MachineState {
  if (liveReply(replies) === undefined) return 'unknown';
  if (isSetToSleep(replies)) return 'paused';
  if (signs.hashing) return 'mining';
  if (signs.starting) return 'starting';
  return signs.faulty ? 'fault' : 'idle';
}

/** More connectors than any machine has. */
const MOST_FANS = 8;

/**
 * Fans stand under the number of their connector, and connectors without a fan read 0 as well. `fan_num` and the
 * catalogue say how many there are: of the connectors that read 0, as many as are wanting are fans that stand still.
 */
function fansOf(stats: Fields, hardware: Hardware | null, quirk: Quirk | null): Fan[] {
  if (stats.has('fan')) {
    return stats
      .list('fan')
      .slice(0, MOST_FANS)
      .map((rpm, slot) => ({ ...blankFan(slot), rpm: new Fields({ rpm }).num('rpm') }));
  }
  const connectors: { n: number; rpm: number }[] = [];
  for (let n = 1; n <= MOST_FANS; n++) {
    const rpm = stats.num(`fan${n}`);
    if (rpm !== null) connectors.push({ n, rpm });
  }
  const turning = connectors.filter(({ rpm }) => rpm > 0);
  const count = Math.max(stats.int('fan_num') ?? 0, hardware?.fans ?? 0);
  const usual = quirk?.fans ?? Array.from({ length: Math.min(count, MOST_FANS) }, (_, index) => index + 1);
  const still = usual
    .filter((n) => connectors.some((connector) => connector.n === n && connector.rpm <= 0))
    .slice(0, Math.max(0, count - turning.length));
  return [...turning, ...still.map((n) => ({ n, rpm: 0 }))]
    .sort((a, b) => a.n - b.n)
    .map(({ n, rpm }) => {
      const fan = blankFan(n - 1);
      fan.label = `fan${n}`;
      fan.rpm = rpm;
      return fan;
    });
}

/** A reply of this poll, as opposed to one that was kept. */
const SAME_POLL_MS = 60_000;

/** Only some machines say it, newer liquid-cooled ones in stats.cgi only (`watt`), others on port 6060. */
function powerOf(replies: Replies, stats: Fields): number | null {
  const live = liveReply(replies);
  const boards = replies.get('http:boards');
  const records = [stats];
  if (live !== undefined && boards !== undefined && live.meta.at - boards.meta.at < SAME_POLL_MS) {
    records.push(...section(boards.doc, 'STATS'));
  }
  for (const record of records) {
    const told = powerIn(record);
    if (told !== null) return told;
  }
  return powerFrom(textOf(replies.get('monitor:power')) ?? '');
}

const FAULT_CODES: ReadonlyMap<string, FindingCode> = new Map([
  ['rate', 'hashrate.fault'],
  ['network', 'network.fault'],
  ['fans', 'fan.fault'],
  ['temp', 'temperature.fault'],
]);
const SEVERITIES: ReadonlyMap<string, Severity> = new Map([
  ['e', 'error'],
  ['w', 'warning'],
]);

/** The page has four checks. */
const MOST_FAULTS = 32;

/** The checks of summary.cgi: `s` is fine, `w` a warning, `e` an error (protocols.md 2.3). */
function faultsOf(replies: Replies, stats: Fields): Fault[] {
  const faults: Fault[] = [];
  const told = replies.get('http:summary') ?? replies.get('summary');
  for (const record of section(told?.doc, 'SUMMARY').slice(0, 1)) {
    for (const item of record
      .list('status')
      .slice(0, MOST_FAULTS)
      .map((value) => new Fields(value))) {
      const status = item.str('status');
      if (status === null || status === 's') continue;
      const component = item.str('type');
      faults.push({
        ...blankFault(FAULT_CODES.get(component ?? '') ?? 'vendor.unmapped'),
        vendorCode: item.str('code') ?? item.int('code')?.toString() ?? null,
        text: item.str('msg'),
        severity: SEVERITIES.get(status) ?? 'warning',
        component,
      });
    }
  }
  const warning = warningFrom(replies.get('monitor:warning')?.doc);
  // What the codes of port 6060 mean is documented nowhere.
  if (warning !== null) {
    faults.push({ ...blankFault('vendor.unmapped'), vendorCode: warning, text: warning, severity: 'warning' });
  }
  // A name of STATS on liquid-cooled builds (2.1); what stands beside it has not been seen.
  if (stats.has(COOLING)) faults.push({ ...blankFault('vendor.unmapped'), text: COOLING, severity: 'info' });
  return faults;
}

const COOLING = 'Miner is slowly cooling down';
