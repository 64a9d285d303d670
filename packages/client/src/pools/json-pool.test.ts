import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followPath, parseJsonPath, stepsOf } from './json-path.ts';
import { headerFor, jsonPool } from './json-pool.ts';
import type { JsonPaths, PoolAccount, PoolAnswer } from './pool-dialect.ts';

const NOW = Date.UTC(2025, 6, 8, 8, 8, 42);
const fill = (text: string) => text.replaceAll('{worker}', 'alice.rig3');
const follow = (doc: unknown, path: string) => followPath(doc, parseJsonPath(path), fill);

describe('a path', () => {
  const doc = {
    data: { rows: [{ age: 41 }, { age: 42 }] },
    workers: [
      { name: 'rig1', n: 1 },
      { name: 'alice.rig3', n: 3 },
      { name: 7, n: 7 },
    ],
    btc: { 'alice.rig3': { last: 9 }, 'with "quotes"': 1 },
  };

  test.each([
    ['data.rows[0].age', 41],
    ['$.data.rows[1].age', 42],
    ['data["rows"][1]["age"]', 42],
    ['workers[name={worker}].n', 3],
    ['workers[name="alice.rig3"].n', 3],
    ['workers[name=7].n', 7],
    ['btc.{worker}.last', 9],
    ['btc["alice.rig3"].last', 9],
    ['btc["with \\"quotes\\""]', 1],
  ])('%s leads to %j', (path, value) => {
    expect(follow(doc, path)).toEqual({ value });
  });

  test.each([
    ['data.rows[7].age', 'path'],
    ['data.rows.age', 'path'],
    ['workers[name=rig9].n', 'path'],
    ['nothing[name={worker}].n', 'path'],
    ['data.rows[name={worker}].n', 'worker'],
    ['data.{worker}', 'worker'],
    ['btc.constructor', 'path'],
    ['btc.__proto__', 'path'],
  ])('%s leads nowhere: %s', (path, missing) => {
    expect(follow(doc, path)).toMatchObject({ missing });
  });

  test.each(['', ' ', '..', 'a..b', 'a.', 'a[', 'a[x]', 'a["b]', 'a b', '[=]', 'a'.repeat(301)])(
    '%j is none',
    (path) => {
      expect(stepsOf(path)).toBeNull();
    },
  );

  test('of any text is steps or none, and never leads out of the page', () => {
    const parts = fc.constantFrom('a', '.', '[', ']', '"', '=', '\\', '0', '{worker}', '$', ' ');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(parts).map((all) => all.join('')),
        ),
        fc.anything(),
        (path, page) => {
          const steps = stepsOf(path);
          if (steps !== null) expect(['value', 'missing']).toContain(Object.keys(followPath(page, steps, fill))[0]);
        },
      ),
      { seed: 8, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});

const accountWith = (paths: JsonPaths, token?: string): PoolAccount => ({
  pool: 'json',
  url: 'https://pool.example/api',
  account: 'alice',
  worker: 'rig3',
  paths,
  ...(token === undefined ? {} : { token }),
});

function read(doc: unknown, paths: JsonPaths): PoolAnswer {
  const account = accountWith(paths);
  return jsonPool.read(doc, account, NOW, { method: 'GET', path: '', headers: {} });
}

describe('a pool that is read by paths', () => {
  test.each([
    ['epoch-s', 1_751_962_081],
    ['epoch-s', '1751962081'],
    ['epoch-ms', 1_751_962_081_000],
    ['iso', '2025-07-08T08:08:01Z'],
    ['age-s', 41],
    ['age-s', '41.2'],
  ] as const)('tells the age of the last share from %s %j', (lastShareIs, last) => {
    const paths = {
      lastShare: 'w[name={worker}].last',
      lastShareIs,
      hashrate: 'w[name={worker}].rate',
      hashrateUnit: 'TH/s',
      accepted: 'w[name={worker}].ok',
      rejected: 'w[name={worker}].bad',
    };
    expect(read({ w: [{ name: 'rig3', last, rate: 101.2, ok: '980', bad: 12 }] }, paths)).toMatchObject({
      view: {
        pool: 'json',
        worker: 'alice.rig3',
        lastShareAgeS: 41,
        hashrateHs: 101_200_000_000_000,
        accepted: 980,
        rejected: 12,
      },
    });
  });

  test('takes seconds for seconds although they look like milliseconds', () => {
    const answer = read({ last: 1_751_962_081_000 }, { lastShare: 'last', lastShareIs: 'epoch-s' });
    expect(answer).toMatchObject({ notSeen: expect.stringContaining('cannot be one') });
  });

  test('knows that a worker is not on the page, and that the page is another one', () => {
    const paths: JsonPaths = { lastShare: 'w[name={worker}].last', lastShareIs: 'age-s' };
    expect(read({ w: [] }, paths)).toMatchObject({
      view: { lastShareAgeS: null },
      note: 'the pool does not know this worker: the page has no [name=rig3]',
    });
    expect(read({ message: 'wrong key' }, paths)).toEqual({
      notSeen:
        'json answered in another form than its documentation has: no w on the way to the last share (wrong key)',
    });
  });

  test.each([
    [-1, 'view'],
    [-5_000, 'notSeen'],
    [null, 'notSeen'],
    ['soon', 'notSeen'],
    [1e308, 'view'],
  ])('an age of %j gives a %s', (age, kind) => {
    expect(Object.keys(read({ age }, { lastShare: 'age', lastShareIs: 'age-s' }))).toContain(kind);
  });

  test('puts the token into the header that was named', () => {
    const paths = { lastShare: 'a', lastShareIs: 'age-s', tokenHeader: 'X-Api-Key' } as const;
    expect(jsonPool.request(accountWith(paths, 'secret'))).toMatchObject({ headers: { 'X-Api-Key': '$TOKEN' } });
    const plainPaths = { lastShare: 'a', lastShareIs: 'age-s' } as const;
    expect(jsonPool.request(accountWith(plainPaths, 'secret'))).toMatchObject({
      headers: { Authorization: 'Bearer $TOKEN' },
    });
    expect(jsonPool.request(accountWith(plainPaths))).toMatchObject({ headers: {} });
    expect(headerFor('no header: "$(rm)"')).toEqual({ name: '', scheme: '' });
  });
});
