/*
 * JSON as LUXminer writes it.
 *
 * Taken from published replies, which went through other programs: numbers of one field come as `47.0` in one reply
 * and `47.5` in another while counters never have a point, so the program knows floats from integers and prints the
 * shortest digits that say a float, with `.0` behind a whole one. Keys are in the order of their bytes in all of them.
 * That nothing stands between the tokens, and nothing behind the last brace, is assumed.
 */

/** A number that the program keeps as a float. */
export class Real {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export type LuxValue = string | number | boolean | Real | readonly LuxValue[] | LuxRecord;
export type LuxRecord = { readonly [key: string]: LuxValue };

/** A float as it is. */
export const real = (value: number): Real => new Real(value);

/** A float that the program rounded to so many decimals. */
export const rounded = (value: number, decimals = 2): Real => new Real(Number(value.toFixed(decimals)));

/** A whole number, rounded toward zero. */
export const whole = (value: number): number => Math.trunc(value);

export function encode(value: LuxValue): string {
  if (value instanceof Real) return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value);
  if (Array.isArray(value)) return `[${value.map((item: LuxValue) => encode(item)).join(',')}]`;
  if (typeof value === 'object') {
    const record = value as LuxRecord;
    const members = Object.keys(record)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${encode(record[key] as LuxValue)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}
