import { asStarted, RunningPools } from '@headframe/wire/cgminer-server';
import { uniform } from '../sim/counter-random.ts';
import type { DeviceSeed } from '../sim/device.ts';
import type { MiningSession } from '../sim/physics.ts';
import { poissonCount, poissonPlace } from '../sim/processes.ts';
import { ASSUMED } from './sim-assumed.ts';
import { Cooling } from './sim-cooling.ts';
import { FirmwareIntake } from './sim-firmware.ts';
import { ModuleState } from './sim-modules.ts';
import { Nameplate } from './sim-nameplate.ts';
import type { AvalonPlan, AvalonQuirks, Clocks, WorkMode } from './sim-plan.ts';
import { coolingPlanOf, sessionOf } from './sim-session.ts';
import {
  type AvalonPool,
  factorySettings,
  type KeptSettings,
  type NetworkSetting,
  type RunSettings,
  untuned,
} from './sim-settings.ts';
import { WallpaperIntake } from './sim-wallpaper.ts';

/** From the end of the first log interval to the open API (`protocols.md` 1.1). */
const API_OPENS_MS = 1500;
/** Blocks come every ten minutes. */
const BLOCK_S = 600;
/** A new clock is reached within this time, s. */
const CLOCK_RAMP_S = 5;

type Order =
  | { readonly at: number; readonly kind: 'on' | 'off' }
  | { readonly at: number; readonly kind: 'reboot'; readonly by: number };

/** One Avalon: its program, its settings, its soft switch. Reads change nothing; writes come with their time. */
export class AvalonMachine extends Nameplate {
  readonly plan: AvalonPlan;
  readonly quirks: AvalonQuirks;
  readonly poweredAt: number;
  session!: MiningSession;
  cooling!: Cooling;
  pools!: RunningPools<AvalonPool>;
  /** Of an A7 or A8, one after the other; new ones with each start of the program. */
  modules: readonly ModuleState[] = [];
  kept: KeptSettings;
  run!: RunSettings;
  mode: WorkMode;
  /** The firmware and the network that the last boot took. */
  build: string;
  network: NetworkSetting;
  led = 0;
  /** Epoch seconds of the last soft switches; 0: never. */
  softOffS = 0;
  softOnS = 0;
  /** Since when the boards are without power, epoch ms; null while they have it. */
  offSince: number | null = null;
  /** `BOOTBY`: why it booted last; cleared by `bootby,0`. */
  bootBy: number;
  /** A login by QR code that was granted and not fetched yet. */
  qrGranted = false;
  readonly firmware = new FirmwareIntake();
  readonly wallpaper = new WallpaperIntake();
  /** What was ordered for a time, in the order of those times. */
  #orders: Order[] = [];
  /** When the program of this run started, epoch ms: later than now while the machine boots. */
  #startedAt = 0;
  #runs = -1;

  constructor(plan: AvalonPlan, quirks: AvalonQuirks, seed: DeviceSeed) {
    super(seed.seed);
    this.plan = plan;
    this.quirks = quirks;
    this.poweredAt = seed.poweredAt;
    this.bootBy = plan.bootBy;
    this.kept = this.#factory(seed.poweredAt);
    this.build = this.kept.build;
    this.network = this.kept.network;
    this.mode = this.#modeOf(plan.startMode);
    this.#start(seed.poweredAt + plan.bootMs, quirks.asleep);
  }

  // What it is told

  /** The program starts again while the machine stays on. */
  restart(now: number): void {
    this.#start(now, false);
  }

  /**
   * The whole machine starts again.
   * @param by what `BOOTBY` says of it afterwards
   */
  reboot(now: number, delayS = 0, by: number = ASSUMED.bootByApi): void {
    this.#order({ at: now + delayS * 1000, kind: 'reboot', by });
    this.settle(now);
  }

  /** Orders the boards on or off at a time; a later order takes the place of one that has not come yet. */
  softSwitch(now: number, on: boolean, atS: number): void {
    if (on) this.softOnS = atS;
    else this.softOffS = atS;
    this.#orders = this.#orders.filter(({ kind }) => kind === 'reboot');
    this.#order({ at: Math.max(now, atS * 1000), kind: on ? 'on' : 'off' });
    this.settle(now);
  }

  /** Brings what was ordered for a time up to now. */
  settle(now: number): void {
    for (let next = this.#orders[0]; next !== undefined && next.at <= now; next = this.#orders[0]) {
      this.#orders.shift();
      this.pools.settle(next.at);
      if (next.kind === 'reboot') this.#boot(next.at, next.by);
      else this.#power(next.at, next.kind === 'on');
    }
    this.pools.settle(now);
  }

  #order(order: Order): void {
    this.#orders = [...this.#orders, order].sort((a, b) => a.at - b.at);
  }

  #power(at: number, on: boolean): void {
    this.offSince = on ? null : (this.offSince ?? at);
    this.session.setLevel(at, this.#level());
  }

  setMode(now: number, value: number): void {
    this.kept.mode = value;
    if (this.plan.modeSwitch === 'restart') this.restart(now);
  }

  hasMode(value: number): boolean {
    return this.plan.modes.some((mode) => mode.value === value);
  }

  /** Clocks of one board, or of all. Null: back to those of the mode. */
  setClocks(now: number, clocks: Clocks | null, board?: number): void {
    this.tune(
      now,
      this.run.clocks.map((old, i) => (board === undefined || board === i ? clocks : old)),
    );
  }

  /** All clocks at once. */
  tune(now: number, clocks: readonly (Clocks | null)[]): void {
    this.run = { ...this.run, clocks };
    this.session.setLevel(now, this.#level(), CLOCK_RAMP_S);
  }

  /** Changes what only this run knows. */
  set(settings: Partial<RunSettings>): void {
    this.run = { ...this.run, ...settings };
    this.#cool();
  }

  /** Everything as it left the factory; the machine then boots. */
  restore(now: number): void {
    const { build } = this.kept;
    this.kept = { ...this.#factory(now), build };
    this.reboot(now);
  }

  /** Puts a pool into a place of the configuration; the next start uses it (`protocols.md` 4). */
  configurePool(place: number, pool: Omit<AvalonPool, 'difficulty'>): void {
    const pools = [...this.kept.pools];
    pools[Math.min(place, pools.length)] = { ...pool, difficulty: this.givenDifficulty };
    this.kept.pools = pools;
  }

  /** What a pool that comes later asks for: what those of the factory do. */
  get givenDifficulty(): number {
    return this.plan.pools[0]?.difficulty ?? 1;
  }

  // How it starts

  #factory(filterSince: number): KeptSettings {
    return factorySettings(this.plan, {
      worker: `account.${this.plan.label.model.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${1 + (this.key('worker') % 999)}`,
      serials: Array.from({ length: this.plan.boards }, (_, board) => `SN${this.hex(`serial-${board}`, 14)}`),
      filterSince: filterSince - Math.floor(this.own('filter', 0, 20_000)) * 60_000,
    });
  }

  #modeOf(value: number): WorkMode {
    return this.plan.modes.find((mode) => mode.value === value) ?? this.plan.modes[0];
  }

  #boot(at: number, by: number): void {
    this.bootBy = by;
    this.build = this.kept.build;
    this.network = this.kept.network;
    this.firmware.forget();
    this.led = 0;
    this.#start(at + this.plan.bootMs, false);
  }

  #start(at: number, asleep: boolean): void {
    const { plan, kept } = this;
    this.#runs++;
    this.#startedAt = at;
    this.#orders = this.#orders.filter(({ kind }) => kind === 'reboot');
    this.mode = this.#modeOf(kept.mode);
    this.offSince = asleep ? at : null;
    this.run = { ...(kept.saved ?? untuned(plan.boards)), fan: null, privilege: null };
    this.session = sessionOf(this, this.#runs, at, this.#level());
    this.#cool();
    this.modules = Array.from({ length: plan.modules }, (_, i) => new ModuleState(this, i + 1));
    const { session } = this;
    this.pools = new RunningPools<AvalonPool>(
      {
        add: (now, { difficulty }) => session.addPool(now, { difficulty }),
        use: (now, order) => session.setPools(now, order),
        current: (now) => session.currentPool(now),
      },
      asStarted(kept.pools),
    );
  }

  #cool(): void {
    const { fan, fansOff } = this.run;
    this.cooling = new Cooling(this.seed, coolingPlanOf(this), fansOff ? { min: 0, max: 0 } : fan);
  }

  /** The part of the mode's rate that the boards are to run at. */
  #level(): number {
    return this.offSince !== null || this.boardsPresent === 0 ? 0 : this.clockRatio;
  }

  // What it is

  /** While it boots, and until the first log interval is over, connections are refused (`protocols.md` 1.1). */
  listening(now: number): boolean {
    return now >= this.#startedAt + this.plan.logIntervalS * 1000 + API_OPENS_MS;
  }

  /** The web page is there as soon as the machine has booted. */
  webListening(now: number): boolean {
    return this.plan.web !== null && now >= this.#startedAt;
  }

  /** `TarT`. */
  get targetC(): number {
    return this.run.targetC ?? this.plan.targetC;
  }

  /** `PS[5]`. */
  get setCentivolts(): number {
    return this.run.centivolts ?? this.mode.setCentivolts;
  }

  /** `SFn`. */
  clocks(board: number): Clocks {
    return this.run.clocks[board] ?? this.mode.clocks;
  }

  /** What the boards that answer are clocked at, as a part of what the mode clocks them at. */
  get clockRatio(): number {
    const present = this.run.clocks.filter((_, board) => this.hasBoard(board));
    const sum = present.reduce((all, clocks) => all + mean(clocks ?? this.mode.clocks), 0);
    return present.length === 0 ? 1 : sum / (present.length * mean(this.mode.clocks));
  }

  /** `Freq`. */
  get mhz(): number {
    return this.mode.mhz * this.clockRatio;
  }

  /** Whether a board answers. */
  hasBoard(board: number): boolean {
    return !(this.quirks.deadBoard && board === this.plan.boards - 1);
  }

  get boardsPresent(): number {
    return this.plan.boards - (this.quirks.deadBoard ? 1 : 0);
  }

  /** Whether a chip is silent; without a chip: whether the board has such a one. */
  isDeadChip(board: number, chip?: number): boolean {
    if (!this.quirks.deadChip || board !== 0) return false;
    return chip === undefined || chip === Math.floor(uniform(this.key('dead-chip'), 0) * this.plan.chips);
  }

  /** A text of the plan with the build that runs in place of the one it was made with. */
  withBuild(text: string): string {
    return text.replace(this.plan.build, this.build);
  }

  /** A field of VERSION, with what `facopts` put in its place. */
  versionField(key: string): string {
    const own = key === 'PROD' ? this.kept.prod : key === 'MODEL' ? this.kept.model : null;
    return own ?? this.withBuild(this.plan.version.find(([name]) => name === key)?.[1] ?? '');
  }

  elapsedS(now: number): number {
    return this.session.elapsedS(now);
  }

  /** Seconds since the program started, of a time in epoch ms: how Avalon counts `Last Share Time`. */
  sinceStartS(at: number): number {
    return Math.max(0, Math.floor((at - this.session.plan.startedAt) / 1000));
  }

  /** What the machine's own clock shows, epoch ms. */
  clock(at: number): number {
    const ahead = this.kept.clockAheadMs;
    if (ahead !== null) return Math.max(0, at + ahead);
    return this.quirks.whenUptime ? Math.max(0, at - this.poweredAt) : at;
  }

  /** What the machine does, in the words of SYSTEMSTATU (`protocols.md` 4). */
  work(now: number): 'In Work' | 'In Idle' | 'In Init' {
    if (this.offSince !== null) return 'In Idle';
    return this.boardsPresent > 0 && this.session.operation.levelRequested(now) > 0 ? 'In Work' : 'In Init';
  }

  /** W at the wall: a higher voltage costs with its square. */
  powerW(now: number): number {
    const { idleW } = this.plan;
    return idleW + (this.session.powerW(now) - idleW) * (this.setCentivolts / this.mode.setCentivolts) ** 2;
  }

  /** Blocks of the network since the program started, and when the last one came (s since the start). */
  blocks(now: number): { readonly count: number; readonly lastAtS: number } {
    const key = this.key('blocks', this.#runs);
    const count = poissonCount(key, this.elapsedS(now) / BLOCK_S);
    return { count, lastAtS: count === 0 ? 0 : poissonPlace(key, count) * BLOCK_S };
  }
}

const mean = (clocks: Clocks): number => clocks.reduce((sum, mhz) => sum + mhz, 0) / clocks.length;
