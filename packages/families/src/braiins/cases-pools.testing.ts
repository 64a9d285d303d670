import { type Case, save } from './case.testing.ts';
import type { State } from './double-state.testing.ts';
import type { Doc } from './wire.testing.ts';

const ONE = { uid: 'P1', url: 'stratum+tcp://one.example:3333', user: 'farm.a', password: 'secret-one', enabled: true };
const TWO = { uid: 'P2', url: 'stratum+tcp://two.example:3333', user: 'farm.b', password: 'x', enabled: true };
const THREE = { uid: 'P3', url: 'stratum+tcp://three.example:443', user: 'farm.c', password: 'pw3', enabled: false };
const NEW = { url: 'stratum+tcp://new.example:1', user: 'w', password: 'p4', enabled: true };
const NEW_GIVEN = { url: NEW.url, worker: 'w', password: 'p4' };

const group = (pools: readonly unknown[], more: Doc = {}) => ({
  name: 'Default',
  load_balance_strategy: { quota: { value: 1 } },
  pools,
  ...more,
});

const urls = ({ groups }: State) => groups.map((one) => (one.pools as Doc[]).map(({ url }) => url));

const written = (name: string, given: Record<string, unknown>, pools: readonly unknown[], after: unknown): Case => ({
  name,
  given,
  method: 'UpdatePoolGroup',
  message: { ...save, group: { uid: 'G1', ...group(pools) } },
  rest: ['PUT /api/v1/pools/G1', group(pools)],
  after: urls,
  is: after,
});

export const POOLS: readonly Case[] = [
  written('switchPool', { pool: 1 }, [TWO, ONE], [[TWO.url, ONE.url], [THREE.url]]),
  written('removePool', { pool: 0 }, [TWO], [[TWO.url], [THREE.url]]),
  written('addPool', { pool: NEW_GIVEN }, [ONE, TWO, NEW], [[ONE.url, TWO.url, NEW.url], [THREE.url]]),
  written('disablePool', { pool: 1 }, [ONE, { ...TWO, enabled: false }], [[ONE.url, TWO.url], [THREE.url]]),
  {
    name: 'enablePool',
    given: { pool: 2 },
    method: 'UpdatePoolGroup',
    message: {
      ...save,
      group: {
        uid: 'G2',
        name: 'Other',
        load_balance_strategy: { fixedshareratio: { value: 0.25 } },
        pools: [{ ...THREE, enabled: true }],
      },
    },
    rest: [
      'PUT /api/v1/pools/G2',
      {
        name: 'Other',
        load_balance_strategy: { fixedshareratio: { value: 0.25 } },
        pools: [{ ...THREE, enabled: true }],
      },
    ],
    after: ({ groups }) => groups.flatMap((one) => one.pools as Doc[]).at(-1)?.enabled,
    is: true,
  },
  {
    name: 'setPools',
    given: { pools: [NEW_GIVEN] },
    method: 'SetPoolGroups',
    message: { ...save, pool_groups: [group([NEW])] },
    rest: ['PUT /api/v1/pools/batch', [group([NEW])]],
    after: urls,
    is: [[NEW.url]],
  },
  {
    name: 'braiins.createpoolgroup',
    given: { name: 'Third', pools: [NEW_GIVEN], quota: 3 },
    method: 'CreatePoolGroup',
    message: { ...save, group: { name: 'Third', load_balance_strategy: { quota: { value: 3 } }, pools: [NEW] } },
    rest: ['POST /api/v1/pools/', { name: 'Third', load_balance_strategy: { quota: { value: 3 } }, pools: [NEW] }],
    after: urls,
    is: [[ONE.url, TWO.url], [THREE.url], [NEW.url]],
  },
  {
    name: 'braiins.updatepoolgroup',
    given: { group: 'G1', name: 'First', sharePercent: 40 },
    method: 'UpdatePoolGroup',
    message: {
      ...save,
      group: {
        uid: 'G1',
        ...group([ONE, TWO], { name: 'First', load_balance_strategy: { fixedshareratio: { value: 0.4 } } }),
      },
    },
    rest: [
      'PUT /api/v1/pools/G1',
      group([ONE, TWO], { name: 'First', load_balance_strategy: { fixedshareratio: { value: 0.4 } } }),
    ],
    after: ({ groups }) => groups[0]?.name,
    is: 'First',
  },
  {
    name: 'braiins.removepoolgroup',
    given: { group: 'Other' },
    method: 'RemovePoolGroup',
    message: { ...save, uid: 'G2' },
    rest: ['DELETE /api/v1/pools/G2', null],
    after: urls,
    is: [[ONE.url, TWO.url]],
  },
  {
    name: 'braiins.setquota',
    given: { group: 'Default', quota: 5 },
    method: 'UpdatePoolGroup',
    message: {
      ...save,
      group: { uid: 'G1', ...group([ONE, TWO], { load_balance_strategy: { quota: { value: 5 } } }) },
    },
    rest: ['PUT /api/v1/pools/G1', group([ONE, TWO], { load_balance_strategy: { quota: { value: 5 } } })],
    after: ({ groups }) => groups[0]?.strategy,
    is: { quota: { value: 5 } },
  },
  {
    name: 'braiins.setfixedshareratio',
    given: { group: 'Default', sharePercent: 75 },
    method: 'UpdatePoolGroup',
    message: {
      ...save,
      group: { uid: 'G1', ...group([ONE, TWO], { load_balance_strategy: { fixedshareratio: { value: 0.75 } } }) },
    },
    rest: ['PUT /api/v1/pools/G1', group([ONE, TWO], { load_balance_strategy: { fixedshareratio: { value: 0.75 } } })],
    after: ({ groups }) => groups[0]?.strategy,
    is: { fixedshareratio: { value: 0.75 } },
  },
];
