import { ASSUMED } from './sim-assumed.ts';
import type { BraiinsMachine } from './sim-machine.ts';

/** Seconds until a part of the work is burned for want of a licence; 0 when it is so already. */
export function restrictedInS({ has, run }: BraiinsMachine, now: number): number {
  const s = run.elapsedS(now);
  if (has('unlicensed')) return Math.max(0, Math.ceil(ASSUMED.unlicensedS - s));
  return ASSUMED.licensedS - Math.floor(s % ASSUMED.licensedS);
}

export const isRestricted = (machine: BraiinsMachine, now: number): boolean =>
  machine.has('unlicensed') && restrictedInS(machine, now) === 0;
