import { ChipBoard, type Drive } from '../sim/chip-board.ts';
import { between, streamKey, uniform } from '../sim/counter-random.ts';
import type { DeviceSeed, WorkDone } from '../sim/device.ts';
import type { MiningSession, PoolPlan } from '../sim/physics.ts';
import { type SessionPoolName, sessionWork } from '../sim/work-done.ts';
import { ASSUMED } from './sim-assumed.ts';
import type { NerdBoard } from './sim-boards.ts';
import { type Config, NETWORKS, newConfig } from './sim-config.ts';
import { OneTimePasswords } from './sim-otp.ts';
import type { Quirk } from './sim-quirks.ts';

const NEVER = Number.POSITIVE_INFINITY;
const GH = 1e9;

/** The one-click update: where it is. */
export interface UpdateStatus {
  readonly running: boolean;
  readonly step: string;
  readonly progress: number;
}

const PID = 2;

/** One device of the family. */
export class Nerd {
  readonly seed: number;
  readonly board: NerdBoard;
  readonly isOn: (quirk: Quirk) => boolean;
  /** A firmware before /api/v2 and one-time passwords. */
  readonly old: boolean;
  readonly otp: OneTimePasswords;
  readonly chips: ChipBoard;
  config: Config;
  version: string;
  runningPartition = 'factory';
  bootedAt: number;
  resetReason: string = ASSUMED.resetPower;
  isShutDown: boolean;
  bestBefore = 0;
  /** Counts that were reset by hand. */
  #since = { accepted: 0, rejected: 0, best: 0 };
  #ssid: string;
  #poolIds: number[] = [0, 1];
  /** All pools of this run, with those that were replaced. */
  #everPools: readonly SessionPoolName[];
  #known: string[];
  #run = 0;
  #restartAt = NEVER;
  #shutdownAt = NEVER;
  #next: string | null = null;
  #isGone = false;
  #update: { readonly at: number; readonly version: string } | null = null;

  constructor(board: NerdBoard, version: string, isOn: (quirk: Quirk) => boolean, seed: DeviceSeed) {
    this.seed = seed.seed;
    this.board = board;
    this.isOn = isOn;
    this.version = version;
    this.old = version === ASSUMED.oldVersion;
    this.otp = new OneTimePasswords(seed.seed, !this.old && isOn('otp'));
    this.config = newConfig(board);
    this.#ssid = this.config.ssid;
    this.#known = this.#addresses();
    this.#everPools = [0, 1].map((i) => this.#named(i, i));
    this.bootedAt = seed.poweredAt;
    this.isShutDown = isOn('asleep');
    this.chips = new ChipBoard(
      {
        seed: seed.seed,
        chips: board.chips,
        hashesPerClock: board.smallCores,
        mhz: board.mhz,
        mv: board.mv,
        chipW: board.chipW,
        idleW: board.idleW,
        fans: board.fanLabels.length,
        maxRpm: board.maxRpm,
        riseC: ASSUMED.riseC,
        ...(isOn('dead-chip') && { deadChip: board.chips - 1 }),
        ...(isOn('stalled-fan') && { stalledFan: 0 }),
        mostOverclock: ASSUMED.mostOverclock,
        startDelayS: ASSUMED.startDelayS,
        rampS: ASSUMED.rampS,
        changeRampS: ASSUMED.changeRampS,
      },
      this.bootedAt + ASSUMED.poolMs,
      this.#pools(),
      this.#drive(),
    );
  }

  get session(): MiningSession {
    return this.chips.session;
  }

  // Time

  settle(now: number): void {
    for (;;) {
      const at = Math.min(this.#restartAt, this.#shutdownAt, this.#updateEnd());
      if (at > now) return;
      if (at === this.#shutdownAt) this.#shutDown(at);
      else if (at === this.#restartAt) this.#restart(at);
      else {
        this.#next = this.#update?.version ?? null;
        this.#restart(at);
      }
    }
  }

  isListening(now: number): boolean {
    this.settle(now);
    if (this.#isGone || now < this.bootedAt + ASSUMED.bootMs) return false;
    return this.isOn('ap-mode') || NETWORKS.some(({ ssid }) => ssid === this.#ssid);
  }

  uptimeS(now: number): number {
    return Math.max(0, Math.floor((now - this.bootedAt) / 1000));
  }

  restartLater(now: number, ms: number): void {
    this.#restartAt = Math.min(this.#restartAt, now + ms);
  }

  shutDownLater(now: number, ms: number): void {
    this.#shutdownAt = Math.min(this.#shutdownAt, now + ms);
  }

  /** Another program from the next restart on; an empty version: one that is none of the family. */
  startNext(version: string): void {
    this.#next = version;
  }

  #restart(at: number): void {
    this.bestBefore = this.bestEver(at);
    this.#restartAt = this.#shutdownAt = NEVER;
    this.#update = null;
    if (this.#next !== null) {
      this.#isGone = this.#next === '';
      this.version = this.#next || this.version;
      this.runningPartition = this.runningPartition === 'ota_0' ? 'ota_1' : 'ota_0';
      this.#next = null;
    }
    // The old automatic fan mode is gone (protocols.md 6.6).
    const [fan] = this.config.fans;
    if (fan?.mode === 1) Object.assign(fan, { mode: 0, manual: 100 });
    this.#ssid = this.config.ssid;
    this.#run++;
    this.bootedAt = at;
    this.resetReason = ASSUMED.resetSoftware;
    this.isShutDown = false;
    this.#since = { accepted: 0, rejected: 0, best: 0 };
    this.otp.restarted();
    this.#poolIds = [0, 1];
    this.#everPools = [0, 1].map((i) => this.#named(i, i));
    this.#known = this.#addresses();
    this.chips.restart(at + ASSUMED.poolMs, this.#run, this.#pools(), this.#drive());
  }

  #shutDown(at: number): void {
    this.#shutdownAt = NEVER;
    this.isShutDown = true;
    this.chips.drive(at, this.#drive());
  }

  // One-click update

  #updateEnd(): number {
    return this.#update === null ? NEVER : this.#update.at + (ASSUMED.updateSteps.at(-1)?.[1] ?? 0);
  }

  /** Begins one; false: one is under way. */
  beginUpdate(now: number, version: string): boolean {
    if (this.#update !== null) return false;
    this.#update = { at: now, version };
    this.#shutDown(now);
    return true;
  }

  updateStatus(now: number): UpdateStatus {
    const at = this.#update === null ? 0 : now - this.#update.at;
    if (this.#update === null) return { running: false, step: 'idle', progress: 0 };
    const [step] = ASSUMED.updateSteps.find(([, end]) => at < end) ?? ['rebooting'];
    return { running: true, step, progress: Math.min(100, Math.floor((100 * at) / 60_000)) };
  }

  // Mining

  #pools(): PoolPlan[] {
    return this.config.pools.map(({ url }, i) => ({
      difficulty: Math.max(1, this.config.stratumDifficulty),
      dead: url === '' || (i === 0 && this.isOn('dead-pool')) || this.isOn('ap-mode'),
    }));
  }

  #named(pool: number, i: number): SessionPoolName {
    const { url = '', port = 0, user = '' } = this.config.pools[i] ?? {};
    const difficulty = Math.max(1, this.config.stratumDifficulty);
    return { pool, url: `stratum+tcp://${url}:${port}`, worker: user, difficulty };
  }

  /** Since the start, whatever was reset by hand since. It tells stale shares among the rejected ones. */
  workDone(now: number): WorkDone[] {
    this.settle(now);
    return this.#isGone ? [] : sessionWork(now, this.session, this.#everPools, { staleIsRejected: true });
  }

  #addresses(): string[] {
    return this.config.pools.map(({ url, port, user }) => JSON.stringify([url, port, user]));
  }

  /** MHz and mV as the board takes them: cut to its limits. */
  frequency(): number {
    const { mostMhz } = this.board;
    return mostMhz === 0 ? this.config.frequency : Math.min(this.config.frequency, mostMhz);
  }

  coreVoltage(): number {
    const { mostMv } = this.board;
    return mostMv === 0 ? this.config.coreVoltage : Math.min(this.config.coreVoltage, mostMv);
  }

  #drive(): Drive {
    const [fan] = this.config.fans;
    const pid = fan?.mode === PID;
    return {
      mhz: this.isShutDown ? 0 : this.frequency(),
      mv: this.coreVoltage(),
      fan: pid ? { targetC: fan.targetC, least: 20 } : { percent: Math.min(100, fan?.manual ?? 100) },
    };
  }

  /** Settings were written: all act at once but those of the network (`loadSettings` of every part). */
  reload(now: number): void {
    this.chips.drive(now, this.#drive());
    const hot = !this.isShutDown && this.chips.settledC(now) > this.config.overheatC;
    this.#shutdownAt = hot ? Math.min(this.#shutdownAt, now + ASSUMED.overheatMs) : NEVER;
    const addresses = this.#addresses();
    const changed = addresses.map((address, i) => address !== this.#known[i]);
    if (!changed.includes(true)) return;
    const pools = this.#pools();
    this.#poolIds = this.#poolIds.map((id, i) => {
      const pool = pools[i];
      if (changed[i] !== true || pool === undefined) return id;
      const added = this.session.addPool(now, pool);
      this.#everPools = [...this.#everPools, this.#named(added, i)];
      return added;
    });
    this.#known = addresses;
    this.session.setPools(Math.max(now, this.session.plan.startedAt), this.#poolIds);
  }

  /** Which of both pools is worked for; null: none. */
  currentPool(now: number): number | null {
    const id = now < this.session.plan.startedAt ? null : this.session.currentPool(now);
    const place = id === null ? -1 : this.#poolIds.indexOf(id);
    return place < 0 ? null : place;
  }

  resetCounts(now: number): void {
    const { accepted, rejected, stale } = this.session.shares(now);
    this.#since = { accepted, rejected: rejected + stale, best: this.session.bestShare(now) };
  }

  counts(now: number): { readonly accepted: number; readonly rejected: number; readonly best: number } {
    const { accepted, rejected, stale } = this.session.shares(now);
    const taken = accepted - this.#since.accepted;
    const best = this.session.bestShare(now);
    // The best of n shares is of the order of n times their difficulty; exact again once the old best is beaten.
    const likely = Math.min(best, taken * Math.max(1, this.config.stratumDifficulty));
    return {
      accepted: taken,
      rejected: rejected + stale - this.#since.rejected,
      best: Math.floor(best > this.#since.best ? best : likely),
    };
  }

  bestEver(now: number): number {
    return Math.floor(Math.max(this.bestBefore, this.session.bestShare(now)));
  }

  /** GH/s over a window, or since the start while that is shorter; 0 while it is shut down. */
  rateGh(now: number, windowS: number): number {
    const elapsed = this.session.elapsedS(now);
    if (this.isShutDown || elapsed === 0) return 0;
    return this.session.hashrateHs(now, Math.min(windowS, elapsed)) / GH;
  }

  // Readings

  chipC(now: number, chip: number): number {
    return Math.round(this.chips.chipC(now, chip) * 16) / 16;
  }

  hottestC(now: number): number {
    return Math.max(...Array.from({ length: this.board.chips }, (_, chip) => this.chipC(now, chip)));
  }

  /** Duty of a fan: the second one runs by hand or as the first one does. */
  fanPercent(now: number, fan = 0): number {
    const own = this.config.fans[fan];
    return Math.round(fan > 0 && own?.mode === 0 ? Math.min(100, own.manual) : this.chips.fanPercent(now));
  }

  fanRpm(now: number, fan = 0): number {
    return fan < this.board.fanLabels.length ? this.chips.fanRpm(now, fan, this.fanPercent(now, fan)) : 0;
  }

  inputMv(now: number): number {
    return this.chips.inputMv(now, this.board.nominalV);
  }

  currentMa(now: number): number {
    return (this.chips.powerW(now) / this.inputMv(now)) * 1e6;
  }

  coreMv(now: number): number {
    return this.isShutDown ? 0 : this.chips.coreMv(now);
  }

  pingMs(now: number): number {
    return this.currentPool(now) === null ? 0 : between(streamKey(this.seed, 'ping'), Math.floor(now / 30_000), 12, 60);
  }

  rssi(now: number): number {
    if (this.isOn('ap-mode')) return -90;
    const wander = Math.round(4 * uniform(streamKey(this.seed, 'rssi'), Math.floor(now / 60_000)));
    return (this.isOn('weak-wifi') ? -85 : -52) - wander;
  }

  mac(): string {
    const tail = streamKey(this.seed, 'mac').toString(16).toUpperCase().padStart(8, '0');
    return ['02', '51', ...(tail.match(/../g) ?? [])].join(':');
  }

  ip(): string {
    return this.isOn('ap-mode') ? '192.168.4.1' : `192.168.1.${20 + (this.seed % 200)}`;
  }
}
