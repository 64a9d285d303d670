import {
  type ApiRecord,
  type ApiSection,
  bool,
  difficulty,
  elapsed,
  int,
  list,
  percentOf,
  poolStatsRecord,
  type RunningPool,
  rate,
  statsHead,
  temperature,
  text,
  total,
  user,
  utility,
  yesNo,
} from '@headframe/wire/cgminer-server';
import { longRecord } from './sim-long-record.ts';
import type { AvalonMachine } from './sim-machine.ts';
import type { AvalonPool } from './sim-settings.ts';

/*
 * The records that Avalon's cgminer shares with others, field by field in the order of the wire (`protocols.md` 1.5
 * and 4, and the published replies of a Q).
 */

const MH = 1e6;
const DIFF_1 = 2 ** 32;
/** A pool sends a new job this often, s. */
const JOB_S = 56;
/** One unit of `Works` in difficulty-1 shares. */
const WORKS_DIFF = 4096;
const FIRST_HEIGHT = 905_000;
const BLOCK_VERSION = 0x2000_0000;

const epochS = (at: number): number => Math.floor(at / 1000);
type AvalonPoolRun = RunningPool<AvalonPool>;

const perMinute = (count: number, s: number): number => (s > 0 ? (count * 60) / s : 0);

/** The hashrate windows: the log interval, then three fixed ones. */
function windows(machine: AvalonMachine, now: number, foundBlocks: boolean): ApiRecord {
  const { session, plan } = machine;
  const window = (name: string, s: number) => [`MHS ${name}`, rate(session.fadingHs(now, s) / MH)] as const;
  const found = foundBlocks ? ([['Found Blocks', int(0)]] as const) : [];
  return [
    ['MHS av', rate(session.averageHs(now) / MH)],
    window(`${plan.logIntervalS}s`, plan.logIntervalS),
    window('1m', 60),
    window('5m', 300),
    ...(plan.foundBlocksFirst ? found : []),
    window('15m', 900),
    ...(plan.foundBlocksFirst ? [] : found),
  ];
}

interface Work {
  readonly diff1: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly stale: number;
  /** The same, each share weighed with its pool's difficulty. */
  readonly weighed: { readonly accepted: number; readonly rejected: number; readonly stale: number };
}

/** Work done for one pool, or for all. */
function workOf(machine: AvalonMachine, now: number, pool?: AvalonPoolRun): Work {
  const { session, pools } = machine;
  const { operation } = session;
  const sum = { accepted: 0, rejected: 0, stale: 0 };
  const weighed = { accepted: 0, rejected: 0, stale: 0 };
  let worked = 0;
  for (const { physical, difficulty: weight } of pool === undefined ? pools.list : [pool]) {
    const shares = session.shares(now, { pool: physical });
    worked += operation.workedFor(physical, now);
    for (const kind of ['accepted', 'rejected', 'stale'] as const) {
      sum[kind] += shares[kind];
      weighed[kind] += shares[kind] * weight;
    }
  }
  const all = operation.worked(now);
  const part = all > 0 ? worked / all : 0;
  return { ...sum, weighed, diff1: Math.floor((session.totalHashes(now) * part) / DIFF_1) };
}

/** The pool of the last share, -1 before the first one, and when it came (s since the program started). */
function lastShare(machine: AvalonMachine, now: number): { pool: number; atS: number; difficulty: number } {
  let last = { pool: -1, at: -1 };
  for (const [place, { physical }] of machine.pools.list.entries()) {
    const at = machine.session.lastShareAt(now, { pool: physical });
    if (at !== null && at > last.at) last = { pool: place, at };
  }
  const atS = last.at < 0 ? 0 : machine.sinceStartS(last.at);
  return { pool: last.pool, atS, difficulty: machine.pools.list[last.pool]?.difficulty ?? 0 };
}

export function summaryRecord(machine: AvalonMachine, now: number): ApiRecord {
  const { session } = machine;
  const work = workOf(machine, now);
  const s = machine.elapsedS(now);
  const all = work.accepted + work.rejected + work.stale;
  const works = Math.floor(work.diff1 / WORKS_DIFF);
  return [
    ['Elapsed', elapsed(s)],
    ...windows(machine, now, true),
    ['Getworks', int(1 + s / JOB_S)],
    ['Accepted', int(work.accepted)],
    ['Rejected', int(work.rejected)],
    ['Hardware Errors', int(session.hardwareErrors(now))],
    ['Utility', utility(perMinute(work.accepted, s))],
    ['Discarded', int(0)],
    ['Stale', int(work.stale)],
    ['Get Failures', int(0)],
    ['Local Work', int(works * 2)],
    ['Remote Failures', int(0)],
    ['Network Blocks', int(1 + machine.blocks(now).count)],
    ['Total MH', total(Math.floor(session.totalHashes(now) / MH))],
    ['Work Utility', utility(perMinute(work.diff1, s))],
    ['Difficulty Accepted', difficulty(work.weighed.accepted)],
    ['Difficulty Rejected', difficulty(work.weighed.rejected)],
    ['Difficulty Stale', difficulty(work.weighed.stale)],
    ['Best Share', int(session.bestShare(now))],
    ['Device Hardware%', percentOf(session.hardwareErrors(now), work.diff1)],
    ['Device Rejected%', percentOf(work.weighed.rejected, work.diff1)],
    ['Pool Rejected%', percentOf(work.rejected, all)],
    ['Pool Stale%', percentOf(work.stale, all)],
    ['Last getwork', int(0)],
  ];
}

export function deviceRecord(machine: AvalonMachine, now: number): ApiRecord {
  const { session, plan } = machine;
  const work = workOf(machine, now);
  const last = lastShare(machine, now);
  const s = machine.elapsedS(now);
  const worksUntil = machine.offSince ?? now;
  return [
    ['ASC', int(0)],
    ['Name', text(plan.device.name)],
    ['ID', int(0)],
    ['Enabled', yesNo(true)],
    ['Status', text('Alive')],
    ['Temperature', temperature(plan.devTemperatureC)],
    ...windows(machine, now, false),
    ['Accepted', int(work.accepted)],
    ['Rejected', int(work.rejected)],
    ['Hardware Errors', int(session.hardwareErrors(now))],
    ['Utility', utility(perMinute(work.accepted, s))],
    ['Last Share Pool', int(last.pool)],
    ['Last Share Time', int(last.atS)],
    ['Total MH', total(Math.floor(session.totalHashes(now) / MH))],
    ['Diff1 Work', int(work.diff1)],
    ['Difficulty Accepted', difficulty(work.weighed.accepted)],
    ['Difficulty Rejected', difficulty(work.weighed.rejected)],
    ['Last Share Difficulty', difficulty(last.difficulty)],
    ['Last Valid Work', int(work.diff1 === 0 ? 0 : epochS(machine.clock(worksUntil)))],
    ['Device Hardware%', percentOf(session.hardwareErrors(now), work.diff1)],
    ['Device Rejected%', percentOf(work.weighed.rejected, work.diff1)],
    ['Device Elapsed', elapsed(s)],
  ];
}

const hostOf = (url: string): string => url.replace(/^[^/]*\/\//, '').replace(/[:/].*$/, '');

export function poolRecord(machine: AvalonMachine, now: number, pool: AvalonPoolRun, place: number): ApiRecord {
  const { session, plan } = machine;
  const { url, difficulty: given, physical } = pool;
  const work = workOf(machine, now, pool);
  const all = work.accepted + work.rejected + work.stale;
  const active = session.currentPool(now) === physical;
  const last = session.lastShareAt(now, { pool: physical });
  const used = all > 0 || active;
  const alive = session.poolAlive(now, physical) ? 'Alive' : 'Dead';
  return [
    ['POOL', int(place)],
    ['URL', user(url)],
    ['Status', text(pool.enabled ? alive : 'Disabled')],
    ['Priority', int(pool.priority)],
    ['Quota', int(pool.quota)],
    ['Long Poll', text('N')],
    ['Getworks', int(active ? 1 + machine.elapsedS(now) / JOB_S : 0)],
    ['Accepted', int(work.accepted)],
    ['Rejected', int(work.rejected)],
    ['Works', int(work.diff1 / WORKS_DIFF)],
    ['Discarded', int(0)],
    ['Stale', int(work.stale)],
    ['Get Failures', int(0)],
    ['Remote Failures', int(0)],
    ['User', user(pool.user)],
    ...(plan.poolPassword ? ([['Password', user(pool.pass)]] as const) : []),
    // Seconds since the program started, as no other cgminer counts (`protocols.md` 4).
    ['Last Share Time', int(last === null ? 0 : machine.sinceStartS(last))],
    ['Diff1 Shares', int(work.diff1)],
    ['Proxy Type', text('')],
    ['Proxy', text('')],
    ['Difficulty Accepted', difficulty(work.weighed.accepted)],
    ['Difficulty Rejected', difficulty(work.weighed.rejected)],
    ['Difficulty Stale', difficulty(work.weighed.stale)],
    ['Last Share Difficulty', difficulty(last === null ? 0 : given)],
    ['Work Difficulty', difficulty(used ? given : 0)],
    ['Has Stratum', bool(true)],
    ['Stratum Active', bool(active)],
    ['Stratum URL', user(plan.wholeStratumUrl ? url : hostOf(url))],
    ['Stratum Difficulty', difficulty(active ? given : 0)],
    ['Has Vmask', bool(true)],
    ['Has GBT', bool(false)],
    ['Best Share', int(session.bestShare(now, physical))],
    ['Pool Rejected%', percentOf(work.rejected, all)],
    ['Pool Stale%', percentOf(work.stale, all)],
    ['Bad Work', int(0)],
    ['Current Block Height', int(active ? FIRST_HEIGHT + machine.blocks(now).count : 0)],
    ['Current Block Version', int(used ? BLOCK_VERSION : 0)],
  ];
}

/** The record with the long strings; empty strings where the firmware forgets them. */
function longStats(machine: AvalonMachine, now: number): ApiRecord {
  const { strings, nested } = longRecord(machine, now);
  const said = strings.map(([key, value]) => [key, text(machine.quirks.emptySummary ? '' : value)] as const);
  const head = statsHead(0, machine.plan.statsId, machine.elapsedS(now));
  return [...head, ...said, ...(nested ? [] : driverFields(machine))];
}

/** What the driver says behind its strings. */
function driverFields({ plan }: AvalonMachine): ApiRecord {
  const overloaded: ApiRecord = [['Connection Overloaded', bool(false)]];
  const fields: ApiRecord = [
    ['MM Count', int(plan.modules)],
    ['Smart Speed', int(1)],
  ];
  if (plan.driver !== 'modules') {
    return [
      ...fields,
      ...(plan.record === 'a10' ? overloaded : []),
      ['Voltage Level Offset', int(0)],
      ['Nonce Mask', int(25)],
    ];
  }
  return [
    ...fields,
    ['Connecter', text('AUC')],
    ['AUC VER', text('AUC-20151208')],
    ['AUC I2C Speed', int(400_000)],
    ['AUC I2C XDelay', int(19_200)],
    ['AUC Sensor', int(14_032)],
    ['AUC Temperature', temperature(32.86)],
    ...overloaded,
    [plan.record === 'a7' ? 'Voltage Offset' : 'Voltage Level Offset', int(0)],
    ['Nonce Mask', int(29)],
    ['USB Pipe', text('0')],
    ['USB Delay', text('r0 0.000000 w0 0.000000')],
    ['USB tmo', text('0 0')],
  ];
}

function poolStats(machine: AvalonMachine, now: number, pool: AvalonPoolRun, place: number): ApiRecord {
  const { physical } = pool;
  const shares = machine.session.shares(now, { pool: physical });
  const submitted = shares.accepted + shares.rejected + shares.stale;
  const active = machine.session.currentPool(now) === physical;
  const given = submitted > 0 || active ? pool.difficulty : 0;
  const jobs = active ? Math.floor(machine.elapsedS(now) / JOB_S) : 0;
  // Subscribe, authorise and configure, then some 160 bytes for each share; a job is long, the answer to a share short.
  const times = 3 + submitted;
  return poolStatsRecord({
    number: 1 + place,
    pool: place,
    elapsedS: machine.elapsedS(now),
    difficulty: given,
    works: { min: given > 0 ? 1 : 0, max: given > 0 ? 1 + jobs : 0 },
    sent: { times, bytes: 289 + submitted * 160 },
    received: { times: times + jobs, bytes: 420 + jobs * 1200 + submitted * 60 },
  });
}

/** STATS of the device, and of the pools where they were asked for: `estats` leaves them out. */
export const statsSection = (machine: AvalonMachine, now: number, pools: boolean): ApiSection =>
  list('STATS', [
    longStats(machine, now),
    ...(pools ? machine.pools.list.map((pool, place) => poolStats(machine, now, pool, place)) : []),
  ]);
