import type { ApiRecord } from './program.ts';
import { bool, difficulty, elapsed, int, seconds, text } from './values.ts';

/*
 * The records of STATS that every cgminer-like program prints alike (`protocols.md` 1.5).
 */

/** `Min` of statistics that have none yet (`protocols.md` 1.3). */
const UNSET = 99_999_999;

/** What every STATS record begins with. No getwork is asked of a Stratum pool: its counts stay empty. */
export const statsHead = (number: number, id: string, elapsedS: number): ApiRecord => [
  ['STATS', int(number)],
  ['ID', text(id)],
  ['Elapsed', elapsed(elapsedS)],
  ['Calls', int(0)],
  ['Wait', seconds(0)],
  ['Max', seconds(0)],
  ['Min', seconds(UNSET)],
];

/** What went over the connection to a pool, in one direction. */
export interface PoolTraffic {
  readonly times: number;
  readonly bytes: number;
}

export interface PoolStatistics {
  /** `STATS`, counted over devices and pools. */
  readonly number: number;
  /** The pool's number. */
  readonly pool: number;
  readonly elapsedS: number;
  /** Difficulty that the pool asks for; 0 when it was never used. */
  readonly difficulty: number;
  /** How many pieces of work had the lowest and the highest difficulty that it asked for. */
  readonly works: { readonly min: number; readonly max: number };
  readonly sent: PoolTraffic;
  readonly received: PoolTraffic;
}

/** STATS of a Stratum pool. */
export const poolStatsRecord = (pool: PoolStatistics): ApiRecord => [
  ...statsHead(pool.number, `POOL${pool.pool}`, pool.elapsedS),
  ['Pool Calls', int(0)],
  ['Pool Attempts', int(0)],
  ['Pool Wait', seconds(0)],
  ['Pool Max', seconds(0)],
  ['Pool Min', seconds(UNSET)],
  ['Pool Av', seconds(0)],
  ['Work Had Roll Time', bool(false)],
  ['Work Can Roll', bool(false)],
  ['Work Had Expire', bool(false)],
  ['Work Roll Time', int(0)],
  ['Work Diff', difficulty(pool.difficulty)],
  ['Min Diff', difficulty(pool.difficulty)],
  ['Max Diff', difficulty(pool.difficulty)],
  ['Min Diff Count', int(pool.works.min)],
  ['Max Diff Count', int(pool.works.max)],
  ['Times Sent', int(pool.sent.times)],
  ['Bytes Sent', int(pool.sent.bytes)],
  ['Times Recv', int(pool.received.times)],
  ['Bytes Recv', int(pool.received.bytes)],
  ['Net Bytes Sent', int(pool.sent.bytes)],
  ['Net Bytes Recv', int(pool.received.bytes)],
];
