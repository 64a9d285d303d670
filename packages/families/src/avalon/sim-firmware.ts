import { ASSUMED } from './sim-assumed.ts';

/*
 * `ascset|0,upgrade,hex`: a page of firmware (`protocols.md` 4). 32 bytes of header, little-endian, then up to 888 bytes.
 * Where each field lies, and the numbers of the errors, are those of Canaan's published fleet tool:
 * 0 api version (bit 7: byte order), 1 header length, 2 command id, 4 sub-command, 8 uid, 12 version, 20 total size,
 * 24 offset, 28 payload length, 30 reserved.
 */

const HEADER_BYTES = 32;
/** What the header says of its own length. */
const HEADER_LENGTH = 30;
/** `UPAPI` of the MM3 firmwares. */
const API_VERSION = 2;
const LARGEST_PAGE = 888;

interface Transfer {
  readonly uid: number;
  readonly version: string;
  readonly total: number;
  received: number;
  /** Two sums over what came: the rest of the new build's name. */
  sums: [number, number];
}

/** What became of a page: refused; taken; or taken as the last one, which makes this build. */
export type PageResult =
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'taken' }
  | { readonly kind: 'complete'; readonly version: string; readonly sums: readonly [string, string] };

const refused = (code: number, reason: string): PageResult => ({
  kind: 'refused',
  reason: `Err${String(code).padStart(2, '0')}: ${reason}`,
});

/** Puts firmware together from its pages. Keeps no image: only how much came, and sums over it. */
export class FirmwareIntake {
  #transfer: Transfer | null = null;

  /** A reboot in the middle: it begins again. */
  forget(): void {
    this.#transfer = null;
  }

  /** @param hex the page as it stands behind the opcode */
  receive(hex: string): PageResult {
    const page = bytesOfHex(hex);
    if (page === null || page.length < HEADER_BYTES) return refused(2, 'header is not complete');
    const header = new DataView(page.buffer, page.byteOffset, HEADER_BYTES);
    if (header.getUint8(1) !== HEADER_LENGTH) return refused(2, `header length (${header.getUint8(1)}) is wrong`);
    if (header.getUint8(0) !== API_VERSION) return refused(1, `api version (${header.getUint8(0)}) is not supported`);
    const version = String.fromCharCode(...page.subarray(12, 20));
    if (!/^[0-9A-Za-z]{8}$/.test(version)) return refused(2, 'version is wrong');
    const [uid, total, offset] = [8, 20, 24].map((at) => header.getUint32(at, true)) as [number, number, number];
    const length = header.getUint16(28, true);
    if (total === 0 || total > ASSUMED.largestImage) return refused(3, `file size (${total}) is wrong`);
    const payload = page.subarray(HEADER_BYTES);
    if (length === 0 || length > LARGEST_PAGE || length !== payload.length || offset + length > total) {
      return refused(5, `payload length (${length}) is wrong`);
    }
    const transfer = this.#transferOf(uid, version, total);
    if (transfer.total !== total || transfer.version !== version) return refused(3, `file size (${total}) is wrong`);
    if (offset !== transfer.received) {
      return refused(4, `offset (${offset.toString(16)}) is not expected (${transfer.received.toString(16)})`);
    }
    return this.#take(transfer, payload);
  }

  /** A uid that was not seen begins anew, once a page of it is in its place. */
  #transferOf(uid: number, version: string, total: number): Transfer {
    if (this.#transfer?.uid === uid) return this.#transfer;
    return { uid, version, total, received: 0, sums: [0x811c9dc5, 0x01000193] };
  }

  #take(transfer: Transfer, payload: Uint8Array): PageResult {
    this.#transfer = transfer;
    let [a, b] = transfer.sums;
    for (const byte of payload) {
      a = Math.imul(a ^ byte, 0x01000193) >>> 0;
      b = (Math.imul(b, 31) + a) >>> 0;
    }
    transfer.sums = [a, b];
    transfer.received += payload.length;
    if (transfer.received < transfer.total) return { kind: 'taken' };
    this.#transfer = null;
    const digits = (sum: number): string => sum.toString(16).padStart(8, '0').slice(0, ASSUMED.buildDigits);
    return { kind: 'complete', version: transfer.version, sums: [digits(a), digits(b)] };
  }
}

/** Null where it is no hexadecimal text of whole bytes. */
export function bytesOfHex(hex: string): Uint8Array | null {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) return null;
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
