import type { Diagnosis } from '@headframe/diagnosis';
import type { History, Protocol, Snapshot, Subject, Clock as WallClock } from '@headframe/model';

/** Time, injected: the domain never looks at a clock of its own. */
export interface Clock extends WallClock {
  /** Milliseconds that only grow, whatever happens to the wall clock. */
  monotonic(): number;
  /** Calls back once. @returns what cancels it */
  after(ms: number, call: () => void): () => void;
}

/** A machine as it was made known: where it is, and what is said of it before it was asked. */
export interface Target {
  /** Host or IP address, without a port. */
  readonly address: string;
  /** The ports that are open, where they are known; else the family's own. */
  readonly ports: Readonly<Partial<Record<Protocol, number>>>;
  readonly family: string | null;
  readonly make?: string;
  readonly model?: string;
  readonly firmware?: string;
  readonly simulated?: boolean;
}

/** Reads one machine. One conversation at a time per machine is kept by the caller. */
export interface Poller {
  /**
   * Rejects with a HeadframeError. Ends soon after the signal aborts.
   * @param signal aborts at the deadline of the poll, and when the daemon stops
   */
  poll(target: Target, signal: AbortSignal): Promise<Snapshot>;
  /** Drops what is remembered of a machine: the next poll asks again who it is. */
  forget(target: Target): void;
}

/** What the fleet knows of a machine from before. */
export interface Past extends History {
  readonly subject: Pick<Subject, 'family' | 'make' | 'model' | 'firmware'>;
  /** Where it is polled. */
  readonly ports: Target['ports'];
  /** What it called itself at its pool. */
  readonly worker: string | null;
}

/** Says why a machine does not answer. */
export interface Doctor {
  /**
   * Rejects with a HeadframeError. Ends soon after the signal aborts.
   * @param past null: it is none of the fleet, and is shown no password
   */
  examine(address: string, past: Past | null, signal: AbortSignal): Promise<Diagnosis>;
}

/** What a scan found. */
export type ScanEvent =
  | { readonly kind: 'miner'; readonly target: Target }
  /** It answers and tells nothing without a password. Without a target: nobody can say what it is. */
  | { readonly kind: 'needs-credentials'; readonly target: Target | null }
  /** Something answers where a machine would, and nobody can read it. */
  | { readonly kind: 'unreadable'; readonly target: Target }
  | { readonly kind: 'other-device' };

export interface ScanWatch {
  readonly signal: AbortSignal;
  /** How many addresses are settled, of how many. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface Scanner {
  scan(ranges: readonly string[], watch: ScanWatch): AsyncIterable<ScanEvent>;
}
