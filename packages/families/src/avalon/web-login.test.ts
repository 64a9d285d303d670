import { newMemory } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { Double, section } from './double.testing.ts';
import { readAvalon } from './read.ts';
import { authCookie, minerInfoReply, pageAnswers } from './web-login.ts';

const LOGIN = { username: 'root', password: 'root' };
const LOGIN_PAGE = '<!DOCTYPE html><html><title>Login</title></html>';
const INFO = 'minerinfoCallback({"mac":"b4:a2:eb:00:00:01","version":"24071801_42c628d"});';
const locked =
  (cookie: string) =>
  (given: string | null): string =>
    given === `auth=${cookie}` ? INFO : LOGIN_PAGE;
/** protocols.md 4: the cookie for the password root. */
const ROOT = 'ff0000ff4813494d137e1631bba301d5';
const read = (double: Double, memory = newMemory(), login: typeof LOGIN | null = LOGIN) =>
  minerInfoReply(double.links(login), memory, {});

describe('the login of the web page', () => {
  test('is a cookie of eight digits and the first half of a checksum', () => {
    expect(authCookie('root')).toBe(ROOT);
  });

  test('opens the page', async () => {
    const double = new Double({}, { '/get_minerinfo.cgi': locked(ROOT) });
    expect((await read(double))?.doc).toMatchObject({ mac: 'b4:a2:eb:00:00:01' });
    expect(double.cookies).toEqual([`auth=${ROOT}`]);
  });

  test('has other digits where the machine names them', async () => {
    const double = new Double(
      {},
      {
        '/get_minerinfo.cgi': locked('d653884a4813494d137e1631bba301d5'),
        '/get_auth.cgi': () => 'getAuthCallback({"auth":"d653884a","code":"2ba189cfb150e62cdaedc4a2"});',
      },
    );
    expect((await read(double))?.error).toBeNull();
    expect(double.cookies).toEqual([`auth=${ROOT}`, null, 'auth=d653884a4813494d137e1631bba301d5']);
  });

  test('a wrong one is answered with the page for the login, status 200: rejected, and not tried again for an hour', async () => {
    const double = new Double({}, { '/get_minerinfo.cgi': locked('other') });
    const memory = newMemory();
    expect((await read(double, memory))?.error?.code).toBe('auth/rejected');
    const asked = double.cookies.length;
    await read(double, memory);
    expect(double.cookies).toHaveLength(asked);
    double.now += 3_600_000;
    await read(double, memory);
    expect(double.cookies.length).toBeGreaterThan(asked);
  });

  test('without one nothing is asked', async () => {
    const double = new Double({}, { '/get_minerinfo.cgi': locked(ROOT) });
    expect(await read(double, newMemory(), null)).toBeNull();
    expect(double.cookies).toEqual([]);
  });

  test('a page that is no page is an error of the table', async () => {
    const double = new Double({}, { '/get_minerinfo.cgi': () => 'minerinfoCallback({"mac":' });
    expect((await read(double))?.error?.code).toBe('protocol/truncated');
    expect((await read(new Double({}, { '/other.cgi': () => '' })))?.error?.code).toBe('support/unsupported');
  });

  test('answers are told from the page for the login', async () => {
    const links = new Double({}, { '/get_minerinfo.cgi': locked(ROOT) }).links(LOGIN);
    expect(await pageAnswers(links, 'root')).toBe(true);
    expect(await pageAnswers(links, 'admin')).toBe(false);
    expect(await pageAnswers(links, null)).toBe(false);
  });
});

describe('reading', () => {
  const says = (version: object) => ({
    'version+summary+pools+stats': JSON.stringify({
      version: [JSON.parse(section('VERSION', [version]))],
      summary: [JSON.parse(section('SUMMARY', [{ Elapsed: 100 }]))],
      pools: [JSON.parse(section('POOLS', [{ POOL: 0, URL: 'u', User: 'w', Password: 'hunter2' }]))],
      stats: [JSON.parse(section('STATS', [{ 'MM ID0': 'Ver[x] Elapsed[1]' }]))],
      id: 1,
    }),
  });

  test('the page is asked only where the port does not tell the MAC address', async () => {
    const told = new Double(says({ PROD: 'Avalon Q', MAC: '02:25:18:00:00:01' }), {
      '/get_minerinfo.cgi': locked(ROOT),
    });
    await readAvalon(told.links(LOGIN), newMemory());
    expect(told.cookies).toEqual([]);
    // A fresh read shows whether the login is taken.
    await readAvalon(told.links(LOGIN), newMemory(), { fresh: true });
    expect(told.cookies).toEqual([`auth=${ROOT}`]);
    const silent = new Double(says({ PROD: 'Avalonnano' }), { '/get_minerinfo.cgi': locked(ROOT) });
    const replies = await readAvalon(silent.links(LOGIN), newMemory());
    expect(replies.get('http:minerinfo')?.doc).toMatchObject({ mac: 'b4:a2:eb:00:00:01' });
  });

  test('no reply keeps the password of a pool', async () => {
    const replies = await readAvalon(new Double(says({ PROD: 'Avalon Q' })).links(), newMemory());
    for (const { doc, raw } of replies.values()) {
      expect(JSON.stringify(doc)).not.toContain('hunter2');
      expect(raw).toBeNull();
    }
  });
});
