import type { WorkDone } from '@headframe/families/sim';
import { ASSUMED } from './assumed.ts';
import { numberOf } from './own-numbers.ts';

/** Something that submits shares: a simulated device, or one that is served. */
export interface Working {
  readonly work?: (now: number) => readonly WorkDone[];
}

const HASHES_PER_DIFFICULTY = 2 ** 32;
/** Samples of one worker; older ones are thinned out. */
const MOST_SAMPLES = 600;

/** What a worker had done at a time. Work is in units of 2^32 hashes. */
interface Sample {
  readonly at: number;
  readonly work: number;
}

/** The counters of one machine for one worker. */
interface Counts {
  readonly accepted: number;
  readonly rejected: number;
  readonly work: number;
  readonly hashrateHs: number;
  readonly lastShareAt: number | null;
}

const NOTHING: Counts = { accepted: 0, rejected: 0, work: 0, hashrateHs: 0, lastShareAt: null };

const plus = (sum: Counts, { accepted, rejected, difficulty, hashrateHs, lastShareAt }: WorkDone): Counts => ({
  accepted: sum.accepted + accepted,
  rejected: sum.rejected + rejected,
  work: sum.work + accepted * (difficulty ?? 0),
  hashrateHs: sum.hashrateHs + hashrateHs,
  lastShareAt: later(sum.lastShareAt, lastShareAt),
});

const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

/** All that a pool knows of one worker: its own totals, which no restart of a machine sets back. */
export class Worker {
  /** The whole name, as machines give it: `account.rig3`. */
  readonly name: string;
  accepted = 0;
  rejected = 0;
  lastShareAt: number | null = null;
  /** Work from before the pool looked first, and at which rate it came then, units a second. */
  #past = 0;
  #rateBefore = 0;
  readonly #firstAt: number;
  /** Work since then. */
  #work = 0;
  readonly #samples: Sample[] = [];

  /** @param at when the pool sees it first, epoch ms */
  constructor(name: string, at: number) {
    this.name = name;
    this.#firstAt = at;
  }

  /** What a machine had done for it before the pool knew the machine. */
  addPast(at: number, counts: Counts): void {
    this.accepted += counts.accepted;
    this.rejected += counts.rejected;
    this.lastShareAt = later(this.lastShareAt, counts.lastShareAt);
    this.#past += counts.work;
    if (at === this.#firstAt) this.#rateBefore += counts.hashrateHs / HASHES_PER_DIFFICULTY;
  }

  /** What a machine did since the pool looked last. */
  add(counts: Counts, before: Counts): void {
    this.accepted += counts.accepted - before.accepted;
    this.rejected += Math.max(0, counts.rejected - before.rejected);
    this.lastShareAt = later(this.lastShareAt, counts.lastShareAt);
    this.#work += counts.work - before.work;
  }

  sample(at: number): void {
    this.#samples.push({ at, work: this.#work });
    if (this.#samples.length <= MOST_SAMPLES) return;
    const half = this.#samples.splice(0, MOST_SAMPLES / 2);
    this.#samples.unshift(...half.filter((_, i) => i % 2 === 0));
  }

  /** Sum of the difficulties of its accepted shares. */
  get work(): number {
    return this.#past + this.#work;
  }

  /** When it began, by its rate; epoch ms. */
  get since(): number {
    return this.#firstAt - (this.#rateBefore === 0 ? 0 : (this.#past / this.#rateBefore) * 1000);
  }

  /** Work of the shares of a window that ends at a time, in units of 2^32 hashes. */
  workWithin(at: number, windowS: number): number {
    return Math.max(0, this.#workAt(at) - this.#workAt(at - windowS * 1000));
  }

  /** By its shares, H/s. */
  hashrateHs(at: number, windowS: number): number {
    return (this.workWithin(at, windowS) * HASHES_PER_DIFFICULTY) / windowS;
  }

  /** Below zero before the pool looked first. The rate of then is taken to have been the same all along. */
  #workAt(at: number): number {
    if (at <= this.#firstAt) return -Math.min(this.#past, (this.#rateBefore * (this.#firstAt - at)) / 1000);
    const next = this.#samples.findIndex((sample) => sample.at >= at);
    const before = this.#samples.at(next < 0 ? -1 : next - 1);
    const after = this.#samples[next];
    if (before === undefined || after === undefined || before === after) return (after ?? before)?.work ?? 0;
    return before.work + ((after.work - before.work) * (at - before.at)) / (after.at - before.at);
  }

  /** The best difficulty of all its shares. Never falls. */
  get bestShare(): number {
    const { least, spread } = ASSUMED.luck;
    return this.work * (least + (spread * numberOf('best share', this.name)) / 2 ** 32);
  }

  /** Whether a share came within so many seconds. */
  isWithin(at: number, seconds: number): boolean {
    return this.lastShareAt !== null && at - this.lastShareAt <= seconds * 1000;
  }
}

/**
 * The account of a pool: what machines submit, by worker.
 *
 * A machine's counters begin again when it restarts; the pool adds what came since it last looked. It looks when it is
 * asked and once a minute: of a machine that restarts in between it misses what came since.
 */
export class Ledger {
  readonly #takes: (work: WorkDone) => boolean;
  readonly #workers = new Map<string, Worker>();
  #seen = new Map<Working, ReadonlyMap<string, Counts>>();
  #at = Number.NEGATIVE_INFINITY;

  /** @param takes whether work is done for this pool */
  constructor(takes: (work: WorkDone) => boolean) {
    this.#takes = takes;
  }

  get workers(): readonly Worker[] {
    return [...this.#workers.values()];
  }

  /** Until when it has counted, epoch ms. */
  get at(): number {
    return this.#at;
  }

  /** Counts what machines did until a time. Never goes back. */
  count(at: number, machines: Iterable<Working>): void {
    if (at <= this.#at) return;
    this.#at = at;
    const seen = new Map<Working, ReadonlyMap<string, Counts>>();
    for (const machine of machines) seen.set(machine, this.#countOne(at, machine));
    this.#seen = seen;
    for (const worker of this.#workers.values()) worker.sample(at);
  }

  #countOne(at: number, machine: Working): ReadonlyMap<string, Counts> {
    const now = new Map<string, Counts>();
    for (const work of machine.work?.(at) ?? []) {
      if (this.#takes(work)) now.set(work.worker, plus(now.get(work.worker) ?? NOTHING, work));
    }
    const before = this.#seen.get(machine);
    for (const [name, counts] of now) {
      const worker = this.#workers.get(name) ?? new Worker(name, at);
      this.#workers.set(name, worker);
      const last = before?.get(name) ?? NOTHING;
      if (before === undefined) worker.addPast(at, counts);
      // Counters that fell began again.
      else worker.add(counts, counts.accepted < last.accepted || counts.work < last.work ? NOTHING : last);
    }
    return now;
  }
}
