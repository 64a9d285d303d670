import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Identification, identify, probeKey } from '@headframe/families';
import { type Family, HeadframeError, type HttpDoc, type Protocol, type Reply } from '@headframe/model';
import { decodeReply, statusOf } from '@headframe/wire/cgminer';
import { decodeLine } from '@headframe/wire/ethminer';
import { parseLenient } from '@headframe/wire/json';
import { envelope } from '@headframe/wire/whatsminer';
import type { CapturedAnswer } from './captured-answer.ts';
import { compact } from './compact.ts';
import { NAMINGS } from './file-names.ts';
import { RECORDING_FILE, readRecording } from './recording.ts';

/** The recorded replies of one real machine. */
export interface Capture {
  readonly name: string;
  /** Null when no family knows the machine: its replies are served all the same. */
  readonly identification: Identification | null;
  readonly answers: ReadonlyMap<string, CapturedAnswer>;
}

export const answerKey = (over: Protocol, ask: string): string => `${over} ${ask}`;

/**
 * Reads a folder of captured replies: one that `headframe record` wrote (`recording.json` says what each file is), or
 * `<command>[_<parameter>].json` files, where the reply itself tells by which door it came.
 * @throws HeadframeError `usage/invalid` when there is no such folder or nothing in it
 */
export function loadCapture(folder: string): Capture {
  const found = filesOf(folder);
  const recorded = found.includes(RECORDING_FILE) ? readRecording(folder) : null;
  const files = found.filter((file) => file.endsWith('.json'));
  const [usual = [], ...others] =
    recorded === null ? NAMINGS.map((naming) => captured(folder, files, naming)) : [recorded];
  const answers = [usual, ...others].find((named) => identifyAnswers(named) !== null) ?? usual;
  if (answers.length === 0) {
    throw new HeadframeError('usage/invalid', {
      detail: `${folder} has no captured replies (files such as summary.json)`,
    });
  }
  return {
    name: basename(folder),
    identification: identifyAnswers(answers),
    answers: new Map(answers.map((answer) => [answerKey(answer.over, answer.ask), answer])),
  };
}

function filesOf(folder: string): string[] {
  try {
    if (statSync(folder).isDirectory()) return readdirSync(folder).sort();
  } catch {
    // Said below in one sentence.
  }
  throw new HeadframeError('usage/invalid', { detail: `${folder} is not a folder that can be read` });
}

const captured = (folder: string, files: readonly string[], pathOf: (name: string) => string): CapturedAnswer[] =>
  files.map((file) => capturedFile(folder, file, pathOf));

/**
 * A reply with a status came from port 4028, unless its name says that it is of the web page; one of JSON-RPC answers the
 * method that its file is named after; one with code, when, msg and desc came in a frame (protocols.md 3.6); everything
 * else is a page. Never the folder's name decides.
 */
function capturedFile(folder: string, file: string, pathOf: (name: string) => string): CapturedAnswer {
  const text = readFileSync(join(folder, file), 'utf8');
  const name = file.replace(/\.json$/, '');
  const body = Buffer.from(compact(text), 'utf8');
  const doc = read(body);
  if ((doc as { jsonrpc?: unknown } | null)?.jsonrpc === '2.0') {
    return { over: 'ethminer', ask: name, body, status: 200, headers: {} };
  }
  if (isFramed(doc)) return { over: 'whatsminer', ask: framedCommand(name), body, status: 200, headers: {} };
  const over: Protocol = statusOf(doc)?.letter && !name.startsWith('web_') ? 'cgminer' : 'http';
  const [command = '', ...parameter] = name.split('_');
  const ask =
    over === 'http' ? pathOf(name) : [command, ...(parameter.length > 0 ? [parameter.join('_')] : [])].join('|');
  return { over, ask: over === 'http' ? ask : askOf(ask, doc), body, status: 200, headers: {} };
}

/** Other pages have a code too, but not all four. */
function isFramed(doc: unknown): boolean {
  const { form, code, when, msg, description } = envelope(doc);
  return form === 'v3' && code !== null && when !== null && msg !== undefined && description !== null;
}

/** Every command has three parts, and only the last may have an underscore of its own: `get.device.custom_data`. */
const framedCommand = (name: string): string => name.replace('_', '.').replace('_', '.');

/** `ascset_help` is `ascset|0,help`; commands whose name has an underscore are told by their reply (`get_psu`). */
function askOf(ask: string, doc: unknown): string {
  const [command = '', parameter] = ask.split('|');
  if (command === 'get' && parameter !== undefined) return `${command}_${parameter}`;
  if (command === 'miner' && parameter !== undefined && statusOf(doc) !== null) return `${command}_${parameter}`;
  if (command === 'ascset' && parameter !== undefined) return `ascset|0,${parameter}`;
  return ask;
}

function read(body: Uint8Array): unknown {
  try {
    return parseLenient(body).value;
  } catch {
    return null;
  }
}

/** Puts the recorded answers before the families as if they had been asked just now. */
function identifyAnswers(answers: readonly CapturedAnswer[]): Identification | null {
  const probed = new Map<string, Reply>();
  for (const answer of answers) {
    const doc = answer.over === 'http' ? page(answer) : document(answer);
    const meta = {
      id: answer.ask,
      request: answer.ask,
      at: 0,
      ms: 0,
      bytes: answer.body.length,
      repairs: [],
      error: null,
    };
    probed.set(probeKey(answer), { meta, doc, raw: answer.over === 'grpc' ? answer.body : null, error: null });
  }
  return identify(probed);
}

function page({ status, headers, body }: CapturedAnswer): HttpDoc {
  return { status, headers, text: body.toString('utf8').slice(0, 65_536), json: read(body) ?? undefined };
}

function document({ over, body }: CapturedAnswer): unknown {
  try {
    // What a message means is for its family to say, from its bytes.
    if (over === 'grpc') return null;
    if (over === 'ethminer') return decodeLine(body).doc;
    if (over === 'whatsminer') return parseLenient(body).value;
    return decodeReply(body).parts.get('')?.doc ?? null;
  } catch {
    return null;
  }
}

/**
 * Which method tells the most differs by release; each release of ethminer has one of these (protocols.md 5.5, 5.7).
 * BraiinsOS tells the same through gRPC, REST or GraphQL, as its release has them (7.2, 7.3). Where a WhatsMiner is read on port 4433, two replies tell what those of 4028 do (protocols.md 3.6).
 */
const TOLD_BY: Readonly<Record<string, readonly string[]>> = {
  'ethminer stats': ['miner_getstatdetail', 'miner_getstathr'],
  'braiins api:details': ['GetMinerDetails', 'details', 'graphql system'],
  'braiins api:network': ['GetNetworkInfo', 'network', 'graphql system'],
  'braiins api:stats': ['GetMinerStats', 'stats', 'graphql miner'],
  'braiins api:hashboards': ['GetHashboards', 'hashboards', 'graphql boards'],
  'braiins api:cooling': ['GetCoolingState', 'state', 'graphql miner'],
  'braiins api:pools': ['GetPoolGroups', 'pools', 'graphql pools'],
  'braiins api:tuner': ['GetTunerState', 'tuner-state', 'graphql miner'],
  'braiins api:errors': ['GetErrors', 'errors', 'graphql events'],
  ...toldBy('get.miner.status', ['summary', 'pools', 'edevs', 'devs']),
  ...toldBy('get.device.info', ['status', 'get_version', 'get_miner_info', 'get_psu', 'get_error_code']),
};

function toldBy(cmd: string, names: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(names.map((name) => [`whatsminer ${name}`, [name, cmd]]));
}

/**
 * What a read of this family would ask that was not recorded, by the names of its replies.
 * A reply of HTTP is looked for by the path's last word.
 */
export function missingReplies(capture: Capture, family: Family): string[] {
  const recorded = [...capture.answers.values()].map(({ ask }) =>
    ask
      .replace('|', '_')
      .replace(/\/$/, '')
      .replace(/^.*\/(get_)?/, ''),
  );
  return Object.keys(family.feeds).filter((name) => {
    const wanted = TOLD_BY[`${family.id} ${name}`] ?? [name.replace(/^http:/, '')];
    return !recorded.some((ask) => wanted.includes(ask.replace(/\.cgi$/, '')));
  });
}
