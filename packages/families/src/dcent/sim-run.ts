import { FanHeat } from '../sim/fan-heat.ts';
import { MiningSession } from '../sim/physics.ts';
import { ASSUMED } from './sim-assumed.ts';
import { type Config, type PoolEntry, poolsIn, wholeIn } from './sim-config.ts';
import { type DcentPlan, IDLE_W } from './sim-plan.ts';

/** Who decides frequency and voltage: the configuration, the tuner for the best efficiency, or a target in W. */
export type TunerMode = 'manual' | 'efficiency' | { readonly watts: number };

/** Where the boards are to run. */
interface Point {
  readonly mhz: number;
  readonly mv: number;
}

/** States of curtailment by the daemon's names. */
export type Curtailment = 'Active' | 'EnteringSleep' | 'Sleeping' | 'Waking';

interface RunPlan {
  readonly plan: DcentPlan;
  readonly seed: number;
  /** Number of the run, from 0. */
  readonly run: number;
  readonly startedAt: number;
  readonly config: Config;
  readonly tuner: TunerMode;
  readonly deadBoard: boolean;
  readonly stalledFan: boolean;
  /** URL of a pool that never answers. */
  readonly deadUrl: string | null;
  readonly asleep: boolean;
}

/** °C above the room at full heat with all fans at 100 %. */
const RISE_C = 20;
/** Duty of the fans while it sleeps, % (the daemon's architecture page). */
const STANDBY_PERCENT = 20;

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));

/** One run of the daemon: what it read when it started, and what it was told since. */
export class Run {
  readonly startedAt: number;
  readonly session: MiningSession;
  /** The pools that it works for, as they were configured when it started. */
  readonly pools: readonly PoolEntry[];
  readonly config: Config;
  readonly #of: RunPlan;
  readonly #heat: FanHeat;
  #point: Point;
  /** Duty that somebody set, %; null: the thermal loop decides. */
  #fixedPercent: number | null = null;
  #curtailed: { readonly asleep: boolean; readonly from: number } | null = null;

  constructor(of: RunPlan) {
    const { plan, seed, startedAt, config } = of;
    this.#of = of;
    this.startedAt = startedAt;
    this.config = config;
    this.pools = poolsIn(config);
    this.#point = this.#pointFor(of.tuner);
    const { fans, maxRpm } = plan;
    this.#heat = new FanHeat(seed, { riseC: RISE_C, fans, maxRpm, ...(of.stalledFan ? { stalledFan: 0 } : {}) });
    this.session = new MiningSession({
      seed,
      run: of.run,
      startedAt,
      boards: plan.chains.map((_, board) => ({
        nominalHs: plan.chips * plan.ghsPerMhz * plan.nominal.mhz * 1e9,
        powerW: plan.nominal.boardsW / plan.chains.length,
        dead: this.isDead(board),
      })),
      pools: this.pools.map(({ url }) => ({ difficulty: ASSUMED.difficulty, dead: url === of.deadUrl })),
      cooling: { fans, maxRpm, minPercent: 0, targetC: 55, riseC: RISE_C },
      idleW: IDLE_W,
      level: of.asleep ? 0 : this.#level,
      rampS: ASSUMED.rampS,
      warm: of.run > 0,
    });
    if (of.asleep) this.#curtailed = { asleep: true, from: startedAt };
  }

  /** The point of a mode, within what the voltage controller and the chips can do. */
  #pointFor(tuner: TunerMode): Point {
    const { plan, config } = this.#of;
    const { min, max } = plan.controllerMv;
    const mhz = wholeIn(config, 'mining', 'frequency_mhz', plan.nominal.mhz);
    const mv = clamp(wholeIn(config, 'mining', 'voltage_mv', plan.nominal.mv), min, max);
    if (tuner === 'manual') return { mhz, mv };
    if (tuner === 'efficiency') return plan.efficient;
    const perMhz = (plan.nominal.boardsW / plan.nominal.mhz) * (mv / plan.nominal.mv) ** 2;
    const wanted = Math.round((tuner.watts * ASSUMED.supplyEfficiency - IDLE_W) / perMhz);
    return { mhz: clamp(wanted, ASSUMED.frequencyMHz.min, ASSUMED.frequencyMHz.max), mv };
  }

  get #level(): number {
    return this.#point.mhz / this.#of.plan.nominal.mhz;
  }

  // What it is told

  /** The tuner goes to another point; a machine that sleeps goes there when it wakes. */
  tune(now: number, tuner: TunerMode): void {
    this.#point = this.#pointFor(tuner);
    if (this.#curtailed?.asleep !== true) this.session.setLevel(now, this.#level, ASSUMED.tunerRampS);
  }

  fixFans(percent: number): void {
    this.#fixedPercent = percent;
  }

  /** Begins at the next look of the thermal loop. */
  curtail(now: number, asleep: boolean): void {
    const tick = ASSUMED.controlTickMs;
    const from = this.startedAt + (Math.floor((now - this.startedAt) / tick) + 1) * tick;
    this.#curtailed = { asleep, from };
    this.session.setLevel(from, asleep ? 0 : this.#level, ASSUMED.rampS);
  }

  // How it is

  curtailment(now: number): Curtailment {
    if (this.#curtailed === null) return 'Active';
    const { asleep, from } = this.#curtailed;
    if (asleep) return now < from ? 'EnteringSleep' : 'Sleeping';
    return now < from + ASSUMED.wakingMs ? 'Waking' : 'Active';
  }

  uptimeS(now: number): number {
    return Math.floor(this.session.elapsedS(now));
  }

  isDead(board: number): boolean {
    return this.#of.deadBoard && board === this.#of.plan.chains.length - 1;
  }

  /** What the boards are driven with: the frequency and voltage that they were told, also while they have no power. */
  get point(): Point {
    return this.#point;
  }

  chainStatus(now: number, board: number): string {
    const { chainStatus } = ASSUMED;
    if (this.isDead(board)) return chainStatus.dead;
    if (this.curtailment(now) === 'Sleeping') return chainStatus.asleep;
    return this.session.isHashing(now) ? chainStatus.mining : chainStatus.starting;
  }

  chainGhs(now: number, board: number): number {
    return this.session.hashrateHs(now, ASSUMED.chainWindowS, board) / 1e9;
  }

  /** Of all boards over five seconds; GH/s. */
  rateGhs(now: number): number {
    return this.session.hashrateHs(now, 5) / 1e9;
  }

  averageGhs(now: number): number {
    return this.session.averageHs(now) / 1e9;
  }

  get #voltageFactor(): number {
    return (this.#point.mv / this.#of.plan.nominal.mv) ** 2;
  }

  /** What boards and control board draw, W. */
  unitW(now: number): number {
    const boards = this.session.powerW(now) - IDLE_W;
    return Math.round(IDLE_W + boards * this.#voltageFactor);
  }

  wallW(now: number): number {
    return Math.round(this.unitW(now) / ASSUMED.supplyEfficiency);
  }

  // Heat

  #warmth(now: number): number {
    this.session.currentPool(now);
    return this.session.operation.lagged(now) * this.#voltageFactor;
  }

  #limitC(name: string, otherwise: number): number {
    return wholeIn(this.config, 'thermal', name, otherwise);
  }

  /** Duty of the fans, %. Fixed ones are still let faster where a board would get hot. */
  fanPercent(now: number): number {
    if (this.curtailment(now) === 'Sleeping') return STANDBY_PERCENT;
    const most = this.#limitC('fan_max_pwm', 100);
    const held = (targetC: number): number =>
      this.#heat.dutyFor(targetC, this.session.ambientC(now), this.#warmth(now), this.#limitC('fan_min_pwm', 10));
    const wanted =
      this.#fixedPercent === null
        ? held(this.#limitC('target_temp_c', 55))
        : Math.max(this.#fixedPercent, held(this.#limitC('hot_temp_c', 65)));
    return Math.min(most, wanted);
  }

  fanRpm(now: number, fan: number): number {
    return Math.round(this.#heat.rpm(fan, now, this.fanPercent(now)));
  }

  /** The one temperature of a board; 0 for a board that does not answer. No board gets beyond its last limit. */
  chainC(now: number, board: number): number {
    if (this.isDead(board)) return 0;
    const rise = this.#heat.riseC(this.#warmth(now), this.fanPercent(now)) * (1 - 0.03 * board);
    const celsius = Math.min(this.session.ambientC(now) + rise, this.#limitC('dangerous_temp_c', 75));
    return Math.round(celsius / ASSUMED.temperatureStepC) * ASSUMED.temperatureStepC;
  }
}
