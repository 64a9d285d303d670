import { encodeSorted, Float, type Json, type JsonRecord, withPoint } from '../sim/sorted-json.ts';

/*
 * JSON as LUXminer writes it.
 *
 * Taken from published replies, which went through other programs: numbers of one field come as `47.0` in one reply
 * and `47.5` in another while counters never have a point, so the program knows floats from integers and prints the
 * shortest digits that say a float, with `.0` behind a whole one. Keys are in the order of their bytes in all of them.
 * That nothing stands between the tokens, and nothing behind the last brace, is assumed.
 */

export type LuxValue = Json;
export type LuxRecord = JsonRecord;

/** A float as it is. */
export const real = (value: number): Float => new Float(value);

/** A float that the program rounded to so many decimals. */
export const rounded = (value: number, decimals = 2): Float => new Float(Number(value.toFixed(decimals)));

/** A whole number, rounded toward zero. */
export const whole = (value: number): number => Math.trunc(value);

export const encode = (value: LuxValue): string => encodeSorted(value, withPoint);
