import { sha256 } from '@noble/hashes/sha2.js';

/** Bytes as lower case hex. */
export function hex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
  return out;
}

/** SHA-256 of a text's UTF-8 bytes or of bytes, lower case hex. */
export const sha256Hex = (data: string | Uint8Array): string =>
  hex(sha256(typeof data === 'string' ? new TextEncoder().encode(data) : data));
