import type { Fields } from '@headframe/wire/json';

/*
 * A pool as v2.15 takes it: every write replaces the whole object, and what is left out falls back to its default
 * (protocols.md 6.4).
 */

/** Everything that an object can hold, but for its id. */
const KEYS = [
  'stratumURL',
  'stratumPort',
  'stratumUser',
  'stratumSuggestedDifficulty',
  'stratumExtranonceSubscribe',
  'stratumTLS',
  'stratumCert',
  'stratumDecodeCoinbase',
  'stratumProtocol',
  'stratumV2ChannelType',
  'stratumV2AuthorityPubkey',
  'stratumV2RequireAuth',
] as const;

/** Stands in the place of a password that is set, and keeps it when it is written back. */
export const KEPT_PASSWORD = '*****';

/** The object as it is, to be written back with a change in it. */
export function objectOf(record: Fields): Record<string, unknown> {
  const kept = KEYS.flatMap((key) => (record.has(key) ? [[key, record.raw(key)] as const] : []));
  return { ...Object.fromEntries(kept), stratumPassword: KEPT_PASSWORD };
}

export const poolPath = (id: number): string => `/api/system/pools/${id}`;
