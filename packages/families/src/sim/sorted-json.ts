/*
 * JSON as programs write it that keep their objects sorted: keys in the order of their bytes, nothing between the tokens,
 * text as UTF-8 without escapes, and floats told from integers.
 */

/** A number that the program keeps as a float. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export type Json = string | number | boolean | null | Float | readonly Json[] | JsonRecord;
export type JsonRecord = { readonly [key: string]: Json };

/** @param digits how the program writes a float */
export function encodeSorted(value: Json, digits: (value: number) => string): string {
  if (value instanceof Float) return digits(value.value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => encodeSorted(item, digits)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const record = value as JsonRecord;
    const members = Object.keys(record)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${encodeSorted(record[key] ?? null, digits)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The shortest digits that say it, with `.0` behind a whole one. */
export const withPoint = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
