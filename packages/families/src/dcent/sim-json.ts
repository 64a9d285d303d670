import { encodeSorted, Float, type Json, withPoint } from '../sim/sorted-json.ts';

/*
 * JSON as `dcentrald` writes it: sorted, a float always with a point or an exponent.
 *
 * The repository's document is a plain JSON value of its language's usual library, whose objects are sorted unless it
 * is built otherwise; that it is not built otherwise is assumed.
 */

export type { Json, JsonRecord } from '../sim/sorted-json.ts';

/** A number that the program keeps as a float of 64 bits. */
export const float = (value: number): Float => new Float(value);

/** Kept with 32 bits, and widened when it is written: 58.3 comes out as 58.29999923706055. */
export const single = (value: number): Float => new Float(Math.fround(value));

/** From these sizes on a float is written with an exponent. */
const LARGE = 1e16;
const SMALL = 1e-5;

export const encode = (value: Json): string => encodeSorted(value, digits);

function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= LARGE || (size > 0 && size < SMALL)) return value.toExponential().replace('+', '');
  return withPoint(value);
}
