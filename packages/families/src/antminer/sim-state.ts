/** What the mining program knows at one moment, in the device's own terms. Everything that is printed comes from here. */
export interface MinerState {
  /** Seconds since the mining program started. */
  readonly elapsed: number;
  /** Put to sleep: no boards, no numbers (protocols.md 2.3). */
  readonly asleep: boolean;
  /** H/s. */
  readonly rate5s: number;
  readonly rate30m: number;
  readonly rateAverage: number;
  /** One for each of the model's chains, in their order. */
  readonly boards: readonly BoardState[];
  /** Turns per minute, one for each of the model's connectors, in their order. */
  readonly fans: readonly number[];
  readonly pools: readonly PoolState[];
  /** The pool worked for, by its place; -1 for none. */
  readonly currentPool: number;
  /** W at the wall. */
  readonly power: number;
  /** What the machine complains about, by check of summary.cgi. */
  readonly complaints: Readonly<Partial<Record<'rate' | 'network' | 'fans' | 'temp', string>>>;
  /** MHz of the chips; the model's own unless given. */
  readonly frequencyMHz?: number;
  /** Work mode and percentage of the rate: 0 and 100 unless given. */
  readonly workMode?: number;
  readonly freqLevel?: number;
  /** False: the one device that stands for the machine was disabled (`ascdisable`). */
  readonly enabled?: boolean;
}

export interface BoardState {
  readonly found: boolean;
  /** H/s. */
  readonly rate: number;
  /** The four sensors of the board, whole °C; chips are 5 warmer and the controller 10 cooler, as on the real one. */
  readonly pcb: readonly number[];
  readonly errors: number;
  /** Places of chips that do not work, counted from 0. */
  readonly deadChips: readonly number[];
  readonly serial: string;
}

/** A pool of the running program. Its texts are byte strings. */
export interface PoolState {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly alive: boolean;
  readonly accepted: number;
  readonly rejected: number;
  readonly stale: number;
  readonly difficulty: number;
  /** Seconds since the last share; null: never one. */
  readonly lastShare: number | null;
  readonly best: number;
  /** Its place in the list unless given. */
  readonly priority?: number;
  /** 1 unless given. */
  readonly quota?: number;
  /** True unless given. */
  readonly enabled?: boolean;
}

/** What stands on the machine's label and in its memory for good. */
export interface Nameplate {
  readonly mac: string;
  readonly serial: string;
  /** The host name that it starts with. */
  readonly hostname: string;
}

/** From power to the web page, from there to the mining program, and until it opens its port (protocols.md 1.1). */
export const WEB_MS = 40_000;
export const PROGRAM_MS = 60_000;
export const API_MS = 7_000;

/**
 * Readings in place of the simulator's physics, for the first run of the mining program; a restart ends them.
 */
export interface Machine {
  readonly nameplate: Nameplate;
  readonly webFrom: number;
  readonly programFrom: number;
  readonly stateAt: (now: number) => MinerState;
  /** H/s over the quarter of an hour that ends at a time. */
  readonly rateAt: (now: number) => number;
}
