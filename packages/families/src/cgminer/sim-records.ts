import {
  type ApiRecord,
  bool,
  difficulty,
  elapsed,
  frequency,
  int,
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
import type { MachineDevice } from './sim-devices.ts';
import type { CgminerMachine } from './sim-machine.ts';
import type { PoolPlan } from './sim-plan.ts';

/*
 * The records of cgminer 4.11.1, API 3.7, field by field in the order of the wire (`protocols.md` 1.5).
 */

type MachinePool = RunningPool<PoolPlan>;

export const MH = 1e6;
/** A clean job comes this often, s. */
export const JOB_S = 30;

export const epochS = (at: number): number => Math.floor(at / 1000);

/** The hashrate windows: the log interval and three fixed ones. In MH/s. */
export function windows(machine: CgminerMachine, now: number, device?: MachineDevice): ApiRecord {
  const shortest = machine.plan.logIntervalS;
  const spans: [string, number][] = [
    [`${shortest}s`, shortest],
    ['1m', 60],
    ['5m', 300],
    ['15m', 900],
  ];
  return [
    ['MHS av', rate(machine.devices.averageHs(now, device) / MH)],
    ...spans.map(
      ([name, span]) => [`MHS ${name}`, rate(machine.devices.rateHs(now, span, shortest, device) / MH)] as const,
    ),
  ];
}

/** Shares weighed with their difficulty. */
export interface Weighed {
  readonly accepted: number;
  readonly rejected: number;
  readonly accepted1: number;
  readonly rejected1: number;
}

export function weighed(machine: CgminerMachine, now: number, device?: MachineDevice): Weighed {
  const scope = device === undefined ? {} : { device };
  const { accepted, rejected } = machine.devices.shares(now, scope);
  let accepted1 = 0;
  let rejected1 = 0;
  for (const pool of machine.pools.list) {
    const shares = machine.devices.shares(now, { ...scope, pool: pool.physical });
    accepted1 += shares.accepted * pool.difficulty;
    rejected1 += shares.rejected * pool.difficulty;
  }
  return { accepted, rejected, accepted1, rejected1 };
}

/** The pool of a device's last share and when it came. */
function lastShare(machine: CgminerMachine, now: number, board: number): { pool: number; at: number } | null {
  let last: { pool: number; at: number } | null = null;
  for (const [number, pool] of machine.pools.list.entries()) {
    const at = machine.session.lastShareAt(now, { board, pool: pool.physical });
    if (at !== null && (last === null || at > last.at)) last = { pool: number, at };
  }
  return last;
}

/** One record of DEVS, ASC and PGA. */
export function deviceRecord(machine: CgminerMachine, now: number, device: MachineDevice): ApiRecord {
  const { session, devices, pools } = machine;
  const { plan, kind } = device;
  const until = device.disabledAt ?? now;
  const shares = weighed(machine, now, device);
  const errors = devices.hardwareErrors(now, device);
  const diff1 = shares.accepted1 + shares.rejected1;
  const last = lastShare(machine, until, device.board);
  return [
    [kind, int(device.number)],
    ['Name', text(plan.name)],
    ['ID', int(plan.id)],
    ['Enabled', yesNo(device.disabledAt === null)],
    ['Status', text(plan.dead === true ? 'Dead' : 'Alive')],
    ['Temperature', temperature(devices.temperatureC(now, device))],
    ...windows(machine, now, device),
    ['Accepted', int(shares.accepted)],
    ['Rejected', int(shares.rejected)],
    ['Hardware Errors', int(errors)],
    ['Utility', utility(perMinute(shares.accepted, session.elapsedS(now)))],
    ['Last Share Pool', int(last?.pool ?? -1)],
    ['Last Share Time', int(last === null ? 0 : epochS(last.at))],
    ['Total MH', total(devices.hashes(now, device) / MH)],
    // Where it stands among the others is from the program's source.
    ...(kind === 'PGA' ? ([['Frequency', frequency(device.settings?.clockMhz ?? 0)]] as const) : []),
    ['Diff1 Work', int(diff1)],
    ['Difficulty Accepted', difficulty(shares.accepted1)],
    ['Difficulty Rejected', difficulty(shares.rejected1)],
    ['Last Share Difficulty', difficulty(last === null ? 0 : (pools.list[last.pool]?.difficulty ?? 0))],
    ...(machine.plan.usb ? ([['No Device', bool(device.goneAt !== null)]] as const) : []),
    ['Last Valid Work', int(epochS(last?.at ?? session.plan.startedAt))],
    ['Device Hardware%', percentOf(errors, errors + diff1)],
    ['Device Rejected%', percentOf(shares.rejected1, diff1)],
    ['Device Elapsed', elapsed(session.elapsedS(now))],
  ];
}

export const perMinute = (count: number, seconds: number): number => (seconds > 0 ? (count * 60) / seconds : 0);

const isStratum = (url: string): boolean => url.startsWith('stratum');

const hostOf = (url: string): string => url.replace(/^[^/]*\/\//, '').replace(/[:/].*$/, '');

/** Only the pool that is worked for keeps its connection (`protocols.md` 1.4). */
const isConnected = (machine: CgminerMachine, now: number, pool: MachinePool): boolean =>
  isStratum(pool.url) && machine.pools.current(now) === pool && machine.session.poolAlive(now, pool.physical);

/** One record of POOLS. */
export function poolRecord(machine: CgminerMachine, now: number, pool: MachinePool, number: number): ApiRecord {
  const { session, devices, plan } = machine;
  const connected = isConnected(machine, now, pool);
  const { accepted, rejected } = devices.shares(now, { pool: pool.physical });
  const { stale } = session.shares(now, { pool: pool.physical });
  const all = accepted + rejected + stale;
  const last = session.lastShareAt(now, { pool: pool.physical });
  const jobs = connected ? 1 + Math.floor(session.elapsedS(now) / JOB_S) : 0;
  const given = connected ? pool.difficulty : 0;
  return [
    ['POOL', int(number)],
    ['URL', user(pool.url)],
    ['Status', text(pool.enabled ? (machine.session.poolAlive(now, pool.physical) ? 'Alive' : 'Dead') : 'Disabled')],
    ['Priority', int(pool.priority)],
    ['Quota', int(pool.quota)],
    ['Long Poll', text('N')],
    ['Getworks', int(jobs)],
    ['Accepted', int(accepted)],
    ['Rejected', int(rejected)],
    ['Works', int(connected ? devices.hashes(now) / plan.hashesPerWork : 0)],
    ['Discarded', int(jobs * 2)],
    ['Stale', int(stale)],
    ['Get Failures', int(0)],
    ['Remote Failures', int(0)],
    ['User', user(pool.user)],
    ['Last Share Time', int(last === null ? 0 : epochS(last))],
    ['Diff1 Shares', int(all * pool.difficulty)],
    ['Proxy Type', text('')],
    ['Proxy', text('')],
    ['Difficulty Accepted', difficulty(accepted * pool.difficulty)],
    ['Difficulty Rejected', difficulty(rejected * pool.difficulty)],
    ['Difficulty Stale', difficulty(stale * pool.difficulty)],
    ['Last Share Difficulty', difficulty(last === null ? 0 : pool.difficulty)],
    ['Work Difficulty', difficulty(given)],
    ['Has Stratum', bool(isStratum(pool.url) && !pool.url.includes(' '))],
    ['Stratum Active', bool(connected)],
    ['Stratum URL', user(connected ? hostOf(pool.url) : '')],
    ['Stratum Difficulty', difficulty(given)],
    ['Has Vmask', bool(false)],
    ['Has GBT', bool(false)],
    ['Best Share', int(session.bestShare(now, pool.physical))],
    ['Pool Rejected%', percentOf(rejected, all)],
    ['Pool Stale%', percentOf(stale, all)],
    ['Bad Work', int(Math.floor(jobs / 40))],
    ['Current Block Height', int(connected ? plan.coin.blockHeight : 0)],
    ['Current Block Version', int(connected ? plan.coin.blockVersion : 0)],
  ];
}

/** @param extras with what the driver adds */
export function deviceStats(
  machine: CgminerMachine,
  now: number,
  device: MachineDevice,
  number: number,
  extras: boolean,
): ApiRecord {
  return [
    ...statsHead(number, `${device.plan.name}${device.plan.id}`, machine.session.elapsedS(now)),
    ...(extras ? driverStats(machine, now, device) : []),
    ...(machine.plan.usb
      ? ([
          ['USB Pipe', text('0')],
          ['USB Delay', text('r0 0.000000 w0 0.000000')],
          ['USB tmo', text('0 0')],
        ] as const)
      : []),
  ];
}

function driverStats(machine: CgminerMachine, now: number, device: MachineDevice): ApiRecord {
  const { session, devices, startedAt, debug } = machine;
  const look = {
    now,
    startedAt,
    debug: debug.debug,
    temperatureC: devices.temperatureC(now, device),
    fanPercent: session.fanPercent(now),
  };
  return [...device.plan.stats, ...(device.settings?.stats(look) ?? [])];
}

export function poolStats(
  machine: CgminerMachine,
  now: number,
  pool: MachinePool,
  place: number,
  number: number,
): ApiRecord {
  const connected = isConnected(machine, now, pool);
  const given = connected ? pool.difficulty : 0;
  const works = connected ? machine.devices.hashes(now) / machine.plan.hashesPerWork : 0;
  const { accepted, rejected } = machine.devices.shares(now, { pool: pool.physical });
  const shares = accepted + rejected;
  // Subscribe and authorise, then a submit of some 110 bytes and its answer for each share, and a job now and then.
  const jobs = connected ? Math.floor(machine.session.elapsedS(now) / JOB_S) : 0;
  return poolStatsRecord({
    number,
    pool: place,
    elapsedS: machine.session.elapsedS(now),
    difficulty: given,
    works: { min: works, max: works },
    sent: { times: 2 + shares, bytes: 137 + shares * 110 },
    received: { times: 2 + shares + jobs, bytes: 134 + shares * 38 + jobs * 460 },
  });
}
