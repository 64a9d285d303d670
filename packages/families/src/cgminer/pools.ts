import type { Pool, Replies } from '@headframe/model';
import { first, lastShareAt, poolFrom, section } from '@headframe/wire/cgminer';
import type { Fields } from '@headframe/wire/json';

export function poolsOf(replies: Replies): Pool[] {
  const reply = replies.get('pools');
  if (reply === undefined) return [];
  const elapsedS = first(replies.get('summary')?.doc, 'SUMMARY').num('Elapsed');
  const pools = section(reply.doc, 'POOLS').map((record, place): Pool => {
    const pool = poolFrom(record, place);
    return { ...pool, lastShareAt: lastShareAt(record, reply, elapsedS), active: isConnected(record) };
  });
  return settleActive(pools, replies);
}

/** A pool without Stratum (getwork, GBT) has no connection that could be up: not known. */
function isConnected(record: Fields): boolean | null {
  const connected = record.bool('Stratum Active');
  return connected === false && record.bool('Has Stratum') === false ? null : connected;
}

/** With these the program works for several pools at once (`protocols.md` 1.4). */
const SEVERAL_AT_ONCE: ReadonlySet<string> = new Set(['Load Balance', 'Balance']);

/**
 * Which pool is really worked for. `Stratum Active` alone does not say: behind a `switchpool` two pools are connected
 * for some two minutes, and the one with priority 0 is the one that is *not* worked for yet (`protocols.md` 1.4). So:
 * - the balancing strategies work for every connected pool;
 * - `lcd` names the current pool by its URL and user, and is believed; of several equal ones the connected one counts;
 * - without `lcd` one connected pool is the current one, and of several we say of none that it is (null).
 */
function settleActive(pools: readonly Pool[], replies: Replies): Pool[] {
  const strategy = first(replies.get('config')?.doc, 'CONFIG').str('Strategy');
  if (strategy !== null && SEVERAL_AT_ONCE.has(strategy)) return [...pools];
  const current = currentPool(pools, replies);
  if (current !== null) return pools.map((pool) => ({ ...pool, active: pool === current }));
  const connected = pools.filter((pool) => pool.active === true).length;
  return pools.map((pool) => (connected > 1 && pool.active === true ? { ...pool, active: null } : pool));
}

function currentPool(pools: readonly Pool[], replies: Replies): Pool | null {
  const lcd = first(replies.get('lcd')?.doc, 'LCD');
  const url = lcd.str('Current Pool');
  if (url === null) return null;
  const named = pools.filter((pool) => pool.url === url && (pool.worker ?? '') === (lcd.str('User') ?? ''));
  return named.find((pool) => pool.active === true) ?? (named.length === 1 ? (named[0] ?? null) : null);
}
