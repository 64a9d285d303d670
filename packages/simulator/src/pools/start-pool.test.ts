import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Hands } from '../hands.testing.ts';
import { POOL_KINDS, POOL_SECRET, startPool } from './index.ts';
import { ask, get, NOW, pool, Rig } from './pools.testing.ts';

const rigs = () => [new Rig('account.rig3'), new Rig('account.rig4')];
interface Plain {
  readonly updated: string;
  readonly workers: readonly { readonly worker: string; readonly accepted: number; readonly last_share: string }[];
}

/** Bytes on a connection of their own, and what came back until its end. */
function raw(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port });
    let text = '';
    socket.on('data', (part) => {
      text += part;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    socket.on('close', () => done(text));
    socket.end(bytes);
  });
}

describe('a pool', () => {
  test('counts on as its machines submit, and when it is not asked once a minute', async () => {
    const hands = new Hands();
    const rig = new Rig('account.rig3');
    const { pool: of, clock } = await pool('plain', [rig], { timers: hands });
    const accepted = async () => (await ask<Plain>(of, '/workers.json')).workers[0]?.accepted;
    expect(await accepted()).toBe(86_400);
    clock.at += 50_000;
    expect(await accepted()).toBe(86_405);
    clock.at += 50_000;
    hands.pass(60_000);
    await of.look();
    // It stopped for good and its machine lost its counters; what was counted stays.
    rig.stoppedAt = NOW - 20 * 86_400_000;
    clock.at += 50_000;
    expect(await accepted()).toBe(86_410);
  });

  test('stands for the pools of one host only, when it is told so', async () => {
    const { pool: of } = await pool('plain', rigs(), { host: 'other.example' });
    expect(await ask<Plain>(of, '/workers.json')).toMatchObject({ workers: [] });
  });

  test('gives its address, and a key where its kind wants one', async () => {
    for (const kind of POOL_KINDS) {
      const { pool: of } = await pool(kind, []);
      expect(of.url).toBe(`http://127.0.0.1:${of.port}`);
      expect(of.secret === null).toBe(!['braiins-pool', 'f2pool', 'luxor'].includes(kind));
    }
  });

  test('says that its port is taken', async () => {
    const { pool: of } = await pool('plain', []);
    const second = startPool({ kind: 'plain', address: '127.0.0.1', port: of.port, machines: () => [], clock: Date });
    await expect(second).rejects.toMatchObject({ code: 'usage/port-in-use' });
  });

  test('ends at once, also for those who wait for a slow answer', async () => {
    const hands = new Hands();
    const started = await startPool({
      kind: 'plain',
      address: '127.0.0.1',
      machines: () => [],
      clock: Date,
      timers: hands,
      faults: [{ kind: 'slow', seconds: 20 }],
    });
    const waiting = raw(started.port, 'GET /workers.json HTTP/1.1\r\nhost: x\r\n\r\n');
    await hands.until(20_000, 1);
    await started.close();
    expect(await waiting).toBe('');
    expect(await raw(started.port, '')).toBe('ECONNREFUSED');
    expect(hands.waits(60_000)).toBe(0);
  });
});

describe('a pool with a fault', () => {
  test('that is down refuses, and is there again on the same port', async () => {
    const { pool: of } = await pool('plain', rigs(), { faults: [{ kind: 'down' }] });
    expect(await raw(of.port, '')).toBe('ECONNREFUSED');
    await of.setFaults([]);
    expect(await ask<Plain>(of, '/workers.json')).toMatchObject({ workers: [{}, {}] });
  });

  test('that is slow answers after its time', async () => {
    const hands = new Hands();
    const { pool: of } = await pool('plain', rigs(), { timers: hands, faults: [{ kind: 'slow', seconds: 7 }] });
    const answer = get(of, '/workers.json');
    await hands.until(7000, 1);
    hands.pass(7000);
    expect((await answer).status).toBe(200);
  });

  test.each(POOL_KINDS)(
    'refuses every key, is asked too often, or is hidden behind an error page: %s',
    async (kind) => {
      const { pool: of } = await pool(kind, rigs());
      const headers = { authorization: POOL_SECRET, 'Pool-Auth-Token': POOL_SECRET, 'F2P-API-SECRET': POOL_SECRET };
      await of.setFaults([{ kind: 'unauthorized' }]);
      expect((await get(of, '/x', { headers })).status).toBe(401);
      await of.setFaults([{ kind: 'rate-limited' }]);
      const limited = await get(of, '/x', { headers });
      expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '60']);
      await of.setFaults([{ kind: 'html' }]);
      const page = await get(of, '/x', { headers });
      expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html']);
      expect(page.text).toContain('502 Bad Gateway');
    },
  );

  test('that lags tells what it knew so many seconds ago', async () => {
    const { pool: of, clock } = await pool('plain', rigs(), { faults: [{ kind: 'stale', seconds: 900 }] });
    const before = new Date(NOW - 900_000).toISOString();
    expect(await ask<Plain>(of, '/workers.json')).toMatchObject({
      updated: before,
      workers: [{ last_share: before }, {}],
    });
    clock.at += 60_000;
    const later = new Date(NOW - 840_000).toISOString();
    expect(await ask<Plain>(of, '/workers.json')).toMatchObject({
      updated: later,
      workers: [{ last_share: later }, {}],
    });
  });

  test('that begins to lag stands still until it lags', async () => {
    const { pool: of, clock } = await pool('plain', rigs());
    const updated = async () => (await ask<Plain>(of, '/workers.json')).updated;
    expect(await updated()).toBe(new Date(NOW).toISOString());
    await of.setFaults([{ kind: 'stale', seconds: 120 }]);
    clock.at = NOW + 100_000;
    expect(await updated()).toBe(new Date(NOW).toISOString());
    clock.at = NOW + 180_000;
    expect(await updated()).toBe(new Date(NOW + 60_000).toISOString());
  });

  test('whose clock is off says so in its Date too', async () => {
    const { pool: of } = await pool('plain', rigs(), { faults: [{ kind: 'clock', seconds: -3600 }] });
    const reply = await get(of, '/workers.json');
    expect(Date.parse(reply.headers.get('date') ?? '')).toBe(NOW - 3_600_000);
    expect((JSON.parse(reply.text) as Plain).workers[0]?.last_share).toBe(new Date(NOW - 3_600_000).toISOString());
  });

  test('does not know one worker, or any', async () => {
    const { pool: of } = await pool('plain', rigs(), { faults: [{ kind: 'worker-unknown', worker: 'rig3' }] });
    const names = async () => (await ask<Plain>(of, '/workers.json')).workers.map(({ worker }) => worker);
    expect(await names()).toEqual(['account.rig4']);
    await of.setFaults([{ kind: 'worker-unknown', worker: 'account.rig4' }]);
    expect(await names()).toEqual(['account.rig3']);
    await of.setFaults([{ kind: 'worker-unknown' }]);
    expect(await names()).toEqual([]);
  });
});

describe('bad input', () => {
  test('gets an answer or an end, whatever is asked', async () => {
    const started = await Promise.all(POOL_KINDS.map((kind) => pool(kind, rigs())));
    const headers = { authorization: POOL_SECRET, 'Pool-Auth-Token': POOL_SECRET, 'F2P-API-SECRET': POOL_SECRET };
    const segment = fc.oneof(
      fc.constantFrom(
        'users',
        'api',
        'client',
        'v1',
        'v2',
        'hash_rate',
        'worker',
        'list',
        'statsnap',
        'pool',
        'workers',
      ),
      fc.constantFrom('account', 'account.rig3', '__proto__', 'constructor', '%2e%2e', 'toString.x', '..', '%'),
      fc.string({ maxLength: 8 }).map(encodeURIComponent),
    );
    const path = fc.array(segment, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
    const body = fc.option(fc.oneof(fc.json(), fc.string()), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(fc.nat(started.length - 1), path, body, async (which, asked, given) => {
        const { port } = (started[which] as (typeof started)[number]).pool;
        const init = given === undefined ? { headers } : { method: 'POST', headers, body: given };
        const reply = await fetch(new URL(`http://127.0.0.1:${port}`).origin + asked, init);
        await reply.arrayBuffer();
        expect([200, 400, 401, 403, 404, 405]).toContain(reply.status);
      }),
      { seed: 42, numRuns: Math.min(200, Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000)) },
    );
  });

  test('a body without end and bytes that are no HTTP end the connection', async () => {
    const { pool: of } = await pool('f2pool', rigs());
    const head = `POST /v2/hash_rate/worker/list HTTP/1.1\r\nhost: x\r\nf2p-api-secret: ${POOL_SECRET}\r\ncontent-length: 90000\r\n\r\n`;
    expect(await raw(of.port, head + 'x'.repeat(90_000))).toMatch(/^HTTP\/1\.1 413 |^ECONNRESET$/);
    expect(await raw(of.port, '{"command":"summary"}\n')).toMatch(/^HTTP\/1\.1 400 /);
  });
});
