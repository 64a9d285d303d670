import { describe, expect, test } from 'vitest';
import { ask, cgi, command, device, HOUR, json, NOW, order, page, post, rateOf, upload } from './sim.testing.ts';

const s17 = (quirks: Record<string, boolean> = {}) => device('s17-pro', quirks);
const SECOND = 1000;

const NAMES = [
  ...['_ant_pool1url', '_ant_pool1user', '_ant_pool1pw', '_ant_pool2url', '_ant_pool2user', '_ant_pool2pw'],
  ...['_ant_pool3url', '_ant_pool3user', '_ant_pool3pw', '_ant_nobeeper', '_ant_notempoverctrl'],
  ...['_ant_fan_customize_switch', '_ant_fan_customize_value', '_ant_freq', '_ant_voltage', '_ant_work_mode'],
];
const form = (...values: string[]) => NAMES.map((name, i) => `${name}=${values[i] ?? ''}`).join('&');
const POOL = ['stratum%2Btcp%3A%2F%2Fa.example.com%3A3333', 'acc.one', 'p%40ss'];

describe('set_miner_conf.cgi of an S17 Pro', () => {
  test('says ok after half a minute, and the program has the new pools long before', () => {
    const on = s17();
    const reply = post(on, 'set_miner_conf', form(...POOL));
    expect([reply.text, reply.afterMs]).toEqual(['ok\n', 30_000]);
    expect([1, 9.9, 10].map((s) => on.listening('cgminer', NOW + s * SECOND))).toEqual([false, false, true]);
    const pools = JSON.parse(cgi(on, 'miner_pools', NOW + 20 * SECOND).text).POOLS;
    expect(pools).toMatchObject([{ URL: 'stratum+tcp://a.example.com:3333', User: 'acc.one' }]);
    expect(json(on, 'get_miner_conf').pools).toEqual([
      { url: 'stratum+tcp://a.example.com:3333', user: 'acc.one', pass: 'p@ss' },
      { url: '', user: '', pass: '' },
      { url: '', user: '', pass: '' },
    ]);
  });

  test('lets a second request wait for the first one, says nothing to it and forgets it', () => {
    const on = s17();
    post(on, 'set_miner_conf', form(...POOL));
    const second = post(on, 'set_miner_conf', form('other%3A1', 'b', 'c'), NOW + 12 * SECOND);
    expect([second.text, second.afterMs]).toEqual(['', 18_000]);
    expect(json(on, 'get_miner_conf', NOW + HOUR).pools[0].user).toBe('acc.one');
    expect(post(on, 'set_miner_conf', form('other%3A1', 'b', 'c'), NOW + 30 * SECOND).text).toBe('ok\n');
  });

  test('goes by position: values in another order end up in the wrong place, with their names', () => {
    const on = s17();
    post(on, 'set_miner_conf', '_ant_pool1user=acc.one&_ant_pool1url=a.example.com%3A1&_ant_pool1pw=x');
    expect(json(on, 'get_miner_conf').pools[0]).toEqual({
      url: '_ant_pool1user=acc.one',
      user: '_ant_pool1url=a.example.com:1',
      pass: 'x',
    });
  });

  test('decodes a short list only: no quote, no blank, no lower case; a plus is a blank', () => {
    const on = s17();
    post(on, 'set_miner_conf', form('a%3a1', 'x%20y+z', '%22%5C%2540%3B'));
    expect(json(on, 'get_miner_conf').pools[0]).toEqual({ url: 'a%3a1', user: 'x%20y z', pass: '%22%5C@;' });
  });

  test('sets fans, frequency and mode, and takes those of the factory where nothing is given', () => {
    const on = s17();
    const rest = ['', '', '', '', '', '', 'true', 'true', 'true', '40', '325', '1400', '2'];
    post(on, 'set_miner_conf', form(...POOL, ...rest));
    expect(json(on, 'get_miner_conf')).toMatchObject({
      'bitmain-nobeeper': true,
      'bitmain-notempoverctrl': true,
      'bitmain-fan-ctrl': true,
      'bitmain-fan-pwm': '40',
      'bitmain-freq': '325',
      'bitmain-voltage': '1400',
      'bitmain-work-mode': '2',
    });
    const later = NOW + HOUR;
    expect(rateOf(on, later) / 53e12).toBeCloseTo(0.5, 1);
    const stats = ask(on, command('stats'), later);
    expect(stats).toContain('"frequency":325,');
    expect(Number(/"fan1":(\d+)/.exec(stats)?.[1])).toBeCloseTo(2400, -3);
    post(on, 'set_miner_conf', form(...POOL), later);
    const conf = json(on, 'get_miner_conf', later);
    expect([conf['bitmain-freq'], conf['bitmain-work-mode']]).toEqual(['650', '0']);
    expect(conf).not.toHaveProperty('bitmain-fan-ctrl');
    expect(conf).not.toHaveProperty('bitmain-nobeeper');
  });

  test('closes port 4028 again that its owner had opened; an S9 opens it again', () => {
    const on = s17({ 'open-acl': true });
    expect(order(on, 'poolquota', '0,2')).toContain('"Code":122');
    expect(json(on, 'get_miner_conf')['api-allow']).toBe('W:0/0');
    post(on, 'set_miner_conf', form(...POOL));
    expect(json(on, 'get_miner_conf')['api-allow']).toBe('A:0/0,W:*');
    expect(order(on, 'poolquota', '0,2', NOW + HOUR)).toContain('"Code":45');
    const s9 = device('s9', { 'open-acl': false });
    expect(order(s9, 'poolquota', '0,2')).toContain('"Code":45');
    post(s9, 'set_miner_conf', form(...POOL));
    expect(order(s9, 'poolquota', '0,2', NOW + HOUR)).toContain('"Code":122');
    expect(cgi(s9, 'get_miner_conf', NOW + HOUR).text).not.toContain('work-mode');
  });

  test('writes what it was given into its file as it is: a raw quote makes it no JSON', () => {
    const on = s17();
    post(on, 'set_miner_conf', form('a%3A1', 'u', 'x"y'));
    expect(cgi(on, 'get_miner_conf').text).toContain('"pass" : "x"y"');
    expect(() => json(on, 'get_miner_conf')).toThrow();
  });

  test('sleeps in mode 254 where its build has that', () => {
    const mode = (value: string, quirks: Record<string, boolean>) => {
      const on = s17(quirks);
      post(on, 'set_miner_conf', form(...POOL, ...Array(12).fill(''), value));
      return ask(on, command('summary'), NOW + HOUR).includes('"SUMMARY":[],');
    };
    expect([mode('254', { 'sleep-254': true }), mode('1', { 'sleep-254': true }), mode('254', {})]).toEqual([
      ...[true, false, false],
    ]);
  });
});

describe('the network of an S17 Pro', () => {
  const network = (...values: string[]) =>
    ['nettype', 'hostname', 'ipaddress', 'netmask', 'gateway', 'dnsservers']
      .map((name, i) => `_ant_conf_${name}=${values[i] ?? ''}`)
      .join('&');

  test('is set by position after ten seconds; a bad value keeps the old one', () => {
    const on = s17();
    const reply = post(
      on,
      'set_network_conf',
      network('Static', 'rig-1', '10.0.0.9', '255.0.0.0', '10.0.0.1', '1.1.1.1'),
    );
    expect([reply.text, reply.afterMs]).toEqual(['ok\n', 10_000]);
    post(on, 'set_network_conf', network('Manual', 'rig_2', '10.0.0.999', '255.255.0.0', '', 'none'));
    expect(json(on, 'get_network_info')).toMatchObject({
      conf_nettype: 'Static',
      conf_hostname: 'rig-1',
      conf_ipaddress: '10.0.0.9',
      conf_netmask: '255.255.0.0',
      conf_gateway: '10.0.0.1',
      conf_dnsservers: '1.1.1.1',
    });
    post(on, 'set_network_conf', network('DHCP', 'rig-3'));
    expect(json(on, 'get_network_info')).toMatchObject({ conf_nettype: 'DHCP', conf_hostname: 'rig-3' });
  });
});

test('the LED of an S17 Pro: starting twice says nothing', () => {
  const on = s17();
  const says = (action: string) => post(on, 'blink', `action=${action}`).text;
  expect(says('onPageLoaded')).toBe('{"isBlinking":false}\n');
  expect(says('startBlink')).toBe('{"startBlink":true}\n');
  expect(says('startBlink')).toBe('');
  expect(says('onPageLoaded')).toBe('{"isBlinking":true}\n');
  expect(says('stopBlink')).toBe('{"stopBlink":true}\n');
  expect(says('onPageLoaded')).toBe('{"isBlinking":false}\n');
  expect(says('dance')).toBe('');
});

test('the password of an S17 Pro is changed by a query, and the answer is a page', () => {
  const on = s17();
  const change = (query: string, password = 'root') => page(on, `/cgi-bin/passwd.cgi?${query}`, NOW, { password });
  expect(change('current_pw=wrong&new_pw=a&new_pw_ctrl=a').text).toContain('wrong');
  expect(change('current_pw=root&new_pw=a&new_pw_ctrl=b').text).toContain('not the same');
  const done = change('current_pw=root&new_pw=n%3Aw&new_pw_ctrl=n%3Aw');
  expect([done.headers['content-type'], done.text.includes('was changed')]).toEqual(['text/html', true]);
  expect(cgi(on, 'get_system_info').status).toBe(401);
  expect(cgi(on, 'get_system_info', NOW, { password: 'n:w' }).status).toBe(200);
});

describe('an S17 Pro', () => {
  test.each(['GET', 'POST', 'PUT'])('restarts on %s', (method) => {
    const on = s17();
    expect(cgi(on, 'reboot', NOW, { method }).end).toBe('reset');
    expect(on.listening('http', NOW + 44 * SECOND)).toBe(false);
    expect(on.listening('http', NOW + 45 * SECOND)).toBe(true);
  });

  test('loses its mining program to kill_bmminer.cgi, and its page then has zeros', () => {
    const on = s17();
    cgi(on, 'kill_bmminer');
    expect(on.listening('cgminer', NOW + HOUR)).toBe(false);
    expect(cgi(on, 'miner_summary', NOW + HOUR).text).toBe('Socket connect failed: Connection refused\n');
    expect(cgi(on, 'get_status_api', NOW + HOUR).text).toMatch(/^Socket connect failed/);
    expect(json(on, 'get_miner_status', NOW + HOUR)).toMatchObject({
      summary: { elapsed: '0', ghs5s: '0' },
      pools: [],
      devs: [],
    });
    expect(cgi(on, 'monitor', NOW + HOUR).text).not.toContain('bmminer');
    cgi(on, 'reset_miner_conf', NOW + HOUR);
    expect(on.listening('cgminer', NOW + 2 * HOUR)).toBe(true);
    expect(cgi(on, 'monitor', NOW + 2 * HOUR).text).toContain('bmminer');
  });

  test('stands still after shutdown_slowly.cgi', () => {
    const on = s17();
    cgi(on, 'shutdown_slowly');
    expect(rateOf(on, NOW + HOUR)).toBe(0);
    expect(on.listening('cgminer', NOW + HOUR)).toBe(true);
  });

  test('prints its configuration and ok when that is reset, and all is forgotten with reset_conf.cgi', () => {
    const on = s17();
    post(on, 'set_network_conf', '_ant_conf_nettype=DHCP&_ant_conf_hostname=rig-1');
    expect(cgi(on, 'reset_miner_conf').text).toMatch(/^\{\n"pools" : \[\n\{\n"url" : "stratum.*\n\}\nok\n$/s);
    expect(json(on, 'get_network_info').conf_hostname).toBe('rig-1');
    cgi(on, 'reset_conf', NOW + HOUR);
    expect(json(on, 'get_network_info', NOW + 2 * HOUR).conf_hostname).toBe('Antminer');
  });

  test('takes firmware and says so on a page', () => {
    const on = s17();
    expect(upload(on, 'upgrade', 'nonsense').text).toContain('no firmware');
    expect(post(on, 'upgrade', 'x').text).toContain('no file');
    const reply = upload(on, 'upgrade', 'headframe simulated firmware\nversion: Fri Jan  9 10:00:00 CST 2026\n');
    expect([reply.headers['content-type'], reply.text.includes('was written')]).toEqual(['text/html', true]);
    expect(json(on, 'get_system_info', NOW + HOUR).system_filesystem_version).toBe('Fri Jan  9 10:00:00 CST 2026');
  });

  test('says the same of itself in three texts, in strings, and in files', () => {
    const on = s17();
    expect(cgi(on, 'get_status_api').text).toMatch(
      /^STATUS=S,.*\|SUMMARY,Elapsed=.*\|STATUS=S,.*\|POOL=0,.*\|STATUS=S,.*,Type=Antminer S17 Pro\|STATS=0,/,
    );
    const status = json(on, 'get_miner_status');
    expect(status.summary.elapsed).toBe('17940');
    expect(status.devs.map((board: Record<string, string>) => [board.index, board.chain_acn])).toEqual([
      ['1', '48'],
      ['2', '48'],
      ['3', '48'],
    ]);
    expect(status.pools[0].url).toBe('stratum+tcp://pool.example.org:3333');
    const values = Object.values({ ...status.summary, ...status.pools[0], ...status.devs[0] });
    expect(values.every((value) => typeof value === 'string')).toBe(true);
    expect(cgi(on, 'get_kernel_log').text).toContain('bmminer started');
    expect(cgi(on, 'create_log_backup').text).toBe(cgi(on, 'get_kernel_log').text);
    expect(cgi(on, 'create_conf_backup').text).toBe(cgi(on, 'get_miner_conf').text);
  });
});
