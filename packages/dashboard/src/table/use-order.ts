import type { MinerRow } from '@headframe/api';
import { useRef } from 'react';
import { orderSignature, type Sort, sortIds } from '../data/order.ts';

/** The rows in an order that stays as it is while only readings change. */
export function useOrder(rows: readonly MinerRow[], sort: Sort): MinerRow[] {
  const kept = useRef<{ signature: string; ids: string[] }>({ signature: '', ids: [] });
  const signature = orderSignature(rows, sort);
  if (kept.current.signature !== signature) kept.current = { signature, ids: sortIds(rows, sort) };
  const byId = new Map(rows.map((row) => [row.id, row]));
  return kept.current.ids.flatMap((id) => byId.get(id) ?? []);
}
