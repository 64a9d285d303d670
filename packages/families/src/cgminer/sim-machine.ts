import type { DeviceSeed } from '../sim/device.ts';
import { MiningSession } from '../sim/physics.ts';
import { type MachineDevice, MachineDevices, newDevices } from './sim-devices.ts';
import type { CgminerPlan, PoolPlan } from './sim-plan.ts';
import { type MachinePool, MachinePools } from './sim-pools.ts';
import type { CgminerQuirks } from './sim-quirks.ts';
import { DebugSettings } from './sim-settings.ts';

/**
 * When a better pool takes over: its connection must live for `--fallback-time` (120 s), comes up a few seconds after it
 * was asked for and is looked at every 5 s; seen between 125 and 135 s (`protocols.md` 1.4).
 */
const FALLBACK_S = 129;

/** From the start of the program to `Elapsed` 0. */
const INIT_MS = 1000;

/** From the end of the first log interval to the open API: 6 to 7 s after start with 5 s (`protocols.md` 1.1). */
const API_OPENS_MS = 1500;

/** How long a supervisor takes to start the program again. */
const SUPERVISOR_MS = 10_000;

/** What the default file keeps of a program: pools in the order of their priority, and the setting that changes. */
interface Saved {
  readonly pools: readonly PoolPlan[];
  readonly hotplugS: number;
}

/** What counts between two zeros: one session of physics, with the pools and devices that work in it. */
interface Work {
  readonly session: MiningSession;
  readonly pools: MachinePools;
  readonly devices: MachineDevices;
}

/** One cgminer process after the other on one machine. Reads change nothing; writes come with their time. */
export class CgminerMachine {
  readonly plan: CgminerPlan;
  readonly seed: DeviceSeed;
  readonly quirks: CgminerQuirks;
  readonly debug = new DebugSettings();
  hotplugS: number;
  #work: Work;
  /** Best share of the session that `zero bestshare` has hidden: 0 is shown until a better one comes. */
  #hiddenBestShare = 0;
  /** The default file: read besides the command line at the next start (transcripts, surprise 10). */
  #saved: Saved | null = null;
  /** When this process started, epoch ms. */
  #startedAt: number;
  #run = 0;
  /** When `quit` ended it; null while it runs. */
  #quitAt: number | null = null;

  constructor(plan: CgminerPlan, seed: DeviceSeed, quirks: CgminerQuirks) {
    this.plan = plan;
    this.seed = seed;
    this.quirks = quirks;
    this.hotplugS = plan.hotplugS;
    this.#startedAt = seed.poweredAt + plan.bootMs;
    this.#work = this.#fresh();
  }

  /** When this process started, epoch ms. */
  get startedAt(): number {
    return this.#startedAt;
  }

  get session(): MiningSession {
    return this.#work.session;
  }

  get pools(): MachinePools {
    return this.#work.pools;
  }

  get devices(): MachineDevices {
    return this.#work.devices;
  }

  /** Until the API opens, and after `quit`, connections are refused. */
  listening(now: number): boolean {
    this.settle(now);
    return this.#quitAt === null && now >= this.#startedAt + this.plan.logIntervalS * 1000 + API_OPENS_MS;
  }

  /** Brings what happens by itself up to a time. */
  settle(now: number): void {
    const back = this.#quitAt === null || !this.quirks.supervised ? null : this.#quitAt + SUPERVISOR_MS;
    if (back !== null && now >= back) this.restart(back);
    this.pools.settle(now);
    this.devices.settle(now, this.#startedAt);
  }

  quit(now: number): void {
    this.#quitAt = now;
  }

  /** A new process: everything as the command line and the default file say. */
  restart(now: number): void {
    this.#quitAt = null;
    this.#startedAt = now;
    this.#run++;
    // What the file says goes before the command line, which was read first.
    this.hotplugS = this.#saved?.hotplugS ?? this.plan.hotplugS;
    this.debug.reset();
    this.#work = this.#fresh();
  }

  #fresh(): Work {
    const pools = [...this.plan.pools, ...(this.#saved?.pools ?? [])];
    return this.#begin(
      this.#startedAt + INIT_MS,
      pools.map((pool, i) => ({ ...pool, physical: i, priority: i, quota: pool.quota ?? 1, enabled: true })),
      newDevices(this.plan.devices),
    );
  }

  /** `zero all`: counters, rates and `Elapsed` begin again, the process goes on. */
  zero(now: number): void {
    const { pools, devices } = this.#work;
    this.#run++;
    this.#work = this.#begin(
      now,
      pools.list.map((pool, physical) => ({ ...pool, physical })),
      devices.list,
      pools.enabledCounter,
    );
    this.pools.use(now);
  }

  #begin(
    startedAt: number,
    pools: readonly MachinePool[],
    devices: readonly MachineDevice[],
    enabledPools = pools.length,
  ): Work {
    const { plan, seed } = this;
    this.#hiddenBestShare = 0;
    const session = new MiningSession({
      seed: seed.seed,
      run: this.#run,
      startedAt,
      warm: this.#run > 0,
      boards: plan.devices,
      pools: pools.map((pool) => this.#physical(pool)),
      cooling: plan.cooling,
      idleW: plan.idleW,
      startDelayS: plan.startDelayS,
      rampS: 5,
      fallbackS: FALLBACK_S,
    });
    const poolList = new MachinePools(session, pools, enabledPools, (pool) => this.#physical(pool));
    return { session, pools: poolList, devices: new MachineDevices(session, devices, () => poolList.everAdded) };
  }

  #physical({ difficulty, outagesPerDay = 0, dead = false }: PoolPlan) {
    return { difficulty: this.plan.luckless === true ? Number.POSITIVE_INFINITY : difficulty, outagesPerDay, dead };
  }

  zeroBestShare(now: number): void {
    this.#hiddenBestShare = this.session.bestShare(now);
  }

  bestShare(now: number): number {
    const best = this.session.bestShare(now);
    return best > this.#hiddenBestShare ? best : 0;
  }

  /** `save` to the default file. Whether a pool was enabled is not in it. */
  save(): void {
    const pools = this.pools.byPriority.map(
      ({ url, user, pass, difficulty, dead = false, outagesPerDay = 0, quota }): PoolPlan => {
        return { url, user, pass, difficulty, dead, outagesPerDay, quota };
      },
    );
    this.#saved = { pools, hotplugS: this.hotplugS };
  }
}
