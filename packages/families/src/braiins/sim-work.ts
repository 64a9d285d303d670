import { GroupedWork, type WorkingGroup } from '../sim/grouped-work.ts';
import { MiningSession } from '../sim/physics.ts';
import type { CountedPool } from '../sim/work-done.ts';
import type { BraiinsPlan } from './sim-plan.ts';
import type { GroupSetting, PoolSetting, Strategy } from './sim-state.ts';

/*
 * The work of one run of the mining program: groups of pools that share it, and what came of it.
 *
 * Every board works for every group, so there is a session of the physics for each pair of them: that board at the group's
 * part of the level it runs at. All sessions of a group see the same outages and choose the same pool.
 */

export interface WorkPool {
  readonly setting: PoolSetting;
  readonly group: WorkGroup;
  /** Its place among the pools that the group's sessions have had. */
  readonly physical: number;
}

export interface WorkGroup extends WorkingGroup {
  readonly uid: string;
  setting: GroupSetting;
  /** In the order of their priority. */
  pools: readonly WorkPool[];
}

interface WorkStart {
  readonly plan: BraiinsPlan;
  readonly seed: number;
  /** Number of the run. */
  readonly run: number;
  readonly startedAt: number;
  readonly initS: number;
  readonly rampS: number;
  readonly warm: boolean;
  /** H/s of a board at level 1; 0 for one that does not answer. */
  readonly boardHs: (board: number) => number;
  /** A pool that never answers. */
  readonly isDead: (url: string) => boolean;
  /** Level of each board to begin with. */
  readonly levels: readonly number[];
}

interface Scope {
  readonly pool?: WorkPool;
  readonly board?: number;
}

/** What was removed stays counted, so its number has to end: after that the mining program starts anew. */
const MOST_GROUPS = 16;
const MOST_POOLS = 96;

/** The part of the work that each group gets; those without an enabled pool get nothing. */
export function partsOf(groups: readonly Pick<GroupSetting, 'strategy' | 'pools'>[]): readonly number[] {
  const works = groups.map(({ pools }) => pools.some(({ enabled }) => enabled));
  const sum = (kind: Strategy['kind']): number =>
    groups.reduce(
      (all, { strategy }, i) => all + (works[i] === true && strategy.kind === kind ? strategy.value : 0),
      0,
    );
  const fixed = sum('fixed');
  const quotas = sum('quota');
  // Without a group by quota the fixed ones share all; with one they leave it the rest.
  const scale = quotas > 0 ? Math.min(1, 1 / fixed) : 1 / fixed;
  return groups.map(({ strategy: { kind, value } }, i) => {
    if (works[i] !== true || value === 0) return 0;
    return kind === 'fixed' ? value * scale : (value / quotas) * Math.max(0, 1 - fixed);
  });
}

export class Work extends GroupedWork<WorkGroup> {
  readonly #start: WorkStart;
  groups: readonly WorkGroup[] = [];
  readonly #everPools: WorkPool[] = [];

  constructor(start: WorkStart, groups: readonly GroupSetting[]) {
    super(start.levels, start.startedAt + (start.initS + start.rampS) * 1000);
    this.#start = start;
    this.configure(start.startedAt, groups);
  }

  /**
   * Takes groups over. A group that has its uid, and in it a pool that has its uid, URL and user, goes on with its counts.
   * @returns false: nothing was done, this run has had too many groups or pools
   */
  configure(now: number, groups: readonly GroupSetting[]): boolean {
    const kept = (group: GroupSetting) => this.groups.find(({ uid }) => uid === group.uid);
    const same = (pool: PoolSetting, other: PoolSetting): boolean =>
      pool.uid === other.uid && pool.url === other.url && pool.user === other.user;
    const newPools = groups.flatMap((group) =>
      group.pools.filter((pool) => !kept(group)?.pools.some(({ setting }) => same(pool, setting))),
    );
    const newGroups = groups.filter((group) => kept(group) === undefined);
    const first = this.everGroups.length === 0;
    const tooMany =
      this.everGroups.length + newGroups.length > MOST_GROUPS || this.#everPools.length + newPools.length > MOST_POOLS;
    if (tooMany && !first) return false;
    const parts = partsOf(groups);
    const next = groups.map((setting, i) => {
      const group = kept(setting) ?? this.#newGroup(now, setting, parts[i] ?? 0, first);
      group.setting = setting;
      group.pools = setting.pools.map((pool) => {
        const before = group.pools.find((one) => same(pool, one.setting));
        return before === undefined ? this.#newPool(now, group, pool) : this.#keep(before, pool);
      });
      const order = group.pools.filter((pool) => pool.setting.enabled).map(({ physical }) => physical);
      for (const session of group.sessions) session.setPools(now, order);
      return group;
    });
    for (const group of this.groups.filter((one) => !next.includes(one))) this.share(now, group, 0);
    this.groups = next;
    for (const [i, group] of next.entries()) this.share(now, group, parts[i] ?? 0);
    return true;
  }

  #newGroup(now: number, setting: GroupSetting, part: number, atStart: boolean): WorkGroup {
    const { plan, seed, run, initS, rampS, warm, boardHs } = this.#start;
    const number = this.everGroups.length;
    const boards = plan.boardIds.length;
    const sessions = plan.boardIds.map(
      (_, board) =>
        new MiningSession({
          seed,
          run: (run * MOST_GROUPS + number) * boards + board,
          startedAt: now,
          boards: plan.boardIds.map((_id, other) => ({ nominalHs: other === board ? boardHs(board) : 0, powerW: 0 })),
          pools: [],
          cooling: { fans: 0, maxRpm: 0, minPercent: 0, targetC: 60, riseC: 0 },
          idleW: 0,
          level: part * this.toldLevel(board),
          warm: warm && part > 0,
          ...(atStart ? { startDelayS: initS, rampS } : { startDelayS: 0, rampS: 1 }),
        }),
    );
    const group: WorkGroup = { uid: setting.uid, setting, part, sessions, pools: [] };
    this.everGroups.push(group);
    return group;
  }

  #newPool(now: number, group: WorkGroup, setting: PoolSetting): WorkPool {
    let physical = 0;
    const plan = { difficulty: this.#start.plan.difficulty, dead: this.#start.isDead(setting.url) };
    for (const session of group.sessions) physical = session.addPool(now, plan);
    const pool = { setting, group, physical };
    this.#everPools.push(pool);
    return pool;
  }

  #keep(pool: WorkPool, setting: PoolSetting): WorkPool {
    const kept = { ...pool, setting };
    this.#everPools[this.#everPools.indexOf(pool)] = kept;
    return kept;
  }

  // What came of it

  /** Hashes that were worked for one pool, all boards together. */
  hashesFor(now: number, { group, physical }: WorkPool): number {
    let sum = 0;
    for (const [board, session] of group.sessions.entries()) {
      session.currentPool(now);
      sum += session.operation.workedFor(physical, now) * this.#start.boardHs(board);
    }
    return sum;
  }

  shares(now: number, { pool, board }: Scope = {}) {
    const sum = { accepted: 0, rejected: 0, stale: 0 };
    for (const [one, b, session] of this.#scope(pool, board)) {
      const shares = session.shares(now, { pool: one.physical, board: b });
      sum.accepted += shares.accepted;
      sum.rejected += shares.rejected;
      sum.stale += shares.stale;
    }
    return sum;
  }

  /** When the last accepted share came; null if none yet. */
  lastShareAt(now: number, { pool, board }: Scope = {}): number | null {
    let last: number | null = null;
    for (const [one, b, session] of this.#scope(pool, board)) {
      const at = session.lastShareAt(now, { pool: one.physical, board: b });
      if (at !== null && (last === null || at > last)) last = at;
    }
    return last;
  }

  bestShare(now: number, { pool, board }: Scope = {}): number {
    let best = 0;
    for (const [one, , session] of this.#scope(pool, board))
      best = Math.max(best, session.bestShare(now, one.physical));
    return Math.floor(best);
  }

  /** Whether the pool answers. */
  isAlive(now: number, { group, physical }: WorkPool): boolean {
    return group.sessions[0]?.poolAlive(now, physical) ?? false;
  }

  /** Whether its group works for this pool. */
  isActive(now: number, { group, physical }: WorkPool): boolean {
    return group.part > 0 && group.sessions[0]?.currentPool(now) === physical;
  }

  /** All pools of this run, with those that were removed. */
  get everPools(): readonly WorkPool[] {
    return this.#everPools;
  }

  get counted(): readonly CountedPool[] {
    return this.#everPools.map((pool) => ({
      url: pool.setting.url,
      worker: pool.setting.user,
      difficulty: this.#start.plan.difficulty,
      shares: (at) => this.shares(at, { pool }),
      lastShareAt: (at) => this.lastShareAt(at, { pool }),
    }));
  }

  *#scope(pool?: WorkPool, board?: number): Generator<readonly [WorkPool, number, MiningSession]> {
    for (const one of pool === undefined ? this.#everPools : [pool]) {
      for (const [b, session] of one.group.sessions.entries()) {
        if (board === undefined || board === b) yield [one, b, session];
      }
    }
  }
}
