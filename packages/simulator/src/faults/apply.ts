import type { Reaction, SimulatedHttpReply } from '@headframe/families/sim';
import { hash32 } from '@headframe/families/sim';
import type { Protocol } from '@headframe/model';
import { errorReply, joinedReply, partsOf, questionOf } from '../joins.ts';
import { changed, inPieces, withoutComma, withoutNul } from './bytes.ts';
import { type Frozen, inDocuments, withoutRecords } from './contents.ts';
import type { Fault } from './kinds.ts';

/** What goes wrong with one connection. */
export interface FaultedConnection {
  readonly connection: 'serve' | 'close' | 'hang';
  /** What the client gets for its request. `receive` asks the device. */
  answer(request: Uint8Array, receive: (request: Uint8Array) => Reaction): Reaction;
  /** Over HTTP: what is said instead of asking the device; null: it is asked. */
  readonly instead: SimulatedHttpReply | null;
  /** Over HTTP: what the client gets for a reply; null: the reply as it is. `render` makes its bytes. */
  respond(asked: string, reply: SimulatedHttpReply, render: Render): Reaction | null;
  /** The same for gRPC, message by message. */
  readonly grpc: FaultedCall;
}

/** Makes the bytes of a reply. */
type Render = (reply: SimulatedHttpReply) => Uint8Array;

/** What goes wrong with a call of gRPC: with the bytes of its reply, in a stream of HTTP/2 that is as it should be. */
export interface FaultedCall {
  /** A message in its frame. `keep`: the call goes on; all other ends are those of the connection. */
  frame(bytes: Uint8Array): Reaction;
  /** A page instead of the reply. */
  readonly page: string | null;
  /** The connection is reset behind the status of the call. */
  readonly resetBehind: boolean;
}

const FINE: FaultedConnection = {
  connection: 'serve',
  answer: (request, receive) => receive(request),
  instead: null,
  respond: () => null,
  grpc: { frame: (bytes) => said(bytes, 'keep'), page: null, resetBehind: false },
};

/** What an Antminer of the factory lets everybody ask (`protocols.md` 2.1). */
const FACTORY_LIST: ReadonlySet<string> = new Set(['stats', 'pools', 'devs', 'summary', 'version']);

const PAGE = '<!DOCTYPE html><html><head><title>Login</title></head><body><h1>It works!</h1></body></html>\n';

const FORBIDDEN = 403;

/** The whole site behind a login, or closed, as a web server says it that knows no more of it. */
const lockedPage = (status: number): SimulatedHttpReply => ({
  status,
  headers: {
    ...(status === FORBIDDEN ? {} : { 'www-authenticate': 'Basic realm="Restricted Area"' }),
    'content-type': 'text/html',
  },
  body: `<html><head><title>${status === FORBIDDEN ? '403 Forbidden' : '401 Unauthorized'}</title></head><body></body></html>\n`,
});

/** What decides beside the fault. */
export interface FaultedPort {
  readonly seed: number;
  readonly now: () => number;
  /** What the device said first since the faults are there. */
  readonly frozen: Frozen;
}

/**
 * What the faults of a port do to its n-th connection (from 0) since they are there. A function of the seed and n, and
 * of what the device said, where that stands still.
 * Faults of the whole port (refuse, black hole, wedge, reboot) are not for here.
 */
export function faultConnection(
  faults: readonly Fault[],
  over: Protocol,
  n: number,
  { seed, now, frozen }: FaultedPort,
): FaultedConnection {
  const striking = faults.filter((f) => (f.over ?? over) === over && n % (f.every ?? 1) === 0);
  if (striking.length === 0) return FINE;
  const has = (kind: Fault['kind']) => striking.some((fault) => fault.kind === kind);
  if (has('accept-and-close')) return { ...FINE, connection: 'close' };
  if (has('accept-and-hang') || (n > 0 && has('answer-once'))) return { ...FINE, connection: 'hang' };
  const onTheWay = (reaction: Reaction) =>
    striking.reduce((sofar, fault) => transform(fault, sofar, hash32(seed, n)), reaction);
  const locked = over === 'http' || over === 'monitor' ? striking.find((fault) => fault.kind === 'locked') : undefined;
  const contents = striking.filter(({ kind }) => kind === 'empty' || kind === 'freeze');
  /** A reply with what the device says changed; its bytes are what they were where no fault is about that. */
  const told = (bytes: Uint8Array, scope: string): Uint8Array =>
    contents.reduce(
      (sofar, fault) =>
        inDocuments(sofar, over, (text) =>
          fault.kind === 'freeze' ? frozen.freeze(text, scope, fault.sharesToo !== 0) : withoutRecords(text, over),
        ),
      bytes,
    );
  return {
    connection: 'serve',
    answer: (request, receive) => {
      const asked = (bytes: Uint8Array): Reaction => {
        const reaction = receive(bytes);
        return contents.length === 0 ? reaction : changed(reaction, (reply) => told(reply, scopeOf(request, over)));
      };
      return onTheWay(has('code-45') ? deny(request, asked, now()) : asked(request));
    },
    instead: locked?.kind === 'locked' ? lockedPage(locked.status) : null,
    respond: (asked, reply, render) => {
      if (has('html')) {
        const headers = { 'content-type': 'text/html' };
        return onTheWay(said(render({ status: 200, headers, body: PAGE })));
      }
      const whole = has('missing-comma') ? withoutComma(Buffer.from(reply.body)) : reply.body;
      const body = contents.length === 0 ? whole : told(Buffer.from(whole), asked);
      return onTheWay(said(render({ ...reply, body })));
    },
    grpc: {
      frame: (bytes) => striking.reduce((sofar, fault) => inCall(fault, sofar, hash32(seed, n)), said(bytes, 'keep')),
      page: has('html') ? PAGE : null,
      resetBehind: has('reset-after-reply'),
    },
  };
}

/** Replies of JSON-RPC do not say what they answer. */
function scopeOf(request: Uint8Array, over: Protocol): string {
  if (over !== 'ethminer') return '';
  return /"method"\s*:\s*"(\w{1,64})"/.exec(Buffer.from(request).toString('latin1'))?.[1] ?? '';
}

const said = (bytes: Uint8Array, end: Reaction['end'] = 'fin'): Reaction => ({ chunks: [{ bytes, afterMs: 0 }], end });

/** Faults within a call of gRPC. What is about cgminer's texts alone does nothing there. */
function inCall(fault: Fault, reaction: Reaction, key: number): Reaction {
  switch (fault.kind) {
    case 'truncate': {
      // A message that is short enough comes whole, and the call goes on.
      const size = reaction.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
      return size > fault.afterBytes ? transform(fault, reaction, key) : reaction;
    }
    case 'garbage':
      // Its status still says OK: what came is for the client to judge.
      return { ...transform(fault, reaction, key), end: reaction.end };
    case 'drip':
    case 'split':
    case 'cut':
    case 'reset-in-reply':
      return transform(fault, reaction, key);
    default:
      return reaction;
  }
}

function transform(fault: Fault, reaction: Reaction, key: number): Reaction {
  const share = (bytes: Uint8Array, percent: number) => bytes.subarray(0, Math.floor((bytes.length * percent) / 100));
  switch (fault.kind) {
    case 'drip':
    case 'split':
      return inPieces(reaction, fault.bytes, fault.everyMs);
    case 'truncate':
      return changed(reaction, (bytes) => bytes.subarray(0, fault.afterBytes), 'fin');
    case 'cut':
      return changed(reaction, (bytes) => share(bytes, fault.atPercent), 'fin');
    case 'reset-in-reply':
      return changed(reaction, (bytes) => share(bytes, fault.atPercent), 'rst');
    case 'reset-after-reply':
      return { ...reaction, end: 'rst' };
    case 'missing-comma':
      return changed(reaction, withoutComma);
    case 'no-nul':
      return changed(reaction, withoutNul);
    case 'garbage':
      return changed(reaction, () => Uint8Array.from({ length: fault.bytes }, (_, i) => hash32(key, i)), 'fin');
    case 'html':
      // Over HTTP the page already has its headers around it.
      return changed(reaction, (bytes) => (isHttp(bytes) ? bytes : Buffer.from(PAGE)), 'fin');
    default:
      return reaction;
  }
}

const isHttp = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 5)).toString('latin1') === 'HTTP/';

/** Denies what is not on the factory list, slot by slot in a join, and asks the device for the rest. */
function deny(request: Uint8Array, receive: (request: Uint8Array) => Reaction, now: number): Reaction {
  const question = questionOf(request);
  if (question === null) return receive(request);
  const { form, command } = question;
  const denied = (name: string) => errorReply(45, form, { command: name, description: 'cgminer 1.0.0', now });
  const parts = partsOf(command);
  if (parts.every((name) => FACTORY_LIST.has(name))) return receive(request);
  if (!command.includes('+')) return said(Buffer.from(`${denied(command)}\0`, 'latin1'));
  const slots = new Map<string, string>();
  for (const name of parts) {
    const asked = form === 'json' ? JSON.stringify({ command: name }) : name;
    const allowed = FACTORY_LIST.has(name);
    slots.set(name, allowed ? textOf(receive(Buffer.from(asked, 'latin1'))) : denied(name));
  }
  return said(Buffer.from(`${joinedReply(form, slots)}\0`, 'latin1'));
}

/** A reply as a byte string without its NUL. */
const textOf = (reaction: Reaction): string =>
  Buffer.from(withoutNul(Buffer.concat(reaction.chunks.map((chunk) => chunk.bytes)))).toString('latin1');
