import { HeadframeError, integer, type PoolSetting, type Prepared, pool, pools, type Step } from '@headframe/model';
import { axeStep, change, emptyIsYes, type PoolAddress, poolAddress, shows, type Wanted } from '@headframe/wire/axeos';
import { Fields } from '@headframe/wire/json';
import { AT_NEXT_RESTART, type Device, type Offered, offered, patch, restartFlag, restartIf } from './device.ts';
import { poolPath } from './pool-object.ts';
import { poolList } from './pools.ts';
import type { Release } from './release.ts';

/* Pools: two of them by flat keys up to v2.14, a list of eight from v2.15 on (protocols.md 6.4). */

/** What the documents leave open. */
const ASSUMED = {
  /** How no fallback is written: as it is before one is set. */
  noFallback: { fallbackStratumURL: '' },
  /** v2.15 with one pool: it stands in for itself. */
  onlyPool: { primaryPoolIndex: 0, secondaryPoolIndex: 0 },
  /** What is said of the list of v2.15 names no restart; done all the same, so that it counts for certain. */
  listRestarts: true,
};

const SOURCE = 'AxeOS PATCH /api/system';
const MOST_BYTES = { flat: 3_999, listed: 255 };
const SLOTS = { flat: 2, listed: 8 };
/** A pool is found, resolved and subscribed behind the restart. */
const CONNECTING_MS = 240_000;

const PASSWORDS = 'The passwords of pools are never told: whether they were taken cannot be seen';

const isListed = (release: Release | null): boolean => release !== null && release >= 15;

/** @param release null: not known yet, both forms are offered and the device decides */
export const poolCommands = (release: Release | null): Readonly<Record<string, Offered>> => ({
  setPools: setPools(release),
  switchPool: switchPool(release),
  addPool,
  removePool,
});

const setPools = (release: Release | null): Offered => {
  const flat = release !== null && !isListed(release);
  return offered(
    {},
    {
      pools: pools({
        slots: flat ? SLOTS.flat : SLOTS.listed,
        most: flat ? MOST_BYTES.flat : MOST_BYTES.listed,
        source: `${SOURCE} ${flat ? 'stratumURL, fallbackStratumURL' : 'pools (two of them before v2.15)'}`,
      }),
      restart: restartFlag('on'),
    },
    (device, given) => {
      const restart = restartIf(given.restart ?? true);
      const wanted = given.pools.map((one) => ({ ...one, at: checked(device, poolAddress(one.url)) }));
      const notes = [PASSWORDS, ...(restart === undefined ? [AT_NEXT_RESTART] : [])];
      if (isListed(device.release)) return writeList(device, wanted, restart, notes);
      return writeFlat(device, wanted, restart, notes);
    },
    { takes: 'about half a minute for the restart' },
  );
};

interface Pool extends PoolSetting {
  readonly at: PoolAddress;
}

/** @throws HeadframeError `support/unsupported`: this release cannot speak to such a pool, and nothing was sent */
function checked({ release }: Device, at: PoolAddress): PoolAddress {
  if (at.tls && release < 13) throw unsupported('TLS to a pool came with v2.13');
  if (at.v2 !== null && release < 14) throw unsupported('Stratum V2 came with v2.14');
  return at;
}

const unsupported = (detail: string): HeadframeError => new HeadframeError('support/unsupported', { detail });

/** The keys of one pool, whose names in the fallback begin otherwise. */
function keysOf({ at, worker, password }: Pool, release: Release): Record<string, string | number> {
  return {
    stratumURL: at.host,
    stratumPort: at.port,
    stratumUser: worker,
    stratumPassword: password,
    ...(release >= 13 ? { stratumTLS: at.tls ? 1 : 0 } : {}),
    ...(release >= 14 ? { stratumProtocol: at.v2 === null ? 'SV1' : 'SV2' } : {}),
    ...(at.v2?.key == null ? {} : { stratumV2AuthorityPubkey: at.v2.key }),
  };
}

const asFallback = (keys: Readonly<Record<string, string | number>>): Record<string, string | number> =>
  Object.fromEntries(Object.entries(keys).map(([key, value]) => [fallbackKey(key), value]));

/** `stratumURL`, `fallbackStratumURL`. */
export const fallbackKey = (key: string): string => `fallback${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;

const SECRETS = ['stratumPassword', 'fallbackStratumPassword'];
const PASSWORD = /password$/i;

const withoutPasswords = (keys: Readonly<Record<string, string | number>>): Wanted =>
  Object.fromEntries(Object.entries(keys).filter(([key]) => !PASSWORD.test(key)));

function writeFlat(
  { release }: Device,
  [primary, fallback, ...rest]: readonly Pool[],
  restart: Step | undefined,
  notes: readonly string[],
): Prepared {
  if (primary === undefined || rest.length > 0) {
    const detail = `set-pools takes 1 or 2 pools before v2.15 (${SOURCE} stratumURL, fallbackStratumURL); nothing was sent`;
    throw new HeadframeError('usage/invalid', { detail });
  }
  const body = {
    ...keysOf(primary, release),
    ...(fallback === undefined ? ASSUMED.noFallback : asFallback(keysOf(fallback, release))),
    // From v2.11 on the fallback can be forced, which would make the first pool the second.
    ...(release >= 11 ? { useFallbackStratum: 0 } : {}),
  };
  const { useFallbackStratum: _, ...visible } = withoutPasswords(body);
  return change({
    steps: [patch(body, SECRETS)],
    restart,
    notes,
    looksAt: 'the pools of info',
    seen: (info) => shows(info, visible),
  });
}

function writeList(
  { info }: Device,
  wanted: readonly Pool[],
  restart: Step | undefined,
  notes: readonly string[],
): Prepared {
  const objects = wanted.map((one, id) => ({ id, ...keysOf(one, 15) }));
  const gone = (poolList(info) ?? [])
    .filter(({ id, record }) => id >= wanted.length && record.str('stratumURL') !== null)
    .map(({ id }) => id);
  const roles = wanted.length > 1 ? { primaryPoolIndex: 0, secondaryPoolIndex: 1 } : ASSUMED.onlyPool;
  return change({
    steps: [
      patch({ pools: objects, ...roles, useFallbackStratum: 0 }, SECRETS),
      ...gone.map((id) => axeStep({ method: 'DELETE', path: poolPath(id), judge: emptyIsYes })),
    ],
    restart: ASSUMED.listRestarts ? restart : undefined,
    notes,
    looksAt: 'the pools of info',
    seen: (now) => {
      const list = poolList(now) ?? [];
      const shown = objects.map((object) => shows(recordOf(list, object.id), withoutPasswords(object)));
      const kept = list.filter(({ id, record }) => id >= objects.length && record.str('stratumURL') !== null);
      const order = shows(now, roles);
      return {
        done: order.done && kept.length === 0 && shown.every(({ done }) => done),
        values: { ...order.values, pools: shown.map(({ values }) => values), others: kept.map(({ id }) => id) },
      };
    },
  });
}

type Listed = NonNullable<ReturnType<typeof poolList>>;

/** @returns a record without fields where there is none */
const recordOf = (list: Listed, id: number): Fields => list.find((one) => one.id === id)?.record ?? new Fields(null);

const switchPool = (release: Release | null): Offered =>
  offered(
    { since: 11 },
    {
      pool: integer({
        about: 'number of the pool; before v2.15 0 is the primary one and 1 the fallback',
        min: 0,
        max: release !== null && !isListed(release) ? 1 : 7,
        source: `${SOURCE} useFallbackStratum, from v2.15 on primaryPoolIndex`,
      }),
      restart: restartFlag('on'),
    },
    (device, { pool: index, restart = true }) => {
      const listed = isListed(device.release);
      const body = listed ? rolesFor(device, index) : { useFallbackStratum: fallbackFor(device, index) };
      const onFallback = !listed && index === 1;
      return change({
        steps: [patch(body)],
        restart: restartIf(restart),
        notes: restart ? [] : [AT_NEXT_RESTART],
        looksAt: listed ? 'primaryPoolIndex of info' : 'isUsingFallbackStratum of info',
        withinMs: CONNECTING_MS,
        seen: (info) => (listed ? shows(info, body) : shows(info, { isUsingFallbackStratum: onFallback ? 1 : 0 })),
      });
    },
    { hashing: 'interrupted', takes: 'about half a minute for the restart' },
  );

function fallbackFor({ info }: Device, index: number): number {
  if (index > 1 || (index === 1 && info.str('fallbackStratumURL') === null)) {
    throw new HeadframeError('usage/invalid', { detail: `It has no pool ${index}; nothing was sent` });
  }
  return index;
}

/** The one that was first becomes the fallback, where the new first one was it. */
function rolesFor({ info }: Device, index: number): Readonly<Record<string, number>> {
  const known = (poolList(info) ?? []).some(({ id, record }) => id === index && record.str('stratumURL') !== null);
  if (!known) throw new HeadframeError('usage/invalid', { detail: `It has no pool ${index}; nothing was sent` });
  const [primary, secondary] = [info.int('primaryPoolIndex'), info.int('secondaryPoolIndex')];
  return {
    primaryPoolIndex: index,
    ...(secondary === index && primary !== null ? { secondaryPoolIndex: primary } : {}),
    useFallbackStratum: 0,
  };
}

const addPool = offered(
  { since: 15 },
  { pool: pool({ most: MOST_BYTES.listed, source: 'AxeOS PUT /api/system/pools/{0-7}' }) },
  (device, { pool: given }) => {
    const taken = (poolList(device.info) ?? [])
      .filter(({ record }) => record.str('stratumURL') !== null)
      .map(({ id }) => id);
    const id = Array.from({ length: SLOTS.listed }, (_, i) => i).find((slot) => !taken.includes(slot));
    if (id === undefined) throw new HeadframeError('usage/invalid', { detail: 'All 8 places of its list are taken' });
    const keys = keysOf({ ...given, at: checked(device, poolAddress(given.url)) }, 15);
    return change({
      steps: [axeStep({ method: 'PUT', path: poolPath(id), json: keys, secrets: SECRETS, judge: emptyIsYes })],
      notes: [`It gets the number ${id}: switch-pool ${id} makes it the first one`, PASSWORDS],
      looksAt: 'pools of info',
      seen: (info) => shows(recordOf(poolList(info) ?? [], id), withoutPasswords(keys)),
    });
  },
);

const removePool = offered(
  { since: 15 },
  { pool: integer({ about: 'number of the pool', min: 0, max: 7, source: 'AxeOS DELETE /api/system/pools/{0-7}' }) },
  (_, { pool: id }) =>
    change({
      steps: [axeStep({ method: 'DELETE', path: poolPath(id), judge: emptyIsYes })],
      looksAt: 'pools of info',
      seen: (info) => {
        const left = (poolList(info) ?? []).filter(({ record }) => record.str('stratumURL') !== null);
        return { done: !left.some((one) => one.id === id), values: { pools: left.map((one) => one.id) } };
      },
    }),
);
