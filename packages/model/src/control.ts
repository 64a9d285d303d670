import type { ActionKind } from './actions.ts';
import { HeadframeError } from './errors.ts';
import type { HttpReply, HttpRequest, Links, RawReply, TcpLink } from './links.ts';
import type { Parameter } from './parameters.ts';
import type { ErrorSummary } from './snapshot.ts';

/*
 * How a machine is changed. A family says, as data, what would be sent and how it is told that it happened; who sends,
 * waits, follows a restart and words the result is the client, once for all families.
 */

/** What a person reads before an action is run, where it differs from the common vocabulary or adds to it. */
export interface ActionNotes extends Partial<ActionKind> {
  /** How long it takes until it shows: `about 30 s`. */
  readonly takes?: string;
  /** What cannot be taken back, or until when it lasts: `lost when the miner restarts`. */
  readonly lasting?: string;
  /** Why this is refused unless it was allowed in so many words and the machine's address was typed. */
  readonly guarded?: string;
}

/** One thing that a machine can do. */
export interface Action extends ActionNotes {
  /** What it takes, in the order in which a person gives it. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  /**
   * Reads what has to be known first and says what would be sent. Never changes the machine.
   * @throws HeadframeError what keeps it from being done: nothing was sent
   */
  readonly prepare: (links: Links, given: Readonly<Record<string, unknown>>) => Promise<Prepared>;
}

type Given<P extends Readonly<Record<string, Parameter>>> = {
  readonly [name in keyof P]: P[name] extends Parameter<infer T> ? T : never;
};

/** An {@link Action} whose `prepare` sees its parameters with their types. */
export function action<const P extends Readonly<Record<string, Parameter>>>(
  parameters: P,
  prepare: (links: Links, given: Given<P>) => Prepared | Promise<Prepared>,
  notes: ActionNotes = {},
): Action {
  return { ...notes, parameters, prepare: async (links, given) => prepare(links, given as Given<P>) };
}

/**
 * The parameters of an action, read and complete.
 * @param named how the action is called where the mistake is shown: `set-fan`
 * @throws HeadframeError `usage/invalid`, naming range and source; nothing was sent
 */
export function readParameters(
  named: string,
  { parameters }: Action,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const stray = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (stray !== undefined) {
    const known = Object.keys(parameters).join(', ') || 'none';
    throw invalid(`${named} has no parameter "${stray}" (it has: ${known}); nothing was sent`);
  }
  const read: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const value = given[name];
    if (value === undefined && parameter.optional) continue;
    if (value === undefined) throw invalid(`${named} needs ${name} (${parameter.about}): ${parameter.takes}`);
    read[name] = parameter.read(value);
    if (read[name] === undefined) {
      const which = Object.keys(parameters).length > 1 ? ` for ${name}` : '';
      throw invalid(
        `${named} takes ${parameter.takes}${which} on this machine (${parameter.source}); nothing was sent`,
      );
    }
  }
  return read;
}

const invalid = (detail: string): HeadframeError => new HeadframeError('usage/invalid', { detail });

/** What stands in the place of a secret in everything that is shown. */
export const MASK = '••••••';

/** What would be sent, and how it is told that it happened. */
export interface Prepared {
  /** What else a person should know, found while looking: `the machine keeps its pool passwords`. */
  readonly notes?: readonly string[];
  /** Opened before the first step and closed behind the last, whatever comes between. */
  readonly session?: Session;
  /** In this order; the first that is not accepted ends the action. */
  readonly steps: readonly Step[];
  /** How to see that it happened; or why it cannot be seen, as a sentence. */
  readonly readBack: ReadBack | { readonly never: string };
  /** What an action that fetches something brings, within the session. It is read, not changed: there are no steps then. */
  readonly download?: (links: Links) => Promise<Download>;
}

export interface Download {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One request that changes something. */
export interface Step {
  /** What leaves; where a session is needed, made with its key. Made when its turn comes: thousands may follow. */
  readonly request: (key: string) => WriteRequest;
  /**
   * What the reply says; not asked of one that converses or speaks.
   * @throws HeadframeError `auth/*`, `device/*`: refused; anything else: the reply cannot be read, and it may have happened
   */
  readonly verdict: (reply: RawReply | HttpReply) => StepVerdict;
  /** A machine that obeys may not answer any more (reboot): silence and a dropped connection are no failure. */
  readonly silenceIsFine?: true;
  /**
   * Looks again just before it is sent, where an earlier step may have moved things (pool numbers). Null: there is
   * nothing left to do.
   */
  readonly renew?: (links: Links) => Promise<Step | null>;
  /** How long to wait before it, ms: the device answers before it acts. */
  readonly afterMs?: number;
}

/** A request as it leaves, and the same with its secrets masked. */
export type WriteRequest =
  | {
      readonly over: 'cgminer';
      readonly bytes: Uint8Array;
      readonly shown: string;
      readonly maxBytes?: number;
      /** How long the reply may take, ms; the link's own limit if absent. */
      readonly replyMs?: number;
    }
  | { readonly over: 'http' | 'monitor'; readonly http: HttpRequest; readonly shown: string }
  | {
      readonly over: 'cgminer' | 'whatsminer' | 'ethminer';
      /**
       * Says it over a kept connection, where one reply is not all: files that go up, frames.
       * @throws HeadframeError as a link does, and as {@link Step.verdict}
       */
      readonly converse: (link: TcpLink, onSent: (bytes: number, of: number) => void) => Promise<StepVerdict>;
      readonly shown: string;
    }
  | {
      readonly over: 'grpc' | 'http';
      /**
       * Says it where a login belongs to it: may log in again when a token is over, and sends the request once more if
       * the device said that it was not let in.
       * @throws HeadframeError as a link does, and as {@link Step.verdict}
       */
      readonly speak: (links: Links, onSent: (bytes: number, of: number) => void) => Promise<StepVerdict>;
      readonly shown: string;
    };

/** What a device said to a step, in its own words. */
export interface StepVerdict {
  readonly accepted: boolean;
  readonly vendorCode?: string;
  readonly vendorText?: string;
}

/** A lock that a device wants held while it is changed. */
export interface Session {
  /** What a person calls it: `LuxOS session`. */
  readonly name: string;
  /** What leaves to open and to close it, as it is shown. */
  readonly shown: { readonly open: readonly string[]; readonly close: readonly string[] };
  /**
   * @param options `takeOver`: end somebody else's session first; `left`: the key of one that a run of ours left open
   * when it crashed, to be gone on with if it is still the one that is open
   * @throws HeadframeError `device/busy` when somebody else holds it
   */
  readonly open: (
    links: Links,
    options: { readonly takeOver: boolean; readonly left: string | null },
  ) => Promise<OpenSession>;
}

export interface OpenSession {
  readonly key: string;
  /** It outlives the action, as a token does: nothing is closed, and the next action goes on with the key it then has. */
  readonly kept?: true;
  /** Rejects when the device did not confirm; it ends by itself then. */
  readonly close: (links: Links) => Promise<void>;
}

/** How to see that a change has happened. Times in ms of the device's clock, which tests may advance by hand. */
export interface ReadBack {
  /** What is looked at, for a person: `Current Pool of lcd`. */
  readonly looksAt: string;
  /** When to look first, behind the last step. */
  readonly afterMs: number;
  /** Between two looks. */
  readonly everyMs: number;
  /** When to give up. */
  readonly withinMs: number;
  /** The machine goes away and comes back: refused connections on the way say nothing. */
  readonly restarts?: true;
  /** Looks once, with reads only. @param sentAt when the last step left, epoch ms */
  readonly look: (links: Links, sentAt: number) => Promise<Seen>;
}

export interface Seen {
  /** Whether the change shows. */
  readonly done: boolean;
  /** What was seen, for the result. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What became of an action. */
export interface Outcome {
  /**
   * `done`: read back. `accepted-unverified`: the device said yes, and it cannot be seen or does not show (see `why`).
   * `refused`: the device said no, in its code and text. `failed`: surely not done. `unknown`: the request left and no
   * answer came; it may still happen, and is never retried by itself.
   */
  readonly result: 'done' | 'accepted-unverified' | 'refused' | 'failed' | 'unknown';
  /** Why it is not `done`, as a sentence. */
  readonly why?: string;
  readonly error?: ErrorSummary;
  readonly vendorCode?: string;
  readonly vendorText?: string;
  /** What was read back. */
  readonly readBack?: Readonly<Record<string, unknown>>;
  /** What was sent, secrets masked, and what the device said to it. */
  readonly sent: readonly SentStep[];
  readonly download?: Download;
}

export interface SentStep extends Partial<StepVerdict> {
  readonly shown: string;
  /** When it left, epoch ms. */
  readonly at: number;
}
