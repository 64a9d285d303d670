import type { ErrorCode } from './errors.ts';
import type { MachineState } from './snapshot.ts';

/*
 * What was seen of one device that does not answer as it should, before anybody judges it. Who looks is the client; the
 * rules of the diagnosis package are pure and see nothing else. Every part says when it was seen, or why it was not
 * looked at: what could not be looked at lowers the confidence, and is told.
 */

/** One look: what was seen, with the line that a technician reads and the command that shows the same by hand. */
export interface Sight<T> {
  readonly value: T;
  /** Epoch ms. */
  readonly at: number;
  /** How long it took, ms. */
  readonly ms: number;
  /** How many bytes came; 0 where nothing is counted. */
  readonly bytes: number;
  /** One sentence, printable, without secrets: `4028: connected in 2 ms, closed after 0 bytes`. */
  readonly line: string;
  /** What to type to see the same: `nc -zv 10.0.4.21 4028`. */
  readonly command: string | null;
}

/** Not looked at, and why: as a part of a sentence (`no credentials for SSH were given`). */
export interface NotSeen {
  readonly notSeen: string;
}

export type Look<T> = Sight<T> | NotSeen;

export const wasSeen = <T>(look: Look<T>): look is Sight<T> => !('notSeen' in look);

/** Null where it was not looked at. */
export const seenValue = <T>(look: Look<T>): T | null => (wasSeen(look) ? look.value : null);

/** The ports that are looked at (`protocols.md` 0 and 12), besides the machine's own when it has others. */
export const EXAMINED_PORTS = [22, 80, 443, 3333, 4028, 4029, 4433, 6060, 8080, 50051] as const;

/** Stands in `ports` for a high port at which nothing listens: silence there tells of a firewall, a refusal of none. */
export const HIGH_CLOSED_PORT = 0;

/** How a TCP connection attempt ended (`protocols.md` 12): nmap calls them open, closed and filtered. */
export type ConnectClass = 'open' | 'refused' | 'timed-out' | 'unreachable';

/** What became of one request on a port that was open. */
export interface Exchange {
  /** `version`, `summary`, `GET /api/system/info`, `summary+stats`. */
  readonly request: string;
  /**
   * `answered`: whole and readable; `denied`: the device's own no (code 45, 401, 403); `refused-by-code`: another no;
   * `closed-empty`: closed or reset before the first byte; `silent`: no byte until the limit; `partial`: bytes, then
   * nothing or the end; `malformed`: bytes that cannot be read even with repairs; `foreign`: another protocol.
   */
  readonly outcome:
    | 'answered'
    | 'denied'
    | 'refused-by-code'
    | 'closed-empty'
    | 'silent'
    | 'partial'
    | 'malformed'
    | 'foreign';
  readonly error: ErrorCode | null;
  /** The device's own code: cgminer's, or the HTTP status. */
  readonly vendorCode: string | null;
  /** How many repairs its JSON needed. */
  readonly repairs: number;
  /** Answered, and without a record where one belongs. */
  readonly isEmpty: boolean;
  readonly ms: number;
  readonly bytes: number;
}

/** One value at each of the samples. */
export interface Sampled {
  /** As the device calls it: `Elapsed`, `temp2_1`, `fan1`, `Accepted`. */
  readonly field: string;
  /** `clock`: must grow with time; `counter`: grows as long as it works; `sensor`: trembles on a machine that works. */
  readonly kind: 'clock' | 'counter' | 'sensor';
  readonly values: readonly (number | string | null)[];
}

/** The same request some time apart: which of its values move tells of a monitor thread that is stuck (row 18). */
export interface Samples {
  /** Between the first and the last, s. */
  readonly spanS: number;
  readonly count: number;
  readonly fields: readonly Sampled[];
}

/** What a pool, or the daemon's own view of it, says of the worker. */
export interface PoolView {
  /** `public-pool`, `ckpool`, `braiins-pool` ... */
  readonly pool: string;
  readonly worker: string;
  /** Null: the pool does not know it. */
  readonly lastShareAgeS: number | null;
  readonly hashrateHs: number | null;
  readonly accepted: number | null;
  readonly rejected: number | null;
}

/** Marks of the age of the last share, s: younger than `freshS` it hashes; older than `goneS` it does not (step 1). */
export const SHARE_AGE = { freshS: 120, doubtfulS: 300, goneS: 600 } as const;

/** An earlier time when it stopped answering. */
export interface PastFailure {
  readonly at: number;
  /** The machine's uptime then, s; null when it was not known. */
  readonly uptimeS: number | null;
}

/** What is remembered of the machine from before: the doctor's own notes, or those of the daemon. */
export interface History {
  readonly firmware: { readonly before: string | null; readonly now: string | null; readonly changedAt: number | null };
  /** When it answered last, epoch ms. */
  readonly lastAnswerAt: number | null;
  /** Uptime at its last answer, s. */
  readonly lastUptimeS: number | null;
  readonly failures: readonly PastFailure[];
  readonly mac: string | null;
  /** How often it was polled, s; null: by nobody that is known. */
  readonly pollEveryS: number | null;
}

/** Who it is, by its last replies or by what is known of it from before. */
export interface Subject {
  readonly address: string;
  readonly family: string | null;
  readonly make: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly firmwareVersion: string | null;
  /** The port of its main API: 4028, 80 on AxeOS, 3333 on ethminer. */
  readonly apiPort: number;
  /** Known: read now. Remembered: from before. Assumed: nobody knows, taken for a cgminer. */
  readonly by: 'read' | 'remembered' | 'assumed';
}

/** Our own computer. */
export interface OwnSide {
  /** A route to the address exists, and the interface that it leads over is up. */
  readonly hasRoute: boolean;
  readonly interface: string | null;
  /** The address is in the network of that interface. */
  readonly sameNetwork: boolean;
  /** Other addresses of the same network answered: how many of how many. Null: nobody else was asked. */
  readonly neighboursAnswering: { readonly answered: number; readonly of: number } | null;
  /** Whether our default gateway answers (ARP or ping); null: there is none, or it cannot be seen. */
  readonly gatewayAnswers: boolean | null;
  /** Rules of our own firewall that drop or reject the port, as far as they can be read; null: they cannot be. */
  readonly firewallRules: readonly string[] | null;
  /** TCP connections of this computer to the address, by the program where it can be read. */
  readonly connections: readonly { readonly port: number; readonly state: string; readonly program: string | null }[];
}

export interface NameSeen {
  readonly given: string;
  readonly addresses: readonly string[];
  /** The address at which the machine answered before; null: unknown. */
  readonly expected: string | null;
}

export interface NeighbourSeen {
  /** Null: the table has no entry, or the address is behind a router. */
  readonly mac: string | null;
  readonly vendor: string | null;
  /** A vendor that makes miners or the control boards in them; null: not known. */
  readonly isMinerVendor: boolean | null;
  readonly expectedMac: string | null;
  /** Where the expected MAC is now, when that is another address. */
  readonly expectedMacAt: string | null;
}

/** What a web page tells of itself. */
export interface PageSeen {
  readonly status: number;
  readonly realm: string | null;
  readonly server: string | null;
  readonly title: string | null;
  /** What it is when it is no miner: `a printer (HP)`. */
  readonly stranger: string | null;
  readonly isMiner: boolean | null;
}

/** AxeOS: the same request with an Origin header and without (`protocols.md` 6.1). */
export interface AxeSeen {
  readonly statusWithoutOrigin: number | null;
  readonly statusWithOrigin: number | null;
  readonly rssiDbm: number | null;
}

export interface VantageSeen {
  /** Who looked: another collector, a host. */
  readonly from: string;
  readonly ports: Readonly<Record<number, ConnectClass>>;
  /** Whether the API answered there. */
  readonly answered: boolean | null;
}

export interface ShellSeen {
  /** `api-listen`, `api-network`, `api-allow` as the configuration has them; null where it has no such line. */
  readonly config: {
    readonly path: string;
    readonly listen: string | null;
    readonly network: string | null;
    readonly allow: string | null;
  } | null;
  readonly freeMemoryMb: number | null;
  readonly tmpUsedPercent: number | null;
  readonly topMemory: readonly { readonly program: string; readonly percent: number }[];
  /** Lines of the log that name the cause, at most 20. */
  readonly logLines: readonly string[];
  /** Peers that hold a connection to the API port on the machine. */
  readonly apiPeers: readonly string[];
  /** Whether the mining program runs, and listens. */
  readonly minerRuns: boolean | null;
  readonly listensOn: readonly string[];
  /** The command that restarts the mining program on this firmware; null: none was found. */
  readonly restartCommand: string | null;
  readonly uptimeS: number | null;
}

/** A log of the serial console at 115200 baud, from its first byte to its last. */
export interface UartSeen {
  readonly bytes: number;
  /** Lines that can be read. */
  readonly lines: number;
  /** Nothing that can be read came: no byte at all, or only noise. */
  readonly isSilent: boolean;
  /** Bytes came, and they are no text: as of another speed than 115200 baud. */
  readonly isNoise: boolean;
  /** `squashfs error`, `mmcblk0: error`, `mmcblk0 I/O error`, `ubifs: error`, `Kernel panic`: how often each. */
  readonly patterns: Readonly<Record<string, number>>;
  /** The first line of each pattern that was found, printable, cut. */
  readonly examples: Readonly<Record<string, string>>;
  /** It came as far as a login prompt or the start of the mining program, at least once. */
  readonly booted: boolean;
  /** How often its boot loader began, or its kernel where no boot loader is to be seen. */
  readonly starts: number;
  /** Starts that were followed by the next one before a login prompt or the mining program: a boot loop. */
  readonly brokenStarts: number;
  /** Where it stopped: at most five lines, printable, cut; those that may hold a secret are masked. */
  readonly lastLines: readonly string[];
}

/** What a person says that no program can see. */
export interface Told {
  /** Another monitor says offline. */
  readonly monitorSaysOffline?: boolean;
  /** A reflash by SD card or eMMC was tried, and did not bring it back. */
  readonly reflashFailed?: boolean;
  /** It has been silent since its firmware was updated. */
  readonly firmwareUpdated?: boolean;
  readonly contact?: string;
  readonly stepsTried?: readonly string[];
}

/** All that was seen of one device. */
export interface Examination {
  readonly subject: Subject;
  /** When looking began and ended, epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly name: Look<NameSeen>;
  readonly neighbour: Look<NeighbourSeen>;
  readonly ping: Look<boolean>;
  /** By port; {@link HIGH_CLOSED_PORT} for the high one. That of the main API is told by the first request itself. */
  readonly ports: Readonly<Record<number, Look<ConnectClass>>>;
  /** Requests on the main API, in their order. */
  readonly api: readonly Sight<Exchange>[];
  /** Requests that were asked again after a wait, in their order: does it come back? */
  readonly again: readonly Sight<Exchange>[];
  readonly page: Look<PageSeen>;
  readonly samples: Look<Samples>;
  readonly axe: Look<AxeSeen>;
  /** WhatsMiner: whether a token is given, and whether the write switch is on. */
  readonly whatsminer: Look<{ readonly tokenGiven: boolean; readonly writes: boolean | null }>;
  /** LuxOS: who holds its session. */
  readonly luxosSession: Look<string | null>;
  /** BraiinsOS: each door by itself. */
  readonly braiins: Look<Readonly<Record<'grpc' | 'http' | 'cgminer', ConnectClass | 'answers' | 'silent' | 'denied'>>>;
  /** ethminer: silent when asked for what needs a login (5.3). */
  readonly ethminer: Look<{ readonly pingAnswered: boolean; readonly statAnswered: boolean }>;
  /** How far its clock is off, s; positive: ahead. */
  readonly clockSkewS: Look<number>;
  /** What the machine says of itself, by its reading. */
  readonly state: Look<MachineState>;
  /** How long it has been up by its own words, s. */
  readonly uptimeS: Look<number>;
  readonly history: Look<History>;
  readonly pool: Look<PoolView>;
  readonly vantage: readonly Look<VantageSeen>[];
  readonly own: Look<OwnSide>;
  readonly shell: Look<ShellSeen>;
  readonly uart: Look<UartSeen>;
  readonly told: Told;
}

/** What can be done by software, about a machine that does not answer. */
export type FixName =
  | 'wait-and-retry'
  | 'find-by-mac'
  | 'supply-credentials'
  | 'allow-our-address'
  | 'restart-api'
  | 'reboot'
  | 'pin-address'
  | 'save-configuration'
  | 'close-own-connections';
