/*
 * The pool list of a running cgminer-like program: numbers, priorities, and what its commands do to it
 * (`protocols.md` 1.4). Who works for which pool at what time is the simulator's physics, given from outside.
 */

/** What the list needs to know of a pool itself. */
export interface PoolSetting {
  readonly url: string;
  readonly user: string;
  readonly pass: string;
  /** For load balancing; 1 when left out. */
  readonly quota?: number;
}

/** A pool of the running program. `Setting` is what the program keeps of a pool beyond its address. */
export type RunningPool<Setting extends PoolSetting = PoolSetting> = Setting & {
  /** Its place among all pools that the program ever had; the number that people see is the place in the list. */
  readonly physical: number;
  priority: number;
  quota: number;
  enabled: boolean;
};

/** What mines for the pools. Pools are named by their physical numbers, which count up from 0. */
export interface PoolWork<Setting extends PoolSetting> {
  /** A pool that nobody works for until {@link use} names it. Gives its physical number. */
  add(now: number, pool: Setting): number;
  /** The pools to use, best first. */
  use(now: number, order: readonly number[]): void;
  /** Null while none is alive. */
  current(now: number): number | null;
}

/** How long the pool that works goes on after it was disabled: seen 10 to 20 s (`protocols.md` 1.4). */
const LEAVES_AFTER_MS = 15_000;

/**
 * When a better pool takes over, s: its connection must live for `--fallback-time` (120 s), comes up a few seconds after
 * it was asked for and is looked at every 5 s; seen between 125 and 135 s (`protocols.md` 1.4).
 */
export const FALLBACK_S = 129;

const running = <Setting extends PoolSetting>(
  pool: Setting,
  physical: number,
  priority: number,
): RunningPool<Setting> => ({ ...pool, physical, priority, quota: pool.quota ?? 1, enabled: true });

/** The pools that a program starts with, numbered and ordered as they stand in its configuration. */
export const asStarted = <Setting extends PoolSetting>(pools: readonly Setting[]): RunningPool<Setting>[] =>
  pools.map((pool, i) => running(pool, i, i));

export class RunningPools<Setting extends PoolSetting = PoolSetting> {
  readonly #list: RunningPool<Setting>[];
  readonly #work: PoolWork<Setting>;
  readonly #ever: Setting[];
  #enabledCounter: number;
  /** A disabled pool that still works, and until when. */
  #leaving: { readonly pool: RunningPool<Setting>; readonly at: number } | null = null;

  constructor(work: PoolWork<Setting>, pools: readonly RunningPool<Setting>[], enabledCounter = pools.length) {
    this.#work = work;
    this.#list = [...pools];
    this.#ever = [...pools].sort((a, b) => a.physical - b.physical);
    this.#enabledCounter = enabledCounter;
  }

  get list(): readonly RunningPool<Setting>[] {
    return this.#list;
  }

  /** How many pools the work has had: their physical numbers are below it. */
  get everAdded(): number {
    return this.#ever.length;
  }

  /** All that it ever had, removed ones too, by their physical numbers. */
  get ever(): readonly Setting[] {
    return this.#ever;
  }

  /**
   * What the program takes for the number of enabled pools: those from the start and every one added since.
   * `disablepool` does not lower it, so that the last enabled pool can be disabled (`protocols.md` 1.8 no 5).
   */
  get enabledCounter(): number {
    return this.#enabledCounter;
  }

  get byPriority(): readonly RunningPool<Setting>[] {
    return [...this.#list].sort((a, b) => a.priority - b.priority);
  }

  /** The pool that is worked for; null while there is none. */
  working(now: number): RunningPool<Setting> | null {
    const physical = this.#work.current(now);
    return this.#list.find((pool) => pool.physical === physical) ?? null;
  }

  /** The pool that is worked for, else the one that would be. */
  current(now: number): RunningPool<Setting> | null {
    return this.working(now) ?? this.byPriority[0] ?? null;
  }

  /** Brings what happens by itself up to a time. */
  settle(now: number): void {
    if (this.#leaving === null || now < this.#leaving.at) return;
    const { at } = this.#leaving;
    this.#leaving = null;
    this.use(at);
  }

  /** A new pool always gets the next number and the last priority. Gives that number. */
  add(now: number, pool: Setting): number {
    const physical = this.#work.add(now, pool);
    this.#ever[physical] = pool;
    this.#enabledCounter++;
    this.#list.push(running(pool, physical, this.#list.length));
    this.use(now);
    return this.#list.length - 1;
  }

  /** The last pool takes the number that becomes free (`protocols.md` 1.4). */
  remove(now: number, removed: RunningPool<Setting>): void {
    const last = this.#list.pop();
    const place = this.#list.indexOf(removed);
    if (last !== undefined && place >= 0) this.#list[place] = last;
    for (const pool of this.#list) if (pool.priority > removed.priority) pool.priority--;
    this.use(now);
  }

  setEnabled(now: number, pool: RunningPool<Setting>, enabled: boolean): void {
    if (!enabled && this.current(now) === pool) this.#leaving = { pool, at: now + LEAVES_AFTER_MS };
    if (enabled && this.#leaving?.pool === pool) this.#leaving = null;
    pool.enabled = enabled;
    this.use(now);
  }

  /** Makes it priority 0 and shifts those that were before it. */
  prefer(now: number, pool: RunningPool<Setting>): void {
    for (const other of this.#list) if (other.priority < pool.priority) other.priority++;
    pool.priority = 0;
    this.use(now);
  }

  /** These first, in this order; the others behind, in the order that they had. */
  prioritise(now: number, first: readonly RunningPool<Setting>[]): void {
    const rest = this.byPriority.filter((pool) => !first.includes(pool));
    for (const [priority, pool] of [...first, ...rest].entries()) pool.priority = priority;
    this.use(now);
  }

  /** Tells the work which pools to use now, best first. */
  use(now: number): void {
    const usable = this.byPriority.filter((pool) => pool.enabled || pool === this.#leaving?.pool);
    this.#work.use(
      now,
      usable.map((pool) => pool.physical),
    );
  }
}
