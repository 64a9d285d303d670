import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Clock,
  HeadframeError,
  type HttpLink,
  type Links,
  newMemory,
  type Protocol,
  type TcpLink,
} from '@headframe/model';
import { decodeReply, encodeRequest, statusOf } from '@headframe/wire/cgminer';
import { decodeLine, Questions } from '@headframe/wire/ethminer';
import { parseLenient } from '@headframe/wire/json';
import { systemClock } from '../clock.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import type { Miner } from '../miner.ts';
import { fileNameOf } from './file-names.ts';
import { Redactor } from './redact.ts';
import { watchFrames } from './watch-frames.ts';
import { watchLines } from './watch-lines.ts';

export interface RecordOptions extends ConnectOptions {
  /** The folder to write; it must not hold anything yet. */
  readonly into: string;
  /** Take passwords, workers, MAC addresses and serial numbers out before anything is written; true if absent. */
  readonly redact?: boolean;
  /** Called before each request. */
  readonly onProgress?: (done: number, ask: string) => void;
}

/** What was written. */
export interface Recording {
  readonly folder: string;
  readonly family: string;
  readonly requests: readonly RecordedRequest[];
  /** What the machine does not have or does not allow us, and what it did not answer: nothing was written for these. */
  readonly without: readonly string[];
}

export interface RecordedRequest {
  readonly over: Protocol;
  /** The command with its parameter behind a bar, the method, the cmd of a frame, or the path. */
  readonly ask: string;
  /** The readable form, null when the reply is no JSON. */
  readonly file: string | null;
  /** The bytes as they came, those of a frame without the length before them. */
  readonly raw: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ms: number;
  readonly bytes: number;
}

/**
 * Read commands of the 4028 dialects (protocols.md 1.4, 8), asked beside what the family reads. None of them changes
 * anything: `check` asks whether a command exists, and the rest take no parameter.
 */
const READS = [
  ...['version', 'config', 'summary', 'stats', 'estats', 'pools', 'devs', 'edevs', 'devdetails', 'notify', 'coin'],
  ...['asccount', 'lcd', 'litestats', 'fans', 'temps', 'power', 'profiles', 'tempctrl', 'groups', 'limits', 'atm'],
];

/** The methods of an ethminer that only tell (protocols.md 5.5, 5.7); the family asks those that tell the most. */
const METHODS = [
  ...['miner_ping', 'miner_getstat1', 'miner_getstatdetail', 'miner_getstathr'],
  ...['miner_getconnections', 'miner_getscramblerinfo'],
];

/**
 * Asks a machine everything that Headframe reads and the other read commands of its dialect, one at a time, and writes
 * the answers: the form of captured replies (`<command>[_<parameter>].json`), the bytes as they came (`.raw`), and
 * `recording.json` that says what is what. Refused commands are left out: a replay refuses them by itself.
 * @throws HeadframeError as `connect`; `usage/invalid` when the folder holds something already
 */
export async function record(address: string, options: RecordOptions): Promise<Recording> {
  const { into, redact = true, clock = systemClock } = options;
  if (existsSync(into) && readdirSync(into).length > 0) {
    throw new HeadframeError('usage/invalid', { detail: `${into} holds something already; name a new folder` });
  }
  const miner = await connect(address, options);
  const notes = new Notes(redact ? new Redactor() : null);
  await miner.withLinks(options, (links) => miner.family.read(notes.watching(links), newMemory(), { fresh: true }));
  const without = [...notes.framed].filter((cmd) => !notes.has('whatsminer', cmd));
  if (miner.ports.ethminer !== undefined) without.push(...(await askRemaining(miner, notes, options)));
  const commands = new Set([...notes.commands, ...(miner.ports.cgminer === undefined ? [] : READS)]);
  let done = notes.size;
  let silences = 0;
  for (const ask of commands) {
    options.onProgress?.(done, ask);
    const became = silences < MOST_SILENCES ? await askOne(miner, ask, notes, options) : 'silence';
    silences = became === 'silence' ? silences + 1 : 0;
    if (became === 'answer') done++;
    else without.push(ask);
  }
  return write(into, miner, notes, { redacted: redact, clock, without });
}

/** After so many commands in a row without an answer the machine is taken to be gone; what came is kept. */
const MOST_SILENCES = 2;

async function askOne(
  miner: Miner,
  ask: string,
  notes: Notes,
  options: RecordOptions,
): Promise<'answer' | 'refusal' | 'silence'> {
  const [command = '', parameter] = ask.split('|');
  try {
    return await miner.withLinks(options, async ({ cgminer }) => {
      if (cgminer === undefined) return 'refusal';
      const { bytes, ms } = await cgminer.exchange(encodeRequest(command, parameter));
      if (!isAnswer(bytes)) return 'refusal';
      notes.add({ over: 'cgminer', ask, bytes, ms });
      return 'answer';
    });
  } catch (error) {
    // One question without an answer is no reason to lose the others.
    if (!(error instanceof HeadframeError) || error.code === 'link/cancelled') throw error;
    return 'silence';
  }
}

/** Asks the methods that were not asked yet, over one connection; gives those that nothing was kept of. */
async function askRemaining(miner: Miner, notes: Notes, options: RecordOptions): Promise<string[]> {
  await miner.withLinks(options, async (links) => {
    const { ethminer, clock, credentials } = notes.watching(links);
    if (ethminer === undefined) return;
    const questions = new Questions(ethminer, clock, credentials?.password ?? null);
    for (const method of METHODS) {
      if (notes.methods.has(method)) continue;
      options.onProgress?.(notes.size, method);
      await questions.ask(method);
    }
    questions.end();
  });
  return METHODS.filter((method) => !notes.has('ethminer', method));
}

const REFUSALS = [14, 45];

function isAnswer(bytes: Uint8Array): boolean {
  try {
    const doc = decodeReply(bytes).parts.get('')?.doc;
    return !REFUSALS.includes(statusOf(doc)?.code ?? 0);
  } catch {
    // Unreadable is just what a recording is for.
    return true;
  }
}

interface Note {
  readonly over: Protocol;
  readonly ask: string;
  readonly bytes: Uint8Array;
  readonly ms: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What was asked and answered. */
class Notes {
  readonly commands = new Set<string>();
  /** What was asked and answered over JSON-RPC, be it with a refusal. */
  readonly methods = new Set<string>();
  /** The same of frames. */
  readonly framed = new Set<string>();
  readonly #notes = new Map<string, Note>();
  readonly #redactor: Redactor | null;

  constructor(redactor: Redactor | null) {
    this.#redactor = redactor;
  }

  get size(): number {
    return this.#notes.size;
  }

  [Symbol.iterator](): IterableIterator<Note> {
    return this.#notes.values();
  }

  has(over: Protocol, ask: string): boolean {
    return this.#notes.has(`${over} ${ask}`);
  }

  add(note: Note): void {
    const text = Buffer.from(note.bytes).toString('latin1');
    const bytes = this.#redactor === null ? note.bytes : Buffer.from(this.#redactor.text(text), 'latin1');
    this.#notes.set(`${note.over} ${note.ask}`, { ...note, bytes });
  }

  /** The same links, with every page, line and frame kept and every command noted: a joined request by its parts. */
  watching(links: Links): Links {
    const { clock, credentials = null, cgminer, http, whatsminer, ethminer } = links;
    const heard = (ask: string, bytes: Uint8Array | null, ms: number) => {
      this.methods.add(ask);
      if (bytes !== null) this.add({ over: 'ethminer', ask, bytes, ms });
    };
    const heardFrame = (ask: string, bytes: Uint8Array | null, ms: number) => {
      this.framed.add(ask);
      if (bytes !== null) this.add({ over: 'whatsminer', ask, bytes, ms });
    };
    return {
      clock,
      credentials,
      ...(whatsminer === undefined ? {} : { whatsminer: watchFrames(whatsminer, clock, heardFrame) }),
      ...(ethminer === undefined ? {} : { ethminer: watchLines(ethminer, clock, heard) }),
      ...(cgminer === undefined ? {} : { cgminer: this.#tcp(cgminer) }),
      ...(http === undefined ? {} : { http: this.#http(http) }),
    };
  }

  #tcp(link: TcpLink): TcpLink {
    return {
      exchange: (request, options) => {
        const { command = '', parameter } = JSON.parse(Buffer.from(request).toString('utf8')) as Record<string, string>;
        for (const part of command.split('+'))
          this.commands.add(parameter === undefined ? part : `${part}|${parameter}`);
        return link.exchange(request, options);
      },
    };
  }

  #http(link: HttpLink): HttpLink {
    return {
      hasCredentials: link.hasCredentials,
      http: async (request) => {
        const reply = await link.http(request);
        const { status, body, ms } = reply;
        const type = reply.headers['content-type'];
        const headers = type === undefined ? {} : { 'content-type': type };
        if (status < 400) this.add({ over: 'http', ask: request.path, bytes: body, ms, status, headers });
        return reply;
      },
    };
  }
}

interface About {
  readonly redacted: boolean;
  readonly clock: Clock;
  readonly without: readonly string[];
}

function write(into: string, miner: Miner, notes: Notes, { redacted, clock, without }: About): Recording {
  const family = miner.family.id;
  try {
    mkdirSync(into, { recursive: true });
    const requests: RecordedRequest[] = [];
    for (const { bytes, ...note } of notes) {
      const name = fileNameOf(note.over, note.ask);
      const readable = readableForm(note.over, bytes);
      writeFileSync(join(into, `${name}.raw`), bytes);
      if (readable !== null) writeFileSync(join(into, `${name}.json`), readable);
      const file = readable === null ? null : `${name}.json`;
      requests.push({ ...note, file, raw: `${name}.raw`, bytes: bytes.length });
    }
    const document = { format: 1, family, recordedAt: clock.now(), redacted, requests, without };
    writeFileSync(join(into, 'recording.json'), `${JSON.stringify(document, null, 2)}\n`);
    return { folder: into, family, requests, without };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw new HeadframeError(
      'usage/invalid',
      { detail: `The recording cannot be written to ${into} (${code})` },
      error,
    );
  }
}

function readableForm(over: Protocol, bytes: Uint8Array): string | null {
  try {
    // A nonce keeps all its digits, as a text.
    const value = over === 'ethminer' ? decodeLine(bytes).doc : parseLenient(bytes).value;
    return `${JSON.stringify(value, null, 2)}\n`;
  } catch {
    return null;
  }
}
