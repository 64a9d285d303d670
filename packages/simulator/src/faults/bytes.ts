import type { Chunk, Reaction } from '@headframe/families/sim';

/*
 * Faults that change the bytes of a reply or the way they come. Pure.
 */

/** All bytes of a reaction, and how long they take to start. */
function whole(reaction: Reaction): { bytes: Uint8Array; afterMs: number } {
  const afterMs = reaction.chunks.reduce((sum, chunk) => sum + chunk.afterMs, 0);
  const size = reaction.chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of reaction.chunks) {
    bytes.set(chunk.bytes, at);
    at += chunk.bytes.length;
  }
  return { bytes, afterMs };
}

/** The same bytes in pieces. */
export function inPieces(reaction: Reaction, size: number, everyMs: number): Reaction {
  const { bytes, afterMs } = whole(reaction);
  const chunks: Chunk[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    chunks.push({ bytes: bytes.subarray(at, at + size), afterMs: at === 0 ? afterMs : everyMs });
  }
  return { chunks, end: reaction.end };
}

/** Other bytes in the place of the reply's. */
export function changed(reaction: Reaction, change: (bytes: Uint8Array) => Uint8Array, end = reaction.end): Reaction {
  const { bytes, afterMs } = whole(reaction);
  const other = change(bytes);
  return { chunks: other.length === 0 ? [] : [{ bytes: other, afterMs }], end };
}

/** Where the value of a key begins in JSON text, outside of strings; -1 when it has no such key. */
function valueBegin(bytes: Uint8Array, key: string): number {
  const wanted = [...`"${key}"`].map((letter) => letter.charCodeAt(0));
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== QUOTE) continue;
    const end = endOfString(bytes, i);
    const here = end - i === wanted.length && wanted.every((byte, n) => bytes[i + n] === byte);
    if (here && bytes[end] === COLON) return end + 1;
    i = end - 1;
  }
  return -1;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Behind the closing quote of the string that begins at `from`. */
function endOfString(bytes: Uint8Array, from: number): number {
  let i = from + 1;
  while (i < bytes.length && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return Math.min(i + 1, bytes.length);
}

/** `},{` of the first two objects of STATS becomes `}{` (`protocols.md` 1.11). Other replies stay as they are. */
export function withoutComma(bytes: Uint8Array): Uint8Array {
  let i = valueBegin(bytes, 'STATS');
  if (i < 0) return bytes;
  for (let depth = 0; i < bytes.length; i++) {
    if (bytes[i] === QUOTE) i = endOfString(bytes, i) - 1;
    else if (bytes[i] === OPEN) depth++;
    else if (bytes[i] === CLOSE && --depth === 0) {
      if (bytes[i + 1] !== COMMA) return bytes;
      const out = new Uint8Array(bytes.length - 1);
      out.set(bytes.subarray(0, i + 1));
      out.set(bytes.subarray(i + 2), i + 1);
      return out;
    }
  }
  return bytes;
}

export function withoutNul(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
