import type { ActionName } from './actions.ts';
import type { Action } from './control.ts';
import type { HeadframeError } from './errors.ts';
import type { Credentials, Links, Protocol } from './links.ts';
import type { Identity, ReplyMeta, Snapshot } from './snapshot.ts';

/**
 * The contract between a device family and the rest of the house.
 * A family receives a clock and links and gives replies and snapshots; it cannot reach a socket.
 */

/** One answer, kept: what was asked, when, the decoded document or the error. */
export interface Reply {
  readonly meta: ReplyMeta;
  /** The decoded document: a JSON value. Null when the request failed, was denied or was not sent. */
  readonly doc: unknown;
  /** The bytes it stands on, for tracing; null when none came. A joined reply's parts share them. */
  readonly raw: Uint8Array | null;
  /** Why there is no document. `auth/*` makes a gap `denied`; null with a null doc means `not-read`. */
  readonly error: HeadframeError | null;
}

/** Replies by the name that the family gave its requests (`summary`, `http:system_info`). */
export type Replies = ReadonlyMap<string, Reply>;

/** What is remembered of one device between polls. Owned by who polls, filled by the family. Starts as `newMemory()`. */
export interface Memory {
  /** Joined requests that this device refused, by their text: not tried again. */
  readonly refusedJoins: Set<string>;
  /** Replies that change slowly, kept until they are due again. */
  readonly kept: Map<string, Reply>;
  /** Commands that this firmware does not have (code 14) or does not allow us (45), with the reply that said so. */
  readonly absent: Map<string, Reply>;
  /** When the mining process started, by its uptime, epoch ms: a later one means a restart. */
  startedAt: number | null;
}

export const newMemory = (): Memory => ({
  refusedJoins: new Set(),
  kept: new Map(),
  absent: new Map(),
  startedAt: null,
});

/** The verdict of one probe on one reply: this family, not this family, or don't know. */
export type Verdict = boolean | null;

export interface Probe {
  readonly over: Protocol;
  /** The cgminer command, the HTTP path (always GET), or the full name of a gRPC method (empty message). Probes with the same question share one reply. */
  readonly ask: string;
  /** 1: asked only where all questions of tier 0 left the device unknown. Absent: 0. */
  readonly tier?: 0 | 1;
  /** Judges a reply; also sees the ones with an error or a 401 (as `HttpDoc.status`). */
  readonly is: (reply: Reply) => Verdict;
}

/** What a probe of HTTP sees, as the `doc` of its reply. */
export interface HttpDoc {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text, at most its first 64 KiB. */
  readonly text: string;
  /** The body as JSON, undefined when it is none. */
  readonly json: unknown;
}

export type Evidence = 'document' | 'replayed real replies' | 'field';

export interface ReadOptions {
  /** Ask slow-changing facts again even if they are kept. */
  readonly fresh?: boolean;
}

export interface MapContext {
  readonly address: string;
}

export interface Family {
  /** The id in `identity.family` and the folder's name. */
  readonly id: string;
  readonly title: string;
  /** The ports of this family, in the order of their importance. */
  readonly ports: Readonly<Partial<Record<Protocol, number>>>;
  /** The most specific identity wins: 0 generic, 1 the maker's own firmware, 2 third-party firmware. */
  readonly specificity: 0 | 1 | 2;
  readonly probes: readonly Probe[];
  /** What credentials the family uses, for messages: such as `user name and password of the web page`. */
  readonly credentials?: string;
  /** What the factory sets. Tried only when a person asks for it in so many words. */
  readonly factoryCredentials?: readonly Credentials[];
  /** Which paths of the snapshot each reply feeds: a reply that is missing makes exactly these gaps. */
  readonly feeds: Readonly<Record<string, readonly string[]>>;
  /**
   * Paths that this very machine tells at a door that the family does not ask, such as the web page of a firmware that
   * is only read on port 4028: each one that is missing is a gap, `not-read`.
   */
  readonly unread?: (identity: Identity) => readonly string[];
  readonly evidence: Evidence;
  /** What to ask, in how few connections. Never rejects for a single failed request: that is a reply with an error. */
  readonly read: (links: Links, memory: Memory, options?: ReadOptions) => Promise<Map<string, Reply>>;
  /** Who this is, as far as the replies tell (also from the replies of probes alone). Pure. */
  readonly identity: (replies: Replies) => Identity;
  /** What the answers mean. Pure. `gaps`, `replies` and `sources` are filled by the house (`snapshotOf` of the families package), not here. */
  readonly map: (replies: Replies, context: MapContext) => FamilySnapshot;
  /** What this very machine can do of the common vocabulary. */
  readonly actions: (identity: Identity) => Partial<Record<ActionName, Action>>;
  /** Why it cannot do the rest, by action; for those that are not named the firmware has nothing like it. */
  readonly lacks?: (identity: Identity) => Partial<Record<ActionName, string>>;
  /** What it can do beyond the common vocabulary, by the device's own words: `poolquota` is `cgminer.poolquota`. */
  readonly own?: (identity: Identity) => Readonly<Record<string, Action>>;
}

/** What a map gives: a snapshot without what the house adds. */
export type FamilySnapshot = Omit<Snapshot, 'schemaVersion' | 'address' | 'at' | 'gaps' | 'replies' | 'sources'>;
