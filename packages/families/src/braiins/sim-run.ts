import { Operation } from '../sim/operation.ts';
import { ASSUMED } from './sim-assumed.ts';
import { type BraiinsPlan, boardHs } from './sim-plan.ts';
import type { GroupSetting } from './sim-state.ts';
import { Work } from './sim-work.ts';

interface RunStart {
  readonly plan: BraiinsPlan;
  readonly seed: number;
  /** How a board differs from the others in the frequency that it runs at, 1 in the mean. */
  readonly own: (board: number) => number;
  readonly number: number;
  readonly startedAt: number;
  /** The boards are still warm from the run before. */
  readonly warm: boolean;
  readonly groups: readonly GroupSetting[];
  readonly isDead: (url: string) => boolean;
  readonly hasBoard: (board: number) => boolean;
  /** Level of each board to begin with. */
  readonly levels: readonly number[];
}

/** One run of the mining program, from its start to its end: its boards, their work, and all that is lost with it. */
export class Run {
  readonly startedAt: number;
  readonly work: Work;
  readonly #start: RunStart;
  /** The level of the frequency of each board: 1 is the nominal one. */
  readonly #drives: readonly Operation[];
  /** When the newest drive comes to rest, epoch ms. */
  #settledAt: number;

  constructor(start: RunStart) {
    const { plan, startedAt, levels } = start;
    this.#start = start;
    this.startedAt = startedAt;
    const { initS, rampS } = ASSUMED;
    this.#drives = levels.map((level) => {
      const drive = new Operation(startedAt);
      if (level > 0) drive.request(startedAt, level, rampS * 1000, initS * 1000);
      return drive;
    });
    this.#settledAt = startedAt + (initS + rampS) * 1000;
    const work = { plan, seed: start.seed, run: start.number, startedAt, initS, rampS, levels, isDead: start.isDead };
    this.work = new Work({ ...work, warm: start.warm, boardHs: (board) => this.#boardHs(board) }, start.groups);
  }

  /** H/s at level 1. */
  #boardHs(board: number): number {
    const { plan, hasBoard, own } = this.#start;
    return hasBoard(board) ? boardHs(plan, plan.nominal.mhz * own(board)) : 0;
  }

  /** @param level 0 stops at once when there is no ramp */
  drive(now: number, board: number, level: number, rampS: number): void {
    const at = Math.max(now, this.startedAt);
    const drive = this.#drives[board];
    if (drive === undefined || drive.target(at) === level) return;
    drive.request(at, level, rampS * 1000);
    this.#settledAt = at + rampS * 1000;
    // The physics stops at once at level 0: what goes down slowly goes down to next to nothing.
    this.work.setLevel(at, board, level === 0 && rampS > 0 ? NEXT_TO_NOTHING : level, rampS);
  }

  /** Ends slow stops: boards that were driven to 0 hash no more. */
  cut(now: number): void {
    const at = Math.max(now, this.startedAt);
    for (const [board, drive] of this.#drives.entries())
      if (drive.target(at) === 0) this.work.setLevel(at, board, 0, 0);
  }

  /** Whether all boards run as they are to. */
  isSettled(now: number): boolean {
    return now >= this.#settledAt;
  }

  /** The level that a board is to reach. */
  target(now: number, board: number): number {
    return this.#drives[board]?.target(now) ?? 0;
  }

  /** What a board is driven with now, MHz. */
  mhz(now: number, board: number): number {
    const level = now < this.startedAt ? 0 : (this.#drives[board]?.levelRequested(now) ?? 0);
    const { plan, own } = this.#start;
    return level * plan.nominal.mhz * own(board);
  }

  /** What the firmware expects of a board, H/s. */
  nominalHs(now: number, board: number): number {
    return this.target(now, board) * this.#boardHs(board);
  }

  elapsedS(now: number): number {
    return Math.max(0, (now - this.startedAt) / 1000);
  }

  /**
   * Mean over a window of seconds; H/s. Time before the start counts as time without work: the day of the captured S19 XP,
   * which ran for 69 685 s, is just so much lower than its mean since the start.
   */
  rateHs(now: number, windowS: number, board?: number): number {
    const hashes = this.work.totalHashes(now, board) - this.work.totalHashes(now - windowS * 1000, board);
    return Math.max(0, hashes / windowS);
  }

  /** Mean since the start, H/s. */
  averageHs(now: number, board?: number): number {
    const s = this.elapsedS(now);
    return s === 0 ? 0 : this.work.totalHashes(now, board) / s;
  }

  /** Hashes of wrong nonces, as a mean since the start; H/s. */
  errorHs(now: number, board?: number): number {
    const s = this.elapsedS(now);
    return s === 0 ? 0 : (this.work.hardwareErrors(now, board) * 2 ** 32) / s;
  }
}

const NEXT_TO_NOTHING = 1e-6;
