import type { WhatsminerUnit } from './sim-unit.ts';

/** Something that the machine complains about (protocols.md 3.4, error codes by prefix). */
export interface Complaint {
  readonly code: number;
  /** In the words of the newer API's `reason`. */
  readonly reason: string;
  /** Epoch ms. */
  readonly at: number;
}

/** Hashboards are looked for, and pools tried, this long before a complaint. */
const SEEN_AFTER_MS = 20_000;

/** What it complains about now, in the order of the codes. */
export function complaintsOf(unit: WhatsminerUnit, now: number): readonly Complaint[] {
  const { run } = unit;
  if (run === null) return [];
  const at = run.plan.startedAt + SEEN_AFTER_MS;
  if (now < at) return [];
  const mining = run.offSince === null;
  const [firstPool] = run.pools;
  const poolDead = firstPool !== undefined && mining && !run.session.poolAlive(now, firstPool.id);
  const slot = unit.plan.boards - 1;
  return [
    ...(unit.isOn('stalled-fan') && mining ? [{ code: 110, reason: 'Fan in speed error.', at }] : []),
    ...(unit.isOn('dead-board') ? [{ code: 530 + slot, reason: `Slot${slot} not found.`, at }] : []),
    ...(poolDead ? [{ code: 2020, reason: 'Pool 0 connect failed.', at }] : []),
  ];
}
