import { formatHashrate } from '@headframe/model';

/*
 * Numbers of a column in one unit, which stands once in its head.
 */

export interface RateUnit {
  readonly name: string;
  readonly factor: number;
}

const UNITS: readonly RateUnit[] = [
  { name: 'TH/s', factor: 1e12 },
  { name: 'GH/s', factor: 1e9 },
  { name: 'MH/s', factor: 1e6 },
  { name: 'kH/s', factor: 1e3 },
];

/** The unit that fits the largest machine of the fleet. */
export function rateUnit(rates: Iterable<number | null>): RateUnit {
  let most = 0;
  for (const rate of rates) most = Math.max(most, rate ?? 0);
  return UNITS.find(({ factor }) => most >= factor) ?? (UNITS[0] as RateUnit);
}

/** Whether a rate is so small that the unit of the column says nothing of it: a scrypt machine among those for SHA-256. */
export const isTiny = (hs: number | null, { factor }: RateUnit): boolean => hs !== null && hs > 0 && hs / factor < 0.01;

/** A rate in the unit of its column: one decimal, two below ten. A tiny one brings its own unit, never a false zero. */
export function inUnit(hs: number | null, unit: RateUnit): string {
  if (hs === null) return '–';
  if (isTiny(hs, unit)) return formatHashrate(hs);
  const value = hs / unit.factor;
  return value === 0 ? '0' : value.toFixed(value < 10 ? 2 : 1);
}

/** Whole degrees. */
export const degrees = (c: number | null): string => (c === null ? '–' : String(Math.round(c)));

/** Kilowatts with two decimals. */
export const kilowatts = (w: number | null): string => (w === null ? '–' : (w / 1000).toFixed(2));

/** A pool without what all of them begin with: `pool.example:3333`. */
export const poolName = (url: string | null): string =>
  url?.replace(/^[a-z0-9+.-]+:\/\//i, '').replace(/\/$/, '') ?? '–';

/** Its host alone, where room is short. */
export const poolHost = (url: string | null): string => poolName(url).replace(/:\d+$/, '');
