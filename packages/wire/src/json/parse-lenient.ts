import { HeadframeError, printable, type Repair } from '@headframe/model';
import { decodeText, framingOf, limitInWords } from './framing.ts';
import { limitPassed, overLimit } from './limits.ts';
import { mend } from './mend.ts';
import { listed } from './repairs.ts';

/** Largest reply that is read when the family says nothing else. */
export const MAX_BYTES = 1 << 20;
/** Deepest nesting that is read. Devices stay below ten. */
export const MAX_DEPTH = 64;
/** Most names and values, together, that are read. Devices stay below ten thousand; far above they hold the loop. */
export const MAX_VALUES = 40_000;

export interface LenientOptions {
  /** Largest input, in bytes (in UTF-16 units when it is a string). */
  readonly maxBytes?: number;
  readonly maxDepth?: number;
  readonly maxValues?: number;
  /**
   * Compares keys within each object: of several members with the same key the first or the last one stays, and each
   * repetition is reported. It costs a pass over the text; without it the last one wins unreported, as in `JSON.parse`.
   */
  readonly duplicates?: 'first' | 'last';
}

export interface LenientResult {
  readonly value: unknown;
  /** What was mended and where: offsets in bytes from the start of the input (of its UTF-8 form when it is a string). */
  readonly repairs: Repair[];
}

const encoder = new TextEncoder();

/**
 * JSON as devices send it: everything that {@link REPAIRS} lists is mended in its place and reported.
 * What is JSON already is read by `JSON.parse` and comes back with no repairs, but for bytes that are not UTF-8.
 *
 * Size, nesting and number of values are checked before `JSON.parse` sees the text. A key `__proto__` becomes an own property.
 * NULs and blanks behind the document are framing (protocols.md 1.1), a byte order mark before it is skipped.
 *
 * @throws HeadframeError `link/too-large`; `protocol/malformed` when it cannot be mended; `protocol/truncated` when it
 * ends before anything is complete. Nothing else.
 */
export function parseLenient(input: Uint8Array | string, options: LenientOptions = {}): LenientResult {
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  if (input.length > maxBytes) throw new HeadframeError('link/too-large', { limit: limitInWords(maxBytes) });
  const { end, trailing } = framingOf(input);
  const repairs: Repair[] = [];
  let bytes: Uint8Array | null = null;
  let text: string;
  if (typeof input === 'string') {
    text = input.slice(0, end);
    if (trailing >= 0) repairs.push({ kind: 'trailing-nul', offset: encoder.encode(input.slice(0, trailing)).length });
  } else {
    bytes = input.subarray(0, end);
    const decoded = decodeText(bytes);
    text = decoded.text;
    if (decoded.invalidAt >= 0) repairs.push({ kind: 'invalid-utf8', offset: decoded.invalidAt });
    if (trailing >= 0) repairs.push({ kind: 'trailing-nul', offset: trailing });
  }

  const limits = { maxDepth: options.maxDepth ?? MAX_DEPTH, maxValues: options.maxValues ?? MAX_VALUES };
  const passed = limitPassed(text, limits);
  if (passed !== null) throw overLimit(passed, limits);
  // `}{` is what stock Antminers send (protocols.md 1.11): the attempt that would fail can be spared. If it stands in a
  // string only, the mender finds nothing to mend.
  const structured = /^\s*[{[]/.test(text);
  if (!structured || (options.duplicates === undefined && !text.includes('}{'))) {
    try {
      return { value: JSON.parse(text), repairs };
    } catch {
      // Not JSON as it stands.
    }
  }
  const source = bytes ?? encoder.encode(text);
  const mended = mend(source, limits, options.duplicates);
  try {
    const value: unknown = JSON.parse(decodeText(mended.bytes).text);
    return { value, repairs: listed([...repairs, ...mended.repairs]) };
  } catch (cause) {
    const context = { bytes: source.length, firstBytes: printable(source), detail: 'it could not be repaired' };
    throw new HeadframeError('protocol/malformed', context, cause);
  }
}
