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

/** Which oddities it has. */
export interface ControlQuirks {
  /** `setconfig` of a deprecated name sends two statuses back to back (`protocols.md` 1.8 no 2). */
  readonly setconfigTwoStatus: boolean;
}

type Write = (program: ControlledProgram, parameter: string | null, request: ApiRequest) => ApiReply;

/** quit, restart, save, debug, zero, failover-only, setconfig and lockstats. Only the last can be joined. */
export function controlCommands(program: ControlledProgram, quirks: ControlQuirks): ApiCommand[] {
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
    // Long gone, and says so whatever it is told; without a parameter C prints its null (`protocols.md` 1.8 no 6).
    write('failover-only', (_, parameter) => say(127, parameter)),
    write('setconfig', (own, parameter, request) => setconfig(own, parameter, request, quirks.setconfigTwoStatus)),
    write('lockstats', () => say(124), true),
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

const DEPRECATED: ReadonlySet<string> = new Set(['queue', 'scantime', 'expiry']);

/** Knows nothing any more. The old names get two statuses back to back (`protocols.md` 1.8 no 2). */
function setconfig(
  program: ControlledProgram,
  parameter: string | null,
  { now }: ApiRequest,
  twoStatus: boolean,
): ApiReply {
  if (parameter === null) {
    // The program reads a null pointer here (`protocols.md` 1.8 no 3, from the source): it is gone without an answer.
    program.quit(now);
    return nothing;
  }
  const unknown = status(83, parameter);
  if (!DEPRECATED.has(parameter.toLowerCase())) return reply(unknown);
  const deprecated = status(127, parameter);
  return { kind: 'status', statuses: twoStatus ? [deprecated, unknown] : [deprecated], section: null };
}
