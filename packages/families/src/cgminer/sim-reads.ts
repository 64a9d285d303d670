import {
  type ApiCommand,
  type ApiRecord,
  type ApiReply,
  type ApiRequest,
  bool,
  checkCommand,
  difficulty,
  elapsed,
  int,
  list,
  percentOf,
  rate,
  reply,
  seconds,
  single,
  status,
  temperature,
  text,
  total,
  user,
  utility,
} from '@headframe/wire/cgminer-server';
import { listed } from './sim-device-reads.ts';
import type { MachineDevice } from './sim-devices.ts';
import type { CgminerMachine } from './sim-machine.ts';
import { deviceStats, epochS, JOB_S, MH, perMinute, poolRecord, poolStats, weighed, windows } from './sim-records.ts';

type Answer = (machine: CgminerMachine, request: ApiRequest) => ApiReply;

/** The read commands (`protocols.md` 1.4) but those about devices. */
export function readCommands(machine: CgminerMachine): ApiCommand[] {
  const read = (name: string, answer: Answer, joinable = true): ApiCommand => ({
    name,
    access: 'read',
    joinable,
    run: (request) => answer(machine, request),
  });
  return [
    read('version', version),
    read('config', config),
    read('pools', pools),
    read('summary', summary),
    read('stats', stats),
    read('estats', estats),
    read('dbgstats', dbgstats),
    read('coin', coin),
    read('lcd', lcd),
    checkCommand,
  ];
}

const version: Answer = ({ plan }) =>
  reply(
    status(22),
    single('VERSION', [
      ['CGMiner', text(plan.version)],
      ['API', text(plan.api)],
    ]),
  );

const config: Answer = ({ plan, devices, pools, hotplugS }) =>
  reply(
    status(33),
    single('CONFIG', [
      ['ASC Count', int(devices.of('ASC').length)],
      ['PGA Count', int(devices.of('PGA').length)],
      ['Pool Count', int(pools.list.length)],
      ['Strategy', text(plan.strategy)],
      ['Log Interval', int(plan.logIntervalS)],
      ['Device Code', text(plan.deviceCode)],
      ['OS', text(plan.os)],
      ['Hotplug', plan.usb ? (hotplugS === 0 ? text('Disabled') : int(hotplugS)) : text('None')],
    ]),
  );

const pools: Answer = (machine, { now }) =>
  reply(
    status(7, machine.pools.list.length),
    list(
      'POOLS',
      machine.pools.list.map((pool, number) => poolRecord(machine, now, pool, number)),
    ),
  );

const summary: Answer = (machine, { now }) => reply(status(11), single('SUMMARY', summaryRecord(machine, now)));

function summaryRecord(machine: CgminerMachine, now: number): ApiRecord {
  const { session, devices, plan } = machine;
  const elapsedS = session.elapsedS(now);
  const shares = weighed(machine, now);
  const { stale } = session.shares(now);
  const stale1 = machine.pools.list.reduce(
    (sum, pool) => sum + session.shares(now, { pool: pool.physical }).stale * pool.difficulty,
    0,
  );
  const diff1 = shares.accepted1 + shares.rejected1;
  const errors = devices.hardwareErrors(now);
  const works = devices.hashes(now) / plan.hashesPerWork;
  const jobs = Math.floor(elapsedS / JOB_S);
  return [
    ['Elapsed', elapsed(Math.floor(elapsedS))],
    ...windows(machine, now),
    ['Found Blocks', int(0)],
    ['Getworks', int(jobs + 1)],
    ['Accepted', int(shares.accepted)],
    ['Rejected', int(shares.rejected)],
    ['Hardware Errors', int(errors)],
    ['Utility', utility(perMinute(shares.accepted, elapsedS))],
    ['Discarded', int((jobs + 1) * 2)],
    ['Stale', int(stale)],
    ['Get Failures', int(0)],
    ['Local Work', int(works + (jobs + 1) * 2)],
    ['Remote Failures', int(0)],
    ['Network Blocks', int(1 + elapsedS / 600)],
    ['Total MH', total(devices.hashes(now) / MH)],
    ['Work Utility', utility(perMinute(diff1, elapsedS))],
    ['Difficulty Accepted', difficulty(shares.accepted1)],
    ['Difficulty Rejected', difficulty(shares.rejected1)],
    ['Difficulty Stale', difficulty(stale1)],
    ['Best Share', int(machine.bestShare(now))],
    ['Device Hardware%', percentOf(errors, errors + diff1)],
    ['Device Rejected%', percentOf(shares.rejected1, diff1)],
    ['Pool Rejected%', percentOf(shares.rejected1, diff1 + stale1)],
    ['Pool Stale%', percentOf(stale1, diff1 + stale1)],
    ['Last getwork', int(epochS(session.plan.startedAt + jobs * JOB_S * 1000))],
  ];
}

const stats: Answer = (machine, { now }) => {
  const devices = deviceStatsOf(machine, now, machine.devices.list, true);
  return reply(status(70), list('STATS', [...devices, ...poolStatsOf(machine, now, devices.length)]));
};

/** Devices alone. An empty list is success too (transcripts, surprise 11). */
const estats: Answer = (machine, { now, parameter }) =>
  reply(status(70), list('STATS', deviceStatsOf(machine, now, listed(machine, now, parameter), true)));

/** Sends a number that has no message, and leaves out what the drivers add (`protocols.md` 1.8 no 4). */
const dbgstats: Answer = (machine, request) => {
  if (!machine.quirks['dbgstats-without-code']) return stats(machine, request);
  const { now } = request;
  const devices = deviceStatsOf(machine, now, machine.devices.list, false);
  return reply(status(126), list('STATS', [...devices, ...poolStatsOf(machine, now, devices.length)]));
};

const deviceStatsOf = (machine: CgminerMachine, now: number, devices: readonly MachineDevice[], extras: boolean) =>
  devices.map((device, number) => deviceStats(machine, now, device, number, extras));

/** Behind those of the devices, numbered on. */
const poolStatsOf = (machine: CgminerMachine, now: number, first: number) =>
  machine.pools.list.map((pool, place) => poolStats(machine, now, pool, place, first + place));

const coin: Answer = ({ plan, seed, session }, { now }) => {
  // Not Unix time, but seconds since the machine started (transcripts, surprise 12).
  const foundAt = now - (session.elapsedS(now) % 600) * 1000;
  return reply(
    status(78),
    single('COIN', [
      ['Hash Method', text(plan.coin.hashMethod)],
      ['Current Block Time', seconds((foundAt - seed.poweredAt) / 1000)],
      ['Current Block Hash', text(plan.coin.blockHash)],
      ['LP', bool(true)],
      ['Network Difficulty', difficulty(plan.coin.networkDifficulty)],
    ]),
  );
};

const lcd: Answer = (machine, { now }) => {
  const { session, devices, plan } = machine;
  const current = machine.pools.current(now);
  const last = session.lastShareAt(now);
  const ghs = (span: number) => rate(devices.rateHs(now, span, plan.logIntervalS) / 1e9);
  const hottest = Math.max(0, ...devices.list.map((device) => devices.temperatureC(now, device)));
  return reply(
    status(125),
    single('LCD', [
      ['Elapsed', elapsed(Math.floor(session.elapsedS(now)))],
      ['GHS av', rate(devices.averageHs(now) / 1e9)],
      ['GHS 5m', ghs(300)],
      ['GHS 5s', ghs(5)],
      ['Temperature', temperature(hottest)],
      ['Last Share Difficulty', difficulty(last === null ? 0 : (current?.difficulty ?? 0))],
      ['Last Share Time', int(last === null ? 0 : epochS(last))],
      ['Best Share', int(machine.bestShare(now))],
      ['Last Valid Work', int(devices.list.length === 0 ? 0 : epochS(last ?? session.plan.startedAt))],
      ['Found Blocks', int(0)],
      ['Current Pool', user(current?.url ?? '')],
      ['User', user(current?.user ?? '')],
    ]),
  );
};
