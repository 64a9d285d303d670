import { between, hash32, streamKey, uniform } from '../sim/counter-random.ts';
import type { DeviceSeed } from '../sim/device.ts';
import { MiningSession } from '../sim/physics.ts';
import {
  estimatedWatts,
  type LuxosPlan,
  type LuxosPool,
  type LuxosQuirks,
  nominalGhs,
  type TuningProfile,
  tuningProfiles,
} from './sim-plan.ts';
import { SessionLock } from './sim-session.ts';

/** From power to the start of the miner, and from there until it answers. */
const BOOT_MS = 30_000;
const API_OPENS_MS = 3000;
/** From the start of the miner to the first hashes, and from there to the wanted frequency, s. */
const INIT_S = 20;
const RAMP_S = 150;
/** `mode=unsafe`: frequency and voltage in one step. */
const UNSAFE_RAMP_S = 2;
/** Speed of the fans while the boards are off, %: `PowerOffSpeed`. */
export const POWER_OFF_SPEED = 20;

const GROUPS = ['default', 'second'] as const;

/** Two groups of pools that share the work evenly, each with its own pool to fall back to. */
const POOLS: readonly LuxosPool[] = GROUPS.flatMap((_, group) => [
  { url: 'stratum+tcp://pool.example.com:3333', group, difficulty: 65_536 },
  { url: 'stratum+tcp://backup.example.com:3333', group, difficulty: 65_536 },
]);

/** Places on a board where a temperature is taken, with how warm each is (0 the room, 1 the hottest place). */
export const CORNERS = { TopLeft: 1, TopRight: 0.42, BottomRight: 0.44, BottomLeft: 0.97 } as const;

/** Seconds that hashrates are averaged over; the others of a name follow from it. */
export type Window = number;

/** One machine under LuxOS. Reads change nothing; writes come with their time. */
export class LuxosMachine {
  readonly plan: LuxosPlan;
  readonly quirks: LuxosQuirks;
  readonly seed: number;
  readonly lock: SessionLock;
  readonly profiles: readonly TuningProfile[];
  readonly groups = GROUPS;
  readonly pools = POOLS;
  profile: TuningProfile;
  asleep: boolean;
  atmEnabled = true;
  redLed = 'auto';
  /** `tempctrl`, °C. */
  temperatures: { readonly target: number; readonly hot: number; readonly dangerous: number };
  /** One per group: what a group does is independent of the other. */
  readonly #sessions: readonly MiningSession[];

  constructor(plan: LuxosPlan, quirks: LuxosQuirks, { seed, poweredAt }: DeviceSeed) {
    this.plan = plan;
    this.quirks = quirks;
    this.seed = seed;
    this.lock = new SessionLock(seed);
    this.profiles = tuningProfiles(plan);
    this.profile = this.profiles.find(({ step }) => step === 0) as TuningProfile;
    // Sleep survives a restart, so a machine can come up with it.
    this.asleep = quirks.asleep;
    this.temperatures = { target: plan.targetC, hot: plan.targetC + 10, dangerous: plan.targetC + 15 };
    this.#sessions = GROUPS.map((_, group) => this.#session(group, poweredAt + BOOT_MS));
  }

  #session(group: number, startedAt: number): MiningSession {
    const { plan, quirks } = this;
    const share = 1 / GROUPS.length;
    return new MiningSession({
      seed: this.seed,
      run: group,
      startedAt,
      boards: Array.from({ length: plan.boards }, (_, board) => ({
        nominalHs: (share * nominalGhs(plan, plan.nominal.mhz) * 1e9 * this.#chipsPart(board)) / plan.boards,
        powerW: (share * (plan.nominal.watts - plan.idleW)) / plan.boards,
        dead: !this.hasBoard(board),
      })),
      pools: POOLS.filter((pool) => pool.group === group).map(({ difficulty }, place) => ({
        difficulty,
        dead: quirks.deadPool && group === 0 && place === 0,
      })),
      cooling: {
        fans: plan.fans,
        maxRpm: plan.maxRpm,
        minPercent: POWER_OFF_SPEED,
        targetC: plan.targetC,
        riseC: 22,
        ...(quirks.stalledFan ? { stalledFan: 0 } : {}),
      },
      idleW: group === 0 ? plan.idleW : 0,
      level: this.asleep ? 0 : 1,
      startDelayS: INIT_S,
      rampS: RAMP_S,
    });
  }

  get #main(): MiningSession {
    return this.#sessions[0] as MiningSession;
  }

  listening(now: number): boolean {
    return now >= this.#main.plan.startedAt + API_OPENS_MS;
  }

  // What it is told

  sleep(now: number): void {
    this.asleep = true;
    for (const session of this.#sessions) session.setLevel(now, 0);
  }

  wake(now: number, unsafe: boolean): void {
    this.asleep = false;
    this.#run(now, unsafe ? UNSAFE_RAMP_S : RAMP_S);
  }

  /** All boards get it. */
  setProfile(now: number, profile: TuningProfile): void {
    this.profile = profile;
    if (!this.asleep) this.#run(now, RAMP_S);
  }

  #run(now: number, rampS: number): void {
    for (const session of this.#sessions) session.setLevel(now, this.profile.mhz / this.plan.nominal.mhz, rampS);
  }

  // Boards

  hasBoard(board: number): boolean {
    return board >= 0 && board < this.plan.boards && !(this.quirks.deadBoard && board === this.plan.boards - 1);
  }

  /** Boards that answer. */
  get boards(): readonly number[] {
    return Array.from({ length: this.plan.boards }, (_, board) => board).filter((board) => this.hasBoard(board));
  }

  isDeadChip(board: number, chip: number): boolean {
    return (
      this.quirks.deadChip && board === 0 && chip === Math.floor(uniform(this.key('dead-chip'), 0) * this.plan.chips)
    );
  }

  #chipsPart(board: number): number {
    return this.quirks.deadChip && board === 0 ? 1 - 1 / this.plan.chips : 1;
  }

  isRamping(now: number): boolean {
    const { operation } = this.#main;
    return !this.asleep && Math.abs(operation.levelRequested(now) - operation.target(now)) > 1e-9;
  }

  /** What the chips run at, MHz. */
  mhz(now: number, board: number): number {
    if (!this.hasBoard(board)) return 0;
    return Math.round((this.#main.operation.levelRequested(now) * this.plan.nominal.mhz) / 5) * 5;
  }

  volts(board: number): number {
    return this.asleep || !this.hasBoard(board) ? 0 : this.profile.volts;
  }

  // Work

  elapsedS(now: number): number {
    return this.#main.elapsedS(now);
  }

  /** When the boards began, s after the miner. */
  boardElapsedS(now: number, board: number): number {
    return Math.max(0, Math.floor(this.elapsedS(now) - INIT_S - between(this.key('init'), board, 0, 6)));
  }

  /** Mean over a window, or since the start where that is shorter; H/s. */
  rateHs(now: number, window: Window, board?: number): number {
    const s = Math.min(window, this.elapsedS(now));
    return s <= 0 ? 0 : this.#sum((session) => session.hashrateHs(now, s, board));
  }

  averageHs(now: number, board?: number): number {
    return this.#sum((session) => session.averageHs(now, board));
  }

  /** What the profile promises, H/s. */
  nominalHs(): number {
    const part = this.boards.length / this.plan.boards;
    return nominalGhs(this.plan, this.profile.mhz) * 1e9 * part;
  }

  hardwareErrors(now: number, board?: number): number {
    return this.#sum((session) => session.hardwareErrors(now, board));
  }

  /** Shares of one pool (by its number among all), of one board, or of all. */
  shares(now: number, scope: { readonly pool?: number; readonly board?: number } = {}) {
    const sum = { accepted: 0, rejected: 0, stale: 0 };
    for (const { session, inner } of this.#scoped(scope)) {
      const shares = session.shares(now, inner);
      sum.accepted += shares.accepted;
      sum.rejected += shares.rejected;
      sum.stale += shares.stale;
    }
    return sum;
  }

  /** The last accepted share: when, and for which pool. */
  lastShare(now: number, board?: number): { readonly at: number; readonly pool: number } | null {
    let last: { at: number; pool: number } | null = null;
    for (const pool of POOLS.keys()) {
      const at = this.lastShareAt(now, pool, board);
      if (at !== null && (last === null || at > last.at)) last = { at, pool };
    }
    return last;
  }

  lastShareAt(now: number, pool: number, board?: number): number | null {
    const { session, id } = this.#place(pool);
    return session.lastShareAt(now, board === undefined ? { pool: id } : { pool: id, board });
  }

  /** Whether a group works for this pool. */
  isActive(now: number, pool: number): boolean {
    const { session, id } = this.#place(pool);
    return session.currentPool(now) === id;
  }

  // Power and heat

  watts(now: number): number {
    const level = this.profile.mhz / this.plan.nominal.mhz;
    const straight = this.#sum((session) => session.powerW(now)) - this.plan.idleW;
    // The physics is straight in the level, a profile's power is not.
    const bend =
      (estimatedWatts(this.plan, this.profile.mhz) - this.plan.idleW) /
      ((this.plan.nominal.watts - this.plan.idleW) * level);
    return this.plan.idleW + straight * bend;
  }

  /** One of the four places of a board, whole degrees; 0 for a board that does not answer. */
  cornerC(now: number, board: number, corner: keyof typeof CORNERS): number {
    return this.hasBoard(board) ? Math.round(this.#main.sensorC(now, board, CORNERS[corner])) : 0;
  }

  hottestC(now: number, board: number): number {
    return Math.max(this.cornerC(now, board, 'TopLeft'), this.cornerC(now, board, 'BottomLeft'));
  }

  fanPercent(now: number): number {
    return this.asleep ? POWER_OFF_SPEED : Math.round(this.#main.fanPercent(now));
  }

  /** In steps of 60, as the counter of pulses gives it. */
  fanRpm(now: number, fan: number): number {
    const rpm = this.#main.fanRpm(now, fan);
    return Math.round((this.asleep ? (rpm * POWER_OFF_SPEED) / this.#main.fanPercent(now) : rpm) / 60) * 60;
  }

  // Its own numbers

  key(...parts: readonly (string | number)[]): number {
    return streamKey(this.seed, 'luxos', ...parts);
  }

  hex(what: string, digits: number): string {
    let out = '';
    for (let i = 0; out.length < digits; i++) out += hash32(this.key(what), i).toString(16).padStart(8, '0');
    return out.slice(0, digits);
  }

  #place(pool: number): { readonly session: MiningSession; readonly id: number } {
    const group = POOLS[pool]?.group ?? 0;
    const first = POOLS.findIndex((other) => other.group === group);
    return { session: this.#sessions[group] as MiningSession, id: pool - first };
  }

  #scoped({ pool, board }: { readonly pool?: number; readonly board?: number }) {
    const inner = board === undefined ? {} : { board };
    if (pool === undefined) return this.#sessions.map((session) => ({ session, inner }));
    const { session, id } = this.#place(pool);
    return [{ session, inner: { ...inner, pool: id } }];
  }

  #sum(value: (session: MiningSession) => number): number {
    return this.#sessions.reduce((sum, session) => sum + value(session), 0);
  }
}
