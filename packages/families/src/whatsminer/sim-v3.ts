import { frame, frameBody, frameLength } from '@headframe/wire/whatsminer';
import type { Chunk, Reaction, SimulatedConversation } from '../sim/device.ts';
import { ASSUMED } from './sim-assumed.ts';
import { intIn } from './sim-checks.ts';
import { firmwareIn, joined, Upload } from './sim-firmware.ts';
import { fixed, objectIn, printed } from './sim-json.ts';
import { logArchive } from './sim-log-archive.ts';
import type { WhatsminerUnit } from './sim-unit.ts';
import { failed, ok, type V3Answer } from './sim-v3-answer.ts';
import { V3_READS } from './sim-v3-reads.ts';
import { SEALED, V3_WRITES } from './sim-v3-writes.ts';

/*
 * The API on port 4433 (protocols.md 3.6): frames of a length and JSON, many on one connection.
 */

/** The log comes in pieces of this size, unframed (the vendor's pages). */
const LOG_PIECE = 10_240;
const ENDLESS = { everyMs: 50, pieces: 4000 } as const;
/** A length that no device sends: what a program reads that takes noise for a frame. */
const FOUR_GB = new Uint8Array([0xff, 0xff, 0xff, 0xff]);

export class V3Conversation implements SimulatedConversation {
  readonly #unit: WhatsminerUnit;
  #buffer = new Uint8Array(0);
  #upload: Upload | null = null;
  #reports: { readonly everyS: number; lastAt: number } | null = null;

  constructor(unit: WhatsminerUnit) {
    this.#unit = unit;
  }

  receive(bytes: Uint8Array, now: number): Reaction {
    this.#unit.settle(now);
    const chunks: Chunk[] = [];
    let rest = bytes;
    while (rest.length > 0 || this.#buffer.length > 0) {
      if (this.#upload !== null) {
        const step = this.#take(this.#upload, rest, now);
        if (step === null) return { chunks, end: 'keep' };
        chunks.push(step.chunk);
        rest = step.rest;
        if (step.rest.length === 0) return { chunks, end: 'keep' };
        continue;
      }
      this.#buffer = joined(this.#buffer, rest);
      rest = new Uint8Array(0);
      const length = lengthOf(this.#buffer);
      // Noise, or more than anybody sends: it does not go on with such a client.
      if (length === 'none') return { chunks, end: 'fin' };
      if (length === null || length > this.#buffer.length) return { chunks, end: 'keep' };
      const body = frameBody(this.#buffer.subarray(0, length));
      rest = this.#buffer.slice(length);
      this.#buffer = new Uint8Array(0);
      const answer = this.#frame(body, now);
      chunks.push(...answer.chunks);
      if (answer.end !== 'keep') return { chunks, end: answer.end };
    }
    return { chunks, end: 'keep' };
  }

  #frame(body: Uint8Array, now: number): Reaction {
    const reports = this.#dueReport(now);
    if (body.length === 0) {
      const echo = ASSUMED.heartbeatEchoed ? [{ bytes: frame(''), afterMs: 0 }] : [];
      return { chunks: [...reports, ...echo], end: 'keep' };
    }
    const request = objectIn(new TextDecoder().decode(body));
    const cmd = request?.cmd;
    if (request === null || typeof cmd !== 'string') {
      return { chunks: [...reports, this.#said(failed(-3), '', now)], end: 'keep' };
    }
    const answer = this.#answer(cmd, request, now);
    if (answer.code === 0 && Object.hasOwn(V3_WRITES, cmd) && this.#unit.isOn('close-on-write')) {
      return { chunks: reports, end: 'fin' };
    }
    if (answer.reportS !== undefined) {
      this.#reports = answer.reportS === 0 ? null : { everyS: answer.reportS, lastAt: now };
    }
    if (answer.follows === 'log') return this.#log(reports, cmd, now);
    const said = [...reports, this.#said(answer, cmd, now)];
    if (answer.follows === 'gone') return { chunks: said, end: 'fin' };
    if (answer.follows === 'upload') {
      if (this.#unit.isOn('closes-after-ready')) return { chunks: said, end: 'fin' };
      this.#upload = new Upload(now);
    }
    return { chunks: said, end: 'keep' };
  }

  #answer(cmd: string, request: Readonly<Record<string, unknown>>, now: number): V3Answer {
    const unit = this.#unit;
    const read = Object.hasOwn(V3_READS, cmd) ? V3_READS[cmd] : undefined;
    if (read !== undefined) return read(unit, request.param, now);
    const write = Object.hasOwn(V3_WRITES, cmd) ? V3_WRITES[cmd] : undefined;
    if (write === undefined) return failed(-2);
    const { account, token } = request;
    const ts = intIn(request.ts);
    if (!unit.mayWrite || typeof account !== 'string' || typeof token !== 'string' || ts === null) return failed(-4);
    const signed = { cmd, account, ts, token };
    const isNear = Math.abs(ts - unit.clockS(now)) <= ASSUMED.tsSkewS;
    if (!isNear || unit.isOn('expired-tokens') || !unit.accounts.admits(signed)) return failed(-4);
    unit.note(now, `api ${cmd} by ${account}`);
    if (!SEALED.has(cmd)) return write(unit, request.param, now, account);
    if (typeof request.param !== 'string') return failed(-3);
    const param = this.#opened(request.param, signed);
    return param === undefined ? failed(-3) : write(unit, param, now, account);
  }

  /** What a sealed param holds; undefined when it cannot be read. */
  #opened(sealed: string, signed: Parameters<WhatsminerUnit['accounts']['open']>[0]): unknown {
    try {
      return JSON.parse(this.#unit.accounts.open(signed, sealed));
    } catch {
      return undefined;
    }
  }

  #said({ code, msg }: V3Answer, cmd: string, now: number, afterMs = 0): Chunk {
    const text = printed({ code, when: fixed(this.#unit.clockS(now), 0), msg, desc: cmd });
    const { isOn } = this.#unit;
    const bytes = frame(isOn('truncated-frame') ? text.slice(0, Math.floor(text.length / 2)) : text);
    if (isOn('huge-frame')) bytes.set(FOUR_GB);
    return { bytes, afterMs };
  }

  /**
   * A report that is due comes before the next answer: nobody can speak here without being spoken to. What it looks like
   * is not known; it has the form of get.miner.status.
   */
  #dueReport(now: number): readonly Chunk[] {
    const reports = this.#reports;
    if (reports === null || now < reports.lastAt + reports.everyS * 1000) return [];
    reports.lastAt = now;
    const status = V3_READS['get.miner.status']?.(this.#unit, 'summary', now) ?? failed(-1);
    return [this.#said(status, 'get.miner.report', now)];
  }

  #log(before: readonly Chunk[], cmd: string, now: number): Reaction {
    const unit = this.#unit;
    const archive = logArchive('miner.log', unit.logText(now), unit.clock(now));
    const head = this.#said({ code: 0, msg: { logsize: String(archive.length) } }, cmd, now);
    const pieces: Chunk[] = [];
    for (let at = 0; at < archive.length; at += LOG_PIECE) {
      pieces.push({ bytes: archive.subarray(at, at + LOG_PIECE), afterMs: 0 });
    }
    if (unit.isOn('endless-log')) {
      const bytes = new Uint8Array(LOG_PIECE);
      for (let i = 0; i < ENDLESS.pieces; i++) pieces.push({ bytes, afterMs: ENDLESS.everyMs });
    }
    return { chunks: [...before, head, ...pieces], end: 'keep' };
  }

  #take(file: Upload, bytes: Uint8Array, now: number): { readonly chunk: Chunk; readonly rest: Uint8Array } | null {
    const step = file.take(bytes, now);
    if (step.kind === 'more') return null;
    this.#upload = null;
    const cmd = 'set.system.update_firmware';
    const rest = step.kind === 'done' ? step.rest : new Uint8Array(0);
    const version = step.kind === 'done' ? firmwareIn(step.header, this.#unit.plan.model) : null;
    if (version === null) return { chunk: this.#said(failed(-1), cmd, now), rest };
    this.#unit.flash(now, version);
    return { chunk: this.#said(ok, cmd, now, ASSUMED.flashMs), rest };
  }
}

/** Bytes of the frame that begins here; null: not told yet. */
function lengthOf(bytes: Uint8Array): number | 'none' | null {
  try {
    return frameLength(bytes);
  } catch {
    return 'none';
  }
}
