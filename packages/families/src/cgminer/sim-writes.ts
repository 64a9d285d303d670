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
import { twoParts } from './sim-parameters.ts';

type Write = (machine: CgminerMachine, parameter: string | null, request: ApiRequest) => ApiReply;

/** Write commands other than those of pools and devices (`protocols.md` 1.4). */
export function writeCommands(machine: CgminerMachine): ApiCommand[] {
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
    write('failover-only', failoverOnly),
    write('setconfig', setconfig),
    write('lockstats', ({ plan }) => say(plan.lockTracking ? 123 : 124), true),
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

/**
 * Long gone, and says so whatever it is told; without a parameter C prints its null (`protocols.md` 1.8 no 6). Programs
 * that still have it send what the table of codes has for it: 75, 76 and 77.
 */
const failoverOnly: Write = ({ quirks }, parameter) => {
  if (quirks['failover-only-deprecated']) return say(127, parameter);
  if (parameter === null || parameter === '') return say(75);
  const letter = parameter.charAt(0).toLowerCase();
  return letter === 't' || letter === 'f' ? say(77, letter === 't' ? 'true' : 'false') : say(76);
};

const DEPRECATED: ReadonlySet<string> = new Set(['queue', 'scantime', 'expiry']);

/** Knows nothing any more. The old names get two statuses back to back (`protocols.md` 1.8 no 2). */
const setconfig: Write = (machine, parameter, { now }) => {
  const { quirks } = machine;
  if (parameter === null) {
    if (!quirks['setconfig-crash']) return say(85);
    // The program reads a null pointer here (`protocols.md` 1.8 no 3, from the source): it is gone without an answer.
    machine.quit(now);
    return nothing;
  }
  const unknown = status(83, parameter);
  if (!DEPRECATED.has(parameter.toLowerCase())) return reply(unknown);
  const deprecated = status(127, parameter);
  const statuses = quirks['setconfig-two-status'] ? [deprecated, unknown] : [deprecated];
  return { kind: 'status', statuses, section: null };
};
