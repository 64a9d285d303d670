import type { WorkDone } from './device.ts';
import type { MiningSession } from './physics.ts';

/*
 * What a machine has done for its pools, from the counters that it tells of itself: both sides agree because they are one.
 */

/** What `hashrateHs` looks back on: long enough for a share to be there, short enough to show a stop. */
const WINDOW_MS = 600_000;
const HASHES_PER_DIFFICULTY = 2 ** 32;

/** A pool with what was counted for it in one run of the mining program, whether or not it is still in use. */
export interface CountedPool {
  readonly url: string;
  readonly worker: string;
  /** Of its shares, in units of 2^32 hashes. */
  readonly difficulty: number;
  /** Until a time. They never fall within a run. */
  readonly shares: (at: number) => { readonly accepted: number; readonly rejected: number };
  /** The last accepted one until a time, epoch ms. */
  readonly lastShareAt: (at: number) => number | null;
}

/** When the run of the mining program began that counted, and when it ended, epoch ms. */
export interface CountedRun {
  readonly startedAt: number;
  /** Left out while it goes on. */
  readonly endedAt?: number | null;
}

/** The pools of one run that got a share. */
export function workDone(now: number, run: CountedRun, pools: Iterable<CountedPool>): WorkDone[] {
  const until = (at: number): number => Math.min(at, run.endedAt ?? at);
  const from = Math.max(run.startedAt, now - WINDOW_MS);
  const done: WorkDone[] = [];
  for (const { url, worker, difficulty, shares, lastShareAt } of pools) {
    const { accepted, rejected } = shares(until(now));
    if (accepted + rejected === 0) continue;
    const lately = from < now ? (accepted - shares(until(from)).accepted) / ((now - from) / 1000) : 0;
    const counts = Number.isFinite(difficulty);
    done.push({
      url,
      worker,
      accepted,
      rejected,
      difficulty: counts ? difficulty : null,
      lastShareAt: lastShareAt(until(now)),
      hashrateHs: counts ? lately * difficulty * HASHES_PER_DIFFICULTY : 0,
    });
  }
  return done;
}

/** A pool as a session of the physics knows it. */
export interface SessionPoolName extends Pick<CountedPool, 'url' | 'worker' | 'difficulty'> {
  /** Its id in the session. */
  readonly pool: number;
}

/** The work of a machine whose counters are those of one session. */
export function sessionWork(
  now: number,
  session: MiningSession,
  pools: readonly SessionPoolName[],
  {
    endedAt = null,
    staleIsRejected = false,
  }: { readonly endedAt?: number | null; readonly staleIsRejected?: boolean } = {},
): WorkDone[] {
  const counted = pools.map(({ pool, ...name }) => ({
    ...name,
    shares: (at: number) => {
      const { accepted, rejected, stale } = session.shares(at, { pool });
      return { accepted, rejected: rejected + (staleIsRejected ? stale : 0) };
    },
    lastShareAt: (at: number) => session.lastShareAt(at, { pool }),
  }));
  return workDone(now, { startedAt: session.plan.startedAt, endedAt }, counted);
}
