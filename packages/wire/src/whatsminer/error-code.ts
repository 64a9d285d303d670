import { CHIP_ERRORS, CODE_GROUPS, ERROR_CODES, type ErrorCodeEntry } from './error-codes.ts';

/** An error code, read. */
export interface ErrorCodeMeaning extends ErrorCodeEntry {
  /** The slot that it names, counted from 0 as the machine does; null: none. */
  readonly slot: number | null;
  /** The chip that it names; null: none. */
  readonly chip: number | null;
  /** Only its group is known, by its beginning. */
  readonly groupOnly: boolean;
}

/**
 * What an error code of `get_error_code` means. Null: nothing is known of it, which is `vendor.unmapped`.
 * Four digits that begin like a chip error are listed ones first: 5110 is the frequency of slot 0, 5203 chip 3 of slot 0.
 */
export function errorCodeMeaning(code: string): ErrorCodeMeaning | null {
  if (!/^\d{1,6}$/.test(code)) return null;
  const exact = ERROR_CODES.get(code);
  if (exact !== undefined) return { ...exact, slot: null, chip: null, groupOnly: false };
  const last = code.slice(-1);
  const slotted = ERROR_CODES.get(`${code.slice(0, -1)}n`);
  if (slotted !== undefined) return { ...slotted, slot: Number(last), chip: null, groupOnly: false };
  // The level of a check in the factory, not a slot.
  const levelled = ERROR_CODES.get(`${code.slice(0, 2)}n${code.slice(3)}`);
  if (levelled !== undefined) return { ...levelled, slot: null, chip: null, groupOnly: false };
  const chip = chipError(code);
  if (chip !== null) return chip;
  const group = CODE_GROUPS.find(([pattern]) => pattern.test(code));
  return group === undefined ? null : { ...group[1], slot: null, chip: null, groupOnly: true };
}

function chipError(code: string): ErrorCodeMeaning | null {
  if (code.length !== 4 && code.length !== 6) return null;
  const entry = CHIP_ERRORS.get(code.slice(0, 2));
  if (entry === undefined) return null;
  return { ...entry, slot: Number(code.charAt(2)), chip: Number(code.slice(3)), groupOnly: false };
}

/** One complaint of a machine, as it came. */
export interface ErrorCodeReport {
  readonly code: string;
  /** When, in the machine's own zone (`2022-01-17 11:28:11`); null: not told. */
  readonly time: string | null;
  /** The machine's own words; port 4433 alone sends them. */
  readonly reason: string | null;
}

/** Most that is read of one reply: a machine has a few. */
const MOST_CODES = 256;

/**
 * The codes of a `get_error_code` reply or of `error-code` on port 4433, in all forms that are seen (protocols.md 3.4): a
 * list of objects with one key each (also what a list with colons reads as), one object with several keys, a list of
 * bare codes; empty when the machine is clean. A key that is no number is kept as it is: nothing gets lost.
 */
export function errorCodesIn(value: unknown): ErrorCodeReport[] {
  const reports: ErrorCodeReport[] = [];
  const add = (code: string, time: unknown, reason: unknown): void => {
    if (reports.length < MOST_CODES) reports.push({ code, time: textOf(time), reason: textOf(reason) });
  };
  for (const item of Array.isArray(value) ? value : [value]) {
    if (typeof item === 'number' || typeof item === 'string') {
      if (item !== '') add(String(item), null, null);
    } else if (typeof item === 'object' && item !== null && !Array.isArray(item)) {
      const { reason, ...codes } = item as Record<string, unknown>;
      for (const [code, time] of Object.entries(codes)) add(code, time, reason);
    }
  }
  return reports;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
