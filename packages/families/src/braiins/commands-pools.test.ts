import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { BraiinsDouble } from './double.testing.ts';
import { errorOf, perform, prepare } from './perform.testing.ts';
import type { Doc } from './wire.testing.ts';

const sentPools = (machine: BraiinsDouble): Doc[] =>
  machine.writes.slice(0, 1).flatMap(({ message }) => (message.group as Doc).pools as Doc[]);

describe('a machine that tells no passwords', () => {
  const silent = (): BraiinsDouble => {
    const machine = new BraiinsDouble();
    // As a capture of 25.07 has it.
    machine.alters.set('GetMinerConfiguration', (reply) => ({ ...reply, pool_groups: [] }));
    return machine;
  };

  test('gets its pools back without them, which is said', async () => {
    const machine = silent();
    const { prepared } = await perform(machine, 'switchPool', { pool: 1 });
    expect(sentPools(machine).map(({ password }) => password)).toEqual([undefined, undefined]);
    expect(prepared.notes?.join('\n')).toContain(
      'It tells no password of stratum+tcp://two.example:3333 (farm.b), stratum+tcp://one.example:3333 (farm.a)',
    );
  });

  test('and no uid of its groups either gets all of them at once', async () => {
    const machine = silent();
    machine.alters.set('GetPoolGroups', ({ pool_groups }) => ({
      pool_groups: (pool_groups as Doc[]).map(({ uid: _, ...group }) => group),
    }));
    const { seen } = await perform(machine, 'disablePool', { pool: 0 });
    const { method, message } = machine.writes[0] ?? {};
    expect(method).toBe('SetPoolGroups');
    const groups = message?.pool_groups as Doc[];
    const pools = groups.flatMap((group) => group.pools as Doc[]);
    expect(groups.map(({ uid, name, load_balance_strategy }) => [uid, name, load_balance_strategy])).toEqual([
      [undefined, 'Default', { quota: { value: 1 } }],
      [undefined, 'Other', { fixedshareratio: { value: 0.25 } }],
    ]);
    expect(pools[0]).toEqual({
      url: 'stratum+tcp://one.example:3333',
      user: 'farm.a',
      enabled: false,
    });
    expect(seen?.done).toBe(true);
  });
});

test('a machine that tells the uid of a group in its configuration only gets that group', async () => {
  const machine = new BraiinsDouble();
  machine.alters.set('GetPoolGroups', ({ pool_groups }) => ({
    pool_groups: (pool_groups as Doc[]).map(({ uid: _, ...group }) => group),
  }));
  await perform(machine, 'removePool', { pool: 1 });
  expect(machine.writes[0]).toMatchObject({ method: 'UpdatePoolGroup', message: { group: { uid: 'G1' } } });
});

test('a pool that was changed since the machine was configured gets no password of another', async () => {
  const machine = new BraiinsDouble();
  machine.alters.set('GetPoolGroups', ({ pool_groups }) => {
    const moved = (pool: Doc) => (pool.uid === 'P1' ? { ...pool, url: 'stratum+tcp://else.example:3333' } : pool);
    return {
      pool_groups: (pool_groups as Doc[]).map((group) => ({ ...group, pools: (group.pools as Doc[]).map(moved) })),
    };
  });
  await perform(machine, 'disablePool', { pool: 1 });
  expect(sentPools(machine).map(({ password }) => password)).toEqual([undefined, 'x']);
});

test('before contract 1.7 a pool that is written back has no uid', async () => {
  const machine = new BraiinsDouble();
  machine.alters.set('GetApiVersion', () => ({ major: 1, minor: 6, patch: 0 }));
  await perform(machine, 'switchPool', { pool: 1 });
  expect(sentPools(machine).map(({ uid }) => uid)).toEqual([undefined, undefined]);
});

describe('before 24.06, when all groups could not be set at once', () => {
  const POOLS = [{ url: 'stratum+tcp://a.example:1', worker: 'w', password: 'pw' }];
  const older = (): BraiinsDouble => {
    const machine = new BraiinsDouble();
    machine.alters.set('GetApiVersion', () => ({ major: 1, minor: 1, patch: 0 }));
    return machine;
  };

  test('a machine gets its pools in its first group, and its other groups are removed', async () => {
    const machine = older();
    const { seen } = await perform(machine, 'setPools', { pools: POOLS });
    expect(machine.writes.map(({ method, message }) => [method, message.uid ?? (message.group as Doc).uid])).toEqual([
      ['UpdatePoolGroup', 'G1'],
      ['RemovePoolGroup', 'G2'],
    ]);
    expect(sentPools(machine)).toEqual([
      { url: 'stratum+tcp://a.example:1', user: 'w', password: 'pw', enabled: true },
    ]);
    expect(seen?.done).toBe(true);
  });

  test('a machine without a group is asked all the same', async () => {
    const machine = older();
    machine.state.groups = [];
    await perform(machine, 'setPools', { pools: POOLS });
    expect(machine.writes.map(({ method }) => method)).toEqual(['SetPoolGroups']);
  });
});

test('a machine without pools gets its first group', async () => {
  const machine = new BraiinsDouble();
  machine.state.groups = [];
  const { seen } = await perform(machine, 'addPool', { pool: 'stratum+tcp://a.example:1,w,pw' });
  expect(machine.writes[0]?.message.pool_groups).toEqual([
    {
      name: 'Default',
      load_balance_strategy: { quota: { value: 1 } },
      pools: [{ url: 'stratum+tcp://a.example:1', user: 'w', password: 'pw', enabled: true }],
    },
  ]);
  expect(seen?.done).toBe(true);
});

test('a pool goes into the group that is named', async () => {
  const machine = new BraiinsDouble();
  await perform(machine, 'addPool', { pool: 'stratum+tcp://a.example:1,w', group: 'Other' });
  expect(machine.state.groups.map(({ pools }) => (pools as Doc[]).length)).toEqual([2, 2]);
});

test('a preferred pool that was disabled is enabled', async () => {
  const machine = new BraiinsDouble();
  await perform(machine, 'switchPool', { pool: 2 });
  expect(machine.writes[0]?.message.group).toMatchObject({ uid: 'G2', pools: [{ uid: 'P3', enabled: true }] });
});

describe('where only port 4028 is open', () => {
  const narrow = (): BraiinsDouble => {
    const machine = new BraiinsDouble();
    Object.assign(machine.open, { grpc: false, rest: false });
    return machine;
  };

  test('its own pool commands are taken, which is said', async () => {
    const machine = narrow();
    const prepared = await prepare(machine.links(), 'disablePool', { pool: 1 });
    expect(prepared.steps.map((step) => step.request('').shown)).toEqual(['{"command":"disablepool","parameter":"1"}']);
    expect(prepared.notes?.join('\n')).toContain('documented as working in part');
    expect(prepared.notes?.join('\n')).toContain('lost when the miner restarts');
  });

  test('no group can be named', async () => {
    const error = await errorOf(() =>
      prepare(narrow().links(), 'addPool', { pool: 'stratum+tcp://a.example:1,w', group: 'Other' }),
    );
    expect(error.message).toContain('cannot name a group');
  });

  test.each(['pause', 'resume'] as const)('it can %s all the same', async (name) => {
    const machine = narrow();
    if (name === 'resume') machine.mhs = 0;
    const { shown, seen } = await perform(machine, name);
    expect(shown).toEqual([`{"command":"${name}"}`]);
    expect(seen).toEqual({ done: true, values: { mhs: name === 'pause' ? 0 : 100_000_000 } });
  });

  test('a pause that changes nothing is not done', async () => {
    const machine = narrow();
    machine.lies.add('pause');
    expect((await perform(machine, 'pause')).seen?.done).toBe(false);
  });

  test('nothing else can be changed', async () => {
    const error = await errorOf(() => prepare(narrow().links(), 'setPowerLimit', { powerW: 2000 }));
    expect(error.code).toBe('link/refused');
  });
});

test('without a login a machine is paused over port 4028, and its pools are left alone', async () => {
  const machine = new BraiinsDouble();
  const prepared = await prepare(machine.links(null), 'pause');
  expect(prepared.steps.map((step) => step.request('').shown)).toEqual(['{"command":"pause"}']);
  const error = await errorOf(() => prepare(machine.links(null), 'removePool', { pool: 0 }));
  expect(error.code).toBe('auth/required');
});

test('a machine whose port 50051 is filtered is changed over REST', async () => {
  const machine = new BraiinsDouble();
  machine.fails.set('GetApiVersion', () =>
    machine.heard.at(-1)?.door === 'grpc' ? new HeadframeError('link/timed-out-connecting') : undefined,
  );
  const { shown } = await perform(machine, 'locate', { on: true });
  expect(shown).toEqual(['PUT /api/v1/actions/locate\ntrue']);
});

test('what a newer firmware has of a pool and its group is written back as it is', async () => {
  const machine = new BraiinsDouble();
  machine.open.grpc = false;
  machine.alters.set('GetMinerConfiguration', (reply) => ({
    ...reply,
    pool_groups: (reply.pool_groups as Doc[]).map((group) => ({
      ...group,
      region: 'north',
      pools: (group.pools as Doc[]).map((pool) => ({ ...pool, tls: { pinned: true } })),
    })),
  }));
  await perform(machine, 'disablePool', { pool: 2 });
  expect(machine.requests.at(-2)).toEqual({
    line: 'PUT /api/v1/pools/G2',
    body: {
      region: 'north',
      name: 'Other',
      load_balance_strategy: { fixedshareratio: { value: 0.25 } },
      pools: [
        {
          tls: { pinned: true },
          uid: 'P3',
          url: 'stratum+tcp://three.example:443',
          user: 'farm.c',
          password: 'pw3',
          enabled: false,
        },
      ],
    },
  });
});

test('what a newer firmware has of a cooling mode stays in it', async () => {
  const machine = new BraiinsDouble();
  machine.open.grpc = false;
  machine.state.cooling = { mode: { auto: { target_temperature: { degree_c: 60 }, quiet_hours: [22, 6] } } };
  await perform(machine, 'setTemperatureTarget', { targetC: 55 });
  expect(machine.state.cooling).toEqual({
    mode: { auto: { target_temperature: { degree_c: 55 }, quiet_hours: [22, 6] } },
  });
});
