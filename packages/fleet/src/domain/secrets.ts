import type { Snapshot } from '@headframe/model';

/**
 * A snapshot that may be shown: a pool address may carry a user name and a password (`stratum+tcp://user:x@host`),
 * and these leave neither the daemon nor its memory.
 */
export function withoutSecrets(snapshot: Snapshot): Snapshot {
  if (!snapshot.pools.some(({ url }) => url?.includes('@'))) return snapshot;
  return { ...snapshot, pools: snapshot.pools.map((pool) => ({ ...pool, url: withoutUserInfo(pool.url) })) };
}

const withoutUserInfo = (url: string | null): string | null =>
  url === null ? null : url.replace(/^([a-z0-9+.-]*:?\/\/)?[^/]*@/i, '$1');
