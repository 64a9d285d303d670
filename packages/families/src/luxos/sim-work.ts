import { GroupedWork, type WorkingGroup } from '../sim/grouped-work.ts';
import { MiningSession } from '../sim/physics.ts';
import type { CountedPool } from '../sim/work-done.ts';
import { type GroupSetting, type Layout, type PoolSetting, partOf } from './sim-layout.ts';
import { type LuxosPlan, nominalGhs } from './sim-plan.ts';

/*
 * The work of one run: groups of pools that share it by quota, and what came of it.
 *
 * Every board works for every group, so there is a session of the physics for each pair of them: that board at the
 * group's part of the level it runs at. All sessions of a group see the same outages and choose the same pool.
 */

export interface WorkPool {
  readonly url: string;
  readonly user: string;
  readonly difficulty: number;
  readonly dead: boolean;
  readonly group: WorkGroup;
  /** Its place among the pools that the group's sessions have had. */
  readonly physical: number;
  priority: number;
  enabled: boolean;
}

export interface WorkGroup extends WorkingGroup {
  readonly name: string;
  quota: number;
  /** All pools that it ever had. */
  readonly everHad: WorkPool[];
}

interface Scope {
  readonly pool?: WorkPool;
  readonly board?: number;
}

export interface WorkStart {
  readonly seed: number;
  readonly run: number;
  readonly startedAt: number;
  readonly layout: Layout;
  readonly startDelayS: number;
  readonly rampS: number;
  /** Level of each board to begin with. */
  readonly levels: readonly number[];
  /** Part of a board's chips that hash; 0 for a board that does not answer. */
  readonly chipsPart: (board: number) => number;
}

/** How long the pool that works goes on after it was disabled, as in cgminer (`protocols.md` 1.4). */
export const LEAVES_AFTER_MS = 15_000;

const MOST_POOLS = 100;
const MOST_GROUPS = 20;

export class Work extends GroupedWork<WorkGroup> {
  readonly #plan: LuxosPlan;
  readonly #start: WorkStart;
  readonly groups: WorkGroup[] = [];
  readonly pools: WorkPool[] = [];
  readonly #leaving = new Set<WorkPool>();

  constructor(plan: LuxosPlan, start: WorkStart) {
    super(start.levels, start.startedAt + (start.startDelayS + start.rampS) * 1000);
    this.#plan = plan;
    this.#start = start;
    const { groups, pools } = start.layout;
    const quotas = groups.map(({ quota }, group) =>
      pools.some((pool) => pool.group === group && pool.enabled) ? quota : null,
    );
    for (const [number, group] of groups.entries())
      this.#addGroup(group, start.startedAt, partOf(quotas, number), true);
    for (const pool of pools) this.#addPool(start.startedAt, pool);
    for (const group of this.groups) this.#use(start.startedAt, group);
  }

  #addGroup({ name, quota }: GroupSetting, at: number, part: number, atStart: boolean): WorkGroup {
    const { plan, start } = { plan: this.#plan, start: this.#start };
    const number = this.everGroups.length;
    const sessions = Array.from(
      { length: plan.boards },
      (_, board) =>
        new MiningSession({
          seed: start.seed,
          run: start.run * 64 + number * plan.boards + board,
          startedAt: at,
          boards: Array.from({ length: plan.boards }, (_, other) => ({
            nominalHs:
              other === board ? (nominalGhs(plan, plan.nominal.mhz) * 1e9 * start.chipsPart(board)) / plan.boards : 0,
            powerW: 0,
          })),
          pools: [],
          cooling: { fans: 0, maxRpm: 0, minPercent: 0, targetC: plan.targetC, riseC: 0 },
          idleW: 0,
          level: part * this.toldLevel(board),
          ...(atStart ? { startDelayS: start.startDelayS, rampS: start.rampS } : { startDelayS: 0, rampS: 1 }),
        }),
    );
    const group: WorkGroup = { name, quota, part, sessions, everHad: [] };
    this.groups.push(group);
    this.everGroups.push(group);
    return group;
  }

  #addPool(now: number, setting: PoolSetting): WorkPool | null {
    const group = this.groups[setting.group];
    if (group === undefined) return null;
    let physical = 0;
    for (const session of group.sessions) {
      physical = session.addPool(now, { difficulty: setting.difficulty, dead: setting.dead });
    }
    const { url, user, difficulty, dead, enabled } = setting;
    const pool: WorkPool = { url, user, difficulty, dead, enabled, group, physical, priority: this.pools.length };
    this.pools.push(pool);
    group.everHad.push(pool);
    return pool;
  }

  /** What a restart begins with. */
  get layout(): Layout {
    return {
      groups: this.groups.map(({ name, quota }) => ({ name, quota })),
      pools: [...this.pools]
        .sort((a, b) => a.priority - b.priority)
        .map(({ url, user, difficulty, enabled, dead, group }) => ({
          ...{ url, user, difficulty, enabled, dead },
          group: this.groups.indexOf(group),
        })),
    };
  }

  // Pools and groups

  /** A new pool gets the next number and the last priority. */
  addPool(now: number, setting: PoolSetting): number {
    const pool = this.#addPool(now, setting);
    if (pool !== null) this.#changed(now, pool.group);
    return this.pools.length - 1;
  }

  /** The last pool takes the number that becomes free, as in cgminer (`protocols.md` 1.4). */
  removePool(now: number, removed: WorkPool): void {
    const place = this.pools.indexOf(removed);
    const last = this.pools.pop();
    if (last !== undefined && last !== removed) this.pools[place] = last;
    for (const pool of this.pools) if (pool.priority > removed.priority) pool.priority--;
    this.#changed(now, removed.group);
  }

  /** @returns true when it works on for a while: {@link leave} has to be called when that is over */
  setEnabled(now: number, pool: WorkPool, enabled: boolean): boolean {
    const leaves = !enabled && this.isActive(now, pool);
    if (leaves) this.#leaving.add(pool);
    else this.#leaving.delete(pool);
    pool.enabled = enabled;
    this.#changed(now, pool.group);
    return leaves;
  }

  leave(now: number, pool: WorkPool): void {
    if (this.#leaving.delete(pool)) this.#changed(now, pool.group);
  }

  /** Makes it priority 0 and shifts those that were before it. */
  prefer(now: number, pool: WorkPool): void {
    for (const other of this.pools) if (other.priority < pool.priority) other.priority++;
    pool.priority = 0;
    pool.enabled = true;
    this.#leaving.delete(pool);
    this.#changed(now, pool.group);
  }

  addGroup(now: number, setting: GroupSetting): number {
    this.#addGroup(setting, now, 0, false);
    return this.groups.length - 1;
  }

  /** Its pools go with it. */
  removeGroup(now: number, group: WorkGroup): void {
    for (const pool of this.pools.filter((one) => one.group === group)) this.removePool(now, pool);
    this.groups.splice(this.groups.indexOf(group), 1);
    for (const session of group.sessions) session.setLevel(now, 0);
    this.#divide(now);
  }

  setQuota(now: number, group: WorkGroup, quota: number): void {
    group.quota = quota;
    this.#divide(now);
  }

  /** Whether another pool or group can be taken: what was removed stays counted, so their number has to end. */
  get isFull(): boolean {
    const pools = this.everGroups.reduce((sum, { everHad }) => sum + everHad.length, 0);
    return pools >= MOST_POOLS || this.everGroups.length >= MOST_GROUPS;
  }

  #changed(now: number, group: WorkGroup): void {
    this.#use(now, group);
    this.#divide(now);
  }

  /** Which pools the sessions of a group may work for, best first. */
  #use(now: number, group: WorkGroup): void {
    const usable = this.pools
      .filter((pool) => pool.group === group && (pool.enabled || this.#leaving.has(pool)))
      .sort((a, b) => a.priority - b.priority);
    const order = usable.map(({ physical }) => physical);
    for (const session of group.sessions) session.setPools(now, order);
  }

  /** Divides the work anew. */
  #divide(now: number): void {
    const quotas = this.groups.map((group) =>
      this.pools.some((pool) => pool.group === group && pool.enabled) ? group.quota : null,
    );
    for (const [number, group] of this.groups.entries()) {
      this.share(now, group, partOf(quotas, number));
    }
  }

  // What came of it

  /** Shares of one pool, of one board, or of all; `weighed`: each counts as much as it was hard. */
  shares(now: number, { pool, board, weighed = false }: Scope & { readonly weighed?: boolean } = {}) {
    const sum = { accepted: 0, rejected: 0, stale: 0 };
    for (const [one, b, session] of this.#scope(pool, board)) {
      const shares = session.shares(now, { pool: one.physical, board: b });
      const weight = weighed ? one.difficulty : 1;
      sum.accepted += shares.accepted * weight;
      sum.rejected += shares.rejected * weight;
      sum.stale += shares.stale * weight;
    }
    return sum;
  }

  /** The last accepted share: when, and for which pool. */
  lastShare(now: number, { pool, board }: Scope = {}) {
    let last: { readonly at: number; readonly pool: WorkPool } | null = null;
    for (const [one, b, session] of this.#scope(pool, board)) {
      const at = session.lastShareAt(now, { pool: one.physical, board: b });
      if (at !== null && (last === null || at > last.at)) last = { at, pool: one };
    }
    return last;
  }

  get #everPools(): readonly WorkPool[] {
    return this.everGroups.flatMap((group) => group.everHad);
  }

  /** All pools of this run, with those that were removed. */
  get counted(): readonly CountedPool[] {
    return this.#everPools.map((pool) => ({
      url: pool.url,
      worker: pool.user,
      difficulty: pool.difficulty,
      shares: (at) => this.shares(at, { pool }),
      lastShareAt: (at) => this.lastShare(at, { pool })?.at ?? null,
    }));
  }

  /** Whether its group works for this pool. */
  isActive(now: number, pool: WorkPool): boolean {
    return pool.group.sessions[0]?.currentPool(now) === pool.physical;
  }

  *#scope(pool?: WorkPool, board?: number): Generator<readonly [WorkPool, number, MiningSession]> {
    for (const one of pool === undefined ? this.#everPools : [pool]) {
      for (const [b, session] of one.group.sessions.entries()) {
        if (board === undefined || board === b) yield [one, b, session];
      }
    }
  }
}
