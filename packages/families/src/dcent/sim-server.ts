import { ASSUMED } from './sim-assumed.ts';
import { asccount, devdetails, devs, healthchipget, notify, stats } from './sim-chains.ts';
import type { JsonRecord } from './sim-json.ts';
import type { DcentMachine } from './sim-machine.ts';
import { pools } from './sim-pools.ts';
import { coin, config, limits, metrics, summary, version } from './sim-reads.ts';
import { accept, bytesOf, type DcentReply, DENIED, NO_COMMAND, NO_ID, refuse, VERSION } from './sim-reply.ts';
import { type DcentRequest, requestOf } from './sim-request.ts';
import { shareEvents } from './sim-shares.ts';
import { restart, SESSION_COMMANDS } from './sim-writes.ts';

/*
 * The daemon's API on port 4028: who may what, joins, and where a command goes (`protocols.md` 9).
 */

/** A command that wants no session. @param parameter null when none was given */
type OpenCommand = (machine: DcentMachine, now: number, parameter: string | null) => DcentReply;

const quit: OpenCommand = () =>
  refuse(DENIED, 'quit is refused on DCENT_OS: nobody would look after the fans. Use restart.');

/** Answers for the names in lower case only: a parameter keeps its letters. */
const check: OpenCommand = (_machine, _now, parameter) => {
  const name = parameter?.trim() ?? '';
  if (name === '') return refuse(71, 'Missing check command');
  const known = isKnown(name) ? 'Y' : 'N';
  return accept(72, 'Check command', { CHECK: [{ Exists: known, Access: known }] });
};

const logon: OpenCommand = (machine, now) => {
  const id = machine.lock.open(now);
  return id === null
    ? refuse(DENIED, 'A session is already active. logoff/kill it first.')
    : accept(VERSION, 'Session created', { SESSION: [{ SessionID: id, Session: 0 }] });
};

/** Whether there is one and for how long; never its id. */
const session: OpenCommand = (machine, now) => {
  const since = machine.lock.since(now);
  const age = since === null ? 0 : Math.floor((now - since) / 1000);
  return accept(VERSION, since === null ? 'No active session' : 'Session active', {
    SESSION: [{ Session: since === null ? 0 : 1, SessionID: '', AgeSeconds: age }],
  });
};

const logoff: OpenCommand = (machine, now, parameter) =>
  machine.lock.end(now, parted(parameter).id)
    ? accept(VERSION, 'Session ended')
    : refuse(NO_ID, 'logoff: no matching active session for the supplied SessionID');

const kill: OpenCommand = (machine, now) => {
  const ended = machine.lock.end(now);
  const message = ended ? 'Active session force-terminated' : 'No session to terminate';
  return accept(VERSION, message, { KILLED: ended });
};

const OPEN_COMMANDS: Readonly<Record<string, OpenCommand>> = {
  version,
  summary,
  stats,
  pools,
  devs,
  devdetails,
  config,
  coin,
  asccount,
  check,
  notify,
  restart,
  quit,
  logon,
  logoff,
  session,
  kill,
  metrics: (machine, now) => metrics(machine, now, ASSUMED.firstPowerS),
  events: (machine, now) => accept(VERSION, 'Events', { EVENTS: shareEvents(machine, now) }),
  systemaudit: ({ audit }) => accept(VERSION, 'System audit', { SYSTEMAUDIT: audit.slice(-TOLD_OF_AUDIT) }),
  limits,
  healthchipget,
};

/** So many records `systemaudit` tells, the newest ones, oldest of them first. */
const TOLD_OF_AUDIT = 64;

const isKnown = (name: string): boolean => Object.hasOwn(OPEN_COMMANDS, name) || Object.hasOwn(SESSION_COMMANDS, name);

/** What changes something. Sessions do not count among it. */
const changes = (name: string): boolean =>
  name === 'restart' || name === 'quit' || Object.hasOwn(SESSION_COMMANDS, name);

const OVER_SESSIONS: readonly string[] = ['logon', 'logoff', 'session', 'kill'];

/** The reply to a request; null: the connection ends without one. */
export function answer(machine: DcentMachine, bytes: Uint8Array, now: number): Uint8Array | null {
  machine.settle(now);
  const request = requestOf(bytes);
  return request === null ? null : bytesOf(replyTo(machine, now, request), now);
}

function replyTo(machine: DcentMachine, now: number, { command, parameter }: DcentRequest): DcentReply {
  const names = command.includes('+') ? command.split('+').map((name) => name.trim()) : null;
  const denied = denial(machine, names ?? [command]);
  if (denied !== null) return denied;
  if (names === null) return run(machine, now, command, parameter);
  if (parameter !== null) return refuse(NO_COMMAND, "Only parameterless commands can be batched with '+'");
  const changing = names.find(changes);
  if (changing !== undefined) {
    return refuse(NO_COMMAND, `'${changing}' is a mutating command and cannot be batched with '+'`);
  }
  // What one of them refuses, or does not know, is missing without a word.
  const answers = new Map(names.map((name) => [name, run(machine, now, name, null).sections]));
  return accept(VERSION, 'Batch', Object.fromEntries([...answers.values()].flatMap(members)));
}

const members = (record: JsonRecord) => Object.entries(record);

/** Every name of a join is looked at. */
function denial(machine: DcentMachine, names: readonly string[]): DcentReply | null {
  const { observerOnly, lanWrites } = machine.quirks;
  const observed = names.find((name) => changes(name) || OVER_SESSIONS.includes(name));
  if (observerOnly && observed !== undefined) {
    return refuse(DENIED, `access denied: observer-only API forbids '${observed}'`);
  }
  const blocked = names.find((name) => changes(name) || name === 'kill');
  if (lanWrites || blocked === undefined) return null;
  return refuse(DENIED, `access denied: LAN writes disabled: '${blocked}' needs [api] cgminer_lan_writes=true`);
}

function run(machine: DcentMachine, now: number, name: string, parameter: string | null): DcentReply {
  if (Object.hasOwn(OPEN_COMMANDS, name)) {
    const open = OPEN_COMMANDS[name];
    if (open !== undefined) return open(machine, now, parameter);
  }
  const command = Object.hasOwn(SESSION_COMMANDS, name) ? SESSION_COMMANDS[name] : undefined;
  if (command === undefined) return refuse(NO_COMMAND, `Invalid command: ${name}`);
  const { id, rest } = parted(parameter);
  switch (machine.lock.check(now, id)) {
    case 'none':
      return refuse(NO_ID, `${name}: no active session. logon first; pass SessionID as the first comma parameter.`);
    case 'missing':
      return refuse(NO_ID, `${name}: SessionID required as the first comma parameter`);
    case 'wrong':
      return refuse(DENIED, `${name}: supplied SessionID does not match the active session.`);
    case 'valid':
      return command(machine, now, rest);
  }
}

/** The session id, which always comes first, and what follows it. */
function parted(parameter: string | null): { readonly id: string | null; readonly rest: readonly string[] } {
  const [first = '', ...rest] = (parameter ?? '').split(',').map((part) => part.trim());
  return { id: first === '' ? null : first, rest };
}
