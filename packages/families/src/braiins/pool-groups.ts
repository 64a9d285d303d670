import { type ActionNotes, type PoolSetting, type Seen, type Step, text } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import type { Doc } from './door-methods.ts';
import { invalid, seen } from './looks.ts';
import { type Machine, SAVE_AND_APPLY, say } from './through.ts';

/*
 * Pools stand in groups, which share the work by quota or by a fixed share; within a group the first pool that answers
 * is worked for (protocols.md 7.4: inferred from the contract having no priority). A pool is changed by writing its
 * group back.
 */

export const SOURCE = 'BraiinsOS PoolService';
/** Longer ones are in no document; what goes over HTTP and into its configuration has to end somewhere. */
export const MOST_BYTES = 255;
export const INTERRUPTS: ActionNotes = { hashing: 'interrupted', takes: 'some seconds: work begins anew' };

export const groupWord = text({ about: 'name or uid of the group', most: MOST_BYTES, source: SOURCE });

export interface GroupedPool {
  readonly uid: string | null;
  readonly url: string;
  readonly user: string;
  readonly enabled: boolean;
  /** Null: the machine does not tell it, or has none. */
  readonly password: string | null;
  /** What a newer firmware has of it beyond that: written back as it is. */
  readonly more?: Doc;
}

export interface Group {
  /** Null where the machine does not tell it: before contract 1.8 only its configuration does. */
  readonly uid: string | null;
  readonly name: string;
  /** `quota` or `fixedshareratio` with its value. */
  readonly strategy: Doc | null;
  readonly pools: readonly GroupedPool[];
  /** As {@link GroupedPool.more}. */
  readonly more?: Doc;
}

/** The groups of a machine, with what it takes to write them back. */
export interface Groups {
  readonly list: readonly Group[];
  /** Whether pools keep their uid when a group is written: from contract 1.7 on it may stand there, before it must not. */
  readonly keepsUids: boolean;
  /** Whether all groups can be set at once: SetPoolGroups came with 24.06, contract 1.2 (the vendor's change log). */
  readonly setsAll: boolean;
}

const records = (list: readonly unknown[]): Fields[] => list.map((one) => new Fields(one));

export async function groupsOf(machine: Machine): Promise<Groups> {
  const running = records((await machine.ask('GetPoolGroups')).list('pool_groups'));
  const configured = records((await machine.ask('GetMinerConfiguration')).list('pool_groups'));
  const version = await machine.ask('GetApiVersion');
  const [major, minor] = [version.int('major') ?? 0, version.int('minor') ?? 0];
  // The published REST descriptions count from 1.0 anew, and came with contract 1.7.
  const isSince = (one: number): boolean => machine.door === 'rest' || major > 1 || (major === 1 && minor >= one);
  return {
    list: running.map((group) => groupFrom(group, configured)),
    keepsUids: isSince(7),
    setsAll: isSince(2),
  };
}

/** What runs, with the passwords and the uid that only the configuration tells. */
function groupFrom(group: Fields, configured: readonly Fields[]): Group {
  const name = group.str('name') ?? '';
  const pools = records(group.list('pools'));
  const isSame = (one: Fields): boolean =>
    one.str('name') === name &&
    one.list('pools').length === pools.length &&
    sameUrls(records(one.list('pools')), pools);
  const twin = configured.find((one) => one.str('uid') !== null && one.str('uid') === group.str('uid'));
  const same = configured.filter(isSame);
  // Of two groups that look alike neither is known for sure.
  const own = twin ?? (same.length === 1 ? same[0] : undefined);
  const settings = records((own ?? new Fields({})).list('pools'));
  return {
    uid: group.str('uid') ?? own?.str('uid') ?? null,
    name,
    strategy: strategyIn(group.raw('strategy')) ?? strategyIn(own?.raw('load_balance_strategy')),
    pools: pools.map((pool, i) => poolFrom(pool, settings, i)),
    more: moreIn(own, GROUP_FIELDS),
  };
}

const GROUP_FIELDS: ReadonlySet<string> = new Set(['uid', 'name', 'load_balance_strategy', 'pools']);
const POOL_FIELDS: ReadonlySet<string> = new Set(['uid', 'url', 'user', 'password', 'enabled']);

/** The members of a configuration that we do not know. */
const moreIn = (own: Fields | undefined, known: ReadonlySet<string>): Doc =>
  Object.fromEntries((own?.keys() ?? []).filter((name) => !known.has(name)).map((name) => [name, own?.raw(name)]));

const sameUrls = (some: readonly Fields[], others: readonly Fields[]): boolean =>
  some.every((one, i) => one.str('url') === others[i]?.str('url') && one.str('user') === others[i]?.str('user'));

const strategyIn = (value: unknown): Doc | null =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0 ? (value as Doc) : null;

function poolFrom(pool: Fields, settings: readonly Fields[], place: number): GroupedPool {
  const [uid, url, user] = [pool.str('uid'), pool.str('url') ?? '', pool.str('user') ?? ''];
  const isIt = (one: Fields | undefined): boolean => one?.str('url') === url && (one.str('user') ?? '') === user;
  const setting =
    settings.find((one) => uid !== null && one.str('uid') === uid && isIt(one)) ??
    (isIt(settings[place]) ? settings[place] : undefined);
  return {
    uid,
    url,
    user,
    enabled: pool.bool('enabled') ?? true,
    password: setting?.str('password') ?? null,
    more: moreIn(setting, POOL_FIELDS),
  };
}

/** Where a pool stands: pools are counted through all groups, in the order in which the machine tells them. */
export interface Place {
  readonly group: number;
  readonly pool: number;
}

/** @throws HeadframeError `usage/invalid` where there is no such pool */
export function placeOf({ list }: Groups, index: number, named: string): Place {
  const places = list.flatMap((group, i) => group.pools.map((_, pool): Place => ({ group: i, pool })));
  const place = places[index];
  if (place !== undefined) return place;
  const range = places.length === 0 ? 'it has none' : `0 to ${places.length - 1}`;
  throw invalid(`${named} takes the number of a pool of this machine (${range}), not ${index}`);
}

export const poolAt = ({ list }: Groups, place: Place): GroupedPool =>
  list[place.group]?.pools[place.pool] as GroupedPool;

/** A group by its uid or its name. @throws HeadframeError `usage/invalid` where none or several have it */
export function groupNamed({ list }: Groups, given: string, named: string): Group {
  const byUid = list.filter(({ uid }) => uid === given);
  const found = byUid.length > 0 ? byUid : list.filter(({ name }) => name === given);
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  const said = list.map(({ uid, name }) => (uid === null ? `"${name}"` : `"${name}" (${uid})`)).join(', ');
  const what = found.length > 1 ? `several groups are called "${given}"` : `no group is called "${given}"`;
  throw invalid(`${named}: ${what}; this machine has ${said || 'none'}`);
}

export const newPool = ({ url, worker, password }: PoolSetting): GroupedPool => ({
  uid: null,
  url,
  user: worker,
  enabled: true,
  password,
});

/** @param quota weight beside the other groups; 1 where nothing is said. @param sharePercent of all work, instead */
export const strategyFor = (quota: number | undefined, sharePercent: number | undefined): Doc =>
  sharePercent === undefined ? { quota: { value: quota ?? 1 } } : { fixedshareratio: { value: sharePercent / 100 } };

/** A group as it is told to the machine. */
export const groupDoc = (group: Group, { keepsUids }: Pick<Groups, 'keepsUids'>): Doc => ({
  ...group.more,
  name: group.name,
  ...(group.strategy === null ? {} : { load_balance_strategy: group.strategy }),
  pools: group.pools.map(({ uid, url, user, password, enabled, more }) => ({
    ...more,
    ...(keepsUids && uid !== null ? { uid } : {}),
    url,
    user,
    ...(password === null ? {} : { password }),
    enabled,
  })),
});

/** Writes one group back; where its uid is not told, all groups, as only they can be named. */
export function writeBack(machine: Machine, groups: Groups, at: number, changed: Group): Step {
  if (changed.uid !== null) {
    const group = { uid: changed.uid, ...groupDoc(changed, groups) };
    return say(machine, 'UpdatePoolGroup', { ...SAVE_AND_APPLY, group });
  }
  const all = groups.list.map((one, i) => groupDoc(i === at ? changed : one, { keepsUids: false }));
  return say(machine, 'SetPoolGroups', { ...SAVE_AND_APPLY, pool_groups: all });
}

/** What a person should know of the passwords of the pools that are written back. */
export function passwordNotes(written: readonly GroupedPool[]): string[] {
  const unknown = written.filter(({ password }) => password === null);
  if (unknown.length === 0) return [];
  const urls = unknown.map(({ url, user }) => `${url} (${user})`).join(', ');
  return [
    `It tells no password of ${urls}: written back without one, and whether it keeps one that it has is documented nowhere`,
  ];
}

const told = ({ url, user, enabled }: GroupedPool) => ({ url, user, enabled });

/** The groups as they must show, in their order. */
export const groupsShow = (machine: Machine, wanted: readonly Group[]) =>
  seen(machine, 'GetPoolGroups', async (now): Promise<Seen> => {
    const shown = records((await now.ask('GetPoolGroups')).list('pool_groups')).map((group) => groupFrom(group, []));
    const done = shown.length === wanted.length && wanted.every((group, i) => isSame(shown[i] as Group, group));
    const groups = shown.map(({ name, strategy, pools }) => ({ name, ...shareIn(strategy), pools: pools.map(told) }));
    return { done, values: { groups } };
  });

/** A machine that tells no strategy has not refused one. */
const isSame = (shown: Group, wanted: Group): boolean =>
  shown.name === wanted.name &&
  (shown.strategy === null ||
    wanted.strategy === null ||
    isSameText(shareIn(shown.strategy), shareIn(wanted.strategy))) &&
  isSameText(shown.pools.map(told), wanted.pools.map(told));

const isSameText = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** How much of the work a group gets, however it is written; a share in percent, to a tenth of a thousandth. */
function shareIn(strategy: Doc | null): { quota: number } | { sharePercent: number } | Record<string, never> {
  const fields = new Fields(strategy);
  const ratio = fields.sub('fixedshareratio').num('value');
  if (fields.has('fixedshareratio')) return { sharePercent: Math.round((ratio ?? 0) * 1e6) / 1e4 };
  return fields.has('quota') ? { quota: fields.sub('quota').num('value') ?? 0 } : {};
}
