import { flag, MOST_POOLS, type Pool, poolOf, readPool } from './sim-pool.ts';
import type { Release } from './sim-releases.ts';
import { copyOf, poolIndex, type Store } from './sim-store.ts';
import { keysOf, number, text } from './sim-values.ts';

/*
 * PATCH /api/system: the table of protocols.md 6.4. Up to v2.10 nothing is validated; from v2.11 one bad key refuses the
 * whole document.
 */

const VALIDATED = 11;

interface Setting {
  readonly key: string;
  /** First and last release that know it, by their second number. */
  readonly since: number;
  readonly until: number;
  /** From v2.11: the value to keep, or null for one that is refused. */
  readonly validated: (value: unknown, release: Release) => string | number | null;
  /** Up to v2.10: the value to keep, or null for one that is left as it is. */
  readonly taken: (value: unknown, release: Release) => string | number | null;
  readonly put: (store: Store, value: string | number) => void;
}

type Part = Pick<Setting, 'validated' | 'taken'>;

/** `valueint` of cJSON: a text is 0. */
const valueInt = (value: unknown): number =>
  typeof value === 'number' ? Math.trunc(value) : typeof value === 'boolean' ? Number(value) : 0;

const texts = (least: number, most: number): Part => ({
  validated: (value) => text(value, least, most),
  taken: (value) => (typeof value === 'string' ? value : null),
});
const numbers = (least: number, most: number): Part => ({
  validated: (value) => number(value, least, most),
  taken: (value) => valueInt(value) & 0xffff,
});
const flags: Part = {
  validated: (value) => {
    const on = flag(value);
    return on === null ? null : Number(on);
  },
  taken: (value) => valueInt(value) & 0xffff,
};
const choices = (...names: readonly (string | number)[]): Part => ({
  validated: (value) => names.find((name) => name === value) ?? null,
  taken: (value) =>
    typeof names[0] === 'string' ? (typeof value === 'string' ? value : null) : valueInt(value) & 0xffff,
});
/** What drives the chips: 0 is not taken; frequency has a fraction from v2.10 on. */
const driven = (fractionFrom: number): Part => ({
  validated: (value) => {
    if (typeof value !== 'number' || value < 1 || value > 65535) return null;
    return fractionFrom <= VALIDATED ? value : Math.trunc(value);
  },
  taken: (value, { minor }) => {
    const whole = valueInt(value) & 0xffff;
    const given = minor >= fractionFrom && typeof value === 'number' ? Math.min(value, 65535) : whole;
    return given > 0 ? given : null;
  },
});

const setting = (key: string, part: Part, since = 4, until = 99, put?: Setting['put']): Setting => ({
  key,
  since,
  until,
  ...part,
  put: put ?? ((store, value) => store.values.set(key, value)),
});

type PoolField = readonly [name: string, part: Part, since: number, change: (value: string | number) => Partial<Pool>];

/** The flat keys of a pool, each of them with `fallback` in front as well; read-only from v2.15. */
const POOL_FIELDS: readonly PoolField[] = [
  ['URL', texts(0, 3999), 4, (url) => ({ url: String(url) })],
  ['User', texts(0, 3999), 4, (user) => ({ user: String(user) })],
  ['Password', texts(0, 3999), 4, (password) => ({ password: String(password) })],
  ['Port', numbers(0, 65535), 4, (port) => ({ port: Number(port) })],
  ['SuggestedDifficulty', numbers(0, 65535), 9, (difficulty) => ({ difficulty: Number(difficulty) })],
  ['ExtranonceSubscribe', flags, 9, (on) => ({ extranonce: on !== 0 })],
  ['TLS', numbers(0, 3), 13, (tls) => ({ tls: Number(tls) })],
  ['Cert', texts(0, 3999), 13, (cert) => ({ cert: String(cert) })],
  ['DecodeCoinbase', flags, 13, (on) => ({ decodeCoinbase: on !== 0 })],
  ['Protocol', choices('SV1', 'SV2'), 14, (protocol) => ({ protocol: String(protocol) })],
  ['V2ChannelType', choices('standard', 'extended'), 14, (channel) => ({ channel: String(channel) })],
  ['V2AuthorityPubkey', texts(0, 52), 14, (pubkey) => ({ pubkey: String(pubkey) })],
];

const poolSettings = [false, true].flatMap((fallback) =>
  POOL_FIELDS.map(([name, part, since, change]) =>
    setting(`${fallback ? 'fallbackS' : 's'}tratum${name}`, part, since, 14, (store, value) => {
      const at = poolIndex(store, fallback);
      store.pools[at] = { ...(store.pools[at] ?? poolOf('', 0, '')), ...change(value) };
    }),
  ),
);

const SETTINGS: readonly Setting[] = [
  ...poolSettings,
  setting('ssid', texts(1, 32)),
  setting('wifiPass', {
    // An empty one only from v2.12 on.
    validated: (value, { minor }) => text(value, minor === VALIDATED ? 1 : 0, 63),
    taken: texts(0, 0).taken,
  }),
  setting('hostname', {
    validated: (value, { minor }) =>
      text(typeof value === 'string' && minor >= 15 ? value.replace(/\.local$/, '') : value, 1, 32),
    taken: texts(0, 0).taken,
  }),
  setting('useFallbackStratum', flags, 11),
  setting('frequency', driven(10)),
  setting('coreVoltage', driven(99)),
  setting('overclockEnabled', flags, 6),
  setting('autofanspeed', flags),
  setting('fanspeed', numbers(0, 100), 4, 10, (store, value) => store.values.set('manualFanSpeed', value)),
  setting('manualFanSpeed', numbers(0, 100), 11),
  setting('minFanSpeed', numbers(0, 99), 10),
  setting('temptarget', numbers(35, 66), 7),
  setting('overheat_mode', { validated: (value) => (flag(value) === false ? 0 : null), taken: () => 0 }),
  setting('display', choices('NONE', 'SSD1306 (128x32)', 'SSD1309 (128x64)', 'SH1107 (64x128)', 'SH1107 (128x128)'), 8),
  setting('rotation', choices(0, 90, 180, 270), 9),
  setting('flipscreen', flags, 4, 8),
  setting('invertscreen', flags),
  setting('displayOffset', numbers(0, 255), 11),
  setting('displayTimeout', { validated: numbers(-1, 65535).validated, taken: valueInt }, 7),
  setting('statsLimit', numbers(0, 720), 8, 8),
  setting('statsDuration', numbers(1, 720), 8, 8),
  setting('statsFrequency', numbers(0, 65535), 9),
  setting('invertfanpolarity', flags, 4, 6),
  setting('useCustomWWW', flags, 15),
  setting('primaryPoolIndex', numbers(0, MOST_POOLS - 1), 15),
  setting('secondaryPoolIndex', numbers(0, MOST_POOLS - 1), 15),
];

/** The `pools` of a document of v2.15: pools by their ids, or null when one of them is not valid. */
function poolsIn(value: unknown, store: Store): Map<number, Pool> | null {
  if (!Array.isArray(value)) return null;
  const found = new Map<number, Pool>();
  for (const item of value as readonly unknown[]) {
    const id = number((item as Record<string, unknown> | null)?.id, 0, MOST_POOLS - 1);
    const pool = id === null ? null : readPool(item, store.pools[id] ?? null);
    if (id === null || pool === null) return null;
    found.set(id, pool);
  }
  return found;
}

/**
 * The store after a document was written, and the keys that it knew; null: refused as a whole (v2.11 and later).
 * Keys that the release does not know are ignored without a word.
 */
export function written(
  store: Store,
  document: unknown,
  release: Release,
): { readonly store: Store; readonly keys: ReadonlySet<string> } | null {
  const given = keysOf(document);
  const after = copyOf(store);
  const keys = new Set<string>();
  for (const { key, since, until, validated, taken, put } of SETTINGS) {
    const name = key.toLowerCase();
    if (release.minor < since || release.minor > until || !given.has(name)) continue;
    const strict = release.minor >= VALIDATED;
    const value = (strict ? validated : taken)(given.get(name), release);
    if (value === null && strict) return null;
    if (value === null) continue;
    put(after, value);
    keys.add(key);
  }
  if (release.minor >= 15 && given.has('pools')) {
    const pools = poolsIn(given.get('pools'), store);
    if (pools === null) return null;
    for (const [id, pool] of pools) after.pools[id] = pool;
    keys.add('pools');
  }
  return { store: after, keys };
}
