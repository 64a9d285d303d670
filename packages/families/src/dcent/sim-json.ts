/*
 * JSON as `dcentrald` writes it: nothing between the tokens, keys in the order of their bytes, text as UTF-8 without
 * escapes, and floats told from integers: a float always has a point or an exponent.
 *
 * The repository's document is a plain JSON value of its language's usual library, whose objects are sorted unless it
 * is built otherwise; that it is not built otherwise is assumed.
 */

/** A number that the program keeps as a float of 64 bits. */
class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export type Json = string | number | boolean | null | Float | readonly Json[] | JsonRecord;
export type JsonRecord = { readonly [key: string]: Json };

export const float = (value: number): Float => new Float(value);

/** Kept with 32 bits, and widened when it is written: 58.3 comes out as 58.29999923706055. */
export const single = (value: number): Float => new Float(Math.fround(value));

/** From these sizes on a float is written with an exponent. */
const LARGE = 1e16;
const SMALL = 1e-5;

export function encode(value: Json): string {
  if (value instanceof Float) return digits(value.value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => encode(item)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const record = value as JsonRecord;
    const members = Object.keys(record)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${encode(record[key] ?? null)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= LARGE || (size > 0 && size < SMALL)) return value.toExponential().replace('+', '');
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
