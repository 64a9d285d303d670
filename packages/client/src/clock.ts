import type { Clock } from '@headframe/model';

/** The time of this computer. */
export const systemClock: Clock = { now: () => Date.now() };
