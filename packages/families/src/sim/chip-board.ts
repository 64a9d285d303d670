import { streamKey, uniform } from './counter-random.ts';
import { FanHeat } from './fan-heat.ts';
import { MiningSession, type PoolPlan } from './physics.ts';
import { drift } from './thermal.ts';

/** A small miner: one board with a few chips whose frequency, voltage and fans can be set. Defaults make level 1. */
export interface ChipBoardPlan {
  readonly seed: number;
  readonly chips: number;
  /** H/s of one chip per Hz of its clock. */
  readonly hashesPerClock: number;
  readonly mhz: number;
  readonly mv: number;
  /** W of all chips. */
  readonly chipW: number;
  /** W of fan and control. */
  readonly idleW: number;
  readonly fans: number;
  readonly maxRpm: number;
  /** °C above the room with all fans at 100 %. */
  readonly riseC: number;
  readonly deadChip?: number;
  readonly stalledFan?: number;
  /** Beyond this part of its default frequency a chip finds nothing. */
  readonly mostOverclock: number;
  /** Seconds from the start of a session to the first hashes, from there to the frequency, and after a change. */
  readonly startDelayS: number;
  readonly rampS: number;
  readonly changeRampS: number;
}

/** What the board was told. */
export interface Drive {
  /** 0: stopped. */
  readonly mhz: number;
  readonly mv: number;
  /** Duty of the first fan, or what its control holds. */
  readonly fan: { readonly percent: number } | { readonly targetC: number; readonly least: number };
}

const MOST_REMEMBERED = 200;

/** The board over all its sessions: what it was told when, and what it does and reads then. */
export class ChipBoard {
  readonly plan: ChipBoardPlan;
  readonly #heat: FanHeat;
  readonly #key: number;
  #drives: { readonly at: number; readonly drive: Drive }[] = [];
  #session: MiningSession;

  constructor(plan: ChipBoardPlan, at: number, pools: readonly PoolPlan[], drive: Drive) {
    this.plan = plan;
    this.#key = streamKey(plan.seed, 'chip-board');
    const { riseC, fans, maxRpm } = plan;
    const stalled = plan.stalledFan === undefined ? {} : { stalledFan: plan.stalledFan };
    this.#heat = new FanHeat(plan.seed, { riseC, fans, maxRpm, ...stalled });
    this.#session = this.#newSession(at, 0, pools, drive);
  }

  get session(): MiningSession {
    return this.#session;
  }

  /** A restart. @param run number of the run, from 1 */
  restart(at: number, run: number, pools: readonly PoolPlan[], drive: Drive): void {
    this.#session = this.#newSession(at, run, pools, drive);
  }

  #newSession(at: number, run: number, pools: readonly PoolPlan[], drive: Drive): MiningSession {
    const { plan } = this;
    this.#drives = [{ at, drive }];
    return new MiningSession({
      seed: plan.seed,
      run,
      startedAt: at,
      boards: Array.from({ length: plan.chips }, (_, chip) => ({
        nominalHs: plan.mhz * 1e6 * plan.hashesPerClock,
        powerW: plan.chipW / plan.chips,
        dead: chip === plan.deadChip,
      })),
      pools,
      cooling: { fans: plan.fans, maxRpm: plan.maxRpm, minPercent: 0, targetC: 60, riseC: plan.riseC },
      idleW: plan.idleW,
      level: this.#level(drive),
      startDelayS: plan.startDelayS,
      rampS: plan.rampS,
      warm: run > 0,
      noise: 0.05,
      fallbackS: 60,
    });
  }

  #level({ mhz }: Drive): number {
    return mhz > this.plan.mhz * this.plan.mostOverclock ? 0 : mhz / this.plan.mhz;
  }

  /** From now on. */
  drive(now: number, drive: Drive): void {
    const level = this.#level(drive);
    const { session } = this;
    if (Math.abs(session.operation.target(now) - level) > 1e-9) {
      session.setLevel(Math.max(now, session.plan.startedAt), level, this.plan.changeRampS);
    }
    this.#drives.push({ at: now, drive });
    if (this.#drives.length > MOST_REMEMBERED) this.#drives.splice(0, MOST_REMEMBERED / 2);
  }

  #at(at: number): Drive {
    const { drive } = this.#drives.findLast((one) => one.at <= at) ?? this.#drives[0] ?? { drive: STOPPED };
    return drive;
  }

  /** Power of a chip goes with the square of its voltage. */
  #voltageFactor({ mv }: Drive): number {
    return (mv / this.plan.mv) ** 2;
  }

  /** Part of nominal, as heat follows it. */
  #warmth(at: number): number {
    // Settles the choice of pools, on which work and heat depend.
    this.session.currentPool(at);
    return this.session.operation.lagged(at) * this.#voltageFactor(this.#at(at));
  }

  powerW(at: number): number {
    const { idleW } = this.plan;
    return idleW + (this.session.powerW(at) - idleW) * this.#voltageFactor(this.#at(at));
  }

  /** MHz at which chips find something. */
  actualMhz(at: number): number {
    const drive = this.#at(at);
    return this.#level(drive) === 0 ? 0 : drive.mhz;
  }

  /** Duty of the first fan, 0 to 100. */
  fanPercent(at: number): number {
    const { fan } = this.#at(at);
    if ('percent' in fan) return fan.percent;
    return this.#heat.dutyFor(fan.targetC, this.session.ambientC(at), this.#warmth(at), fan.least);
  }

  fanRpm(at: number, fan: number, percent = this.fanPercent(at)): number {
    return Math.round(this.#heat.rpm(fan, at, percent));
  }

  /** °C of a chip. @param place its number: each has its own degree */
  chipC(at: number, place = 0): number {
    const warmth = this.#warmth(at);
    const own = place === 0 ? 1 : 0.92 + 0.06 * uniform(this.#key, place);
    const flutter = 0.5 * warmth * drift(this.#key + 64 + place, at, 20_000);
    return this.session.ambientC(at) + this.#heat.riseC(warmth, this.fanPercent(at)) * own + flutter;
  }

  /** °C that the hottest chip would have in the long run as it is driven now. */
  settledC(now: number): number {
    const drive = this.#at(now);
    const { fan } = drive;
    const percent = 'percent' in fan ? fan.percent : 100;
    return this.session.ambientC(now) + this.#heat.riseC(this.#level(drive) * this.#voltageFactor(drive), percent);
  }

  /** mV at the cores: what was set, less what is lost on the way. */
  coreMv(at: number): number {
    const lost = 4 + 3 * uniform(this.#key, 1);
    return Math.max(0, Math.round(this.#at(at).mv - lost));
  }

  /** mV of a supply: a little more than it says. */
  inputMv(at: number, nominalV: number): number {
    const own = 1.01 + 0.03 * uniform(this.#key, 2);
    return Math.round((nominalV * 1000 * own - this.powerW(at) * 1.5) / 31.25) * 31.25;
  }
}

const STOPPED: Drive = { mhz: 0, mv: 0, fan: { percent: 100 } };
