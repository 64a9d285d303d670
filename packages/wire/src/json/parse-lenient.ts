import { HeadframeError, printable, type Repair } from '@headframe/model';
import { decodeText, framingOf, limitInWords } from './framing.ts';
import { mend } from './mend.ts';
import { listed } from './repairs.ts';

/** Largest reply that is read when the family says nothing else. */
export const MAX_BYTES = 1 << 20;
/** Deepest nesting that is read. Devices stay below ten. */
export const MAX_DEPTH = 64;

export interface LenientOptions {
  /** Largest input, in bytes (in UTF-16 units when it is a string). */
  readonly maxBytes?: number;
  readonly maxDepth?: number;
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
 * Size and nesting are checked before `JSON.parse` sees the text. A key `__proto__` becomes an own property.
 * NULs and blanks behind the document are framing (protocols.md 1.1).
 *
 * @throws HeadframeError `link/too-large`; `protocol/malformed` when it cannot be mended; `protocol/truncated` when it
 * ends before anything is complete. Nothing else.
 */
export function parseLenient(input: Uint8Array | string, options: LenientOptions = {}): LenientResult {
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  if (input.length > maxBytes) throw new HeadframeError('link/too-large', { limit: limitInWords(maxBytes) });
  const { end, trailing } = framingOf(input);
  const repairs: Repair[] = [];
  if (trailing >= 0) repairs.push({ kind: 'trailing-nul', offset: trailing });

  let bytes: Uint8Array | null = null;
  let text: string;
  if (typeof input === 'string') {
    text = input.slice(0, end);
  } else {
    bytes = input.subarray(0, end);
    const decoded = decodeText(bytes);
    text = decoded.text;
    if (decoded.invalidAt >= 0) repairs.push({ kind: 'invalid-utf8', offset: decoded.invalidAt });
  }

  const maxDepth = options.maxDepth ?? MAX_DEPTH;
  if (nestsDeeper(text, maxDepth)) {
    throw malformed(bytes ?? encoder.encode(text), `it is nested deeper than ${maxDepth}`);
  }
  // `}{` is what stock Antminers send (protocols.md 1.11); the failing attempt can be spared. In a string it does no harm.
  if (options.duplicates === undefined && !text.includes('}{')) {
    try {
      return { value: JSON.parse(text), repairs };
    } catch {
      // Not JSON as it stands.
    }
  }
  const source = bytes ?? encoder.encode(text);
  const mended = mend(source, { maxDepth, duplicates: options.duplicates });
  try {
    const value: unknown = JSON.parse(decodeText(mended.bytes).text);
    return { value, repairs: listed([...repairs, ...mended.repairs]) };
  } catch (cause) {
    throw malformed(source, 'it could not be repaired', cause);
  }
}

const malformed = (bytes: Uint8Array, detail: string, cause?: unknown): HeadframeError =>
  new HeadframeError('protocol/malformed', { bytes: bytes.length, firstBytes: printable(bytes), detail }, cause);

/**
 * Whether brackets nest deeper than `most`. As long as there are not more of them than that, counting answers it, and
 * most replies have few; otherwise one pass over the text does, which knows strings.
 */
function nestsDeeper(text: string, most: number): boolean {
  let brackets = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++brackets > most) return depthPasses(text, most);
    }
  }
  return false;
}

function depthPasses(text: string, most: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 0x22) quoted = false;
      else if (code === 0x5c) i++;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > most) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}
