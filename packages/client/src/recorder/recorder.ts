import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, HeadframeError, type Links, newMemory, type Protocol } from '@headframe/model';
import { decodeReply, encodeRequest, statusOf } from '@headframe/wire/cgminer';
import { decodeLine, Questions } from '@headframe/wire/ethminer';
import { parseLenient } from '@headframe/wire/json';
import { systemClock } from '../clock.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import type { Miner } from '../miner.ts';
import { fileNameOf } from './file-names.ts';
import { documentOf } from './messages.ts';
import { type Note, Notes } from './notes.ts';
import { Redactor } from './redact.ts';

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
  /**
   * The command with its parameter behind a bar, the method of JSON-RPC, the full name of the method of gRPC, the cmd of a
   * frame, or the path; of GraphQL the path and the name of the query, `/graphql miner`.
   */
  readonly ask: string;
  /** The readable form, of gRPC the document of the message; null when the reply is no JSON. */
  readonly file: string | null;
  /** The bytes as they came, those of a frame and of gRPC (of a stream its first message) without the length before them. */
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
  const read = (links: Links) => miner.family.read(notes.watching(links), newMemory(), { fresh: true });
  await miner.withLinks(options, read);
  if (miner.ports.grpc !== undefined && miner.ports.http !== undefined) {
    // The web server tells the same, to who does not come through the other door.
    await miner.withLinks(options, ({ grpc: _, ...links }) => read(links));
  }
  const without = [
    ...[...notes.framed].filter((cmd) => !notes.has('whatsminer', cmd)),
    ...[...notes.called].filter((method) => !notes.has('grpc', method)),
  ];
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
      const readable = readableForm(note, bytes);
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

function readableForm(note: Omit<Note, 'bytes'>, bytes: Uint8Array): string | null {
  try {
    return `${JSON.stringify(documentIn(note, bytes), null, 2)}\n`;
  } catch {
    return null;
  }
}

function documentIn({ over, ask }: Omit<Note, 'bytes'>, bytes: Uint8Array): unknown {
  if (over === 'grpc') return documentOf(ask, bytes);
  // A nonce keeps all its digits, as a text.
  return over === 'ethminer' ? decodeLine(bytes).doc : parseLenient(bytes).value;
}
