import type { Pool } from '@headframe/model';
import { poolOf, storedPool } from '@headframe/wire/axeos';
import { Fields, positive } from '@headframe/wire/json';

/** What its source says of `stratum`, of which protocols.md 6.6 names no more than that it is there. */
const ASSUMED = {
  /** `activePoolMode`: 0 primary and fallback, 1 both at once. */
  dual: 1,
};

/** Two pools, as failover or both at once. */
export function poolsOf(info: Fields): Pool[] {
  const stratum = info.sub('stratum');
  const told = stratum.list('pools').map((record) => new Fields(record));
  const isDual = stratum.int('activePoolMode') === ASSUMED.dual;
  const onFallback = stratum.bool('usingFallback') ?? info.bool('isUsingFallbackStratum');
  return (['primary', 'fallback'] as const).flatMap((which, index) => {
    const pool = poolOf(index, storedPool(info, which));
    if (pool === null) return [];
    // Older versions list the pool in use alone, newer ones both in their order.
    const active = isDual ? true : onFallback === null ? null : onFallback === (which === 'fallback');
    const record = told.length > 1 ? told[index] : active === true ? told[0] : undefined;
    const connected = record?.bool('connected') ?? null;
    return [
      {
        ...pool,
        priority: isDual ? null : index,
        active: isDual ? connected : active,
        // One that waits as fallback is not connected, and that is no fault of it.
        status: active !== true || connected === null ? 'unknown' : connected ? 'alive' : 'dead',
        difficulty:
          active === true
            ? positive(record?.num('poolDifficulty') ?? (isDual ? null : info.num('poolDifficulty')))
            : null,
        // Shares are counted by pool only where both are worked for.
        ...(isDual ? { accepted: record?.int('accepted') ?? null, rejected: record?.int('rejected') ?? null } : {}),
      },
    ];
  });
}
