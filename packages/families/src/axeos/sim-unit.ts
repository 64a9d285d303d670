import { ChipBoard, type Drive } from '../sim/chip-board.ts';
import { streamKey, uniform } from '../sim/counter-random.ts';
import type { DeviceSeed, WorkDone } from '../sim/device.ts';
import type { MiningSession, PoolPlan } from '../sim/physics.ts';
import { sessionWork } from '../sim/work-done.ts';
import { ASSUMED } from './sim-assumed.ts';
import type { Board } from './sim-boards.ts';
import type { Quirk } from './sim-quirks.ts';
import { type Release, releaseOf } from './sim-releases.ts';
import { copyOf, NETWORKS, newStore, numberOf, poolIndex, type Store, textOf } from './sim-store.ts';

/** Brown-outs: one in each stretch of this length. */
const BROWN_OUT_MS = 600_000;
const NEVER = Number.POSITIVE_INFINITY;
/** How long the test at the end of the factory's line keeps the device off the network. */
const SELF_TEST_MS = 180_000;

/** A program in a partition. */
export interface Program {
  readonly release: Release;
  readonly date: string;
  readonly time: string;
}

/** One Bitaxe: what it keeps, what it runs, and what will happen to it. */
export class Bitaxe {
  readonly seed: number;
  readonly board: Board;
  readonly isOn: (quirk: Quirk) => boolean;
  release: Release;
  store: Store;
  /** The store as it was at the last start: what needs a restart acts from here. */
  started: Store;
  bootedAt: number;
  resetReason: string = ASSUMED.resetPower;
  runningPartition = 'factory';
  readonly partitions: Map<string, Program>;
  /** The version of the web page. */
  page: string;
  /** Of all runs before this one. */
  bestBefore = 0;
  uptimeBeforeS = 0;
  hashesBefore = 0;
  theme: Record<string, unknown> = { ...ASSUMED.theme };
  identifyUntil = 0;
  paused: boolean;
  readonly blockFound: boolean;
  showNewBlock: boolean;
  /** Since when statistics are kept. */
  statsSince: number;
  scanUntil = 0;
  readonly chips: ChipBoard;
  #run = 0;
  #restartAt = NEVER;
  #next: { readonly partition: string; readonly release: Release | null } | null = null;
  /** The last flashed program is none of AxeOS. */
  #isGone = false;
  #overheatAt = NEVER;
  #brownOutAt: number;

  constructor(board: Board, release: Release, isOn: (quirk: Quirk) => boolean, seed: DeviceSeed) {
    this.seed = seed.seed;
    this.board = board;
    this.isOn = isOn;
    this.release = release;
    this.page = release.version;
    this.store = newStore(board);
    if (isOn('overheated')) this.#writeOverheat();
    this.started = copyOf(this.store);
    this.partitions = new Map([['factory', { release, date: 'Feb  3 2026', time: '10:02:11' }]]);
    this.paused = isOn('asleep');
    this.blockFound = this.showNewBlock = isOn('block-found');
    this.bootedAt = seed.poweredAt + (isOn('self-test') ? SELF_TEST_MS : 0);
    this.statsSince = this.bootedAt;
    this.#brownOutAt = isOn('brown-outs') ? this.#brownOutAfter(seed.poweredAt) : NEVER;
    const { chip } = board;
    this.chips = new ChipBoard(
      {
        seed: this.seed,
        chips: board.chips,
        hashesPerClock: chip.smallCores,
        mhz: chip.mhz,
        mv: chip.mv,
        chipW: board.chipW,
        idleW: board.tps546 ? ASSUMED.offsetW : ASSUMED.idleW,
        fans: board.fans,
        maxRpm: board.maxRpm,
        riseC: ASSUMED.riseC,
        ...(isOn('dead-chip') && { deadChip: board.chips - 1 }),
        ...(isOn('stalled-fan') && { stalledFan: 0 }),
        mostOverclock: ASSUMED.mostOverclock,
        startDelayS: ASSUMED.startDelayS,
        rampS: ASSUMED.rampS,
        changeRampS: ASSUMED.changeRampS,
      },
      this.#poolsAt(),
      this.#pools(),
      this.#drive(),
    );
    this.#forcePool();
  }

  get session(): MiningSession {
    return this.chips.session;
  }

  // Time

  /** Brings the device up to a time: restarts that were due, overheating, brown-outs, each at its moment. */
  settle(now: number): void {
    for (;;) {
      const at = Math.min(this.#restartAt, this.#overheatAt, this.#brownOutAt);
      if (at > now) return;
      if (at === this.#overheatAt) this.#overheat(at);
      else if (at === this.#restartAt) this.#restart(at, ASSUMED.resetSoftware);
      else {
        this.#restart(at, ASSUMED.resetBrownOut);
        this.#brownOutAt = this.#brownOutAfter(at);
      }
    }
  }

  /** Whether port 80 is open. */
  isListening(now: number): boolean {
    this.settle(now);
    if (this.#isGone || now < this.bootedAt + ASSUMED.bootMs) return false;
    return this.isOn('ap-mode') || NETWORKS.some(({ ssid }) => ssid === textOf(this.started, 'ssid'));
  }

  /** Whether it restarts within so many ms: a request that it is busy with is cut. */
  restartsWithin(now: number, ms: number): boolean {
    return this.#brownOutAt - now <= ms;
  }

  restartLater(now: number, ms: number): void {
    this.#restartAt = Math.min(this.#restartAt, now + ms);
  }

  /** Starts another program from the next restart on; null: one that is none of AxeOS. */
  startNext(partition: string, release: Release | null): void {
    this.#next = { partition, release };
  }

  /** The partition that an update goes to: the one of two that does not run. */
  otherPartition(): string {
    return this.runningPartition === 'ota_0' ? 'ota_1' : 'ota_0';
  }

  uptimeS(now: number): number {
    return Math.max(0, Math.floor((now - this.bootedAt) / 1000));
  }

  #brownOutAfter(at: number): number {
    const stretch = Math.floor(at / BROWN_OUT_MS) + 1;
    return Math.floor((stretch + uniform(streamKey(this.seed, 'brown-outs'), stretch)) * BROWN_OUT_MS);
  }

  #restart(at: number, reason: string): void {
    this.bestBefore = Math.max(this.bestBefore, this.session.bestShare(at));
    this.uptimeBeforeS += this.uptimeS(at);
    this.hashesBefore += this.session.totalHashes(at);
    this.#restartAt = NEVER;
    this.#overheatAt = NEVER;
    if (this.#next !== null) {
      this.#isGone = this.#next.release === null;
      this.release = this.#next.release ?? this.release;
      this.runningPartition = this.#next.partition;
      this.#next = null;
    }
    this.#run++;
    this.bootedAt = this.statsSince = at;
    this.resetReason = reason;
    this.paused = false;
    this.identifyUntil = 0;
    this.started = copyOf(this.store);
    this.chips.restart(this.#poolsAt(), this.#run, this.#pools(), this.#drive());
    this.#forcePool();
  }

  // Mining

  /** When the first pool is asked for work. */
  #poolsAt(): number {
    return this.bootedAt + ASSUMED.poolMs;
  }

  #pools(): PoolPlan[] {
    return [false, true].map((fallback) => {
      const pool = this.started.pools[poolIndex(this.started, fallback)];
      return {
        difficulty: Math.max(1, pool?.difficulty || 1000),
        dead: !pool?.url || (!fallback && this.isOn('dead-pool')) || this.isOn('ap-mode'),
      };
    });
  }

  /** It tells stale shares among the rejected ones. */
  workDone(now: number): WorkDone[] {
    this.settle(now);
    if (this.#isGone) return [];
    const plans = this.#pools();
    const pools = [false, true].flatMap((fallback, pool) => {
      const set = this.started.pools[poolIndex(this.started, fallback)];
      if (set == null) return [];
      const url = `stratum+tcp://${set.url}:${set.port}`;
      return [{ pool, url, worker: set.user, difficulty: plans[pool]?.difficulty ?? 1 }];
    });
    return sessionWork(now, this.session, pools, { staleIsRejected: true });
  }

  #forcePool(): void {
    if (numberOf(this.started, 'useFallbackStratum') !== 0) this.session.setPools(this.#poolsAt(), [1]);
  }

  #drive(): Drive {
    const value = (key: string) => numberOf(this.store, key);
    const { minor } = this.release;
    return {
      mhz: this.paused ? 0 : value('frequency'),
      mv: value('coreVoltage'),
      fan:
        value('autofanspeed') === 0
          ? { percent: Math.min(100, value('manualFanSpeed')) }
          : { targetC: minor >= 7 ? value('temptarget') : 60, least: minor >= 10 ? value('minFanSpeed') : 25 },
    };
  }

  /** Frequency, voltage, fans or pause were changed: they act at once. */
  drive(now: number): void {
    this.chips.drive(now, this.#drive());
    const hot = this.chips.settledC(now) > ASSUMED.overheatC;
    this.#overheatAt = hot ? Math.min(this.#overheatAt, now + ASSUMED.overheatMs) : NEVER;
  }

  #writeOverheat(): void {
    const { values } = this.store;
    values.set('overheat_mode', 1);
    values.set('frequency', ASSUMED.overheatMhz);
    values.set('coreVoltage', ASSUMED.overheatMv);
    values.set('autofanspeed', 0);
    values.set('manualFanSpeed', 100);
  }

  #overheat(at: number): void {
    this.#overheatAt = NEVER;
    this.#writeOverheat();
    this.drive(at);
  }

  // Readings

  /** °C of the chips, in eighths as their sensor gives them; the second place is that of boards with several chips. */
  chipC(at: number, place = 0): number {
    return Math.round(this.chips.chipC(at, place) * 8) / 8;
  }

  vrC(at: number): number {
    return this.board.tps546 ? Math.round(this.chips.chipC(at) + 3) : 0;
  }

  /** mA: those of the cores on boards with a TPS546, else those that come in (protocols.md 6.3 and a capture). */
  currentMa(at: number): number {
    const power = this.chips.powerW(at);
    return this.board.tps546
      ? (Math.max(0, power - ASSUMED.offsetW) / Math.max(1, this.chips.coreMv(at))) * 1e6
      : (power / this.chips.inputMv(at, this.board.nominalV)) * 1e6;
  }

  isConnected(at: number): boolean {
    return at >= this.session.plan.startedAt && this.session.currentPool(at) !== null;
  }

  rssi(at: number): number {
    if (this.isOn('ap-mode')) return -90;
    const wander = Math.round(4 * uniform(streamKey(this.seed, 'rssi'), Math.floor(at / 60_000)));
    return (this.isOn('weak-wifi') ? -84 : -50) - wander;
  }

  bestEver(at: number): number {
    return Math.max(this.bestBefore, this.session.bestShare(at));
  }

  /** Puts a program into a partition; null: it is none of AxeOS. */
  flash(partition: string, image: { version: string; idfVersion: string; date: string; time: string }): Release | null {
    const release = releaseOf(image.version, image.idfVersion || undefined);
    if (release === null) this.partitions.delete(partition);
    else this.partitions.set(partition, { release, date: image.date, time: image.time });
    return release;
  }
}
