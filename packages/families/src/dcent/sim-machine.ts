import { streamKey } from '../sim/counter-random.ts';
import type { DeviceSeed, WorkDone } from '../sim/device.ts';
import { sessionWork } from '../sim/work-done.ts';
import { ASSUMED } from './sim-assumed.ts';
import { type Config, firstConfig, type PoolEntry, sectionOf } from './sim-config.ts';
import type { JsonRecord } from './sim-json.ts';
import type { DcentPlan, DcentQuirks } from './sim-plan.ts';
import { Run, type TunerMode } from './sim-run.ts';
import { SessionLock } from './sim-session.ts';

/** Between the reply to `restart` and the end of the daemon. */
const REPLY_LEAVES_MS = 2000;
/** The pools that it comes with. */
const FIRST_POOL = 'stratum+tcp://pool.example.com:3333';
const SECOND_POOL = 'stratum+tcp://backup.example.com:3333';
/** So many records the audit keeps. */
const MOST_AUDITED = 256;

/** One machine under DCENT_OS. Reads change nothing; writes come with their time. */
export class DcentMachine {
  readonly plan: DcentPlan;
  readonly quirks: DcentQuirks;
  readonly seed: number;
  /** As it is in the file; the run has the copy that it started with. */
  config: Config;
  lock: SessionLock;
  run: Run;
  /** What was changed since the daemon started, newest last. */
  audit: readonly JsonRecord[] = [];
  /** Outlives a restart. */
  #tuner: TunerMode = 'manual';
  #runs = 0;
  #endsAt: number | null = null;

  constructor(plan: DcentPlan, quirks: DcentQuirks, { seed, poweredAt }: DeviceSeed) {
    this.plan = plan;
    this.quirks = quirks;
    this.seed = seed;
    this.config = firstConfig(plan, quirks.noPools ? [] : this.#ownPools());
    const startedAt = poweredAt + ASSUMED.bootMs;
    this.run = this.#newRun(startedAt, quirks.asleep);
    this.lock = this.#newLock(startedAt);
  }

  #ownPools(): readonly PoolEntry[] {
    const model = this.plan.label.model.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const worker = `account.${model}-${1 + (this.key('worker') % 999)}`;
    return [FIRST_POOL, SECOND_POOL].map((url) => ({ url, worker, password: 'x' }));
  }

  /** A key for random numbers that belong to this machine alone. */
  key(...parts: readonly (string | number)[]): number {
    return streamKey(this.seed, 'dcent', ...parts);
  }

  #newRun(startedAt: number, asleep: boolean): Run {
    const { plan, seed, config, quirks } = this;
    const { deadBoard, stalledFan, deadPool } = quirks;
    const deadUrl = deadPool ? FIRST_POOL : null;
    const run = this.#runs++;
    return new Run({ plan, seed, run, startedAt, config, tuner: this.#tuner, deadBoard, stalledFan, deadUrl, asleep });
  }

  #newLock(startedAt: number): SessionLock {
    return new SessionLock(this.seed, this.#runs, this.quirks.foreignSession ? startedAt : null);
  }

  // Time

  listening(now: number): boolean {
    this.settle(now);
    return now >= this.run.startedAt;
  }

  /** Lets a restart happen whose time has come. */
  settle(now: number): void {
    if (this.#endsAt === null || now < this.#endsAt) return;
    const startedAt = this.#endsAt + ASSUMED.restartMs;
    this.#endsAt = null;
    // Sleep, a session, fixed fans and the audit are in the memory of the daemon.
    this.run = this.#newRun(startedAt, false);
    this.lock = this.#newLock(startedAt);
    this.audit = [];
  }

  /** It tells stale shares among the rejected ones. */
  workDone(now: number): WorkDone[] {
    this.settle(now);
    const { session, pools } = this.run;
    const { difficulty } = ASSUMED;
    const named = pools.map(({ url, worker }, pool) => ({ pool, url, worker, difficulty }));
    return sessionWork(now, session, named, { staleIsRejected: true });
  }

  /** The daemon ends two seconds later and starts again. */
  restart(now: number): void {
    this.#endsAt ??= now + REPLY_LEAVES_MS;
  }

  // What it is told

  /** Keeps the mode and goes there at once. @returns whether a tuner is there to do it */
  tune(now: number, mode: TunerMode): boolean {
    this.#tuner = mode;
    if (this.quirks.noTuner) return false;
    this.run.tune(now, mode);
    return true;
  }

  note(now: number, event: JsonRecord): void {
    const record = { timestamp_ms: now, schema_version: 1, actor: ASSUMED.actor, event };
    this.audit = [...this.audit.slice(1 - MOST_AUDITED), record];
  }

  // What it is

  /** In lower case, as the network driver tells it; an address of nobody's. */
  get mac(): string {
    const bytes = Array.from({ length: 5 }, (_, i) => (this.key('mac', i) % 256).toString(16).padStart(2, '0'));
    return `02:${bytes.join(':')}`;
  }

  /** The daemon's copy: a name that is set is used when it starts. */
  get hostname(): string {
    const name = sectionOf(this.run.config, 'general').hostname;
    return typeof name === 'string' && name !== '' ? name : 'dcentos';
  }
}
