/*
 * Numbers as the C library reads and prints them: what a cgminer-like program shows is printf's, not JavaScript's.
 */

/**
 * A number with that many decimals, rounded as printf does: exact halves to the even digit (0.125 is 0.12).
 * NaN and infinities come out as `nan`, `inf` and `-inf`, which is what a program with a division by zero sends.
 */
export function fixed(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Math.abs(value) >= 1e21)
    return digits === 0 ? BigInt(value).toString() : `${BigInt(value)}.${'0'.repeat(digits)}`;
  const printed = value.toFixed(digits);
  if (!looksLikeHalf(value, digits)) return printed;
  // toFixed rounds halves away from zero; printf takes the even one of the two.
  const exact = value.toFixed(Math.min(100, digits + 30));
  const cut = exact.length - (Math.min(100, digits + 30) - digits);
  if (!/^50*$/.test(exact.slice(cut))) return printed;
  const truncated = exact.slice(0, cut).replace(/\.$/, '');
  return /[02468]$/.test(truncated) ? truncated : printed;
}

/** Cheap guess that the digit behind the last one is an exact five; a wrong yes only costs time. */
function looksLikeHalf(value: number, digits: number): boolean {
  const doubled = value * 10 ** digits * 2;
  return Number.isInteger(doubled) && doubled % 2 !== 0;
}

/** `%f`: six decimals. */
export const real = (value: number): string => fixed(value, 6);

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/**
 * C's `atoi` as glibc has it on a 64-bit machine: blanks and a sign are skipped, digits are read until something else
 * comes, nothing read is 0; clamped to 64 bits, then cut to 32 (`protocols.md` 1.4; 4294967296 is 0).
 */
export function atoi(text: string): number {
  const digits = /^[ \t\n\v\f\r]*([+-]?)0*([0-9]*)/.exec(text);
  const body = digits?.[2] ?? '';
  if (body === '') return 0;
  const negative = digits?.[1] === '-';
  // More than 19 digits are beyond 64 bits whatever they are: no big number is built from a long request.
  let value = body.length > 19 ? INT64_MAX + 1n : BigInt(body);
  if (negative) value = -value;
  if (value > INT64_MAX) value = INT64_MAX;
  if (value < INT64_MIN) value = INT64_MIN;
  return Number(BigInt.asIntN(32, value));
}

/** `%d` and `%s` of a message filled in, in order; a null prints as `(null)`, what is not there as nothing. */
export function format(message: string, values: readonly (string | number | null)[]): string {
  let next = 0;
  return message.replace(/%([ds%])/g, (_, kind: string) => {
    if (kind === '%') return '%';
    const value = values[next++];
    if (value === undefined) return '';
    return value === null ? '(null)' : String(value);
  });
}
