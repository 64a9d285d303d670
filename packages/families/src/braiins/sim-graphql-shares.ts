import type { BraiinsMachine } from './sim-machine.ts';
import type { ShareReading } from './sim-readings.ts';

/** Shares in solutions and in difficulty; a difficulty that changed is not remembered. */
export function sharesInfo({ plan }: BraiinsMachine, { accepted, rejected, stale }: ShareReading) {
  const all = accepted + rejected + stale;
  return {
    acceptedDifficulty: accepted * plan.difficulty,
    acceptedSolutions: accepted,
    rejectedDifficulty: rejected * plan.difficulty,
    rejectedSolutions: rejected,
    rejectedRatio: all === 0 ? 0 : rejected / all,
    staleDifficulty: stale * plan.difficulty,
    staleSolutions: stale,
    staleRatio: all === 0 ? 0 : stale / all,
  };
}

export const poolStatus = (enabled: boolean, alive: boolean): string =>
  enabled ? (alive ? 'ALIVE' : 'DEAD') : 'DISABLED';
