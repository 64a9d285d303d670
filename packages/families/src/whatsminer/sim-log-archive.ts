/*
 * The log as a .tgz: a tar of one file inside a gzip whose blocks are stored, not compressed. It is read by every `tar`.
 */

const BLOCK = 512;
const MOST_STORED = 0xffff;
const encoder = new TextEncoder();

/** @param at epoch ms of the file inside */
export function logArchive(name: string, text: string, at: number): Uint8Array {
  return gzip(tar(name, encoder.encode(text), Math.floor(at / 1000)));
}

function tar(name: string, body: Uint8Array, mtime: number): Uint8Array {
  const blocks = Math.ceil(body.length / BLOCK);
  const out = new Uint8Array((1 + blocks + 2) * BLOCK);
  const put = (at: number, text: string): void => out.set(encoder.encode(text), at);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  put(0, name);
  put(100, octal(0o644, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(body.length, 11));
  put(136, octal(mtime, 11));
  put(156, '0');
  put(257, 'ustar\x0000');
  // The sum is made with blanks in its own place.
  put(148, ' '.repeat(8));
  const sum = out.subarray(0, BLOCK).reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  out.set(body, BLOCK);
  return out;
}

function gzip(body: Uint8Array): Uint8Array {
  const parts = Math.max(1, Math.ceil(body.length / MOST_STORED));
  const out = new Uint8Array(10 + parts * 5 + body.length + 8);
  const view = new DataView(out.buffer);
  out.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  let at = 10;
  for (let part = 0; part < parts; part++) {
    const piece = body.subarray(part * MOST_STORED, (part + 1) * MOST_STORED);
    out[at] = part === parts - 1 ? 1 : 0;
    view.setUint16(at + 1, piece.length, true);
    view.setUint16(at + 3, ~piece.length & 0xffff, true);
    out.set(piece, at + 5);
    at += 5 + piece.length;
  }
  view.setUint32(at, crc32(body), true);
  view.setUint32(at + 4, body.length, true);
  return out;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
