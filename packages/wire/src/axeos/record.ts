import {
  blankFan,
  blankPool,
  efficiencyJTh,
  type Fan,
  GH,
  type HashrateWindow,
  MH,
  type Pool,
  type Shares,
} from '@headframe/model';
import { type Fields, positive } from '../json/index.ts';
import { difficultyOf } from './difficulty.ts';

/* What the records of AxeOS and of its branch have in common (protocols.md 6.3, 6.6): GH/s, mV, mA, W. */

/** What `feeds` of either family says of `info`: its one reply carries nearly everything. */
export const INFO_FEEDS: readonly string[] = [
  '/identity/model',
  '/identity/firmwareVersion',
  '/identity/mac',
  '/identity/hostname',
  '/identity/algorithm',
  '/state',
  '/minerUptimeS',
  '/systemUptimeS',
  '/hashrate/currentHs',
  '/hashrate/nominalHs',
  '/powerW',
  '/powerBasis',
  '/efficiencyJTh',
  '/wifiRssiDbm',
  '/hashboards',
  '/fans',
  '/psu',
  '/pools',
  '/shares/accepted',
  '/shares/rejected',
  '/shares/sessionBestDifficulty',
  '/shares/bestDifficulty',
];

/** Volts of a field in mV. Divided: 1144 mV are 1.144 V, and not the nearest product of two binary fractions. */
export const voltsIn = (info: Fields, name: string): number | null => {
  const millivolts = info.num(name);
  return millivolts === null ? null : millivolts / 1000;
};

const WINDOWS: readonly (readonly [seconds: number, key: string])[] = [
  [60, 'hashRate_1m'],
  [600, 'hashRate_10m'],
  [3_600, 'hashRate_1h'],
  [86_400, 'hashRate_1d'],
];

/** The windows that this release has. */
export const windowsOf = (info: Fields): HashrateWindow[] =>
  WINDOWS.flatMap(([seconds, key]) => {
    const hs = info.num(key, GH);
    return hs === null ? [] : [{ seconds, hs }];
  });

/** A device may claim anything: what overflows is no reading. */
const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

/** Where it says no nominal rate: cores times chips times MHz, which is AxeOS's own formula from v2.8 on. */
export function reckonedHs(info: Fields, chips: number | null): number | null {
  const cores = positive(info.num('smallCoreCount'));
  const mhz = positive(info.num('frequency'));
  return cores === null || mhz === null || chips === null ? null : finite(Math.round(cores * chips * mhz * MH));
}

export const efficiencyOf = (powerW: number | null, currentHs: number | null): number | null =>
  finite(efficiencyJTh(positive(powerW), currentHs));

/** Stale shares are among the rejected ones, under the pool's own words. */
export const sharesOf = (info: Fields): Shares => ({
  accepted: info.int('sharesAccepted'),
  rejected: info.int('sharesRejected'),
  stale: null,
  sessionBestDifficulty: difficultyOf(info.raw('bestSessionDiff')),
  bestDifficulty: difficultyOf(info.raw('bestDiff')),
});

export const fanOf = (slot: number, rpm: number | null, percent: number | null): Fan => ({
  ...blankFan(slot),
  rpm,
  percent,
});

/** `10:F5:12:33:BB:F0`. */
export const macOf = (info: Fields): string | null => info.str('macAddr')?.toLowerCase().replaceAll('-', ':') ?? null;

/** Highest of some sensors; -1 and 0 are none. */
export function hottest(...readings: readonly (number | null)[]): number | null {
  const there = readings.map(positive).filter((reading) => reading !== null);
  return there.length === 0 ? null : Math.max(...there);
}

export interface StoredPool {
  readonly host: string | null;
  readonly port: number | null;
  readonly worker: string | null;
  readonly tls?: boolean;
  /** Stratum V2, with the key of the pool where one is set. */
  readonly v2?: { readonly key: string | null };
}

/**
 * A pool as people write it. The device keeps the host and the port apart, the host without a scheme as its own page sets
 * it, and with one when it was told one (protocols.md 6.4, 11). Null: no pool is set there.
 */
export function poolOf(index: number, { host, port, worker, tls = false, v2 }: StoredPool): Pool | null {
  if (host === null) return null;
  const scheme = v2 !== undefined ? 'stratum2+tcp' : tls ? 'stratum+ssl' : 'stratum+tcp';
  const full = host.includes('://') ? host : `${scheme}://${host}`;
  const at = port === null || /:\d+$/.test(full) ? full : `${full}:${port}`;
  return { ...blankPool(index), url: v2?.key == null ? at : `${at}/${v2.key}`, worker };
}

/** Of the primary pool and the fallback, by the flat keys of all releases before the pool list. */
export const storedPool = (info: Fields, which: 'primary' | 'fallback'): StoredPool => {
  const key = (name: string) =>
    which === 'primary' ? name : `fallback${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return {
    host: info.str(key('stratumURL')),
    port: info.int(key('stratumPort')),
    worker: info.str(key('stratumUser')),
    tls: (info.int(key('stratumTLS')) ?? Number(info.bool(key('stratumTLS')) ?? 0)) > 0,
  };
};
