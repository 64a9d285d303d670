import {
  type Action,
  action,
  integer,
  type Links,
  optional,
  type Parameter,
  type Prepared,
  pool,
  pools,
  type Step,
} from '@headframe/model';
import { type PoolActionName, poolActions } from '@headframe/wire/cgminer';
import { invalid } from './looks.ts';
import { openOr4028 } from './over-4028.ts';
import {
  type Group,
  type GroupedPool,
  type Groups,
  groupDoc,
  groupNamed,
  groupsOf,
  groupsShow,
  groupWord,
  INTERRUPTS,
  MOST_BYTES,
  newPool,
  passwordNotes,
  placeOf,
  poolAt,
  SOURCE as source,
  strategyFor,
  writeBack,
} from './pool-groups.ts';
import { enter, type Given, type Machine, SAVE_AND_APPLY, say } from './through.ts';

/* The pools and their groups (protocols.md 7.2 to 7.4). Whatever is changed of them starts the work on them anew. */

const RULE = { source, most: MOST_BYTES };

const poolNumber = integer({
  about: 'number of the pool, counted through all groups from 0',
  min: 0,
  max: 99,
  source,
});

/** Over port 4028 where nothing else is open: documented as working in part only (protocols.md 7.1). */
const OVER_4028 = poolActions({
  source: 'BraiinsOS port 4028',
  lasting: 'lost when the miner restarts',
  most: MOST_BYTES,
  slots: 20,
  lcd: true,
  priority: false,
  groups: true,
  // "Does not activate": the vendor's page on these commands.
  enables: true,
});

const NOTES_4028 = [
  'Neither its gRPC nor its REST API is open: port 4028 is taken, whose pool commands are documented as working in part',
  'What it changes is lost when the miner restarts',
];

/** One of the six, through the better doors, or over port 4028 where they are closed. */
const pooled = <const P extends Readonly<Record<string, Parameter>>>(
  name: PoolActionName,
  parameters: P,
  prepare: (machine: Machine, given: Given<P>) => Promise<Prepared>,
): Action =>
  action(
    parameters,
    async (links: Links, given) => {
      const door = await openOr4028(links);
      if (door !== '4028') return prepare(enter(links, door), given as unknown as Given<P>);
      const { group, ...common } = given as Readonly<Record<string, unknown>>;
      if (group !== undefined) throw invalid('port 4028, the only door that is open, cannot name a group');
      const prepared = await OVER_4028[name].prepare(links, common);
      return { ...prepared, notes: [...NOTES_4028, ...(prepared.notes ?? [])] };
    },
    INTERRUPTS,
  );

/** Writes a group back with other pools, and sees that all groups are as they should be then. */
function withPools(
  machine: Machine,
  groups: Groups,
  at: number,
  changed: readonly GroupedPool[],
  notes: readonly string[],
): Prepared {
  const group: Group = { ...(groups.list[at] as Group), pools: changed };
  const wanted = groups.list.map((one, i) => (i === at ? group : one));
  const written = group.uid === null ? wanted.flatMap((one) => one.pools) : changed;
  return {
    notes: [...notes, ...passwordNotes(written)],
    steps: [writeBack(machine, groups, at, group)],
    readBack: groupsShow(machine, wanted),
  };
}

const said = (groups: Groups, index: number, { url, user }: GroupedPool, group: number): string =>
  `Pool ${index} is ${url}, worker ${user}, in group "${groups.list[group]?.name}"`;

const onePool = (
  name: PoolActionName,
  named: string,
  change: (pools: readonly GroupedPool[], at: number) => readonly GroupedPool[],
): Action =>
  pooled(name, { pool: poolNumber }, async (machine, { pool: index }) => {
    const groups = await groupsOf(machine);
    const place = placeOf(groups, index, named);
    const present = groups.list[place.group]?.pools ?? [];
    const changed = change(present, place.pool);
    return withPools(machine, groups, place.group, changed, [
      said(groups, index, poolAt(groups, place), place.group),
      ...(changed.length === 0 ? ['It is the last pool of its group, which stays without one'] : []),
    ]);
  });

const switched =
  (enabled: boolean) =>
  (list: readonly GroupedPool[], at: number): GroupedPool[] =>
    list.map((one, i) => (i === at ? { ...one, enabled } : one));

/** A pool that is preferred is used: a disabled one is enabled with it. */
const preferred = (list: readonly GroupedPool[], at: number): GroupedPool[] => {
  const chosen = list.filter((_, i) => i === at).map((one) => ({ ...one, enabled: true }));
  return [...chosen, ...list.filter((_, i) => i !== at)];
};

const addPool = pooled(
  'addPool',
  { pool: pool(RULE), group: optional(groupWord) },
  async (machine, { pool: added, group: given }) => {
    const groups = await groupsOf(machine);
    const [first] = groups.list;
    if (first === undefined) {
      if (given !== undefined) groupNamed(groups, given, 'add-pool');
      return allPools(machine, groups, [newPool(added)]);
    }
    const group = given === undefined ? first : groupNamed(groups, given, 'add-pool');
    const at = groups.list.indexOf(group);
    const several = groups.list.length > 1 ? [`It goes behind the pools of group "${group.name}"`] : [];
    return withPools(machine, groups, at, [...group.pools, newPool(added)], several);
  },
);

/** What a machine without a group calls its first one. */
const FIRST_GROUP: Group = { uid: null, name: 'Default', strategy: strategyFor(1, undefined), pools: [] };

/** One group with these pools and no other: the list that other machines have. */
function allPools(machine: Machine, groups: Groups, wanted: readonly GroupedPool[]): Prepared {
  const [first = FIRST_GROUP, ...others] = groups.list;
  const group: Group = { ...first, uid: null, pools: wanted };
  const lost = others.map(({ name }) => `"${name}"`).join(', ');
  return {
    notes: [
      `All pools stand in one group, "${group.name}"`,
      ...(others.length > 0 ? [`The other groups go, with their quotas and their pools: ${lost}`] : []),
    ],
    steps: oneGroup(machine, groups, group),
    readBack: groupsShow(machine, [group]),
  };
}

/** At once; where the machine does not know that yet, its first group becomes this one and the others are removed. */
function oneGroup(machine: Machine, { list, setsAll }: Groups, group: Group): Step[] {
  // New ones: a uid is given by the machine.
  const doc = groupDoc(group, { keepsUids: false });
  const [first, ...others] = list.map(({ uid }) => uid).filter((uid) => uid !== null);
  if (setsAll || first === undefined || others.length < list.length - 1) {
    return [say(machine, 'SetPoolGroups', { ...SAVE_AND_APPLY, pool_groups: [doc] })];
  }
  return [
    say(machine, 'UpdatePoolGroup', { ...SAVE_AND_APPLY, group: { uid: first, ...doc } }),
    ...others.map((uid) => say(machine, 'RemovePoolGroup', { ...SAVE_AND_APPLY, uid })),
  ];
}

export const poolCommands: Readonly<Record<PoolActionName, Action>> = {
  setPools: pooled('setPools', { pools: pools({ ...RULE, slots: 20 }) }, async (machine, { pools: wanted }) =>
    allPools(machine, await groupsOf(machine), wanted.map(newPool)),
  ),
  addPool,
  removePool: onePool('removePool', 'remove-pool', (list, at) => list.filter((_, i) => i !== at)),
  enablePool: onePool('enablePool', 'enable-pool', switched(true)),
  disablePool: onePool('disablePool', 'disable-pool', switched(false)),
  switchPool: onePool('switchPool', 'switch-pool', preferred),
};
