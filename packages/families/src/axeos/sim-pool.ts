import { number, text } from './sim-values.ts';

/** A pool as v2.15 keeps it, and as earlier releases keep their two. */
export interface Pool {
  readonly url: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly difficulty: number;
  readonly extranonce: boolean;
  readonly decodeCoinbase: boolean;
  readonly tls: number;
  readonly cert: string;
  readonly protocol: string;
  readonly channel: string;
  readonly pubkey: string;
  readonly requireAuth: boolean;
}

export const MOST_POOLS = 8;
/** What stands for a password that is there, and what keeps it when it is written (protocols.md 6.4). */
export const MASKED = '*****';

const DEFAULTS = {
  password: 'x',
  difficulty: 1000,
  extranonce: false,
  decodeCoinbase: true,
  tls: 0,
  cert: '',
  protocol: 'SV1',
  channel: 'extended',
  pubkey: '',
  requireAuth: false,
};

export const poolOf = (url: string, port: number, user: string): Pool => ({ ...DEFAULTS, url, port, user });

/** A flag: 0, 1 or a JSON boolean. */
export const flag = (value: unknown): boolean | null =>
  typeof value === 'boolean' ? value : value === 0 || value === 1 ? value === 1 : null;

/**
 * A pool object of v2.15 (protocols.md 6.4). What is left out falls back to its default, whatever was there before.
 * Null: not valid.
 */
export function readPool(value: unknown, before: Pool | null): Pool | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const record = value as Record<string, unknown>;
  const given = <T>(key: string, fallback: T, read: (v: unknown) => T | null): T | null =>
    Object.hasOwn(record, key) ? read(record[key]) : fallback;
  const oneOf =
    (...names: readonly string[]) =>
    (v: unknown): string | null =>
      typeof v === 'string' && names.includes(v) ? v : null;
  const pool = {
    url: text(record.stratumURL, 1, 255),
    port: number(record.stratumPort, 1, 65535),
    user: text(record.stratumUser, 1, 255),
    password: given('stratumPassword', DEFAULTS.password, (v) => text(v, 0, 255)),
    difficulty: given('stratumSuggestedDifficulty', DEFAULTS.difficulty, (v) => number(v, 0, 1e18)),
    extranonce: given('stratumExtranonceSubscribe', DEFAULTS.extranonce, flag),
    decodeCoinbase: given('stratumDecodeCoinbase', DEFAULTS.decodeCoinbase, flag),
    tls: given('stratumTLS', DEFAULTS.tls, (v) => number(v, 0, 2)),
    cert: given('stratumCert', DEFAULTS.cert, (v) => text(v, 0, 3000)),
    protocol: given('stratumProtocol', DEFAULTS.protocol, oneOf('SV1', 'SV2')),
    channel: given('stratumV2ChannelType', DEFAULTS.channel, oneOf('standard', 'extended')),
    pubkey: given('stratumV2AuthorityPubkey', DEFAULTS.pubkey, (v) => text(v, 0, 128)),
    requireAuth: given('stratumV2RequireAuth', DEFAULTS.requireAuth, flag),
  };
  if (Object.values(pool).some((field) => field === null)) return null;
  const whole = pool as Pool;
  return whole.password === MASKED ? { ...whole, password: before?.password ?? DEFAULTS.password } : whole;
}

/** A pool object as info of v2.15 shows it. */
export const poolShown = (pool: Pool, id: number): Record<string, unknown> => ({
  id,
  stratumURL: pool.url,
  stratumPort: pool.port,
  stratumUser: pool.user,
  stratumPassword: MASKED,
  stratumSuggestedDifficulty: pool.difficulty,
  stratumExtranonceSubscribe: pool.extranonce,
  stratumDecodeCoinbase: pool.decodeCoinbase,
  stratumTLS: pool.tls,
  stratumCert: pool.cert,
  stratumProtocol: pool.protocol,
  stratumV2ChannelType: pool.channel,
  stratumV2AuthorityPubkey: pool.pubkey,
  stratumV2RequireAuth: pool.requireAuth,
});
