/*
 * How JSON spells numbers and escapes, over bytes. All positions are in bytes.
 */

/** Letters, digits and what else a number or a bare word may hold. */
export const isWord = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x2b ||
  byte === 0x2d ||
  byte === 0x2e ||
  byte === 0x5f ||
  byte === 0x28 ||
  byte === 0x29;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

const digits = (bytes: Uint8Array, from: number): number => {
  let i = from;
  while (isDigit(bytes[i])) i++;
  return i;
};

/** Behind a number as JSON allows it, or -1. */
export function numberEnd(bytes: Uint8Array, from: number): number {
  let i = bytes[from] === 0x2d ? from + 1 : from;
  if (!isDigit(bytes[i])) return -1;
  i = bytes[i] === 0x30 ? i + 1 : digits(bytes, i);
  if (bytes[i] === 0x2e) {
    const fraction = digits(bytes, i + 1);
    if (fraction === i + 1) return -1;
    i = fraction;
  }
  if (((bytes[i] as number) | 0x20) === 0x65) {
    const sign = bytes[i + 1];
    const first = sign === 0x2b || sign === 0x2d ? i + 2 : i + 1;
    const exponent = digits(bytes, first);
    if (exponent === first) return -1;
    i = exponent;
  }
  return i;
}

/** How many bytes the escape at `i` has; 0 when it is none that JSON knows. */
export function escapeLength(bytes: Uint8Array, i: number): number {
  const escaped = bytes[i + 1];
  if (escaped === undefined) return 1;
  if (escaped !== 0x75) return '"\\/bfnrt'.includes(String.fromCharCode(escaped)) ? 2 : 0;
  for (let at = i + 2; at < i + 6; at++) {
    const digit = bytes[at];
    if (digit === undefined || !(isDigit(digit) || ((digit | 0x20) >= 0x61 && (digit | 0x20) <= 0x66))) return 0;
  }
  return 6;
}
