import type { Clock, Links } from '@headframe/model';
import type { CallOptions } from '../call-options.ts';

/** Where the keys of open sessions are kept, so that one that a crash left open can be closed by the next run. */
export interface SessionStore {
  readonly recall: (address: string) => string | null;
  /** @param key null: it was closed */
  readonly remember: (address: string, key: string | null) => void;
}

/** What running an action needs of a machine. Each talk is a turn of its own in the queue of the host. */
export interface Conversation {
  readonly address: string;
  readonly clock: Clock;
  readonly sessions: SessionStore;
  /** Rejects with `link/cancelled` when the signal comes first. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly withLinks: <T>(options: CallOptions, talk: (links: Links) => Promise<T>) => Promise<T>;
}
