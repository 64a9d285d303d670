import {
  blankPool,
  GH,
  type HashrateWindow,
  KH,
  MH,
  type Pool,
  type PoolState,
  type Shares,
  TH,
} from '@headframe/model';
import { type Fields, positive } from '../json/index.ts';

/*
 * What the records of cgminer's API mean, wherever they come from: cgminer, its forks, and the firmware that speaks
 * like it (protocols.md 1.5, 2.1, 8). What only one family does stands in that family.
 */

/** What a family's `feeds` says of SUMMARY: the values that only this reply carries in every dialect. */
export const SUMMARY_FEEDS: readonly string[] = [
  '/minerUptimeS',
  '/hashrate/currentHs',
  '/hashrate/averageHs',
  '/hashrate/windows',
  '/shares/accepted',
  '/shares/rejected',
  '/shares/stale',
  '/shares/sessionBestDifficulty',
  '/hardwareErrors',
];

const POOL_STATES: ReadonlyMap<string, PoolState> = new Map([
  ['alive', 'alive'],
  ['dead', 'dead'],
  ['disabled', 'disabled'],
  ['rejecting', 'rejecting'],
]);

/**
 * One record of POOLS. The last share is left to the caller: its form differs most (`last-share.ts`).
 * The record's `Password`, where one is sent, is not looked at.
 */
export function poolFrom(record: Fields, position: number): Pool {
  // Filled in place: this is made for every pool at every poll.
  const pool = blankPool(record.int('POOL') ?? position);
  pool.url = record.str('URL');
  pool.worker = record.str('User');
  pool.status = POOL_STATES.get(record.str('Status')?.toLowerCase() ?? '') ?? 'unknown';
  pool.active = record.bool('Stratum Active');
  pool.priority = record.int('Priority');
  pool.accepted = record.int('Accepted');
  pool.rejected = record.int('Rejected');
  pool.stale = record.int('Stale');
  // A standby pool shows difficulty 0 until it has had a job: that is "none yet", not a difficulty.
  pool.difficulty =
    positive(record.num('Stratum Difficulty')) ??
    positive(record.num('Work Difficulty')) ??
    positive(record.num('Last Share Difficulty'));
  return pool;
}

/** The counters of SUMMARY. `Best Share` counts since the process started (snapshot.md). */
export function sharesFrom(summary: Fields): Shares {
  return {
    accepted: summary.int('Accepted'),
    rejected: summary.int('Rejected'),
    stale: summary.int('Stale'),
    sessionBestDifficulty: summary.num('Best Share'),
    bestDifficulty: null,
  };
}

const RATE_KEY = /^([KMGT])HS (\d+)([smhd])$/;
const FACTOR: Readonly<Record<string, number>> = { K: KH, M: MH, G: GH, T: TH };
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Every window that a record reports (`MHS 5s`, `GHS 30m`, `GHS 24h`), shortest first, in H/s.
 * The first is the shortest honest window; the name's number is the log interval of the program (protocols.md 1.5).
 */
export function hashrateWindows(record: Fields): HashrateWindow[] {
  const windows: HashrateWindow[] = [];
  for (const key of record.keys()) {
    const match = RATE_KEY.exec(key);
    if (match === null) continue;
    const [, unit = '', count = '', span = ''] = match;
    const hs = record.num(key, FACTOR[unit] ?? 1);
    if (hs !== null) windows.push({ seconds: Number(count) * (SECONDS[span] ?? 1), hs });
  }
  return windows.sort((a, b) => a.seconds - b.seconds);
}

/** The average since the mining process started (`MHS av`, `GHS av`), in H/s. */
export function averageHashrate(record: Fields): number | null {
  for (const [unit, factor] of Object.entries(FACTOR)) {
    const hs = record.num(`${unit}HS av`, factor);
    if (hs !== null) return hs;
  }
  return null;
}
