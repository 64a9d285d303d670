import { streamKey } from '../sim/counter-random.ts';
import { MiningSession } from '../sim/physics.ts';
import { ASSUMED } from './sim-assumed.ts';
import type { GpuPlan } from './sim-plan.ts';

/** Why a GPU does not hash, in the order in which they are printed (protocols.md 5.5). */
export const PAUSE_REASONS = [
  'Overheating',
  'Api request',
  'Farm suspended',
  'Insufficient GPU memory',
  'Epoch initialization error',
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** A difficulty of the physics; ethminer's is in hashes. */
export const HASHES_PER_DIFFICULTY = 2 ** 32;

export interface GpuStart {
  readonly plan: GpuPlan;
  readonly index: number;
  readonly seed: number;
  readonly run: number;
  readonly startedAt: number;
  readonly difficulty: number;
  readonly roomC: number;
  readonly stalledFan: boolean;
  readonly luckless: boolean;
  /** Limits between which it swings when it has no fan; null: it is never stopped. */
  readonly stop: { readonly start: number; readonly stop: number } | null;
}

/** One GPU of a running ethminer. */
export class Gpu {
  readonly plan: GpuPlan;
  readonly index: number;
  readonly #start: GpuStart;
  readonly #session: MiningSession;
  readonly #reasons = new Set<PauseReason>();
  #working = false;
  /** When the DAG is there. */
  #readyAt = Number.NEGATIVE_INFINITY;
  /** Since when it swings between the limits; null: it does not. */
  #swingsSince: number | null = null;

  constructor(start: GpuStart) {
    this.#start = start;
    this.plan = start.plan;
    this.index = start.index;
    this.#session = new MiningSession({
      seed: streamKey(start.seed, 'gpu', start.index),
      run: start.run,
      startedAt: start.startedAt,
      boards: [{ nominalHs: start.plan.nominalHs, powerW: start.plan.powerW }],
      pools: [{ difficulty: start.difficulty / HASHES_PER_DIFFICULTY, outagesPerDay: 0 }],
      cooling: {
        fans: 1,
        maxRpm: 3000,
        minPercent: 25,
        targetC: 64,
        riseC: 30,
        roomC: start.roomC,
        ...(start.stalledFan && { stalledFan: 0 }),
      },
      idleW: 9,
      level: 0,
      startDelayS: 0,
      rampS: ASSUMED.rampS,
      noise: 0.006,
    });
  }

  // What it is told

  get paused(): boolean {
    return this.#reasons.size > 0;
  }

  get reasons(): readonly PauseReason[] {
    return PAUSE_REASONS.filter((reason) => this.#reasons.has(reason));
  }

  pause(now: number, reason: PauseReason): void {
    this.#reasons.add(reason);
    this.#stop(now);
  }

  /** Lifts one reason. Where none is left it waits for the next job. */
  resume(now: number, reason: PauseReason): void {
    if (!this.#reasons.delete(reason) || this.paused) return;
    const nextJobAt = Math.ceil((now + 1) / ASSUMED.jobMs) * ASSUMED.jobMs;
    this.#work(now, Math.max(nextJobAt, this.#readyAt));
  }

  /** The DAG is built (anew), then it works. */
  build(now: number): void {
    this.#stop(now);
    this.#readyAt = Math.ceil(now) + ASSUMED.dagS * 1000;
    this.#reasons.delete('Overheating');
    if (this.#start.stalledFan && this.#start.stop !== null) this.#swingsSince = this.#readyAt;
    if (!this.paused) this.#work(now, this.#readyAt);
  }

  #stop(now: number): void {
    if (this.#working) this.#session.setLevel(now, 0);
    this.#working = false;
  }

  #work(now: number, from: number): void {
    this.#working = true;
    this.#session.setLevel(now, 0);
    this.#session.operation.request(now, 1, ASSUMED.rampS * 1000, from - now);
  }

  // Heat without a fan: up to the limit while it works, down while it is stopped

  /** When it reaches a limit next, epoch ms. */
  nextLimit(after: number): number {
    if (this.#swingsSince === null) return Number.POSITIVE_INFINITY;
    const { round, place } = this.#swing(Math.max(after, this.#swingsSince));
    const from = this.#swingsSince + round * PERIOD_MS;
    return place < HEAT_MS ? from + HEAT_MS : from + PERIOD_MS;
  }

  /** At a limit it stops or goes on. */
  atLimit(now: number): void {
    if (this.#swing(now).place < HEAT_MS) this.resume(now, 'Overheating');
    else this.pause(now, 'Overheating');
  }

  #swing(now: number) {
    const since = now - (this.#swingsSince ?? now);
    const round = Math.floor(since / PERIOD_MS);
    return { round, place: since - round * PERIOD_MS };
  }

  // How it is

  /** H/s. */
  rateHs(now: number): number {
    return this.#session.hashrateHs(now, ASSUMED.rateWindowS);
  }

  shares(now: number) {
    if (this.#start.luckless) return { accepted: 0, rejected: 0, stale: 0, failed: 0 };
    const failed = Math.floor(this.#session.hardwareErrors(now) / ASSUMED.errorsPerFailure);
    return { ...this.#session.shares(now), failed };
  }

  /** When the last share was accepted, epoch ms; the start while there is none. */
  lastShareAt(now: number): number {
    const last = this.#start.luckless ? null : this.#session.lastShareAt(now);
    return last ?? this.#start.startedAt;
  }

  /** °C, whole. */
  temperatureC(now: number): number {
    const { stop } = this.#start;
    if (this.#swingsSince === null || stop === null || now < this.#swingsSince) {
      return Math.round(this.#session.sensorC(now, 0, 1));
    }
    const { place } = this.#swing(now);
    const part = place < HEAT_MS ? place / HEAT_MS : 1 - (place - HEAT_MS) / (PERIOD_MS - HEAT_MS);
    return Math.round(stop.start + (stop.stop - stop.start) * part);
  }

  fanPercent(now: number): number {
    return this.#start.stalledFan ? 0 : Math.round(this.#session.fanPercent(now));
  }

  /** W, in whole milliwatts, as the driver counts them. */
  powerW(now: number): number {
    return Math.round(this.#session.powerW(now) * 1000) / 1000;
  }
}

const HEAT_MS = ASSUMED.heatUpS * 1000;
const PERIOD_MS = HEAT_MS + ASSUMED.coolDownS * 1000;
