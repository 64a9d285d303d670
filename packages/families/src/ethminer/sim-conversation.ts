import type { Reaction, SimulatedConversation } from '../sim/device.ts';
import { ASSUMED } from './sim-assumed.ts';
import { httpReply } from './sim-page.ts';
import type { EthminerProcess } from './sim-process.ts';
import { answerLine, Session } from './sim-request.ts';
import type { Rig } from './sim-rig.ts';

/*
 * One connection to the API: how bytes become lines, and lines replies (protocols.md 5.1, 5.2, 5.7; transcripts
 * `malformed`, `http`, `crash-nesting`).
 */

const GONE: Reaction = { chunks: [], end: 'fin' };
const SILENT: Reaction = { chunks: [], end: 'keep' };

/** Fewer waiting bytes than this when a packet comes, and it never reads again. */
const SHORT_PACKET = 4;

export class ApiConversation implements SimulatedConversation {
  readonly #rig: Rig;
  readonly #process: EthminerProcess;
  readonly #session: Session;
  #waiting = '';
  #hangs: boolean;
  #over = false;

  constructor(rig: Rig, process: EthminerProcess) {
    this.#rig = rig;
    this.#process = process;
    this.#session = new Session(rig.plan.password);
    this.#hangs = rig.switches.hung;
  }

  receive(bytes: Uint8Array, now: number): Reaction {
    // With the process every connection of it ends.
    if (this.#over || this.#rig.at(now) !== this.#process) return GONE;
    if (bytes.length === 0 || this.#hangs) return SILENT;
    this.#waiting += byteString(bytes);
    if (this.#waiting.length > ASSUMED.lineBytes && this.#waiting.lastIndexOf('\n') < 0) return this.#close('');
    return this.#rig.plan.release.framing === 'packets' ? this.#packet(now) : this.#lines(now);
  }

  #packet(now: number): Reaction {
    if (this.#waiting.length < SHORT_PACKET && this.#rig.switches.shortPacketHang) {
      this.#hangs = true;
      return SILENT;
    }
    const page = httpReply(this.#process, this.#waiting, now);
    if (page !== null) return this.#close(page);
    const replies: string[] = [];
    for (const line of this.#takeLines()) {
      const trimmed = line.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
      if (trimmed === '') continue;
      const answer = answerLine(this.#rig, this.#process, this.#session, trimmed, now);
      if (answer === 'crash') return this.#crash(replies, now);
      replies.push(`${answer.line}\n`);
    }
    return { ...this.#said(replies), end: 'keep' };
  }

  /** Replies of one packet share a buffer: each is sent with all before it (protocols.md 5.1). */
  #said(replies: readonly string[]): Pick<Reaction, 'chunks'> {
    const chunks = [];
    let before = '';
    let size = 0;
    for (const reply of replies) {
      before = this.#rig.switches.repeatedReplies ? before + reply : reply;
      chunks.push({ bytes: bytesOf(before), afterMs: 0 });
      // A packet full of requests would be answered with its square.
      size += before.length;
      if (size > MOST_BYTES) break;
    }
    return { chunks };
  }

  #crash(replies: readonly string[], now: number): Reaction {
    this.#rig.crash(now);
    return { ...this.#said(replies), end: 'fin' };
  }

  /** Before 0.18: whether pipelined replies repeat is not known (5.7); assumed that each is sent once. */
  #lines(now: number): Reaction {
    const replies: string[] = [];
    for (const line of this.#takeLines()) {
      if (line === '') continue;
      const answer = answerLine(this.#rig, this.#process, this.#session, line, now);
      if (answer === 'crash') return { chunks: replies.map(chunk), end: this.#crash([], now).end };
      replies.push(`${answer.line}\n`);
      if (this.#rig.plan.release.framing === 'single') {
        this.#over = true;
        return { chunks: replies.map(chunk), end: 'fin' };
      }
    }
    return { chunks: replies.map(chunk), end: 'keep' };
  }

  /** The lines that are complete; what is behind the last line feed waits on. */
  #takeLines(): readonly string[] {
    const lines = this.#waiting.split('\n');
    this.#waiting = lines.pop() ?? '';
    return lines;
  }

  #close(reply: string): Reaction {
    this.#over = true;
    this.#waiting = '';
    return { chunks: reply === '' ? [] : [chunk(reply)], end: 'fin' };
  }
}

/** Replies to one packet end here: what a client could not have read either. */
const MOST_BYTES = 16 << 20;

const chunk = (text: string) => ({ bytes: bytesOf(text), afterMs: 0 });

function byteString(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 4096) out += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return out;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (byte) => byte.charCodeAt(0));
