import { between, streamKey } from '../sim/counter-random.ts';
import { drift, Thermal } from '../sim/thermal.ts';
import type { LuxosPlan } from './sim-plan.ts';

/** A part of the heat leaves without a fan. */
const STILL_AIR = 0.2;
/** No board gets hotter: its firmware throttles it. */
const PROTECTED_C = 92;

/** What the fans are set to: a fixed speed, or the range that the automatic has; %. */
export interface FanRule {
  readonly fixed: number | null;
  readonly min: number;
  readonly max: number;
}

/** The air, the fans and what they make of the heat of the boards. Heat is a part of nominal. */
export class Heat {
  readonly #thermal: Thermal;
  readonly #key: number;
  readonly #seed: number;

  constructor(plan: LuxosPlan, seed: number, stalledFan: boolean) {
    this.#seed = seed;
    this.#key = streamKey(seed, 'luxos-heat');
    this.#thermal = new Thermal(seed, {
      fans: plan.fans,
      maxRpm: plan.maxRpm,
      minPercent: 20,
      targetC: plan.targetC,
      riseC: 22,
      ...(stalledFan ? { stalledFan: 0 } : {}),
    });
  }

  fanPercent(now: number, heat: number, rule: FanRule): number {
    return rule.fixed ?? Math.min(rule.max, Math.max(rule.min, this.#thermal.fanPercent(now, heat)));
  }

  fanRpm(now: number, fan: number, heat: number, rule: FanRule): number {
    const automatic = this.#thermal.fanPercent(now, heat);
    return (this.#thermal.fanRpm(fan, now, heat) * this.fanPercent(now, heat, rule)) / automatic;
  }

  /**
   * A place on a board.
   * @param heat of the board itself, `all` of the machine
   * @param warmth 0 the air that goes in, 1 the hottest place of the board
   */
  placeC(
    now: number,
    board: number,
    { heat, all }: { heat: number; all: number },
    warmth: number,
    rule: FanRule,
  ): number {
    const room = this.#thermal.ambientC(now);
    const air = (percent: number) => STILL_AIR + ((1 - STILL_AIR) * percent) / 100;
    const automatic = this.#thermal.fanPercent(now, all);
    const worse = air(automatic) / air(this.fanPercent(now, all, rule));
    const whole = all > 0 ? this.#thermal.riseC(now, all) * (heat / all) * worse : 0;
    const rise = Math.max(0, Math.min(whole, PROTECTED_C - room));
    const place = Math.round(warmth * 100);
    const own = 0.94 + 0.1 * between(streamKey(this.#seed, 'places', board), place, 0, 1);
    return room + rise * warmth * own + 0.6 * heat * drift(this.#key + board * 64 + place, now, 20_000);
  }
}
