import { between, streamKey, uniform } from './counter-random.ts';

const DAY_MS = 86_400_000;
/** Part of the cooling that is left when no fan turns: radiation and draught. */
const STILL_AIR = 0.2;
/** No board gets hotter than this: its firmware throttles it. */
const PROTECTED_C = 92;

/** How a machine is cooled. */
export interface CoolingPlan {
  readonly fans: number;
  /** Speed of a fan at 100 %. */
  readonly maxRpm: number;
  /** Slowest duty of the fan control. */
  readonly minPercent: number;
  /** Board temperature that the fan control holds. */
  readonly targetC: number;
  /** How much a board is warmer than the room at nominal power with all fans at 100 %. */
  readonly riseC: number;
  /** A fan that stands still, counted from 0. */
  readonly stalledFan?: number;
  /** Mean of the room; by seed 20 to 28 when left out. */
  readonly roomC?: number;
}

/** A number between -1 and 1 that wanders with time: straight lines between one random place per period. */
export function drift(key: number, at: number, periodMs: number): number {
  const place = at / periodMs;
  const bucket = Math.floor(place);
  const a = uniform(key, bucket) * 2 - 1;
  const b = uniform(key, bucket + 1) * 2 - 1;
  return a + (b - a) * (place - bucket);
}

/** The air, the fans and what they make of the heat. Temperatures in °C, power as a part of nominal. */
export class Thermal {
  readonly #plan: CoolingPlan;
  readonly #key: number;
  readonly #roomC: number;

  constructor(seed: number, plan: CoolingPlan) {
    this.#plan = plan;
    this.#key = streamKey(seed, 'thermal');
    this.#roomC = plan.roomC ?? between(this.#key, 1, 20, 28);
  }

  /** The room: a mean, a daily swing with its peak at 15:00 UTC, and weather. */
  ambientC(at: number): number {
    const day = Math.cos((2 * Math.PI * (at - 15 * 3_600_000)) / DAY_MS);
    return this.#roomC + 3.5 * day + 1.5 * drift(this.#key + 2, at, DAY_MS / 4);
  }

  /** What the fan control asks for, 0 to 100, at a heat of `level` times nominal. */
  fanPercent(at: number, level: number): number {
    const room = this.#plan.targetC - this.ambientC(at);
    const needed = room <= 0 ? 1 : (this.#plan.riseC * level) / room;
    const duty = (needed - STILL_AIR) / (1 - STILL_AIR) / this.#turning;
    return Math.min(100, Math.max(this.#plan.minPercent, duty * 100));
  }

  /** Part of the fans that turns. */
  get #turning(): number {
    const { fans, stalledFan } = this.#plan;
    if (fans === 0) return 1;
    return stalledFan === undefined ? 1 : Math.max(0.05, (fans - 1) / fans);
  }

  /** Speed of one fan: every fan has its own few percent and flutters a little. */
  fanRpm(fan: number, at: number, level: number): number {
    if (fan === this.#plan.stalledFan) return 0;
    const own = 1 + 0.025 * (uniform(this.#key + 3, fan) * 2 - 1) + 0.01 * drift(this.#key + 4 + fan, at, 15_000);
    return Math.max(0, (this.#plan.maxRpm * this.fanPercent(at, level) * own) / 100);
  }

  /** How much a board is warmer than the room. */
  riseC(at: number, level: number): number {
    const air = STILL_AIR + ((1 - STILL_AIR) * this.#turning * this.fanPercent(at, level)) / 100;
    return Math.min((this.#plan.riseC * level) / air, PROTECTED_C - this.ambientC(at));
  }
}
