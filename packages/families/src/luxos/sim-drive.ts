import { between } from '../sim/counter-random.ts';
import { Operation } from '../sim/operation.ts';

/** What the boards are driven with: frequency and voltage over time, and whether they have power at all. */
export class BoardDrive {
  /** The level of the frequency that all chips have: 1 is the nominal one. */
  readonly #operation: Operation;
  readonly #nominalMhz: number;
  /** A frequency of its own; null: what the profile says. Lost with the run. */
  mhz: number | null = null;
  /** Chips with a frequency of their own. */
  readonly chips = new Map<number, number>();
  /** `reboot` took it off: when it starts to come back, epoch ms, `Infinity` for never. Null while it is on. */
  offUntil: number | null = null;
  /** When it began to hash, epoch ms. */
  onSince: number;

  constructor(nominalMhz: number, startedAt: number, level: number, delayS: number, rampS: number, key: number) {
    this.#nominalMhz = nominalMhz;
    this.#operation = new Operation(startedAt);
    if (level > 0) this.#operation.request(startedAt, level, rampS * 1000, delayS * 1000);
    this.onSince = startedAt + (delayS + between(key, 0, 0, 6)) * 1000;
  }

  /** @param level 0 stops at once; without a ramp anything is reached at once */
  run(now: number, level: number, rampS: number): void {
    if (this.#operation.target(now) === 0 && level > 0) this.onSince = now;
    this.#operation.request(now, level, level === 0 ? 0 : rampS * 1000);
  }

  /** Whether the frequency is still on its way. */
  isRamping(now: number): boolean {
    return Math.abs(this.#operation.levelRequested(now) - this.#operation.target(now)) > 1e-9;
  }

  /** MHz at this moment; on its way it goes in steps of 5. */
  mhzNow(now: number): number {
    const mhz = this.#operation.levelRequested(now) * this.#nominalMhz;
    return this.isRamping(now) ? Math.round(mhz / 5) * 5 : Math.round(mhz);
  }

  chipMhzNow(now: number, chip: number): number {
    const mhz = this.mhzNow(now);
    return mhz === 0 ? 0 : (this.chips.get(chip) ?? mhz);
  }
}
