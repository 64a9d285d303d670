/*
 * What neither protocols.md 9 nor the published source of DCENT_OS says. A machine that does otherwise is shown as idle,
 * or its read-back does not show the change.
 */

export const ASSUMED = {
  /** The `status` of a hashboard in STATS while the machine sleeps: the source has the state, not the word. */
  asleep: /sleep|curtail/i,
  /** A machine that sleeps has stopped hashing within this, and one that wakes hashes: wake ramps for 60 s, ms. */
  sleepMs: 120_000,
  wakeMs: 600_000,
  /** `Elapsed` counts from the start of the mining program, so that its restart shows. */
  restartMs: 600_000,
} as const;
