import { between, normal, streamKey } from './counter-random.ts';
import { Operation } from './operation.ts';
import { Outages } from './outages.ts';
import { bestDifficulty, brownian, poissonCount, poissonPlace } from './processes.ts';
import { type CoolingPlan, drift, Thermal } from './thermal.ts';

/*
 * The physics of a mining machine, for the simulated side of families.
 *
 * Everything is a function of seed, time and what the machine was told (`setLevel`, `setPools`): asking changes nothing.
 * Units: rates in H/s, times in epoch ms, durations in seconds where the name ends in S, power in W, temperatures in °C.
 */

/** Hashrate is noisy per stretch of this many seconds: the shortest window that devices report. */
const BUCKET_S = 5;
const HASHES_PER_DIFFICULTY = 2 ** 32;

export interface BoardPlan {
  /** H/s at level 1. */
  readonly nominalHs: number;
  /** W at level 1. */
  readonly powerW: number;
  /** A board that does not hash. */
  readonly dead?: boolean;
}

export interface PoolPlan {
  /** Difficulty of its shares. */
  readonly difficulty: number;
  /** Outages of 2 to 25 minutes, so many a day on the average (0.2 when left out). */
  readonly outagesPerDay?: number;
  /** Never answers. */
  readonly dead?: boolean;
}

/** One run of the mining program, from its start to its end. A restart is a new session. */
export interface SessionPlan {
  readonly seed: number;
  /** When the mining program started, epoch ms. */
  readonly startedAt: number;
  /** Number of the run: each has its own chance. */
  readonly run?: number;
  readonly boards: readonly BoardPlan[];
  /** In the order of their priority. Ids are their places in this list, later ones come from `addPool`. */
  readonly pools: readonly PoolPlan[];
  readonly cooling: CoolingPlan;
  /** W of control board and fans. */
  readonly idleW: number;
  /** Level to start with: 1 when left out, 0 for a machine that sleeps. */
  readonly level?: number;
  /** Seconds until the boards hash (20 when left out) and from there to nominal (120). */
  readonly startDelayS?: number;
  readonly rampS?: number;
  /** True when the boards are still warm from the run before. */
  readonly warm?: boolean;
  /** Standard deviation of a 5 s hashrate as a part of nominal (0.02 when left out). */
  readonly noise?: number;
  /** Seconds that a better pool must be alive before work goes back to it: cgminer's `--fallback-time` (120). */
  readonly fallbackS?: number;
}

/** Counts of one pool, one board, one pair of them, or of all. */
export interface Scope {
  readonly pool?: number;
  readonly board?: number;
}

export interface ShareCounts {
  readonly accepted: number;
  readonly rejected: number;
  readonly stale: number;
}

interface SessionPool extends PoolPlan {
  readonly outages: Outages;
  /** Not usable before, epoch ms: when it was added or moved up. */
  since: number;
}

/** A machine that hashes: rates, shares, errors, pools, power and heat at any time of one run. */
export class MiningSession {
  readonly plan: SessionPlan;
  readonly operation: Operation;
  readonly thermal: Thermal;
  readonly #key: number;
  /** True mean rate of each board at level 1. */
  readonly #rates: readonly number[];
  readonly #pools: SessionPool[] = [];
  #order: number[] = [];
  #nextLook: number;

  constructor(plan: SessionPlan) {
    this.plan = plan;
    this.#key = streamKey(plan.seed, 'session', plan.run ?? 0);
    this.thermal = new Thermal(plan.seed, plan.cooling);
    this.operation = new Operation(plan.startedAt, plan.warm === true ? 1 : 0);
    // Boards of one type differ by a percent, and it is the board's own percent in every run.
    const own = streamKey(plan.seed, 'boards');
    this.#rates = plan.boards.map((b, i) => (b.dead === true ? 0 : b.nominalHs * (1.004 + 0.008 * normal(own, i))));
    for (const pool of plan.pools) this.addPool(plan.startedAt, pool);
    this.#order = plan.pools.map((_, id) => id);
    this.#nextLook = plan.startedAt;
    const delayMs = (plan.startDelayS ?? 20) * 1000;
    this.operation.request(plan.startedAt, plan.level ?? 1, (plan.rampS ?? 120) * 1000, delayMs);
  }

  // What it is told

  /** Run at a part of nominal: 0 stops at once, anything else is reached along a ramp. */
  setLevel(now: number, level: number, rampS = this.plan.rampS ?? 120): void {
    this.#settle(now);
    this.operation.request(now, level, level === 0 ? 0 : rampS * 1000);
  }

  /** Adds a pool that is not used before {@link setPools} names it. Gives its id. */
  addPool(now: number, pool: PoolPlan): number {
    const id = this.#pools.length;
    const outages = new Outages(this.plan.seed, id, pool.outagesPerDay ?? 0.2, pool.dead);
    this.#pools.push({ ...pool, outages, since: now });
    return id;
  }

  /** The pools to use, best first. A current pool that is not among them is left at once. */
  setPools(now: number, order: readonly number[]): void {
    this.#settle(now);
    this.#order = [...order];
    const current = this.operation.pool(now);
    for (const [id, pool] of this.#pools.entries()) if (id !== current) pool.since = Math.max(pool.since, now);
    this.#choosePool(now);
  }

  // Pools

  poolAlive(now: number, pool: number): boolean {
    return this.#pools[pool]?.outages.aliveSince(now) !== null;
  }

  /** The pool worked for; null while none is alive. */
  currentPool(now: number): number | null {
    this.#settle(now);
    const pool = now < this.plan.startedAt ? -1 : this.operation.pool(now);
    return pool < 0 ? null : pool;
  }

  /** Brings the choice of pools up to a time. What was chosen for earlier times stays. */
  #settle(now: number): void {
    while (this.#nextLook <= now) this.#choosePool(this.#nextLook);
  }

  #choosePool(at: number): void {
    const current = this.operation.pool(at);
    const fallbackMs = (this.plan.fallbackS ?? 120) * 1000;
    let next = Number.POSITIVE_INFINITY;
    let chosen = -1;
    const currentAlive = this.#order.includes(current) && this.poolAlive(at, current);
    for (const id of this.#order) {
      const pool = this.#pools[id] as SessionPool;
      const alive = pool.outages.aliveSince(at);
      next = Math.min(next, pool.outages.nextLook(at));
      if (alive === null || chosen >= 0) continue;
      const usableAt = currentAlive && id !== current ? Math.max(alive, pool.since) + fallbackMs : at;
      if (usableAt <= at) chosen = id;
      else next = Math.min(next, usableAt);
    }
    this.operation.usePool(at, chosen);
    this.#nextLook = Math.max(next, at + 1);
  }

  // Hashrate

  elapsedS(now: number): number {
    return Math.max(0, (now - this.plan.startedAt) / 1000);
  }

  /** Whether it hashes at this moment (also while it ramps up). */
  isHashing(now: number): boolean {
    this.#settle(now);
    return this.operation.level(now) > 0;
  }

  /** All hashes since the start, of one board or of all. Never falls. */
  totalHashes(now: number, board?: number): number {
    if (board === undefined) return this.#rates.reduce((sum, _, i) => sum + this.totalHashes(now, i), 0);
    const rate = this.#rates[board] ?? 0;
    if (rate === 0) return 0;
    this.#settle(now);
    const worked = this.operation.worked(now);
    const noise = (this.plan.noise ?? 0.02) * BUCKET_S * brownian(this.#key + board, worked / BUCKET_S);
    return Math.max(0, rate * (worked + noise));
  }

  /** Mean over a window that ends now. Time before the start counts as time without hashes. */
  hashrateHs(now: number, windowS: number, board?: number): number {
    const hashes = this.totalHashes(now, board) - this.totalHashes(now - windowS * 1000, board);
    return Math.max(0, hashes / windowS);
  }

  /** Mean since the start. */
  averageHs(now: number, board?: number): number {
    const elapsed = this.elapsedS(now);
    return elapsed === 0 ? 0 : this.totalHashes(now, board) / elapsed;
  }

  /** The mean as cgminer keeps it: weights fall by e per window, so that it fades and never quite reaches zero. */
  fadingHs(now: number, windowS: number, board?: number): number {
    let sum = 0;
    let newer = this.totalHashes(now, board);
    let age = 0;
    for (const next of FADE) {
      const older = this.totalHashes(now - next * windowS * 1000, board);
      sum += ((Math.exp(-age) - Math.exp(-next)) * (newer - older)) / ((next - age) * windowS);
      newer = older;
      age = next;
    }
    return Math.max(0, sum);
  }

  /** What the boards should do when all is well, at the level asked for. */
  nominalHs(now: number, board?: number): number {
    const boards = board === undefined ? this.plan.boards : this.plan.boards.slice(board, board + 1);
    return this.operation.target(now) * boards.reduce((sum, b) => sum + b.nominalHs, 0);
  }

  // Shares

  /** Share counts. Sums agree: those of all boards, or of all pools, make the total. */
  shares(now: number, scope: Scope = {}): ShareCounts {
    this.#settle(now);
    let accepted = 0;
    let rejected = 0;
    let stale = 0;
    for (const { pool, board, expected } of this.#expected(now, scope)) {
      accepted += poissonCount(this.#stream('accepted', pool, board), expected * ACCEPTED);
      rejected += poissonCount(this.#stream('rejected', pool, board), expected * REJECTED);
      stale += poissonCount(this.#stream('stale', pool, board), expected * STALE);
    }
    return { accepted, rejected, stale };
  }

  /** When the last accepted share came; null if none yet. */
  lastShareAt(now: number, scope: Scope = {}): number | null {
    this.#settle(now);
    let last: number | null = null;
    for (const { pool, board, expected, perSecond } of this.#expected(now, scope)) {
      const stream = this.#stream('accepted', pool, board);
      const count = poissonCount(stream, expected * ACCEPTED);
      if (count === 0) continue;
      const worked = poissonPlace(stream, count) / (perSecond * ACCEPTED);
      last = Math.max(last ?? 0, this.operation.whenWorkedFor(pool, worked, now));
    }
    return last;
  }

  /** Best difficulty since the start, of one pool or of all; 0 before the first share. */
  bestShare(now: number, pool?: number): number {
    if (pool === undefined) return this.#pools.reduce((best, _, id) => Math.max(best, this.bestShare(now, id)), 0);
    if (this.shares(now, { pool }).accepted === 0) return 0;
    const hashes = this.operation.workedFor(pool, now) * this.#rates.reduce((sum, rate) => sum + rate, 0);
    const best = bestDifficulty(this.#stream('best', pool, 0), hashes / HASHES_PER_DIFFICULTY);
    return Math.max(best, this.#pools[pool]?.difficulty ?? 0);
  }

  *#expected(now: number, scope: Scope) {
    for (const [pool, { difficulty }] of this.#pools.entries()) {
      if (scope.pool !== undefined && scope.pool !== pool) continue;
      const worked = this.operation.workedFor(pool, now);
      if (worked === 0) continue;
      for (const [board, rate] of this.#rates.entries()) {
        if (rate === 0 || (scope.board !== undefined && scope.board !== board)) continue;
        const perSecond = rate / (difficulty * HASHES_PER_DIFFICULTY);
        yield { pool, board, expected: worked * perSecond, perSecond };
      }
    }
  }

  #stream(what: string, pool: number, board: number): number {
    return streamKey(this.#key, what, pool, board);
  }

  /** Wrong nonces, of one board or of all: a few an hour, by the board's own quality. */
  hardwareErrors(now: number, board?: number): number {
    if (board === undefined) return this.#rates.reduce((sum, _, i) => sum + this.hardwareErrors(now, i), 0);
    if ((this.#rates[board] ?? 0) === 0) return 0;
    this.#settle(now);
    const perHour = between(streamKey(this.plan.seed, 'quality'), board, 0.5, 14);
    return poissonCount(this.#stream('errors', 0, board), (this.operation.worked(now) / 3600) * perHour);
  }

  // Power and heat

  /** W at the wall, of the whole machine or of one board. */
  powerW(now: number, board?: number): number {
    this.#settle(now);
    const boards = this.plan.boards.filter((b, i) => b.dead !== true && (board === undefined || board === i));
    const full = boards.reduce((sum, b) => sum + b.powerW, 0);
    const flutter = 1 + 0.006 * drift(this.#key + 0x9000 + (board ?? 99), now, 10_000);
    return (board === undefined ? this.plan.idleW : 0) + full * this.operation.level(now) * flutter;
  }

  ambientC(now: number): number {
    return this.thermal.ambientC(now);
  }

  /** The board itself, its hottest place. */
  boardC(now: number, board: number): number {
    return this.sensorC(now, board, 1);
  }

  /**
   * A place on a board.
   * @param warmth 0 the air that goes in, 1 the hottest place of the board, some 1.2 the hottest chip
   */
  sensorC(now: number, board: number, warmth: number): number {
    this.#settle(now);
    const heat = this.plan.boards[board]?.dead === true ? 0 : this.operation.lagged(now);
    const own = 0.94 + 0.1 * between(streamKey(this.plan.seed, 'places', board), Math.round(warmth * 100), 0, 1);
    const flutter = 0.6 * drift(this.#key + 0xa000 + board * 64 + Math.round(warmth * 20), now, 20_000);
    return this.ambientC(now) + this.thermal.riseC(now, heat) * warmth * own + heat * flutter;
  }

  /** Duty of the fan control, 0 to 100. */
  fanPercent(now: number): number {
    this.#settle(now);
    return this.thermal.fanPercent(now, this.operation.lagged(now));
  }

  fanRpm(now: number, fan: number): number {
    this.#settle(now);
    return this.thermal.fanRpm(fan, now, this.operation.lagged(now));
  }
}

/** What becomes of shares: of a thousand, two are rejected and one comes too late. */
const REJECTED = 0.002;
const STALE = 0.001;
const ACCEPTED = 1 - REJECTED - STALE;

/** Ages, in windows, between which {@link MiningSession.fadingHs} takes the rate as even. */
const FADE = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 9, 14, 25] as const;
