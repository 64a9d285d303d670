import { between, streamKey } from '../sim/counter-random.ts';
import type { DeviceSeed, WorkDone } from '../sim/device.ts';
import { Timeline } from '../sim/timeline.ts';
import { workDone } from '../sim/work-done.ts';
import { MinerStatus } from './contract/index.ts';
import { ASSUMED } from './sim-assumed.ts';
import { firstGroups, isDeadPool, noteBoot } from './sim-boot.ts';
import { guard, needsGuard } from './sim-guard.ts';
import { Heat, type Warmth } from './sim-heat.ts';
import { hexId, hostOf, macOf } from './sim-identity.ts';
import { Journal } from './sim-journal.ts';
import { boardFactor, fansSuffice, foundProfile, wantedLevels } from './sim-levels.ts';
import { isRestricted } from './sim-licence.ts';
import type { BraiinsPlan } from './sim-plan.ts';
import { type HasQuirk, OWN_PASSWORD } from './sim-quirks.ts';
import { REFUSE } from './sim-refusal.ts';
import type { BosRelease } from './sim-releases.ts';
import { Run } from './sim-run.ts';
import {
  type Constraints,
  constraintsOf,
  factoryConfig,
  factorySystem,
  type Keep,
  leasedNetwork,
  type MinerConfig,
  type SystemConfig,
} from './sim-state.ts';
import { Tokens } from './sim-tokens.ts';
import { Tuner } from './sim-tuner.ts';
import { armUpgrade } from './sim-upgrade.ts';

/** One machine under BraiinsOS. Reads change nothing; writes come with their time. */
export class BraiinsMachine {
  readonly plan: BraiinsPlan;
  readonly has: HasQuirk;
  readonly seed: number;
  readonly constraints: Constraints;
  readonly heat: Heat;
  readonly tokens: Tokens;
  readonly tuner = new Tuner();
  readonly journal: Journal;
  readonly later = new Timeline();
  release: BosRelease;
  /** As it is kept, and as it is in force. */
  saved: MinerConfig;
  active: MinerConfig;
  system: SystemConfig;
  /** The run of the mining program, or the last one. */
  run: Run;
  /** The light blinks. */
  locating = false;
  lastUpgradeAt: number | null = null;
  /** A task of the system is under way: an upgrade, the way back to the stock firmware. */
  busy = false;
  pausedAt: number | null = null;
  /** Since when the machine itself keeps the boards off: too hot, or dynamic scaling at its end. */
  suspendedAt: number | null = null;
  #stopped = false;
  #endedAt: number;
  #bootedAt: number;
  /** Another firmware starts instead. */
  #gone = false;
  #runs = 0;
  #uids = 0;

  constructor(plan: BraiinsPlan, release: BosRelease, has: HasQuirk, { seed, poweredAt }: DeviceSeed) {
    this.plan = plan;
    this.release = release;
    this.has = has;
    this.seed = seed;
    this.constraints = constraintsOf(plan);
    this.heat = new Heat(plan, seed, has('stalled-fan'));
    this.tokens = new Tokens(seed, has('tokens-short-lived'));
    this.journal = new Journal(seed);
    this.saved = factoryConfig(plan, has('no-pools') ? [] : firstGroups(this));
    this.active = this.saved;
    this.system = this.#factorySystem;
    if (has('own-password')) this.system = { ...this.system, password: OWN_PASSWORD };
    this.#bootedAt = poweredAt;
    this.#endedAt = poweredAt;
    if (has('asleep')) this.pausedAt = poweredAt;
    this.run = this.#newRun(poweredAt + ASSUMED.minerStartsMs, false);
    // It ran in its place before: the tuner knows the target that is set.
    this.#tune(Math.floor(poweredAt - between(this.key('tuned'), 0, 1, 30) * 86_400_000));
    this.#drive(this.run.startedAt, ASSUMED.rampS);
    noteBoot(this, poweredAt);
  }

  get #factorySystem(): SystemConfig {
    // A public report of a BMM 100: host name `miner-` and the end of the MAC address.
    const name = `miner-${macOf(this.key).replaceAll(':', '').slice(-6).toLowerCase()}`;
    return factorySystem(leasedNetwork(name, hostOf(this.key)));
  }

  /** A number for chance, from the machine's own seed. */
  readonly key = (...parts: readonly (string | number)[]): number => streamKey(this.seed, 'braiins', ...parts);

  /** A new id, as the machine gives them. */
  newUid(): string {
    return hexId(this.key('uid', this.#uids++));
  }

  // Time

  /** Lets everything happen that happens by itself up to a time. */
  settle(now: number): void {
    this.later.settle(now);
  }

  workDone(now: number): WorkDone[] {
    this.settle(now);
    const { startedAt, work } = this.run;
    const endedAt = this.#stopped ? this.#endedAt : null;
    return this.#gone ? [] : workDone(now, { startedAt, endedAt }, work.counted);
  }

  listening(now: number): boolean {
    this.settle(now);
    return !this.#gone && now >= this.#bootedAt + ASSUMED.apiUpMs;
  }

  /** Since the system started, s. */
  uptimeS(now: number): number {
    return Math.max(0, Math.floor((now - this.#bootedAt) / 1000));
  }

  /** Since the mining program started, s; 0 while it does not run. */
  minerUptimeS(now: number): number {
    return this.isRunning(now) ? Math.floor(this.run.elapsedS(now)) : 0;
  }

  isRunning(now: number): boolean {
    return !this.#stopped && now >= this.run.startedAt;
  }

  /** Refuses what needs the mining program while there is none. */
  needMiner(now: number): void {
    if (!this.isRunning(now)) throw REFUSE.notRunning();
    if (now < this.run.startedAt + ASSUMED.minerConnectsMs) throw REFUSE.notConnected();
  }

  status(now: number): MinerStatus {
    if (!this.isRunning(now)) return MinerStatus.NOT_STARTED;
    if (this.pausedAt !== null) return MinerStatus.PAUSED;
    if (this.suspendedAt !== null || !fansSuffice(this)) return MinerStatus.SUSPENDED;
    return isRestricted(this, now) ? MinerStatus.RESTRICTED : MinerStatus.NORMAL;
  }

  // What it is told

  /**
   * Changes the configuration of the mining program.
   * @throws ApiRefusal when it is to be in force and the mining program does not run
   */
  configure(now: number, change: (config: MinerConfig) => MinerConfig, keep: Keep): void {
    if (keep !== 'save') this.needMiner(now);
    if (keep !== 'runtime') this.saved = change(this.saved);
    if (keep === 'apply') this.#apply(now, this.saved);
    if (keep === 'runtime') this.#apply(now, change(this.active));
  }

  #apply(now: number, config: MinerConfig): void {
    const before = this.active;
    this.active = config;
    this.journal.note(now, 'bosminer', 'INFO configuration applied');
    if (before.performance !== config.performance || before.dps !== config.dps) this.tuner.reset(config, now);
    if (before.groups !== config.groups && !this.run.work.configure(now, config.groups)) this.restartMiner(now);
    else this.#drive(now, ASSUMED.rampS);
  }

  /** @returns whether it was paused already */
  pause(now: number): boolean {
    this.needMiner(now);
    if (this.pausedAt !== null) return true;
    this.pausedAt = now;
    this.journal.note(now, 'bosminer', 'INFO mining paused');
    const { downS } = this.active.ramping;
    this.#drive(now, downS);
    this.later.set('cut', now + downS * 1000, (at) => this.run.cut(at));
    return false;
  }

  /** @returns whether it was mining already */
  resume(now: number): boolean {
    this.needMiner(now);
    if (this.pausedAt === null && this.suspendedAt === null) return true;
    this.pausedAt = null;
    this.suspendedAt = null;
    this.later.clear('cut');
    this.journal.note(now, 'bosminer', 'INFO mining resumed');
    this.#drive(now, Math.max(1, this.active.ramping.upS));
    return false;
  }

  /** Ends mining and starts the mining program anew. @returns whether it ran */
  restartMiner(now: number): boolean {
    const ran = this.isRunning(now);
    this.#end(now);
    this.#begin(now + ASSUMED.minerRestartMs);
    return ran;
  }

  /** @returns whether it ran already */
  startMiner(now: number): boolean {
    if (!this.#stopped) return true;
    this.#begin(now + ASSUMED.minerRestartMs);
    return false;
  }

  /** @returns whether it was stopped already */
  stopMiner(now: number): boolean {
    if (this.#stopped) return true;
    this.#end(now);
    return false;
  }

  #end(now: number): void {
    this.journal.note(now, 'bosminer', 'INFO stopping');
    this.#stopped = true;
    this.#endedAt = now;
    this.pausedAt = null;
    this.suspendedAt = null;
    for (const name of ['tune', 'watch', 'cut', 'wake']) this.later.clear(name);
    for (const board of this.plan.boardIds.keys()) this.run.drive(now, board, 0, 0);
    this.run.cut(now);
  }

  #begin(at: number): void {
    const wasWarm = this.heats(at).some((heat) => heat > 0.5);
    this.#stopped = false;
    this.active = this.saved;
    this.run = this.#newRun(at, wasWarm);
    this.#drive(at, ASSUMED.rampS);
  }

  /** The reply leaves, then the whole device starts anew. @param change what it starts with; its time away is given in ms */
  reboot(now: number, { change, awayMs = 0 }: { change?: () => void; awayMs?: number } = {}): void {
    this.later.set('reboot', now + ASSUMED.replyLeavesMs, (at) => {
      this.#end(at);
      this.later.forget();
      this.tokens.forget();
      change?.();
      this.busy = false;
      this.locating = false;
      this.#bootedAt = at + awayMs;
      noteBoot(this, this.#bootedAt);
      armUpgrade(this, this.#bootedAt);
      this.#begin(this.#bootedAt + ASSUMED.minerStartsMs);
    });
  }

  /** All settings as they came from the factory, but the network. */
  forgetSettings(): void {
    this.saved = factoryConfig(this.plan, []);
    this.system = { ...this.#factorySystem, network: this.system.network };
    this.tuner.profiles = [];
  }

  /** This firmware is removed; nothing answers here from then on. */
  leave(now: number): void {
    this.busy = true;
    this.later.set('reboot', now + ASSUMED.replyLeavesMs, () => {
      this.#gone = true;
    });
  }

  // Boards

  hasBoard(board: number): boolean {
    return !(this.has('dead-board') && board === this.plan.boardIds.length - 1);
  }

  isEnabled(board: number, config = this.active): boolean {
    return !config.disabledBoards.includes(this.plan.boardIds[board] ?? '');
  }

  /** Part of the nominal heat of each board. */
  heats(now: number): readonly number[] {
    return this.plan.boardIds.map((_, board) => this.heat.heatOf(this.run.work.lagged(now, board)));
  }

  warmth(now: number): Warmth {
    const floor = this.system.advanced.min_fan_pwm;
    const { cooling } = this.active;
    const pausedAt = this.#stopped ? this.#endedAt : this.pausedAt;
    return { cooling, heats: this.heats(now), pausedAt, floor: typeof floor === 'number' ? floor : 0 };
  }

  /** Brings the boards to what they are to run at, and the tuner to its work. */
  #drive(now: number, rampS: number): void {
    const off = this.pausedAt !== null || this.suspendedAt !== null || !fansSuffice(this);
    for (const [board, level] of wantedLevels(this).entries()) {
      this.run.drive(now, board, off ? 0 : level, off && this.pausedAt === null ? 0 : rampS);
    }
    this.later.clear('tune');
    this.later.clear('watch');
    const tunes = !off && this.tuner.target(this.active) !== null && this.tuner.profile(this.active) === null;
    if (tunes) this.later.set('tune', now + ASSUMED.tuneMs, (at) => this.#tune(at));
    if (needsGuard(this)) this.later.set('watch', now + ASSUMED.watchMs, (at) => this.#watch(at));
  }

  #tune(at: number): void {
    const found = foundProfile(this, at);
    if (found !== null) this.tuner.add(found);
  }

  #watch(at: number): void {
    if (guard(this, at)) this.#drive(at, ASSUMED.rampS);
    else this.later.set('watch', at + ASSUMED.watchMs, (then) => this.#watch(then));
  }

  #newRun(startedAt: number, warm: boolean): Run {
    this.tuner.reset(this.active, startedAt);
    const off = this.pausedAt !== null || !fansSuffice(this);
    return new Run({
      plan: this.plan,
      seed: this.seed,
      own: (board) => boardFactor(this, board),
      number: this.#runs++,
      startedAt,
      warm,
      groups: this.active.groups,
      isDead: (url) => isDeadPool(this, url),
      hasBoard: (board) => this.hasBoard(board),
      levels: wantedLevels(this).map((level) => (off ? 0 : level)),
    });
  }
}
