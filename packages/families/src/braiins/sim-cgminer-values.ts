import { type ApiRecord, type ApiValue, bare } from '@headframe/wire/cgminer-server';

/*
 * How BOSminer prints on port 4028: its program serialises a struct, so that the members of a record come in the order of
 * their bytes, and a number that is no whole one by its nature always has a point (`75.0`). Public replies of 2020 to 2023.
 */

/** A number of a kind that has decimals. */
export const real = (value: number): ApiValue => bare(realText(value));

/** As a program in Rust prints it. */
export function realText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const text = String(value).replace('e+', 'e');
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Members in the order of the wire. */
export const ordered = (record: ApiRecord): ApiRecord => [...record].sort(([a], [b]) => (a < b ? -1 : 1));

/** Part of a whole in percent, as a number with decimals; 0 of nothing is 0.0. */
export const share = (part: number, whole: number): ApiValue => real(whole > 0 ? (part / whole) * 100 : 0);
