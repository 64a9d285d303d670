import type { FleetTotals, MinerList, MinerRow } from '@headframe/api';

/** The fleet as the page knows it. Rows that did not change stay the same objects, so that nothing redraws them. */
export interface FleetView {
  readonly rows: ReadonlyMap<string, MinerRow>;
  readonly totals: FleetTotals;
  /** The daemon's clock minus this computer's, ms: ages are told by the daemon's. */
  readonly skewMs: number;
}

/** What one event of the stream changes. */
export type RowChange =
  | { readonly kind: 'reset' }
  | { readonly kind: 'miner'; readonly row: MinerRow }
  | { readonly kind: 'removed'; readonly id: string };

/** @param now this computer's clock, epoch ms, here and below */
export function viewOf({ miners, totals, at }: MinerList, now: number): FleetView {
  return { rows: new Map(miners.map((row) => [row.id, row])), totals, skewMs: at - now };
}

/** The view after a whole batch of the stream: rows and totals of one moment. */
export function afterBatch(
  view: FleetView,
  changes: readonly RowChange[],
  totals: FleetTotals,
  now: number,
): FleetView {
  const rows = new Map(view.rows);
  for (const change of changes) {
    if (change.kind === 'reset') rows.clear();
    else if (change.kind === 'removed') rows.delete(change.id);
    else rows.set(change.row.id, change.row);
  }
  return { rows, totals, skewMs: totals.at - now };
}
