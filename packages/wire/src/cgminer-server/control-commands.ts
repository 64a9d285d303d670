import type { DebugSettings } from './debug-settings.ts';
import type { ApiCommand, ApiReply, ApiRequest } from './program.ts';
import { bool, nothing, reply, say, single, status, word } from './values.ts';

/** What the commands change that are the same in every cgminer-like program (`protocols.md` 1.4). */
export interface ControlledProgram {
  readonly debug: DebugSettings;
  readonly quit: (now: number) => void;
  readonly restart: (now: number) => void;
  /** Writes the running configuration; to the file that the program was started with when null. Gives the file's name. */
  readonly save: (file: string | null) => string;
  readonly zero: (now: number) => void;
  readonly zeroBestShare: (now: number) => void;
}

/** Which oddities it has, and how it was built. */
export interface ControlQuirks {
  /** `setconfig` of a deprecated name sends two statuses back to back (`protocols.md` 1.8 no 2). */
  readonly setconfigTwoStatus: boolean;
  /** `setconfig` without a parameter ends the program without an answer (`protocols.md` 1.8 no 3). */
  readonly setconfigCrash: boolean;
  /** `failover-only` is gone, and says so whatever it is told (`protocols.md` 1.8 no 6). */
  readonly failoverOnlyDeprecated: boolean;
  /** Built to count its locks: then `lockstats` works (`protocols.md` 1.6, codes 123 and 124). */
  readonly lockTracking: boolean;
}

/** As cgminer 4.11.1 is, built without counting its locks. */
const CGMINER_4_11: ControlQuirks = {
  setconfigTwoStatus: true,
  setconfigCrash: true,
  failoverOnlyDeprecated: true,
  lockTracking: false,
};

type Write = (program: ControlledProgram, parameter: string | null, request: ApiRequest) => ApiReply;

/**
 * quit, restart, save, debug, zero, failover-only, setconfig and lockstats. Only the last can be joined.
 * @param differences where it is not as in cgminer 4.11.1 built without counting its locks
 */
export function controlCommands(program: ControlledProgram, differences: Partial<ControlQuirks> = {}): ApiCommand[] {
  const quirks = { ...CGMINER_4_11, ...differences };
  const write = (name: string, act: Write, joinable = false): ApiCommand => ({
    name,
    access: 'write',
    joinable,
    run: (request) => act(program, request.parameter, request),
  });
  return [
    write('quit', (own, _, { now }) => {
      own.quit(now);
      return word('BYE');
    }),
    write('restart', (own, _, { now }) => {
      own.restart(now);
      return word('RESTART');
    }),
    write('save', save),
    write('debug', debug),
    write('zero', zero),
    write('failover-only', (_, parameter) => failoverOnly(parameter, quirks.failoverOnlyDeprecated)),
    write('setconfig', (own, parameter, request) => setconfig(own, parameter, request, quirks)),
    write('lockstats', () => say(quirks.lockTracking ? 123 : 124), true),
  ];
}

/** A name of a file, not of one in a folder that is not there; Linux takes at most 255 bytes. */
const isWritable = (file: string): boolean => !file.includes('/') && file.length <= 255;

const save: Write = (program, parameter) => {
  if (parameter === null || parameter === '') return say(44, program.save(null));
  return isWritable(parameter) ? say(44, program.save(parameter)) : say(43, parameter);
};

const debug: Write = ({ debug: settings }, parameter) => {
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
export const twoParts = (parameter: string): [string, string | null] => {
  const comma = parameter.indexOf(',');
  if (comma < 0) return [parameter, null];
  const second = parameter.slice(comma + 1);
  return [parameter.slice(0, comma), second === '' ? null : second];
};

const zero: Write = (program, parameter, { now }) => {
  if (parameter === null || parameter === '') return say(94);
  const [what, withSummary] = twoParts(parameter);
  if (withSummary === null) return say(75);
  const all = what.toLowerCase() === 'all';
  if (!all && what.toLowerCase() !== 'bestshare') return say(95, what);
  const letter = withSummary.charAt(0).toLowerCase();
  if (letter !== 't' && letter !== 'f') return say(76);
  if (all) program.zero(now);
  else program.zeroBestShare(now);
  return say(letter === 't' ? 96 : 97, all ? 'All' : 'BestShare');
};

/**
 * Without a parameter a program that lacks it prints C's null (`protocols.md` 1.8 no 6). Programs that still have it send
 * what the table of codes has for it: 75, 76 and 77.
 */
function failoverOnly(parameter: string | null, deprecated: boolean): ApiReply {
  if (deprecated) return say(127, parameter);
  if (parameter === null || parameter === '') return say(75);
  const letter = parameter.charAt(0).toLowerCase();
  return letter === 't' || letter === 'f' ? say(77, letter === 't' ? 'true' : 'false') : say(76);
}

const DEPRECATED: ReadonlySet<string> = new Set(['queue', 'scantime', 'expiry']);

/** Knows nothing any more. The old names get two statuses back to back (`protocols.md` 1.8 no 2). */
function setconfig(
  program: ControlledProgram,
  parameter: string | null,
  { now }: ApiRequest,
  quirks: ControlQuirks,
): ApiReply {
  if (parameter === null) {
    if (!quirks.setconfigCrash) return say(85);
    // The program reads a null pointer here (`protocols.md` 1.8 no 3, from the source): it is gone without an answer.
    program.quit(now);
    return nothing;
  }
  const unknown = status(83, parameter);
  if (!DEPRECATED.has(parameter.toLowerCase())) return reply(unknown);
  const deprecated = status(127, parameter);
  return { kind: 'status', statuses: quirks.setconfigTwoStatus ? [deprecated, unknown] : [deprecated], section: null };
}
