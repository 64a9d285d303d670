import {
  asStarted,
  DebugSettings,
  FALLBACK_S,
  type PoolSetting,
  type RunningPool,
  RunningPools,
} from '@headframe/wire/cgminer-server';
import type { DeviceSeed, WorkDone } from '../sim/device.ts';
import { MiningSession } from '../sim/physics.ts';
import { workDone } from '../sim/work-done.ts';
import { type MachineDevice, MachineDevices, newDevices } from './sim-devices.ts';
import type { CgminerPlan, PoolPlan } from './sim-plan.ts';
import type { CgminerQuirks } from './sim-quirks.ts';

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
  readonly pools: RunningPools<PoolPlan>;
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

  get pools(): RunningPools<PoolPlan> {
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

  workDone(now: number): WorkDone[] {
    this.settle(now);
    const { session, pools, devices } = this.#work;
    const run = { startedAt: session.plan.startedAt, endedAt: this.#quitAt };
    const counted = pools.ever.map((setting, pool) => ({
      url: setting.url,
      worker: setting.user,
      difficulty: this.#physical(setting).difficulty,
      shares: (at: number) => devices.shares(at, { pool }),
      lastShareAt: (at: number) => session.lastShareAt(at, { pool }),
    }));
    return workDone(now, run, counted);
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
    const pools = asStarted([...this.plan.pools, ...(this.#saved?.pools ?? [])]);
    return this.#begin(this.#startedAt + INIT_MS, pools, newDevices(this.plan.devices));
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
    pools: readonly RunningPool<PoolPlan>[],
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
    const work = {
      add: (now: number, pool: PoolPlan) => session.addPool(now, this.#physical(pool)),
      use: (now: number, order: readonly number[]) => session.setPools(now, order),
      current: (now: number) => session.currentPool(now),
    };
    const poolList = new RunningPools(work, pools, enabledPools);
    return { session, pools: poolList, devices: new MachineDevices(session, devices, () => poolList.everAdded) };
  }

  #physical({ difficulty, outagesPerDay = 0, dead = false }: PoolPlan) {
    return { difficulty: this.plan.luckless === true ? Number.POSITIVE_INFINITY : difficulty, outagesPerDay, dead };
  }

  /**
   * What it keeps of a pool that `addpool` brings. Nothing is escaped on the way to the pool: with a quote or a backslash
   * it gets broken JSON and stays dead (transcripts, surprise 9).
   */
  readonly settingOf = ({ url, user, pass }: PoolSetting): PoolPlan => ({
    url,
    user,
    pass,
    difficulty: this.plan.pools[0]?.difficulty ?? 1,
    dead: !this.plan.reachable(url) || /["\\]/.test(user + pass),
  });

  zeroBestShare(now: number): void {
    this.#hiddenBestShare = this.session.bestShare(now);
  }

  bestShare(now: number): number {
    const best = this.session.bestShare(now);
    return best > this.#hiddenBestShare ? best : 0;
  }

  /**
   * `save`; whether a pool was enabled is not in it. A copy under another name is read by nobody: only the default file
   * (null) is kept. Gives the file's name.
   */
  save(file: string | null): string {
    if (file !== null) return file;
    const pools = this.pools.byPriority.map(
      ({ url, user, pass, difficulty, dead = false, outagesPerDay = 0, quota }): PoolPlan => {
        return { url, user, pass, difficulty, dead, outagesPerDay, quota };
      },
    );
    this.#saved = { pools, hotplugS: this.hotplugS };
    return this.plan.saveFile;
  }
}
