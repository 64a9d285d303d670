import { HeadframeError } from '@headframe/model';
import { ecb } from '@noble/ciphers/aes.js';
import { decodeBase64, encodeBase64 } from './base64.ts';

const BLOCK = 16;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** How a text is brought to whole blocks. A server is to take both (protocols.md 3.2, 3.6). */
export type Padding = 'zero' | 'pkcs7';

/**
 * A text as AES-256-ECB in base64 (protocols.md 3.2 step 5).
 * @param aesKey 32 bytes
 */
export function seal(plain: string, aesKey: Uint8Array, padding: Padding = 'zero'): string {
  const bytes = encoder.encode(plain);
  const blocks = padding === 'pkcs7' ? Math.floor(bytes.length / BLOCK) + 1 : Math.ceil(bytes.length / BLOCK);
  const padded = new Uint8Array(blocks * BLOCK).fill(padding === 'pkcs7' ? blocks * BLOCK - bytes.length : 0);
  padded.set(bytes);
  return encodeBase64(ecb(aesKey, { disablePadding: true }).encrypt(padded));
}

/**
 * The text within, without NULs or PKCS#7 at its end.
 * @param aesKey 32 bytes
 * @throws HeadframeError `protocol/cannot-decrypt`: no base64, no whole blocks, or what comes out is no text (another key)
 */
export function open(data: string, aesKey: Uint8Array): string {
  const bytes = decodeBase64(data);
  if (bytes === null) throw cannot('it is not base64');
  if (bytes.length === 0 || bytes.length % BLOCK !== 0) {
    throw cannot(`${bytes.length} bytes are not whole blocks of ${BLOCK}`);
  }
  const plain = withoutPadding(ecb(aesKey, { disablePadding: true }).decrypt(bytes));
  try {
    const text = decoder.decode(plain);
    if (!isText(text)) throw cannot('what comes out is no text');
    return text;
  } catch (thrown) {
    throw thrown instanceof HeadframeError ? thrown : cannot('what comes out is no text');
  }
}

/** NULs at the end; else PKCS#7, where the last byte says how often it stands there. */
function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  if (end < bytes.length) return bytes.subarray(0, end);
  const count = bytes[end - 1] ?? 0;
  const padding = bytes.subarray(end - count);
  const isPkcs7 = count <= BLOCK && padding.every((byte) => byte === count);
  return isPkcs7 ? bytes.subarray(0, end - count) : bytes;
}

/** JSON holds no control characters but blanks: garbage that is UTF-8 by chance nearly always does. */
function isText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) || code === 0x7f) return false;
  }
  return true;
}

const cannot = (detail: string): HeadframeError => new HeadframeError('protocol/cannot-decrypt', { detail });
