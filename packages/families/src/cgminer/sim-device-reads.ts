import {
  type ApiCommand,
  type ApiRecord,
  type ApiReply,
  type ApiRequest,
  atoi,
  int,
  list,
  reply,
  say,
  seconds,
  single,
  status,
  text,
} from '@headframe/wire/cgminer-server';
import { DEVICE_CODES } from './sim-device-codes.ts';
import type { MachineDevice } from './sim-devices.ts';
import type { CgminerMachine } from './sim-machine.ts';
import type { DeviceKind } from './sim-plan.ts';
import { deviceRecord, epochS } from './sim-records.ts';

type Answer = (machine: CgminerMachine, request: ApiRequest) => ApiReply;

/** Which kinds of devices a build has drivers for, and so the commands of. */
export function kindsOf({ plan }: CgminerMachine): readonly DeviceKind[] {
  return { asic: ['ASC'] as const, fpga: ['PGA'] as const, mixed: ['ASC', 'PGA'] as const }[plan.drivers];
}

/** The read commands about devices (`protocols.md` 1.4). Both counts are in every build, `asc` and `pga` are not. */
export function deviceReadCommands(machine: CgminerMachine): ApiCommand[] {
  const read = (name: string, answer: Answer, joinable = true): ApiCommand => ({
    name,
    access: 'read',
    joinable,
    run: (request) => answer(machine, request),
  });
  const count = (code: number, section: string, kind: DeviceKind): Answer => {
    return ({ devices }) => reply(status(code), single(section, [['Count', int(devices.of(kind).length)]]));
  };
  return [
    read('devs', (m, { now }) => devs(m, now, m.devices.list)),
    read('edevs', (m, { now, parameter }) => devs(m, now, listed(m, now, parameter))),
    ...kindsOf(machine).map((kind) => read(kind.toLowerCase(), (m, request) => one(m, request, kind), false)),
    read('asccount', count(104, 'ASCS', 'ASC')),
    read('pgacount', count(59, 'PGAS', 'PGA')),
    read('notify', notify),
    read('devdetails', devdetails),
    read('usbstats', usbstats),
  ];
}

/**
 * The devices that `edevs` and `estats` show: not those that are gone, unless their parameter gives an age in seconds and
 * they have been gone for less.
 */
export function listed(machine: CgminerMachine, now: number, parameter: string | null): readonly MachineDevice[] {
  const age = parameter === null ? 0 : atoi(parameter);
  const isGone = ({ goneAt }: MachineDevice) => goneAt !== null && (age <= 0 || now - goneAt >= age * 1000);
  return machine.devices.list.filter((device) => !isGone(device));
}

/** ASICs first, whatever the order in which devices were found. */
function devs(machine: CgminerMachine, now: number, shown: readonly MachineDevice[]): ApiReply {
  if (machine.devices.list.length === 0) return say(10);
  const kinds = kindsOf(machine);
  const records = kinds.flatMap((kind) => shown.filter((device) => device.kind === kind));
  const counts = kinds.map((kind) => machine.devices.of(kind).length);
  return reply(
    status(9, ...counts),
    list(
      'DEVS',
      records.map((device) => deviceRecord(machine, now, device)),
    ),
  );
}

const one = (machine: CgminerMachine, { now, parameter }: ApiRequest, kind: DeviceKind): ApiReply =>
  withDevice(machine, kind, parameter, (device) =>
    reply(status(DEVICE_CODES[kind].one, device.number), list(kind, [deviceRecord(machine, now, device)])),
  );

/** What several commands say without a device, and with some. */
function perDevice(
  machine: CgminerMachine,
  code: number,
  section: string,
  record: (device: MachineDevice) => ApiRecord,
): ApiReply {
  const { list: found } = machine.devices;
  return found.length === 0 ? say(10) : reply(status(code), list(section, found.map(record)));
}

/** A device is dead when it was idle for 600 s. */
const DEAD_AFTER_MS = 600_000;

const notify: Answer = (machine, { now }) =>
  perDevice(machine, 60, 'NOTIFY', ({ plan, board, goneAt }) => {
    const { startedAt } = machine.session.plan;
    const died = startedAt + DEAD_AFTER_MS;
    const dead = plan.dead === true && now >= died;
    const notWellAt = goneAt ?? (dead ? died : null);
    const reason = goneAt === null ? (dead ? 'Device dead - idle for 600s' : 'None') : ASSUMED.goneReason;
    return [
      ['NOTIFY', int(board)],
      ['Name', text(plan.name)],
      ['ID', int(plan.id)],
      ['Last Well', int(epochS(goneAt ?? (dead ? startedAt : now)))],
      ['Last Not Well', int(notWellAt === null ? 0 : epochS(notWellAt))],
      ['Reason Not Well', text(reason)],
      ['*Thread Fail Init', int(0)],
      ['*Thread Zero Hash', int(goneAt === null ? 0 : 1)],
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
  perDevice(machine, 69, 'DEVDETAILS', ({ plan, board }) => [
    ['DEVDETAILS', int(board)],
    ['Name', text(plan.name)],
    ['ID', int(plan.id)],
    ['Driver', text(plan.driver)],
    ['Kernel', text(plan.kernel)],
    ['Model', text(plan.model)],
    ['Device Path', text(plan.path)],
  ]);

/** Without a device on USB the statistics are empty, which is no error (`protocols.md` 1.8 no 7). */
const usbstats: Answer = (machine, { now }) => {
  const onUsb = machine.devices.list.filter(({ plan }) => plan.onUsb === true);
  if (onUsb.length === 0) return say(88);
  const records = onUsb.flatMap((device) => USB_COMMANDS.map((command) => usbRecord(machine, now, device, command)));
  return reply(status(87), list('USBSTATS', records));
};

/** What a driver does over USB for each piece of work. */
const USB_COMMANDS = [
  { stat: 'SendWork', modes: 'bw' },
  { stat: 'GetResults', modes: 'br' },
] as const;

function usbRecord(
  machine: CgminerMachine,
  now: number,
  device: MachineDevice,
  { stat, modes }: (typeof USB_COMMANDS)[number],
): ApiRecord {
  const count = Math.floor(machine.devices.hashes(now, device) / machine.plan.hashesPerWork);
  const { startedAt } = machine.session.plan;
  const delay = count === 0 ? 0 : ASSUMED.usbDelayS;
  const first = count === 0 ? 0 : startedAt / 1000;
  const none: ApiRecord = ['Count', 'Total Delay', 'Min Delay', 'Max Delay'].flatMap((name) => [
    [`Timeout ${name}`, name === 'Count' ? int(0) : seconds(0)] as const,
  ]);
  return [
    ['Name', text(device.plan.name)],
    ['ID', int(device.plan.id)],
    ['Stat', text(stat)],
    ['Seq', int(0)],
    ['Modes', text(modes)],
    ['Count', int(count)],
    ['Total Delay', seconds(count * delay)],
    ['Min Delay', seconds(delay)],
    ['Max Delay', seconds(delay)],
    ...none,
    ...none.map(([name, value]) => [name.replace('Timeout', 'Error'), value] as const),
    ['First Command', seconds(first)],
    ['Last Command', seconds(count === 0 ? 0 : (device.disabledAt ?? now) / 1000)],
    ['First Timeout', seconds(0)],
    ['Last Timeout', seconds(0)],
    ['First Error', seconds(0)],
    ['Last Error', seconds(0)],
  ];
}

/** What is said of the device that a parameter names, or the refusal, in the order in which the program checks. */
export function withDevice(
  machine: CgminerMachine,
  kind: DeviceKind,
  parameter: string | null,
  answer: (device: MachineDevice) => ApiReply,
): ApiReply {
  const found = machine.devices.of(kind);
  if (found.length === 0) return say(DEVICE_CODES[kind].none);
  if (parameter === null || parameter === '') return say(15);
  const number = atoi(parameter);
  const device = found[number];
  return device === undefined ? say(DEVICE_CODES[kind].invalid, number, found.length - 1) : answer(device);
}

/** What the program says of a device that was pulled out, and how long a transfer takes: nobody has recorded either. */
const ASSUMED = { goneReason: 'Thread got zero hashes', usbDelayS: 0.00025 } as const;
