import type { FleetTotals, MinerRow } from './schemas.ts';

/*
 * The event stream (`text/event-stream`). Events come in batches, and every batch ends with a `fleet` event that has an
 * id. A client that comes back with it as `Last-Event-ID` (browsers do so by themselves) or as `?after=` gets what
 * changed since, each row once in its newest form.
 */

export interface StreamEvents {
  /** The ids before are from another run of the daemon: forget all rows, all of them follow. */
  reset: Record<string, never>;
  /** A row that is new or changed. */
  miner: MinerRow;
  removed: { id: string };
  fleet: FleetTotals;
}

export type StreamEventName = keyof StreamEvents;

export const STREAM_EVENTS = ['reset', 'miner', 'removed', 'fleet'] as const satisfies readonly StreamEventName[];

/** A comment that keeps proxies from closing a quiet stream. */
export const HEARTBEAT = ': still here\n\n';

/**
 * One event as it goes over the wire. JSON has no line feed of its own, so one `data` line is enough.
 * @param id only on the last event of a batch: a client that lost the connection in the middle gets the batch again
 */
export function encodeEvent<N extends StreamEventName>(name: N, data: StreamEvents[N], id?: string): string {
  return `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}
