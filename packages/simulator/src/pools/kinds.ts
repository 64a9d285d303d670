/** Pools that are simulated, each with the statistics API of its kind; `plain` is of the sort that people make themselves. */
export const POOL_KINDS = ['ckpool', 'public-pool', 'braiins-pool', 'ocean', 'f2pool', 'luxor', 'plain'] as const;

export type PoolKind = (typeof POOL_KINDS)[number];

export const isPoolKind = (text: string): text is PoolKind => (POOL_KINDS as readonly string[]).includes(text);
