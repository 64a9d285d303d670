import { hashrateFactor } from '@headframe/model';
import { toNumber } from '@headframe/wire/json';

/*
 * Values as pools write them: numbers as text (Ocean), hashrates with a suffix (ckpool), times as epoch seconds, as
 * milliseconds, or as ISO text with and without a zone.
 */

/** Beyond petahash, where machines end and farms begin. */
const LARGE = new Map([
  ['E', 1e18],
  ['Z', 1e21],
]);
const RATE = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([kmgtpez]?)(?:h?(?:\/s|ps)?)\s*$/i;

function factorOf(unit: string): number | null {
  const letter = /^\s*([ez])h?(?:\/s|ps)?\s*$/i.exec(unit)?.[1];
  return letter === undefined ? hashrateFactor(unit) : (LARGE.get(letter.toUpperCase()) ?? null);
}

/**
 * A hashrate, H/s; null where there is none or a negative one.
 * @param value a number in `unit`, or text that may bring its own: `832G`, `1.5 TH/s`
 * @param unit of a bare number: `Gh/s`; H/s when it is not known
 */
export function hashrateOf(value: unknown, unit = 'H/s'): number | null {
  let number = toNumber(value);
  let factor = factorOf(unit);
  if (number === null && typeof value === 'string' && value.length <= 40) {
    const [, digits = '', prefix = ''] = RATE.exec(value) ?? [];
    number = toNumber(digits);
    factor = factorOf(`${prefix}H`);
  }
  if (number === null || factor === null) return null;
  const hs = toNumber(number, factor);
  return hs === null || hs < 0 ? null : hs;
}

/** A count, not below zero; null where there is none. */
export function countOf(value: unknown): number | null {
  const count = toNumber(value);
  return count === null || count < 0 ? null : count;
}

/** A time, and whether it says that there was none yet. */
export type TimeRead = { readonly at: number } | 'never' | 'missing' | 'unreadable';

/** The first block of Bitcoin: no share is older. */
const FIRST_BLOCK_MS = Date.UTC(2009, 0, 3);
/** The year 2100: later is no time but a mistake. */
const LATEST_MS = Date.UTC(2100, 0, 1);
/** Above this, epoch seconds are milliseconds: seconds reach it in the year 5138. */
const SECONDS_END = 1e11;
const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(z|[+-]\d{2}:?\d{2})?$/i;

/** A time of day: epoch seconds or milliseconds, told apart by their size, or ISO text; UTC where no zone is given. */
export function timeOf(value: unknown): TimeRead {
  if (value === null || value === undefined || value === '') return 'missing';
  const number = toNumber(value);
  if (number !== null) return number <= 0 ? 'never' : plausible(number < SECONDS_END ? number * 1000 : number);
  return typeof value === 'string' ? isoTime(value) : 'unreadable';
}

/** ISO text alone. */
export function isoTime(text: string): TimeRead {
  const [, day, time, zone = 'Z'] = ISO.exec(text.trim().slice(0, 40)) ?? [];
  if (day === undefined || time === undefined) return 'unreadable';
  const at = Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(at)) return 'unreadable';
  // A program that knows no time says the first of its calendar: Go the year 1, others 1970.
  return at <= 0 ? 'never' : plausible(at);
}

export const plausible = (at: number): TimeRead => (at >= FIRST_BLOCK_MS && at <= LATEST_MS ? { at } : 'unreadable');
