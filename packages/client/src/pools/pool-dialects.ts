import { braiinsPool } from './braiins-pool.ts';
import { ckpool } from './ckpool.ts';
import { f2pool } from './f2pool.ts';
import { jsonPool } from './json-pool.ts';
import { luxor } from './luxor.ts';
import { ocean } from './ocean.ts';
import type { PoolDialect } from './pool-dialect.ts';
import { publicPool } from './public-pool.ts';

/** All pools whose accounts can be read. */
export const POOL_DIALECTS: readonly PoolDialect[] = [ckpool, publicPool, braiinsPool, ocean, f2pool, luxor, jsonPool];

export const poolDialect = (id: string): PoolDialect | null =>
  POOL_DIALECTS.find((dialect) => dialect.id === id) ?? null;
