/*
 * Groups and pools as they are configured.
 */

/** A pool as it is configured. */
export interface PoolSetting {
  readonly url: string;
  readonly user: string;
  readonly group: number;
  readonly difficulty: number;
  readonly enabled: boolean;
  /** Never answers. */
  readonly dead: boolean;
}

export interface GroupSetting {
  readonly name: string;
  readonly quota: number;
}

/** Groups and pools as they are kept over a restart; pools in the order of their priority. */
export interface Layout {
  readonly groups: readonly GroupSetting[];
  readonly pools: readonly PoolSetting[];
}

export const NO_POOLS: Layout = { groups: [{ name: 'default', quota: 1 }], pools: [] };

/** Two groups of pools that share the work evenly, each with its own pool to fall back to. */
export const firstLayout = (user: string, deadPool: boolean): Layout => ({
  groups: [
    { name: 'default', quota: 1 },
    { name: 'second', quota: 1 },
  ],
  pools: [0, 1].flatMap((group) =>
    ['pool', 'backup'].map((host, place) => ({
      url: `stratum+tcp://${host}.example.com:3333`,
      user,
      group,
      difficulty: 65_536,
      enabled: true,
      dead: deadPool && group === 0 && place === 0,
    })),
  ),
});

/**
 * The part of the work that a group gets.
 * @param quotas of the groups, null where none of the pools is enabled: such a group gets nothing
 */
export function partOf(quotas: readonly (number | null)[], group: number): number {
  const quota = quotas[group] ?? null;
  if (quota === null) return 0;
  const all = quotas.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return all > 0 ? quota / all : 1 / quotas.filter((one) => one !== null).length;
}
