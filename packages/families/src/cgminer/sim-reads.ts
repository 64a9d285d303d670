import {
  type ApiCommand,
  type ApiRecord,
  type ApiReply,
  type ApiRequest,
  atoi,
  bool,
  checkCommand,
  difficulty,
  elapsed,
  int,
  list,
  percentOf,
  rate,
  reply,
  say,
  seconds,
  single,
  status,
  temperature,
  text,
  total,
  user,
  utility,
} from '@headframe/wire/cgminer-server';
import type { MachineDevice } from './sim-devices.ts';
import type { CgminerMachine } from './sim-machine.ts';
import {
  deviceRecord,
  deviceStats,
  epochS,
  JOB_S,
  MH,
  perMinute,
  poolRecord,
  poolStats,
  weighed,
  windows,
} from './sim-records.ts';

type Answer = (machine: CgminerMachine, request: ApiRequest) => ApiReply;

/** The read commands of an ASIC build (`protocols.md` 1.4). Builds without an FPGA driver do not have `pga`. */
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
    read('devs', devs),
    read('edevs', devs),
    read('pools', pools),
    read('summary', summary),
    read('asc', asc, false),
    read('asccount', ({ devices }) => reply(status(104), single('ASCS', [['Count', int(devices.list.length)]]))),
    read('pgacount', () => reply(status(59), single('PGAS', [['Count', int(0)]]))),
    read('notify', notify),
    read('devdetails', devdetails),
    read('stats', (m, { now }) => stats(m, now, 70, { pools: true, extras: true })),
    read('estats', (m, { now }) => stats(m, now, 70, { pools: false, extras: true })),
    read('dbgstats', (m, { now }) => stats(m, now, 126, { pools: true, extras: false })),
    read('coin', coin),
    // No device of these plans hangs on USB: the statistics are empty, which is no error (`protocols.md` 1.8 no 7).
    read('usbstats', () => say(88)),
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
      ['ASC Count', int(devices.list.length)],
      ['PGA Count', int(0)],
      ['Pool Count', int(pools.list.length)],
      ['Strategy', text(plan.strategy)],
      ['Log Interval', int(plan.logIntervalS)],
      ['Device Code', text(plan.deviceCode)],
      ['OS', text(plan.os)],
      ['Hotplug', plan.usb ? (hotplugS === 0 ? text('Disabled') : int(hotplugS)) : text('None')],
    ]),
  );

/** What several commands say without a device, and with some. */
function perDevice(
  machine: CgminerMachine,
  code: number,
  section: string,
  record: (device: MachineDevice) => ApiRecord,
): ApiReply {
  const { list: found } = machine.devices;
  if (found.length === 0) return say(10);
  return reply(code === 9 ? status(9, found.length) : status(code), list(section, found.map(record)));
}

const devs: Answer = (machine, { now }) =>
  perDevice(machine, 9, 'DEVS', (device) => deviceRecord(machine, now, device));

const asc: Answer = (machine, { now, parameter }) => {
  const found = deviceOf(machine, parameter);
  return 'kind' in found ? found : reply(status(106, found.board), list('ASC', [deviceRecord(machine, now, found)]));
};

/** The device that a parameter names, or the refusal, in the order in which the program checks. */
export function deviceOf(machine: CgminerMachine, parameter: string | null): MachineDevice | ApiReply {
  const { list: found } = machine.devices;
  if (found.length === 0) return say(105);
  if (parameter === null || parameter === '') return say(15);
  const number = atoi(parameter);
  return found[number] ?? say(107, number, found.length - 1);
}

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

/** A device is dead when it was idle for 600 s. */
const DEAD_AFTER_MS = 600_000;

const notify: Answer = (machine, { now }) =>
  perDevice(machine, 60, 'NOTIFY', (device) => {
    const died = machine.session.plan.startedAt + DEAD_AFTER_MS;
    const dead = device.dead === true && now >= died;
    return [
      ['NOTIFY', int(device.board)],
      ['Name', text(device.name)],
      ['ID', int(device.id)],
      ['Last Well', int(epochS(dead ? machine.session.plan.startedAt : now))],
      ['Last Not Well', int(dead ? epochS(died) : 0)],
      ['Reason Not Well', text(dead ? 'Device dead - idle for 600s' : 'None')],
      ['*Thread Fail Init', int(0)],
      ['*Thread Zero Hash', int(0)],
      ['*Thread Fail Queue', int(0)],
      ['*Dev Sick Idle 60s', int(dead ? 1 : 0)],
      ['*Dev Dead Idle 600s', int(dead ? 1 : 0)],
      ['*Dev Nostart', int(0)],
      ['*Dev Over Heat', int(0)],
      ['*Dev Thermal Cutoff', int(0)],
      ['*Dev Comms Error', int(0)],
      ['*Dev Throttle', int(0)],
    ];
  });

const devdetails: Answer = (machine) =>
  perDevice(machine, 69, 'DEVDETAILS', (device) => [
    ['DEVDETAILS', int(device.board)],
    ['Name', text(device.name)],
    ['ID', int(device.id)],
    ['Driver', text(device.driver)],
    ['Kernel', text(device.kernel)],
    ['Model', text(device.model)],
    ['Device Path', text(device.path)],
  ]);

/** Devices first, then pools, numbered through. An empty list is success too (transcripts, surprise 11). */
function stats(
  machine: CgminerMachine,
  now: number,
  code: number,
  what: { readonly pools: boolean; readonly extras: boolean },
): ApiReply {
  const { list: devices } = machine.devices;
  const records = devices.map((device, i) => deviceStats(machine, now, device, i, what.extras));
  if (what.pools) {
    for (const [place, pool] of machine.pools.list.entries()) {
      records.push(poolStats(machine, now, pool, place, devices.length + place));
    }
  }
  return reply(status(code), list('STATS', records));
}

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
