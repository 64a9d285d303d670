import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PoolAccount, PoolAnswer, PoolId, PoolRequest } from './pool-dialect.ts';
import { POOL_DIALECTS, poolDialect } from './pool-dialects.ts';

/** Of the replies below: 41 s after the newest share. */
const NOW = Date.UTC(2025, 6, 8, 8, 8, 42);
const LAST = 1_751_962_081;

const accountAt = (pool: PoolId, account: string, worker: string | null, token?: string): PoolAccount => ({
  pool,
  account,
  worker,
  ...(token === undefined ? {} : { token }),
});

function requestOf(account: PoolAccount): PoolRequest {
  const request = poolDialect(account.pool)!.request(account);
  if ('notSeen' in request) throw new Error(request.notSeen);
  return request;
}

const read = (account: PoolAccount, doc: unknown, asked = requestOf(account)): PoolAnswer =>
  poolDialect(account.pool)!.read(doc, account, NOW, asked);

function viewOf(answer: PoolAnswer) {
  if (!('view' in answer)) throw new Error(`no view: ${JSON.stringify(answer)}`);
  const { lastShareAgeS, hashrateHs, accepted, rejected } = answer.view;
  return { lastShareAgeS, hashrateHs, accepted, rejected, note: answer.note };
}

const reasonOf = (answer: PoolAnswer): string =>
  'notSeen' in answer ? answer.notSeen : `seen: ${JSON.stringify(answer)}`;

describe('ckpool', () => {
  const address = 'bc1qa8r4up9nchkvdnhcf9feexv2jfantrk48ef374';
  const user = {
    hashrate1m: '0',
    hashrate5m: '1.62T',
    hashrate1hr: '1.57T',
    lastshare: LAST,
    workers: 2,
    shares: 7_831_260_707_329,
    bestshare: 137_427_866_914_851.2,
    authorised: 1_721_981_103,
    worker: [
      {
        workername: `${address}.rig3`,
        hashrate1m: '1.7T',
        hashrate5m: '1.6T',
        lastshare: LAST,
        shares: 10_267_078_458,
        bestshare: 203_034_806_650.4,
      },
      { workername: `${address}_rig4`, hashrate1m: '0', hashrate5m: '20.1G', lastshare: LAST - 5_000, shares: 12 },
      { workername: address, hashrate5m: '0', lastshare: 0, shares: 0 },
    ],
  };

  test('is asked for the page of the user', () => {
    expect(requestOf(accountAt('ckpool', address, 'rig3'))).toEqual({
      method: 'GET',
      path: `/users/${address}`,
      headers: {},
    });
  });

  test('tells of a worker with a point and of one with an underscore in its name', () => {
    expect(viewOf(read(accountAt('ckpool', address, 'rig3'), user))).toEqual({
      lastShareAgeS: 41,
      hashrateHs: 1_600_000_000_000,
      accepted: 10_267_078_458,
      rejected: null,
      note: null,
    });
    expect(viewOf(read(accountAt('ckpool', address, 'RIG4'), user))).toMatchObject({
      lastShareAgeS: 5_041,
      hashrateHs: 20_100_000_000,
    });
  });

  test('knows a worker without a name, and one that never sent a share', () => {
    const answer = viewOf(read(accountAt('ckpool', address, null), user));
    expect(answer).toMatchObject({ lastShareAgeS: null, note: 'the pool knows this worker and has no share of it' });
  });

  test('does not know a worker that mined elsewhere', () => {
    const answer = viewOf(read(accountAt('ckpool', address, 'rig9'), user));
    expect(answer).toMatchObject({ lastShareAgeS: null, hashrateHs: null });
    expect(answer.note).toBe('the pool does not know this worker: 3 other workers of the account are known');
  });

  test('with several workers and none named is no evidence', () => {
    const [first, second] = user.worker;
    const answer = read(accountAt('ckpool', address, null), { worker: [first, second] });
    expect(reasonOf(answer)).toBe('ckpool knows 2 workers of this account, and none of them was named');
  });

  test('with one worker only needs no name', () => {
    const answer = viewOf(read(accountAt('ckpool', address, null), { workers: 1, worker: [user.worker[0]] }));
    expect(answer.lastShareAgeS).toBe(41);
  });

  test('says 404 of a user that never mined there', () => {
    const account = accountAt('ckpool', address, 'rig3');
    expect(reasonOf(poolDialect('ckpool')!.notFound!(account, requestOf(account)))).toBe(
      `ckpool knows no user ${address} (HTTP 404)`,
    );
  });

  test.each([
    ['a share ahead of its clock by half a minute is a share now', LAST + 71, 0],
    ['a share of years ago is one of years ago', LAST - 200_000_000, 200_000_041],
  ])('%s', (_, lastshare, ageS) => {
    const answer = read(accountAt('ckpool', 'a', 'b'), { worker: [{ workername: 'a.b', lastshare }] });
    expect(viewOf(answer).lastShareAgeS).toBe(ageS);
  });

  test.each([
    [LAST + 200, 'puts its last share into the future, so that the clocks differ'],
    [17, 'gives a time of its last share that cannot be one'],
    [1e40, 'gives a time of its last share that cannot be one'],
    [{ at: LAST }, 'gives a time of its last share that cannot be one'],
    [null, 'does not say when it sent its last share'],
  ])('a last share of %j is no evidence', (lastshare, why) => {
    const answer = read(accountAt('ckpool', 'a', 'b'), { worker: [{ workername: 'a.b', lastshare }] });
    expect(reasonOf(answer)).toBe(`ckpool knows worker a.b and ${why}`);
  });
});

describe('public-pool', () => {
  const client = {
    bestDifficulty: 71_238,
    workersCount: 3,
    workers: [
      {
        sessionId: 'c068be21',
        name: 'rig3',
        bestDifficulty: '71.24',
        hashRate: 500_000_000_000,
        startTime: '2025-07-01T00:00:00.000Z',
        lastSeen: '2025-07-08T07:50:00.000Z',
      },
      { sessionId: 'd168be22', name: 'rig3', hashRate: 1_200_000_000_000, lastSeen: '2025-07-08T08:08:01.000Z' },
      { sessionId: 'e268be23', name: 'rig3', hashRate: '100000000000', lastSeen: '2025-07-08T08:06:00.000Z' },
      { sessionId: 'f368be24', name: 'worker', hashRate: 5, lastSeen: '2025-07-08T08:08:40.000Z' },
    ],
  };

  test('is asked for the address', () => {
    expect(requestOf(accountAt('public-pool', 'bc1qxyz', 'rig3')).path).toBe('/api/client/bc1qxyz');
  });

  test('counts the sessions of now together, and leaves out the one before a reconnect', () => {
    expect(viewOf(read(accountAt('public-pool', 'bc1qxyz', 'rig3'), client))).toEqual({
      lastShareAgeS: 41,
      hashrateHs: 1_300_000_000_000,
      accepted: null,
      rejected: null,
      note: null,
    });
  });

  test('calls a worker without a name "worker"', () => {
    expect(viewOf(read(accountAt('public-pool', 'bc1qxyz', null), client)).lastShareAgeS).toBe(2);
  });

  test('does not list a worker that is dead for half an hour', () => {
    expect(viewOf(read(accountAt('public-pool', 'bc1qxyz', 'rig7'), client)).note).toBe(
      'the pool does not know this worker: it forgets one 30 min after its last share; 2 other workers of the account are known',
    );
    expect(viewOf(read(accountAt('public-pool', 'bc1qxyz', 'rig7'), { workersCount: 0, workers: [] })).note).toBe(
      'the pool does not know this worker: it forgets one 30 min after its last share',
    );
  });
});

describe('Braiins Pool', () => {
  const account = accountAt('braiins-pool', 'alice', 'rig3', 'Zm1oK8hGaDExOBaE');
  const rig3 = {
    state: 'ok',
    last_share: LAST,
    hash_rate_unit: 'Gh/s',
    hash_rate_scoring: 100_000,
    hash_rate_5m: 101_200.5,
    hash_rate_60m: 101_000,
    hash_rate_24h: 98_000,
    shares_5m: 120,
    shares_60m: 1_400,
    shares_24h: 33_000,
  };
  const workers = {
    'alice.[auto]': { state: 'dis', last_share: 1_616_202_341, hash_rate_unit: 'Gh/s', hash_rate_5m: 0 },
    'alice.rig3': rig3,
    'alice.rig4': { state: 'off', last_share: null, hash_rate_unit: 'Gh/s', hash_rate_5m: 0, shares_24h: 0 },
  };

  test('is asked with the token in a header, which is a word until it is sent', () => {
    expect(requestOf(account)).toEqual({
      method: 'GET',
      path: '/accounts/workers/json/btc/',
      headers: { 'Pool-Auth-Token': '$TOKEN' },
    });
  });

  test.each([
    ['as documented', { btc: { workers } }],
    ['without the coin', { workers }],
    ['without both', workers],
  ])('tells of a worker %s', (_, doc) => {
    expect(viewOf(read(account, doc))).toEqual({
      lastShareAgeS: 41,
      hashrateHs: 101_200_500_000_000,
      accepted: 33_000,
      rejected: null,
      note: null,
    });
  });

  test('has no share of a worker that never sent one', () => {
    const answer = viewOf(read({ ...account, worker: 'rig4' }, { btc: { workers } }));
    expect(answer).toMatchObject({ lastShareAgeS: null, note: 'the pool knows this worker and has no share of it' });
  });

  test('with an account that has no workers does not know the worker', () => {
    expect(viewOf(read(account, { btc: { workers: {} } })).note).toBe('the pool does not know this worker');
  });

  test.each([
    [{}, 'no "workers"'],
    [{ error: { code: 5, message: 'Token expired' } }, 'Token expired'],
    [{ username: 'alice', btc: { ok_workers: 1, hash_rate_5m: 5 } }, 'no "workers"'],
    ['ok', 'no "workers"'],
  ])('%j is another form', (doc, what) => {
    expect(reasonOf(read(account, doc))).toBe(
      `braiins-pool answered in another form than its documentation has: ${what}`,
    );
  });
});

describe('Ocean', () => {
  const account = accountAt('ocean', 'bc1qocean', 'rig3');
  const snapshot = {
    snap_type: 'worker',
    snap_ts: '1751962080',
    shares_60s: '12',
    shares_300s: '61',
    hashrate_60s: '100000000000000',
    hashrate_300s: '101200000000000',
    lastest_share_ts: '1751962081',
    shares_in_tides: '103027310592',
  };
  const gone = { error: 'No such user or user has no active workers' };

  test('is asked for the one worker, whose numbers are text', () => {
    expect(requestOf(account).path).toBe('/v1/statsnap/bc1qocean.rig3');
    expect(viewOf(read(account, { result: snapshot }))).toEqual({
      lastShareAgeS: 41,
      hashrateHs: 101_200_000_000_000,
      accepted: 61,
      rejected: null,
      note: null,
    });
  });

  test('is asked for all workers where the one is not there', () => {
    const next = read(account, gone);
    expect(next).toEqual({ next: { method: 'GET', path: '/v1/userinfo_full/bc1qocean', headers: {} } });
    const asked = (next as { next: PoolRequest }).next;
    const all = { result: { user_full: snapshot, workers: [{ rig1: snapshot }, { rig3: snapshot }] } };
    expect(viewOf(read(account, all, asked)).lastShareAgeS).toBe(41);
    expect(viewOf(read(account, { result: { workers: { rig3: [snapshot] } } }, asked)).lastShareAgeS).toBe(41);
    const others = { result: { workers: [{ rig1: snapshot }] } };
    expect(viewOf(read(account, others, asked)).note).toBe(
      'the pool does not know this worker: one other worker of the account is known',
    );
    expect(viewOf(read(account, gone, asked)).note).toBe(
      'the pool does not know this worker: there is no such user, or none of its workers is active',
    );
  });

  test('without a worker is asked for all at once', () => {
    const user = accountAt('ocean', 'bc1qocean', null);
    expect(requestOf(user).path).toBe('/v1/userinfo_full/bc1qocean');
    expect(viewOf(read(user, { result: { workers: [{ rig1: snapshot }] } })).lastShareAgeS).toBe(41);
    expect(reasonOf(read(user, gone))).toBe('ocean knows no user bc1qocean, or none with an active worker');
  });

  test('says what is wrong in its own words', () => {
    expect(reasonOf(read(account, { error: 'Database is\u001b[31m down' }))).toBe('ocean says: Database is down');
  });
});

describe('F2Pool', () => {
  const account = accountAt('f2pool', 'alice', '57x10x78x137', 'a-secret-of-f2pool');
  const workers = [
    {
      hash_rate_info: {
        name: '57x10x78x137',
        hash_rate: 107_898_741_072_418.14,
        h1_hash_rate: 106_000_000_000_000,
        h24_stale_hash_rate: 3_000_000_000,
      },
      last_share_at: LAST,
      status: 0,
      host: '10.78.137.1',
    },
    { hash_rate_info: { name: 'old', hash_rate: 0 }, last_share_at: '2025-07-08T07:08:42Z', status: 1 },
  ];

  test('with a token is asked as version 2', () => {
    expect(requestOf(account)).toEqual({
      method: 'POST',
      path: '/v2/hash_rate/worker/list',
      headers: { 'Content-Type': 'application/json', 'F2P-API-SECRET': '$TOKEN' },
      body: '{"mining_user_name":"alice","currency":"bitcoin"}',
    });
    expect(viewOf(read(account, { workers }))).toEqual({
      lastShareAgeS: 41,
      hashrateHs: 107_898_741_072_418.14,
      accepted: null,
      rejected: null,
      note: null,
    });
    expect(viewOf(read({ ...account, worker: 'old' }, { data: { workers } })).lastShareAgeS).toBe(3_600);
  });

  test('without one as version 1, whose workers are lists', () => {
    const open = accountAt('f2pool', 'user', 'minerx01');
    expect(requestOf(open)).toEqual({ method: 'GET', path: '/bitcoin/user', headers: {} });
    const doc = {
      balance: 0.000045036645168645,
      workers: [['minerx01', 12_650_560_751_040, 0, 0, 1.084e21, 2.5e15, '2025-07-08T08:02:41.810789Z', false]],
      worker_length: 1,
    };
    expect(viewOf(read(open, doc))).toMatchObject({ lastShareAgeS: 360, hashrateHs: 12_650_560_751_040 });
  });

  test('says no with a code, and null for a user without workers', () => {
    expect(reasonOf(read(account, { code: -10_001, msg: 'auth: token is invalid' }))).toBe(
      'f2pool says: auth: token is invalid (code -10001)',
    );
    expect(viewOf(read(account, { workers: null })).note).toBe('the pool does not know this worker');
    expect(reasonOf(read(account, {}))).toMatch(/another form/);
  });
});

describe('Luxor', () => {
  const account = accountAt('luxor', 'subaccount_1', 'worker-1', 'lxk.a-key');
  const worker = {
    id: 'string',
    currency_type: 'BTC',
    subaccount_name: 'subaccount_1',
    name: 'worker-1',
    firmware: '1.0.0',
    hashrate: 101_200_000_000_000,
    efficiency: 0.996,
    stale_shares: 4,
    rejected_shares: 12,
    last_share_time: '2025-07-08T08:08:01Z',
    status: 'ACTIVE',
  };
  const pageWith = (workers: object[], next: string | null) => ({
    currency_type: 'BTC',
    total_active: 1,
    workers,
    pagination: { page_number: 1, page_size: 1000, item_count: 1, previous_page_url: null, next_page_url: next },
  });

  test('is asked for the workers of the subaccount', () => {
    expect(requestOf(account)).toEqual({
      method: 'GET',
      path: '/api/v2/pool/workers/BTC?subaccount_names=subaccount_1&page_number=1&page_size=1000',
      headers: { authorization: '$TOKEN' },
    });
    expect(viewOf(read(account, pageWith([worker], null)))).toEqual({
      lastShareAgeS: 41,
      hashrateHs: 101_200_000_000_000,
      accepted: null,
      rejected: 12,
      note: null,
    });
  });

  test('is asked for the next page as long as there is one', () => {
    const other = { ...worker, name: 'worker-2' };
    const next = read(account, pageWith([other], 'https://app.luxor.tech/api/v2/...')) as { next: PoolRequest };
    expect(next.next.path).toBe('/api/v2/pool/workers/BTC?subaccount_names=subaccount_1&page_number=2&page_size=1000');
    expect(viewOf(read(account, pageWith([other], null), next.next)).note).toBe('the pool does not know this worker');
    const eighth = { ...next.next, path: next.next.path.replace('number=2', 'number=8') };
    expect(reasonOf(read(account, pageWith([other], 'more'), eighth))).toMatch(/more workers than the 8 pages/);
  });

  test('does not mix up two subaccounts', () => {
    const foreign = { ...worker, subaccount_name: 'subaccount_2' };
    expect(viewOf(read(account, pageWith([foreign], null))).lastShareAgeS).toBeNull();
  });
});

test('no reply of a pool breaks a reader or makes it tell an age below zero', () => {
  const text = fc.oneof(fc.constantFrom('a.b', 'b', 'a', '', '1751962081', '-5', 'ok'), fc.string({ maxLength: 8 }));
  const leaf = fc.oneof(text, fc.integer(), fc.double(), fc.constantFrom(null, true, LAST, LAST * 1000, 0));
  const keys = fc.constantFrom(
    ...['worker', 'workers', 'workername', 'name', 'lastshare', 'lastSeen', 'last_share', 'lastest_share_ts', 'result'],
    ...[
      'btc',
      'a.b',
      'hash_rate_info',
      'last_share_at',
      'last_share_time',
      'pagination',
      'next_page_url',
      'error',
      'msg',
    ],
    ...['hashrate5m', 'hashRate', 'hash_rate_5m', 'hash_rate_unit', '__proto__', 'constructor', 'data', 'code'],
  );
  const { doc } = fc.letrec((tie) => ({
    doc: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('doc'), { maxLength: 4 }),
      fc.dictionary(keys, tie('doc'), { maxKeys: 6 }),
    ),
  }));
  const paths = { lastShare: 'workers[name={worker}].last_share', lastShareIs: 'epoch-s', hashrate: 'btc[0]' } as const;
  fc.assert(
    fc.property(doc, fc.constantFrom('b', null), fc.nat(1), (reply, worker, second) => {
      for (const dialect of POOL_DIALECTS) {
        const account: PoolAccount = { ...accountAt(dialect.id, 'a', worker, 'secret-token'), paths };
        const asked = requestOf(account);
        const all = { ...asked, path: '/v1/userinfo_full/a' };
        const answer = dialect.read(reply, account, NOW, second === 1 && dialect.id === 'ocean' ? all : asked);
        if ('view' in answer) {
          const { lastShareAgeS, hashrateHs } = answer.view;
          expect(lastShareAgeS === null || (Number.isInteger(lastShareAgeS) && lastShareAgeS >= 0)).toBe(true);
          expect(lastShareAgeS !== null || answer.note !== null).toBe(true);
          expect(hashrateHs === null || hashrateHs >= 0).toBe(true);
        } else if ('notSeen' in answer) expect(answer.notSeen.length).toBeGreaterThan(5);
        else expect(answer.next.path).toMatch(/^\//);
      }
    }),
    { seed: 8, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
