import type { PoolSetting } from '@headframe/wire/cgminer-server';
import { hash32, streamKey } from '../sim/counter-random.ts';
import type { DeviceSeed, WorkDone } from '../sim/device.ts';
import type { MiningSession } from '../sim/physics.ts';
import { ASSUMED } from './sim-assumed.ts';
import { type Firmware, factoryConfig, factoryNetwork, type MinerConfig, type NetworkConfig } from './sim-config.ts';
import type { AntminerModel } from './sim-models.ts';
import { MinerRun, sleepMode } from './sim-run.ts';
import { API_MS, type Machine, type MinerState, type Nameplate, PROGRAM_MS, WEB_MS } from './sim-state.ts';

/** What a reboot does besides. */
export interface Reboot {
  /** All settings go back to what they were in the factory. */
  readonly wipes?: boolean;
  readonly firmware?: Firmware;
}

export interface UnitOptions {
  /** Password of the web page's only user, `root`. */
  readonly password?: string;
  /** Readings for the first run of the mining program; the simulator's physics when left out. */
  readonly machine?: Machine;
}

interface LogLine {
  readonly at: number;
  readonly text: string;
}

const FACTORY_PASSWORD = 'root';
const POOL_NAMES = ['pool.example.org', 'fallback.example.net'];
const MOST_LOG_LINES = 200;
/** Sessions whose hashes the chart still knows: it reaches back six hours. */
const MOST_SESSIONS = 32;

/** A whole machine: its flash, its operating system, and one run of the mining program after the other. */
export class AntminerUnit {
  readonly model: AntminerModel;
  readonly isOn: (switchName: string) => boolean;
  readonly nameplate: Nameplate;
  config: MinerConfig;
  network: NetworkConfig;
  /** Null: the page asks for none. */
  password: string | null;
  firmware: Firmware;
  isBlinking = false;
  readonly #seed: number;
  /** Readings of the first run that take the place of physics. */
  readonly #machine: Machine | null;
  readonly #deadPool: string | null;
  readonly #log: LogLine[] = [];
  readonly #sessions: { readonly session: MiningSession; readonly from: number; to: number }[] = [];
  #webFrom: number;
  #run: MinerRun;
  #runs = 0;
  #reboot: (Reboot & { readonly at: number }) | null = null;
  /** When set_miner_conf.cgi of the older page is done with the request before (protocols.md 2.4). */
  configBusyUntil = Number.NEGATIVE_INFINITY;

  constructor(
    model: AntminerModel,
    seed: DeviceSeed,
    isOn: (switchName: string) => boolean,
    { machine, password }: UnitOptions,
  ) {
    this.model = model;
    this.isOn = isOn;
    this.#seed = seed.seed;
    this.#machine = machine ?? null;
    this.nameplate = machine?.nameplate ?? nameplateOf(seed.seed);
    this.network = factoryNetwork(this.nameplate.hostname);
    this.password = isOn('no-password') ? null : (password ?? FACTORY_PASSWORD);
    this.firmware = { version: model.filesystemVersion, compileTime: model.compileTime };
    const first = machine?.stateAt(seed.poweredAt);
    const asleep = first?.asleep ?? isOn('asleep');
    this.config = {
      ...factoryConfig(model),
      pools: first?.pools.map(slotOf) ?? POOL_NAMES.map((name) => ownPool(name, model, seed.seed)),
      allow: isOn('open-acl') ? 'W:0/0' : 'A:0/0,W:*',
      workMode: asleep ? String(sleepMode(isOn)) : '0',
    };
    this.#deadPool = isOn('dead-pool') ? (this.config.pools[0]?.url ?? null) : null;
    this.#webFrom = machine?.webFrom ?? seed.poweredAt + WEB_MS;
    this.#note(seed.poweredAt, 'power on');
    this.#run = this.#start(machine?.programFrom ?? seed.poweredAt + PROGRAM_MS);
  }

  /** The run of the mining program that goes on, is about to start, or was the last one. */
  get run(): MinerRun {
    return this.#run;
  }

  // The operating system

  webRuns(now: number): boolean {
    this.settle(now);
    return now >= this.#webFrom;
  }

  /** Whether port 4028 (and 6060) is open. */
  programRuns(now: number): boolean {
    this.settle(now);
    return this.#run.endedAt === null && now >= this.#run.plan.startedAt + API_MS;
  }

  /** Brings what happens by itself up to a time. */
  settle(now: number): void {
    const due = this.#reboot;
    if (due !== null && now >= due.at) {
      this.#reboot = null;
      this.reboot(due.at, due);
    }
    this.#run.settle(now);
  }

  /** Everything goes away and comes back as after power on. */
  reboot(now: number, { wipes = false, firmware }: Reboot = {}): void {
    this.#note(now, 'reboot');
    this.isBlinking = false;
    this.configBusyUntil = Number.NEGATIVE_INFINITY;
    if (firmware !== undefined) {
      this.firmware = firmware;
      this.#note(now, `firmware ${firmware.version}`);
    }
    if (wipes) this.#wipe();
    this.#end(now);
    const bootsAt = now + ASSUMED.shutdownMs;
    this.#webFrom = bootsAt + WEB_MS;
    this.#run = this.#start(bootsAt + PROGRAM_MS);
  }

  /** A reboot that comes later: what was accepted now waits for it. */
  rebootAt(at: number, reboot: Reboot): void {
    this.#reboot = { ...reboot, at };
  }

  #wipe(): void {
    this.config = factoryConfig(this.model);
    this.network = factoryNetwork('Antminer');
    this.password = this.isOn('no-password') ? null : FACTORY_PASSWORD;
  }

  // The mining program

  /** Writes the file and starts the program anew, which reads it. */
  configure(now: number, config: MinerConfig): void {
    this.config = config;
    this.#note(now, 'configuration written');
    this.restart(now);
  }

  restart(now: number): void {
    this.#end(now);
    this.#run = this.#start(now + ASSUMED.programRestartMs);
  }

  /** Nothing starts it again but a restart or a reboot. */
  quit(now: number): void {
    this.#note(now, 'bmminer ended');
    this.#end(now);
  }

  /** `save` without a name: the running list of pools becomes the file's. */
  save(): void {
    this.config = { ...this.config, pools: this.#run.pools.list.map(({ url, user, pass }) => ({ url, user, pass })) };
  }

  #end(now: number): void {
    this.#run.endedAt ??= now;
    const last = this.#sessions.at(-1);
    if (last !== undefined) last.to = Math.min(last.to, now);
  }

  #start(startedAt: number): MinerRun {
    this.#note(startedAt, 'bmminer started');
    const { model, isOn, config } = this;
    const run = this.#runs++;
    return new MinerRun({
      model,
      isOn,
      config,
      run,
      startedAt,
      seed: this.#seed,
      deadPool: this.#deadPool,
      begins: (session, from) => {
        const last = this.#sessions.at(-1);
        if (last !== undefined) last.to = Math.min(last.to, from);
        // The typed readings of a test have no physics behind them.
        if (run > 0 || this.#machine === null) this.#sessions.push({ session, from, to: Number.POSITIVE_INFINITY });
        if (this.#sessions.length > MOST_SESSIONS) this.#sessions.shift();
      },
    });
  }

  get #readings(): Machine | null {
    return this.#runs === 1 ? this.#machine : null;
  }

  stateAt(now: number): MinerState {
    return (this.#readings ?? this.#run).stateAt(now);
  }

  /** Typed readings of a test have no pools behind them. */
  work(now: number): WorkDone[] {
    this.settle(now);
    return this.#readings === null ? this.#run.workDone(now) : [];
  }

  /** H/s over the quarter of an hour that ends at a time. */
  rateAt(at: number): number {
    if (this.#readings !== null) return this.#readings.rateAt(at);
    const hashes = (until: number) =>
      this.#sessions.reduce((sum, { session, to }) => sum + session.totalHashes(Math.min(until, to)), 0);
    return Math.max(0, hashes(at) - hashes(at - 900_000)) / 900;
  }

  // Its log

  #note(at: number, text: string): void {
    this.#log.push({ at, text });
    if (this.#log.length > MOST_LOG_LINES) this.#log.shift();
  }

  /** What happened until now, oldest first, one line each. Knows no secrets. */
  logLines(now: number): string[] {
    return this.#log.filter(({ at }) => at <= now).map(({ at, text }) => `${new Date(at).toISOString()} ${text}`);
  }
}

const slotOf = ({
  url,
  user,
  password,
}: {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}) => ({
  url,
  user,
  pass: password,
});

const ownPool = (name: string, model: AntminerModel, seed: number): PoolSetting => ({
  url: `stratum+tcp://${name}:3333`,
  user: `account.${model.name}-${seed}`,
  pass: 'x',
});

function nameplateOf(seed: number): Nameplate {
  const key = streamKey(seed, 'antminer');
  const word = (place: number) => hash32(key, place).toString(16).padStart(8, '0').toUpperCase();
  return {
    mac: `02:${word(1).slice(0, 6)}${word(2).slice(0, 4)}`.replace(/(\w\w)(?=\w)/g, '$1:'),
    serial: `SIM${word(3)}${word(4)}`,
    hostname: 'Antminer',
  };
}
