import type { ServerResponse } from 'node:http';
import { encodeEvent, type FleetTotals, HEARTBEAT, type MinerRow } from '@headframe/api';
import type { ChangeLog } from '../domain/changes.ts';
import type { Clock } from '../ports.ts';

/** Changes are gathered for this long: a row that changed twice is sent once. */
const GATHER_MS = 500;
/** Proxies close what is quiet for a minute or less. */
const HEARTBEAT_MS = 15_000;

export interface EventStreamParts {
  readonly clock: Clock;
  readonly changes: ChangeLog;
  readonly row: (id: string) => MinerRow | undefined;
  readonly rows: () => Iterable<MinerRow>;
  readonly totals: () => FleetTotals;
  /** Tells the positions of this run of the daemon from those of another. */
  readonly epoch: string;
}

interface Listener {
  readonly out: ServerResponse;
  position: number;
  /** The connection takes no more for now. What changes meanwhile is one batch when it does again. */
  full: boolean;
  lastWriteAt: number;
}

/** Everybody who listens to changes. Holds nothing for a slow listener but the position where it stands. */
export class EventStream {
  readonly #parts: EventStreamParts;
  readonly #listeners = new Set<Listener>();
  #cancelTimer: (() => void) | null = null;

  constructor(parts: EventStreamParts) {
    this.#parts = parts;
  }

  /** The id of everything up to now. */
  get eventId(): string {
    return this.#idOf(this.#parts.changes.position);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /**
   * Serves a listener from here on until it leaves. The head of the reply has been written.
   * @param after the event id that it has seen last
   */
  open(out: ServerResponse, after: string | null): void {
    const { changes, clock } = this.#parts;
    const from = after === null ? null : this.#positionOf(after);
    const known = from !== null && changes.since(from) !== null;
    const listener: Listener = {
      out,
      position: known ? from : changes.position,
      full: false,
      lastWriteAt: clock.monotonic(),
    };
    this.#listeners.add(listener);
    out.on('close', () => this.#listeners.delete(listener));
    out.on('drain', () => {
      listener.full = false;
      this.#serve(listener, new Map());
    });
    if (known) this.#serve(listener, new Map());
    else this.#write(listener, this.#everything());
    this.#arm();
  }

  close(): void {
    this.#cancelTimer?.();
    for (const { out } of this.#listeners) out.end();
    this.#listeners.clear();
  }

  #arm(): void {
    if (this.#cancelTimer !== null || this.#listeners.size === 0) return;
    this.#cancelTimer = this.#parts.clock.after(GATHER_MS, () => {
      this.#cancelTimer = null;
      const batches = new Map<number, string>();
      for (const listener of this.#listeners) this.#serve(listener, batches);
      this.#arm();
    });
  }

  /** @param batches those made in this round already, by the position they start from: most listeners share one */
  #serve(listener: Listener, batches: Map<number, string>): void {
    const { changes, clock } = this.#parts;
    if (listener.full) return;
    if (listener.position === changes.position) {
      if (clock.monotonic() - listener.lastWriteAt >= HEARTBEAT_MS) this.#write(listener, HEARTBEAT);
      return;
    }
    const batch = batches.get(listener.position) ?? this.#since(listener.position);
    batches.set(listener.position, batch);
    listener.position = changes.position;
    this.#write(listener, batch);
  }

  #write(listener: Listener, text: string): void {
    listener.lastWriteAt = this.#parts.clock.monotonic();
    if (!listener.out.write(text)) listener.full = true;
  }

  #since(position: number): string {
    const missed = this.#parts.changes.since(position);
    if (missed === null) return this.#everything();
    let batch = '';
    for (const id of missed.removed) batch += encodeEvent('removed', { id });
    for (const id of missed.changed) {
      const row = this.#parts.row(id);
      if (row !== undefined) batch += encodeEvent('miner', row);
    }
    return batch + this.#closing();
  }

  #everything(): string {
    let batch = encodeEvent('reset', {});
    for (const row of this.#parts.rows()) batch += encodeEvent('miner', row);
    return batch + this.#closing();
  }

  /** The end of a batch, with the id that says it came whole. */
  #closing(): string {
    return encodeEvent('fleet', this.#parts.totals(), this.eventId);
  }

  #idOf(position: number): string {
    return `${this.#parts.epoch}-${position}`;
  }

  #positionOf(id: string): number | null {
    const [epoch, position, rest] = id.split('-');
    if (epoch !== this.#parts.epoch || position === undefined || rest !== undefined) return null;
    return /^\d{1,15}$/.test(position) ? Number(position) : null;
  }
}
