import { sha256 } from '@noble/hashes/sha2.js';

/** SHA-256 of a text's UTF-8 bytes or of bytes, lower case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  let out = '';
  for (const byte of sha256(typeof data === 'string' ? new TextEncoder().encode(data) : data)) {
    out += byte.toString(16).padStart(2, '0');
  }
  return out;
}
