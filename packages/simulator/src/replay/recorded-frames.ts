import type { Chunk, Reaction, SimulatedConversation } from '@headframe/families/sim';
import { frame, frameBody, frameLength } from '@headframe/wire/whatsminer';

/*
 * A kept connection to port 4433 of a WhatsMiner that answers in frames from what was recorded (protocols.md 3.6). Of a
 * recording nothing can be changed: what changes a machine is one of the commands that it does not have.
 */

/** The reply to a command, as it was recorded; undefined: there is none. */
export type RecordedCommand = (cmd: string) => Uint8Array | undefined;

export class RecordedFrames implements SimulatedConversation {
  readonly #recorded: RecordedCommand;
  #waiting = Buffer.alloc(0);
  #over = false;

  constructor(recorded: RecordedCommand) {
    this.#recorded = recorded;
  }

  receive(bytes: Uint8Array, now: number): Reaction {
    const chunks: Chunk[] = [];
    if (this.#over) return { chunks, end: 'fin' };
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    for (;;) {
      const length = lengthOf(this.#waiting);
      if (length === 'none') {
        this.#over = true;
        this.#waiting = Buffer.alloc(0);
        return { chunks, end: 'fin' };
      }
      if (length === null || length > this.#waiting.length) return { chunks, end: 'keep' };
      const body = frameBody(this.#waiting.subarray(0, length));
      this.#waiting = this.#waiting.subarray(length);
      chunks.push({ bytes: frame(this.#answer(body, now)), afterMs: 0 });
    }
  }

  /** The heartbeat comes back as it is. */
  #answer(body: Uint8Array, now: number): Uint8Array | string {
    if (body.length === 0) return body;
    const cmd = commandIn(body);
    if (cmd === null) return refusal(-3, 'invalid json item', '', now);
    return this.#recorded(cmd) ?? refusal(-2, 'invalid command', cmd, now);
  }
}

/** No request is longer; what is no frame at all begins with a length that is. */
const MOST_REQUEST_BYTES = 64 * 1024;

/** Bytes of the frame that begins here; null: not told yet. */
function lengthOf(bytes: Uint8Array): number | 'none' | null {
  try {
    const length = frameLength(bytes);
    return length !== null && length > MOST_REQUEST_BYTES ? 'none' : length;
  } catch {
    return 'none';
  }
}

function commandIn(body: Uint8Array): string | null {
  try {
    const { cmd } = (JSON.parse(Buffer.from(body).toString('utf8')) ?? {}) as { cmd?: unknown };
    return typeof cmd === 'string' ? cmd : null;
  } catch {
    return null;
  }
}

const refusal = (code: number, msg: string, desc: string, now: number): string =>
  JSON.stringify({ code, when: Math.floor(now / 1000), msg, desc });
