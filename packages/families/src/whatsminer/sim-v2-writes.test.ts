import { describe, expect, test } from 'vitest';
import { ask, type Doc, device, envelopeOf, give, HOUR, MINUTE, NOW, record, say, tell, token } from './sim.testing.ts';

const OK = { STATUS: 'S', Code: 131, Msg: 'API command OK', wasSealed: true };
const LATER = NOW + 20 * MINUTE;
const num = (doc: Doc, key: string): number => Number(doc[key]);

/** Each write of the V2.2 manual with parameters that are right (protocols.md 3.3), but the two with files. */
const RIGHT: readonly (readonly [cmd: string, args: Doc])[] = [
  ['update_pools', { pool1: 'stratum+tcp://p.example:1', worker1: 'w', passwd1: 'x' }],
  ['restart_btminer', {}],
  ['power_off', { respbefore: 'true' }],
  ['power_on', {}],
  ['set_led', { color: 'red', period: 200, duration: 100, start: 0 }],
  ['set_low_power', {}],
  ['set_normal_power', {}],
  ['set_high_power', {}],
  ['update_pwd', { old: 'Miner_01', new: 'b_2' }],
  ['set_target_freq', { percent: '-20' }],
  ['enable_btminer_fast_boot', {}],
  ['disable_btminer_fast_boot', {}],
  ['enable_web_pools', {}],
  ['disable_web_pools', {}],
  ['set_hostname', { hostname: 'row-3' }],
  ['set_zone', { timezone: 'CET-1', zonename: 'Europe/Berlin' }],
  ['load_log', { ip: '10.0.0.1', port: '514', proto: 'udp' }],
  ['set_power_pct', { percent: '80' }],
  ['set_power_pct_v2', { percent: '80' }],
  ['set_power', { power: '3000' }],
  ['restore_power_pct', {}],
  ['set_temp_offset', { temp_offset: '-5' }],
  ['adjust_power_limit', { power_limit: '3000' }],
  ['adjust_upfreq_speed', { upfreq_speed: '3' }],
  ['set_poweroff_cool', { poweroff_cool: '0' }],
  ['set_fan_zero_speed', { fan_zero_speed: '1' }],
  ['disable_btminer_init', {}],
  ['enable_btminer_init', {}],
  ['set_customer_msg', { key: 'CustomerSn', val: 'A-1' }],
  ['reboot', {}],
  ['factory_reset', {}],
  ['net_config', { param: 'dhcp' }],
];

describe('each write command', () => {
  test.each(RIGHT)('%s is done when it is right', (cmd, args) => {
    expect(tell(device('m60s', { 'reboot-replies': true }), cmd, args)).toMatchObject(OK);
  });

  test('get_customer_msg tells what set_customer_msg was told', () => {
    const on = device('m60s');
    tell(on, 'set_customer_msg', { key: 'msg3', val: 'rack 7' });
    expect(tell(on, 'get_customer_msg').Msg).toMatchObject({ CustomerSn: '', msg0: '', msg3: 'rack 7' });
  });

  test('set_heat_mode is for hydro units, the temperature offset and both fan settings for air', () => {
    expect(tell(device('m33s-hydro'), 'set_heat_mode', { mode: 'heating' })).toMatchObject(OK);
    expect(tell(device('m60s'), 'set_heat_mode', { mode: 'heating' })).toMatchObject({ STATUS: 'E', Code: 132 });
    expect(tell(device('m33s-hydro'), 'set_heat_mode', { mode: 'power-keeping' })).toMatchObject({ Code: 132 });
  });
});

describe('a parameter', () => {
  test.each<readonly [string, Doc, number]>([
    ['set_power_pct', { percent: '101' }, 132],
    ['set_power_pct', { percent: '-1' }, 132],
    ['set_power_pct', { percent: 'much' }, 14],
    ['set_power_pct_v2', {}, 14],
    ['set_target_freq', { percent: '101' }, 132],
    ['set_temp_offset', { temp_offset: '1' }, 132],
    ['set_temp_offset', { temp_offset: '-31' }, 132],
    ['adjust_power_limit', { power_limit: '100000' }, 132],
    ['adjust_upfreq_speed', { upfreq_speed: '10' }, 132],
    ['set_poweroff_cool', { poweroff_cool: '2' }, 132],
    ['set_led', { color: 'blue', period: 200, duration: 100, start: 0 }, 132],
    ['set_led', { color: 'red', period: 200, duration: 300, start: 0 }, 132],
    ['set_led', { color: 'red' }, 14],
    ['update_pwd', { old: 'wrong', new: 'abc' }, 132],
    ['update_pwd', { old: 'Miner_01', new: 'too-long-' }, 132],
    ['update_pwd', { old: 'Miner_01', new: 'ninechars' }, 132],
    ['update_pools', {}, 14],
    ['update_pools', { pool1: 7 }, 14],
    ['net_config', { ip: '10.0.0.300', mask: '255.255.255.0', gate: '10.0.0.1', dns: '10.0.0.1', host: 'a' }, 132],
    ['net_config', { ip: '10.0.0.3' }, 14],
    ['load_log', { ip: '10.0.0.1', port: '514', proto: 'icmp' }, 132],
    ['set_customer_msg', { key: 'msg10', val: 'x' }, 132],
    ['set_customer_msg', { key: 'msg1', val: 'x'.repeat(128) }, 132],
    ['set_hostname', {}, 14],
    ['set_zone', { timezone: 'CST-8' }, 14],
  ])('%s %j is refused with %i, sealed', (cmd, args, code) => {
    expect(tell(device('m60s'), cmd, args)).toMatchObject({ STATUS: 'E', Code: code, wasSealed: true });
  });

  test('below -10 is out of range for the target frequency of an old firmware', () => {
    expect(tell(device('m30s-plus'), 'set_target_freq', { percent: '-11' })).toMatchObject({ Code: 132 });
    expect(tell(device('m30s-plus'), 'set_target_freq', { percent: '-10' })).toMatchObject(OK);
  });
});

describe('pools', () => {
  test('change at once, and what was counted begins anew', () => {
    const on = device('m60s');
    const before = record(on, 'summary');
    const next = { pool1: 'stratum+tcp://new.example:3333', worker1: 'a.1', passwd1: 'x', pool2: '', worker2: '' };
    tell(on, 'update_pools', next);
    expect(ask(on, 'pools').POOLS).toMatchObject([
      { POOL: 1, URL: 'stratum+tcp://new.example:3333', User: 'a.1', Accepted: 0, 'Stratum Active': true },
    ]);
    expect(num(record(on, 'summary', NOW + 1000), 'Elapsed')).toBe(num(before, 'Elapsed') + 1);
  });

  test('can be set a hundred times without filling the machine', () => {
    const on = device('m60s');
    const own = token(on);
    for (let i = 0; i < 100; i++)
      tell(on, 'update_pools', { pool1: `stratum+tcp://p${i}.example:1`, worker1: 'w' }, NOW, own);
    expect(ask(on, 'pools', LATER).POOLS).toMatchObject([{ URL: 'stratum+tcp://p99.example:1' }]);
  });
});

describe('power', () => {
  const settled = (args: readonly (readonly [string, Doc])[], name = 'm60s') => {
    const on = device(name);
    for (const [cmd, more] of args) tell(on, cmd, more);
    return on;
  };

  test('modes restart btminer, not the machine, and change rate and power', () => {
    const normal = record(device('m60s'), 'summary', LATER);
    const low = settled([['set_low_power', {}]]);
    expect(ask(low, 'summary', NOW + 5000)).toMatchObject({ STATUS: 'E', Code: 132 });
    const after = record(low, 'summary', LATER);
    expect(after).toMatchObject({ 'Power Mode': 'Low', Elapsed: 1192, Uptime: 8400 });
    expect(record(low, 'status', LATER)).toMatchObject({ power_mode: 'low' });
    expect(num(after, 'MHS 5m') / num(normal, 'MHS 5m')).toBeCloseTo(0.82, 1);
    expect(num(after, 'Power') / num(normal, 'Power')).toBeCloseTo(0.73, 1);
    const high = record(
      settled([
        ['adjust_power_limit', { power_limit: '9000' }],
        ['set_high_power', {}],
      ]),
      'summary',
      LATER,
    );
    expect(num(high, 'MHS 5m') / num(normal, 'MHS 5m')).toBeCloseTo(1.12, 1);
    expect(num(high, 'Power')).toBeGreaterThan(4000);
  });

  test('a limit restarts btminer and is kept, 0 puts the model’s own back', () => {
    const on = settled([['adjust_power_limit', { power_limit: '2500' }]]);
    expect(record(on, 'summary', LATER)).toMatchObject({ 'Power Limit': 2500 });
    expect(record(on, 'status', LATER)).toMatchObject({ power_limit_set: '2500' });
    expect(num(record(on, 'summary', LATER), 'Power')).toBeGreaterThan(2400);
    expect(num(record(on, 'summary', LATER), 'Power')).toBeLessThan(2600);
    tell(on, 'adjust_power_limit', { power_limit: '0' }, LATER);
    expect(record(on, 'summary', LATER + HOUR)).toMatchObject({ 'Power Limit': 3600 });
    expect(record(on, 'status', LATER + HOUR)).toMatchObject({ power_limit_set: '' });
  });

  test('a percentage works within a second, the gentle one within minutes, neither restarts anything', () => {
    const full = num(record(device('m60s'), 'summary'), 'Power');
    const fast = settled([['set_power_pct', { percent: '60' }]]);
    expect(num(record(fast, 'summary', NOW + 1500), 'Power') / full).toBeCloseTo(0.6, 1);
    expect(record(fast, 'summary', NOW + 1500)).toMatchObject({ Elapsed: 7156 });
    const gentle = settled([['set_power_pct_v2', { percent: '60' }]]);
    expect(num(record(gentle, 'summary', NOW + 2000), 'Power') / full).toBeGreaterThan(0.95);
    expect(num(record(gentle, 'summary', NOW + 4 * MINUTE), 'Power') / full).toBeCloseTo(0.6, 1);
    tell(gentle, 'restore_power_pct', {}, NOW + 4 * MINUTE);
    expect(num(record(gentle, 'summary', LATER), 'Power') / full).toBeCloseTo(1, 1);
  });

  test('too low a percentage ends in a restart by itself', () => {
    const on = settled([['set_power_pct', { percent: '10' }]]);
    expect(record(on, 'summary', NOW + 50_000)).toMatchObject({ Elapsed: 7205 });
    expect(num(record(on, 'summary', LATER), 'Elapsed')).toBeLessThan(20 * 60);
    expect(num(record(on, 'summary', LATER), 'Power')).toBeGreaterThan(3000);
  });

  test('set_power is taken in W', () => {
    const on = settled([['set_power', { power: '2000' }]]);
    expect(Math.abs(num(record(on, 'summary', LATER), 'Power') - 2000)).toBeLessThan(60);
  });

  test('the target frequency is relative to normal mode', () => {
    const on = settled([['set_target_freq', { percent: '-50' }]]);
    expect(record(on, 'status', LATER)).toMatchObject({ hash_percent: '-50' });
    expect(record(on, 'summary', LATER)).toMatchObject({ 'Target Freq': 306 });
    expect(num(record(on, 'summary', LATER), 'MHS 5m') / 186e6).toBeCloseTo(0.5, 1);
  });

  test('off cuts the boards, says when and why, and is over after power_on', () => {
    const on = settled([['power_off', { respbefore: 'true' }]]);
    expect(record(on, 'status')).toMatchObject({
      mineroff: 'true',
      mineroff_reason: 'power_off',
      mineroff_time: '2026-11-18 21:06:40',
    });
    expect(record(on, 'summary', LATER)).toMatchObject({ Power: 60, 'MHS 5m': 0 });
    tell(on, 'power_on', {}, LATER);
    expect(record(on, 'status', LATER)).toMatchObject({ mineroff: 'false', mineroff_reason: '', mineroff_time: '' });
    expect(num(record(on, 'summary', LATER + 20 * MINUTE), 'MHS 5m')).toBeGreaterThan(170e6);
  });

  test('off answers when the boards are off, or before when it is asked to', () => {
    const on = device('m60s');
    const { sign, key } = token(on);
    const delay = (more: Doc) =>
      give(on, envelopeOf({ cmd: 'power_off', token: sign, ...more }, key)).chunks[0]?.afterMs;
    expect([delay({ respbefore: 'true' }), delay({ respbefore: 'false' }), delay({})]).toEqual([0, 3000, 3000]);
  });

  test('off ends btminer under the older daemon', () => {
    const on = device('m30s-plus');
    tell(on, 'power_off');
    expect(say(on, '{"cmd":"summary"}', NOW + 5000)).toBe('Socket connect failed: Connection refused\n');
    tell(on, 'power_on', {}, LATER);
    expect(record(on, 'summary', LATER + MINUTE)).toMatchObject({ Elapsed: 52 });
  });
});

describe('what takes effect at the next start', () => {
  test('fast boot: power first, while the hashrate is stable no sooner', () => {
    const [fast, slow] = [device('m60s'), device('m60s')];
    tell(fast, 'enable_btminer_fast_boot');
    expect(record(fast, 'summary')).toMatchObject({ 'Btminer Fast Boot': 'enable', 'Upfreq Complete': 1 });
    for (const on of [fast, slow]) tell(on, 'restart_btminer');
    const soon = NOW + 60_000;
    expect(num(record(fast, 'summary', soon), 'Power')).toBeGreaterThan(3200);
    expect(num(record(slow, 'summary', soon), 'Power')).toBeLessThan(1500);
    for (const on of [fast, slow]) expect(record(on, 'summary', soon)).toMatchObject({ 'Hash Stable': false });
  });

  test('the tuning speed shortens the start and switches fast boot off', () => {
    const on = device('m60s');
    tell(on, 'enable_btminer_fast_boot');
    tell(on, 'adjust_upfreq_speed', { upfreq_speed: '9' });
    tell(on, 'restart_btminer');
    expect(ask(on, 'get_miner_info').Msg).toMatchObject({ upfreq_speed: '9' });
    expect(record(on, 'summary', NOW + 2 * MINUTE)).toMatchObject({
      'Btminer Fast Boot': 'disable',
      'Hash Stable': true,
      'Hash Stable Cost Seconds': 85,
    });
  });

  test('without init nothing mines after a boot until somebody says so', () => {
    const on = device('m60s');
    tell(on, 'disable_btminer_init');
    tell(on, 'reboot');
    expect(ask(on, 'summary', LATER)).toMatchObject({ Code: 132 });
    tell(on, 'power_on', {}, LATER);
    expect(record(on, 'summary', LATER + MINUTE)).toMatchObject({ Elapsed: 52 });
  });

  test('hostname and zone wait for the restart of the network', () => {
    const on = device('m60s');
    tell(on, 'set_hostname', { hostname: 'row-3' });
    tell(on, 'set_zone', { timezone: 'CET-1', zonename: 'Europe/Berlin' });
    expect(ask(on, 'get_miner_info').Msg).toMatchObject({ hostname: 'WhatsMiner' });
    tell(on, 'reboot');
    expect(ask(on, 'get_miner_info', LATER).Msg).toMatchObject({ hostname: 'row-3' });
    tell(on, 'power_off', {}, LATER);
    expect(record(on, 'status', LATER)).toMatchObject({ mineroff_time: '2026-11-18 14:26:40' });
  });
});

describe('the whole machine', () => {
  test('reboot closes without a reply, is away for half a minute, and its uptime begins anew', () => {
    const on = device('m60s');
    const { sign, key } = token(on);
    expect(give(on, envelopeOf({ cmd: 'reboot', token: sign }, key))).toEqual({ chunks: [], end: 'fin' });
    expect(on.listening('cgminer', NOW + 1000)).toBe(false);
    expect(on.listening('whatsminer', NOW + 29_000)).toBe(false);
    expect(on.listening('cgminer', NOW + 30_000)).toBe(true);
    expect(record(on, 'summary', NOW + 5 * MINUTE)).toMatchObject({ Uptime: 295, Elapsed: 250 });
  });

  test('a static address is shown after the restart, with the name that came with it', () => {
    const on = device('m60s');
    const net = { ip: '10.1.2.3', mask: '255.255.0.0', gate: '10.1.0.1', dns: '1.1.1.1 10.1.0.1', host: 'row-4' };
    tell(on, 'net_config', net);
    expect(ask(on, 'get_miner_info', LATER).Msg).toMatchObject({
      ip: '10.1.2.3',
      proto: 'static',
      netmask: '255.255.0.0',
      gateway: '10.1.0.1',
      dns: '1.1.1.1 10.1.0.1',
      hostname: 'row-4',
    });
  });

  test('the factory reset puts the password back and takes no write any more', () => {
    const on = device('m60s');
    tell(on, 'set_low_power');
    tell(on, 'factory_reset');
    expect(record(on, 'status', LATER)).toMatchObject({ power_mode: 'normal' });
    expect(tell(on, 'set_led', { param: 'auto' }, LATER, token(on, 'admin', LATER))).toMatchObject({ Code: 45 });
    expect(ask(on, 'pools', LATER).POOLS).toEqual([]);
  });

  test('a blinking LED is seen in get_miner_info', () => {
    const on = device('m60s');
    const led = () => (ask(on, 'get_miner_info', NOW, { info: 'ledstat' }).Msg as Doc).ledstat;
    expect(led()).toBe('auto');
    tell(on, 'set_led', { color: 'green', period: 1000, duration: 500, start: 0 });
    expect(led()).toBe('manual');
    tell(on, 'set_led', { param: 'auto' });
    expect(led()).toBe('auto');
  });
});
