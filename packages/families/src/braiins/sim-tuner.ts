import type { MinerConfig, PerformanceSetting } from './sim-state.ts';

/** What the tuner found for one target. */
export interface TunedProfile {
  readonly mode: 'power' | 'hashrate';
  /** W or TH/s. */
  readonly target: number;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly measuredHs: number;
  readonly estimatedW: number;
}

/** Whoever sets a new target for ever must not fill the memory: the oldest profile goes. */
const MOST_PROFILES = 64;

/** Targets and the profiles that were found for them. Profiles outlive every restart. */
export class Tuner {
  profiles: readonly TunedProfile[] = [];
  /** The target that dynamic scaling made of the one that is set; null: that one. */
  scaled: number | null = null;
  /** When dynamic scaling stepped last, epoch ms. */
  steppedAt = 0;

  /** The target in force: W or TH/s; null while the tuner is off. */
  target({ performance }: MinerConfig): number | null {
    const set = targetOf(performance);
    return set === null ? null : (this.scaled ?? set);
  }

  profile(config: MinerConfig): TunedProfile | null {
    const target = this.target(config);
    const { mode } = config.performance;
    return this.profiles.find((one) => one.mode === mode && one.target === target) ?? null;
  }

  add(profile: TunedProfile): void {
    this.profiles = [...this.profiles.slice(1 - MOST_PROFILES), profile];
  }

  /** Begins with what is set, or with the part of it that dynamic scaling starts from. */
  reset({ performance, dps }: MinerConfig, now: number): void {
    const set = targetOf(performance);
    this.steppedAt = now;
    const starts = set !== null && dps.enabled && dps.startPercent < 100;
    this.scaled = starts
      ? Math.max(leastOf(performance, dps), rounded(performance, (set * dps.startPercent) / 100))
      : null;
  }

  /**
   * One step of dynamic scaling, down or up.
   * @returns false: it is at its end already
   */
  step({ performance, dps }: MinerConfig, now: number, down: boolean): boolean {
    const set = targetOf(performance);
    if (set === null) return false;
    const step = performance.mode === 'power' ? dps.powerStepW : dps.hashrateStepThs;
    const from = this.scaled ?? set;
    const to = down ? Math.max(leastOf(performance, dps), from - step) : Math.min(set, from + step);
    if (down ? to >= from : to <= from) return false;
    this.scaled = to === set ? null : rounded(performance, to);
    this.steppedAt = now;
    return true;
  }
}

/** The target that is set: W or TH/s; null while the tuner is off. */
function targetOf({ mode, powerW, hashrateThs }: PerformanceSetting): number | null {
  return mode === 'power' ? powerW : mode === 'hashrate' ? hashrateThs : null;
}

const leastOf = ({ mode }: PerformanceSetting, dps: MinerConfig['dps']): number =>
  mode === 'power' ? dps.minPowerW : dps.minHashrateThs;

const rounded = ({ mode }: PerformanceSetting, value: number): number =>
  mode === 'power' ? Math.round(value) : Number(value.toFixed(2));
