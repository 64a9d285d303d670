import { COMMANDS } from './sim-commands.ts';
import type { LuxRecord } from './sim-json.ts';
import type { LuxosMachine } from './sim-machine.ts';
import { OPEN_WRITES } from './sim-pool-writes.ts';
import {
  bytesOf,
  envelope,
  INVALID_COMMAND,
  INVALID_SESSION,
  type LuxReply,
  MISSING_PARAMETER,
  refuse,
} from './sim-reply.ts';
import { SESSION_COMMANDS } from './sim-writes.ts';

/*
 * LUXminer's API: one JSON request per connection, one JSON reply, close without a NUL (`protocols.md` 0 and 8).
 *
 * Luxor's pages say that commands without parameters may be joined with `+`. That a joined reply looks like cgminer's,
 * an array with one reply under the name of each command, is assumed. They also say that requests in text form are
 * answered in text; that form is not simulated: what is no JSON object is refused with 23.
 */

/** How many bytes of a request are read: cgminer's number, LUXminer's is not known. */
export const MAX_REQUEST_BYTES = 4095;

export function answer(machine: LuxosMachine, bytes: Uint8Array, now: number): Uint8Array {
  machine.settle(now);
  const request = parse(bytes.subarray(0, MAX_REQUEST_BYTES));
  const say = (reply: LuxReply): Uint8Array => bytesOf(envelope(reply, now, machine.version.luxminer));
  if (request === null) return say(refuse(23, 'Invalid JSON'));
  if (request.command === undefined) return say(refuse(24, "Missing JSON 'command'"));
  if (!request.command.includes('+') || machine.quirks.refuseJoins) {
    return say(run(machine, now, request.command, request.parts));
  }
  return bytesOf(join(machine, now, request.command.split('+')));
}

function join(machine: LuxosMachine, now: number, names: readonly string[]): LuxRecord {
  const slots = names
    .filter((name) => name !== '')
    .map((name): [string, readonly LuxRecord[]] => [
      name,
      [envelope(run(machine, now, name, []), now, machine.version.luxminer)],
    ]);
  return { ...Object.fromEntries(slots), id: 1 };
}

function run(machine: LuxosMachine, now: number, name: string, parts: readonly string[]): LuxReply {
  if (!Object.hasOwn(SESSION_COMMANDS, name)) {
    const reply = Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.(machine, now, parts) : undefined;
    if (reply?.severity === 'S' && Object.hasOwn(OPEN_WRITES, name)) machine.note(now, name);
    return reply ?? INVALID_COMMAND;
  }
  const [id, ...rest] = parts;
  if (id === undefined) return MISSING_PARAMETER;
  if (!machine.lock.use(now, id)) return INVALID_SESSION;
  const reply = SESSION_COMMANDS[name]?.(machine, now, rest) ?? INVALID_COMMAND;
  if (reply.severity === 'S') machine.note(now, name);
  return reply;
}

interface Request {
  readonly command: string | undefined;
  readonly parts: readonly string[];
}

/** Null when it is no JSON object. Numbers are taken as parameters too. */
function parse(bytes: Uint8Array): Request | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { command, parameter } = value as { command?: unknown; parameter?: unknown };
  const text = typeof parameter === 'string' || typeof parameter === 'number' ? String(parameter) : '';
  return {
    command: typeof command === 'string' ? command : undefined,
    parts: text === '' ? [] : text.split(',').map((part) => part.trim()),
  };
}
