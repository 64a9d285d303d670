import { hash32, streamKey, uniform } from '../sim/counter-random.ts';
import type { DeviceSeed, WorkDone } from '../sim/device.ts';
import { workDone } from '../sim/work-done.ts';
import { Heat } from './sim-heat.ts';
import { firstLayout, type Layout, NO_POOLS } from './sim-layout.ts';
import {
  type LuxosPlan,
  type LuxosQuirks,
  type LuxosVersion,
  MHZ_STEPS,
  NEWER,
  nominalGhs,
  SHIPPED,
  type TuningProfile,
} from './sim-plan.ts';
import { INIT_S, RAMP_S, Run } from './sim-run.ts';
import { SessionLock } from './sim-session.ts';
import { allProfiles, factorySettings, type LuxosSettings, type NetSettings, type OwnProfile } from './sim-state.ts';
import { LEAVES_AFTER_MS, type Work, type WorkPool } from './sim-work.ts';

/** From power to the start of the miner, and from there until it answers. */
const BOOT_MS = 30_000;
const API_OPENS_MS = 3000;
/** `mode=unsafe`: frequency and voltage in one step. */
const UNSAFE_RAMP_S = 2;
/** The reply leaves before anything stops. */
const REPLY_LEAVES_MS = 1000;
/** How long the miner is away when it alone starts anew, and when the whole device does; ours. */
const RESTART_MS = { miner: 5000, device: BOOT_MS } as const;
/** How long an update is fetched before the device starts anew; ours. */
const FETCH_MS = 90_000;

/** Something that happens by itself, epoch ms. */
interface Later {
  readonly at: number;
  readonly happens: (at: number) => void;
}

/** One machine under LuxOS. Reads change nothing; writes come with their time. */
export class LuxosMachine {
  readonly plan: LuxosPlan;
  readonly quirks: LuxosQuirks;
  readonly seed: number;
  readonly lock: SessionLock;
  version: LuxosVersion = SHIPPED;
  settings: LuxosSettings;
  run: Run;
  /** It sleeps; that outlives every restart (`protocols.md` 8). */
  asleep: boolean;
  readonly #boot: { readonly settings: LuxosSettings; readonly layout: Layout };
  readonly heat: Heat;
  #runs = 0;
  /** By what it happens to: who asks twice for the same gets it once, at the later time. */
  readonly #later = new Map<object | string, Later>();
  /** It came up asleep and was not woken since. */
  #wakesFirst: boolean;
  #profiles: { readonly own: readonly OwnProfile[]; readonly all: readonly TuningProfile[] } | null = null;
  /** What changed something, newest last; without parameters, which can hold a password. */
  audit: readonly { readonly at: number; readonly command: string }[] = [];
  /** LuxOS was removed: what starts instead is another firmware. */
  #gone = false;

  constructor(plan: LuxosPlan, quirks: LuxosQuirks, { seed, poweredAt }: DeviceSeed) {
    this.plan = plan;
    this.quirks = quirks;
    this.seed = seed;
    this.lock = new SessionLock(seed, { foreign: quirks.foreignSession, thief: quirks.sessionStolen });
    this.asleep = quirks.asleep;
    this.#wakesFirst = quirks.asleep;
    const model = plan.label.model.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const worker = `account.${model}-${1 + (this.key('worker') % 999)}`;
    this.#boot = { settings: this.#factory, layout: quirks.noPools ? NO_POOLS : firstLayout(worker, quirks.deadPool) };
    this.settings = this.#boot.settings;
    this.heat = new Heat(plan, seed, quirks.stalledFan);
    this.run = this.#newRun(poweredAt + BOOT_MS, this.#boot.layout);
  }

  /** What the network gives it. */
  get leasedNet(): NetSettings {
    return this.#factory.net;
  }

  get #factory(): LuxosSettings {
    return factorySettings(this.plan, 1 + (this.key('host') % 254));
  }

  #newRun(startedAt: number, layout: Layout): Run {
    const { plan, seed, quirks } = this;
    const key = (...parts: readonly (string | number)[]): number => this.key(...parts);
    const chipsPart = (board: number): number =>
      this.hasBoard(board) ? (quirks.deadChip && board === 0 ? 1 - 1 / plan.chips : 1) : 0;
    const wantsPower = (board: number): boolean => !this.asleep && this.hasBoard(board) && this.isEnabled(board);
    const profileMhz = (): number => this.profile.mhz;
    return new Run({ plan, seed, key, chipsPart, wantsPower, profileMhz }, this.#runs++, startedAt, layout);
  }

  get work(): Work {
    return this.run.work;
  }

  // Time

  workDone(now: number): WorkDone[] {
    this.settle(now);
    return this.#gone ? [] : workDone(now, this.run, this.work.counted);
  }

  listening(now: number): boolean {
    this.settle(now);
    return !this.#gone && now >= this.run.startedAt + API_OPENS_MS;
  }

  /** Lets everything happen that happens by itself up to a time. */
  settle(now: number): void {
    for (;;) {
      let next: readonly [object | string, Later] | null = null;
      for (const entry of this.#later) {
        if (entry[1].at <= now && (next === null || entry[1].at < next[1].at)) next = entry;
      }
      if (next === null) return;
      this.#later.delete(next[0]);
      next[1].happens(next[1].at);
    }
  }

  /** Starts the miner, or the whole device, anew a moment after the reply. */
  restart(now: number, what: keyof typeof RESTART_MS): void {
    this.#later.set('restart', { at: now + REPLY_LEAVES_MS, happens: (at) => this.#restart(at, what) });
  }

  /**
   * What an update would bring: the version that the path of its source names, else {@link NEWER}. That a source names
   * one is ours: nothing is known of what stands behind it.
   */
  get versionAtSource(): LuxosVersion {
    const [miner] = /[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{6}/.exec(this.settings.update.source) ?? [];
    return miner === undefined ? NEWER : { ...NEWER, miner, luxminer: miner };
  }

  /** Fetches an update, installs it and starts the device anew. */
  update(now: number): void {
    const to = this.versionAtSource;
    if (to.luxminer === this.version.luxminer) return;
    const happens = (at: number): void => {
      this.version = to;
      this.#restart(at, 'device');
    };
    this.#later.set('update', { at: now + FETCH_MS, happens });
  }

  /** All settings and pools as they came from the factory; a restart follows. */
  reset(now: number): void {
    const happens = (at: number): void => {
      this.settings = this.#factory;
      this.#restart(at, 'miner', NO_POOLS);
    };
    this.#later.set('restart', { at: now + REPLY_LEAVES_MS, happens });
  }

  /** LuxOS is removed; nothing answers here from then on. */
  uninstall(now: number): void {
    const happens = (): void => {
      this.#gone = true;
    };
    this.#later.set('restart', { at: now + REPLY_LEAVES_MS, happens });
  }

  #restart(at: number, what: keyof typeof RESTART_MS, layout?: Layout): void {
    const kept = this.quirks.noAutosave ? this.#boot : { settings: this.settings, layout: this.work.layout };
    if (layout === undefined) this.settings = kept.settings;
    this.lock.end(at);
    this.#later.clear();
    this.#wakesFirst = this.asleep;
    this.run = this.#newRun(at + RESTART_MS[what], layout ?? kept.layout);
  }

  // What it is told

  /** Keeps that a command changed something. */
  note(at: number, command: string): void {
    this.audit = [...this.audit.slice(1 - MOST_AUDITED), { at, command }];
  }

  /** Changes settings. */
  set(change: Partial<LuxosSettings>): void {
    this.settings = { ...this.settings, ...change };
  }

  sleep(now: number): void {
    this.asleep = true;
    this.run.driveAll(now, 0);
  }

  /** The first time after a restart it is not to be woken in one step (`protocols.md` 8). */
  get mayWakeUnsafe(): boolean {
    return !this.#wakesFirst;
  }

  /** @param mhzStep how fast the frequency is raised; null: at once */
  wake(now: number, mhzStep: number | null): void {
    this.asleep = false;
    this.#wakesFirst = false;
    this.run.driveAll(now, rampOf(mhzStep));
  }

  setProfile(now: number, name: string, mhzStep: number): void {
    this.set({ profile: name, powerTargetW: 0 });
    this.run.followProfile(now, rampOf(mhzStep));
  }

  setBoardEnabled(now: number, board: number, enabled: boolean): void {
    const others = this.settings.disabledBoards.filter((one) => one !== board);
    this.set({ disabledBoards: enabled ? others : [...others, board] });
    const drive = this.run.boards[board];
    if (enabled && drive !== undefined) {
      drive.offUntil = null;
      this.#later.delete(drive);
    }
    this.run.drive(now, board, RAMP_S);
  }

  /** @param afterS when the board starts again; null: never */
  rebootBoard(now: number, board: number, afterS: number | null): void {
    const { run } = this;
    const drive = run.boards[board];
    if (drive === undefined) return;
    const back = afterS === null ? Number.POSITIVE_INFINITY : now + (afterS + INIT_S) * 1000;
    drive.offUntil = back;
    run.drive(now, board, 0);
    this.#later.delete(drive);
    if (afterS === null) return;
    const happens = (at: number): void => {
      drive.offUntil = null;
      run.drive(at, board, RAMP_S);
    };
    this.#later.set(drive, { at: back, happens });
  }

  setPoolEnabled(now: number, pool: WorkPool, enabled: boolean): void {
    if (!this.work.setEnabled(now, pool, enabled)) return;
    const { work } = this;
    this.#later.set(pool, { at: now + LEAVES_AFTER_MS, happens: (at) => work.leave(at, pool) });
  }

  // Profiles

  /** The profiles of the firmware, in their order, and behind them those that somebody made. */
  get profiles(): readonly TuningProfile[] {
    const own = this.settings.ownProfiles;
    if (this.#profiles?.own !== own) this.#profiles = { own, all: allProfiles(this.plan, own) };
    return this.#profiles.all;
  }

  get profile(): TuningProfile {
    const { profiles } = this;
    return profiles.find(({ name }) => name === this.settings.profile) ?? this.nominalProfile;
  }

  get nominalProfile(): TuningProfile {
    return this.profiles.find(({ step }) => step === 0) as TuningProfile;
  }

  // Boards

  hasBoard(board: number): boolean {
    return board >= 0 && board < this.plan.boards && !(this.quirks.deadBoard && board === this.plan.boards - 1);
  }

  /** Numbers of the boards that answer. */
  get boardNumbers(): readonly number[] {
    return Array.from({ length: this.plan.boards }, (_, board) => board).filter((board) => this.hasBoard(board));
  }

  isEnabled(board: number): boolean {
    return !this.settings.disabledBoards.includes(board);
  }

  isDeadChip(board: number, chip: number): boolean {
    return (
      this.quirks.deadChip && board === 0 && chip === Math.floor(uniform(this.key('dead-chip'), 0) * this.plan.chips)
    );
  }

  volts(board: number): number {
    return this.run.isPowered(board) ? this.supplyVolts : 0;
  }

  /** What the supply gives to all boards. */
  get supplyVolts(): number {
    return this.run.volts ?? this.profile.volts;
  }

  /** What a board promises at the frequency it is set to, H/s; 0 for one that is switched off. */
  nominalHs(board: number): number {
    const on = this.hasBoard(board) && this.isEnabled(board);
    return on ? (nominalGhs(this.plan, this.run.mhzWanted(board)) * 1e9) / this.plan.boards : 0;
  }

  // Its own numbers

  key(...parts: readonly (string | number)[]): number {
    return streamKey(this.seed, 'luxos', ...parts);
  }

  hex(what: string, digits: number): string {
    let out = '';
    for (let i = 0; out.length < digits; i++) out += hash32(this.key(what), i).toString(16).padStart(8, '0');
    return out.slice(0, digits);
  }
}

const MOST_AUDITED = 50;

/** Seconds of a ramp whose steps are so many MHz; the usual ones take {@link RAMP_S}. */
const rampOf = (mhzStep: number | null): number =>
  mhzStep === null ? UNSAFE_RAMP_S : Math.max(UNSAFE_RAMP_S, (RAMP_S * MHZ_STEPS.usual) / mhzStep);
