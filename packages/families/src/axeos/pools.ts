import type { Pool, PoolState } from '@headframe/model';
import { poolOf, type StoredPool, storedPool } from '@headframe/wire/axeos';
import { Fields, positive } from '@headframe/wire/json';

/* Pools: a primary and a fallback, from v2.15 on a list of eight of which two are those (protocols.md 6.3, 6.4). */

/** Of the machine, not of a pool, are the counters of shares: they stay with the machine. */
export function poolsOf(info: Fields): Pool[] {
  const onFallback = info.bool('isUsingFallbackStratum');
  const list = poolList(info);
  if (list === null) {
    return (['primary', 'fallback'] as const).flatMap((which, index) => {
      const pool = poolOf(index, withProtocol(storedPool(info, which), info, which));
      return pool === null ? [] : [{ ...pool, ...stateOf(info, onFallback, which), priority: index }];
    });
  }
  return list.flatMap(({ id, record }): Pool[] => {
    const which = roleOf(info, id, onFallback);
    const pool = poolOf(id, listedPool(record));
    if (pool === null) return [];
    // Neither primary nor fallback: kept, and not used.
    if (which === null) return [{ ...pool, status: 'disabled', active: false }];
    return [{ ...pool, ...stateOf(info, onFallback, which), priority: which === 'primary' ? 0 : 1 }];
  });
}

const MOST_POOLS = 8;

/** The list of v2.15, by its ids; null before. */
export function poolList(info: Fields): { readonly id: number; readonly record: Fields }[] | null {
  if (!Array.isArray(info.raw('pools'))) return null;
  return info
    .list('pools')
    .slice(0, 4 * MOST_POOLS)
    .flatMap((value) => {
      const record = new Fields(value);
      const id = record.int('id');
      return id === null || id < 0 || id >= MOST_POOLS ? [] : [{ id, record }];
    });
}

/** One pool can be both; then what it is used as counts. */
function roleOf(info: Fields, id: number, onFallback: boolean | null): 'primary' | 'fallback' | null {
  const isPrimary = info.int('primaryPoolIndex') === id;
  const isFallback = info.int('secondaryPoolIndex') === id;
  if (isPrimary && isFallback) return onFallback === true ? 'fallback' : 'primary';
  return isPrimary ? 'primary' : isFallback ? 'fallback' : null;
}

function stateOf(
  info: Fields,
  onFallback: boolean | null,
  which: 'primary' | 'fallback',
): Pick<Pool, 'active' | 'status' | 'difficulty'> {
  const active = onFallback === null ? null : onFallback === (which === 'fallback');
  if (active !== true) return { active, status: 'unknown', difficulty: null };
  // `stratumDiff` up to v2.8.
  return {
    active,
    status: connectionOf(info),
    difficulty: positive(info.num('poolDifficulty') ?? info.num('stratumDiff')),
  };
}

/**
 * Whether the pool in use is connected: the family of its socket in v2.11 and v2.12 (0: not connected), a text from v2.13
 * on that begins with `IPv4` or `IPv6` when it is. Releases before do not say.
 */
function connectionOf(info: Fields): PoolState {
  const text = info.str('poolConnectionInfo');
  if (text !== null) return /^IPv[46]/.test(text) ? 'alive' : 'dead';
  const family = info.int('poolAddrFamily');
  return family === null ? 'unknown' : family === 0 ? 'dead' : 'alive';
}

/** Stratum V2 came with v2.14. */
function withProtocol(pool: StoredPool, info: Fields, which: 'primary' | 'fallback'): StoredPool {
  const prefix = which === 'primary' ? 'stratum' : 'fallbackStratum';
  if (info.str(`${prefix}Protocol`) !== 'SV2') return pool;
  return { ...pool, v2: { key: info.str(`${prefix}V2AuthorityPubkey`) } };
}

function listedPool(record: Fields): StoredPool {
  return withProtocol(storedPool(record, 'primary'), record, 'primary');
}
