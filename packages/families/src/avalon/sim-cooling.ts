import { type CoolingPlan, Thermal } from '../sim/thermal.ts';

/** Higher than anything gets: a fan control with this target does nothing of its own. */
const NEVER_HOT_C = 10_000;

/** Air, fans and heat of an Avalon whose fans may have been told what to do. */
export class Cooling {
  /** The fan control, which does not go below the limit. */
  readonly #control: Thermal;
  /** Fans that turn at the upper limit whatever the heat; null: there is none below 100 %. */
  readonly #limited: Thermal | null;
  readonly #max: number;

  /** @param limits percent; null: the fan control's own */
  constructor(seed: number, plan: CoolingPlan, limits: { readonly min: number; readonly max: number } | null) {
    const { min, max } = limits ?? { min: plan.minPercent, max: 100 };
    this.#max = max;
    this.#control = new Thermal(seed, { ...plan, minPercent: min });
    this.#limited = max >= 100 ? null : new Thermal(seed, { ...plan, minPercent: max, targetC: NEVER_HOT_C });
  }

  #at(at: number, heat: number): Thermal {
    return this.#limited !== null && this.#control.fanPercent(at, heat) > this.#max ? this.#limited : this.#control;
  }

  ambientC(at: number): number {
    return this.#control.ambientC(at);
  }

  fanPercent(at: number, heat: number): number {
    return this.#at(at, heat).fanPercent(at, heat);
  }

  fanRpm(fan: number, at: number, heat: number): number {
    return this.#at(at, heat).fanRpm(fan, at, heat);
  }

  riseC(at: number, heat: number): number {
    return this.#at(at, heat).riseC(at, heat);
  }
}
