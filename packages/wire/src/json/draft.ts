import { HeadframeError, printable, type Repair } from '@headframe/model';
import { BACKSLASH, COMMA, CR, LF, QUOTE, SPACE, TAB } from './ascii.ts';
import type { RepairKind } from './repairs.ts';
import { escapeLength } from './tokens.ts';

/** A change at one place: `remove` bytes go, `insert` (ASCII) comes. */
interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/** Beyond this many edits a reply is garbage and not a reply with flaws. It also bounds time and memory. */
const MOST_EDITS = 4096;

/**
 * A text being mended: its bytes, the edits noted so far and what is reported of them, and the reading of what is the
 * same everywhere in a document: blanks, commas, strings. All positions are in bytes; edits come in their order.
 */
export class Draft {
  readonly bytes: Uint8Array;
  readonly edits: Edit[] = [];
  readonly repairs: Repair[] = [];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Notes an edit and reports it. */
  repair(kind: RepairKind, at: number, remove: number, insert: string): void {
    this.report(kind, at);
    this.edit(at, remove, insert);
  }

  report(kind: RepairKind, offset: number): void {
    this.repairs.push({ kind, offset });
  }

  edit(at: number, remove: number, insert: string): void {
    if (this.edits.length >= MOST_EDITS) throw this.malformed(at, `it needs more than ${MOST_EDITS} repairs`);
    this.edits.push({ at, remove, insert });
  }

  /** Notes an edit at a place before edits that were noted already, `index` being how many were noted then. */
  editEarlier(index: number, at: number, insert: string): void {
    this.edits.splice(index, 0, { at, remove: 0, insert });
  }

  /** Forgets what was noted last. */
  rewind(edits: number, repairs = this.repairs.length): void {
    this.edits.length = edits;
    this.repairs.length = repairs;
  }

  /** Behind the blanks from `i` on. */
  skip(i: number): number {
    let at = i;
    while (at < this.bytes.length && (this.bytes[at] as number) <= SPACE) at++;
    return at;
  }

  /** As {@link skip}; control characters that JSON does not allow there go. */
  blanks(i: number): number {
    const end = this.skip(i);
    for (let at = i; at < end; at++) {
      const byte = this.bytes[at];
      if (byte !== SPACE && byte !== LF && byte !== CR && byte !== TAB) this.repair('control-character', at, 1, '');
    }
    return end;
  }

  /** Behind the commas and blanks from `i` on. */
  commas(i: number): number {
    let at = this.skip(i);
    while (this.bytes[at] === COMMA) at = this.skip(at + 1);
    return at;
  }

  /** Behind the closing quote of the string that opens at `i`, or -1 when the text ends before it. Mends inside. */
  string(i: number): number {
    const { bytes } = this;
    let flawed = false;
    for (let at = i + 1; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) return at + 1;
      if (byte === BACKSLASH) {
        const length = escapeLength(bytes, at);
        if (length === 0) this.repair('bad-escape', at, 0, '\\');
        else at += length - 1;
      } else if (byte < SPACE) {
        if (!flawed) this.report('control-character', at);
        flawed = true;
        this.edit(at, 1, `\\u${byte.toString(16).padStart(4, '0')}`);
      }
    }
    return -1;
  }

  malformed(offset: number, detail: string): HeadframeError {
    const { bytes } = this;
    return new HeadframeError('protocol/malformed', {
      bytes: bytes.length,
      firstBytes: printable(bytes),
      offset,
      detail,
    });
  }

  truncated(): HeadframeError {
    const { bytes } = this;
    return new HeadframeError('protocol/truncated', { bytes: bytes.length, firstBytes: printable(bytes) });
  }

  /** The bytes up to `end` with the edits, and `closers` behind them. */
  fairCopy(end: number, closers: string): Uint8Array {
    const edits = [...this.edits, { at: end, remove: 0, insert: closers }];
    const out = new Uint8Array(edits.reduce((size, { remove, insert }) => size + insert.length - remove, end));
    let read = 0;
    let write = 0;
    for (const { at, remove, insert } of edits) {
      out.set(this.bytes.subarray(read, at), write);
      write += at - read;
      for (let i = 0; i < insert.length; i++) out[write++] = insert.charCodeAt(i);
      read = at + remove;
    }
    return out;
  }
}
