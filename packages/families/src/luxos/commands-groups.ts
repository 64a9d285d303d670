import { type Action, action, integer, type Links, MASK, pool, type ReadBack } from '@headframe/model';
import { askDocument, commandStep, escapeParameter, listPools, section } from '@headframe/wire/cgminer';
import { readBack } from './ask.ts';
import { SAVED } from './commands-tuning.ts';
import { plainStep } from './session.ts';
import { source, word } from './words.ts';

/*
 * Groups of pools, which are worked for side by side, each with its share. These commands take no session
 * (protocols.md 8).
 */

const groupsOf = async (links: Links) => section(await askDocument(links, 'groups'), 'GROUPS');

const groupsShow = (isDone: (groups: Awaited<ReturnType<typeof groupsOf>>) => boolean): ReadBack =>
  readBack('groups', async (links) => {
    const groups = await groupsOf(links);
    const values = groups.map((one) => ({ id: one.int('GROUP'), name: one.str('Name'), quota: one.num('Quota') }));
    return { done: isDone(groups), values: { groups: values } };
  });

const groupId = (command: string) =>
  integer({ about: 'number of the group, as `groups` counts it', min: 0, max: 99, ...source(command) });
const quota = (command: string) => integer({ about: 'share of the work', min: 0, max: 1_000_000, ...source(command) });

export const addgroup: Action = action(
  { name: word('name of the group', 'addgroup'), quota: quota('addgroup') },
  async (links, { name, quota: share }) => {
    const before = (await groupsOf(links)).length;
    return {
      steps: [plainStep('addgroup', [name, share])],
      readBack: groupsShow((all) => all.length > before && all.some((one) => one.str('Name') === name)),
    };
  },
  { does: 'Adds a group of pools, which gets a share of the work', lasting: SAVED },
);

export const removegroup: Action = action(
  { group: groupId('removegroup') },
  async (links, { group }) => {
    const before = (await groupsOf(links)).length;
    return {
      steps: [plainStep('removegroup', [group])],
      readBack: groupsShow((all) => all.length < before),
    };
  },
  { does: 'Takes a group of pools away', lasting: SAVED },
);

export const groupquota: Action = action(
  { group: groupId('groupquota'), quota: quota('groupquota') },
  (_, { group, quota: share }) => ({
    steps: [plainStep('groupquota', [group, share])],
    readBack: groupsShow((all) => all.some((one) => one.int('GROUP') === group && one.num('Quota') === share)),
  }),
  { does: 'Sets the share of the work that a group of pools gets', lasting: SAVED },
);

export const addpool: Action = action(
  { pool: pool({ most: 255, ...source('addpool') }), group: groupId('addpool') },
  async (links, { pool: { url, worker, password }, group }) => {
    const before = (await listPools(links)).length;
    const parts = [url, worker].map(escapeParameter).join(',');
    const parameter = `${parts},${escapeParameter(password)},${group}`;
    return {
      steps: [commandStep({ command: 'addpool', parameter, shown: `${parts},${MASK},${group}` })],
      readBack: readBack('pools', async (at) => {
        const list = await listPools(at);
        const isThere = list.some((one) => one.url === url && one.worker === worker && one.group === group);
        const values = list.map((one) => ({ url: one.url, worker: one.worker, group: one.group }));
        return { done: list.length > before && isThere, values: { pools: values } };
      }),
    };
  },
  { does: 'Adds a pool to a group', lasting: SAVED },
);
