const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
/** Fewer digits than this are always below 2^53. */
const FEWEST_DIGITS = 16;

/**
 * The same JSON with whole numbers beyond 2^53 in quotes, so that reading it does not round them: nonces have 64 bits
 * (protocols.md 5.5). Such a number is then a string of exactly the digits that came; all others stay numbers.
 * Broken JSON stays as broken as it is.
 */
export function quoteLongIntegers(bytes: Uint8Array): Uint8Array {
  const found: { readonly from: number; readonly to: number }[] = [];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === QUOTE) i = behindString(bytes, i);
    else if (isDigit(bytes[i])) {
      const to = behindNumber(bytes, i);
      const isWhole = digitsEnd(bytes, i) === to;
      if (isWhole && to - i >= FEWEST_DIGITS && !isSafe(bytes, i, to)) {
        found.push({ from: bytes[i - 1] === MINUS ? i - 1 : i, to });
      }
      i = to - 1;
    }
  }
  if (found.length === 0) return bytes;
  const quoted = new Uint8Array(bytes.length + 2 * found.length);
  let read = 0;
  let write = 0;
  for (const { from, to } of found) {
    quoted.set(bytes.subarray(read, from), write);
    write += from - read;
    quoted[write++] = QUOTE;
    quoted.set(bytes.subarray(from, to), write);
    write += to - from;
    quoted[write++] = QUOTE;
    read = to;
  }
  quoted.set(bytes.subarray(read), write);
  return quoted;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

function digitsEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at])) at++;
  return at;
}

/** Behind everything that a number may be made of: `1.8e+19` is one. */
function behindNumber(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at]) || '+-.eE'.includes(String.fromCharCode(bytes[at] ?? 0))) at++;
  return at;
}

/** The closing quote of the string that opens at `i`, or the end. */
function behindString(bytes: Uint8Array, i: number): number {
  for (let at = i + 1; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) return at;
    if (bytes[at] === BACKSLASH) at++;
  }
  return bytes.length;
}

const isSafe = (bytes: Uint8Array, from: number, to: number): boolean =>
  to - from === FEWEST_DIGITS && Number.isSafeInteger(Number(String.fromCharCode(...bytes.subarray(from, to))));

/** 2^64: a nonce lies below it. */
export const NONCES: bigint = 1n << 64n;

/**
 * An unsigned number of 64 bits, exact: from a number below 2^53, from digits, or from `0x` and up to 16 hexadecimal
 * digits, which is how ethminer writes nonces and hashrates (protocols.md 5.5, 5.7).
 * @returns null for everything else, also for `0x`, `0xzz` and what does not fit into 64 bits
 */
export function uint64(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value >= 0n && value < NONCES ? value : null;
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null;
  if (typeof value !== 'string' || !UNSIGNED.test(value)) return null;
  const read = BigInt(value);
  return read < NONCES ? read : null;
}

const UNSIGNED = /^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i;

/** A nonce as ethminer prints it: `0xe7d0af18bc235ce9`. */
export const hex64 = (nonce: bigint): string => `0x${nonce.toString(16).padStart(16, '0')}`;
