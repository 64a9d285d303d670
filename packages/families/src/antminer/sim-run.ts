import {
  asStarted,
  DebugSettings,
  FALLBACK_S,
  type PoolSetting,
  type RunningPool,
  RunningPools,
} from '@headframe/wire/cgminer-server';
import { hash32, streamKey } from '../sim/counter-random.ts';
import type { WorkDone } from '../sim/device.ts';
import { MiningSession } from '../sim/physics.ts';
import { sessionWork } from '../sim/work-done.ts';
import { type MinerConfig, numberOf } from './sim-config.ts';
import type { AntminerModel } from './sim-models.ts';
import type { BoardState, MinerState, PoolState } from './sim-state.ts';

/** What one run of the mining program starts with. */
export interface RunPlan {
  readonly model: AntminerModel;
  readonly seed: number;
  readonly isOn: (switchName: string) => boolean;
  /** Number of the run, from 0. */
  readonly run: number;
  readonly startedAt: number;
  /** The file as it stands when the program starts: later changes wait for the next run. */
  readonly config: MinerConfig;
  /** A pool that never answers, by its URL. */
  readonly deadPool: string | null;
  /** Is told of every session of physics that begins: with the run, and at each `zero`. */
  readonly begins: (session: MiningSession, at: number) => void;
}

interface MinedPool extends PoolSetting {
  readonly dead: boolean;
}

/** Warmth of the four sensors of a board: two where the air goes in, two where it leaves. */
const PLACES = [0.72, 0.76, 1, 0.95];

/** The value that means sleep where the machine has a sleep mode (protocols.md 2.3). */
export const sleepMode = (isOn: (switchName: string) => boolean): number => (isOn('sleep-254') ? 254 : 1);

/** The part of nominal that a configuration makes the boards run at; 0 is sleep. */
function levelOf({ model, config, isOn }: RunPlan): number {
  const mode = numberOf(config.workMode) ?? 0;
  const tuned = (numberOf(config.frequency) ?? model.frequencyMHz) / model.frequencyMHz;
  if (model.web === 'old') return isOn('sleep-254') && mode === 254 ? 0 : Math.min(1.5, tuned);
  const plan = mode === sleepMode(isOn) ? { level: 0 } : model.modes.find(({ value }) => value === mode);
  return Math.min(1.5, tuned) * (plan?.level ?? 1) * ((numberOf(config.freqLevel) ?? 100) / 100);
}

/** `host:port`, with a scheme or without. Names that end in .invalid are nowhere (RFC 2606). */
const isReachable = (url: string): boolean =>
  /^(?:[a-z0-9+]+:\/\/)?[^\s/:@]+:[0-9]{1,5}(?:\/.*)?$/i.test(url) && !/\.invalid:/i.test(url);

/** One run of bmminer, from its start to its end. */
export class MinerRun {
  readonly plan: RunPlan;
  readonly debug = new DebugSettings();
  /** The program ended: it quit, or it was killed for a restart. */
  endedAt: number | null = null;
  #session: MiningSession;
  #pools: RunningPools<MinedPool>;
  readonly #level: number;
  #enabled = true;
  #stopped = false;
  /** Best share of the session that `zero bestshare` has hidden: 0 is shown until a better one comes. */
  #hiddenBest = 0;

  constructor(plan: RunPlan) {
    this.plan = plan;
    this.#level = levelOf(plan);
    const pools = plan.config.pools.filter(({ url }) => url !== '').map(this.settingOf);
    this.#session = this.#begin(plan.startedAt, pools, false);
    this.#pools = this.#poolsOf(asStarted(pools), pools.length);
  }

  get pools(): RunningPools<MinedPool> {
    return this.#pools;
  }

  get isAsleep(): boolean {
    return this.#level === 0;
  }

  get isEnabled(): boolean {
    return this.#enabled;
  }

  /** Nothing is escaped on the way to a pool: with a quote or a backslash it gets broken JSON (transcripts, surprise 9). */
  readonly settingOf = ({ url, user, pass }: PoolSetting): MinedPool => ({
    url,
    user,
    pass,
    dead: url === this.plan.deadPool || !isReachable(url) || /["\\]/.test(user + pass),
  });

  #begin(startedAt: number, pools: readonly MinedPool[], goesOn: boolean): MiningSession {
    const { model, isOn, seed, run } = this.plan;
    const lastBoard = model.chains.length - 1;
    const session = new MiningSession({
      seed,
      // A run is told from the one before; `zero` begins again within it.
      run: goesOn ? Math.floor(startedAt / 1000) : run,
      startedAt,
      warm: goesOn || run > 0,
      boards: model.chains.map((_, i) => ({
        nominalHs: model.idealHs / model.chains.length,
        powerW: model.boardW,
        dead: i === lastBoard && isOn('dead-board'),
      })),
      pools: pools.map((pool) => this.#physical(pool)),
      cooling: {
        fans: model.fans.length,
        maxRpm: model.maxRpm,
        minPercent: 20,
        targetC: 66,
        riseC: 24,
        ...(isOn('stalled-fan') ? { stalledFan: 0 } : {}),
      },
      idleW: model.idleW,
      level: this.#wanted,
      startDelayS: goesOn ? 0 : 120,
      rampS: goesOn ? 5 : 180,
      fallbackS: FALLBACK_S,
    });
    this.plan.begins(session, startedAt);
    return session;
  }

  #physical({ dead }: MinedPool) {
    const { poolDifficulty, difficultyScale } = this.plan.model;
    return { difficulty: poolDifficulty * difficultyScale, dead };
  }

  #poolsOf(pools: readonly RunningPool<MinedPool>[], enabledCounter: number): RunningPools<MinedPool> {
    const session = this.#session;
    const work = {
      add: (now: number, pool: MinedPool) => session.addPool(now, this.#physical(pool)),
      use: (now: number, order: readonly number[]) => session.setPools(now, order),
      current: (now: number) => session.currentPool(now),
    };
    return new RunningPools(work, pools, enabledCounter);
  }

  get #wanted(): number {
    return this.#enabled && !this.#stopped ? this.#level : 0;
  }

  // What it is told

  /** `zero all`: counters, rates and `Elapsed` begin again, the program goes on. */
  zero(now: number): void {
    const { list, enabledCounter } = this.#pools;
    this.#hiddenBest = 0;
    this.#session = this.#begin(now, list, true);
    this.#pools = this.#poolsOf(
      list.map((pool, physical) => ({ ...pool, physical })),
      enabledCounter,
    );
    this.#pools.use(now);
  }

  zeroBestShare(now: number): void {
    this.#hiddenBest = this.#session.bestShare(now);
  }

  /** `ascenable`, `ascdisable`: the boards of the one device run, or stand still. */
  setEnabled(now: number, enabled: boolean): void {
    this.#enabled = enabled;
    this.#session.setLevel(now, this.#wanted);
  }

  /** Port 6060 /shutdown, shutdown_slowly.cgi: the boards stop for the rest of this run. */
  stopHashing(now: number): void {
    this.#stopped = true;
    this.#session.setLevel(now, 0);
  }

  // What it knows

  /** Brings what happens by itself up to a time. */
  settle(now: number): void {
    this.#pools.settle(now);
  }

  workDone(now: number): WorkDone[] {
    const pools = this.#pools.ever.map((pool, i) => {
      const { difficulty } = this.#physical(pool);
      return { pool: i, url: pool.url, worker: pool.user, difficulty };
    });
    return sessionWork(now, this.#session, pools, { endedAt: this.endedAt });
  }

  stateAt(now: number): MinerState {
    const { model, config, isOn } = this.plan;
    const session = this.#session;
    const working = this.#pools.working(now);
    return {
      elapsed: Math.floor(session.elapsedS(now)),
      asleep: this.isAsleep,
      rate5s: session.hashrateHs(now, 5),
      rate30m: session.hashrateHs(now, 1800),
      rateAverage: session.averageHs(now),
      boards: model.chains.map((_, i) => this.#board(i, now)),
      fans: model.fans.map((_, i) => this.#fan(i, now)),
      pools: this.#pools.list.map((pool) => this.#pool(pool, now)),
      currentPool: working === null ? -1 : this.#pools.list.indexOf(working),
      power: session.powerW(now),
      complaints: {
        ...(isOn('stalled-fan') ? { fans: 'fan lost' } : {}),
        ...(isOn('network-warning') ? { network: 'network connection lost' } : {}),
      },
      frequencyMHz: numberOf(config.frequency) ?? model.frequencyMHz,
      workMode: numberOf(config.workMode) ?? 0,
      freqLevel: numberOf(config.freqLevel) ?? 100,
      enabled: this.#enabled,
    };
  }

  #board(i: number, now: number): BoardState {
    const { model, isOn, seed } = this.plan;
    const word = hash32(streamKey(seed, 'antminer'), 10 + i);
    return {
      found: !(i === model.chains.length - 1 && isOn('dead-board')),
      rate: this.#session.hashrateHs(now, 5, i),
      pcb: PLACES.map((warmth) => Math.round(this.#session.sensorC(now, i, warmth))),
      errors: this.#session.hardwareErrors(now, i),
      deadChips: i === 0 && isOn('dead-chip') ? [10] : [],
      serial: `SIM${word.toString(16).padStart(8, '0').toUpperCase()}${i}`,
    };
  }

  #fan(i: number, now: number): number {
    const { fanCtrl, fanPwm } = this.plan.config;
    const duty = fanCtrl ? numberOf(fanPwm) : null;
    const share = duty === null ? 1 : Math.min(100, duty) / this.#session.fanPercent(now);
    return Math.round((this.#session.fanRpm(now, i) * share) / 60) * 60;
  }

  #pool({ physical, url, user, pass, priority, quota, enabled }: RunningPool<MinedPool>, now: number): PoolState {
    const session = this.#session;
    const last = session.lastShareAt(now, { pool: physical });
    const best = session.bestShare(now, physical);
    return {
      url,
      user,
      password: pass,
      alive: session.poolAlive(now, physical),
      ...session.shares(now, { pool: physical }),
      difficulty: this.plan.model.poolDifficulty,
      lastShare: last === null ? null : Math.floor((now - last) / 1000),
      best: best > this.#hiddenBest ? Math.floor(best / this.plan.model.difficultyScale) : 0,
      priority,
      quota,
      enabled,
    };
  }
}
