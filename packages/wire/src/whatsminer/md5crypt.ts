import { md5 } from '@noble/hashes/legacy.js';

const encoder = new TextEncoder();
const MAGIC = '$1$';
const LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** A salt ends here, as in `openssl passwd -1`. */
const MOST_SALT_BYTES = 8;
const ROUNDS = 1000;

/**
 * The password hash of BSD and old Linux, `openssl passwd -1`: what the vendor's manual calls md5 (protocols.md 3.2).
 * @param salt its first eight bytes count; a `$` in it ends it for whoever parts the result
 * @returns the whole text, `$1$salt$hash`
 */
export function md5crypt(password: string, salt: string): string {
  const secret = encoder.encode(password);
  const seasoning = encoder.encode(salt).subarray(0, MOST_SALT_BYTES);
  const shown = new TextDecoder().decode(seasoning);
  return `${MAGIC}${shown}$${spell(stretch(secret, seasoning, firstHash(secret, seasoning)))}`;
}

function firstHash(secret: Uint8Array, salt: Uint8Array): Uint8Array {
  const inner = md5(concat([secret, salt, secret]));
  const parts = [secret, encoder.encode(MAGIC), salt];
  for (let left = secret.length; left > 0; left -= 16) parts.push(inner.subarray(0, Math.min(16, left)));
  // An odd quirk that became the standard: by the bits of the length, a zero byte or the password's first byte.
  for (let bits = secret.length; bits > 0; bits >>= 1) {
    parts.push((bits & 1) === 1 ? new Uint8Array(1) : secret.subarray(0, 1));
  }
  return md5(concat(parts));
}

/** The thousand rounds. Which parts a round takes repeats every 42 rounds, so each form is laid out once. */
function stretch(secret: Uint8Array, salt: Uint8Array, first: Uint8Array): Uint8Array {
  const forms = new Map<number, { readonly buffer: Uint8Array; readonly at: number }>();
  const hash = first.slice();
  // One hasher, put back to its beginning: making a new one for each round takes as long as the hashing.
  const blank = md5.create();
  const hasher = md5.create();
  for (let round = 0; round < ROUNDS; round++) {
    const key = (round & 1) | (round % 3 === 0 ? 0 : 2) | (round % 7 === 0 ? 0 : 4);
    let form = forms.get(key);
    if (form === undefined) {
      const between = [...((key & 2) === 0 ? [] : [salt]), ...((key & 4) === 0 ? [] : [secret])];
      const odd = (key & 1) === 1;
      const hole = new Uint8Array(16);
      const buffer = concat(odd ? [secret, ...between, hole] : [hole, ...between, secret]);
      form = { buffer, at: odd ? buffer.length - 16 : 0 };
      forms.set(key, form);
    }
    form.buffer.set(hash, form.at);
    blank._cloneInto(hasher).update(form.buffer).digestInto(hash);
  }
  return hash;
}

/** Which bytes of the hash make each group of four letters, the first the highest. */
const GROUPS: readonly (readonly [number, number, number])[] = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
];

function spell(hash: Uint8Array): string {
  const byte = (i: number): number => hash[i] ?? 0;
  const letters = (value: number, count: number): string => {
    let out = '';
    for (let i = 0; i < count; i++) out += LETTERS.charAt((value >> (6 * i)) & 63);
    return out;
  };
  const groups = GROUPS.map(([high, middle, low]) => letters((byte(high) << 16) | (byte(middle) << 8) | byte(low), 4));
  return groups.join('') + letters(byte(11), 2);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
