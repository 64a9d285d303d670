import type { WorkDone } from '../sim/device.ts';
import { MiningSession } from '../sim/physics.ts';
import { sessionWork } from '../sim/work-done.ts';
import { ASSUMED } from './sim-assumed.ts';
import { factorFor, powerAt, type WhatsminerPlan } from './sim-plan.ts';
import type { PoolSetting, WhatsminerSettings } from './sim-settings.ts';

const DIFFICULTY = 65_536;

export interface RunPlan {
  readonly plan: WhatsminerPlan;
  readonly seed: number;
  readonly number: number;
  readonly startedAt: number;
  /** What is set when it starts; most of it is not looked at again. */
  readonly settings: WhatsminerSettings;
  readonly deadBoard: boolean;
  readonly stalledFan: boolean;
  /** URL of a pool that never answers. */
  readonly deadPool: string | null;
  /** Boards without power: mining is off. */
  readonly off: boolean;
  readonly warm: boolean;
}

export interface RunPool extends PoolSetting {
  /** Its place among the pools that this run has had. */
  readonly id: number;
}

/** The part of the normal frequency that the settings allow. */
export function frequencyFactor(plan: WhatsminerPlan, settings: WhatsminerSettings): number {
  const wanted = ASSUMED.modeFactors[settings.powerMode] * Math.max(0, 1 + settings.targetFreq / 100);
  const limits = [settings.powerLimitW ?? plan.limitW, settings.powerW].filter((w): w is number => w !== null);
  const boardsW = plan.powerW - plan.idleW;
  const allowed = limits.map((w) => factorFor(Math.max(0, w - plan.idleW) / boardsW));
  return Math.min(wanted, ...allowed);
}

/** One run of btminer, from its start to its end: its boards, pools and counts. */
export class MinerRun {
  readonly plan: RunPlan;
  readonly session: MiningSession;
  /** The part of the normal frequency that it tunes to. */
  readonly factor: number;
  pools: readonly RunPool[] = [];
  /** When mining was switched off in this run; null while it is on. */
  offSince: number | null;
  /** Percent of its first stable power. */
  percent = 100;
  readonly #everHad: RunPool[] = [];

  constructor(of: RunPlan) {
    this.plan = of;
    const { plan, settings } = of;
    const dead = (board: number): boolean => of.deadBoard && board === plan.boards - 1;
    this.factor = frequencyFactor(plan, settings);
    this.offSince = of.off ? of.startedAt : null;
    const power = powerAt(this.factor) * (plan.powerW - plan.idleW);
    const hydro = plan.cooling === 'hydro';
    this.session = new MiningSession({
      seed: of.seed,
      run: of.number,
      startedAt: of.startedAt,
      boards: Array.from({ length: plan.boards }, (_, board) => ({
        nominalHs: (plan.nominalGhs * 1e9 * this.factor) / plan.boards,
        powerW: power / plan.boards,
        ...(dead(board) && { dead: true }),
      })),
      pools: [],
      cooling: {
        fans: hydro ? 0 : 2,
        maxRpm: hydro ? 0 : 7200,
        minPercent: settings.fanZeroSpeed ? 0 : 20,
        targetC: plan.targetC + settings.tempOffset + (settings.heatMode === 'heating' ? 8 : 0),
        riseC: hydro ? 22 : 30,
        ...(of.stalledFan && { stalledFan: 0 }),
      },
      idleW: plan.idleW,
      level: of.off || this.factor === 0 ? 0 : 1,
      startDelayS: ASSUMED.detectS,
      rampS: settings.fastBoot ? ASSUMED.fastBootRampS : this.#settlesS,
      warm: of.warm,
    });
    this.setPools(of.startedAt, settings.pools);
  }

  /** How long the tuning of the frequency takes; fast boot hardly changes it, says the manual. */
  get #settlesS(): number {
    return ASSUMED.rampS / (1 + 0.5 * this.plan.settings.upfreqSpeed);
  }

  // What it is told

  /** Takes effect at once (protocols.md 3.3). */
  setPools(now: number, settings: readonly PoolSetting[]): void {
    this.pools = settings.map((setting) => {
      const known = this.#everHad.find(({ url, user }) => url === setting.url && user === setting.user);
      if (known !== undefined) return { ...known, password: setting.password };
      const id = this.session.addPool(now, { difficulty: DIFFICULTY, dead: setting.url === this.plan.deadPool });
      const pool = { ...setting, id };
      this.#everHad.push(pool);
      return pool;
    });
    this.session.setPools(
      now,
      this.pools.map(({ id }) => id),
    );
  }

  /** What was removed stays counted, so the number of pools of one run has to end. */
  get isFull(): boolean {
    return this.#everHad.length > MOST_POOLS;
  }

  /** Cuts the power of the boards, and leaves the program running. */
  switchOff(now: number): void {
    this.offSince = now;
    this.session.setLevel(now, 0);
  }

  setPercent(now: number, percent: number, rampS: number): void {
    this.percent = percent;
    if (this.offSince === null && this.factor > 0) this.session.setLevel(now, percent / 100, rampS);
  }

  // How it is

  workDone(now: number): WorkDone[] {
    const pools = this.#everHad.map(({ id, url, user }) => ({ pool: id, url, worker: user, difficulty: DIFFICULTY }));
    return sessionWork(now, this.session, pools);
  }

  elapsedS(now: number): number {
    return Math.floor(this.session.elapsedS(now));
  }

  /** Whether the frequency is tuned, on all boards at once. */
  isTuned(now: number): boolean {
    return this.offSince === null && now >= this.tunedAt;
  }

  get tunedAt(): number {
    return this.plan.startedAt + (ASSUMED.detectS + this.#settlesS) * 1000;
  }

  /** Numbers of the boards that answer. */
  get boards(): readonly number[] {
    const { plan, deadBoard } = this.plan;
    return Array.from({ length: deadBoard ? plan.boards - 1 : plan.boards }, (_, board) => board);
  }

  /** H/s over a window, or since the start where that is shorter. */
  rateHs(now: number, windowS: number, board?: number): number {
    const s = Math.min(windowS, this.session.elapsedS(now));
    return s <= 0 ? 0 : this.session.hashrateHs(now, s, board);
  }

  /** MHz of a board: those of a machine differ a little. */
  mhz(now: number, board: number): number {
    const level = this.session.isHashing(now) ? this.session.operation.levelRequested(now) : 0;
    return Math.round(this.plan.plan.mhz * this.factor * level) + (level > 0 ? (board % 3) - 1 : 0);
  }

  averageMhz(now: number): number {
    const { boards } = this;
    return Math.round(boards.reduce((sum, board) => sum + this.mhz(now, board), 0) / Math.max(1, boards.length));
  }

  /** °C of the coolest chip, the mean and the hottest one of a board. */
  chips(now: number, board: number) {
    const at = (warmth: number): number => this.session.sensorC(now, board, warmth);
    return { min: at(1.02), average: at(1.25), max: at(1.45) };
  }

  /** Turns a minute of the fan at the intake (0) or the outlet (1), in steps of 30 as the sensors count. */
  fanRpm(now: number, fan: number, poweroffCool: boolean): number {
    if (this.plan.plan.cooling === 'hydro') return 0;
    if (this.offSince !== null && !poweroffCool) return 0;
    return Math.round(this.session.fanRpm(now, fan) / 30) * 30;
  }
}

const MOST_POOLS = 60;
