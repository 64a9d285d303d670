import type { Clock, Links } from '@headframe/model';
import type { CallOptions } from '../miner.ts';

/** What running an action needs of a machine. Each talk is a turn of its own in the queue of the host. */
export interface Conversation {
  readonly address: string;
  readonly clock: Clock;
  /** Rejects with `link/cancelled` when the signal comes first. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly withLinks: <T>(options: CallOptions, talk: (links: Links) => Promise<T>) => Promise<T>;
}
