import type { MinerRow } from '@headframe/api';
import type { Severity } from '@headframe/model';

/*
 * The order of the table. It does not follow every reading: rows would swap places all the time. It is made anew when
 * the person asks for it, when machines come or go, and, with the sick first, when one falls ill or gets well.
 */

export const SORT_KEYS = [
  'sick',
  'state',
  'model',
  'firmware',
  'address',
  'hashrate',
  'nominal',
  'board',
  'chip',
  'power',
  'pool',
  'worker',
  'age',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
  readonly by: SortKey;
  readonly descending: boolean;
}

export const SICK_FIRST: Sort = { by: 'sick', descending: false };

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Remarks are no sickness: paused machines and single lost polls stand among the well ones. */
const RANKS: Record<Severity, number> = { info: 0, warning: 1, error: 2, critical: 3 };

const severityRank = ({ severity }: MinerRow): number => (severity === null ? 0 : RANKS[severity]);

const VALUES: Record<Exclude<SortKey, 'sick'>, (row: MinerRow) => string | number | null> = {
  state: (row) => (row.link === 'ok' ? row.state : row.link),
  model: (row) => row.model,
  firmware: (row) => row.firmware,
  address: (row) => row.address,
  hashrate: (row) => row.hashrateHs,
  nominal: (row) => row.nominalHs,
  board: (row) => row.boardTempMaxC,
  chip: (row) => row.chipTempMaxC,
  power: (row) => row.powerW,
  pool: (row) => row.pool,
  worker: (row) => row.worker,
  // The oldest answer is the smallest time: ascending shows the freshest first.
  age: (row) => (row.lastAnswerAt === null ? null : -row.lastAnswerAt),
};

/** The ids in order. Unknown values come last either way; equals by address. */
export function sortIds(rows: Iterable<MinerRow>, { by, descending }: Sort): string[] {
  const byAddress = (a: MinerRow, b: MinerRow) => collator.compare(a.address, b.address);
  const value = by === 'sick' ? null : VALUES[by];
  const compare = (a: MinerRow, b: MinerRow): number => {
    if (value === null) return severityRank(b) - severityRank(a) || byAddress(a, b);
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || byAddress(a, b);
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : collator.compare(String(left), String(right));
    return (descending ? -order : order) || byAddress(a, b);
  };
  return [...rows].sort(compare).map(({ id }) => id);
}

/** Changes exactly when the order must be made anew without being asked for. */
export function orderSignature(rows: Iterable<MinerRow>, { by, descending }: Sort): string {
  let signature = `${by} ${descending}`;
  for (const row of rows) signature += by === 'sick' ? ` ${row.id}:${severityRank(row)}` : ` ${row.id}`;
  return signature;
}
