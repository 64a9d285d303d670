import type { Repair } from '@headframe/model';
import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, SPACE } from './ascii.ts';
import { Draft } from './draft.ts';
import { type Limits, overLimit } from './limits.ts';
import { isWord, numberEnd } from './tokens.ts';

/*
 * One pass over the bytes that knows at every byte where in the document it is. It builds no values: it notes edits,
 * and `JSON.parse` reads the edited text. So a repair touches its own place only, what a string holds is never taken
 * for structure, and everything that JSON says about values stays JSON's own business.
 */

export interface Mended {
  readonly bytes: Uint8Array;
  readonly repairs: Repair[];
}

/**
 * Finds what keeps bytes from being JSON and mends it.
 * @param bytes one document without the NULs and blanks behind it
 * @param duplicates which of several members with one key stays; when undefined, keys are not compared
 * @throws HeadframeError `protocol/malformed`, `protocol/truncated`, and {@link overLimit}
 */
export const mend = (bytes: Uint8Array, limits: Limits, duplicates?: 'first' | 'last'): Mended =>
  new Mender(bytes, limits, duplicates).run();

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

/** Longest bare word or lost key in bytes. */
const LONGEST_WORD = 64;

/** What C prints for a number that is none. */
const NOT_A_NUMBER = /^[+-]?(?:inf(?:inity)?|nan(?:\([a-z0-9_]*\))?)$/i;
const ODD_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** An answer of the methods below instead of a position: the text ends in the middle. */
const CUT = -1;

const utf8 = new TextDecoder();

/** Its methods read one thing at `i` and give the position behind it, or {@link CUT}. */
class Mender {
  private readonly draft: Draft;
  private readonly bytes: Uint8Array;
  private readonly limits: Limits;
  private readonly duplicates: 'first' | 'last' | undefined;
  private readonly frames: Frame[] = [];
  private expect: Expect = VALUE;
  private values = 0;

  constructor(bytes: Uint8Array, limits: Limits, duplicates: 'first' | 'last' | undefined) {
    this.draft = new Draft(bytes);
    this.bytes = bytes;
    this.limits = limits;
    this.duplicates = duplicates;
  }

  run(): Mended {
    const { bytes, draft, frames } = this;
    let i = this.begin();
    while (frames.length > 0) {
      if ((bytes[i] as number) <= SPACE) i = draft.blanks(i);
      if (i < bytes.length) i = this.step(i, bytes[i] as number, frames[frames.length - 1] as Frame);
      else i = CUT;
      if (i === CUT) return this.cutShort();
    }
    const rest = draft.skip(i);
    if (rest < bytes.length) {
      draft.report(
        bytes[rest] === OPEN_BRACE || bytes[rest] === OPEN_BRACKET ? 'second-document' : 'trailing-bytes',
        rest,
      );
    }
    return { bytes: draft.fairCopy(i, ''), repairs: draft.repairs };
  }

  private step(i: number, byte: number, frame: Frame): number {
    switch (this.expect) {
      case KEY:
        return byte === QUOTE ? this.key(i, frame) : this.instead(i, byte, frame);
      case AFTER_KEY:
        return this.afterKey(i, byte, frame);
      case VALUE:
        return this.value(i, byte, frame);
      case ITEM:
        return byte === COMMA || isCloser(byte) ? this.instead(i, byte, frame) : this.value(i, byte, frame);
      default:
        return this.next(i, byte, frame);
    }
  }

  /** The start of the document. Only `,"id":1}` may lack its brace: cgminer's answer to a command of pluses only. */
  private begin(): number {
    const { bytes, draft } = this;
    const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    if (marked) draft.edit(0, 3, '');
    const start = draft.blanks(marked ? 3 : 0);
    const i = draft.commas(start);
    if (i > start) draft.repair('extra-comma', start, i - start, '');
    const byte = bytes[i];
    if (byte === OPEN_BRACE) return this.open(i, 'object');
    if (byte === OPEN_BRACKET) return this.open(i, 'array');
    if (i === start || byte !== QUOTE) {
      throw draft.malformed(i, i < bytes.length ? 'it does not begin like JSON' : 'it is empty');
    }
    draft.repair('missing-open', i, 0, '{');
    this.open(i, 'object');
    return i;
  }

  /** Instead of a key or an item comes a closing bracket, or a comma that is too many. */
  private instead(i: number, byte: number, frame: Frame): number {
    if (isCloser(byte)) return this.close(i, byte, frame);
    if (byte !== COMMA) throw this.draft.malformed(i, 'a key was expected');
    const behind = this.draft.commas(i);
    this.draft.repair('extra-comma', i, behind - i, '');
    return behind;
  }

  private key(i: number, frame: Frame): number {
    const behind = this.draft.string(i);
    if (behind === CUT) return CUT;
    this.count();
    if (frame.keys !== null) {
      const key = utf8.decode(this.bytes.subarray(i + 1, behind - 1));
      if (frame.keys.has(key)) {
        this.draft.report('duplicate-key', i);
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
    if (frame.kind !== 'object' || (byte !== COMMA && byte !== CLOSE_BRACE)) {
      throw this.draft.malformed(i, 'a colon was expected');
    }
    this.draft.repair('missing-value', i, 0, ':null');
    return this.done(i);
  }

  private value(i: number, byte: number, frame: Frame): number {
    if (byte === QUOTE) return this.text(i, frame);
    if (byte === OPEN_BRACE) return this.open(i, 'object');
    if (byte === OPEN_BRACKET) return this.open(i, 'array');
    if (byte === COMMA || isCloser(byte)) {
      this.draft.repair('missing-value', i, 0, 'null');
      return this.done(i);
    }
    const behind = numberEnd(this.bytes, i);
    // A number that touches the end may go on behind it.
    if (behind === this.bytes.length) return CUT;
    return behind > i && !isWord(this.bytes[behind] as number) ? this.done(behind) : this.word(i);
  }

  private text(i: number, frame: Frame): number {
    const { bytes, draft } = this;
    const edits = draft.edits.length;
    const behind = draft.string(i);
    if (behind === CUT) return CUT;
    if (frame.kind !== 'array' || bytes[draft.skip(behind)] !== COLON) return this.done(behind);
    // WhatsMiner API 2.0.4 writes its errors as ["329":"date"] (protocols.md 3.4).
    draft.report('colon-list', i);
    draft.editEarlier(edits, i, '{');
    this.open(i, 'pair');
    this.expect = AFTER_KEY;
    return behind;
  }

  /** A literal, or a number that JSON does not know. */
  private word(i: number): number {
    const { bytes, draft } = this;
    let behind = i;
    while (behind < bytes.length && isWord(bytes[behind] as number)) behind++;
    if (behind === i || behind - i > LONGEST_WORD) throw draft.malformed(i, 'a value was expected');
    const word = utf8.decode(bytes.subarray(i, behind));
    if (word === 'true' || word === 'false' || word === 'null') return this.done(behind);
    if (behind === bytes.length) return CUT;
    if (NOT_A_NUMBER.test(word)) draft.repair('not-a-number', i, behind - i, 'null');
    else if (ODD_NUMBER.test(word)) draft.repair('odd-number', i, behind - i, JSON.stringify(Number(word)));
    else throw draft.malformed(i, 'a value was expected');
    return this.done(behind);
  }

  /** Behind a complete member. */
  private next(i: number, byte: number, frame: Frame): number {
    const { draft } = this;
    if (byte === COMMA) return this.comma(i, frame);
    if (isCloser(byte)) return this.close(i, byte, frame);
    const isItem = byte === OPEN_BRACE || byte === OPEN_BRACKET;
    if (byte === QUOTE || (frame.kind === 'array' && isItem)) {
      draft.repair('missing-comma', i, 0, ',');
      this.expect = frame.kind === 'array' ? ITEM : KEY;
      return i;
    }
    if (byte === OPEN_BRACE) {
      // An object begins where another should end: cgminer's two status blocks back to back (protocols.md 1.8, 2).
      draft.repair('missing-close', i, 0, '}');
      return this.leave(i);
    }
    const quote = frame.kind === 'object' && this.bytes[i - 1] === QUOTE ? this.lostKey(i) : CUT;
    if (quote === CUT) throw draft.malformed(i, 'a comma was expected');
    draft.repair('missing-quote', i, 0, ',"');
    this.expect = AFTER_KEY;
    return quote + 1;
  }

  /** `"8"temp0":` lacks `",` in the middle (protocols.md 1.11): where the key's quote is, or CUT when there is none. */
  private lostKey(i: number): number {
    const { bytes, draft } = this;
    let at = i;
    while (at < i + LONGEST_WORD && at < bytes.length && (isWord(bytes[at] as number) || bytes[at] === SPACE)) at++;
    return bytes[at] === QUOTE && bytes[draft.skip(at + 1)] === COLON ? at : CUT;
  }

  private comma(i: number, frame: Frame): number {
    const { bytes, draft } = this;
    this.expect = frame.kind === 'array' ? ITEM : KEY;
    if (bytes[i + 1] === QUOTE) return i + 1;
    const token = draft.skip(i + 1);
    const behind = draft.commas(token);
    if (isCloser(bytes[behind])) {
      draft.repair('extra-comma', i, behind - i, '');
      this.expect = NEXT;
      return behind;
    }
    if (behind === token) return i + 1;
    draft.report('extra-comma', token);
    draft.edit(i, behind - i, ',');
    return behind;
  }

  private open(i: number, kind: Kind): number {
    if (this.frames.length >= this.limits.maxDepth) throw overLimit('maxDepth', this.limits);
    const keys = kind === 'object' && this.duplicates !== undefined ? new Set<string>() : null;
    this.frames.push({ kind, end: -1, edits: 0, repairs: 0, keys, dropping: false });
    this.expect = kind === 'object' ? KEY : ITEM;
    return i + 1;
  }

  private close(i: number, byte: number, frame: Frame): number {
    const kind: Kind = byte === CLOSE_BRACE ? 'object' : 'array';
    if (frame.kind === kind) return this.leave(i + 1);
    if (this.frames.some((outer) => outer.kind === kind)) {
      this.draft.repair('missing-close', i, 0, frame.kind === 'array' ? ']' : '}');
      return this.leave(i);
    }
    this.draft.repair('extra-close', i, 1, '');
    return i + 1;
  }

  /** The innermost container ends; it is a complete member of what is around it. */
  private leave(i: number): number {
    this.frames.pop();
    return this.frames.length === 0 ? i : this.done(i);
  }

  /** A member is complete. */
  private done(i: number): number {
    const { draft, frames } = this;
    let frame = frames[frames.length - 1] as Frame;
    while (frame.kind === 'pair') {
      draft.edit(i, 0, '}');
      frames.pop();
      frame = frames[frames.length - 1] as Frame;
    }
    if (frame.dropping) {
      draft.rewind(frame.edits);
      draft.edit(frame.end, i - frame.end, '');
      frame.dropping = false;
    }
    this.count();
    frame.end = i;
    frame.edits = draft.edits.length;
    frame.repairs = draft.repairs.length;
    this.expect = NEXT;
    return i;
  }

  private count(): void {
    if (++this.values > this.limits.maxValues) throw overLimit('maxValues', this.limits);
  }

  /** The text ends in the middle: everything up to the last complete member stays, and what is open is closed. */
  private cutShort(): Mended {
    const { draft, frames } = this;
    while (frames.length > 0 && (frames[frames.length - 1] as Frame).end < 0) frames.pop();
    const innermost = frames[frames.length - 1];
    if (innermost === undefined) throw draft.truncated();
    draft.rewind(innermost.edits, innermost.repairs);
    draft.report('truncated', innermost.end);
    const closers = frames.map((frame) => (frame.kind === 'array' ? ']' : '}')).reverse();
    return { bytes: draft.fairCopy(innermost.end, closers.join('')), repairs: draft.repairs };
  }
}

const isCloser = (byte: number | undefined): boolean => byte === CLOSE_BRACE || byte === CLOSE_BRACKET;
