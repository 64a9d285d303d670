import {
  type Action,
  action,
  HeadframeError,
  integer,
  type Links,
  MASK,
  type PoolSetting,
  pool,
  pools,
  type ReadBack,
  type Step,
} from '@headframe/model';
import type { Fields } from '../json/index.ts';
import { askCommand } from './conversation.ts';
import { first, section } from './reply.ts';
import { escapeParameter } from './request.ts';
import { commandStep } from './write.ts';

/*
 * The pool commands of port 4028, which cgminer and all that descends from it share (protocols.md 1.4).
 */

/** In what a dialect differs. */
export interface PoolDialect {
  /** Where the ranges come from, for a person: `cgminer 4.11.1 addpool`. */
  readonly source: string;
  /** Until when a change lasts. */
  readonly lasting: string;
  /** Longest part of a pool, bytes. */
  readonly most: number;
  /** Most pools that {@link setPools} takes. */
  readonly slots: number;
  /** Whether `lcd` names the pool that is worked for. */
  readonly lcd: boolean;
  /** Whether there is `poolpriority`. Without it only the first pool of a list can be preferred, by `switchpool`. */
  readonly priority: boolean;
  /** Pools stand in groups: nobody says that a new one is numbered behind all others, so each is looked up again. */
  readonly groups?: true;
  /** A pool that is added may come disabled: it is enabled then. */
  readonly enables?: true;
}

export type PoolActionName = 'setPools' | 'switchPool' | 'addPool' | 'removePool' | 'enablePool' | 'disablePool';

/** The six actions on pools over port 4028. */
export const poolActions = (dialect: PoolDialect): Record<PoolActionName, Action> => ({
  setPools: setPools(dialect),
  switchPool: switchPool(dialect),
  addPool: addPool(dialect),
  removePool: onePool(dialect, 'removepool', (list, was) => sameAs(list, was).length < sameAs(was.list, was).length),
  enablePool: onePool(dialect, 'enablepool', (list, { index }) => statusOf(list, index) !== 'Disabled'),
  disablePool: onePool(dialect, 'disablepool', (list, { index }) => statusOf(list, index) === 'Disabled'),
});

/** A pool as the device lists it. */
export interface ListedPool {
  readonly index: number;
  readonly url: string;
  readonly worker: string;
  readonly status: string;
  readonly priority: number;
  readonly active: boolean;
  /** Pools of different groups are worked for side by side; 0 where there are no groups. */
  readonly group: number;
}

/**
 * The device's pools, in the order of their numbers.
 * @throws HeadframeError when it does not tell them
 */
export async function listPools(links: Links): Promise<ListedPool[]> {
  if (links.cgminer === undefined) throw new HeadframeError('link/refused', { detail: 'its port 4028 is not open' });
  const reply = await askCommand(links.cgminer, links.clock, { id: 'pools', command: 'pools' });
  if (reply.error !== null) throw reply.error;
  return section(reply.doc, 'POOLS').map(listed);
}

const listed = (record: Fields, place: number): ListedPool => ({
  index: record.int('POOL') ?? place,
  url: record.str('URL') ?? '',
  worker: record.str('User') ?? '',
  status: record.str('Status') ?? '',
  priority: record.int('Priority') ?? place,
  active: record.bool('Stratum Active') ?? false,
  group: record.int('GROUP') ?? 0,
});

const statusOf = (list: readonly ListedPool[], index: number): string | null =>
  list.find((one) => one.index === index)?.status ?? null;

interface Was extends ListedPool {
  readonly list: readonly ListedPool[];
}

const sameAs = (list: readonly ListedPool[], { url, worker }: ListedPool): ListedPool[] =>
  list.filter((one) => one.url === url && one.worker === worker);

const numberOf = ({ source }: PoolDialect) =>
  integer({ about: 'number of the pool, as `pools` counts it', min: 0, max: 99, source });

async function poolAt(links: Links, index: number, command: string): Promise<Was> {
  const list = await listPools(links);
  const found = list.find((one) => one.index === index);
  if (found !== undefined) return { ...found, list };
  const numbers = list.map((one) => one.index).join(', ');
  const detail = `${command} takes the number of a pool of this machine (${numbers || 'it has none'}), not ${index}; nothing was sent`;
  throw new HeadframeError('usage/invalid', { detail });
}

const listedAs = (list: readonly ListedPool[]) => ({
  pools: list.map(({ index, url, worker, status, priority }) => ({ index, url, worker, status, priority })),
});

/** `switchpool`, `removepool` and the like: the number of a pool, and what its list must show then. */
const onePool = (
  dialect: PoolDialect,
  command: string,
  shows: (list: readonly ListedPool[], was: Was) => boolean,
): Action =>
  action(
    { pool: numberOf(dialect) },
    async (links, { pool: index }) => {
      const was = await poolAt(links, index, command);
      return {
        notes: [`Pool ${index} is ${was.url}, worker ${was.worker}`],
        steps: [commandStep({ command, parameter: String(index) })],
        readBack: inPools((list) => shows(list, was)),
      };
    },
    { lasting: dialect.lasting },
  );

const inPools = (shows: (list: readonly ListedPool[]) => boolean): ReadBack => ({
  looksAt: 'pools',
  afterMs: 500,
  everyMs: 2_000,
  withinMs: 10_000,
  look: async (links) => {
    const list = await listPools(links);
    return { done: shows(list), values: listedAs(list) };
  },
});

/** The fallback time of 120 s, looked at every 5 s; seen between 125 and 135 s (protocols.md 1.4). */
const FALLBACK_MS = 150_000;

function switchPool(dialect: PoolDialect): Action {
  return action(
    { pool: numberOf(dialect) },
    async (links, { pool: index }) => {
      const was = await poolAt(links, index, 'switchpool');
      return {
        notes: [
          `Pool ${index} is ${was.url}, worker ${was.worker}`,
          'The machine says yes at once and works for the pool up to 135 s later',
        ],
        steps: [commandStep({ command: 'switchpool', parameter: String(index) })],
        readBack: {
          looksAt: dialect.lcd ? 'Current Pool of lcd' : 'Stratum Active of pools',
          afterMs: 1_000,
          everyMs: 5_000,
          withinMs: FALLBACK_MS,
          look: async (at) => {
            const list = await listPools(at);
            const current = dialect.lcd ? await currentPool(at) : null;
            const active = activeBeside(list, was);
            // Two pools are connected while it changes over: then only `lcd` knows.
            const done = current === null ? active.length === 1 && active[0]?.index === index : current === was.url;
            const priority = list.find((one) => one.index === index)?.priority ?? null;
            return { done, values: { currentPool: current ?? active[0]?.url ?? null, priority } };
          },
        },
      };
    },
    { takes: 'up to 135 s until the pool is worked for', lasting: dialect.lasting },
  );
}

/** The pools that are connected in the group of one of them. */
const activeBeside = (list: readonly ListedPool[], { group }: ListedPool): ListedPool[] =>
  list.filter((one) => one.active && one.group === group);

/** The URL of the pool that is worked for; null where the firmware or the address list keeps it. */
async function currentPool({ cgminer, clock }: Links): Promise<string | null> {
  if (cgminer === undefined) return null;
  const reply = await askCommand(cgminer, clock, { id: 'lcd', command: 'lcd' });
  return first(reply.doc, 'LCD').str('Current Pool');
}

const addStep = ({ url, worker, password }: PoolSetting): Step => {
  const parts = [url, worker].map(escapeParameter).join(',');
  return commandStep({
    command: 'addpool',
    parameter: `${parts},${escapeParameter(password)}`,
    shown: `${parts},${MASK}`,
  });
};

function addPool(dialect: PoolDialect): Action {
  return action(
    { pool: pool(dialect) },
    async (links, { pool: added }) => {
      const before = await listPools(links);
      return {
        steps: [addStep(added), ...(dialect.enables ? [enabling(added, before.length)] : [])],
        readBack: inPools(
          (list) =>
            list.length > before.length &&
            list.some((one) => matches(one, added) && !(dialect.enables && !isEnabled(one))),
        ),
      };
    },
    { lasting: dialect.lasting },
  );
}

const matches = (one: ListedPool, { url, worker }: PoolSetting): boolean => one.url === url && one.worker === worker;

/** The pool in use is left 10 to 20 s after it was disabled (protocols.md 1.4); it cannot be removed before. */
const LEFT_MS = 25_000;

/**
 * There is no command for the whole list: the new ones are added behind the old ones, the old ones disabled, and removed
 * when none of them is worked for any more. `removepool` moves the last pool into the number that became free, so the
 * list is read anew before each (protocols.md 1.4).
 */
function setPools(dialect: PoolDialect): Action {
  return action(
    { pools: pools(dialect) },
    async (links, { pools: wanted }) => {
      const old = await listPools(links);
      return {
        notes: [
          `The ${wanted.length} new pools are added, the ${old.length} present ones disabled and, ${LEFT_MS / 1000} s later, removed`,
        ],
        steps: [
          ...wanted.map(addStep),
          ...(dialect.enables ? wanted.map((one, i) => enabling(one, old.length + i)) : []),
          dialect.groups ? preferring(wanted, old.length) : indexStep('switchpool', old.length),
          ...(dialect.groups ? old.filter(isEnabled).map(disabling) : old.map(({ index }) => disableStep(index))),
          ...old.map((was, i) => removal(old.length - 1 - i, i === 0, dialect.enables ? was : null)),
          dialect.priority ? ordering(wanted) : preferring(wanted, 0),
        ],
        readBack: dialect.priority
          ? inPools((list) => isInOrder(list, wanted))
          : { ...inPools((list) => isPreferred(list, wanted)), withinMs: FALLBACK_MS },
      };
    },
    { takes: 'about half a minute', lasting: dialect.lasting },
  );
}

/** Removes one that is disabled: those are the old ones. @param was the one that is meant, where others may be too */
const removal = (index: number, first: boolean, was: ListedPool | null): Step => ({
  ...commandStep({ command: 'removepool', parameter: String(index) }),
  ...(first ? { afterMs: LEFT_MS } : {}),
  renew: async (links) => {
    const list = await listPools(links);
    const meant = was === null ? list : sameAs(list, was).filter(({ group }) => group === was.group);
    const last = meant.filter((one) => !isEnabled(one)).at(-1);
    return last === undefined ? null : commandStep({ command: 'removepool', parameter: String(last.index) });
  },
});

/** Behind the removals the new ones are all there is, as a rule in their order. */
const ordering = (wanted: readonly PoolSetting[]): Step => ({
  ...commandStep({ command: 'poolpriority', parameter: [...wanted.keys()].join(',') }),
  renew: async (links) => {
    const list = await listPools(links);
    const order = wanted.map((one) => list.find((listedPool) => matches(listedPool, one))?.index);
    const known = order.filter((index) => index !== undefined);
    return known.length === 0 ? null : commandStep({ command: 'poolpriority', parameter: known.join(',') });
  },
});

const indexStep = (command: string, index: number): Step => commandStep({ command, parameter: String(index) });
const disableStep = (index: number): Step => indexStep('disablepool', index);
const isEnabled = ({ status }: ListedPool): boolean => status !== 'Disabled';

/** Enables one that was added, if it has to be. */
const enabling = (added: PoolSetting, planned: number): Step => ({
  ...indexStep('enablepool', planned),
  renew: async (links) => {
    const found = (await listPools(links)).findLast((one) => matches(one, added) && !isEnabled(one));
    return found === undefined ? null : indexStep('enablepool', found.index);
  },
});

/** Of an old pool and a new one that are the same, the old one stands first within its group. */
const disabling = (was: ListedPool): Step => ({
  ...disableStep(was.index),
  renew: async (links) => {
    const same = sameAs(await listPools(links), was).find((one) => one.group === was.group && isEnabled(one));
    return same === undefined ? null : disableStep(same.index);
  },
});

/** Prefers the first pool of the list, whatever its number is by then. */
const preferring = ([wanted]: readonly PoolSetting[], planned: number): Step => ({
  ...indexStep('switchpool', planned),
  renew: async (links) => {
    const found = (await listPools(links)).findLast((one) => wanted !== undefined && matches(one, wanted));
    return found === undefined ? null : indexStep('switchpool', found.index);
  },
});

/** The pools that were wanted and no others, and the first of them before the others or worked for. */
function isPreferred(list: readonly ListedPool[], wanted: readonly PoolSetting[]): boolean {
  const left = [...list];
  for (const one of wanted) {
    const at = left.findIndex((listedPool) => matches(listedPool, one));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  const [first] = wanted;
  const preferred = list.find((one) => first !== undefined && matches(one, first));
  if (left.length > 0 || preferred === undefined) return false;
  const isAlone = preferred.active && activeBeside(list, preferred).length === 1;
  return isAlone || list.every((one) => one.priority >= preferred.priority);
}

function isInOrder(list: readonly ListedPool[], wanted: readonly PoolSetting[]): boolean {
  const byPriority = [...list].sort((a, b) => a.priority - b.priority);
  return byPriority.length === wanted.length && wanted.every((one, i) => matches(byPriority[i] as ListedPool, one));
}
