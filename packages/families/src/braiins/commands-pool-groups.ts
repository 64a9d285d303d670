import { type Action, integer, number, optional, type Prepared, pools, text } from '@headframe/model';
import { invalid } from './looks.ts';
import {
  type Group,
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
  SOURCE as source,
  strategyFor,
  writeBack,
} from './pool-groups.ts';
import { type Machine, SAVE_AND_APPLY, say, through } from './through.ts';

/* Groups of pools, and how they share the work (protocols.md 7.2, 7.4). */

const RULE = { source, most: MOST_BYTES };

const quota = integer({ about: 'weight of the group beside the others', min: 1, max: 1_000_000, source });
const sharePercent = number({ about: 'part of all work that the group gets', unit: '%', min: 0, max: 100, source });

const NEEDS_ONE = 'a group has a quota or a fixed share, not both';

const createpoolgroup = through(
  {
    name: text({ about: 'name of the new group', most: MOST_BYTES, source }),
    pools: pools({ ...RULE, slots: 20 }),
    quota: optional(quota),
    sharePercent: optional(sharePercent),
  },
  async (machine, given) => {
    if (given.quota !== undefined && given.sharePercent !== undefined) throw invalid(NEEDS_ONE);
    const groups = await groupsOf(machine);
    const group: Group = {
      uid: null,
      name: given.name,
      strategy: strategyFor(given.quota, given.sharePercent),
      pools: given.pools.map(newPool),
    };
    return {
      steps: [say(machine, 'CreatePoolGroup', { ...SAVE_AND_APPLY, group: groupDoc(group, { keepsUids: false }) })],
      readBack: groupsShow(machine, [...groups.list, group]),
    };
  },
  { ...INTERRUPTS, does: 'Makes a new group of pools beside the others' },
);

/** @param change what of the group is another */
const onGroup = (machine: Machine, groups: Groups, present: Group, change: Partial<Group>): Prepared => {
  const at = groups.list.indexOf(present);
  const changed = { ...present, ...change };
  const wanted = groups.list.map((one, i) => (i === at ? changed : one));
  return {
    notes: passwordNotes(changed.uid === null ? wanted.flatMap((one) => one.pools) : changed.pools),
    steps: [writeBack(machine, groups, at, changed)],
    readBack: groupsShow(machine, wanted),
  };
};

const updatepoolgroup = through(
  {
    group: groupWord,
    name: optional(text({ about: 'its new name', most: MOST_BYTES, source })),
    pools: optional(pools({ ...RULE, slots: 20 })),
    quota: optional(quota),
    sharePercent: optional(sharePercent),
  },
  async (machine, { group: given, name, pools: wanted, quota: weight, sharePercent: share }) => {
    if (weight !== undefined && share !== undefined) throw invalid(NEEDS_ONE);
    if ([name, wanted, weight, share].every((one) => one === undefined)) {
      throw invalid('braiins.updatepoolgroup needs what is to be another: name, pools, quota or sharePercent');
    }
    const groups = await groupsOf(machine);
    return onGroup(machine, groups, groupNamed(groups, given, 'braiins.updatepoolgroup'), {
      ...(name === undefined ? {} : { name }),
      ...(wanted === undefined ? {} : { pools: wanted.map(newPool) }),
      ...(weight === undefined && share === undefined ? {} : { strategy: strategyFor(weight, share) }),
    });
  },
  { ...INTERRUPTS, does: 'Changes a group of pools: its name, its pools, its part of the work' },
);

const removepoolgroup = through(
  { group: groupWord },
  async (machine, { group: given }) => {
    const groups = await groupsOf(machine);
    const group = groupNamed(groups, given, 'braiins.removepoolgroup');
    const { uid, name, pools: gone } = group;
    const left = groups.list.filter((one) => one !== group);
    const step =
      uid === null
        ? say(machine, 'SetPoolGroups', {
            ...SAVE_AND_APPLY,
            pool_groups: left.map((one) => groupDoc(one, { keepsUids: false })),
          })
        : say(machine, 'RemovePoolGroup', { ...SAVE_AND_APPLY, uid });
    const urls = gone.map(({ url }) => url).join(', ');
    return {
      notes: [
        `Group "${name}" goes with its pools: ${urls || 'none'}`,
        ...(uid === null ? passwordNotes(left.flatMap((one) => one.pools)) : []),
      ],
      steps: [step],
      readBack: groupsShow(machine, left),
    };
  },
  { ...INTERRUPTS, does: 'Takes a group of pools out, with its pools' },
);

const setquota = through(
  { group: groupWord, quota },
  async (machine, { group: given, quota: weight }) => {
    const groups = await groupsOf(machine);
    const group = groupNamed(groups, given, 'braiins.setquota');
    return onGroup(machine, groups, group, { strategy: strategyFor(weight, undefined) });
  },
  { ...INTERRUPTS, does: 'Sets the weight of a group of pools beside the others' },
);

const setfixedshareratio = through(
  { group: groupWord, sharePercent },
  async (machine, { group: given, sharePercent: share }) => {
    const groups = await groupsOf(machine);
    const group = groupNamed(groups, given, 'braiins.setfixedshareratio');
    return onGroup(machine, groups, group, { strategy: strategyFor(undefined, share) });
  },
  { ...INTERRUPTS, does: 'Gives a group of pools a fixed part of all work' },
);

export const ownPoolCommands: Readonly<Record<string, Action>> = {
  createpoolgroup,
  updatepoolgroup,
  removepoolgroup,
  setquota,
  setfixedshareratio,
};
