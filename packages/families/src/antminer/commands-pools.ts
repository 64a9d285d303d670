import {
  type Action,
  type ActionName,
  action,
  HeadframeError,
  integer,
  type PoolSetting,
  type Prepared,
  pool,
  pools,
} from '@headframe/model';
import { poolActions } from '@headframe/wire/cgminer';
import { ACL_NOTE, RESTARTS, SOURCE, UNCHANGED_NOTE } from './config-change.ts';
import { needCommands, openDoor, takesCommands } from './doors.ts';
import { lookForPools } from './running.ts';
import { type MinerConfig, POOL_SLOTS, readConfig, saveStep } from './web-config.ts';
import { openPage, type Page } from './web-page.ts';

/*
 * Pools. The page has no call for a single pool: the whole configuration is sent back with the list as it is wanted, and
 * the miner restarts (protocols.md 2.6). Where port 4028 takes changes, its pool commands do it without a restart.
 */

/** Longer than any pool needs; the pages name no limit. */
const MOST = 255;

/** Until when what port 4028 changes lasts: only the pages write to flash (protocols.md 2.6). */
const UNTIL_RESTART = 'over port 4028 until the miner restarts; the web page keeps it';

/** `lcd` of these machines is another record than cgminer's (protocols.md 2.1). */
const api = poolActions({
  source: 'Antminer port 4028, switchpool and its neighbours',
  lasting: UNTIL_RESTART,
  most: MOST,
  slots: POOL_SLOTS,
  lcd: false,
  priority: true,
});

const onEither = {
  takes: `at once over port 4028; on the web page ${RESTARTS.takes}`,
  lasting: UNTIL_RESTART,
} as const;

const which = integer({ about: 'number of the pool, from 0', min: 0, max: 99, source: 'pools of the machine' });

export const poolCommands = {
  setPools: action(
    { pools: pools({ source: SOURCE, most: MOST, slots: POOL_SLOTS }) },
    async (links, given) => {
      // The page first: it writes to flash and replaces the list in one go. Without it, port 4028 where that is open.
      const page = await openPage(links).catch(async (thrown: unknown) => {
        if (await takesCommands(links)) return null;
        throw thrown;
      });
      if (page === null) return api.setPools.prepare(links, given);
      return savePools(page, await readConfig(links), () => given.pools);
    },
    { ...RESTARTS, lasting: UNTIL_RESTART },
  ),
  switchPool: onePool('switchPool', (list, index) => [
    list[index] as PoolSetting,
    ...list.slice(0, index),
    ...list.slice(index + 1),
  ]),
  removePool: onePool('removePool', (list, index) => {
    if (list.length > 1) return list.filter((_, i) => i !== index);
    throw new HeadframeError('usage/invalid', { detail: 'The last pool cannot be removed; nothing was sent' });
  }),
  addPool: action(
    { pool: pool({ source: SOURCE, most: MOST }) },
    async (links, given) => {
      const door = await openDoor(links);
      if (door === '4028') return api.addPool.prepare(links, given);
      const config = await readConfig(links);
      if (config.pools.length >= POOL_SLOTS) {
        const detail = `its configuration has room for ${POOL_SLOTS} pools, and they are taken; nothing was sent`;
        throw new HeadframeError('support/unsupported', { request: 'addPool', detail });
      }
      return savePools(door, config, (list) => [...list, given.pool]);
    },
    onEither,
  ),
  enablePool: onlyCommands('enablePool', 'put it back into the list with add-pool or set-pools'),
  disablePool: onlyCommands('disablePool', 'leave it out of the list with remove-pool or set-pools'),
} satisfies Partial<Record<ActionName, Action>>;

function onePool(
  name: 'switchPool' | 'removePool',
  reorder: (list: readonly PoolSetting[], index: number) => readonly PoolSetting[],
): Action {
  return action(
    { pool: which },
    async (links, given) => {
      const door = await openDoor(links);
      if (door === '4028') return api[name].prepare(links, given);
      const config = await readConfig(links);
      needIndex(config, given.pool);
      return savePools(door, config, (list) => reorder(list, given.pool));
    },
    onEither,
  );
}

function needIndex({ pools: list }: MinerConfig, index: number): void {
  if (index < list.length) return;
  const has = list.length === 0 ? 'it has none' : `0 to ${list.length - 1}`;
  throw new HeadframeError('usage/invalid', {
    detail: `There is no pool ${index} in the configuration of this machine (${has}); nothing was sent`,
  });
}

/** The page's configuration has no flag for it (protocols.md 2.6); on port 4028 it is a command of its own. */
function onlyCommands(name: 'enablePool' | 'disablePool', instead: string): Action {
  return action(
    { pool: which },
    async (links, given) => {
      await needCommands(links, `The web page has no switch for a single pool: ${instead}.`);
      return api[name].prepare(links, given);
    },
    { lasting: 'until the miner restarts' },
  );
}

function savePools(
  page: Page,
  config: MinerConfig,
  change: (list: readonly PoolSetting[]) => readonly PoolSetting[],
): Prepared {
  const wanted = change(config.pools);
  const same =
    wanted.length === config.pools.length &&
    wanted.every((one, i) => {
      const is = config.pools[i];
      return one.url === is?.url && one.worker === is.worker && one.password === is.password;
    });
  return {
    notes: [
      'The whole configuration is sent back; passwords that are not changed stay as they are',
      ...(page.kind === 'older' ? [ACL_NOTE] : []),
      ...(same ? [UNCHANGED_NOTE] : []),
    ],
    steps: same ? [] : [saveStep(page, { ...config, pools: wanted })],
    readBack: {
      looksAt: 'the pools that the mining program works with',
      afterMs: same ? 0 : 5_000,
      everyMs: 10_000,
      withinMs: same ? 0 : 180_000,
      restarts: true,
      look: (links) => lookForPools(links, page.kind, wanted),
    },
  };
}
