import { afterEach, expect, test } from 'vitest';
import { endAll, headframe, Running, tooWide } from './cli.testing.ts';

afterEach(endAll);

test('headframe sim --pool has a pool whose statistics a client can ask for', async () => {
  const sim = new Running(['sim', '--count', '2', '--seed', '7', '--pool', 'braiins-pool', '--json']);
  await sim.line();
  await sim.line();
  const { pool } = JSON.parse(await sim.line()) as { pool: { kind: string; url: string; secret: string } };
  expect(pool).toEqual({
    kind: 'braiins-pool',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    secret: expect.any(String),
  });
  const headers = { 'Pool-Auth-Token': pool.secret };
  const reply = await fetch(`${pool.url}/accounts/workers/json/btc/`, { headers });
  const { btc } = (await reply.json()) as { btc: { workers: Record<string, { last_share: number }> } };
  const shares = Object.values(btc.workers).map(({ last_share }) => last_share);
  expect(Math.max(...shares)).toBeGreaterThan(Date.now() / 1000 - 3600);
  await sim.end();
});

test('headframe sim names the kinds of pools when it is asked for another', async () => {
  const { code, err } = await headframe('sim', '--pool', 'nowhere');
  expect(code).toBe(2);
  expect(err).toContain('public-pool');
});

test('headframe sim --list tells of pools in 80 columns', async () => {
  const { out } = await headframe('sim', '--list');
  expect(tooWide(out)).toEqual([]);
  expect(out).toContain('/api/v2/pool/workers/BTC');
});
