import type { Remembered } from '@headframe/client';

/*
 * What is said between a test and the two programs that it starts in network namespaces: one that is the miners, one that is
 * the technician's computer. Lines of JSON on standard input and output.
 */

/** A machine as the miners' computer serves it. */
export interface PlacedMachine {
  readonly address: string;
  readonly family: string;
  readonly profile: string;
  readonly seed: number;
  readonly uptimeMs: number;
}

/** What the technician examines, with what is known from before. */
export interface Errand {
  readonly address: string;
  readonly family: string;
  /** What the pool says of its worker, over HTTP on loopback; null: nobody asks it. */
  readonly pool: 'fresh' | 'gone' | null;
  readonly remembered?: Partial<Remembered>;
  readonly expectedMac?: string;
  /** Other daemons to ask. */
  readonly vantage?: readonly string[];
}

/** What the technician's computer prints for each. */
export interface Finding {
  readonly address: string;
  readonly family: string;
  readonly code: string;
  readonly confidence: number;
  readonly sentence: string;
  readonly urgency: string;
  readonly others: readonly string[];
  readonly evidence: readonly string[];
  readonly ms: number;
}
