import { between, hash32, streamKey, uniform } from '../sim/counter-random.ts';
import type { DeviceSeed } from '../sim/device.ts';
import { MiningSession } from '../sim/physics.ts';
import { poissonCount, poissonPlace } from '../sim/processes.ts';
import type { AvalonPlan, AvalonQuirks, WorkMode } from './sim-plan.ts';

/** Chips do a little less than what their clock promises. */
const YIELD = 0.985;
/** From the end of the first log interval to the open API (`protocols.md` 1.1). */
const API_OPENS_MS = 1500;
/** Blocks come every ten minutes. */
const BLOCK_S = 600;

/** One Avalon: its program, its work mode, its soft switch. Reads change nothing; writes come with their time. */
export class AvalonMachine {
  readonly plan: AvalonPlan;
  readonly quirks: AvalonQuirks;
  readonly seed: number;
  readonly poweredAt: number;
  session!: MiningSession;
  mode: WorkMode;
  /** `WORKMODE` after the next start. */
  nextMode: number;
  /** `WORKLEVEL`: shown as it was set. */
  workLevel = 0;
  led = 0;
  /** `-1`: the fan control decides. */
  fanPercent = -1;
  /** Epoch seconds of the last soft switches; 0: never. */
  softOffS = 0;
  softOnS = 0;
  /** Since when the boards are without power, epoch ms; null while they have it. */
  offSince: number | null = null;
  /** A soft switch that lies ahead. */
  #pending: { readonly at: number; readonly on: boolean } | null = null;
  /** When the program of this run started, epoch ms: later than now while the machine boots. */
  #startedAt = 0;
  #run = -1;

  constructor(plan: AvalonPlan, quirks: AvalonQuirks, seed: DeviceSeed) {
    this.plan = plan;
    this.quirks = quirks;
    this.seed = seed.seed;
    this.poweredAt = seed.poweredAt;
    this.nextMode = plan.startMode;
    this.mode = this.#modeOf(plan.startMode);
    this.#start(seed.poweredAt + plan.bootMs, quirks.asleep);
  }

  /** While it boots, and until the first log interval is over, connections are refused (`protocols.md` 1.1). */
  listening(now: number): boolean {
    return now >= this.#startedAt + this.plan.logIntervalS * 1000 + API_OPENS_MS;
  }

  /** Brings what was ordered for a time up to now. */
  settle(now: number): void {
    const next = this.#pending;
    if (next === null || next.at > now) return;
    this.#pending = null;
    this.session.setLevel(next.at, next.on ? 1 : 0);
    this.offSince = next.on ? null : (this.offSince ?? next.at);
  }

  /** Orders the boards on or off at a time; a later order takes the place of one that has not come yet. */
  softSwitch(now: number, on: boolean, atS: number): void {
    if (on) this.softOnS = atS;
    else this.softOffS = atS;
    this.#pending = { at: Math.max(now, atS * 1000), on };
    this.settle(now);
  }

  /** The program starts again while the machine stays on. */
  restart(now: number): void {
    this.#start(now, false);
  }

  /** The whole machine starts again. */
  reboot(now: number, delayS: number): void {
    this.#start(now + delayS * 1000 + this.plan.bootMs, false);
  }

  setMode(now: number, value: number): void {
    this.nextMode = value;
    if (this.plan.modeSwitch === 'restart') this.restart(now);
  }

  hasMode(value: number): boolean {
    return this.plan.modes.some((mode) => mode.value === value);
  }

  #modeOf(value: number): WorkMode {
    return this.plan.modes.find((mode) => mode.value === value) ?? this.plan.modes[0];
  }

  #start(at: number, asleep: boolean): void {
    const { plan, quirks } = this;
    this.#run++;
    this.#startedAt = at;
    this.#pending = null;
    this.mode = this.#modeOf(this.nextMode);
    this.offSince = asleep ? at : null;
    const share = 1 / plan.boards;
    const strongest = Math.max(...plan.modes.map((mode) => mode.wallW));
    this.session = new MiningSession({
      seed: this.seed,
      run: this.#run,
      startedAt: at,
      warm: this.#run > 0,
      boards: Array.from({ length: plan.boards }, (_, board) => ({
        nominalHs: this.mode.ghs * 1e9 * YIELD * share * (this.isDeadChip(board) ? 1 - 1 / plan.chips : 1),
        powerW: (this.mode.wallW - plan.idleW) * share,
        dead: !this.hasBoard(board),
      })),
      pools: plan.pools.map(({ difficulty }, i) => ({ difficulty, dead: quirks.deadPool && i === 0 })),
      cooling: {
        fans: plan.fans,
        maxRpm: plan.maxRpm,
        minPercent: 15,
        targetC: plan.targetC,
        riseC: (plan.riseC * this.mode.wallW) / strongest,
        ...(quirks.stalledFan ? { stalledFan: 0 } : {}),
      },
      idleW: plan.idleW,
      level: asleep || this.boardsPresent === 0 ? 0 : 1,
      startDelayS: plan.initS,
    });
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

  key(...parts: readonly (string | number)[]): number {
    return streamKey(this.seed, 'avalon', ...parts);
  }

  /** Hexadecimal digits that belong to this machine. */
  hex(what: string, digits: number): string {
    let out = '';
    for (let i = 0; out.length < digits; i++) out += hash32(this.key(what), i).toString(16).padStart(8, '0');
    return out.slice(0, digits);
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
    return this.quirks.whenUptime ? Math.max(0, at - this.poweredAt) : at;
  }

  /** What the machine does, in the words of SYSTEMSTATU (`protocols.md` 4). */
  work(now: number): 'In Work' | 'In Idle' | 'In Init' {
    if (this.offSince !== null) return 'In Idle';
    return this.boardsPresent > 0 && this.session.operation.levelRequested(now) > 0 ? 'In Work' : 'In Init';
  }

  /** Blocks of the network since the program started, and when the last one came (s since the start). */
  blocks(now: number): { readonly count: number; readonly lastAtS: number } {
    const key = this.key('blocks', this.#run);
    const count = poissonCount(key, this.elapsedS(now) / BLOCK_S);
    return { count, lastAtS: count === 0 ? 0 : poissonPlace(key, count) * BLOCK_S };
  }

  /** A number of this machine's own between two bounds. */
  own(what: string, low: number, high: number): number {
    return between(this.key(what), 0, low, high);
  }
}
