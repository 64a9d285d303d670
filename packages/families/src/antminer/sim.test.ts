import { digestHeader } from '@headframe/wire/http';
import { describe, expect, test } from 'vitest';
import { ask, command, device, get, HOUR, NOW, POWERED, page } from './sim.testing.ts';

/** A page with a password, asked for at one time and signed at another. */
const signed = (on: ReturnType<typeof device>, path: string, password = 'root', now = NOW, answeredAt = now) =>
  page(on, path, now, { password }, answeredAt);

describe('port 4028 under the factory list', () => {
  const s19 = device('s19-pro');

  test('answers the five commands of group A and nothing else', () => {
    for (const name of ['version', 'summary', 'stats', 'pools', 'devs']) {
      expect(ask(s19, command(name))).toContain('"STATUS":"S"');
    }
    for (const name of ['config', 'lcd', 'coin', 'estats', 'check', 'switchpool', 'quit', 'privileged', 'noncenum']) {
      expect(ask(s19, command(name))).toContain(`"Code":45,"Msg":"Access denied to '${name}' command"`);
    }
    for (const name of ['pgaset', 'dbgstats', 'fans', 'temps']) {
      expect(ask(s19, command(name))).toContain('"Code":14,"Msg":"Invalid command"}');
    }
  });

  test('answers a join slot by slot', () => {
    const reply = ask(s19, command('version+lcd+fans'));
    expect(reply).toMatch(/^\{"version":\[\{"STATUS".*"lcd":\[.*"Code":45.*"fans":\[.*"Code":14.*,"id":1\}\0$/);
  });

  test('forgets the comma between the first two records of STATS, in text form there is none to forget', () => {
    expect(ask(s19, command('stats'))).toContain('"Type":"Antminer S19 Pro"}{"STATS":0,"ID":"BTM_SOC0"');
    expect(ask(s19, command('stats+summary'))).toContain('}{"STATS":0');
    expect(ask(s19, 'stats')).toContain('Type=Antminer S19 Pro|STATS=0,ID=BTM_SOC0');
    expect(ask(device('s19-pro', { 'stats-without-comma': false }), command('stats'))).toContain('},{"STATS":0');
  });

  test('misspells two names and writes the last share as a time that has passed', () => {
    expect(ask(s19, command('pools'))).toMatch(/"Last Share Time":"\d+:\d\d:\d\d","Diff":"524K"/);
    expect(ask(s19, command('pools'))).toContain('"Pool Stale%%":');
    expect(ask(s19, command('devs'))).toContain('"Tenperature":0.00');
    expect(ask(s19, command('summary'))).toContain('"Getwork":');
  });

  test('ignores new_api on older firmware and within the parameter, and answers it on newer', () => {
    const s21 = device('s21');
    expect(ask(s19, command('summary', { new_api: true }))).toContain('"GHS 5s"');
    expect(ask(s21, command('summary', { parameter: '{"new_api":true}' }))).toContain('"GHS 5s"');
    expect(ask(s21, command('summary'))).toContain('"GHS 5s"');
    expect(ask(s21, command('summary', { new_api: true }))).toContain('"Msg": "summary", "api_version": "1.0.0"');
    expect(ask(s21, command('stats', { new_api: true }))).toContain('"chain": [{"index": 0,');
  });
});

test('an S9 lets everybody do everything, and has its own LCD record', () => {
  const s9 = device('s9');
  expect(ask(s9, command('privileged'))).toContain('"Code":46');
  expect(ask(s9, command('lcd'))).toMatch(
    /"LCD":\[\{"LCD":0,"GHS5s":\d+\.\d\d,"GHSavg":\d+\.\d\d,"temp":\d+,"pool":"stratum/,
  );
  expect(ask(s9, command('check', { parameter: 'quit' }))).toContain('"Exists":"Y","Access":"Y"');
  expect(ask(s9, command('config'))).toContain('"Failover-Only":false');
});

describe('the web page', () => {
  const s19 = device('s19-pro');

  test('asks for a password on every path, whether there is something or not', () => {
    for (const path of ['/', '/cgi-bin/get_system_info.cgi', '/nothing/here']) {
      const reply = get(s19, path);
      expect(reply.status).toBe(401);
      expect(reply.headers['www-authenticate']).toMatch(
        /^Digest realm="antMiner Configuration", nonce="[^"]+", qop="auth"$/,
      );
    }
  });

  test('knows root and one password', () => {
    expect(signed(s19, '/cgi-bin/get_system_info.cgi').status).toBe(200);
    expect(signed(s19, '/cgi-bin/get_system_info.cgi', 'admin').status).toBe(401);
    expect(signed(s19, '/cgi-bin/get_system_info.cgi', 'admin').headers['www-authenticate']).not.toContain('stale');
  });

  test('calls a nonce of its own stale after ten minutes, and one that it never gave nothing at all', () => {
    const path = '/cgi-bin/summary.cgi';
    expect(signed(s19, path, 'root', NOW, NOW + 599_000).status).toBe(200);
    const late = signed(s19, path, 'root', NOW, NOW + 700_000);
    expect(late.status).toBe(401);
    expect(late.headers['www-authenticate']).toContain('stale=true');
    const challenge = {
      realm: 'antMiner Configuration',
      nonce: 'mine',
      opaque: null,
      qop: 'auth' as const,
      algorithm: null,
    };
    const authorization = digestHeader({
      user: 'root',
      password: 'root',
      method: 'GET',
      uri: path,
      challenge: { ...challenge, stale: false },
      nc: 1,
      cnonce: 'c',
    });
    expect(get(s19, path, { authorization }).headers['www-authenticate']).not.toContain('stale');
  });

  test('sends no content type with its JSON, and 404 for what it does not have', () => {
    const pages = ['miner_type', 'get_system_info', 'get_network_info', 'summary', 'stats', 'pools', 'chart'];
    for (const name of [...pages, 'get_miner_conf', 'get_blink_status']) {
      const reply = signed(s19, `/cgi-bin/${name}.cgi`);
      expect([name, reply.status, reply.headers['content-type']]).toEqual([name, 200, undefined]);
      expect(() => JSON.parse(reply.text)).not.toThrow();
    }
    expect(signed(s19, '/cgi-bin/kill_bmminer.cgi').status).toBe(404);
    expect(signed(s19, '/cgi-bin/miner_stats.cgi').status).toBe(404);
    expect(signed(s19, '/cgi-bin/constructor.cgi').status).toBe(404);
    expect(signed(s19, '/cgi-bin/log.cgi').text).toContain('Antminer S19 Pro');
  });

  test('has the address by which it was reached, and a name plate that the seed decides', () => {
    const info = JSON.parse(signed(s19, '/cgi-bin/get_system_info.cgi').text);
    expect(info).toMatchObject({ minertype: 'Antminer S19 Pro', ipaddress: '127.3.2.1' });
    expect(info.macaddr).toMatch(/^02(:[0-9A-F]{2}){5}$/);
    expect(JSON.parse(signed(device('s19-pro'), '/cgi-bin/get_system_info.cgi').text)).toEqual(info);
  });

  test('of an S9 is the older one: no summary.cgi, and replies passed on with their missing comma', () => {
    const s9 = device('s9');
    expect(signed(s9, '/cgi-bin/summary.cgi').status).toBe(404);
    expect(signed(s9, '/cgi-bin/miner_type.cgi').status).toBe(404);
    expect(signed(s9, '/cgi-bin/miner_stats.cgi').text).toContain('"Type":"Antminer S9"}{"STATS":0,"ID":"BC50"');
    expect(JSON.parse(signed(s9, '/cgi-bin/get_system_info.cgi').text)).toHaveProperty('ant_hwv');
  });

  test('says so when there is no mining program to ask', () => {
    expect(signed(s19, '/cgi-bin/summary.cgi', 'root', POWERED + 50_000).text).toMatch(/^Socket connect failed/);
  });

  test('can be left open', () => {
    expect(get(device('s21', { 'no-password': true }), '/cgi-bin/get_system_info.cgi').status).toBe(200);
  });
});

describe('a machine that is switched on', () => {
  test('first has no port, then its web page, then its mining program', () => {
    const on = device('s19-pro');
    const open = (after: number) => [on.listening('http', POWERED + after), on.listening('cgminer', POWERED + after)];
    expect([10_000, 50_000, 66_000, 68_000].map(open)).toEqual([
      [false, false],
      [true, false],
      [true, false],
      [true, true],
    ]);
  });

  test('hashes nothing while it looks for its boards, then about what it should', () => {
    const rate = (after: number) =>
      Number(/"GHS 5s":([\d.]+)/.exec(ask(device('s19-pro'), command('summary'), POWERED + after))?.[1]);
    expect(rate(90_000)).toBe(0);
    expect(rate(2 * HOUR)).toBeGreaterThan(95_000);
    expect(rate(2 * HOUR)).toBeLessThan(125_000);
  });

  test('is the same however often it was asked before', () => {
    const often = device('l7');
    for (let at = POWERED + HOUR; at < NOW; at += 600_000) ask(often, command('stats+summary+pools'), at);
    expect(ask(often, command('stats+summary+pools'))).toBe(ask(device('l7'), command('stats+summary+pools')));
  });
});

describe('what can be wrong with a machine', () => {
  test('a dead board, a dead chip, a fan that stands still', () => {
    const sick = device('s19-pro', { 'dead-board': true, 'dead-chip': true, 'stalled-fan': true });
    const stats = ask(sick, command('stats'));
    expect(stats).toContain('"chain_acn1":114,"chain_acn2":114,"chain_acn3":0,"chain_acn4":0');
    expect(stats).toContain('"chain_acs1":" ooo ooo ooo oxo ooo');
    expect(stats).toMatch(/"chain_rate3":"","chain_rate4":""/);
    expect(stats).toMatch(/"fan_num":4,"fan1":0,"fan2":[1-9]/);
  });

  test('asleep it has empty lists, and its configuration says why', () => {
    const asleep = device('s21', { asleep: true });
    expect(ask(asleep, command('summary'))).toContain('"SUMMARY":[],"id":1}');
    expect(ask(asleep, command('stats'))).toContain('"STATS":[],"id":1}');
    expect(JSON.parse(signed(asleep, '/cgi-bin/stats.cgi').text).STATS).toEqual([]);
    expect(JSON.parse(signed(asleep, '/cgi-bin/get_miner_conf.cgi').text)['bitmain-work-mode']).toBe('1');
  });

  test('a pool that is dead from the start', () => {
    expect(ask(device('s19-pro', { 'dead-pool': true }), command('pools'))).toMatch(/"POOL":0,.*?"Status":"Dead"/);
  });
});
