import { sha256Hex } from '@headframe/wire/http';
import { ASSUMED } from './sim-assumed.ts';
import { bytesOfHex } from './sim-firmware.ts';

/*
 * `ascset|0,wallpaper,format,hex`: a picture for the display in pages, as in Canaan's published source of the Nano 3S.
 * 28 bytes of header, little-endian: 0 magic (8), 8 format version, 12 header length, 14 payload length, 16 uid,
 * 18 page number, 20 file size, 24 offset. Page 0 has SHA-256 of the file and a signature; the others its content.
 */

const HEADER_BYTES = 28;
const HASH_BYTES = 32;
const SIGNATURE_BYTES = 128;
const VERSION = 1;
const SMALLEST = 1024;
const LARGEST = 307_200;
/** Hexadecimal digits that one request may have. */
export const WALLPAPER_DIGITS = 2104;

/** Numbers of the firmware's own. */
const FAILED = { header: 1, magic: 2, version: 3, size: 4, offset: 5, payload: 6, file: 7, hashLength: 8, hash: 9 };

/** 0: taken; otherwise the firmware's number of what is wrong. */
export class WallpaperIntake {
  #uid = -1;
  #format = '';
  #hash = '';
  #file = new Uint8Array(0);
  #offset = 0;
  /** SHA-256 of the picture that is shown, hex; null: none. */
  shown: string | null = null;

  clear(): number {
    this.shown = null;
    this.#uid = -1;
    return 0;
  }

  receive(format: string, hex: string): number {
    const page = bytesOfHex(hex);
    if (page === null || page.length <= HEADER_BYTES) return FAILED.header;
    const header = new DataView(page.buffer, page.byteOffset, HEADER_BYTES);
    const { wallpaperMagic: magic } = ASSUMED;
    if (String.fromCharCode(...page.subarray(0, magic.length)) !== magic) return FAILED.magic;
    if (header.getUint32(8, true) !== VERSION) return FAILED.version;
    const size = header.getUint32(20, true);
    if (size < SMALLEST || size > LARGEST) return FAILED.size;
    const payload = page.subarray(HEADER_BYTES);
    if (header.getUint16(14, true) !== payload.length) return FAILED.payload;
    const offset = header.getUint32(24, true);
    if (offset + payload.length > size) return FAILED.offset;
    const uid = header.getUint16(16, true);
    if (header.getUint16(18, true) === 0) return this.#begin(uid, format, size, payload);
    if (uid !== this.#uid || format !== this.#format || size !== this.#file.length) return FAILED.file;
    if (offset > this.#offset) return FAILED.offset;
    return this.#content(offset, payload);
  }

  #begin(uid: number, format: string, size: number, payload: Uint8Array): number {
    if (payload.length !== HASH_BYTES + SIGNATURE_BYTES) return FAILED.hashLength;
    this.#uid = uid;
    this.#format = format;
    this.#file = new Uint8Array(size);
    this.#offset = 0;
    this.#hash = [...payload.subarray(0, HASH_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return 0;
  }

  #content(offset: number, payload: Uint8Array): number {
    this.#file.set(payload, offset);
    this.#offset = offset + payload.length;
    if (this.#offset < this.#file.length) return 0;
    this.#uid = -1;
    const hash = sha256Hex(this.#file);
    this.#file = new Uint8Array(0);
    if (hash !== this.#hash) return FAILED.hash;
    this.shown = hash;
    return 0;
  }
}
