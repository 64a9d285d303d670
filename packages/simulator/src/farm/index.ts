// The door to farms alone: who only gives orders loads no device, no family and no HTTP.
export { FAULTS, type Fault, type FaultKind, parseFault } from '../faults/kinds.ts';
export { isPoolKind, POOL_KINDS, type PoolKind } from '../pools/kinds.ts';
export type { Pool } from '../pools/start-pool.ts';
export { type Farm, type FarmOptions, startFarm } from './farm.ts';
export type { FarmPool } from './farm-pool.ts';
export type { MachineLine } from './orders.ts';
