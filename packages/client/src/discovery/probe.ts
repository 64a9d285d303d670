import { type Identification, identify, probeKey, questions } from '@headframe/families';
import {
  asHeadframeError,
  type Family,
  HeadframeError,
  type HttpDoc,
  type Protocol,
  printable,
  type Reply,
} from '@headframe/model';
import { askCommand } from '@headframe/wire/cgminer';
import { askMethods } from '@headframe/wire/ethminer';
import { parseHttpDoc, realmOf } from '@headframe/wire/http';
import { askFrames } from '@headframe/wire/whatsminer';
import { formatAddress } from '../address.ts';
import type { Dial } from '../links/dial.ts';
import { grpcLink } from '../links/grpc-link.ts';
import { httpLink } from '../links/http-link.ts';
import { tcpLink } from '../links/tcp-link.ts';
import type { Ports } from '../ports.ts';
import type { DoorPlan } from './doors.ts';
import type { ProbeEvidence } from './found.ts';

/** Asked where no family has a question of its own, so that at least a name can be given. */
const BASIC_QUESTION: Readonly<Record<Protocol, string>> = {
  cgminer: 'version',
  http: '/',
  // Answers without a login on newer stock Antminers, with an error text on the others (protocols.md 0 and 2.5).
  monitor: '/get_sn',
  whatsminer: 'get.device.info',
  ethminer: 'miner_getstat1',
  grpc: 'braiins.bos.ApiVersionService/GetApiVersion',
};

/** A page of a stranger may be long; its beginning tells what it is. */
const MAX_PROBE_BYTES = 512 * 1024;

export interface ProbeContext extends Dial {
  readonly families: readonly Family[];
}

/** An open port after it was asked. */
export interface Door {
  readonly plan: DoorPlan;
  /** The protocol that it turned out to speak; null when nothing readable came. */
  speaks: Protocol | null;
  /** Replies by the key of `probeKey`, those with an error included. */
  readonly replies: Map<string, Reply>;
}

export interface Probed {
  readonly doors: readonly Door[];
  readonly identification: Identification | null;
  /** The ports of the identified family that are open here. */
  readonly ports: Ports;
  readonly evidence: ProbeEvidence[];
}

/**
 * Asks the open ports of one host who it is: one cheap question after the other, each reply shared by all families, the
 * questions of tier 1 only while nobody knows it. Credentials are never used here: they belong to an identified device.
 */
export async function probe(plans: readonly DoorPlan[], context: ProbeContext): Promise<Probed> {
  const doors: Door[] = plans.map((plan) => ({ plan, speaks: null, replies: new Map() }));
  for (const door of doors) await findTongue(door, context);
  let identification = bestOf(doors, context.families);
  if (identification === null) {
    for (const door of doors) {
      if (door.speaks !== null) await ask(door, door.speaks, questions(door.speaks, 1, context.families), context);
    }
    identification = bestOf(doors, context.families);
  }
  const ports = identification === null ? {} : portsOf(identification.family, doors);
  return { doors, identification, ports, evidence: doors.flatMap(evidenceOf) };
}

/** The questions of tier 0, in the first protocol that the port understands. */
async function findTongue(door: Door, context: ProbeContext): Promise<void> {
  const waiting = tongues(door.plan);
  for (let protocol = waiting.shift(); protocol !== undefined; protocol = waiting.shift()) {
    const asks = questions(protocol, 0, context.families);
    const [first = BASIC_QUESTION[protocol], ...others] = asks;
    const [reply] = await ask(door, protocol, [first], context);
    if (protocol === 'cgminer' && reply !== undefined && isJsonRpc(reply)) {
      waiting.unshift('ethminer');
      continue;
    }
    if (protocol === 'cgminer' && reply !== undefined && isHttp2(reply) && !door.plan.protocols.includes('grpc')) {
      waiting.unshift('grpc');
      continue;
    }
    if (reply !== undefined && isUnderstood(protocol, reply)) {
      door.speaks = protocol;
      await ask(door, protocol, others, context);
      return;
    }
    if (context.deadline.stopped !== null || reply === undefined) return;
    if (!door.plan.named && !looksForeign(protocol, reply)) return;
  }
}

/** ePIC speaks HTTP on 4028 (protocols.md 10), so the other protocol is a fallback everywhere. */
const tongues = (plan: DoorPlan): Protocol[] => [...new Set<Protocol>([...plan.protocols, 'cgminer', 'http'])];

/** ethminer answers a request of cgminer's with an error of JSON-RPC; most keep the connection then (protocols.md 5.4). */
const isJsonRpc = ({ error, raw }: Reply): boolean =>
  /^\{"error":\{"code":-32\d{3}/.test(raw === null ? (error?.context.firstBytes ?? '') : printable(raw));

/** A server of HTTP/2 greets before it reads: a frame of settings of the connection (RFC 9113, 3.4 and 6.5). */
const isHttp2 = ({ error, raw }: Reply): boolean =>
  /^\\x00\\x00(?:[^\\]|\\x..)\\x04\\x00(?:\\x00){4}/.test(
    raw === null ? (error?.context.firstBytes ?? '') : printable(raw),
  );

/** The port answered in the protocol, be it with a refusal. */
function isUnderstood(protocol: Protocol, reply: Reply): boolean {
  if (reply.doc !== null) return true;
  // Any status at all is one of gRPC, such as that it does not know the method.
  if (protocol === 'grpc') return reply.error?.context.vendorCode !== undefined;
  const code = reply.error?.code;
  const refuses = protocol === 'cgminer' || protocol === 'ethminer';
  return refuses && reply.raw !== null && code?.startsWith('link/') !== true && !isBroken(reply);
}

const isBroken = (reply: Reply): boolean => reply.error?.code.startsWith('protocol/') === true;

/** An unreadable answer that may be another protocol. */
function looksForeign(protocol: Protocol, reply: Reply): boolean {
  if (protocol !== 'cgminer') return isBroken(reply);
  return reply.raw !== null && String.fromCharCode(...reply.raw.subarray(0, 5)) === 'HTTP/';
}

async function ask(door: Door, protocol: Protocol, asks: readonly string[], context: ProbeContext): Promise<Reply[]> {
  const { deadline } = context;
  const { port } = door.plan;
  const replies: Reply[] = [];
  for (const question of asks) {
    const key = probeKey({ over: protocol, ask: question });
    if (deadline.stopped !== null || door.replies.has(key)) continue;
    const reply = await askOne(protocol, context, port, question);
    door.replies.set(key, reply);
    replies.push(reply);
    // A device that fell silent or closed its door is not asked again at once.
    if (reply.error?.code.startsWith('link/') === true) break;
  }
  return replies;
}

/** Asks one question over a protocol, in a connection of its own. Never rejects: what goes wrong is in the reply. */
export async function askOne(protocol: Protocol, dial: Dial, port: number, question: string): Promise<Reply> {
  const ask = { id: question, command: question, maxBytes: MAX_PROBE_BYTES };
  if (protocol === 'cgminer') return askCommand(tcpLink(dial, port), dial.clock, ask);
  if (protocol === 'grpc') return askMethod(dial, port, question);
  if (protocol !== 'whatsminer' && protocol !== 'ethminer') return askPage(dial, port, question);
  const link = tcpLink(dial, port);
  const replies =
    protocol === 'whatsminer'
      ? await askFrames(link, dial.clock, [{ id: question, cmd: question }])
      : await askMethods(link, dial.clock, [question], { maxBytes: MAX_PROBE_BYTES });
  return (
    replies.get(question) ?? Promise.reject(new HeadframeError('internal', { detail: 'a question without a reply' }))
  );
}

interface Came {
  readonly at: number;
  readonly ms: number;
  readonly raw: Uint8Array;
  readonly doc: unknown;
}

/** A page as probes see it: any status is an answer. */
const askPage = (dial: Dial, port: number, path: string): Promise<Reply> =>
  replyTo(dial, port, { id: path, request: `GET ${path}` }, async () => {
    const reply = await httpLink(dial, port).http({ method: 'GET', path, maxBytes: MAX_PROBE_BYTES });
    return { at: reply.at, ms: reply.ms, raw: reply.body, doc: parseHttpDoc(reply) };
  });

/** A method of gRPC as probes see it: an empty message goes, the one that comes is for the family to read. */
const askMethod = (dial: Dial, port: number, method: string): Promise<Reply> =>
  replyTo(dial, port, { id: method, request: method }, async () => {
    const link = grpcLink(dial, port);
    try {
      const { at, ms, message } = await link.unary({ method, maxBytes: MAX_PROBE_BYTES }, new Uint8Array());
      return { at, ms, raw: message, doc: { status: 'OK' } };
    } finally {
      // The conversation goes on at the other doors.
      link.close();
    }
  });

async function replyTo(
  dial: Dial,
  port: number,
  asked: { readonly id: string; readonly request: string },
  ask: () => Promise<Came>,
): Promise<Reply> {
  const meta = { ...asked, repairs: [] };
  const began = dial.clock.now();
  try {
    const { at, ms, raw, doc } = await ask();
    return { meta: { ...meta, at, ms, bytes: raw.length, error: null }, doc, raw, error: null };
  } catch (thrown) {
    const error = asHeadframeError(thrown, { address: formatAddress(dial.host, port), request: asked.request });
    const at = dial.clock.now();
    return { meta: { ...meta, at, ms: at - began, bytes: 0, error: error.summary }, doc: null, raw: null, error };
  }
}

/** Protocols of which a host has one door at the most. */
const BESIDE: readonly Protocol[] = ['monitor', 'whatsminer', 'ethminer', 'grpc'];

/**
 * The most specific identity over every pairing of a cgminer port with a web port. Half a pairing counts only where no
 * whole one is anybody: the web page alone would make an Antminer of the Hiveon that says its name on 4028.
 */
function bestOf(doors: readonly Door[], families: readonly Family[]): Identification | null {
  const apis = doors.filter((door) => hasRepliesOver(door, 'cgminer'));
  const pages = doors.filter((door) => hasRepliesOver(door, 'http'));
  // What the others say belongs to every pairing: a host has one of each at the most.
  const beside = doors.filter((door) => BESIDE.some((protocol) => hasRepliesOver(door, protocol)));
  const whole = apis.flatMap((api) => pages.map((page) => [api, page, ...beside]));
  const half = [...apis, ...pages].map((door) => [door, ...beside]);
  return bestAmong(whole, families) ?? bestAmong(half.length > 0 ? half : [beside], families);
}

function bestAmong(pairings: readonly (readonly Door[])[], families: readonly Family[]): Identification | null {
  let best: Identification | null = null;
  for (const pairing of pairings) {
    const found = identify(new Map(pairing.flatMap((door) => [...door.replies])), families);
    if (found !== null && (best === null || found.family.specificity > best.family.specificity)) best = found;
  }
  return best;
}

const hasRepliesOver = (door: Door, protocol: Protocol): boolean =>
  door.replies.keys().some((key) => key.startsWith(`${protocol} `));

/**
 * The family's own ports where they are open, else a port that speaks the protocol and was named on purpose: another
 * family's port (8080 of LuxOS on an Antminer) is none of its own.
 */
function portsOf(family: Family, doors: readonly Door[]): Ports {
  const ports: Partial<Record<Protocol, number>> = {};
  for (const [name, own] of Object.entries(family.ports)) {
    const protocol = name as Protocol;
    const speaking = doors.filter(({ plan, speaks }) => {
      return speaks === protocol || (speaks === null && plan.protocols[0] === protocol);
    });
    const door = speaking.find(({ plan }) => plan.port === own) ?? speaking.find(({ plan }) => plan.standIn);
    if (door !== undefined) ports[protocol] = door.plan.port;
  }
  return ports;
}

function evidenceOf(door: Door): ProbeEvidence[] {
  return [...door.replies].map(([key, reply]) => {
    const [over, question] = [key.slice(0, key.indexOf(' ')) as Protocol, key.slice(key.indexOf(' ') + 1)];
    return { port: door.plan.port, over, ask: question, code: reply.error?.code ?? null, said: saidOf(over, reply) };
  });
}

function saidOf(over: Protocol, reply: Reply): string | null {
  if (over === 'grpc') return statusOf(reply);
  if ((over === 'http' || over === 'monitor') && reply.doc !== null) {
    const { status, headers, text } = reply.doc as HttpDoc;
    const realm = realmOf(headers['www-authenticate'] ?? '');
    const title = titleOf(text);
    const parts = [`HTTP ${status}`];
    if (headers.server !== undefined) parts.push(`server ${quoted(headers.server)}`);
    if (realm !== null) parts.push(`realm ${quoted(realm)}`);
    if (title !== null) parts.push(`title ${quoted(title)}`);
    return parts.join(', ');
  }
  if (reply.raw !== null) return printable(reply.raw);
  return reply.error?.context.firstBytes ?? null;
}

function statusOf({ doc, error }: Reply): string | null {
  if (doc !== null) return 'gRPC status OK';
  const { vendorCode, vendorText } = error?.context ?? {};
  if (vendorCode === undefined) return null;
  return `gRPC status ${vendorCode}${vendorText === undefined ? '' : `, ${quoted(vendorText)}`}`;
}

const quoted = (text: string): string => `"${printable(new TextEncoder().encode(text))}"`;

/** The title of a page, without line breaks; null when it has none. */
export function titleOf(html: string): string | null {
  const title = /<title[^>]{0,200}>([^<]{1,400})/i.exec(html)?.[1]?.replace(/\s+/g, ' ').trim();
  return title === undefined || title === '' ? null : title;
}
