import { describe, expect, test } from 'vitest';
import { suffixed } from './ckpool.ts';
import { POOL_SECRET } from './index.ts';
import { ask, get, NOW, pool, Rig } from './pools.testing.ts';

/*
 * What each kind of pool tells of a rig with 42.95 TH/s, whose last share came right now: typed by hand from the
 * documents and published replies that the sources name.
 */

const S = NOW / 1000;
const ISO = new Date(NOW).toISOString();
const TEN_DAYS = 86_400;

describe('ckpool', () => {
  test('tells of a user by the address before the first dot or underscore, in rates with a letter', async () => {
    const { pool: of } = await pool('ckpool', [new Rig('bc1qmine.rig3'), new Rig('bc1qmine_old')]);
    expect(await ask(of, '/users/bc1qmine')).toEqual({
      hashrate1m: '85.9T',
      hashrate5m: '85.9T',
      hashrate1hr: '85.9T',
      hashrate1d: '85.9T',
      hashrate7d: '85.9T',
      lastshare: S,
      workers: 2,
      // The sum of the difficulties of ten days of shares of both.
      shares: 2 * TEN_DAYS * 100_000,
      bestshare: expect.any(Number),
      bestever: expect.any(Number),
      authorised: S - 864_000,
      worker: [
        {
          workername: 'bc1qmine.rig3',
          hashrate1m: '42.9T',
          hashrate5m: '42.9T',
          hashrate1hr: '42.9T',
          hashrate1d: '42.9T',
          hashrate7d: '42.9T',
          lastshare: S,
          shares: TEN_DAYS * 100_000,
          bestshare: expect.any(Number),
          bestever: expect.any(Number),
        },
        expect.objectContaining({ workername: 'bc1qmine_old' }),
      ],
    });
  });

  test('writes its files once a minute, and has none for a user that it does not know', async () => {
    const { pool: of, clock } = await pool('ckpool', [new Rig('bc1qmine.rig3')]);
    clock.at = NOW + 59_000;
    expect(await ask(of, '/users/bc1qmine')).toMatchObject({ lastshare: S });
    clock.at = NOW + 60_000;
    expect(await ask(of, '/users/bc1qmine')).toMatchObject({ lastshare: S + 60 });
    expect((await get(of, '/users/bc1qother')).status).toBe(404);
    expect((await get(of, '/')).status).toBe(404);
  });

  test('a rig that stopped counts no longer among the connected ones, and its rates fall', async () => {
    const rig = new Rig('bc1qmine.rig3');
    const { pool: of, clock } = await pool('ckpool', [rig]);
    await of.look();
    rig.stoppedAt = NOW;
    clock.at = NOW + 15 * 60_000;
    expect(await ask(of, '/users/bc1qmine')).toMatchObject({
      hashrate1m: '0',
      hashrate5m: '0',
      hashrate1hr: '32.2T',
      lastshare: S,
      workers: 0,
    });
  });

  // `%.3g` and a letter, below a thousand a whole number without one.
  test.each([
    [0, '0'],
    [999.7, '999'],
    [1000, '1K'],
    [4_570_000_000, '4.57G'],
    [85_400_000_000_000, '85.4T'],
    [999_600_000_000_000, '1e+03T'],
    [1.234e18, '1.23E'],
    [7e21, '1e+03E'],
  ])('prints %d H/s as %s', (hs, text) => {
    expect(suffixed(hs)).toBe(text);
  });
});

describe('public-pool', () => {
  test('lists the machines of an address with the rate of ten minutes, and counts no shares', async () => {
    const { pool: of } = await pool('public-pool', [new Rig('bc1qmine.bitaxe.left'), new Rig('bc1qmine')]);
    const found = await ask<{ workers: unknown[] }>(of, '/api/client/bc1qmine');
    expect(found).toMatchObject({ bestDifficulty: expect.any(Number), workersCount: 2 });
    expect(found.workers).toEqual(
      ['bitaxe', 'worker'].map((name) => ({
        sessionId: expect.stringMatching(/^[0-9a-f]{8}$/),
        name,
        bestDifficulty: expect.stringMatching(/^\d+\.\d\d$/),
        hashRate: expect.closeTo(42.94967296e12, -6),
        startTime: new Date(NOW - 864_000_000).toISOString(),
        lastSeen: ISO,
      })),
    );
    expect(await ask(of, '/api/client/bc1qmine/bitaxe')).toMatchObject({ name: 'bitaxe' });
  });

  test('knows no address and no worker that is not: it has no workers', async () => {
    const rig = new Rig('bc1qmine.bitaxe');
    const { pool: of, clock } = await pool('public-pool', [rig]);
    expect(await ask(of, '/api/client/bc1qother')).toEqual({ bestDifficulty: 0, workersCount: 0, workers: [] });
    expect(await ask(of, '/api/client/bc1qmine/none')).toEqual({ name: 'none', bestDifficulty: 0, chartData: [] });
    // Silent for half an hour: gone from the list.
    await of.look();
    rig.stoppedAt = NOW;
    clock.at = NOW + 30 * 60_000;
    expect(await ask(of, '/api/client/bc1qmine')).toMatchObject({ workersCount: 1 });
    clock.at += 60_000;
    expect(await ask(of, '/api/client/bc1qmine')).toMatchObject({ workersCount: 0, workers: [] });
  });
});

describe('Braiins Pool', () => {
  const headers = { 'Pool-Auth-Token': POOL_SECRET };

  test('tells of workers under their whole names, in Gh/s, with or without the last slash', async () => {
    const { pool: of } = await pool('braiins-pool', [new Rig('account.rig3'), new Rig('account')]);
    const found = await ask<{ btc: { workers: Record<string, unknown> } }>(of, '/accounts/workers/json/btc/', {
      headers,
    });
    expect(Object.keys(found.btc.workers)).toEqual(['account.rig3', 'account.[auto]']);
    expect(found.btc.workers['account.rig3']).toEqual({
      state: 'ok',
      last_share: S,
      hash_rate_unit: 'Gh/s',
      hash_rate_scoring: 42_949.673,
      hash_rate_5m: 42_949.673,
      hash_rate_60m: 42_949.673,
      hash_rate_24h: 42_949.673,
      shares_5m: 30 * 100_000,
      shares_60m: 360 * 100_000,
      shares_24h: 8640 * 100_000,
    });
    expect(await ask(of, '/accounts/workers/json/btc', { headers })).toEqual(found);
    expect(await ask(of, '/accounts/profile/json/btc/', { headers })).toMatchObject({
      username: 'account',
      btc: { hash_rate_5m: 85_899.3459, ok_workers: 2, low_workers: 0, off_workers: 0, dis_workers: 0 },
    });
  });

  test('wants the token, by the newer or the older name of its header', async () => {
    const { pool: of } = await pool('braiins-pool', [new Rig('account.rig3')]);
    const status = async (named: Record<string, string>) =>
      (await get(of, '/accounts/workers/json/btc/', { headers: named })).status;
    expect(await status({})).toBe(401);
    expect(await status({ 'Pool-Auth-Token': 'another' })).toBe(401);
    expect(await status({ 'X-Pool-Auth-Token': POOL_SECRET })).toBe(200);
    expect(await status({ 'SlushPool-Auth-Token': POOL_SECRET })).toBe(200);
  });

  test('calls a worker low that does less than half of its day, and off without a share in five minutes', async () => {
    const rig = new Rig('account.rig3');
    const rigs = [rig];
    const { pool: of, clock } = await pool('braiins-pool', rigs);
    const state = async () => {
      const found = await ask<{ btc: { workers: Record<string, { state: string }> } }>(
        of,
        '/accounts/workers/json/btc/',
        { headers },
      );
      return found.btc.workers['account.rig3']?.state;
    };
    await of.look();
    rig.stoppedAt = NOW;
    clock.at = NOW + 4 * 60_000;
    expect(await state()).toBe('ok');
    clock.at = NOW + 6 * 60_000;
    expect(await state()).toBe('off');
    // It comes back: twenty minutes of work in its last hour.
    clock.at = NOW + 40 * 60_000;
    rigs.push(new Rig('account.rig3', clock.at));
    expect(await state()).toBe('off');
    clock.at = NOW + 45 * 60_000;
    expect(await state()).toBe('low');
  });
});

describe('OCEAN', () => {
  test('answers in strings, with its own spelling of the last share', async () => {
    const { pool: of } = await pool('ocean', [new Rig('bc1qmine.rig3'), new Rig('bc1qmine')]);
    expect(await ask(of, '/v1/statsnap/bc1qmine.rig3')).toEqual({
      result: {
        snap_type: 'worker',
        snap_ts: String(S),
        shares_60s: '600000',
        shares_300s: '3000000',
        hashrate_60s: '42949672960000',
        hashrate_300s: '42949672960000',
        lastest_share_ts: String(S),
        shares_in_tides: '864000000',
        estimated_earn_next_block: expect.stringMatching(/^\d\.\d{8}$/),
        estimated_bonus_earn_next_block: '0.00000000',
        estimated_total_earn_next_block: expect.stringMatching(/^\d\.\d{8}$/),
        estimated_payout_next_block: '0.00000000',
        unpaid: '0.00000000',
      },
    });
    expect(await ask(of, '/v1/user_hashrate/bc1qmine')).toMatchObject({
      result: { hashrate_86400s: '85899345920000', active_worker_count: 2, lastest_share_ts: String(S) },
    });
  });

  test('lists workers as a list of one each, or as a list of one name each', async () => {
    const { pool: of } = await pool('ocean', [new Rig('bc1qmine.rig3')]);
    expect(await ask(of, '/v1/user_hashrate_full/bc1qmine')).toMatchObject({
      result: { snap_ts: String(S), workers: { rig3: [{ hashrate_300s: '42949672960000' }] } },
    });
    expect(await ask(of, '/v1/userinfo_full/bc1qmine')).toMatchObject({
      result: { user_full: { snap_type: 'user' }, workers: [{ rig3: { lastest_share_ts: String(S) } }] },
    });
  });

  test('knows nobody who has not mined for a day', async () => {
    const { pool: of } = await pool('ocean', [new Rig('bc1qmine.rig3')]);
    const text = '{"error":"No such user or user has no active workers"}';
    for (const path of ['/v1/statsnap/bc1qother', '/v1/statsnap/bc1qmine.other', '/v1/userinfo_full/bc1qother']) {
      expect(await get(of, path)).toMatchObject({ status: 404, text });
    }
    expect((await get(of, '/v1/ping')).text).toBe('PONG');
  });
});

describe('F2Pool', () => {
  const list = (body: unknown, key: string | null = POOL_SECRET): RequestInit => ({
    method: 'POST',
    headers: key === null ? {} : { 'F2P-API-SECRET': key, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const question = { mining_user_name: 'account', currency: 'bitcoin' };
  const PATH = '/v2/hash_rate/worker/list';

  test('lists the workers of an account in H/s, with the epoch second of their last share', async () => {
    const { pool: of } = await pool('f2pool', [new Rig('account.rig3'), new Rig('other.rig4')]);
    const { workers } = await ask<{ workers: { hash_rate_info: Record<string, unknown> }[] }>(of, PATH, list(question));
    expect(workers).toEqual([
      {
        hash_rate_info: {
          name: 'rig3',
          hash_rate: expect.closeTo(42.94967296e12, -6),
          h1_hash_rate: expect.closeTo(42.94967296e12, -6),
          h24_hash_rate: expect.closeTo(42.94967296e12, -6),
          h1_stale_hash_rate: expect.closeTo(0.4294967296e12, -6),
          h24_stale_hash_rate: expect.closeTo(0.4294967296e12, -6),
          h24_delay_hash_rate: 0,
          local_hash_rate: 0,
          h24_local_hash_rate: 0,
        },
        last_share_at: S,
        status: 0,
        host: '127.0.0.1',
      },
    ]);
    expect(await ask(of, '/v2/hash_rate/info', list(question))).toMatchObject({ info: { name: 'account' } });
  });

  test('refuses with codes of its own and status 200, and without a key with 401', async () => {
    const { pool: of } = await pool('f2pool', [new Rig('account.rig3')]);
    expect(await ask(of, PATH, list({ ...question, mining_user_name: 'nobody' }))).toMatchObject({ code: 5010 });
    expect(await ask(of, PATH, list({ mining_user_name: 'account' }))).toMatchObject({ code: 5001 });
    expect(await ask(of, PATH, list('{'))).toMatchObject({ code: 5001 });
    expect((await get(of, PATH, list(question, null))).status).toBe(401);
    expect((await get(of, PATH, { headers: { 'F2P-API-SECRET': POOL_SECRET } })).status).toBe(405);
  });

  test('calls a worker offline behind half an hour without a share, and expired behind a day', async () => {
    const rig = new Rig('account.rig3');
    const { pool: of, clock } = await pool('f2pool', [rig]);
    const status = async () =>
      (await ask<{ workers: { status: number }[] }>(of, PATH, list(question))).workers[0]?.status;
    await of.look();
    rig.stoppedAt = NOW;
    clock.at = NOW + 30 * 60_000;
    expect(await status()).toBe(0);
    clock.at = NOW + 31 * 60_000;
    expect(await status()).toBe(1);
    clock.at = NOW + 25 * 3_600_000;
    expect(await status()).toBe(2);
  });
});

describe('Luxor', () => {
  const headers = { authorization: POOL_SECRET };
  const PATH = '/api/v2/pool/workers/BTC';

  test('lists workers with the time of their last share as ISO 8601 and their rejected shares', async () => {
    const { pool: of } = await pool('luxor', [new Rig('account.rig3'), new Rig('other.rig4')]);
    expect(await ask(of, `${PATH}?subaccount_names=account`, { headers })).toEqual({
      currency_type: 'BTC',
      subaccounts: [expect.objectContaining({ id: expect.any(Number), name: 'account' })],
      total_inactive: 0,
      total_active: 1,
      workers: [
        {
          currency_type: 'BTC',
          id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
          subaccount_name: 'account',
          name: 'rig3',
          firmware: '',
          hashrate: 42_949_672_960_000,
          efficiency: 0.9901,
          stale_shares: 0,
          rejected_shares: 864,
          last_share_time: ISO,
          status: 'ACTIVE',
        },
      ],
      pagination: { page_number: 1, page_size: 10, item_count: 1, previous_page_url: null, next_page_url: null },
    });
    expect(await ask(of, '/api/v2/pool/summary/BTC', { headers })).toMatchObject({ hashrate_5m: '85899345920000' });
  });

  test('gives ten workers a page and says where the next one is', async () => {
    const rigs = Array.from({ length: 23 }, (_, i) => new Rig(`account.rig${i}`));
    const { pool: of } = await pool('luxor', rigs);
    const names: string[] = [];
    for (let url: string | null = PATH; url !== null && names.length < 100; ) {
      const page: { workers: { name: string }[]; pagination: { next_page_url: string | null } } = await ask(of, url, {
        headers,
      });
      names.push(...page.workers.map(({ name }) => name));
      url = page.pagination.next_page_url?.slice(of.url.length) ?? null;
    }
    expect(names).toEqual(rigs.map((_, i) => `rig${i}`));
    const all = await ask<{ workers: unknown[] }>(of, `${PATH}?page_size=1000`, { headers });
    expect(all.workers).toHaveLength(23);
    expect((await get(of, `${PATH}?page_size=0`, { headers })).status).toBe(400);
  });

  test('wants its key, with or without Bearer, and lets nobody see a foreign subaccount', async () => {
    const { pool: of } = await pool('luxor', [new Rig('account.rig3')]);
    expect((await get(of, PATH)).status).toBe(401);
    expect((await get(of, PATH, { headers: { authorization: `Bearer ${POOL_SECRET}` } })).status).toBe(200);
    expect((await get(of, `${PATH}?subaccount_names=nobody`, { headers })).status).toBe(403);
  });
});

test('a plain pool has one JSON for all and one for each', async () => {
  const { pool: of } = await pool('plain', [new Rig('account.rig3')]);
  const worker = {
    worker: 'account.rig3',
    online: true,
    hashrate_ths: 42.95,
    accepted: TEN_DAYS,
    rejected: 864,
    last_share: ISO,
  };
  expect(await ask(of, '/workers.json')).toEqual({ updated: ISO, workers: [worker] });
  expect(await ask(of, '/workers/account.rig3.json')).toEqual(worker);
  expect((await get(of, '/workers/account.none.json')).status).toBe(404);
});
