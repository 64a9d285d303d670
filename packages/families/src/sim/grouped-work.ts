import type { MiningSession } from './physics.ts';

/** Pools that share a part of the work. */
export interface WorkingGroup {
  /** Its part of the work. */
  part: number;
  /** One for each board: that board at the group's part of the level it runs at. */
  readonly sessions: readonly MiningSession[];
}

/**
 * The work of boards for several groups at once, and what came of it: a session of the physics for each pair of a board and
 * a group. Which pools a group has, and how parts are divided, is the firmware's own.
 */
export abstract class GroupedWork<G extends WorkingGroup> {
  abstract readonly groups: readonly G[];
  /** With those that were removed: what they did stays counted. */
  protected readonly everGroups: G[] = [];
  readonly #levels: number[];
  readonly #rampEnds: number[];

  /** @param levels level of each board to begin with. @param rampEnd when the boards have reached it, epoch ms */
  constructor(levels: readonly number[], rampEnd: number) {
    this.#levels = [...levels];
    this.#rampEnds = levels.map(() => rampEnd);
  }

  /** The level that a board was told to run at, all groups together. */
  protected toldLevel(board: number): number {
    return this.#levels[board] ?? 0;
  }

  /** Gives a group a part of the work. A ramp that is under way ends when it was to end. */
  protected share(now: number, group: G, part: number): void {
    if (group.part === part) return;
    group.part = part;
    for (const [board, session] of group.sessions.entries()) {
      const rampS = Math.max(1, ((this.#rampEnds[board] ?? now) - now) / 1000);
      session.setLevel(now, this.toldLevel(board) * part, rampS);
    }
  }

  setLevel(now: number, board: number, level: number, rampS: number): void {
    this.#levels[board] = level;
    this.#rampEnds[board] = now + rampS * 1000;
    for (const group of this.groups) group.sessions[board]?.setLevel(now, level * group.part, rampS);
  }

  // What came of it

  totalHashes(now: number, board?: number): number {
    return this.#sum(board, (session, b) => session.totalHashes(now, b));
  }

  hardwareErrors(now: number, board?: number): number {
    return this.#sum(board, (session, b) => session.hardwareErrors(now, b));
  }

  /** The level that a board works at, all groups together. */
  level(now: number, board: number): number {
    return this.#sum(board, (session) => (session.isHashing(now) ? session.operation.level(now) : 0));
  }

  /** The level as heat follows it. */
  lagged(now: number, board: number): number {
    return this.#sum(board, (session) => {
      session.currentPool(now);
      return session.operation.lagged(now);
    });
  }

  #sum(board: number | undefined, value: (session: MiningSession, board: number) => number): number {
    let sum = 0;
    for (const { sessions } of this.everGroups) {
      for (const [b, session] of sessions.entries()) if (board === undefined || board === b) sum += value(session, b);
    }
    return sum;
  }
}
