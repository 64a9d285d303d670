import { describe, expect, test } from 'vitest';
import { Caller, textOf } from './sim-doors.testing.ts';

const TOOL = { 'user-agent': 'BTC Tools v0.1' };
const S9 = 's9-22.08';
const LAN = '/cgi-bin/luci/admin/network/iface_status/lan';

function luci(name: string, quirks = {}) {
  const somebody = new Caller({ name, quirks });
  const login = (password: string) =>
    somebody.http('POST', '/cgi-bin/luci', `luci_username=root&luci_password=${password}`, TOOL);
  const get = (path: string, cookie = '') => somebody.http('GET', path, '', { ...TOOL, cookie });
  return { somebody, login, get };
}

const cookieOf = ({ headers }: { headers: Readonly<Record<string, string>> }): string =>
  (headers['Set-Cookie'] ?? '').split(';')[0] ?? '';

describe('port 80 of BraiinsOS', () => {
  test('has a page that says whose it is', () => {
    const page = new Caller().http('GET', '/');
    expect([page.status, page.headers['Content-Type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(textOf(page.body)).toContain('<title>Braiins OS</title>');
    expect(new Caller().http('GET', '/nothing').status).toBe(404);
    expect(new Caller().http('POST', '/').status).toBe(405);
  });

  test('has LuCI for the tool that says its name alone', () => {
    expect(textOf(new Caller({ name: S9 }).http('GET', '/cgi-bin/luci').body)).toContain('Braiins OS');
    expect(new Caller({ name: S9 }).http('GET', LAN).status).toBe(404);
  });

  test('tells the MAC to whoever has the session of a login, in the form of captures', () => {
    const old = luci(S9);
    expect(old.get(LAN).status).toBe(401);
    const session = cookieOf(old.login('root'));
    expect(session).toMatch(/^session_id=\w{16}$/);
    expect(textOf(old.get(LAN, session).body)).toMatch(/^\[\{"macaddr": {2}"02(:[0-9A-F]{2}){5}"\}\]$/);
    const newer = luci('s21-plus-25.03');
    const { body } = newer.get(LAN, cookieOf(newer.login('')));
    expect(textOf(body)).toMatch(/^\[\{"macaddr":"02(:[0-9A-F]{2}){5}"\}\]$/);
  });

  test('has the same MAC everywhere', () => {
    const { somebody, login, get } = luci('s21-plus-25.03');
    const [{ macaddr }] = JSON.parse(textOf(get(LAN, cookieOf(login(''))).body));
    expect(somebody.graphql('{ bos { macAddress } }').data.bos.macAddress).toBe(macaddr);
  });

  test('says version, uptime and pools there, and refuses a wrong password and other pages', () => {
    const { login, get } = luci(S9, { 'own-password': true });
    expect([login('root').status, cookieOf(login('root'))]).toEqual([401, '']);
    const session = cookieOf(login('letmein'));
    const page = (path: string) => JSON.parse(textOf(get(`/cgi-bin/luci/${path}`, session).body));
    expect(page('bos/info')).toEqual({ version: '2022-09-13-0-11012d53-22.08-plus' });
    expect(page('admin/status/overview?status=1')).toEqual({ uptime: 7200, wan: { proto: 'dhcp' } });
    expect(page('admin/miner/cfg_data/').data).toMatchObject({
      format: { model: 'Antminer S9' },
      group: [{ name: 'Default', pool: [{ url: 'stratum+tcp://pool.example.com:3333', password: 'x' }, {}] }],
      autotuning: { enabled: true, psu_power_limit: 1420 },
    });
    expect(get('/cgi-bin/luci/admin/toString', session).status).toBe(404);
  });

  test('has no LuCI where REST is', () => {
    expect(luci('s19-26.04').login('').status).toBe(405);
  });
});
