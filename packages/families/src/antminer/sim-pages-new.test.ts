import { describe, expect, test } from 'vitest';
import { ask, cgi, command, device, get, HOUR, json, NOW, page, post, rateOf, upload } from './sim.testing.ts';

const s19 = () => device('s19-pro');
const SECOND = 1000;

const slot = (url: string) => ({ url, user: 'w.1', pass: 'geheim-ü' });
const CONFIG = {
  pools: [
    slot('stratum+tcp://a.example.com:1'),
    slot('stratum+tcp://b.example.com:2'),
    { url: '', user: '', pass: '' },
  ],
  'bitmain-fan-ctrl': true,
  'bitmain-fan-pwm': '50',
  'freq-level': '80',
  'miner-mode': 0,
};
const code = (reply: { readonly text: string }) => JSON.parse(reply.text).code;

describe('set_miner_conf.cgi of an S19 Pro', () => {
  test('answers M000 and starts the program anew with pools, fans and rate of the body', () => {
    const on = s19();
    const reply = post(on, 'set_miner_conf', CONFIG);
    expect(JSON.parse(reply.text)).toEqual({ stats: 'success', code: 'M000', msg: 'OK!' });
    expect([1, 9.9, 10].map((s) => on.listening('cgminer', NOW + s * SECOND))).toEqual([false, false, true]);
    expect(cgi(on, 'summary', NOW + SECOND).text).toMatch(/^Socket connect failed/);
    const later = NOW + HOUR;
    expect(ask(on, command('summary'), later)).toContain('"Elapsed":3597,');
    expect(json(on, 'pools', later).POOLS.map((pool: { url: string }) => pool.url)).toEqual([
      'stratum+tcp://a.example.com:1',
      'stratum+tcp://b.example.com:2',
    ]);
    const stats = json(on, 'stats', later).STATS[0];
    expect([stats['miner-mode'], stats['freq-level']]).toEqual([0, 80]);
    for (const rpm of stats.fan) expect(rpm).toBeCloseTo(3000, -3);
    expect(rateOf(on, later) / 110e12).toBeCloseTo(0.8, 1);
  });

  test('reads what it wrote under other names, pool passwords in clear', () => {
    const on = s19();
    post(on, 'set_miner_conf', { ...CONFIG, 'miner-mode': '3' });
    expect(json(on, 'get_miner_conf')).toMatchObject({
      pools: CONFIG.pools,
      'bitmain-fan-ctrl': true,
      'bitmain-fan-pwm': '50',
      'bitmain-freq-level': '80',
      'bitmain-work-mode': '3',
      'api-allow': 'A:0/0,W:*',
    });
  });

  test('sleeps in mode 1, wakes in mode 0, and runs slower in its low mode', () => {
    const on = s19();
    post(on, 'set_miner_conf', { ...CONFIG, 'miner-mode': 1 });
    const asleep = NOW + HOUR;
    expect(json(on, 'summary', asleep).SUMMARY).toEqual([]);
    expect(json(on, 'stats', asleep).STATS).toEqual([]);
    expect(ask(on, command('summary+stats'), asleep)).toContain('"SUMMARY":[]');
    expect(json(on, 'get_miner_conf', asleep)['bitmain-work-mode']).toBe('1');
    post(on, 'set_miner_conf', { ...CONFIG, 'freq-level': '100' }, asleep);
    expect(rateOf(on, asleep + HOUR) / 110e12).toBeCloseTo(1, 1);
    post(on, 'set_miner_conf', { ...CONFIG, 'freq-level': '100', 'miner-mode': 3 }, asleep + HOUR);
    expect(rateOf(on, asleep + 2 * HOUR) / 110e12).toBeCloseTo(0.8, 1);
    expect(json(on, 'stats', asleep + 2 * HOUR).STATS[0]['miner-mode']).toBe(3);
  });

  test('needs the whole configuration: what is left out goes back to the factory, and read names mean nothing', () => {
    const on = s19();
    post(on, 'set_miner_conf', CONFIG);
    post(on, 'set_miner_conf', { pools: CONFIG.pools, 'bitmain-work-mode': '1', 'bitmain-freq-level': '50' });
    expect(json(on, 'get_miner_conf')).toMatchObject({
      'bitmain-fan-ctrl': false,
      'bitmain-fan-pwm': '100',
      'bitmain-freq-level': '100',
      'bitmain-work-mode': '0',
    });
  });

  test('has three slots: a fourth pool is dropped', () => {
    const on = s19();
    const pools = [1, 2, 3, 4].map((n) => slot(`stratum+tcp://p${n}.example.com:1`));
    expect(code(post(on, 'set_miner_conf', { ...CONFIG, pools }))).toBe('M000');
    expect(json(on, 'get_miner_conf').pools).toEqual(pools.slice(0, 3));
  });

  test('refuses what is wrong with a code, and changes nothing', () => {
    const on = s19();
    const before = cgi(on, 'get_miner_conf').text;
    const bodies: [unknown, string][] = [
      ['', 'M001'],
      ['{"pools":', 'M001'],
      ['[1]', 'M001'],
      ['{"pools":{}}', 'M002'],
      [{ ...CONFIG, pools: [{ url: 'x' }] }, 'M002'],
      [{ ...CONFIG, pools: [slot('x'.repeat(5000))] }, 'M002'],
      [{ ...CONFIG, 'miner-mode': 254 }, 'M100'],
      [{ ...CONFIG, 'miner-mode': 'sleep' }, 'M100'],
      [{ ...CONFIG, 'bitmain-fan-pwm': '101' }, 'M100'],
      [{ ...CONFIG, 'freq-level': 0 }, 'M100'],
      [{ ...CONFIG, 'bitmain-fan-ctrl': 'perhaps' }, 'M100'],
    ];
    for (const [body, wanted] of bodies) expect([body, code(post(on, 'set_miner_conf', body))]).toEqual([body, wanted]);
    expect(JSON.parse(cgi(on, 'set_miner_conf').text)).toMatchObject({ stats: 'error', code: 'M001' });
    expect(cgi(on, 'get_miner_conf').text).toBe(before);
    expect(on.listening('cgminer', NOW + 1)).toBe(true);
  });

  test('takes letters beyond ASCII, which both ports then show as the same bytes', () => {
    const on = s19();
    post(on, 'set_miner_conf', {
      ...CONFIG,
      pools: [{ url: 'stratum+tcp://a.example.com:1', user: 'zoë', pass: 'x' }],
    });
    const later = NOW + HOUR;
    expect(json(on, 'pools', later).POOLS[0].user).toBe('zoë');
    expect(ask(on, command('pools'), later)).toContain('"User":"zo\u00c3\u00ab"');
  });
});

describe('the network of an S19 Pro', () => {
  const STATIC = {
    ipHost: 'shelf-3',
    ipPro: 2,
    ipAddress: '10.1.2.3',
    ipSub: '255.255.0.0',
    ipGateway: '10.1.0.1',
    ipDns: '9.9.9.9',
  };

  test('becomes what it is told, and DHCP again', () => {
    const on = s19();
    expect(code(post(on, 'set_network_conf', STATIC))).toBe('N000');
    expect(json(on, 'get_network_info')).toMatchObject({
      nettype: 'Static',
      conf_nettype: 'Static',
      conf_hostname: 'shelf-3',
      conf_ipaddress: '10.1.2.3',
      conf_netmask: '255.255.0.0',
      conf_gateway: '10.1.0.1',
      conf_dnsservers: '9.9.9.9',
    });
    expect(json(on, 'get_system_info')).toMatchObject({ nettype: 'Static', hostname: 'shelf-3', gateway: '10.1.0.1' });
    expect(code(post(on, 'set_network_conf', { ipHost: 'shelf-4', ipPro: '1' }))).toBe('N000');
    expect(json(on, 'get_network_info')).toMatchObject({
      conf_nettype: 'DHCP',
      conf_hostname: 'shelf-4',
      conf_ipaddress: '',
    });
  });

  test('stays what it was when something is wrong', () => {
    const on = s19();
    const wrong = (more: object) => code(post(on, 'set_network_conf', { ...STATIC, ...more }));
    expect(wrong({ ipPro: 3 })).toBe('N001');
    expect(code(post(on, 'set_network_conf', 'no json'))).toBe('N001');
    expect(wrong({ ipHost: 'a b' })).toBe('N002');
    expect(wrong({ ipAddress: '10.1.2.300' })).toBe('N003');
    expect(wrong({ ipGateway: 7 })).toBe('N003');
    expect(json(on, 'get_network_info')).toMatchObject({ conf_nettype: 'DHCP', conf_hostname: 'Antminer' });
  });
});

test('the LED of an S19 Pro blinks until it is told to stop, or the machine restarts', () => {
  const on = s19();
  const blinks = (now = NOW) => json(on, 'get_blink_status', now).blink;
  expect(blinks()).toBe(false);
  expect(code(post(on, 'blink', { blink: true }))).toBe('B000');
  expect(blinks()).toBe(true);
  expect(code(post(on, 'blink', { blink: false }))).toBe('B100');
  expect(blinks()).toBe(false);
  expect(code(post(on, 'blink', { blink: 'true' }))).toBe('B000');
  expect(code(post(on, 'blink', 'nonsense'))).toBe('B100');
  post(on, 'blink', { blink: true });
  post(on, 'reboot', '');
  expect(blinks(NOW + HOUR)).toBe(false);
});

describe('the password of an S19 Pro', () => {
  test('is the new one at once, and the old one no more', () => {
    const on = s19();
    const change = { curPwd: 'root', newPwd: 'n3w:pass', confirmPwd: 'n3w:pass' };
    expect(code(post(on, 'passwd', change))).toBe('P000');
    expect(page(on, '/cgi-bin/summary.cgi').status).toBe(401);
    expect(page(on, '/cgi-bin/summary.cgi', NOW, { password: 'n3w:pass' }).status).toBe(200);
  });

  test('stays when the change is wrong', () => {
    const on = s19();
    const refused = (body: unknown) => code(post(on, 'passwd', body));
    expect(refused({ curPwd: 'wrong', newPwd: 'a', confirmPwd: 'a' })).toBe('P001');
    expect(refused({ curPwd: 'root', newPwd: 'a', confirmPwd: 'b' })).toBe('P002');
    expect(refused({ curPwd: 'root', newPwd: '', confirmPwd: '' })).toBe('P003');
    expect(refused('{"curPwd":')).toBe('P003');
    expect(cgi(on, 'summary').status).toBe(200);
  });
});

describe('a restart of an S19 Pro', () => {
  test('drops the connection, takes every port away and begins as after power on', () => {
    const on = s19();
    expect(post(on, 'reboot', '').end).toBe('reset');
    const open = (s: number) =>
      (['http', 'cgminer', 'monitor'] as const).map((protocol) => on.listening(protocol, NOW + s * SECOND));
    expect([1, 44, 45, 71, 72].map(open)).toEqual([
      [false, false, false],
      [false, false, false],
      [true, false, false],
      [true, false, false],
      [true, true, true],
    ]);
    expect(ask(on, command('summary'), NOW + 100 * SECOND)).toContain('"Elapsed":35,');
    expect(json(on, 'get_miner_conf', NOW + 100 * SECOND).pools).toHaveLength(2);
    expect(
      cgi(on, 'hlog', NOW + HOUR)
        .text.split('\n')
        .filter(Boolean),
    ).toHaveLength(2);
  });

  test('to the factory settings forgets pools, network, password and mode', () => {
    const on = s19();
    post(on, 'set_network_conf', { ipHost: 'shelf-3', ipPro: 1 });
    post(on, 'set_miner_conf', { ...CONFIG, 'miner-mode': 1 });
    post(on, 'passwd', { curPwd: 'root', newPwd: 'new', confirmPwd: 'new' });
    cgi(on, 'reset_conf', NOW, { password: 'new' });
    const later = NOW + HOUR;
    expect(json(on, 'get_miner_conf', later)).toMatchObject({
      pools: [{ url: 'stratum+tcp://factory.example.org:3333' }],
      'bitmain-work-mode': '0',
    });
    expect(json(on, 'get_network_info', later).conf_hostname).toBe('Antminer');
    expect(rateOf(on, later)).toBeGreaterThan(100e12);
  });
});

describe('firmware for an S21', () => {
  const IMAGE = 'headframe simulated firmware\nversion: FR-1.13(260110-S21)\nmodel: Antminer S21\n\n\u0000\u0001binary';
  const s21 = () => device('s21');
  const version = (on: ReturnType<typeof device>, now: number) => [
    json(on, 'get_system_info', now).system_filesystem_version,
    json(on, 'miner_type', now).fw_version,
  ];

  test.each(['firmware', 'datafile', 'file'])('in a field called %s is taken, and runs after the restart', (field) => {
    const on = s21();
    const reply = upload(on, 'upgrade', IMAGE, { field });
    expect(JSON.parse(reply.text)).toEqual({ stats: 'success', code: 'U000', msg: 'OK!' });
    expect(reply.afterMs).toBe(2000);
    expect(version(on, NOW + 2 * SECOND)).toEqual(['FR-1.12(251009-S21)', 'FR-1.12(251009-S21)']);
    expect([2, 3, 47, 48].map((s) => on.listening('http', NOW + s * SECOND))).toEqual([true, false, false, true]);
    expect(version(on, NOW + HOUR)).toEqual(['FR-1.13(260110-S21)', 'FR-1.13(260110-S21)']);
    expect(json(on, 'get_miner_conf', NOW + HOUR).pools).toHaveLength(2);
  });

  test('brings its own CompileTime where it has one', () => {
    const on = s21();
    upload(on, 'upgrade', 'headframe simulated firmware\r\nversion: X\r\ncompiled: Sat Jan 10 18:00:00 CST 2026\r\n');
    expect(ask(on, command('version'), NOW + HOUR)).toContain('"CompileTime":"Sat Jan 10 18:00:00 CST 2026"');
    expect(ask(on, command('stats'), NOW + HOUR)).toContain('"CompileTime":"Sat Jan 10 18:00:00 CST 2026"');
    expect(json(on, 'summary', NOW + HOUR).INFO.CompileTime).toBe('Sat Jan 10 18:00:00 CST 2026');
  });

  test('without keeping the settings leaves factory ones', () => {
    const on = s21();
    upload(on, 'upgrade_clear', IMAGE);
    expect(version(on, NOW + HOUR)[0]).toBe('FR-1.13(260110-S21)');
    expect(json(on, 'get_miner_conf', NOW + HOUR).pools[0].url).toBe('stratum+tcp://factory.example.org:3333');
  });

  test('of another model, or that is none, is refused with a number, and no file with U006', () => {
    const on = s21();
    const refused = (file: string) => JSON.parse(upload(on, 'upgrade', file).text);
    expect(refused(IMAGE.replace('S21\n\n', 'S19\n\n'))).toEqual({ stats: 'error', code: 'U001', msg: '2' });
    expect(refused('not firmware')).toEqual({ stats: 'error', code: 'U001', msg: '1' });
    expect(refused('headframe simulated firmware\n\nversion: too late')).toMatchObject({ code: 'U001', msg: '1' });
    expect(code(post(on, 'upgrade', IMAGE))).toBe('U006');
    expect(code(post(on, 'upgrade_clear', ''))).toBe('U006');
    expect(code(cgi(on, 'upgrade'))).toBe('U006');
    expect(on.listening('http', NOW + 10 * SECOND)).toBe(true);
  });
});

describe('what an S19 Pro says of itself', () => {
  test('lists its work modes', () => {
    const on = s19();
    const modes = json(on, 'get_multi_option').ModeInfo;
    expect(modes.map((mode: Record<string, string>) => [mode.ModeName, mode.ModeValue])).toEqual([
      ['Normal', '0'],
      ['Sleep', '1'],
      ['High', '2'],
      ['Low', '3'],
    ]);
  });

  test('logs what it was told, without its secrets', () => {
    const on = s19();
    post(on, 'set_miner_conf', CONFIG);
    const log = ['log', 'dlog', 'hlog'].map((name) => cgi(on, name, NOW + HOUR).text).join('');
    expect(log).toContain('configuration written');
    expect(log).toContain('power on');
    expect(log).not.toContain('geheim');
  });

  test('draws a curve that falls where it stood still', () => {
    const on = s19();
    post(on, 'set_miner_conf', { ...CONFIG, 'miner-mode': 1 });
    const data = json(on, 'chart', NOW + 2 * HOUR).RATE[0].series[0].data as number[];
    expect(data).toHaveLength(24);
    expect(data.at(-1)).toBe(0);
    expect(data[10]).toBeGreaterThan(100_000);
  });

  test('asks for the password on the pages that write too', () => {
    const on = s19();
    for (const name of ['set_miner_conf', 'reboot', 'reset_conf', 'passwd', 'upgrade'])
      expect(get(on, `/cgi-bin/${name}.cgi`, {}, NOW, { method: 'POST', body: '{}' }).status).toBe(401);
    expect(on.listening('http', NOW + 1)).toBe(true);
  });
});
