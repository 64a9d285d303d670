import { createMiner, type Miner } from '@headframe/client';
import type { Outcome } from '@headframe/model';
import { afterEach, describe, expect, test } from 'vitest';
import { overlappingSegments, segmentsOf } from '../packages/families/src/ethminer/index.ts';
import { RIG_PASSWORD } from '../packages/families/src/ethminer/sim.ts';
import { type Controlled, type ControlledOptions, control } from './control.testing.ts';

/* Every action through the client, on real sockets, against the simulated rig; and the rig's own state past our client. */

const running: Controlled[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function rig(name: string, options: ControlledOptions = {}): Promise<Controlled> {
  const it = await control('ethminer', name, options);
  running.push(it);
  return it;
}

const withPassword = (password: string): ControlledOptions => ({
  quirks: { password: true },
  miner: { credentials: { username: '', password } },
});

async function run(miner: Miner, name: string, given: Record<string, unknown> = {}, guarded = false): Promise<Outcome> {
  const plan = await miner.plan(name, given);
  return plan.run(guarded ? { guarded: { typedAddress: miner.address } } : {});
}

/** One method, said to the device itself on a connection of its own. */
function told(it: Controlled, method: string, password?: string): unknown {
  const talk = it.device().ethminer?.connect({ address: '10.0.0.9' }, it.now());
  const say = (request: object): { result?: unknown; error?: unknown } => {
    const reaction = talk?.receive(Buffer.from(`${JSON.stringify({ id: 7, jsonrpc: '2.0', ...request })}\n`), it.now());
    return JSON.parse(Buffer.concat(reaction?.chunks.map(({ bytes }) => bytes) ?? []).toString('utf8'));
  };
  if (password !== undefined) say({ method: 'api_authorize', params: { psw: password } });
  return say({ method }).result;
}

interface Connection {
  readonly active: boolean;
  readonly index: number;
  readonly uri: string;
}
const connections = (it: Controlled) => told(it, 'miner_getconnections') as Connection[];
const startOf = (it: Controlled) => (told(it, 'miner_getscramblerinfo') as { start_nonce: string }).start_nonce;
interface Detail {
  readonly devices: readonly { readonly mining: { readonly paused: boolean; readonly pause_reason: string | null } }[];
}
const pausedOf = (it: Controlled) =>
  (told(it, 'miner_getstatdetail') as Detail).devices.map((gpu) => gpu.mining.paused);

const ADDED = { url: 'stratum1+tcp://pool-c.example:4444', worker: '0xab.rig', password: 'pa:ss@1' };
const ADDED_URI = 'stratum1+tcp://0xab.rig:pa%3Ass%401@pool-c.example:4444';
const NONCE = '16704043538687679721';

type Case = [name: string, given: Record<string, unknown>, result: Outcome['result'], guarded?: boolean];

/** In an order in which a rig can go through them. */
const EVERY: Case[] = [
  ['ethminer.ping', {}, 'done'],
  ['switchPool', { pool: 1 }, 'done'],
  ['addPool', { pool: ADDED }, 'done'],
  ['removePool', { pool: 2 }, 'done'],
  ['disableHashboard', { hashboard: 1 }, 'done'],
  ['enableHashboard', { hashboard: 1 }, 'done'],
  ['pause', {}, 'done'],
  ['resume', {}, 'done'],
  ['ethminer.shuffle', {}, 'done'],
  ['ethminer.getscramblerinfo', {}, 'done'],
  ['ethminer.setscramblerinfo', { noncescrambler: NONCE, segmentwidth: 38 }, 'done', true],
  ['ethminer.setverbosity', { verbosity: 9 }, 'accepted-unverified'],
  ['restartMiner', {}, 'done'],
  ['reboot', {}, 'accepted-unverified'],
];

/** It takes a URI, which is that of the simulated rig. */
const BY_URI = 'ethminer.setactiveconnection';

const able = (miner: Miner): string[] =>
  miner.capabilities.filter(({ action }) => action !== null).map(({ name }) => name);

describe.each([
  ['rig-6', [BY_URI]],
  ['rig-0-18', [BY_URI]],
  ['rig-0-18-alpha-2', [BY_URI]],
  ['rig-0-17', []],
  ['rig-0-16', []],
])('%s', (name, more) => {
  test('does everything that it says it can, and it is read back', async () => {
    const it = await rig(name, { quirks: { 'reboot-script': true } });
    await it.miner.read();
    expect(new Set([...EVERY.map(([action]) => action), ...more])).toEqual(new Set(able(it.miner)));
    for (const [action, given, result, guarded] of EVERY) {
      const outcome = await run(it.miner, action, given, guarded);
      expect([action, outcome.result, outcome.result === result ? '' : outcome.why]).toEqual([action, result, '']);
      await it.pass(60_000);
    }
  });
});

describe.each([
  ['rig-0-15', ['restartMiner', 'reboot', 'ethminer.ping', 'ethminer.shuffle']],
  ['rig-0-14', ['restartMiner', 'reboot']],
])('%s', (name, has) => {
  test('has less, and says why', async () => {
    const it = await rig(name, { quirks: { 'reboot-script': true } });
    await it.miner.read();
    expect(able(it.miner)).toEqual(has);
    await expect(it.miner.plan('pause')).rejects.toMatchObject({
      code: 'support/unsupported',
      message: expect.stringContaining('0.16'),
    });
    expect((await run(it.miner, 'restartMiner')).result).toBe('done');
  });

  test('says in its own words that its port is read-only', async () => {
    const { miner } = await rig(name, { quirks: { 'read-only': true } });
    await miner.read();
    expect(await run(miner, 'restartMiner')).toMatchObject({ result: 'refused', error: { code: 'auth/writes-off' } });
  });
});

describe("the rig's own state, asked past our client", () => {
  test('has the pool in use, the one that was added, and not the one that was removed', async () => {
    const it = await rig('rig-6');
    const [first] = connections(it);
    await run(it.miner, 'addPool', { pool: ADDED });
    expect(connections(it).at(-1)).toMatchObject({ index: 2, uri: ADDED_URI, active: false });
    await run(it.miner, 'switchPool', { pool: 1 });
    expect(connections(it).map(({ active }) => active)).toEqual([false, true, false]);
    await run(it.miner, 'removePool', { pool: 0 });
    expect(connections(it).map(({ uri }) => uri)).not.toContain(first?.uri);
    expect((await it.miner.read({ fresh: true })).pools[1]).toMatchObject({
      url: 'stratum1+tcp://pool-c.example:4444',
      worker: '0xab.rig',
    });
  });

  test('connects to the pool that was named by its URI', async () => {
    const it = await rig('rig-6');
    const uri = connections(it)[1]?.uri;
    expect((await run(it.miner, BY_URI, { uri })).result).toBe('done');
    expect(connections(it)[1]?.active).toBe(true);
  });

  test('has the GPU paused, and the others not', async () => {
    const it = await rig('rig-6');
    await run(it.miner, 'disableHashboard', { hashboard: 4 });
    expect(pausedOf(it)).toEqual([false, false, false, false, true, false]);
    expect((await it.miner.read()).hashboards[4]?.state).toBe('disabled');
    await run(it.miner, 'pause');
    expect(pausedOf(it)).not.toContain(false);
    expect((await it.miner.read()).state).toBe('paused');
    await run(it.miner, 'resume');
    await it.pass(60_000);
    expect(pausedOf(it)).not.toContain(true);
    expect((await it.miner.read()).state).toBe('mining');
  });

  test('starts at the very nonce that was set, and elsewhere after a shuffle', async () => {
    const it = await rig('rig-6');
    await run(it.miner, 'ethminer.setscramblerinfo', { noncescrambler: NONCE }, true);
    expect(startOf(it)).toBe('0xe7d0af18bc235ce9');
    await run(it.miner, 'ethminer.shuffle');
    expect(startOf(it)).not.toBe('0xe7d0af18bc235ce9');
  });

  test('is not told a nonce by somebody who did not mean it', async () => {
    const it = await rig('rig-6');
    const before = startOf(it);
    const plan = await it.miner.plan('ethminer.setscramblerinfo', { noncescrambler: NONCE });
    expect(plan.preview).toContain('16704043538687679721, which is 0xe7d0af18bc235ce9');
    await expect(plan.run()).rejects.toMatchObject({ code: 'usage/not-allowed' });
    expect(startOf(it)).toBe(before);
  });
});

describe('a restart', () => {
  test('keeps the connection to the pool, and the rate comes back', async () => {
    const it = await rig('rig-6');
    const before = connections(it);
    expect((await run(it.miner, 'restartMiner')).result).toBe('done');
    expect(connections(it)).toEqual(before);
    await it.pass(300_000);
    const { state, hashboards } = await it.miner.read();
    expect(state).toBe('mining');
    // The lists of miner_getstat1 are longer now; there are six GPUs all the same.
    expect(hashboards).toHaveLength(6);
  });

  test('is seen by the rate where the lists do not grow', async () => {
    const it = await rig('rig-6', { quirks: { 'growing-lists': false } });
    expect((await run(it.miner, 'restartMiner')).result).toBe('done');
  });

  test('of the whole rig needs a script', async () => {
    const it = await rig('rig-6');
    const outcome = await run(it.miner, 'reboot');
    expect(outcome).toMatchObject({ result: 'refused', vendorText: 'false' });
    expect(outcome.why).toContain('reboot.sh');
  });
});

describe('a rig with a password', () => {
  test('is read and controlled with it', async () => {
    const it = await rig('rig-6', withPassword(RIG_PASSWORD));
    expect((await it.miner.read()).state).toBe('mining');
    expect((await run(it.miner, 'disableHashboard', { hashboard: 0 })).result).toBe('done');
    expect((told(it, 'miner_getstatdetail', RIG_PASSWORD) as Detail).devices[0]?.mining).toMatchObject({
      paused: true,
      pause_reason: 'Api request',
    });
  });

  test.each([
    ['a wrong one', withPassword('rig_01!#'), 'auth/rejected'],
    ['none', { quirks: { password: true } }, 'auth/required'],
  ])('refuses %s', async (_, options, code) => {
    const it = await rig('rig-6', options);
    await expect(it.miner.read()).rejects.toMatchObject({ code });
    await expect(it.miner.plan('pause')).rejects.toMatchObject({ code });
  });

  test('that has none is not locked by one that is given', async () => {
    const it = await rig('rig-6', { miner: { credentials: { username: '', password: RIG_PASSWORD } } });
    expect((await it.miner.read()).state).toBe('mining');
    expect((await run(it.miner, 'ethminer.shuffle')).result).toBe('done');
  });
});

test.each(['rig-6', 'rig-0-16'])('%s on a read-only port is read, and changes nothing', async (name) => {
  const it = await rig(name, { quirks: { 'read-only': true } });
  expect((await it.miner.read()).state).toBe('mining');
  for (const [action, given, , guarded] of EVERY) {
    // The pool to be removed was not added.
    const outcome = await run(it.miner, action, action === 'removePool' ? { pool: 1 } : given, guarded);
    const reads = ['ethminer.ping', 'ethminer.getscramblerinfo'].includes(action);
    // A shuffle went through before 0.18.0-rc.0 (protocols.md 5.7).
    const done = reads || (action === 'ethminer.shuffle' && name === 'rig-0-16');
    expect([action, outcome.result, outcome.error?.code]).toEqual([
      action,
      done ? 'done' : 'refused',
      done ? undefined : 'auth/writes-off',
    ]);
  }
});

test('a rig that hangs is waited for and not hammered', async () => {
  const it = await rig('rig-6', { quirks: { hung: true }, miner: { replyTimeoutMs: 200 } });
  await expect(it.miner.read()).rejects.toMatchObject({ code: 'link/timed-out-waiting' });
});

test('rigs that search the same nonces are found', async () => {
  const quirks = { 'shared-nonce': true };
  const rigs = [];
  for (const [name, options] of [
    ['a', { quirks }],
    ['b', {}],
    ['c', { quirks }],
  ] as const) {
    const { miner } = await rig('rig-6', options);
    const segments = segmentsOf(await miner.readReplies());
    if (segments !== null) rigs.push({ name, segments });
  }
  expect(rigs).toHaveLength(3);
  expect(overlappingSegments(rigs).map(({ rigs: both }) => [...both].sort())).toEqual([['a', 'c']]);
});

test('many readers at once are served, each over a connection of its own', async () => {
  const it = await rig('rig-6');
  const target = { host: '127.0.0.1', family: 'ethminer', ports: it.served.ports };
  const snapshots = await Promise.all(
    Array.from({ length: 8 }, () => createMiner(target, { clock: { now: it.now } }).read()),
  );
  expect(snapshots.map(({ state }) => state)).toEqual(Array(8).fill('mining'));
});
