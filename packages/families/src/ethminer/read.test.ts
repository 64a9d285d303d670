import { newMemory, type Reply } from '@headframe/model';
import { beforeEach, describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot-of.ts';
import { ethminer } from './index.ts';
import { readEthminer } from './read.ts';
import { type Release, TestRig } from './rig.testing.ts';
import { segmentsOf } from './scrambler.ts';

let rig: TestRig;
let memory: ReturnType<typeof newMemory>;
beforeEach(() => {
  rig = new TestRig();
  memory = newMemory();
});

async function poll(password: string | null = null) {
  const before = rig.got.length;
  const opened = rig.opened;
  const replies = await readEthminer(rig.links(password), memory);
  expect(rig.ended).toBe(rig.opened);
  return {
    replies,
    asked: rig.methods.slice(before),
    connections: rig.opened - opened,
    snapshot: snapshotOf(ethminer, replies, 'rig'),
  };
}

describe('a poll', () => {
  test('is one connection, and two requests from the second time on', async () => {
    expect((await poll()).asked).toEqual([
      'miner_getstat1',
      'miner_getstatdetail',
      'miner_getconnections',
      'miner_getscramblerinfo',
    ]);
    rig.now += 30_000;
    const second = await poll();
    expect(second).toMatchObject({ asked: ['miner_getstat1', 'miner_getstatdetail'], connections: 1 });
    expect(second.snapshot.pools).toHaveLength(2);
    expect(second.snapshot.gaps).toEqual([]);
  });

  test('asks for the list of connections again after five minutes, and when another one is in use', async () => {
    await poll();
    rig.now += 30_000;
    rig.active = 1;
    const switched = await poll();
    expect(switched.asked).toContain('miner_getconnections');
    expect(switched.snapshot.pools.map(({ active }) => active)).toEqual([false, true]);
    rig.now += 300_000;
    expect((await poll()).asked).toContain('miner_getconnections');
  });

  test('asks for the scrambler again when the nonces start elsewhere', async () => {
    expect(segmentsOf((await poll()).replies)?.startNonce).toBe(16704043538687679721n);
    rig.now += 30_000;
    // The next nonce: no floating-point number tells it from the one before.
    rig.startNonce = '16704043538687679722';
    expect(segmentsOf((await poll()).replies)?.startNonce).toBe(16704043538687679722n);
  });

  test('asks for everything again after a restart', async () => {
    await poll();
    rig.now += 300_000;
    rig.runtimeS = 10;
    rig.connections = rig.connections.slice(0, 1);
    const { asked, snapshot } = await poll();
    expect(asked).toContain('miner_getscramblerinfo');
    expect(snapshot.pools).toHaveLength(1);
  });
});

describe('releases', () => {
  const FIRST: [Release, string[]][] = [
    ['0.17.1', ['miner_getstatdetail', 'miner_getconnections', 'miner_getscramblerinfo']],
    ['0.16.1', ['miner_getstatdetail', 'miner_getstathr', 'miner_getconnections', 'miner_getscramblerinfo']],
    ['0.15.0', ['miner_getstatdetail', 'miner_getstathr', 'miner_getconnections', 'miner_getscramblerinfo']],
    ['0.14.0', ['miner_getstatdetail', 'miner_getstathr', 'miner_getconnections', 'miner_getscramblerinfo']],
  ];

  test.each(FIRST)('%s is asked what it has, and what it has not only once', async (release, methods) => {
    rig.release = release;
    const first = await poll();
    expect(first.asked).toEqual(['miner_getstat1', ...methods]);
    rig.now += 30_000;
    const second = await poll();
    expect(second.asked).toEqual(['miner_getstat1', release === '0.17.1' ? 'miner_getstatdetail' : 'miner_getstathr']);
    for (const { snapshot } of [first, second]) {
      expect(snapshot).toMatchObject({
        state: 'mining',
        identity: { firmwareVersion: release },
        minerUptimeS: 7_200,
        hashboards: [{ tempC: 61 }, { tempC: 61 }, { tempC: 61 }],
        powerW: 337.5,
      });
      expect(snapshot.gaps).toEqual([]);
    }
  });

  test('that change under us are asked anew', async () => {
    rig.release = '0.16.1';
    await poll();
    rig.release = '0.19.0';
    expect((await poll()).asked.slice(0, 2)).toEqual(['miner_getstat1', 'miner_getstatdetail']);
  });
});

describe('a password', () => {
  test('is given once a poll', async () => {
    rig.password = 'sEcret1';
    const { asked, snapshot } = await poll('sEcret1');
    expect(asked.slice(0, 4)).toEqual(['miner_getstat1', 'api_authorize', 'miner_getstat1', 'miner_getstatdetail']);
    expect(snapshot.state).toBe('mining');
  });

  test('that is not known, or wrong, is a gap that says so', async () => {
    rig.password = 'sEcret1';
    for (const [password, code, requests] of [
      [null, 'auth/required', 1],
      ['secret1', 'auth/rejected', 2],
    ] as const) {
      const { asked, snapshot } = await poll(password);
      expect(asked).toHaveLength(requests);
      expect(snapshot.gaps.find(({ path }) => path === '/hashboards')).toMatchObject({
        reason: 'denied',
        error: { code },
      });
    }
  });

  test('where none is wanted is kept back', async () => {
    expect((await poll('sEcret1')).asked).not.toContain('api_authorize');
  });
});

test('a rig that falls silent is not asked on, and nothing of the poll before is taken for new', async () => {
  await poll();
  rig.now += 30_000;
  rig.instead.set('miner_getstatdetail', null);
  const { asked, snapshot } = await poll();
  expect(asked).toEqual(['miner_getstat1', 'miner_getstatdetail']);
  expect(snapshot).toMatchObject({ state: 'unknown', hashrate: { currentHs: null }, hashboards: [] });
  expect(snapshot.gaps.find(({ path }) => path === '/state')).toMatchObject({ reason: 'failed' });
});

test.each([
  ['HTTP/1.1 400 Bad Request\n', 'protocol/malformed'],
  ['[{"id":ID}]\n', 'protocol/wrong-shape'],
  ['{"id":ID,"jsonrpc":"2.0","result":{"devices":[{\n', 'protocol/truncated'],
])('%j instead of the detail is a gap, and the rest is read', async (answer, code) => {
  rig.instead.set('miner_getstatdetail', answer);
  const { snapshot } = await poll();
  expect(snapshot.identity.firmwareVersion).toBe('0.19.0');
  expect(snapshot.pools).toHaveLength(2);
  expect(snapshot.gaps.find(({ path }) => path === '/hashboards')?.error?.code).toBe(code);
});

describe('what answers a probe', () => {
  const [probe] = ethminer.probes;
  const verdict = (doc: unknown, error: Reply['error'] = null) =>
    probe?.is({
      meta: { id: 'x', request: 'x', at: 0, ms: 0, bytes: 0, repairs: [], error: null },
      doc,
      raw: null,
      error,
    });
  const list = (version: string) => ({ result: [version, '1', '0;0;0', '0', '0;0;0', 'off', '0;0', 'p:1', '0;0;0;0'] });

  test.each([
    ['ethminer-0.19.0', true],
    ['ethminer-0.16.0.dev0+commit.41639944', true],
    ['0.14.0', true],
    ['9.3 - ETH', false],
    ['PM 5.1e - ETH', false],
  ])('with the version %s: %s', (version, is) => {
    expect(verdict(list(version))).toBe(is);
    expect(
      ethminer.identity(new Map([['ethminer:miner_getstat1', { doc: list(version) } as Reply]])).firmwareVersion,
    ).toBe(is ? version.replace('ethminer-', '') : null);
  });

  test('with anything else is not decided by it', () => {
    for (const doc of [null, {}, { result: 'pong' }, { result: null }]) expect(verdict(doc)).toBeNull();
  });

  test('with the words of its password is one', async () => {
    rig.password = 'x';
    const { replies } = await poll();
    expect(probe?.is(replies.get('miner_getstat1') as Reply)).toBe(true);
  });
});
