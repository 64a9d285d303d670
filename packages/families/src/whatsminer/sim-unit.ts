import { hash32, streamKey } from '../sim/counter-random.ts';
import type { DeviceSeed } from '../sim/device.ts';
import { Timeline } from '../sim/timeline.ts';
import { Accounts } from './sim-accounts.ts';
import { ASSUMED } from './sim-assumed.ts';
import type { WhatsminerPlan } from './sim-plan.ts';
import { MinerRun } from './sim-run.ts';
import { factorySettings, localTime, type PoolSetting, type WhatsminerSettings } from './sim-settings.ts';
import { FIXED_LIFE, saltOf, type TokenLife, Tokens } from './sim-tokens.ts';

/** What the owner of a simulated machine changed both passwords to: that of `admin` on 4028, of `super` on 4433. */
export const OWNER_PASSWORD = 'Miner_01';
/** What they are from the factory (protocols.md 3.2, 3.6). */
const FACTORY = { admin: 'admin', super: 'super' } as const;

export interface UnitOptions {
  /** Password of the API on 4028; {@link OWNER_PASSWORD} when left out. */
  readonly password?: string;
  /** Password of `super` on 4433; the same. */
  readonly superPassword?: string;
}

export type LedSetting = 'auto' | 'manual';

const CLOCK_SKEW_MS = 2 * 3_600_000;
const STRANGERS_LIFE: TokenLife = { kind: 'sliding', ms: 1_800_000 };
const POOL_HOSTS = ['pool.example.com', 'backup.example.com', 'third.example.com'];
const MOST_LOG_LINES = 300;

/** A whole machine: its memory, its operating system, its accounts, and one run of btminer after the other. */
export class WhatsminerUnit {
  readonly plan: WhatsminerPlan;
  readonly isOn: (quirk: string) => boolean;
  readonly seed: number;
  readonly tokens: Tokens;
  readonly tokenLife: TokenLife;
  readonly accounts: Accounts;
  settings: WhatsminerSettings;
  /** What the network service was started with: hostname and zone wait for its restart (protocols.md 3.3). */
  active: Pick<WhatsminerSettings, 'network' | 'hostname' | 'zone'>;
  firmware: string;
  led: LedSetting = 'auto';
  /** The API switch of the vendor's tool. */
  writesOn: boolean;
  /** The password was never changed, so the switch does not count. */
  #isFactory: boolean;
  bootedAt: number;
  run: MinerRun | null = null;
  /** Mining is off since then; null: on. */
  offSince: number | null = null;
  readonly #later = new Timeline();
  readonly #deadPool: string | null;
  #runs = 0;
  #log: { readonly at: number; readonly text: string }[] = [];

  constructor(
    plan: WhatsminerPlan,
    { seed, poweredAt }: DeviceSeed,
    isOn: (quirk: string) => boolean,
    options: UnitOptions,
  ) {
    this.plan = plan;
    this.isOn = isOn;
    this.seed = seed;
    this.firmware = plan.firmware;
    this.#isFactory = isOn('factory-password');
    this.writesOn = !this.#isFactory && !isOn('write-switch-off');
    const asFactory = this.#isFactory || isOn('default-passwords');
    const admin = asFactory ? FACTORY.admin : (options.password ?? OWNER_PASSWORD);
    this.tokenLife = isOn('token-forever') ? { kind: 'forever' } : isOn('token-timeout') ? STRANGERS_LIFE : FIXED_LIFE;
    this.tokens = new Tokens(
      {
        seed: this.key('tokens'),
        limits: plan.tokens,
        life: this.tokenLife,
        takenAt: isOn('over-max-connect')
          ? Number.POSITIVE_INFINITY
          : isOn('token-limit-reached')
            ? poweredAt + ASSUMED.portsMs
            : null,
        stillborn: isOn('expired-tokens'),
      },
      admin,
    );
    const superPassword = asFactory ? FACTORY.super : (options.superPassword ?? options.password ?? OWNER_PASSWORD);
    this.accounts = new Accounts(saltOf(this.key('accounts'), 0), superPassword);
    const worker = `account.${plan.label.model.replace(/^WhatsMiner /, '').toLowerCase()}-${1 + (this.key('worker') % 999)}`;
    const pools = POOL_HOSTS.map((host) => ({ url: `stratum+tcp://${host}:3333`, user: worker, password: 'x' }));
    this.#deadPool = isOn('dead-pool') ? (pools[0]?.url ?? null) : null;
    this.settings = { ...factorySettings(plan, this.#host), pools };
    this.active = this.settings;
    this.bootedAt = poweredAt;
    this.#boot(poweredAt, isOn('asleep'));
  }

  get #host(): number {
    return 2 + (this.key('host') % 250);
  }

  // Time

  listening(now: number): boolean {
    this.settle(now);
    return now >= this.bootedAt + ASSUMED.portsMs;
  }

  /** Lets everything happen that happens by itself up to a time. */
  settle(now: number): void {
    this.#later.settle(now);
  }

  /** Epoch ms by the machine's own clock. */
  clock(now: number): number {
    return now + (this.isOn('clock-skew') ? CLOCK_SKEW_MS : 0);
  }

  clockS(now: number): number {
    return Math.floor(this.clock(now) / 1000);
  }

  localTime(now: number): string {
    return localTime(this.clock(now), this.active.zone.timezone);
  }

  uptimeS(now: number): number {
    return Math.max(0, Math.floor((now - this.bootedAt) / 1000));
  }

  #boot(at: number, off = false): void {
    this.bootedAt = at;
    this.run = null;
    this.offSince = null;
    this.led = 'auto';
    this.active = this.settings;
    this.tokens.voidAll();
    this.#later.forget();
    this.note(at, 'boot');
    if (off) this.offSince = at + ASSUMED.btminerMs;
    if (this.settings.init) {
      this.#later.set('btminer', at + ASSUMED.btminerMs, (then) => this.#start(then, false));
    }
  }

  #start(at: number, warm: boolean): void {
    const off = this.offSince !== null;
    // The older daemon has nobody to ask while mining is off: there btminer does not run then.
    if (off && this.plan.dialect === 'old') return;
    this.note(at, off ? 'btminer start, mining off' : 'btminer start');
    this.run = new MinerRun({
      plan: this.plan,
      seed: this.seed,
      number: this.#runs++,
      startedAt: at,
      settings: this.settings,
      deadBoard: this.isOn('dead-board'),
      stalledFan: this.isOn('stalled-fan'),
      deadPool: this.#deadPool,
      off,
      warm,
    });
  }

  // What it is told

  /** Whether write commands are taken at all (protocols.md 3.2). */
  get mayWrite(): boolean {
    return this.writesOn && !this.#isFactory;
  }

  set(change: Partial<WhatsminerSettings>): void {
    this.settings = { ...this.settings, ...change };
  }

  /** Changes settings that a new start of btminer brings into effect, and starts it anew unless mining is off. */
  setAndRestart(now: number, change: Partial<WhatsminerSettings>): void {
    this.set(change);
    if (this.offSince === null) this.restartBtminer(now);
  }

  restartBtminer(now: number): void {
    this.note(now, 'btminer restart');
    const warm = this.run !== null && this.run.offSince === null;
    this.run = null;
    this.offSince = null;
    this.#later.clear('unstable');
    this.#later.set('btminer', now + ASSUMED.restartMs, (at) => this.#start(at, warm));
  }

  powerOff(now: number): void {
    if (this.offSince !== null) return;
    this.note(now, 'power off');
    this.offSince = now;
    this.#later.clear('unstable');
    this.run?.switchOff(now);
    if (this.plan.dialect === 'old') {
      this.run = null;
      this.#later.clear('btminer');
    }
  }

  powerOn(now: number): void {
    if (this.offSince !== null || (this.run === null && !this.#later.has('btminer'))) this.restartBtminer(now);
  }

  setPools(now: number, pools: readonly PoolSetting[]): void {
    this.set({ pools });
    if (this.run?.isFull === true) this.restartBtminer(now);
    else this.run?.setPools(now, pools);
  }

  /** @param percent of the first stable power; a low one makes the machine restart by itself */
  setPercent(now: number, percent: number, rampS: number): void {
    this.#later.clear('unstable');
    if (this.run === null || this.run.offSince !== null) return;
    this.run.setPercent(now, percent, rampS);
    if (percent >= ASSUMED.leastStablePercent) return;
    this.#later.set('unstable', now + ASSUMED.unstableMs, (at) => this.restartBtminer(at));
  }

  /** A power in W: at once while it mines, and kept for the next start. */
  setPower(now: number, watts: number): void {
    this.set({ powerW: watts });
    const { run, plan } = this;
    if (run === null) return;
    const boardsW = (plan.powerW - plan.idleW) * Math.max(run.factor, 0.01);
    const percent = (100 * Math.max(0, watts - plan.idleW)) / boardsW;
    run.setPercent(now, Math.min(100, percent), ASSUMED.gentlePercentS);
  }

  reboot(now: number): void {
    this.note(now, 'reboot');
    this.#later.forget();
    // Nothing answers from now on: the time of the boot lies ahead.
    this.bootedAt = now + ASSUMED.shutdownMs;
    this.run = null;
    this.#later.set('boot', this.bootedAt, (at) => this.#boot(at));
  }

  /** The password is that of the factory again, and writing is off until the vendor's tool is used (protocols.md 3.3). */
  factoryReset(now: number): void {
    this.settings = factorySettings(this.plan, this.#host);
    this.tokens.setPassword(FACTORY.admin);
    this.accounts.reset(FACTORY.super);
    this.#isFactory = true;
    this.writesOn = false;
    this.reboot(now);
  }

  /** New firmware, and the reboot that follows. */
  flash(now: number, version: string): void {
    this.note(now, `firmware ${version}`);
    const happens = (at: number): void => {
      this.firmware = version;
      this.reboot(at);
    };
    this.#later.set('flash', now + ASSUMED.flashMs + ASSUMED.rebootAfterFlashMs, happens);
  }

  // Its own numbers

  key(...parts: readonly (string | number)[]): number {
    return streamKey(this.seed, 'whatsminer', ...parts);
  }

  hex(what: string, digits: number): string {
    let out = '';
    for (let i = 0; out.length < digits; i++) out += hash32(this.key(what), i).toString(16).padStart(8, '0');
    return out.slice(0, digits).toUpperCase();
  }

  get mac(): string {
    return `02:${this.hex('mac', 10).replace(/(\w\w)(?=\w)/g, '$1:')}`;
  }

  get minerSn(): string {
    return `SIM${this.hex('miner', 20)}`;
  }

  get powerSn(): string {
    return `A${this.hex('power', 15)}`;
  }

  boardSn(board: number): string {
    return `${this.plan.boardCode}SIM${this.hex(`board ${board}`, 12)}`;
  }

  /** What happened. Knows no secrets. */
  note(at: number, text: string): void {
    this.#log.push({ at, text });
    if (this.#log.length > MOST_LOG_LINES) this.#log = this.#log.slice(-MOST_LOG_LINES / 2);
  }

  logText(now: number): string {
    return this.#log
      .filter(({ at }) => at <= now)
      .map(({ at, text }) => `${localTime(this.clock(at), this.active.zone.timezone)} ${text}\n`)
      .join('');
  }
}
