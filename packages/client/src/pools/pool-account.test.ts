import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadframeError } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parsePoolAccount } from './pool-account.ts';
import { type PoolAccountOptions, poolAccountsFrom } from './pool-accounts.ts';

function complaint(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof HeadframeError && error.code === 'usage/invalid') return error.message;
    throw error;
  }
  return 'no complaint';
}

describe('an account as it is typed', () => {
  test.each([
    ['public-pool:bc1qxyz:rig3', { pool: 'public-pool', account: 'bc1qxyz', worker: 'rig3' }],
    ['braiins-pool:alice.rig3', { pool: 'braiins-pool', account: 'alice', worker: 'rig3' }],
    ['ckpool:bc1qxyz', { pool: 'ckpool', account: 'bc1qxyz', worker: null }],
    ['ckpool:bc1qxyz:left.shelf', { pool: 'ckpool', account: 'bc1qxyz', worker: 'left.shelf' }],
    ['ckpool@https://host:alice.rig3', { pool: 'ckpool', url: 'https://host', account: 'alice', worker: 'rig3' }],
    [
      'public-pool@http://10.0.9.2:3334:bc1qxyz:rig3',
      { pool: 'public-pool', url: 'http://10.0.9.2:3334', account: 'bc1qxyz', worker: 'rig3' },
    ],
    ['ocean@http://[fd00::2]:80/:bc1q.r', { pool: 'ocean', url: 'http://[fd00::2]:80', account: 'bc1q', worker: 'r' }],
    [
      'f2pool@https://host/proxy/f2:alice',
      { pool: 'f2pool', url: 'https://host/proxy/f2', account: 'alice', worker: null },
    ],
  ])('%s', (text, account) => {
    expect(parsePoolAccount(text)).toEqual({ machines: null, account });
  });

  test('may say which machine is meant', () => {
    const { machines, account } = parsePoolAccount('10.0.4.0/24=luxor:sub:rig-{4}');
    expect(account).toEqual({ pool: 'luxor', account: 'sub', worker: 'rig-{4}' });
    expect([machines?.includes('10.0.4.21'), machines?.includes('10.0.5.21')]).toEqual([true, false]);
  });

  test.each([
    ['', 'is not the account of a pool'],
    ['rig3', 'is not the account of a pool'],
    ['slush:alice.rig3', 'known: ckpool, public-pool, braiins-pool, ocean, f2pool, luxor, json'],
    ['ckpool:', 'The account at the pool is missing'],
    ['ckpool:a:', 'The worker at the pool is missing'],
    ['ckpool:..:b', 'The account at the pool is missing'],
    ['ckpool:a/../b:c', 'cannot be the account'],
    ['ckpool:a b:c', 'cannot be the account'],
    ['ckpool@https://host', 'has no URL and account behind its @'],
    ['ckpool@ftp://host:alice', 'has no URL and account behind its @'],
    ['ckpool@https://me:pw@host:alice', 'has no URL and account behind its @'],
    ['json:alice', 'needs paths'],
    ['10.0.0.300=ckpool:a:b', '10.0.0.300'],
    [`ckpool:${'a'.repeat(2_000)}`, 'longer than 1000 characters'],
  ])('%s is none', (text, words) => {
    expect(complaint(() => parsePoolAccount(text))).toContain(words);
  });

  test('of any text is an account or a complaint', () => {
    const parts = fc.constantFrom(
      'ckpool',
      ':',
      '@',
      'https://',
      'host',
      '.',
      'a',
      '=',
      '10.0.0.1',
      '/24',
      '[',
      ']',
      '\n',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(parts, { maxLength: 9 }).map((all) => all.join('')),
        ),
        (text) => {
          expect(typeof complaint(() => parsePoolAccount(text))).toBe('string');
        },
      ),
      { seed: 8, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});

function fileWith(content: unknown, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), 'headframe-pools-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'pools.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(file, mode);
  return file;
}

const from = (options: PoolAccountOptions) => poolAccountsFrom({ env: {}, ...options });
const ofFile = (...pools: object[]) => from({ file: fileWith({ pools }) });

describe('the account of a machine', () => {
  test('is the first that fits its address, its worker made from that', () => {
    const accounts = ofFile(
      {
        range: '10.0.4.0/22',
        pool: 'braiins-pool',
        account: 'alice',
        worker: 'rig-{3}-{4}',
        token: 'word-of-the-file',
      },
      { range: '10.0.9.7', pool: 'ocean', account: 'bc1qxyz', worker: 'heater' },
    );
    expect(accounts('10.0.5.21')).toEqual({
      pool: 'braiins-pool',
      account: 'alice',
      worker: 'rig-5-21',
      token: 'word-of-the-file',
    });
    expect(accounts('10.0.9.7')).toEqual({ pool: 'ocean', account: 'bc1qxyz', worker: 'heater' });
    expect(accounts('10.0.9.8')).toBeNull();
  });

  test('is chosen by what the machine itself calls its worker', () => {
    const accounts = ofFile(
      { pool: 'ckpool', account: 'alice', worker: 'rig3' },
      { pool: 'braiins-pool', account: 'alice', token: 'word-of-the-file' },
      { pool: 'ocean', account: 'bc1qxyz' },
    );
    expect(accounts('10.0.0.1', 'alice.rig3')).toMatchObject({ pool: 'ckpool', worker: 'rig3' });
    expect(accounts('10.0.0.1', 'Alice.rig4')).toMatchObject({ pool: 'braiins-pool', worker: 'rig4' });
    expect(accounts('10.0.0.1', 'bc1qxyz_heater')).toMatchObject({ pool: 'ocean', worker: 'heater' });
    expect(accounts('10.0.0.1', 'bc1qxyz')).toMatchObject({ pool: 'ocean', worker: null });
  });

  test('is not one that the machine does not mine for, unless a person placed the machine there', () => {
    const entry = { pool: 'braiins-pool', account: 'alice', token: 'word-of-the-file' };
    expect(ofFile(entry)('10.0.0.1', 'bob.rig3')).toBeNull();
    expect(ofFile({ ...entry, range: '10.0.0.1', worker: 'rig3' })('10.0.0.1', 'bob.rig9')).toMatchObject({
      worker: 'rig3',
    });
  });

  test('typed ones come before those of the file', () => {
    const file = fileWith({ pools: [{ pool: 'ocean', account: 'bc1qxyz', worker: 'r' }] });
    expect(from({ file, texts: ['ckpool:a:b'] })('10.0.0.1')).toMatchObject({ pool: 'ckpool' });
  });
});

describe('the token of the environment', () => {
  const env = { HEADFRAME_POOL_TOKEN: 'word-of-the-environment' };

  test('goes to the pool that takes one and has none', () => {
    const accounts = poolAccountsFrom({ env, texts: ['10.0.0.1=ckpool:a:b', 'braiins-pool:alice.rig3'] });
    expect(accounts('10.0.0.1')).not.toHaveProperty('token');
    expect(accounts('10.0.0.2')).toMatchObject({ pool: 'braiins-pool', token: 'word-of-the-environment' });
  });

  test('goes to no pool where it could be that of another', () => {
    const texts = ['braiins-pool:alice.rig3', 'luxor:sub:rig3'];
    expect(complaint(() => poolAccountsFrom({ env, texts }))).toContain(
      'HEADFRAME_POOL_TOKEN could be for braiins-pool, luxor',
    );
  });
});

describe('a file of pool accounts', () => {
  const paths = { lastShare: 'w[name={worker}].last', lastShareIs: 'iso' };

  test('may describe a page by paths', () => {
    const page = {
      pool: 'json',
      url: 'https://p.example/u/{account}?coin=btc',
      account: 'alice',
      worker: 'rig3',
      paths,
    };
    expect(ofFile(page)('10.0.0.1')).toEqual(page);
  });

  test('that is open to everybody is refused', () => {
    expect(complaint(() => from({ file: fileWith({ pools: [] }, 0o604) }))).toContain('chmod 600');
  });

  test('that is not there is refused', () => {
    expect(complaint(() => from({ file: '/nowhere/pools.json' }))).toContain('cannot be read (ENOENT)');
  });

  test.each([
    ['{"pools": [{"token": "word-of-the-file"', 'is not JSON'],
    [{ accounts: [] }, 'has no list "pools"'],
    [{ pools: ['ckpool:a:b'] }, 'is not an object'],
    [{ pools: [{ pool: 'ckpool' }] }, 'lacks "pool" or "account"'],
    [{ pools: [{ pool: 'nicehash', account: 'a' }] }, '"nicehash" is no pool'],
    [{ pools: [{ pool: 'ckpool', account: 'a', pasword: 'x' }] }, 'a key "pasword"'],
    [{ pools: [{ pool: 'ckpool', account: 7 }] }, 'has a "account" that is not text'],
    [{ pools: [{ pool: 'json', account: 'a', url: 'https://p.example' }] }, 'lacks "url" or "paths"'],
    [{ pools: [{ pool: 'ckpool', account: 'a', paths }] }, 'only a pool "json" needs'],
    [{ pools: [{ pool: 'json', account: 'a', url: 'https://p.example', paths: { lastShare: 'a' } }] }, '"lastShareIs"'],
    [
      { pools: [{ pool: 'json', account: 'a', url: 'https://p.example', paths: { ...paths, accepted: 'a[' } }] },
      '"a[" is not a path',
    ],
    [{ pools: [{ pool: 'json', account: 'a', url: 'https://p.example?api_key=x', paths }] }, 'holds no token'],
    [{ pools: [{ pool: 'ocean', account: 'a', url: 'https://p.example?x=1' }] }, 'ends before its query'],
    [{ pools: [{ pool: 'ocean', account: 'a', url: 'https://me:pw@p.example' }] }, 'no user name and no password'],
    [{ pools: [{ pool: 'ocean', account: 'a', url: 'file:///etc/passwd' }] }, 'begins with https:// or http://'],
  ])('%j is refused, and no token of it is said', (content, words) => {
    const said = complaint(() => from({ file: fileWith(content) }));
    expect(said).toContain(words);
    expect(said).not.toContain('word-of-the-file');
  });
});
