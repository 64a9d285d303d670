import type { FamilySimulator } from './device.ts';

export * from './device.ts';

/** The simulated side of every family, one line each, in the order of `registry.ts`. */
export const simulators: readonly FamilySimulator[] = [];
