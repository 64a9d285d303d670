import type { MiningSession } from '../sim/physics.ts';
import type { PoolPlan } from './sim-plan.ts';

/** A pool of the running program. */
export interface MachinePool extends PoolPlan {
  /** Its place among the session's pools, which only grow; the number that people see is the place in the list. */
  readonly physical: number;
  priority: number;
  quota: number;
  enabled: boolean;
}

/** How long the pool that works goes on after it was disabled: seen 10 to 20 s (`protocols.md` 1.4). */
const LEAVES_AFTER_MS = 15_000;

/** The pool list of the running program and what its commands do to it. */
export class MachinePools {
  readonly #list: MachinePool[];
  readonly #session: MiningSession;
  #everAdded: number;
  #enabledCounter: number;
  /** A disabled pool that still works, and until when. */
  #leaving: { readonly pool: MachinePool; readonly at: number } | null = null;
  readonly #physicalOf: (pool: PoolPlan) => Parameters<MiningSession['addPool']>[1];

  constructor(
    session: MiningSession,
    pools: readonly MachinePool[],
    enabledCounter: number,
    physicalOf: (pool: PoolPlan) => Parameters<MiningSession['addPool']>[1],
  ) {
    this.#session = session;
    this.#list = [...pools];
    this.#everAdded = pools.length;
    this.#enabledCounter = enabledCounter;
    this.#physicalOf = physicalOf;
  }

  get list(): readonly MachinePool[] {
    return this.#list;
  }

  /** How many pools the session has had: their physical numbers are below it. */
  get everAdded(): number {
    return this.#everAdded;
  }

  /**
   * What the program takes for the number of enabled pools: those from the start and every one added since.
   * `disablepool` does not lower it, so that the last enabled pool can be disabled (`protocols.md` 1.8 no 5).
   */
  get enabledCounter(): number {
    return this.#enabledCounter;
  }

  get byPriority(): readonly MachinePool[] {
    return [...this.#list].sort((a, b) => a.priority - b.priority);
  }

  /** The pool that is worked for, else the one that would be. */
  current(now: number): MachinePool | null {
    const physical = this.#session.currentPool(now);
    const working = physical === null ? undefined : this.#list.find((pool) => pool.physical === physical);
    return working ?? this.byPriority[0] ?? null;
  }

  alive(now: number, pool: MachinePool): boolean {
    return this.#session.poolAlive(now, pool.physical);
  }

  /** Brings what happens by itself up to a time. */
  settle(now: number): void {
    if (this.#leaving === null || now < this.#leaving.at) return;
    const { at } = this.#leaving;
    this.#leaving = null;
    this.use(at);
  }

  /** A new pool always gets the next number and the last priority. */
  add(now: number, pool: PoolPlan): number {
    const physical = this.#session.addPool(now, this.#physicalOf(pool));
    this.#everAdded++;
    this.#enabledCounter++;
    this.#list.push({ ...pool, physical, priority: this.#list.length, quota: 1, enabled: true });
    this.use(now);
    return this.#list.length - 1;
  }

  /** The last pool takes the number that becomes free (`protocols.md` 1.4). */
  remove(now: number, removed: MachinePool): void {
    const last = this.#list.pop();
    const place = this.#list.indexOf(removed);
    if (last !== undefined && place >= 0) this.#list[place] = last;
    for (const pool of this.#list) if (pool.priority > removed.priority) pool.priority--;
    this.use(now);
  }

  setEnabled(now: number, pool: MachinePool, enabled: boolean): void {
    if (!enabled && this.current(now) === pool) this.#leaving = { pool, at: now + LEAVES_AFTER_MS };
    if (enabled && this.#leaving?.pool === pool) this.#leaving = null;
    pool.enabled = enabled;
    this.use(now);
  }

  /** Makes it priority 0 and shifts those that were before it. */
  prefer(now: number, pool: MachinePool): void {
    for (const other of this.#list) if (other.priority < pool.priority) other.priority++;
    pool.priority = 0;
    this.use(now);
  }

  /** These first, in this order; the others behind, in the order that they had. */
  prioritise(now: number, first: readonly MachinePool[]): void {
    const rest = this.byPriority.filter((pool) => !first.includes(pool));
    for (const [priority, pool] of [...first, ...rest].entries()) pool.priority = priority;
    this.use(now);
  }

  use(now: number): void {
    const usable = this.byPriority.filter((pool) => pool.enabled || pool === this.#leaving?.pool);
    this.#session.setPools(
      now,
      usable.map((pool) => pool.physical),
    );
  }
}
