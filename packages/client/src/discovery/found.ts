import type { ErrorCode, Identity, Protocol } from '@headframe/model';
import type { Ports } from '../ports.ts';

/** One thing that was tried at a port, and what came of it. */
export interface ProbeEvidence {
  readonly port: number;
  /** Null: the connection attempt itself. */
  readonly over: Protocol | null;
  /** The command or the path; `connect` for the attempt. */
  readonly ask: string;
  /** Why there is no answer, or what the answer refuses; null where all is well. */
  readonly code: ErrorCode | null;
  /** What it said, in short and printable; null where it said nothing. */
  readonly said: string | null;
}

/**
 * `miner`: a family knows it and can read it. `needs-credentials`: it answers and wants a password that is not known.
 * `not-a-miner`: known by its own words as something else. `unknown`: it answers, and we do not know what it is, or it
 * is a miner that no family supports yet (`what` then names it).
 */
export type FoundKind = 'miner' | 'needs-credentials' | 'not-a-miner' | 'unknown';

/** What answered at one address. */
export interface Found {
  /** Host, or `host:port` where not the family's own port. */
  readonly address: string;
  readonly host: string;
  readonly kind: FoundKind;
  /** The id of the family, when one knows it. */
  readonly family: string | null;
  readonly identity: Identity | null;
  readonly ports: Ports;
  /** What it is, for a person: `a printer (HP)`, `a Bitaxe (AxeOS); not supported yet`. */
  readonly what: string | null;
  readonly evidence: readonly ProbeEvidence[];
}
