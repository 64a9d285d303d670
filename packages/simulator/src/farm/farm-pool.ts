import type { WorkDone } from '@headframe/families/sim';
import type { Clock } from '@headframe/model';
import type { PoolFault } from '../pools/faults.ts';
import type { PoolKind } from '../pools/kinds.ts';
import type { Working } from '../pools/ledger.ts';
import type { Pool } from '../pools/start-pool.ts';
import type { ShareWorker } from './orders.ts';

/** A pool that all machines of a farm work for. */
export interface FarmPool {
  readonly kind: PoolKind;
  /** Any free one when left out. */
  readonly port?: number;
  readonly faults?: readonly PoolFault[];
}

/** Its machines live in other processes: they are asked at most so often. */
const LEAST_MS = 1000;

/**
 * @param count machines of all workers together
 * @throws HeadframeError as `startPool` does
 */
export async function startFarmPool(
  pool: FarmPool,
  address: string,
  clock: Clock,
  workers: readonly ShareWorker[],
  count: number,
): Promise<Pool> {
  // Loaded where it is wanted: it brings an HTTP server.
  const { startPool } = await import('../pools/start-pool.ts');
  return startPool({ ...pool, address, clock, machines: machinesOf(workers, count) });
}

function machinesOf(workers: readonly ShareWorker[], count: number): (at: number) => Promise<readonly Working[]> {
  let asked = Number.NEGATIVE_INFINITY;
  let work: readonly (readonly WorkDone[])[] = [];
  const machines = Array.from({ length: count }, (_, i): Working => ({ work: () => work[i] ?? [] }));
  return async (at) => {
    if (at - asked >= LEAST_MS) {
      work = (await Promise.all(workers.map((worker) => worker.work(at)))).flat();
      asked = at;
    }
    return machines;
  };
}
