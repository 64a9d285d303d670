import type { PeerName } from './peer-process.ts';
import type { Field } from './readings.ts';

/** Where in the bytes the reason for a disagreement stands. */
export interface Citation {
  /** Whose question: the peer's, or ours where the peer asks nothing that has the value. */
  readonly by: 'peer' | 'ours';
  /** A part of the request. */
  readonly request: string;
  /** A part of the reply to it; what stands around it is shown. */
  readonly reply: string;
}

/** Why a peer and we differ, known and looked at. It must be true of everything that it names: otherwise it is stale. */
export interface Explanation {
  readonly peers: readonly PeerName[];
  /** `antminer/s9`. */
  readonly machines: readonly string[];
  readonly fields: readonly (Field | 'read:all' | `ask:${string}` | `do:${string}` | `back:${string}`)[];
  /** `limit`: the peer does not say it. `fault`: it says something wrong. `meaning`: both are right about different things. */
  readonly kind: 'limit' | 'fault' | 'meaning';
  readonly why: string;
  /** Paragraph of protocols.md. */
  readonly paragraph: string;
  readonly cite: Citation;
}
