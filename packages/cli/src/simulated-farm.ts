import type { Target } from '@headframe/fleet';

/** Machines that are simulated in processes of their own. */
export interface SimulatedFarm {
  readonly machines: readonly Target[];
  /** Resolves when they are gone without having been asked to be. */
  readonly lost: Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts simulated machines and waits until all of them listen. They live by a channel to this process: when it is gone,
 * however it ended, they go too.
 * @throws HeadframeError as `startFarm`
 */
export async function startSimulatedFarm(count: number, seed = 7): Promise<SimulatedFarm> {
  const { startFarm } = await import('@headframe/simulator/farm');
  const { machines, lost, close } = await startFarm({ count, seed });
  return { machines, lost, stop: close };
}
