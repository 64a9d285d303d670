import { Socket } from 'node:net';
import type { Snapshot } from '@headframe/model';
import { SnapshotSchema } from '@headframe/model/schema';
import { Value } from 'typebox/value';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { machine, type Values } from './braiins.testing.ts';
import { ask, type Controlled } from './control.testing.ts';

/*
 * One machine under BraiinsOS, several doors: which are gone through, what each is good for, and what is said where they
 * do not agree.
 */

afterEach(() => void vi.restoreAllMocks());

type Protocol = 'grpc' | 'http' | 'cgminer';

/** How often each port is connected to from now on; told by the sockets themselves. */
function connections(made: Controlled): (protocol: Protocol) => number {
  const tried: number[] = [];
  const { connect } = Socket.prototype;
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...given: unknown[]) {
    const [first] = given;
    const options = (Array.isArray(first) ? first[0] : first) as { port?: number };
    tried.push(Number(options.port));
    return connect.apply(this, given as Parameters<typeof connect>);
  } as typeof connect);
  return (protocol) => tried.splice(0).filter((port) => port === made.served.ports[protocol]).length;
}

const hole = (over: Protocol) => ({ kind: 'black-hole', over }) as const;

async function one(name: string, quirks: Readonly<Record<string, boolean>> = {}): Promise<Controlled> {
  return machine(name, { quirks, miner: { connectTimeoutMs: 150 } });
}

/** The ids of the replies of this poll that have something in them. */
const told = (snapshot: Snapshot): string[] =>
  snapshot.replies.filter(({ error, bytes }) => error === null && bytes > 0).map(({ id }) => id);

const failed = (snapshot: Snapshot) => snapshot.gaps.filter(({ reason }) => reason === 'failed' || reason === 'denied');

describe('a machine of 26.05 with all its doors', () => {
  test('is read by gRPC and 4028 together: each tells what only it knows', async () => {
    const made = await one('s19j-pro-26.05');
    const snapshot = await made.miner.read();
    expect([...Value.Errors(SnapshotSchema, snapshot)]).toEqual([]);
    expect(failed(snapshot)).toEqual([]);
    expect(snapshot.disagreements ?? []).toEqual([]);
    expect(told(snapshot)).toEqual(expect.arrayContaining(['grpc:MinerService.GetMinerStats', 'devs']));
    expect(told(snapshot).some((id) => id.startsWith('rest:'))).toBe(false);
    // Of gRPC alone.
    expect(snapshot.identity).toMatchObject({
      firmware: 'braiins-os',
      firmwareVersion: '26.05',
      hostname: 'miner-29d2cc',
    });
    expect(snapshot.hashboards.map(({ serial }) => serial).every((serial) => serial !== null)).toBe(true);
    // Of 4028 alone.
    const devs = ask(made.device(), made.now(), 'devs').DEVS as Values[];
    expect(snapshot.hashboards.map(({ hardwareErrors }) => hardwareErrors)).toEqual(
      devs.map((dev) => dev['Hardware Errors']),
    );
  });

  test.each<[closed: ('grpc' | 'http')[], by: string]>([
    [['grpc'], 'rest:miner/stats'],
    [['grpc', 'http'], 'summary'],
  ])('is still read where %s drop what comes, and does not pay for it again', async (closed, by) => {
    const made = await one('s19j-pro-26.05');
    await made.served.setFaults(closed.map(hole));
    const tried = connections(made);
    const first = await made.miner.read();
    expect(tried('grpc')).toBeGreaterThan(0);
    expect(told(first)).toContain(by);
    expect(first.state).toBe('mining');
    expect(first.hashrate.currentHs).toBeGreaterThan(1e14);

    await made.pass(10_000);
    const second = await made.miner.read();
    const tries = { grpc: 0, http: 0 };
    for (const protocol of closed) tries[protocol] = tried(protocol);
    expect(tries).toEqual({ grpc: 0, http: 0 });
    expect(told(second)).toContain(by);

    // A while later it may be open.
    await made.served.setFaults([]);
    await made.pass(301_000);
    const third = await made.miner.read();
    expect(told(third)).toContain('grpc:MinerService.GetMinerStats');
  });

  test('of which 4028 alone is open shows what that tells, and why the rest is missing', async () => {
    const made = await one('s19j-pro-26.05');
    await made.served.setFaults([hole('grpc'), hole('http')]);
    const snapshot = await made.miner.read();
    expect(snapshot.identity).toMatchObject({ model: 'Antminer S19j Pro', mac: null, hostname: null });
    expect(snapshot.pools.map(({ url }) => url)).toEqual([
      'stratum+tcp://pool.example.com:3333',
      'stratum+tcp://backup.example.com:3333',
    ]);
    expect(snapshot.powerW).toBe(3183);
    const mac = snapshot.gaps.find(({ path }) => path === '/identity/mac');
    expect(mac?.error?.code).toBe('link/timed-out-connecting');
  });

  test('of which gRPC alone is open is read by it', async () => {
    const made = await one('s19j-pro-26.05');
    await made.served.setFaults([
      { kind: 'refuse', over: 'cgminer' },
      { kind: 'refuse', over: 'http' },
    ]);
    const snapshot = await made.miner.read();
    expect(snapshot).toMatchObject({ state: 'mining', powerLimitW: 3068, powerBasis: 'estimated' });
    expect(snapshot.hashboards.map(({ chipsWorking }) => chipsWorking)).toEqual([126, 126, 126]);
  });
});

test('gRPC and REST of one machine give the same reading, but for what names the door', async () => {
  const bare = ({ replies: _, gaps, address: __, identity, ...values }: Snapshot) => ({
    ...values,
    identity: { ...identity, apiVersion: null },
    gaps: gaps.map(({ path }) => path),
  });
  const open = await one('s19-26.04');
  const overGrpc = await open.miner.read();
  await open.close();
  const filtered = await one('s19-26.04');
  await filtered.served.setFaults([hole('grpc')]);
  const overRest = await filtered.miner.read();
  expect(told(overGrpc)).toContain('grpc:MinerService.GetMinerStats');
  expect(told(overRest)).toContain('rest:miner/stats');
  expect(bare(overRest)).toEqual(bare(overGrpc));
});

test('without a password a machine of 25.07 tells what 4028 tells, and the rest is denied', async () => {
  const made = await machine('s19-xp-25.07', { miner: { credentials: () => null } });
  const snapshot = await made.miner.read();
  expect(snapshot.identity).toMatchObject({ model: 'Antminer S19 XP', apiVersion: '1.7.0' });
  expect(snapshot.state).toBe('mining');
  const mac = snapshot.gaps.find(({ path }) => path === '/identity/mac');
  expect(mac).toMatchObject({ reason: 'denied', error: { code: 'auth/required' } });
});

describe('a machine of GraphQL', () => {
  test.each(['s9-21.09', 's9-22.08', 's19j-pro-23.12', 's21-24.09', 's21-plus-25.03'])(
    '%s is read without a login, but for its MAC address',
    async (name) => {
      const made = await machine(name, { miner: { credentials: () => null } });
      const snapshot = await made.miner.read();
      expect(told(snapshot)).toEqual(expect.arrayContaining(['gql:miner', 'gql:boards', 'summary']));
      expect(failed(snapshot).filter(({ path }) => path !== '/identity/mac')).toEqual([]);
      expect(snapshot.disagreements ?? []).toEqual([]);
      expect(snapshot.state).toBe('mining');
    },
  );
});

/** Port 4028 says something else than it knows. */
function lies(made: Controlled, change: (text: string) => string): void {
  const { cgminer } = made.device();
  if (cgminer === undefined) throw new Error('no port 4028');
  const { receive } = cgminer;
  vi.spyOn(cgminer, 'receive').mockImplementation((...given) => {
    const reaction = receive(...given);
    const chunks = reaction.chunks.map((chunk) => ({
      ...chunk,
      bytes: Buffer.from(change(Buffer.from(chunk.bytes).toString())),
    }));
    return { ...reaction, chunks };
  });
}

describe('where two doors disagree the newer API is believed, and it is said', () => {
  test.each([
    ['"PowerLimit":3068', '"PowerLimit":2000', '/powerLimitW', 3068, 2000],
    [
      'stratum+tcp://backup.example.com:3333',
      'stratum+tcp://thief.example.com:3333',
      '/pools/1/url',
      'stratum+tcp://backup.example.com:3333',
      'stratum+tcp://thief.example.com:3333',
    ],
    ['"Chips":126', '"Chips":125', '/hashboards/0/chipsWorking', 126, 125],
  ])('%s there is %s on 4028', async (says, instead, path, believed, other) => {
    const made = await one('s19j-pro-26.05');
    lies(made, (text) => text.replace(says, instead));
    const snapshot = await made.miner.read();
    expect(snapshot.disagreements).toEqual([
      {
        path,
        believed: { reply: expect.stringMatching(/^grpc:/), value: believed },
        other: { reply: expect.stringMatching(/^[a-z]+$/), value: other },
        why: expect.stringMatching(/\w+ \w+/),
      },
    ]);
    expect([...Value.Errors(SnapshotSchema, snapshot)]).toEqual([]);
  });

  test('a rate that is half there', async () => {
    const made = await one('s19j-pro-26.05');
    lies(made, (text) =>
      text.replace(/"MHS (?!av)([^"]*)":(\d+)/g, (_, name, rate) => `"MHS ${name}":${Number(rate) >> 1}`),
    );
    const { disagreements } = await made.miner.read();
    expect(disagreements?.map(({ path }) => path)).toEqual([expect.stringMatching(/^\/hashrate\/windows\/\d+\/hs$/)]);
  });

  test('a machine that 4028 shows at rest', async () => {
    const made = await one('s19j-pro-26.05');
    lies(made, (text) => text.replaceAll('"Status":"Stable"', '"Status":"Tuner paused"'));
    const snapshot = await made.miner.read();
    expect(snapshot.state).toBe('mining');
    expect(snapshot.disagreements).toEqual([
      expect.objectContaining({ path: '/state', other: { reply: 'tunerstatus', value: 'paused' } }),
    ]);
  });
});

describe('odd replies', () => {
  test('a firmware that is newer than every contract is read, and what is new is said', async () => {
    const known = await (await one('s19j-pro-26.05')).miner.read();
    const made = await one('s19j-pro-26.05', { 'newer-firmware': true });
    const snapshot = await made.miner.read();
    expect(failed(snapshot)).toEqual([]);
    expect(snapshot.hashboards).toEqual(known.hashboards);
    expect(snapshot.pools).toEqual(known.pools);
    expect(snapshot.identity.controlBoard).toContain('77');
    expect(snapshot.faults.filter(({ code }) => code === 'vendor.unmapped').map(({ severity }) => severity)).toContain(
      'info',
    );
    expect([...Value.Errors(SnapshotSchema, snapshot)]).toEqual([]);
  });

  test('fields of another wire type: what can be read is read', async () => {
    const made = await one('s19j-pro-26.05', { 'wrong-types': true });
    const snapshot = await made.miner.read();
    expect(snapshot.state).toBe('mining');
    expect(snapshot.hashrate.currentHs).toBeGreaterThan(1e14);
    expect(snapshot.pools.length).toBe(2);
    expect([...Value.Errors(SnapshotSchema, snapshot)]).toEqual([]);
  });

  test('errors of GraphQL beside the data: the part that came is read', async () => {
    const made = await one('s21-plus-25.03', { 'graphql-errors-beside-data': true });
    await made.served.setFaults([hole('grpc')]);
    const snapshot = await made.miner.read();
    expect(snapshot.state).toBe('mining');
    expect([...Value.Errors(SnapshotSchema, snapshot)]).toEqual([]);
  });
});
