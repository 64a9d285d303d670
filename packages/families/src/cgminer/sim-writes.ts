import {
  type ApiCommand,
  type ApiReply,
  type ApiRequest,
  atoi,
  bool,
  nothing,
  privilegedCommand,
  reply,
  say,
  single,
  status,
  word,
} from '@headframe/wire/cgminer-server';
import type { CgminerMachine } from './sim-machine.ts';
import { deviceOf } from './sim-reads.ts';

type Write = (machine: CgminerMachine, parameter: string | null, request: ApiRequest) => ApiReply;

/** Write commands other than those of the pools (`protocols.md` 1.4), for an ASIC build. */
export function writeCommands(machine: CgminerMachine, setconfigTwoStatus: boolean): ApiCommand[] {
  const write = (name: string, act: Write, joinable = false): ApiCommand => ({
    name,
    access: 'write',
    joinable,
    run: (request) => act(machine, request.parameter, request),
  });
  return [
    privilegedCommand,
    write('quit', quit),
    write('restart', restart),
    write('save', save),
    write('debug', debug),
    write('zero', zero),
    write('hotplug', hotplug),
    // Long gone, and says so whatever it is told; without a parameter C prints its null (`protocols.md` 1.8 no 6).
    write('failover-only', (_, parameter) => say(127, parameter)),
    write('setconfig', (m, parameter, request) => setconfig(m, parameter, request, setconfigTwoStatus)),
    write('lockstats', () => say(124), true),
    write('ascenable', (m, parameter, request) => ascSwitch(m, parameter, request, true)),
    write('ascdisable', (m, parameter, request) => ascSwitch(m, parameter, request, false)),
    write('ascidentify', ascIdentify),
    write('ascset', ascSet),
  ];
}

const quit: Write = (machine, _, { now }) => {
  machine.quit(now);
  return word('BYE');
};

const restart: Write = (machine, _, { now }) => {
  machine.restart(now);
  return word('RESTART');
};

/** A name of a file, not of one in a folder that is not there; Linux takes at most 255 bytes. */
const isWritable = (file: string): boolean => !file.includes('/') && file.length <= 255;

const save: Write = (machine, parameter) => {
  if (parameter !== null && parameter !== '') return say(isWritable(parameter) ? 44 : 43, parameter);
  machine.save();
  return say(44, machine.plan.saveFile);
};

const debug: Write = (machine, parameter) => {
  const settings = machine.debug;
  if (parameter !== null && parameter !== '') settings.apply(parameter.charAt(0));
  return reply(
    status(79),
    single('DEBUG', [
      ['Silent', bool(settings.silent)],
      ['Quiet', bool(settings.quiet)],
      ['Verbose', bool(settings.verbose)],
      ['Debug', bool(settings.debug)],
      ['RPCProto', bool(settings.rpcProto)],
      ['PerDevice', bool(settings.perDevice)],
      ['WorkTime', bool(settings.workTime)],
    ]),
  );
};

/** Splits at the first comma; a part that is not there or empty is null. */
const twoParts = (parameter: string): [string, string | null] => {
  const comma = parameter.indexOf(',');
  if (comma < 0) return [parameter, null];
  const second = parameter.slice(comma + 1);
  return [parameter.slice(0, comma), second === '' ? null : second];
};

const zero: Write = (machine, parameter, { now }) => {
  if (parameter === null || parameter === '') return say(94);
  const [what, withSummary] = twoParts(parameter);
  if (withSummary === null) return say(75);
  const all = what.toLowerCase() === 'all';
  if (!all && what.toLowerCase() !== 'bestshare') return say(95, what);
  const letter = withSummary.charAt(0).toLowerCase();
  if (letter !== 't' && letter !== 'f') return say(76);
  if (all) machine.zero(now);
  else machine.zeroBestShare(now);
  return say(letter === 't' ? 96 : 97, all ? 'All' : 'BestShare');
};

const hotplug: Write = (machine, parameter) => {
  if (!machine.plan.usb) return say(102);
  if (parameter === null || parameter === '') return say(103);
  const value = atoi(parameter);
  if (value < 0 || value > 9999) return say(99, parameter);
  machine.hotplugS = value;
  return value === 0 ? say(101) : say(100, value);
};

const DEPRECATED: ReadonlySet<string> = new Set(['queue', 'scantime', 'expiry']);

/** Knows nothing any more. The old names get two statuses back to back (`protocols.md` 1.8 no 2). */
function setconfig(
  machine: CgminerMachine,
  parameter: string | null,
  { now }: ApiRequest,
  twoStatus: boolean,
): ApiReply {
  if (parameter === null) {
    // The program reads a null pointer here (`protocols.md` 1.8 no 3, from the source): it is gone without an answer.
    machine.quit(now);
    return nothing;
  }
  const unknown = status(83, parameter);
  if (!DEPRECATED.has(parameter.toLowerCase())) return reply(unknown);
  const deprecated = status(127, parameter);
  return { kind: 'status', statuses: twoStatus ? [deprecated, unknown] : [deprecated], section: null };
}

function ascSwitch(machine: CgminerMachine, parameter: string | null, { now }: ApiRequest, on: boolean): ApiReply {
  const device = deviceOf(machine, parameter);
  if ('kind' in device) return device;
  const { board } = device;
  if ((device.disabledAt === null) === on) return say(on ? 108 : 109, board);
  if (on && device.dead === true) return say(112, board);
  machine.devices.setEnabled(now, board, on, machine.pools.everAdded);
  return say(on ? 110 : 111, board);
}

const ascIdentify: Write = (machine, parameter) => {
  const device = deviceOf(machine, parameter);
  return 'kind' in device ? device : say(114, device.board);
};

/** None of these drivers can be set. The option is looked for before the number is checked. */
const ascSet: Write = (machine, parameter) => {
  if (machine.devices.list.length === 0) return say(105);
  if (parameter === null || parameter === '') return say(15);
  const [number, option] = twoParts(parameter);
  if (option === null) return say(116);
  const device = deviceOf(machine, number === '' ? '0' : number);
  return 'kind' in device ? device : say(117, device.board);
};
