import {
  type ApiRecord,
  type ApiSection,
  bool,
  difficulty,
  elapsed,
  int,
  list,
  percentOf,
  rate,
  seconds,
  temperature,
  text,
  total,
  user,
  utility,
  yesNo,
} from '@headframe/wire/cgminer-server';
import { longRecord } from './sim-long-record.ts';
import type { AvalonMachine } from './sim-machine.ts';

/*
 * The records that Avalon's cgminer shares with others, field by field in the order of the wire (`protocols.md` 1.5
 * and 4, and the published replies of a Q).
 */

const MH = 1e6;
const DIFF_1 = 2 ** 32;
/** `Min` of statistics that have none yet. */
const UNSET = 99_999_999;
/** A pool sends a new job this often, s. */
const JOB_S = 56;
/** One unit of `Works` in difficulty-1 shares. */
const WORKS_DIFF = 4096;
const FIRST_HEIGHT = 905_000;
const BLOCK_VERSION = 0x2000_0000;

const epochS = (at: number): number => Math.floor(at / 1000);
const perMinute = (count: number, s: number): number => (s > 0 ? (count * 60) / s : 0);

/** Where a user's pool stands: its URL, and the worker that this machine names. */
export const workerOf = (machine: AvalonMachine): string =>
  `account.${machine.plan.label.model.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${1 + (machine.key('worker') % 999)}`;

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
function workOf(machine: AvalonMachine, now: number, pool?: number): Work {
  const { session, plan } = machine;
  const { operation } = session;
  const pools = pool === undefined ? plan.pools.map((_, id) => id) : [pool];
  const sum = { accepted: 0, rejected: 0, stale: 0 };
  const weighed = { accepted: 0, rejected: 0, stale: 0 };
  let worked = 0;
  for (const id of pools) {
    const shares = session.shares(now, { pool: id });
    const weight = plan.pools[id]?.difficulty ?? 0;
    worked += operation.workedFor(id, now);
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
  for (const id of machine.plan.pools.keys()) {
    const at = machine.session.lastShareAt(now, { pool: id });
    if (at !== null && at > last.at) last = { pool: id, at };
  }
  const atS = last.at < 0 ? 0 : machine.sinceStartS(last.at);
  return { pool: last.pool, atS, difficulty: machine.plan.pools[last.pool]?.difficulty ?? 0 };
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

export function poolRecord(machine: AvalonMachine, now: number, id: number): ApiRecord {
  const { session, plan } = machine;
  const { url, difficulty: given } = plan.pools[id] ?? { url: '', difficulty: 0 };
  const work = workOf(machine, now, id);
  const all = work.accepted + work.rejected + work.stale;
  const active = session.currentPool(now) === id;
  const last = session.lastShareAt(now, { pool: id });
  const used = all > 0 || active;
  return [
    ['POOL', int(id)],
    ['URL', user(url)],
    ['Status', text(session.poolAlive(now, id) ? 'Alive' : 'Dead')],
    ['Priority', int(id)],
    ['Quota', int(1)],
    ['Long Poll', text('N')],
    ['Getworks', int(active ? 1 + machine.elapsedS(now) / JOB_S : 0)],
    ['Accepted', int(work.accepted)],
    ['Rejected', int(work.rejected)],
    ['Works', int(work.diff1 / WORKS_DIFF)],
    ['Discarded', int(0)],
    ['Stale', int(work.stale)],
    ['Get Failures', int(0)],
    ['Remote Failures', int(0)],
    ['User', user(workerOf(machine))],
    ...(plan.poolPassword ? ([['Password', user('x')]] as const) : []),
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
    ['Best Share', int(session.bestShare(now, id))],
    ['Pool Rejected%', percentOf(work.rejected, all)],
    ['Pool Stale%', percentOf(work.stale, all)],
    ['Bad Work', int(0)],
    ['Current Block Height', int(active ? FIRST_HEIGHT + machine.blocks(now).count : 0)],
    ['Current Block Version', int(used ? BLOCK_VERSION : 0)],
  ];
}

/** What every STATS record begins with. */
const calls = (machine: AvalonMachine, now: number, number: number, id: string): ApiRecord => [
  ['STATS', int(number)],
  ['ID', text(id)],
  ['Elapsed', elapsed(machine.elapsedS(now))],
  ['Calls', int(0)],
  ['Wait', seconds(0)],
  ['Max', seconds(0)],
  ['Min', seconds(UNSET)],
];

/** The record with the long strings; empty strings where the firmware forgets them. */
function longStats(machine: AvalonMachine, now: number): ApiRecord {
  const { summary, hashboards } = longRecord(machine, now);
  const said = (value: string) => text(machine.quirks.emptySummary ? '' : value);
  const head = calls(machine, now, 0, machine.plan.statsId);
  if (hashboards !== null) return [...head, ['MM ID0:Summary', said(summary)], ['HBinfo', said(hashboards)]];
  return [
    ...head,
    ['MM ID0', said(summary)],
    ['MM Count', int(1)],
    ['Smart Speed', int(1)],
    ...(machine.plan.record === 'a10' ? ([['Connection Overloaded', bool(false)]] as const) : []),
    ['Voltage Level Offset', int(0)],
    ['Nonce Mask', int(25)],
  ];
}

function poolStats(machine: AvalonMachine, now: number, id: number): ApiRecord {
  const shares = machine.session.shares(now, { pool: id });
  const sent = shares.accepted + shares.rejected + shares.stale;
  const active = machine.session.currentPool(now) === id;
  const given = sent > 0 || active ? (machine.plan.pools[id]?.difficulty ?? 0) : 0;
  const jobs = active ? Math.floor(machine.elapsedS(now) / JOB_S) : 0;
  // Subscribe, authorise and configure, then some 160 bytes for each share; a job is long, the answer to a share short.
  const out = 3 + sent;
  const bytesOut = 289 + sent * 160;
  const bytesIn = 420 + jobs * 1200 + sent * 60;
  return [
    ...calls(machine, now, 1 + id, `POOL${id}`),
    ['Pool Calls', int(0)],
    ['Pool Attempts', int(0)],
    ['Pool Wait', seconds(0)],
    ['Pool Max', seconds(0)],
    ['Pool Min', seconds(UNSET)],
    ['Pool Av', seconds(0)],
    ['Work Had Roll Time', bool(false)],
    ['Work Can Roll', bool(false)],
    ['Work Had Expire', bool(false)],
    ['Work Roll Time', int(0)],
    ['Work Diff', difficulty(given)],
    ['Min Diff', difficulty(given)],
    ['Max Diff', difficulty(given)],
    ['Min Diff Count', int(given > 0 ? 1 : 0)],
    ['Max Diff Count', int(given > 0 ? 1 + jobs : 0)],
    ['Times Sent', int(out)],
    ['Bytes Sent', int(bytesOut)],
    ['Times Recv', int(out + jobs)],
    ['Bytes Recv', int(bytesIn)],
    ['Net Bytes Sent', int(bytesOut)],
    ['Net Bytes Recv', int(bytesIn)],
  ];
}

/** STATS of the device, and of the pools where they were asked for: `estats` leaves them out. */
export const statsSection = (machine: AvalonMachine, now: number, pools: boolean): ApiSection =>
  list('STATS', [
    longStats(machine, now),
    ...(pools ? machine.plan.pools.map((_, id) => poolStats(machine, now, id)) : []),
  ]);
