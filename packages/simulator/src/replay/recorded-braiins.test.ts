import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bytes, Client, hex, messagesIn } from '../grpc-client.testing.ts';
import { loadCapture } from './capture.ts';
import { recordedCalls, recordedPages } from './recorded-braiins.ts';
import { type Replay, type ReplayOptions, serveReplay } from './serve-replay.ts';

/* Names and field numbers are those of the interface table and protocols.md 7.2 and 7.3; the values are made up. */

const V1 = 'braiins.bos.v1';
const VERSION = 'braiins.bos.ApiVersionService/GetApiVersion';
const LOGIN = `${V1}.AuthenticationService/Login`;
const STATS = `${V1}.MinerService/GetMinerStats`;
const STATUS = `${V1}.MinerService/GetMinerStatus`;

const REPLIES: Readonly<Record<string, string>> = {
  // major 1, minor 11, then a patch of 0 as no server would write it: the last byte is a NUL.
  [VERSION]: '0801100b1800',
  // It ends with what closes a line elsewhere.
  [STATS]: '0a020a0a',
  [STATUS]: '0802',
};
/** username `root`, password `hunter2`. */
const RIGHT = `0a04${hex(Buffer.from('root'))}1207${hex(Buffer.from('hunter2'))}`;
/** token 1 `replayed`, timeout_s 2: 3600. */
const TOKEN = `0a08${hex(Buffer.from('replayed'))}10901c`;

const PAGES: Readonly<Record<string, string>> = {
  '/api/v1/miner/stats': '{"power_stats":{"approximated_consumption":{"watt":3210}}}',
  '/api/v1/version/': '{"major":1,"minor":2,"patch":0}',
  '/graphql pools': '{"data":{"bosminer":null}}',
};

const VERSION_4028 =
  '{"STATUS":[{"STATUS":"S","When":5,"Code":22,"Msg":"BOSer versions","Description":"BOSer 25.07"}],"VERSION":[{"API":"3.7","BOSer":"25.07"}],"id":1}';

/** A folder as `headframe record` writes one. */
async function replayed(options: ReplayOptions = {}): Promise<Replay> {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const requests: object[] = [];
  const add = (over: string, ask: string, body: Buffer) => {
    const raw = `${requests.length}.raw`;
    writeFileSync(join(folder, raw), body);
    requests.push({ over, ask, raw });
  };
  for (const [method, message] of Object.entries(REPLIES)) add('grpc', method, bytes(message));
  for (const [path, body] of Object.entries(PAGES)) add('http', path, Buffer.from(body));
  add('cgminer', 'version', Buffer.from(`${VERSION_4028}\0`));
  writeFileSync(join(folder, 'recording.json'), JSON.stringify({ requests }));
  const served = await serveReplay(loadCapture(folder), { clock: { now: () => 7000 }, ...options });
  onTestFinished(() => served.close());
  return served;
}

async function ask(client: Client, method: string, message = '', token?: string) {
  const metadata = token === undefined ? {} : { authorization: token };
  const { body, headers, trailers } = await client.call(method, bytes(message), metadata);
  return { said: messagesIn(body), status: trailers?.['grpc-status'] ?? headers['grpc-status'] };
}

describe('a replayed BraiinsOS', () => {
  test('is known by its replies, and has the doors that were recorded', async () => {
    const { ports, missing } = await replayed();
    expect(Object.keys(ports).sort()).toEqual(['cgminer', 'grpc', 'http']);
    expect(missing).not.toContain('api:stats');
    expect(missing).toContain('api:hashboards');
  });

  test('says over gRPC what was recorded, byte for byte, and not more', async () => {
    const { ports } = await replayed();
    const client = new Client(ports.grpc ?? 0);
    expect(await ask(client, VERSION)).toEqual({ said: ['0801100b1800'], status: '0' });
    expect(await ask(client, STATS)).toEqual({ said: ['0a020a0a'], status: '0' });
    // A stream of which the first message was kept ends behind it.
    expect(await ask(client, STATUS)).toEqual({ said: ['0802'], status: '0' });
    expect(await ask(client, `${V1}.ActionsService/Reboot`)).toEqual({ said: [], status: '12' });
    expect(await ask(client, LOGIN)).toEqual({ said: [TOKEN], status: '0' });
  });

  test('wants the token of a login where it has a password, but not for the version of its API', async () => {
    const { ports } = await replayed({ password: 'hunter2' });
    const client = new Client(ports.grpc ?? 0);
    expect(await ask(client, VERSION)).toEqual({ said: ['0801100b1800'], status: '0' });
    expect(await ask(client, STATS)).toEqual({ said: [], status: '16' });
    expect(await ask(client, STATS, '', 'Bearer replayed')).toEqual({ said: [], status: '16' });
    for (const wrong of ['', RIGHT.slice(0, -2), RIGHT.replace('726f6f74', '726f6f75'), `${RIGHT}12`]) {
      expect(await ask(client, LOGIN, wrong)).toMatchObject({ said: [] });
    }
    expect(await ask(client, LOGIN, RIGHT)).toEqual({ said: [TOKEN], status: '0' });
    expect(await ask(client, STATS, '', 'replayed')).toEqual({ said: ['0a020a0a'], status: '0' });
  });

  test('has its pages behind the same login, and GraphQL without one', async () => {
    const { ports } = await replayed({ password: 'hunter2' });
    const page = async (path: string, request: RequestInit = {}) => {
      const reply = await fetch(`http://127.0.0.1:${ports.http}${path}`, request);
      return [reply.status, await reply.text()];
    };
    const post = (path: string, body: object) => page(path, { method: 'POST', body: JSON.stringify(body) });
    const authorization = 'replayed';
    expect(await page('/api/v1/miner/stats')).toEqual([401, expect.any(String)]);
    expect(await page('/api/v1/version/')).toEqual([200, PAGES['/api/v1/version/']]);
    expect((await post('/api/v1/auth/login', { username: 'root', password: '' }))[0]).toBe(401);
    expect(await post('/api/v1/auth/login', { username: 'root', password: 'hunter2' })).toEqual([
      200,
      '{"token":"replayed","timeout_s":3600}',
    ]);
    expect(await page('/api/v1/miner/stats?x=1', { headers: { authorization } })).toEqual([
      200,
      PAGES['/api/v1/miner/stats'],
    ]);
    expect((await page('/api/v1/miner/stats', { method: 'PUT', headers: { authorization } }))[0]).toBe(404);
    expect((await page('/api/v1/miner/errors', { headers: { authorization } }))[0]).toBe(404);
    expect(await post('/graphql', { query: '{a}', operationName: 'pools' })).toEqual([200, PAGES['/graphql pools']]);
    for (const other of [{ operationName: 'boards' }, { query: 'mutation { x }' }, {}]) {
      const [status, body] = await post('/graphql', other);
      expect([status, JSON.parse(String(body))]).toEqual([
        200,
        { data: null, errors: [{ message: expect.any(String) }] },
      ]);
    }
  });
});

test('whatever is sent as a login or as a request, a replayed BraiinsOS answers', () => {
  const doors = { recorded: () => undefined, password: 'hunter2' };
  const calls = recordedCalls(50051, [STATS], doors);
  const peer = { address: '127.0.0.1' };
  fc.assert(
    fc.property(fc.constantFrom(LOGIN, STATS), fc.uint8Array({ maxLength: 64 }), (method, message) => {
      expect(calls.open(method, {}, peer, 0).receive(message, 0).status?.code).toBe(16);
      for (const path of ['/graphql', '/api/v1/auth/login', '/api/v1/miner/stats', '/api/v1/%']) {
        const reply = recordedPages({ method: 'POST', path, headers: {}, body: message }, doors);
        expect([200, 401]).toContain(reply?.status);
      }
    }),
    { seed: 50051, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
