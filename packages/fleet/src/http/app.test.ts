import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IncidentList, type MinerList, type MinerRecord, PATHS, SCHEMAS, TOKEN_HEADER } from '@headframe/api';
import { HeadframeError } from '@headframe/model';
import type { FastifyInstance } from 'fastify';
import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFleetState } from '../daemon.ts';
import { SCHEDULE_DEFAULTS } from '../domain/schedule.ts';
import { aSnapshot, DoctorDouble, ManualClock, PollerDouble, refuses, START, target } from '../doubles.testing.ts';
import { createApp } from './app.ts';

const headers = { host: '127.0.0.1:4280' };

let clock: ManualClock;
let poller: PollerDouble;
let app: FastifyInstance;
let stops: number;
let mistakes: HeadframeError[];
let folder: string;

async function appFor(listenHost = '127.0.0.1', pageDirectory: string | null = null): Promise<FastifyInstance> {
  const state = createFleetState({
    version: '1.2.3',
    targets: [],
    scanRanges: [],
    schedule: SCHEDULE_DEFAULTS,
    deadlineMs: 8_000,
    clock,
    poller,
    scanner: { scan: async function* () {} },
    doctor: new DoctorDouble(),
    log: null,
  });
  for (const [address] of poller.machines) state.loop.add(target(address, { simulated: address.startsWith('127.') }));
  await clock.advance(4_000);
  return createApp({
    ...state,
    version: '1.2.3',
    listenHost,
    token: 'the-token',
    pageDirectory,
    health: () => ({ pid: 77, version: '1.2.3', startedAt: START, address: '127.0.0.1:4280' }),
    requestStop: () => stops++,
    onMistake: (error) => mistakes.push(error),
  });
}

/** The schemas refer to each other by name. */
const conforms = (name: keyof typeof SCHEMAS, value: unknown): boolean => {
  const context = Object.fromEntries(Object.entries(SCHEMAS).map(([key, schema]) => [`${key}#`, schema]));
  return Value.Check(context, SCHEMAS[name], value);
};

beforeEach(async () => {
  clock = new ManualClock();
  poller = new PollerDouble(clock);
  stops = 0;
  mistakes = [];
  folder = mkdtempSync(join(tmpdir(), 'headframe-'));
  poller.machines.set('127.0.0.1', () => aSnapshot({ address: '127.0.0.1' }));
  poller.machines.set('10.0.0.2', refuses);
  poller.machines.set('10.0.0.3', () => {
    throw new HeadframeError('protocol/malformed', { address: '10.0.0.3', firstBytes: '\\x00\\xff<html>' });
  });
  app = await appFor();
});

afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const get = (url: string, more: Record<string, string> = {}) => app.inject({ url, headers: { ...headers, ...more } });

describe('an examination over HTTP', () => {
  const ask = (payload: object) => app.inject({ method: 'POST', url: PATHS.examinations, headers, payload });

  test('tells of a machine of the fleet or of a private network what the doctor found', async () => {
    const reply = await ask({ address: '10.0.4.99' });
    expect(reply.statusCode).toBe(200);
    expect(conforms('DiagnosisRecord', reply.json())).toBe(true);
    expect(reply.json()).toMatchObject({ urgency: 'hashing-but-deaf', verdicts: [{ code: 'api.not-listening' }] });
  });

  test('of a machine of the fleet is asked by its id or its address', async () => {
    const { miners } = (await get(PATHS.miners)).json<MinerList>();
    const { id, address } = miners.find(({ address }) => address === '10.0.0.2') ?? { id: '', address: '' };
    expect((await ask({ address: id })).json().address).toBe(address);
    expect((await ask({ address })).json().address).toBe(address);
  });

  test('of loopback is for those who sit at the computer of the daemon', async () => {
    const from = (remoteAddress: string) =>
      app.inject({
        method: 'POST',
        url: PATHS.examinations,
        headers,
        payload: { address: '127.0.0.1:22' },
        remoteAddress,
      });
    expect([(await from('127.0.0.1')).statusCode, (await from('10.0.0.77')).statusCode]).toEqual([200, 403]);
  });

  test('never goes to an address that is public', async () => {
    const reply = await ask({ address: '8.8.8.8' });
    expect([reply.statusCode, reply.json().code]).toEqual([403, 'usage/not-allowed']);
  });

  test.each([{}, { address: '' }, { address: {} }, { address: 'x'.repeat(301) }, { address: '10.0.0.1', more: true }])(
    'asked with %j is refused',
    async (payload) => {
      expect((await ask(payload)).statusCode).toBe(400);
    },
  );
});

describe('the incidents over HTTP', () => {
  const incidents = async () => (await get(PATHS.incidents)).json<IncidentList>();
  const ask = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: PATHS.incidents, headers: { ...headers, 'content-type': type }, payload });

  test('are none before anybody asked; then all that do not answer are examined, each cause once', async () => {
    expect(await incidents()).toMatchObject({ silent: 2, startedAt: null, incidents: [] });
    const reply = await ask('{}');
    expect([reply.statusCode, reply.json()]).toMatchObject([202, { silent: 2, total: 2 }]);
    for (let i = 0; i < 1_000 && (await incidents()).endedAt === null; i++);
    const found = await incidents();
    expect(conforms('IncidentList', found)).toBe(true);
    expect(found).toMatchObject({ done: 2, well: 0, failed: [] });
    expect(found.incidents.map(({ code, addresses }) => [code, addresses])).toEqual([
      ['api.not-listening', ['10.0.0.2', '10.0.0.3']],
    ]);
    const [first] = found.incidents[0]?.machines ?? [];
    expect((await get(`${PATHS.miners}/${first?.id}`)).json<MinerRecord>().row.address).toBe(first?.address);
  });

  test.each([
    ['', 'application/json'],
    ['{"more":true}', 'application/json'],
    ['[]', 'application/json'],
    // What a web page from anywhere can send without being asked whether it may.
    ['{}', 'text/plain'],
    ['', 'text/plain'],
    ['a=b', 'application/x-www-form-urlencoded'],
  ])('asked with %j as %s begin nothing', async (payload, type) => {
    expect((await ask(payload, type)).statusCode).toBeGreaterThanOrEqual(400);
    expect((await incidents()).startedAt).toBeNull();
  });
});

describe('reading the fleet', () => {
  test('the list has a row for each machine, whether it answers or not', async () => {
    const reply = await get(PATHS.miners);
    expect(reply.statusCode).toBe(200);
    const list: MinerList = reply.json();
    expect(list.miners.map(({ address, link, state }) => ({ address, link, state }))).toEqual([
      { address: '127.0.0.1', link: 'ok', state: 'mining' },
      { address: '10.0.0.2', link: 'never-answered', state: 'unknown' },
      { address: '10.0.0.3', link: 'failing', state: 'unknown' },
    ]);
    expect(list.totals).toMatchObject({
      machines: 3,
      simulated: 1,
      sick: 2,
      hashrateHs: 110e12,
      powerW: 3250,
      powerKnown: 1,
      byState: { mining: 1, unknown: 2 },
      byLink: { ok: 1, 'never-answered': 1, failing: 1 },
      scan: null,
    });
    expect(list.snapshots).toBeUndefined();
    expect(conforms('MinerList', list)).toBe(true);
    expect(conforms('MinerList', { ...list, miners: [{ ...list.miners[0], state: 'melting' }] })).toBe(false);
  });

  test('snapshots come on request', async () => {
    const list: MinerList = (await get(`${PATHS.miners}?snapshots=true`)).json();
    expect(Object.values(list.snapshots ?? {}).map(({ address }) => address)).toEqual(['127.0.0.1']);
    expect(conforms('MinerList', list)).toBe(true);
  });

  test('the record of a device that answers garbage has the first bytes of what it said', async () => {
    const list: MinerList = (await get(PATHS.miners)).json();
    const id = list.miners.find(({ address }) => address === '10.0.0.3')?.id;
    const record: MinerRecord = (await get(`${PATHS.miners}/${id}`)).json();
    expect(record.lastError).toMatchObject({ code: 'protocol/malformed', firstBytes: '\\x00\\xff<html>' });
    expect(record.snapshot).toBeNull();
    expect(record.statistics).toMatchObject({ polls: 1, failures: 1, consecutiveFailures: 1 });
    expect(record.statistics.nextPollAt).toBeGreaterThan(record.at);
    expect(conforms('MinerRecord', record)).toBe(true);
  });

  test('the record of a machine that answers has its whole snapshot', async () => {
    const list: MinerList = (await get(PATHS.miners)).json();
    const id = list.miners.find(({ address }) => address === '127.0.0.1')?.id;
    const record: MinerRecord = (await get(`${PATHS.miners}/${id}`)).json();
    expect(record.snapshot?.hashboards).toHaveLength(2);
    expect(record.row.simulated).toBe(true);
    expect(conforms('MinerRecord', record)).toBe(true);
  });

  test('health says which daemon this is', async () => {
    expect((await get(PATHS.health)).json()).toEqual({
      pid: 77,
      version: '1.2.3',
      startedAt: START,
      address: '127.0.0.1:4280',
    });
  });

  test('totals stand alone too', async () => {
    const totals = (await get(PATHS.fleet)).json();
    expect(totals.machines).toBe(3);
    expect(conforms('FleetTotals', totals)).toBe(true);
  });
});

describe('mistakes of the caller', () => {
  test('an unknown id is not found, in one sentence and with its code', async () => {
    const reply = await get(`${PATHS.miners}/nobody`);
    expect(reply.statusCode).toBe(404);
    expect(reply.json()).toEqual({
      code: 'usage/not-found',
      message: 'No machine has the id nobody (usage/not-found).',
      context: { detail: 'No machine has the id nobody' },
    });
  });

  test.each([`${PATHS.miners}?snapshots=perhaps`, `${PATHS.miners}?snapshot=true`])('%s does not fit', async (url) => {
    const reply = await get(url);
    expect(reply.statusCode).toBe(400);
    expect(reply.json().code).toBe('usage/invalid');
  });

  test('a path of the API that is none answers JSON, and a path of the page says how to build it', async () => {
    const none = await get('/api/v1/nothing');
    expect(none.statusCode).toBe(404);
    expect(none.json().code).toBe('usage/not-found');
    const page = await get('/');
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain('npm run build');
  });
});

describe('who may ask', () => {
  test.each(['localhost:4280', '127.0.0.1', '[::1]:4280', '127.9.9.9:1', 'headframe.localhost'])(
    'the host name %s is our own',
    async (host) => {
      expect((await app.inject({ url: PATHS.health, headers: { host } })).statusCode).toBe(200);
    },
  );

  test.each(['evil.example', '10.0.0.5:4280', 'localhost.evil.example', '127.0.0.1.evil.example'])(
    'the host name "%s" is not: it may be another page that was pointed at us',
    async (host) => {
      const reply = await app.inject({ url: PATHS.health, headers: { host } });
      expect(reply.statusCode).toBe(403);
      expect(reply.json().code).toBe('usage/not-allowed');
    },
  );

  test('a daemon that listens to the network is served under any IP address, and still under no foreign name', async () => {
    await app.close();
    app = await appFor('0.0.0.0');
    const ask = (host: string) => app.inject({ url: PATHS.health, headers: { host } });
    expect((await ask('10.0.0.5:4280')).statusCode).toBe(200);
    expect((await ask('evil.example')).statusCode).toBe(403);
  });

  test('no answer allows another origin to read it', async () => {
    const reply = await get(PATHS.miners, { origin: 'https://evil.example' });
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('stopping', () => {
  const stop = (more: Record<string, string>, remoteAddress = '127.0.0.1') =>
    app.inject({ method: 'POST', url: PATHS.stop, headers: { ...headers, ...more }, remoteAddress });

  test('needs the token of the pid file', async () => {
    expect((await stop({})).statusCode).toBe(403);
    expect((await stop({ [TOKEN_HEADER]: 'the-tokem' })).json().code).toBe('usage/not-allowed');
    expect(stops).toBe(0);
    expect((await stop({ [TOKEN_HEADER]: 'the-token' })).statusCode).toBe(202);
    expect(stops).toBe(1);
  });

  test('is refused from another machine even with the token', async () => {
    expect((await stop({ [TOKEN_HEADER]: 'the-token' }, '10.0.0.5')).statusCode).toBe(403);
    expect(stops).toBe(0);
  });
});

describe('the page', () => {
  test('its own routes are the page; a file that is missing is missing', async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Headframe</title>');
    writeFileSync(join(folder, 'assets', 'index-abc123.js'), 'export {};');
    await app.close();
    app = await appFor('127.0.0.1', folder);
    for (const url of ['/', '/miners/abc?x=1']) {
      const reply = await get(url);
      expect(reply.statusCode).toBe(200);
      expect(reply.body).toContain('<title>Headframe</title>');
      expect(reply.headers['cache-control']).toBe('no-cache');
      expect(reply.headers['content-security-policy']).toContain("default-src 'self'");
    }
    const asset = await get('/assets/index-abc123.js');
    expect(asset.headers['content-type']).toContain('javascript');
    expect(asset.headers['cache-control']).toContain('immutable');
    expect((await get('/assets/gone.js')).statusCode).toBe(404);
    expect((await get('/..%2f..%2fetc/passwd')).body).not.toContain('root:');
  });
});

test('a mistake of ours answers 500 with its code and is told to the log', async () => {
  await app.close();
  app = await appFor();
  app.get('/broken.test', () => {
    throw new TypeError('x is not a function');
  });
  const reply = await get('/broken.test');
  expect(reply.statusCode).toBe(500);
  expect(reply.json().code).toBe('internal');
  expect(mistakes).toHaveLength(1);
});

test('the OpenAPI document has every route with its answers, and the named schemas', async () => {
  const document = (await get(PATHS.openapi)).json();
  expect(Object.keys(document.paths).sort()).toEqual([
    '/api/v1/examinations',
    '/api/v1/fleet',
    '/api/v1/health',
    '/api/v1/incidents',
    '/api/v1/matrix',
    '/api/v1/miners',
    '/api/v1/miners/{id}',
    '/api/v1/stop',
    '/api/v1/stream',
    '/metrics',
  ]);
  const record = document.paths['/api/v1/miners/{id}'].get.responses['200'].content['application/json'].schema;
  expect(record).toEqual({ $ref: '#/components/schemas/MinerRecord' });
  expect(document.components.schemas.MinerRecord.properties.row).toEqual({ $ref: '#/components/schemas/MinerRow' });
  expect(JSON.stringify(document)).not.toContain('undefined');
});
