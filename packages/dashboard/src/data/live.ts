import { createApiClient, type FleetTotals, type MinerRow, type StreamEvents } from '@headframe/api';
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { afterBatch, type FleetView, type RowChange, viewOf } from './fleet-view.ts';
import { remember } from './history.ts';

export const api = createApiClient('');

/** A stream that the browser gave up on is opened again after this. */
const REOPEN_MS = 3_000;

/** All rows, asked once; from then on the stream keeps them up to date. */
const fleetQuery = queryOptions({
  queryKey: ['fleet'],
  queryFn: async ({ signal }): Promise<FleetView & { eventId: string }> => {
    const list = await api.miners({ signal });
    const now = Date.now();
    remember(list.miners, now);
    return { ...viewOf(list, now), eventId: list.eventId };
  },
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  retry: true,
  retryDelay: REOPEN_MS,
});

/** Everything known of one machine. Asked again whenever its row changed. */
export const minerQuery = (id: string) =>
  queryOptions({
    queryKey: ['miner', id],
    queryFn: ({ signal }) => api.miner(id, { signal }),
    retry: false,
  });

export interface Live {
  readonly view: FleetView | undefined;
  readonly failed: boolean;
  /** When the stream was lost, by this computer's clock; null while it is there. */
  readonly lostAt: number | null;
}

/** The fleet, kept up to date. Used once, at the root: it holds the only stream. */
export function useLiveFleet(): Live {
  const client = useQueryClient();
  const { data, failureCount } = useQuery(fleetQuery);
  const [lostAt, setLostAt] = useState<number | null>(null);
  const start = data?.eventId;
  useEffect(() => {
    if (start === undefined) return;
    return follow(start, client, (isThere) => setLostAt((before) => (isThere ? null : (before ?? Date.now()))));
  }, [start, client]);
  return { view: data, failed: failureCount > 0, lostAt };
}

/** The fleet for everybody below the root. */
export function useFleet(): FleetView | undefined {
  return useQuery({ ...fleetQuery, enabled: false }).data;
}

/** @returns what ends it */
function follow(eventId: string, client: QueryClient, tell: (isThere: boolean) => void): () => void {
  let source: EventSource | null = null;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let batch: RowChange[] = [];
  let last = eventId;

  const on = <N extends keyof StreamEvents>(name: N, take: (data: StreamEvents[N], id: string) => void) => {
    source?.addEventListener(name, (event) => take(JSON.parse(event.data), event.lastEventId));
  };
  const open = () => {
    batch = [];
    source = new EventSource(api.streamUrl(last));
    source.addEventListener('open', () => tell(true));
    source.addEventListener('error', () => {
      tell(false);
      batch = [];
      if (source?.readyState !== EventSource.CLOSED) return;
      reopen = setTimeout(open, REOPEN_MS);
    });
    on('reset', () => {
      batch = [{ kind: 'reset' }];
    });
    on('miner', (row) => batch.push({ kind: 'miner', row }));
    on('removed', ({ id }) => batch.push({ kind: 'removed', id }));
    on('fleet', (totals, id) => {
      last = id;
      const changes = batch;
      batch = [];
      apply(client, changes, totals);
    });
  };
  open();
  return () => {
    clearTimeout(reopen);
    source?.close();
  };
}

function apply(client: QueryClient, changes: readonly RowChange[], totals: FleetTotals): void {
  const now = Date.now();
  const rows: MinerRow[] = changes.flatMap((change) => (change.kind === 'miner' ? [change.row] : []));
  remember(rows, totals.at);
  client.setQueryData(fleetQuery.queryKey, (view) => view && { ...view, ...afterBatch(view, changes, totals, now) });
  for (const { id } of rows) void client.invalidateQueries({ queryKey: minerQuery(id).queryKey });
}
