/**
 * What can be wrong with a simulated machine: quirk switches that a profile takes into its `quirks`
 * (`quirks: { ...CONDITIONS, ... }`), off by default. A farm switches one on in a few of its machines.
 */
export const CONDITIONS = {
  'dead-board': { does: 'The last hashboard does not answer and does not hash', on: false },
  'stalled-fan': { does: 'The first fan stands still', on: false },
  'dead-pool': { does: 'The first pool is dead from the start', on: false },
  asleep: { does: 'The machine was put to sleep (or to its idle mode) before it was asked first', on: false },
} as const;

export type Condition = keyof typeof CONDITIONS;
