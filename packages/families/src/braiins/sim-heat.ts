import { between, streamKey } from '../sim/counter-random.ts';
import { FanHeat } from '../sim/fan-heat.ts';
import { drift, Thermal } from '../sim/thermal.ts';
import { ASSUMED } from './sim-assumed.ts';
import { type BraiinsPlan, boardW } from './sim-plan.ts';
import type { CoolingSetting } from './sim-state.ts';

/** What the air sees of the machine at a moment. */
export interface Warmth {
  readonly cooling: CoolingSetting;
  /** Part of nominal heat of each board. */
  readonly heats: readonly number[];
  /** When mining was paused, epoch ms; null while it is not. */
  readonly pausedAt: number | null;
  /** Least duty of the fans by the advanced settings, %. */
  readonly floor: number;
}

/** Immersion and hydro: the liquid, °C, and how much it takes of the rise that air leaves at full speed. */
const LIQUID_C = 38;
const LIQUID_RISE = 0.7;
/** No board gets hotter: its own protection stops it. */
const PROTECTED_C = 105;

/** Fans and temperatures of one machine. */
export class Heat {
  readonly #plan: BraiinsPlan;
  readonly #seed: number;
  readonly #key: number;
  readonly #air: Thermal;
  readonly #fans: FanHeat;

  constructor(plan: BraiinsPlan, seed: number, stalledFan: boolean) {
    this.#plan = plan;
    this.#seed = seed;
    this.#key = streamKey(seed, 'braiins-heat');
    const { fans, maxRpm, riseC } = plan;
    this.#air = new Thermal(seed, { fans, maxRpm, minPercent: 0, targetC: 60, riseC });
    this.#fans = new FanHeat(seed, { fans, maxRpm, riseC, ...(stalledFan && { stalledFan: 0 }) });
  }

  /** Heat of a board at a level, as a part of its nominal heat. */
  heatOf(level: number): number {
    return boardW(this.#plan, level) / boardW(this.#plan, 1);
  }

  ambientC(now: number): number {
    return this.#air.ambientC(now);
  }

  /** Duty of the fans, 0 to 100. */
  percent(now: number, warmth: Warmth): number {
    const { cooling, pausedAt, floor } = warmth;
    if (isLiquid(cooling)) return 0;
    const duty = pausedAt === null ? this.#duty(now, warmth) : this.#pausedDuty(now, warmth, pausedAt);
    if (pausedAt === null && this.#hottestAt(now, warmth, duty) >= cooling.hot) return 100;
    return Math.max(duty, pausedAt === null ? floor : 0);
  }

  #duty(now: number, { cooling, heats, floor }: Warmth): number {
    if (cooling.mode !== 'auto') return cooling.ratio * 100;
    const heat = Math.max(0, ...heats);
    const board = cooling.target - this.#plan.chipAboveBoardC * heat;
    const duty = this.#fans.dutyFor(board, this.ambientC(now), heat, Math.max(cooling.minFan, floor));
    return Math.min(cooling.maxFan, duty);
  }

  #pausedDuty(now: number, warmth: Warmth, pausedAt: number): number {
    const { pause } = warmth.cooling;
    const since = now - pausedAt;
    if (pause.mode === 'manual') {
      return pause.limited && since >= ASSUMED.pauseRuntimeS * 1000 ? 0 : pause.ratio * 100;
    }
    // From the speed that nominal heat would have asked for; the boards cool down in the meantime.
    const from = this.#duty(pausedAt, { ...warmth, heats: warmth.heats.map(() => 1) });
    return from * Math.max(0, 1 - since / ASSUMED.pauseFansMs);
  }

  rpm(now: number, fan: number, warmth: Warmth): number {
    return Math.round(this.#fans.rpm(fan, now, this.percent(now, warmth)) / 30) * 30;
  }

  /** A place on a board, as its sensor says. @param part 0 the air that goes in, 1 the hottest place of the board */
  placeC(now: number, board: number, part: number, warmth: Warmth): number {
    return this.#round(this.#placeAt(now, board, part, warmth, this.percent(now, warmth)));
  }

  /** The hottest chip of a board. */
  chipC(now: number, board: number, warmth: Warmth): number {
    return this.#round(this.#chipAt(now, board, warmth, this.percent(now, warmth)));
  }

  hottestC(now: number, warmth: Warmth): number {
    return this.#round(this.#hottestAt(now, warmth, this.percent(now, warmth)));
  }

  #hottestAt(now: number, warmth: Warmth, percent: number): number {
    return Math.max(...warmth.heats.map((_, board) => this.#chipAt(now, board, warmth, percent)));
  }

  #chipAt(now: number, board: number, warmth: Warmth, percent: number): number {
    const above = this.#plan.chipAboveBoardC * (warmth.heats[board] ?? 0);
    return Math.min(PROTECTED_C + 15, this.#placeAt(now, board, 1, warmth, percent) + above);
  }

  #placeAt(now: number, board: number, part: number, { cooling, heats }: Warmth, percent: number): number {
    const heat = heats[board] ?? 0;
    const liquid = isLiquid(cooling);
    const room = liquid ? LIQUID_C : this.ambientC(now);
    const rise = liquid ? this.#plan.riseC * LIQUID_RISE * heat : this.#fans.riseC(heat, percent);
    const own = 0.95 + 0.1 * between(streamKey(this.#seed, 'places', board), 0, 0, 1);
    const flutter = 0.5 * heat * drift(this.#key + board * 8 + Math.round(part * 4), now, 20_000);
    return Math.min(PROTECTED_C, room + rise * own * part + flutter);
  }

  #round(celsius: number): number {
    const { stepC } = this.#plan;
    return Math.round(celsius / stepC) * stepC;
  }
}

export const isLiquid = ({ mode }: CoolingSetting): boolean => mode === 'immersion' || mode === 'hydro';
