import type { Clock, Credentials, History, Look, PoolView, Subject, Told, VantageSeen } from '@headframe/model';
import type { CredentialSource } from '../credentials.ts';
import type { ExtraPorts } from '../discovery/doors.ts';
import type { Deadline } from '../links/deadline.ts';
import type { OperatingSystem } from './operating-system.ts';

/** What every collector of an examination is given. */
export interface Looking {
  readonly clock: Clock;
  /** Over the whole examination; each collector has limits of its own within it. */
  readonly deadline: Deadline;
  /** Waits between two looks; rejects with `link/cancelled` when the examination ends first. Real time unless told. */
  readonly wait: (ms: number) => Promise<void>;
  /** What is asked of our own computer. */
  readonly system: OperatingSystem;
}

/** Asks a pool, or whoever knows, whether the worker submits shares. Never rejects. */
export type PoolReader = (looking: Pick<Looking, 'clock' | 'deadline'>) => Promise<Look<PoolView>>;

/** Looks at the same address from elsewhere. Never rejects. */
export type Vantage = (address: string, looking: Pick<Looking, 'clock' | 'deadline'>) => Promise<Look<VantageSeen>>;

/** What is kept of a machine from one examination to the next. */
export interface HistoryStore {
  recall(address: string): Remembered | null;
  remember(address: string, remembered: Remembered): void;
}

/** As long as the doctor knows a machine. */
export interface Remembered extends History {
  readonly subject: Pick<Subject, 'family' | 'make' | 'model' | 'firmware'>;
}

/** A login over SSH, given by a person for this purpose. */
export interface SshAccess {
  readonly credentials: Credentials;
  /** 22 if absent. */
  readonly port?: number;
  /** A private key in the form of OpenSSH or PEM, instead of the password. */
  readonly privateKey?: string;
  /** The fingerprint that is known (`SHA256:...`); null: none is known yet, and the one that is met is told. */
  readonly hostKey: string | null;
  readonly onNewHostKey?: (fingerprint: string) => void;
}

export interface ExamineOptions {
  readonly credentials?: Credentials | CredentialSource;
  readonly pool?: PoolReader;
  readonly vantage?: readonly Vantage[];
  readonly history?: HistoryStore;
  /** Over SSH, only where a person gave a login. */
  readonly ssh?: SshAccess;
  /** The MAC that is expected at this address; that of the history if absent. */
  readonly expectedMac?: string;
  readonly told?: Told;
  /** A log of the serial console, read piece by piece. */
  readonly uart?: AsyncIterable<Uint8Array>;
  /** Stand-ins for privileged ports. */
  readonly ports?: ExtraPorts;
  /** Between the three samples at first, ms; 1,000 if absent. Where nothing moved, two more follow 30 s apart. */
  readonly sampleEveryMs?: number;
  /** No second look after a wait, no samples 30 s apart. */
  readonly quick?: boolean;
  /** Where nothing listens on the API's port, ask once more after 90 s: it may be binding still. */
  readonly patient?: boolean;
  /** The limit of it all, ms; 90,000 if absent. Most take 1 to 8 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told what is being looked at, for a person who waits: `three samples, 30 s apart`. */
  readonly onStep?: (what: string) => void;
  readonly clock?: Clock;
  readonly wait?: (ms: number) => Promise<void>;
  readonly system?: OperatingSystem;
}
