import { streamKey, uniform } from './counter-random.ts';
import { drift } from './thermal.ts';

/** Part of the cooling that is left when no fan turns. */
const STILL_AIR = 0.2;

export interface FanHeatPlan {
  /** °C above the room at nominal heat with all fans at 100 %. */
  readonly riseC: number;
  readonly fans: number;
  readonly maxRpm: number;
  /** A fan that stands still, counted from 0. */
  readonly stalledFan?: number;
}

/** Fans that can be set by hand, and what they leave of the heat. `thermal.ts` is for machines that run their own. */
export class FanHeat {
  readonly #plan: FanHeatPlan;
  readonly #key: number;

  constructor(seed: number, plan: FanHeatPlan) {
    this.#plan = plan;
    this.#key = streamKey(seed, 'fans');
  }

  /** Part of the fans that turns. */
  get #turning(): number {
    const { fans, stalledFan } = this.#plan;
    return stalledFan === undefined ? 1 : Math.max(0.05, (fans - 1) / fans);
  }

  /** °C above the room. @param heat part of nominal @param percent duty of the fans */
  riseC(heat: number, percent: number): number {
    return (this.#plan.riseC * heat) / (STILL_AIR + ((1 - STILL_AIR) * this.#turning * percent) / 100);
  }

  /** The duty that holds a temperature, between `least` and 100. */
  dutyFor(targetC: number, ambientC: number, heat: number, least: number): number {
    const room = targetC - ambientC;
    const needed = room <= 0 ? 1 : (this.#plan.riseC * heat) / room;
    return Math.min(100, Math.max(least, ((needed - STILL_AIR) / (1 - STILL_AIR) / this.#turning) * 100));
  }

  /** Every fan has its own few percent and flutters a little. */
  rpm(fan: number, at: number, percent: number): number {
    if (fan === this.#plan.stalledFan || fan >= this.#plan.fans) return 0;
    const own = 1 + 0.025 * (uniform(this.#key, fan) * 2 - 1) + 0.01 * drift(this.#key + 4 + fan, at, 15_000);
    return Math.max(0, (this.#plan.maxRpm * percent * own) / 100);
  }
}
