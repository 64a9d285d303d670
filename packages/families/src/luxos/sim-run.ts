import { BoardDrive } from './sim-drive.ts';
import type { Layout } from './sim-layout.ts';
import type { LuxosPlan } from './sim-plan.ts';
import { Work } from './sim-work.ts';

/** From the start of the miner to the first hashes, and from there to the wanted frequency, s. */
export const INIT_S = 20;
export const RAMP_S = 150;

/** What a run needs to know of its machine. */
export interface RunOf {
  readonly plan: LuxosPlan;
  readonly seed: number;
  /** A number for chance, from the machine's own seed. */
  readonly key: (...parts: readonly (string | number)[]) => number;
  /** Whether a board answers at all; part of its chips that hash. */
  readonly chipsPart: (board: number) => number;
  /** Whether a board is to have power by the settings. */
  readonly wantsPower: (board: number) => boolean;
  /** MHz of the profile that is set. */
  readonly profileMhz: () => number;
}

/** One run of the miner, from its start to its end: its boards, their work, and all that is lost with it. */
export class Run {
  readonly startedAt: number;
  readonly boards: readonly BoardDrive[];
  readonly work: Work;
  /** Volts that `voltageset` gave instead of the profile's. */
  volts: number | null = null;
  /** When a chip's health was asked to be looked at, by board and chip. */
  readonly checkedAt = new Map<string, number>();
  readonly #of: RunOf;

  constructor(of: RunOf, number: number, startedAt: number, layout: Layout) {
    const { plan, seed } = of;
    this.#of = of;
    this.startedAt = startedAt;
    const levels = Array.from({ length: plan.boards }, (_, board) =>
      of.wantsPower(board) ? of.profileMhz() / plan.nominal.mhz : 0,
    );
    this.boards = levels.map(
      (level, board) => new BoardDrive(plan.nominal.mhz, startedAt, level, INIT_S, RAMP_S, of.key('init', board)),
    );
    const timing = { startDelayS: INIT_S, rampS: RAMP_S };
    this.work = new Work(plan, { seed, run: number, startedAt, layout, ...timing, levels, chipsPart: of.chipsPart });
  }

  // What it is told

  /** All boards run as the profile says, and lose what they had of their own. */
  followProfile(now: number, rampS: number): void {
    this.volts = null;
    for (const board of this.boards) {
      board.mhz = null;
      board.chips.clear();
    }
    this.driveAll(now, rampS);
  }

  /** @param chip null for all chips of the board */
  setMhz(now: number, board: number, chip: number | null, mhz: number): void {
    const drive = this.boards[board];
    if (drive === undefined) return;
    if (chip !== null) drive.chips.set(chip, mhz);
    else {
      drive.mhz = mhz;
      drive.chips.clear();
    }
    this.drive(now, board, RAMP_S);
  }

  /** Ends a ramp where it is. */
  stopRamp(now: number, board: number): void {
    const drive = this.boards[board];
    if (drive === undefined || !drive.isRamping(now)) return;
    drive.mhz = drive.mhzNow(now);
    this.drive(now, board, 0);
  }

  driveAll(now: number, rampS: number): void {
    for (const board of this.boards.keys()) this.drive(now, board, rampS);
  }

  /** Brings a board to what it is to run at: nothing, when it is to have no power. */
  drive(now: number, board: number, rampS: number): void {
    const drive = this.boards[board];
    if (drive === undefined) return;
    const mhz = this.isPowered(board) ? this.mhzWanted(board) : 0;
    const { nominal, chips } = this.#of.plan;
    drive.run(now, mhz / nominal.mhz, rampS);
    let own = 0;
    for (const chip of drive.chips.values()) own += (chip - mhz) / chips;
    this.work.setLevel(now, board, mhz === 0 ? 0 : (mhz + own) / nominal.mhz, rampS);
  }

  // How it is

  isPowered(board: number): boolean {
    return this.#of.wantsPower(board) && this.boards[board]?.offUntil === null;
  }

  /** MHz that a board is to run at when it has power. */
  mhzWanted(board: number): number {
    return this.boards[board]?.mhz ?? this.#of.profileMhz();
  }

  isRamping(now: number, board: number): boolean {
    return this.boards[board]?.isRamping(now) ?? false;
  }

  /** What a board runs at, MHz. */
  mhz(now: number, board: number): number {
    return this.boards[board]?.mhzNow(now) ?? 0;
  }

  chipMhz(now: number, board: number, chip: number): number {
    return this.boards[board]?.chipMhzNow(now, chip) ?? 0;
  }

  elapsedS(now: number): number {
    return Math.max(0, (now - this.startedAt) / 1000);
  }

  /** Since a board began, s. */
  boardElapsedS(now: number, board: number): number {
    const since = this.boards[board]?.onSince ?? now;
    return Math.max(0, Math.floor((now - since) / 1000));
  }

  /** Mean over a window of seconds, or since the start where that is shorter; H/s. */
  rateHs(now: number, windowS: number, board?: number): number {
    const s = Math.min(windowS, this.elapsedS(now));
    if (s <= 0) return 0;
    const hashes = this.work.totalHashes(now, board) - this.work.totalHashes(now - s * 1000, board);
    return Math.max(0, hashes / s);
  }

  averageHs(now: number, board?: number): number {
    const s = this.elapsedS(now);
    return s === 0 ? 0 : this.work.totalHashes(now, board) / s;
  }
}
