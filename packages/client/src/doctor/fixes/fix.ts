import type { Credentials, ErrorSummary, FixName, Identity, SentStep, Snapshot } from '@headframe/model';
import type { CredentialSource } from '../../credentials.ts';
import type { Ports } from '../../ports.ts';
import type { Looking, SshAccess } from '../options.ts';
import type { LoadSsh } from '../shell/open-shell.ts';

/** The machine, and what a person gave for it. */
export interface FixTarget {
  /** IP address or host name, without a port. */
  readonly host: string;
  /** Its id; null: not known, and then nothing is changed. */
  readonly family: string | null;
  /** Where it answers; the family's own ports if absent. */
  readonly ports?: Ports;
  readonly identity?: Identity;
  readonly credentials?: Credentials | CredentialSource;
  readonly ssh?: SshAccess;
  /** The port of its main API; the family's own if absent. */
  readonly apiPort?: number;
  /** For {@link FixName} `find-by-mac`: what it had before, and where to look; null and absent: the networks of this computer. */
  readonly mac?: string;
  readonly ranges?: string | null;
  /** For `allow-our-address`: what the machine sees of us; it is asked if absent. */
  readonly ourAddress?: string;
  /** For `allow-our-address`: `R` lets us read only; `W`, as if absent, lets Headframe change it as well. */
  readonly access?: 'W' | 'R';
  /** For `pin-address`, where the machine does not keep what it has. */
  readonly network?: { readonly netmask?: string; readonly gateway?: string; readonly dns?: string };
  /** For `save-configuration`: the file to be made; one that is there is not written over. */
  readonly saveTo?: string;
}

/** What a fix is given to work with. */
export interface Fixing extends Looking {
  /** Asks a person; null: nothing was given. */
  readonly askCredentials?: () => Promise<Credentials | null>;
  readonly loadSsh?: LoadSsh;
}

/** What became of it, before anybody looked whether it helped. */
export interface Done {
  /**
   * `done`; `not-done`: it did not come to pass, or does not help; `refused`: the machine, or Headframe, said no;
   * `unknown`: it was sent, and no answer came.
   */
  readonly result: 'done' | 'not-done' | 'refused' | 'unknown';
  /** What was done and what came of it, as sentences. */
  readonly said: string;
  readonly error?: ErrorSummary;
  /** The machine was read back and showed it: its uptime need not tell it as well. */
  readonly isSeen?: true;
  /** What left, secrets masked. */
  readonly sent: readonly SentStep[];
  /** Where the machine is now, when it was found elsewhere. */
  readonly address?: string;
  /** The file that was written. */
  readonly file?: string;
}

/** What a fix cannot do without. */
export type Need = 'family' | 'ssh' | 'mac' | 'saveTo' | 'askCredentials';

/** How it is seen that a fix worked. */
export interface Check {
  /** As a sentence. */
  readonly how: string;
  /** Reads of the API behind it, at the most; 0: the fix itself has seen it. */
  readonly reads: number;
  /** Before each, ms. */
  readonly everyMs: number;
  /** What must have started anew: an answer of one that did not is none. */
  readonly restarts?: (snapshot: Snapshot) => number | null;
  /** An answer says nothing of whether it was done: it would come either way. */
  readonly provesNothing?: true;
}

/** One fix: one file. */
export interface FixKind {
  readonly fix: FixName;
  readonly needs: readonly Need[];
  /** Whether anything changes on the machine: never on one that is not known. */
  readonly changes: boolean;
  /** What will be done, and what it interrupts and for how long, for a person who is asked. */
  readonly does: (target: FixTarget) => string;
  /**
   * Does it.
   * @throws HeadframeError why it could not be done; `applyFix` words it
   */
  readonly run: (target: FixTarget, fixing: Fixing) => Promise<Done>;
  readonly check: Check;
}
