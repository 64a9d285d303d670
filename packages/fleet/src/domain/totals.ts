import { type FleetTotals, LINK_STATES, type MinerRow, type ScanProgress } from '@headframe/api';
import { MACHINE_STATES } from '@headframe/model';
import { isSick } from './reasons.ts';

const zeros = <K extends string>(keys: readonly K[]) =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;

/** The fleet in numbers. Sums are over the machines that answered and said it; a silent one adds nothing. */
export function totalsOf(rows: Iterable<MinerRow>, scan: ScanProgress | null, now: number): FleetTotals {
  const totals: FleetTotals = {
    at: now,
    machines: 0,
    simulated: 0,
    sick: 0,
    byState: zeros(MACHINE_STATES),
    byLink: zeros(LINK_STATES),
    hashrateHs: 0,
    nominalHs: 0,
    powerW: 0,
    powerKnown: 0,
    scan,
  };
  for (const row of rows) {
    totals.machines++;
    if (row.simulated) totals.simulated++;
    if (isSick(row.severity)) totals.sick++;
    totals.byState[row.state]++;
    totals.byLink[row.link]++;
    totals.hashrateHs += row.hashrateHs ?? 0;
    totals.nominalHs += row.nominalHs ?? 0;
    totals.powerW += row.powerW ?? 0;
    if (row.powerW !== null) totals.powerKnown++;
  }
  return totals;
}
