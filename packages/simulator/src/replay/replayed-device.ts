import { createHash } from 'node:crypto';
import {
  type Peer,
  type Reaction,
  type SimulatedDevice,
  type SimulatedHttpReply,
  type SimulatedHttpRequest,
  sayAndClose,
} from '@headframe/families/sim';
import type { Protocol } from '@headframe/model';
import { first, statusOf } from '@headframe/wire/cgminer';
import { parseAuthorization, verifyDigest } from '@headframe/wire/http';
import { parseLenient } from '@headframe/wire/json';
import { errorReply, joinedReply, partsOf, questionOf } from '../joins.ts';
import { asText } from './as-text.ts';
import { answerKey, type Capture } from './capture.ts';
import { type RecordedDoors, recordedCalls, recordedPages } from './recorded-braiins.ts';
import { RecordedFrames } from './recorded-frames.ts';
import { RecordedLines } from './recorded-lines.ts';

/** The five commands of a stock Antminer's factory list (protocols.md 2.1). */
const FACTORY_LIST = new Set(['stats', 'pools', 'devs', 'summary', 'version']);
/** Beyond its beginning the realm of an Elphapex is a guess (protocols.md 0). */
const REALMS: Readonly<Record<string, string>> = { elphapex: 'DaogeMiner Configuration' };
const REALM = 'antMiner Configuration';

/** No family of ours yet: its recordings are told by how they are written. */
const WHATSMINER = 'whatsminer';

/** The one family with logins that give a token. */
const BRAIINS = 'braiins';

/** Replies of these end with the close alone (protocols.md 0). */
const WITHOUT_NUL = new Set(['luxos', WHATSMINER]);

/** ethminer has no limit of its own; 72 at the same time were seen to work. */
const MOST_CONNECTIONS = 1000;
/** How many clients port 4433 serves, and how long it keeps a silent one (protocols.md 3.6). */
const FRAMES = { most: 10, idleMs: 300_000 } as const;

/**
 * A device that says what was recorded, and to everything else what its firmware would: code 14, or the 45 of the
 * factory list on port 4028, a WhatsMiner in its own form; -2 in frames; -32601 of JSON-RPC; UNIMPLEMENTED of gRPC; 404
 * on HTTP.
 * @param password that of user `root` (of the digest or, for BraiinsOS, the login), or that of JSON-RPC; null asks for none
 */
export function replayedDevice(capture: Capture, password: string | null): SimulatedDevice {
  const { identification, answers } = capture;
  const family = identification?.family;
  const ports = family?.ports ?? { cgminer: 4028 };
  const id = family?.id ?? (speaksLikeWhatsminer(capture) ? WHATSMINER : 'unknown');
  const label = {
    family: id,
    make: identification?.identity.make ?? 'unknown',
    model: identification?.identity.model ?? capture.name,
    firmware: identification?.identity.firmware ?? 'unknown',
  };
  const isRecorded = (protocol: Protocol) => [...answers.values()].some(({ over }) => over === protocol);
  // A WhatsMiner is read at one of its ports: where 4433 alone was recorded, the other would only refuse.
  const isFramedOnly = isRecorded('whatsminer') && !isRecorded('cgminer');
  const hasRaw = (ports.cgminer !== undefined || family === undefined) && !isFramedOnly;
  const cgminer = {
    port: ports.cgminer ?? 4028,
    maxRequestBytes: 4095,
    admits: () => true,
    receive: (bytes: Uint8Array, _peer: Peer, now: number) => answer(capture, id, bytes, now),
  };
  const doors = (over: Protocol): RecordedDoors => ({
    recorded: (ask) => answers.get(answerKey(over, ask))?.body,
    password,
  });
  const http = {
    port: ports.http ?? 80,
    respond: (request: SimulatedHttpRequest) =>
      (id === BRAIINS ? recordedPages(request, doors('http')) : null) ?? respond(capture, password, request),
  };
  const whatsminer = {
    port: ports.whatsminer ?? 4433,
    ...FRAMES,
    // One reply for each command, whatever part of it is asked for: what was recorded is the most that it said.
    connect: () => new RecordedFrames((cmd) => answers.get(answerKey('whatsminer', cmd))?.body),
  };
  const ethminer = {
    port: ports.ethminer ?? 3333,
    most: MOST_CONNECTIONS,
    connect: () => {
      const recorded = (method: string) => answers.get(answerKey('ethminer', method))?.body.toString('latin1');
      return new RecordedLines({ recorded, password });
    },
  };
  const methods = [...answers.values()].filter(({ over }) => over === 'grpc').map(({ ask }) => ask);
  return {
    label,
    ...(hasRaw ? { cgminer } : {}),
    ...(isRecorded('whatsminer') ? { whatsminer } : {}),
    // LuxOS has an HTTP mirror that no capture holds: a door at which nothing was recorded stays closed.
    ...(ports.http !== undefined && (isRecorded('http') || id === 'antminer') ? { http } : {}),
    ...(isRecorded('ethminer') ? { ethminer } : {}),
    ...(methods.length === 0 ? {} : { grpc: recordedCalls(ports.grpc ?? 50051, methods, doors('grpc')) }),
    listening: () => true,
  };
}

function answer(capture: Capture, family: string, bytes: Uint8Array, now: number): Reaction {
  const end = WITHOUT_NUL.has(family) ? '' : '\0';
  const say = (text: string) => sayAndClose(Buffer.from(text + end, 'latin1'));
  const question = questionOf(bytes);
  const description = descriptionOf(capture);
  if (question === null) return say(errorReply(23, 'json', { description, now }));
  const { form, command, parameter } = question;
  const single = (name: string, given: string | null): string => {
    const recorded = recordedAnswer(capture, name, given);
    const said = recorded === undefined || form === 'json' ? recorded : asText(recorded);
    if (said) return said;
    if (family === WHATSMINER) return whatsminerRefusal(now);
    const denied = family === 'antminer' && !FACTORY_LIST.has(name);
    return errorReply(denied ? 45 : 14, form, { command: name, description, now });
  };
  if (!command.includes('+')) return say(single(command, parameter));
  return say(joinedReply(form, new Map(partsOf(command).map((part) => [part, single(part, null)]))));
}

/** As Latin-1 text, so that bytes pass through unchanged. A parameter that was not recorded is not the bare command. */
function recordedAnswer({ answers }: Capture, command: string, parameter: string | null): string | undefined {
  const ask = parameter === null || parameter === '' ? command : `${command}|${parameter}`;
  return answers.get(answerKey('cgminer', ask))?.body.toString('latin1');
}

/** What the program calls itself in its own replies. */
function descriptionOf({ answers }: Capture): string {
  for (const { over, body } of answers.values()) {
    if (over !== 'cgminer') continue;
    const description = statusOf(documentOf(body))?.description;
    if (description) return description;
  }
  return 'cgminer';
}

/** Null: it cannot be read; another one may tell. */
function documentOf(body: Uint8Array): Record<string, unknown> | null {
  try {
    const { value } = parseLenient(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Its own commands have a plain string as STATUS, its devices the driver bitmicro (protocols.md 0 and 3.4). */
function speaksLikeWhatsminer({ answers }: Capture): boolean {
  return [...answers.values()].some(({ over, body }) => {
    if (over !== 'cgminer') return false;
    const doc = documentOf(body);
    return typeof doc?.STATUS === 'string' || first(doc, 'DEVDETAILS').str('Driver') === 'bitmicro';
  });
}

const whatsminerRefusal = (now: number): string =>
  JSON.stringify({
    STATUS: 'E',
    When: Math.floor(now / 1000),
    Code: 14,
    Msg: 'invalid cmd',
    Description: 'whatsminer',
  });

function respond(capture: Capture, password: string | null, request: SimulatedHttpRequest): SimulatedHttpReply {
  const realm = REALMS[capture.identification?.family.id ?? ''] ?? REALM;
  if (password !== null && !isAllowed(realm, password, request)) return challenge(realm, capture.name);
  const recorded = capture.answers.get(answerKey('http', request.path.replace(/\?.*$/, '')));
  if (recorded === undefined) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not Found\n' };
  return { status: recorded.status, headers: recorded.headers, body: recorded.body };
}

function isAllowed(realm: string, password: string, { method, path, headers }: SimulatedHttpRequest): boolean {
  const header = headers.authorization ?? '';
  return (
    parseAuthorization(header) !== null && verifyDigest(header, method, { realm, users: { root: password }, uri: path })
  );
}

function challenge(realm: string, name: string): SimulatedHttpReply {
  const nonce = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return {
    status: 401,
    headers: {
      'www-authenticate': `Digest realm="${realm}", nonce="${nonce}", qop="auth"`,
      'content-type': 'text/html',
    },
    body: '401 - Unauthorized\n',
  };
}
