import { HeadframeError, printable, type Repair } from '@headframe/model';
import { applyEdits, type Edit } from './edits.ts';
import type { RepairKind } from './repairs.ts';
import { escapeLength, isWord, numberEnd } from './tokens.ts';

/*
 * One pass over the bytes that knows at every byte where in the document it is. It builds no values: it notes edits,
 * and `JSON.parse` reads the edited text. So a repair touches its own place only, what a string holds is never taken
 * for structure, and everything that JSON says about values stays JSON's own business.
 */

export interface MendOptions {
  readonly maxDepth: number;
  /** Which of several members with one key stays. Undefined: keys are not compared, and the last one wins. */
  readonly duplicates?: 'first' | 'last' | undefined;
}

export interface Mended {
  readonly bytes: Uint8Array;
  readonly repairs: Repair[];
}

/** Beyond this many edits a reply is garbage and not a reply with flaws. It also bounds time and memory. */
const MOST_EDITS = 4096;

/** Longest bare word or lost key in bytes. */
const LONGEST_WORD = 64;

const NOT_A_NUMBER = /^[+-]?(?:inf(?:inity)?|nan(?:\([a-z0-9_]*\))?)$/i;
const ODD_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const ARRAY_OPEN = 0x5b;
const BACKSLASH = 0x5c;
const ARRAY_CLOSE = 0x5d;
const OBJECT_OPEN = 0x7b;
const OBJECT_CLOSE = 0x7d;

/** What the document is waiting for. */
const KEY = 0;
const AFTER_KEY = 1;
const VALUE = 2;
const ITEM = 3;
const NEXT = 4;
type Expect = typeof KEY | typeof AFTER_KEY | typeof VALUE | typeof ITEM | typeof NEXT;

/** A pair is the one-key object that stands for `"key":value` in a list that should hold objects. */
type Kind = 'object' | 'array' | 'pair';

interface Frame {
  readonly kind: Kind;
  /** Behind the last complete member; -1 while there is none. */
  end: number;
  /** How many edits and repairs there were by then: what comes later is dropped with an incomplete member. */
  edits: number;
  repairs: number;
  readonly keys: Set<string> | null;
  /** The member being read repeats a key and goes. */
  dropping: boolean;
}

const utf8 = new TextDecoder();

/**
 * Finds what keeps bytes from being JSON and mends it. Throws `protocol/malformed` and `protocol/truncated` only.
 * @param bytes one document without the NULs and blanks behind it
 */
export const mend = (bytes: Uint8Array, options: MendOptions): Mended => new Mender(bytes, options).run();

class Mender {
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private readonly maxDepth: number;
  private readonly duplicates: 'first' | 'last' | undefined;
  private readonly frames: Frame[] = [];
  private readonly edits: Edit[] = [];
  private readonly repairs: Repair[] = [];
  private expect: Expect = VALUE;

  constructor(bytes: Uint8Array, options: MendOptions) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.maxDepth = options.maxDepth;
    this.duplicates = options.duplicates;
  }

  run(): Mended {
    const { bytes, end, frames } = this;
    let i = this.begin();
    while (frames.length > 0) {
      i = this.blanks(i);
      if (i >= end) return this.cutShort();
      const frame = frames[frames.length - 1] as Frame;
      const byte = bytes[i] as number;
      let next: number;
      switch (this.expect) {
        case KEY:
          next = byte === QUOTE ? this.key(i, frame) : this.beforeMember(i, byte, frame);
          break;
        case AFTER_KEY:
          next = this.afterKey(i, byte, frame);
          break;
        case VALUE:
          next = this.value(i, byte, frame);
          break;
        case ITEM:
          next =
            byte === COMMA || byte === ARRAY_CLOSE || byte === OBJECT_CLOSE
              ? this.beforeMember(i, byte, frame)
              : this.value(i, byte, frame);
          break;
        default:
          next = this.next(i, byte, frame);
      }
      if (next < 0) return this.cutShort();
      i = next;
    }
    const rest = this.skip(i, false);
    if (rest < end) {
      const byte = bytes[rest];
      this.report(byte === OBJECT_OPEN || byte === ARRAY_OPEN ? 'second-document' : 'trailing-bytes', rest);
    }
    return this.finish(i, '');
  }

  /** The start of the document. Only `,"id":1}` may lack its brace: cgminer's answer to a command of pluses only. */
  private begin(): number {
    const { bytes, end } = this;
    const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    if (marked) this.edit(0, 3, '');
    const start = this.blanks(marked ? 3 : 0);
    const i = this.commas(start);
    if (i > start) this.repair('extra-comma', start, i - start, '');
    const byte = bytes[i];
    if (byte === OBJECT_OPEN || byte === ARRAY_OPEN) return this.open(i, byte === OBJECT_OPEN ? 'object' : 'array');
    if (i > start && byte === QUOTE) {
      this.repair('missing-open', i, 0, '{');
      this.open(i, 'object');
      return i;
    }
    if (i >= end) throw this.error('protocol/malformed', i, 'it is empty');
    throw this.error('protocol/malformed', i, 'it does not begin like JSON');
  }

  /** In front of a key or an item stands something else: a closing bracket or commas that are too many. */
  private beforeMember(i: number, byte: number, frame: Frame): number {
    if (byte === COMMA) {
      const behind = this.commas(i);
      this.repair('extra-comma', i, behind - i, '');
      return behind;
    }
    if (byte === OBJECT_CLOSE || byte === ARRAY_CLOSE) return this.close(i, byte, frame);
    throw this.error('protocol/malformed', i, 'a key was expected');
  }

  private key(i: number, frame: Frame): number {
    const behind = this.string(i);
    if (behind < 0) return behind;
    if (frame.keys !== null) {
      const key = utf8.decode(this.bytes.subarray(i + 1, behind - 1));
      if (frame.keys.has(key)) {
        this.report('duplicate-key', i);
        frame.dropping = this.duplicates === 'first';
      }
      frame.keys.add(key);
    }
    this.expect = AFTER_KEY;
    return behind;
  }

  private afterKey(i: number, byte: number, frame: Frame): number {
    if (byte === COLON) {
      this.expect = VALUE;
      return i + 1;
    }
    // sgminer says goodbye with {"BYE","id":1}.
    if (frame.kind === 'object' && (byte === COMMA || byte === OBJECT_CLOSE)) {
      this.repair('missing-value', i, 0, ':null');
      return this.done(i);
    }
    throw this.error('protocol/malformed', i, 'a colon was expected');
  }

  private value(i: number, byte: number, frame: Frame): number {
    if (byte === QUOTE) return this.text(i, frame);
    if (byte === OBJECT_OPEN) return this.open(i, 'object');
    if (byte === ARRAY_OPEN) return this.open(i, 'array');
    if (byte === COMMA || byte === OBJECT_CLOSE || byte === ARRAY_CLOSE) {
      this.repair('missing-value', i, 0, 'null');
      return this.done(i);
    }
    const behind = numberEnd(this.bytes, i);
    // A number that touches the end may go on behind it.
    if (behind === this.end) return -1;
    return behind > i && !isWord(this.bytes[behind] as number) ? this.done(behind) : this.word(i);
  }

  private text(i: number, frame: Frame): number {
    const edits = this.edits.length;
    const behind = this.string(i);
    if (behind < 0) return behind;
    if (frame.kind !== 'array' || this.bytes[this.skip(behind, false)] !== COLON) return this.done(behind);
    // WhatsMiner API 2.0.4 writes its errors as ["329":"date"] (protocols.md 3.4).
    this.report('colon-list', i);
    this.edits.splice(edits, 0, { at: i, remove: 0, insert: '{' });
    this.open(i, 'pair');
    this.expect = AFTER_KEY;
    return behind;
  }

  /** A literal, or what C prints for a number that is none. */
  private word(i: number): number {
    const { bytes, end } = this;
    let behind = i;
    while (behind < end && isWord(bytes[behind] as number)) behind++;
    if (behind === i || behind - i > LONGEST_WORD) throw this.error('protocol/malformed', i, 'a value was expected');
    const word = utf8.decode(bytes.subarray(i, behind));
    if (word === 'true' || word === 'false' || word === 'null') return this.done(behind);
    if (behind === end) return -1;
    if (NOT_A_NUMBER.test(word)) this.repair('not-a-number', i, behind - i, 'null');
    else if (ODD_NUMBER.test(word)) this.repair('odd-number', i, behind - i, String(Number(word)));
    else throw this.error('protocol/malformed', i, 'a value was expected');
    return this.done(behind);
  }

  /** Behind a complete member. */
  private next(i: number, byte: number, frame: Frame): number {
    if (byte === COMMA) return this.comma(i, frame);
    if (byte === OBJECT_CLOSE || byte === ARRAY_CLOSE) return this.close(i, byte, frame);
    if (byte === QUOTE || (frame.kind === 'array' && (byte === OBJECT_OPEN || byte === ARRAY_OPEN))) {
      this.repair('missing-comma', i, 0, ',');
      this.expect = frame.kind === 'array' ? ITEM : KEY;
      return i;
    }
    if (byte === OBJECT_OPEN) {
      // An object that begins where its elder should end: two status blocks back to back (protocols.md 1.8, 2).
      this.repair('missing-close', i, 0, '}');
      return this.leave(i);
    }
    const quote = this.bytes[i - 1] === QUOTE && frame.kind === 'object' ? this.lostKey(i) : -1;
    if (quote < 0) throw this.error('protocol/malformed', i, 'a comma was expected');
    this.repair('missing-quote', i, 0, ',"');
    this.expect = AFTER_KEY;
    return quote + 1;
  }

  /** `"8"temp0":` lacks `",` in the middle (protocols.md 1.11): where the key ends, or -1 when this is something else. */
  private lostKey(i: number): number {
    const { bytes } = this;
    const most = Math.min(this.end, i + LONGEST_WORD);
    let at = i;
    while (at < most && (isWord(bytes[at] as number) || bytes[at] === SPACE)) at++;
    return bytes[at] === QUOTE && bytes[this.skip(at + 1, false)] === COLON ? at : -1;
  }

  private comma(i: number, frame: Frame): number {
    const token = this.skip(i + 1, false);
    const behind = this.commas(token);
    const byte = this.bytes[behind];
    if (byte === OBJECT_CLOSE || byte === ARRAY_CLOSE) {
      this.repair('extra-comma', i, behind - i, '');
      return behind;
    }
    this.expect = frame.kind === 'array' ? ITEM : KEY;
    if (behind === token) return i + 1;
    this.report('extra-comma', token);
    this.edit(i, behind - i, ',');
    return behind;
  }

  private open(i: number, kind: Kind): number {
    if (this.frames.length >= this.maxDepth) {
      throw this.error('protocol/malformed', i, `it is nested deeper than ${this.maxDepth}`);
    }
    this.frames.push({
      kind,
      end: -1,
      edits: 0,
      repairs: 0,
      keys: kind === 'object' && this.duplicates !== undefined ? new Set() : null,
      dropping: false,
    });
    this.expect = kind === 'object' ? KEY : ITEM;
    return i + 1;
  }

  private close(i: number, byte: number, frame: Frame): number {
    const kind: Kind = byte === OBJECT_CLOSE ? 'object' : 'array';
    if (frame.kind === kind) return this.leave(i + 1);
    if (this.frames.some((outer) => outer.kind === kind)) {
      this.repair('missing-close', i, 0, frame.kind === 'array' ? ']' : '}');
      return this.leave(i);
    }
    this.repair('extra-close', i, 1, '');
    return i + 1;
  }

  /** Leaves the innermost container; it is a complete member of what is around it. */
  private leave(i: number): number {
    this.frames.pop();
    return this.frames.length === 0 ? i : this.done(i);
  }

  /** A member is complete. */
  private done(i: number): number {
    let frame = this.frames[this.frames.length - 1] as Frame;
    while (frame.kind === 'pair') {
      this.edit(i, 0, '}');
      this.frames.pop();
      frame = this.frames[this.frames.length - 1] as Frame;
    }
    if (frame.dropping) {
      this.edits.length = frame.edits;
      this.edit(frame.end, i - frame.end, '');
      frame.dropping = false;
    }
    frame.end = i;
    frame.edits = this.edits.length;
    frame.repairs = this.repairs.length;
    this.expect = NEXT;
    return i;
  }

  /** Behind the closing quote, or -1 when the text ends before it. */
  private string(from: number): number {
    const { bytes, end } = this;
    let flawed = false;
    for (let i = from + 1; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte === QUOTE) return i + 1;
      if (byte === BACKSLASH) {
        const length = escapeLength(bytes, i);
        if (length === 0) this.repair('bad-escape', i, 0, '\\');
        else i += length - 1;
      } else if (byte < SPACE) {
        if (!flawed) this.report('control-character', i);
        flawed = true;
        this.edit(i, 1, `\\u${byte.toString(16).padStart(4, '0')}`);
      }
    }
    return -1;
  }

  /** Skips blanks between tokens; other control characters go. */
  private blanks(i: number): number {
    return this.skip(i, true);
  }

  private skip(from: number, mending: boolean): number {
    const { bytes, end } = this;
    let i = from;
    for (; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte > SPACE) break;
      if (mending && byte !== SPACE && byte !== LF && byte !== CR && byte !== TAB) {
        this.repair('control-character', i, 1, '');
      }
    }
    return i;
  }

  private commas(from: number): number {
    let i = from;
    while (i < this.end && (this.bytes[i] === COMMA || (this.bytes[i] as number) <= SPACE)) i++;
    return i;
  }

  /** The text ends in the middle: everything up to the last complete member stays, what is open is closed. */
  private cutShort(): Mended {
    const { frames } = this;
    while (frames.length > 0 && (frames[frames.length - 1] as Frame).end < 0) frames.pop();
    const innermost = frames[frames.length - 1];
    if (innermost === undefined) throw this.error('protocol/truncated', this.end, '');
    this.edits.length = innermost.edits;
    this.repairs.length = innermost.repairs;
    this.report('truncated', innermost.end);
    const closers = frames.map((frame) => (frame.kind === 'array' ? ']' : '}')).reverse();
    return this.finish(innermost.end, closers.join(''));
  }

  private finish(end: number, closers: string): Mended {
    return {
      bytes: applyEdits(this.bytes, [...this.edits, { at: end, remove: 0, insert: closers }]),
      repairs: this.repairs,
    };
  }

  private repair(kind: RepairKind, at: number, remove: number, insert: string): void {
    this.report(kind, at);
    this.edit(at, remove, insert);
  }

  private report(kind: RepairKind, offset: number): void {
    this.repairs.push({ kind, offset });
  }

  private edit(at: number, remove: number, insert: string): void {
    if (this.edits.length >= MOST_EDITS) {
      throw this.error('protocol/malformed', at, `it needs more than ${MOST_EDITS} repairs`);
    }
    this.edits.push({ at, remove, insert });
  }

  private error(code: 'protocol/malformed' | 'protocol/truncated', offset: number, detail: string): HeadframeError {
    const context = { bytes: this.bytes.length, firstBytes: printable(this.bytes) };
    return new HeadframeError(code, code === 'protocol/truncated' ? context : { ...context, offset, detail });
  }
}
