import { HeadframeError, printable } from '@headframe/model';

const [OPEN, CLOSE, QUOTE, BACKSLASH] = [0x7b, 0x7d, 0x22, 0x5c];
/** Longest object in front of raw bytes: it only says how many follow. */
const MOST_BYTES = 64 * 1024;

/**
 * How many bytes the JSON object at the beginning has; null while its end is not there. What follows is no JSON any
 * more: a reply and a raw file can arrive in one segment (protocols.md 3.5).
 * @throws HeadframeError `protocol/malformed` when it does not begin like an object, or does not end in 64 KiB
 */
export function jsonObjectLength(bytes: Uint8Array): number | null {
  let depth = 0;
  let inString = false;
  const end = Math.min(bytes.length, MOST_BYTES);
  for (let i = 0; i < end; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE && depth > 0) inString = true;
    else if (byte === OPEN) depth++;
    else if (byte === CLOSE && depth > 0 && --depth === 0) return i + 1;
    else if (depth === 0 && byte !== undefined && byte > 0x20) throw malformed(bytes, 'it is no JSON object');
  }
  if (bytes.length >= MOST_BYTES) throw malformed(bytes, 'the JSON object does not end');
  return null;
}

const malformed = (bytes: Uint8Array, detail: string): HeadframeError =>
  new HeadframeError('protocol/malformed', { detail, bytes: bytes.length, firstBytes: printable(bytes) });
