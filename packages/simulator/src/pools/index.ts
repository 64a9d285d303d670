export type { PoolFault } from './faults.ts';
export { isPoolKind, POOL_KINDS, type PoolKind } from './kinds.ts';
export type { Working } from './ledger.ts';
export { POOL_SECRET, type Pool, type PoolOptions, startPool } from './start-pool.ts';
