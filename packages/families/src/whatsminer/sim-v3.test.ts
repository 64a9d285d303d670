import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  ask3,
  bytesOf,
  connect,
  type Doc,
  device,
  digest3,
  framed,
  HOUR,
  MINUTE,
  NOW,
  tell3,
  unframed,
  write3,
} from './sim.testing.ts';

const LATER = NOW + 20 * MINUTE;
const OK = { code: 0, msg: 'ok' };
const part = (doc: Doc, name: string): Doc => (doc.msg as Doc)[name] as Doc;

describe('port 4433', () => {
  test('is there on the machine whose firmware is new enough, for ten clients and five minutes of silence', () => {
    expect(device('m60s').whatsminer).toMatchObject({ port: 4433, most: 10, idleMs: 300_000 });
    expect(device('m50s').whatsminer).toBeUndefined();
    expect(device('m50s').listening('whatsminer', NOW)).toBe(false);
    expect(device('m60s').listening('whatsminer', NOW)).toBe(true);
  });

  test('answers frames however the network cut them, many on one connection', () => {
    const to = connect(device('m60s'));
    const two = Buffer.concat([framed('{"cmd":"get.fan.setting"}'), framed('{"cmd":"get.miner.setting"}')]);
    expect(to.receive(two.subarray(0, 3), NOW)).toEqual({ chunks: [], end: 'keep' });
    expect(to.receive(two.subarray(3, 20), NOW)).toEqual({ chunks: [], end: 'keep' });
    const reaction = to.receive(two.subarray(20), NOW);
    expect(reaction.end).toBe('keep');
    expect(unframed(bytesOf(reaction)).bodies).toEqual([
      '{"code":0,"when":1795007200,"msg":{"fan-poweroff-cool":1,"fan-zero-speed":0,"fan-temp-offset":0},"desc":"get.fan.setting"}',
      '{"code":0,"when":1795007200,"msg":{"power-mode":"normal","power-limit":3600,"upfreq-speed":0,"target-freq":0,' +
        '"power":0,"power-percent":100,"fast-hash":"disable"},"desc":"get.miner.setting"}',
    ]);
  });

  test('sends a heartbeat back', () => {
    expect(bytesOf(connect(device('m60s')).receive(Buffer.alloc(8), NOW)).toString('hex')).toBe('0000000000000000');
  });

  test('closes on a length that no client means', () => {
    for (const noise of ['GET / HTTP/1.1\r\n\r\n', '{"cmd":"get.device.info"}', '\xff\xff\xff\xff']) {
      expect(connect(device('m60s')).receive(Buffer.from(noise, 'latin1'), NOW)).toEqual({ chunks: [], end: 'fin' });
    }
  });

  test('says -3 to what is no request, -2 to a command that it does not know', () => {
    const to = connect(device('m60s'));
    for (const body of ['{"cmd":"get.dev', '[]', '{}', '{"cmd":7}']) {
      const reply = unframed(bytesOf(to.receive(framed(body), NOW))).bodies[0] ?? '';
      expect(JSON.parse(reply)).toEqual({ code: -3, when: NOW / 1000, msg: 'invalid json item', desc: '' });
    }
    for (const cmd of ['get.nothing', 'set.nothing', 'summary', '__proto__', 'constructor']) {
      expect(ask3(to, cmd)).toMatchObject({ code: -2, msg: 'invalid command', desc: cmd });
    }
  });
});

describe('get.device.info', () => {
  test('has one section where one is asked for', () => {
    const to = connect(device('m60s'));
    for (const section of ['network', 'miner', 'system', 'power', 'error-code']) {
      expect(Object.keys(ask3(to, 'get.device.info', section).msg as Doc)).toEqual([section]);
    }
    expect(ask3(to, 'get.device.info', 'salt').msg).toEqual({ salt: expect.stringMatching(/^[./0-9A-Za-z]{8}$/) });
    expect(ask3(to, 'get.device.info', 'everything')).toMatchObject({ code: -1 });
  });

  test('says whether writing is switched on, and what is wrong', () => {
    const on = device('m60s', { 'write-switch-off': true, 'dead-board': true, 'stalled-fan': true });
    const info = ask3(connect(on), 'get.device.info');
    expect(part(info, 'system')).toMatchObject({ apiswitch: '0', api: '3.0.2', fwversion: '20251209.16.Rel2' });
    expect(part(info, 'miner')).toMatchObject({
      'board-num': '3',
      pcbsn2: '',
      'detect-hash-rate': expect.stringMatching(/^\d{5}:\d{5}:0$/),
    });
    expect(part(info, 'error-code')).toEqual([
      { '110': '2026-11-18 19:07:45', reason: 'Fan in speed error.' },
      { '532': '2026-11-18 19:07:45', reason: 'Slot2 not found.' },
    ]);
    expect(Object.keys(ask3(connect(device('m60s')), 'get.device.info').msg as Doc)).not.toContain('error-code');
  });

  test('can have the supply in A and V', () => {
    const power = part(ask3(connect(device('m60s', { 'v3-long-info': true })), 'get.device.info'), 'power');
    expect(Number(power.iin) * Number(power.vin)).toBeGreaterThan(3200);
    expect(Number(power.vin)).toBeLessThan(260);
  });
});

describe('get.miner.status', () => {
  test('says nothing without a param, and what it is asked with one, in TH/s', () => {
    const to = connect(device('m60s'));
    expect(ask3(to, 'get.miner.status').msg).toEqual({});
    const all = ask3(to, 'get.miner.status', 'summary+pools+edevs');
    expect(Object.keys(all.msg as Doc)).toEqual(['summary', 'pools', 'edevs']);
    const summary = part(all, 'summary');
    expect(summary).toMatchObject({ elapsed: 7155, 'bootup-time': 7200, 'factory-hash': 185.628, 'up-freq-finish': 1 });
    expect(Math.round(Number(summary['hash-15min']) / 10)).toBe(19);
    expect((all.msg as Doc).pools).toMatchObject([
      { id: 1, status: 'alive', 'stratum-active': true, url: 'stratum+tcp://pool.example.com:3333' },
      { id: 2, 'stratum-active': false },
      { id: 3, 'stratum-active': false },
    ]);
    expect((all.msg as Doc).edevs).toMatchObject([
      { id: 0, slot: 0, 'effective-chips': 225 },
      { slot: 1 },
      { slot: 2 },
    ]);
    expect(ask3(to, 'get.miner.status', 'summary+nonsense')).toMatchObject({ code: -1 });
  });

  test('of a dead pool says dead, of a sleeping machine says 0', () => {
    const dead = ask3(connect(device('m60s', { 'dead-pool': true })), 'get.miner.status', 'pools');
    expect((dead.msg as Doc).pools).toMatchObject([
      { status: 'dead' },
      { status: 'alive', 'stratum-active': true },
      {},
    ]);
    const asleep = connect(device('m60s', { asleep: true }));
    expect(part(ask3(asleep, 'get.miner.status', 'summary'), 'summary')).toMatchObject({ 'hash-realtime': 0 });
    expect(part(ask3(asleep, 'get.device.info'), 'miner')).toMatchObject({ working: 'false' });
  });
});

describe('get.miner.history', () => {
  test('has a line for each five minutes of at most a day', () => {
    const to = connect(device('m60s'));
    const at = NOW / 1000;
    const { Data } = ask3(to, 'get.miner.history', { begin: String(at - 3600), end: String(at) }).msg as Doc;
    const lines = String(Data).split(' ');
    expect(lines).toHaveLength(12);
    for (const line of lines) expect(line).toMatch(/^17950\d{5},1[78]\d\.\d{3},\d{4}$/);
    expect(ask3(to, 'get.miner.history', { start: at - 3600, end: at }).code).toBe(0);
    expect(ask3(to, 'get.miner.history', { begin: at - 86_401, end: at })).toMatchObject({ code: -1 });
    expect(ask3(to, 'get.miner.history')).toMatchObject({ code: -3 });
  });
});

/** Each write with a param that is right, but the two that end the connection and the firmware. */
const RIGHT: readonly (readonly [cmd: string, param: unknown])[] = [
  ['set.device.custom_data', { key: 'CustomerSn', value: 'A-1' }],
  ['set.fan.poweroff_cool', 0],
  ['set.fan.temp_offset', -10],
  ['set.fan.zero_speed', 1],
  ['set.log.upload', { ip: '10.0.0.1', port: '4001', proto: 'udp' }],
  ['set.miner.cointype', { cointype: 'BCH' }],
  ['set.miner.fast_hash', 1],
  ['set.miner.fastboot', 'enable'],
  ['set.miner.pools', [{ pool: 'stratum+tcp://p.example:1', worker: 'w', passwd: 'x' }]],
  ['set.miner.power', 3000],
  ['set.miner.power_limit', 3000],
  ['set.miner.power_mode', 'low'],
  ['set.miner.power_percent', { percent: 80, mode: 'fast' }],
  ['set.miner.power_percent', { percent: '80', mode: 'normal' }],
  ['set.miner.report', { gap: 30 }],
  ['set.miner.restore_setting', undefined],
  ['set.miner.service', 'stop'],
  ['set.miner.service', 'disable'],
  ['set.miner.target_freq', -20],
  ['set.miner.upfreq_speed', 10],
  ['set.system.factory_reset', undefined],
  ['set.system.hostname', { hostname: 'row-3' }],
  ['set.system.led', 'auto'],
  ['set.system.led', [{ color: 'red', period: 200, duration: 100, start: 0 }]],
  ['set.system.net_config', 'dhcp'],
  ['set.system.net_config', { ip: '10.0.0.3', netmask: '255.0.0.0', gateway: '10.0.0.1', dns: '10.0.0.1' }],
  ['set.system.ntp_server', 'a.example,b.example'],
  ['set.system.reboot', undefined],
  ['set.system.time_randomized', { start: 10, stop: 120 }],
  ['set.system.timezone', { timezone: 'CET-1', zonename: 'Europe/Berlin' }],
  ['set.system.webpools', 'disable'],
  ['set.user.change_passwd', { account: 'user1', old: 'user1', new: 'next_pw' }],
  ['set.user.permission', { user: 'user1', permission: 'set.system.led,set.miner.pools' }],
];
const SEALED = ['set.miner.pools', 'set.user.change_passwd'];

describe('each write', () => {
  test.each(RIGHT)('%s %j is done when it is right', (cmd, param) => {
    const to = connect(device('m60s'));
    expect(tell3(to, cmd, param, { seals: SEALED.includes(cmd) })).toMatchObject({ ...OK, desc: cmd });
  });

  test.each<readonly [string, unknown, number]>([
    ['set.device.custom_data', { key: 'msg99', value: 'x' }, -1],
    ['set.fan.poweroff_cool', 2, -1],
    ['set.fan.temp_offset', 1, -1],
    ['set.fan.temp_offset', 'warm', -3],
    ['set.log.upload', { ip: 'here', port: '1', proto: 'tcp' }, -1],
    ['set.miner.cointype', { cointype: 'DOGE' }, -1],
    ['set.miner.cointype', 'BTC', -3],
    ['set.miner.fastboot', 'on', -1],
    ['set.miner.heat_mode', 'heating', -1],
    ['set.miner.power_limit', 100_000, -1],
    ['set.miner.power_mode', 'turbo', -1],
    ['set.miner.power_percent', { percent: 101, mode: 'fast' }, -1],
    ['set.miner.power_percent', { percent: 80, mode: 'slow' }, -1],
    ['set.miner.power_percent', 80, -3],
    ['set.miner.report', { gap: 286 }, -1],
    ['set.miner.service', 'kill', -1],
    ['set.miner.target_freq', 101, -1],
    ['set.miner.upfreq_speed', 11, -1],
    ['set.system.hostname', {}, -3],
    ['set.system.led', [{ color: 'blue', period: 200, duration: 100, start: 0 }], -1],
    ['set.system.net_config', { ip: '10.0.0.999', netmask: '255.0.0.0', gateway: '10.0.0.1', dns: '10.0.0.1' }, -1],
    ['set.system.net_config', { ip: '10.0.0.3' }, -3],
    ['set.system.time_randomized', { start: 0, stop: 121 }, -1],
    ['set.user.permission', { user: 'super', permission: '' }, -1],
  ])('%s %j is refused with %i', (cmd, param, code) => {
    expect(tell3(connect(device('m60s')), cmd, param)).toMatchObject({ code, desc: cmd });
  });

  test.each<readonly [string, unknown, number]>([
    ['set.miner.pools', [], -3],
    ['set.miner.pools', [{ worker: 'w' }], -3],
    ['set.miner.pools', Array.from({ length: 4 }, () => ({ pool: 'stratum+tcp://p:1', worker: 'w', passwd: '' })), -1],
    ['set.user.change_passwd', { account: 'user1', old: 'wrong', new: 'x' }, -1],
    ['set.user.change_passwd', { account: 'user1', old: 'user1', new: 'with space' }, -1],
  ])('%s with %j sealed is refused with %i', (cmd, param, code) => {
    expect(tell3(connect(device('m60s')), cmd, param, { seals: true })).toMatchObject({ code });
  });

  test('a param that must be sealed and is not is refused with -3', () => {
    const param = [{ pool: 'stratum+tcp://p.example:1', worker: 'w', passwd: 'x' }];
    expect(tell3(connect(device('m60s')), 'set.miner.pools', param)).toMatchObject({ code: -3 });
    expect(tell3(connect(device('m60s')), 'set.miner.pools', 'QUJD')).toMatchObject({ code: -3 });
  });

  test('a sealed param may be padded as PKCS#7', () => {
    const to = connect(device('m60s'));
    const request = write3(to, 'set.miner.pools', 'x', {});
    const salt = String((ask3(to, 'get.device.info', 'salt').msg as Doc).salt);
    const cipher = createCipheriv('aes-256-ecb', digest3('set.miner.pools', 'Miner_01', salt, NOW / 1000), null);
    const text = JSON.stringify([{ pool: 'stratum+tcp://p.example:1', worker: 'w', passwd: 'x' }]);
    const param = Buffer.concat([cipher.update(text), cipher.final()]).toString('base64');
    const reply = to.receive(framed(JSON.stringify({ ...request, param })), NOW);
    expect(JSON.parse(unframed(bytesOf(reply)).bodies[0] ?? '')).toMatchObject(OK);
    expect((ask3(to, 'get.miner.status', 'pools').msg as Doc).pools).toMatchObject([
      { url: 'stratum+tcp://p.example:1' },
    ]);
  });
});

describe('what writes do', () => {
  test('is seen in the settings and on port 4028', () => {
    const on = device('m60s');
    const to = connect(on);
    tell3(to, 'set.miner.power_mode', 'low');
    tell3(to, 'set.miner.upfreq_speed', 4);
    tell3(to, 'set.miner.fast_hash', 1);
    expect(ask3(to, 'get.miner.setting', undefined, LATER).msg).toMatchObject({
      'power-mode': 'low',
      'upfreq-speed': 4,
      'fast-hash': 'enable',
    });
    expect(ask3(to, 'get.miner.status', 'summary', NOW + 1000)).toMatchObject({ code: -1 });
    expect(part(ask3(to, 'get.miner.status', 'summary', LATER), 'summary')).toMatchObject({ elapsed: 1192 });
    tell3(to, 'set.system.led', [{ color: 'red', period: 200, duration: 100, start: 0 }], { now: LATER });
    expect(part(ask3(to, 'get.device.info', 'system', LATER), 'system')).toMatchObject({ ledstatus: 'manual' });
  });

  test('the service stops, starts, and stays away after a boot', () => {
    const on = device('m60s');
    const to = connect(on);
    const working = (now: number): unknown => part(ask3(to, 'get.device.info', 'miner', now), 'miner').working;
    tell3(to, 'set.miner.service', 'stop');
    expect(working(NOW)).toBe('false');
    tell3(to, 'set.miner.service', 'start');
    expect(working(NOW + MINUTE)).toBe('true');
    tell3(to, 'set.miner.service', 'disable', { now: NOW + MINUTE });
    tell3(to, 'set.system.reboot', undefined, { now: NOW + MINUTE });
    expect(working(LATER)).toBe('false');
  });

  test('a reboot is answered, and then the connection ends', () => {
    const on = device('m60s');
    const to = connect(on);
    const reaction = to.receive(framed(JSON.stringify(write3(to, 'set.system.reboot', undefined, {}))), NOW);
    expect(reaction.end).toBe('fin');
    expect(unframed(bytesOf(reaction)).bodies[0]).toContain('"msg":"ok"');
    expect(on.listening('whatsminer', NOW + 1000)).toBe(false);
  });

  test('the system settings show zone, servers and randomized delays', () => {
    const to = connect(device('m60s'));
    tell3(to, 'set.system.ntp_server', 'a.example,b.example');
    tell3(to, 'set.system.time_randomized', { start: 3, stop: 4 });
    tell3(to, 'set.log.upload', { ip: '10.0.0.1', port: '4001', proto: 'udp' });
    tell3(to, 'set.system.webpools', 'disable');
    expect(ask3(to, 'get.system.setting').msg).toEqual({
      'web-pool': 0,
      timezone: 'CST-8',
      zonename: 'Asia/Shanghai',
      hostname: 'WhatsMiner',
      'log-upload': { ip: '10.0.0.1', port: '4001', proto: 'udp' },
      'time-randomized': { start: 3, stop: 4 },
      'ntp-server': ['a.example', 'b.example'],
    });
  });

  test('restoring the settings of the miner leaves pools, name and messages', () => {
    const to = connect(device('m60s'));
    tell3(to, 'set.miner.power_mode', 'low');
    tell3(to, 'set.device.custom_data', { key: 'msg0', value: 'rack 7' });
    tell3(to, 'set.miner.restore_setting', undefined);
    expect(ask3(to, 'get.miner.setting').msg).toMatchObject({ 'power-mode': 'normal' });
    expect(ask3(to, 'get.device.custom_data').msg).toMatchObject({ msg0: 'rack 7' });
    expect((ask3(to, 'get.miner.status', 'pools', LATER).msg as Doc).pools).toHaveLength(3);
  });

  test('a report that is due comes before the next answer', () => {
    const to = connect(device('m60s'));
    tell3(to, 'set.miner.report', { gap: 30 });
    const descs = (now: number) =>
      unframed(bytesOf(to.receive(framed('{"cmd":"get.fan.setting"}'), now))).bodies.map(
        (body) => JSON.parse(body).desc,
      );
    expect(descs(NOW + 29_000)).toEqual(['get.fan.setting']);
    expect(descs(NOW + 30_000)).toEqual(['get.miner.report', 'get.fan.setting']);
    expect(descs(NOW + 31_000)).toEqual(['get.fan.setting']);
    tell3(to, 'set.miner.report', { gap: 0 }, { now: NOW + 32_000 });
    expect(descs(NOW + HOUR)).toEqual(['get.fan.setting']);
  });
});

describe('who may write', () => {
  const DENIED = { code: -4, msg: 'no permission' };

  test('nobody with a wrong password, account, token or time', () => {
    const to = connect(device('m60s'));
    expect(tell3(to, 'set.system.led', 'auto', { password: 'super' })).toMatchObject(DENIED);
    expect(tell3(to, 'set.system.led', 'auto', { account: 'admin', password: 'admin' })).toMatchObject(DENIED);
    expect(tell3(to, 'set.system.led', 'auto', { ts: NOW / 1000 - 601 })).toMatchObject(DENIED);
    expect(tell3(to, 'set.system.led', 'auto', { ts: NOW / 1000 - 599 })).toMatchObject(OK);
    expect(ask3(to, 'set.system.led', 'auto')).toMatchObject(DENIED);
  });

  test('a token is for one command alone', () => {
    const to = connect(device('m60s'));
    const request = { ...write3(to, 'set.system.led', 'auto', {}), cmd: 'set.system.reboot' };
    const reply = unframed(bytesOf(to.receive(framed(JSON.stringify(request)), NOW))).bodies[0] ?? '';
    expect(JSON.parse(reply)).toMatchObject(DENIED);
  });

  test('a user may what super allowed', () => {
    const to = connect(device('m60s'));
    const user = { account: 'user2', password: 'user2' };
    expect(tell3(to, 'set.system.led', 'auto', user)).toMatchObject(DENIED);
    tell3(to, 'set.user.permission', { user: 'user2', permission: 'set.system.led,set.user.permission' });
    expect(tell3(to, 'set.system.led', 'auto', user)).toMatchObject(OK);
    expect(tell3(to, 'set.system.reboot', undefined, user)).toMatchObject(DENIED);
    expect(tell3(to, 'set.user.permission', { user: 'user2', permission: 'set.system.reboot' }, user)).toMatchObject(
      DENIED,
    );
  });

  test('a changed password counts at once', () => {
    const to = connect(device('m60s'));
    tell3(to, 'set.user.change_passwd', { account: 'super', old: 'Miner_01', new: 'better_one' }, { seals: true });
    expect(tell3(to, 'set.system.led', 'auto')).toMatchObject(DENIED);
    expect(tell3(to, 'set.system.led', 'auto', { password: 'better_one' })).toMatchObject(OK);
  });

  test('nobody while the switch is off, or the password is that of the factory', () => {
    expect(tell3(connect(device('m60s', { 'write-switch-off': true })), 'set.system.led', 'auto')).toMatchObject(
      DENIED,
    );
    const never = connect(device('m60s', { 'factory-password': true }));
    expect(tell3(never, 'set.system.led', 'auto', { password: 'super' })).toMatchObject(DENIED);
    const again = connect(device('m60s', { 'default-passwords': true }));
    expect(tell3(again, 'set.system.led', 'auto', { password: 'super' })).toMatchObject(OK);
  });

  test('a client with a clock of its own finds a machine two hours ahead closed, one that takes the machine’s time does not', () => {
    const to = connect(device('m60s', { 'clock-skew': true }));
    expect(tell3(to, 'set.system.led', 'auto')).toMatchObject(DENIED);
    const when = Number(ask3(to, 'get.device.info', 'salt').when);
    expect(when).toBe(NOW / 1000 + 7200);
    expect(tell3(to, 'set.system.led', 'auto', { ts: when })).toMatchObject(OK);
  });
});
