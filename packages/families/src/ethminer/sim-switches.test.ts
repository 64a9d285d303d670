import { describe, expect, test } from 'vitest';
import {
  ask,
  connect,
  detail,
  device,
  give,
  HOUR,
  MINUTE,
  NOW,
  POWERED,
  reply,
  requestOf,
  SECOND,
  say,
  stat1,
  tell,
  textOf,
} from './sim.testing.ts';
import { ethminerSimulator, RIG_PASSWORD } from './sim.ts';

const PING = requestOf('miner_ping');
const DEADLY = `{"x":${'['.repeat(1000)}\n`;
const OVERHEATS = { 'temperature-stop': true, 'stalled-fan': true };

/** What shows each switch: bytes with it off and with it on. */
const SHOWN: Readonly<Record<string, (quirks: Record<string, boolean>, profile: string) => string>> = {
  'dead-board': (quirks, profile) => say(device(profile, quirks), requestOf('miner_getstat1')),
  'stalled-fan': (quirks, profile) =>
    say(device(profile, { ...quirks, 'no-sensors': false }), requestOf('miner_getstat1')),
  'dead-pool': (quirks, profile) => say(device(profile, quirks), requestOf('miner_getstat1'), POWERED + 50 * SECOND),
  asleep: (quirks, profile) => say(device(profile, quirks), requestOf('miner_getstat1')),
  password: (quirks, profile) => say(device(profile, quirks), PING),
  'read-only': (quirks, profile) => say(device(profile, quirks), requestOf('miner_restart')),
  'reboot-script': (quirks, profile) => say(device(profile, quirks), requestOf('miner_reboot')),
  supervised: (quirks, profile) => {
    const on = device(profile, quirks);
    give(on, DEADLY);
    return String(on.listening('ethminer', NOW + HOUR));
  },
  'no-sensors': (quirks, profile) => say(device(profile, quirks), requestOf('miner_getstat1')),
  'temperature-stop': (quirks, profile) => say(device(profile, quirks), requestOf('miner_getstatdetail')),
  'small-memory': (quirks, profile) => say(device(profile, quirks), requestOf('miner_getstatdetail')),
  'epoch-error': (quirks, profile) => say(device(profile, quirks), requestOf('miner_getstatdetail')),
  'shared-nonce': (quirks, profile) => say(device(profile, quirks), requestOf('miner_getscramblerinfo')),
  'growing-lists': (quirks, profile) => {
    const on = device(profile, quirks);
    tell(on, 'miner_restart');
    return stat1(on, NOW + MINUTE)[5] ?? '';
  },
  'repeated-replies': (quirks, profile) => say(device(profile, quirks), PING + PING),
  'short-packet-hang': (quirks, profile) => {
    const to = connect(device(profile, quirks));
    return say(to, '\n') + say(to, PING);
  },
  hung: (quirks, profile) => say(device(profile, quirks), PING),
  'no-api': (quirks, profile) => String(device(profile, quirks).listening('ethminer', NOW)),
};

describe.each(ethminerSimulator.profiles)('$name', ({ name, quirks }) => {
  test.each(Object.keys(quirks))('%s changes what it says', (quirk) => {
    const shown = SHOWN[quirk];
    expect(shown, 'a switch that is not shown').toBeDefined();
    expect(shown?.({ [quirk]: true }, name)).not.toBe(shown?.({ [quirk]: false }, name));
  });
});

describe('a password', () => {
  const on = () => connect(device('rig-6', { password: true }));

  test('is asked for by every method, and remembered for the connection', () => {
    const to = on();
    expect(reply(to, 'miner_getstat1')).toEqual({
      id: 1,
      jsonrpc: '2.0',
      error: { code: -403, message: 'Authorization needed' },
    });
    expect(reply(to, 'api_authorize', { psw: RIG_PASSWORD })).toEqual({ id: 1, jsonrpc: '2.0' });
    expect(ask(to, 'miner_ping')).toBe('pong');
    expect(tell(on(), 'miner_ping')).toEqual({ code: -403, message: 'Authorization needed' });
  });

  test('that is wrong later locks again', () => {
    const to = on();
    reply(to, 'api_authorize', { psw: RIG_PASSWORD });
    expect(tell(to, 'api_authorize', { psw: 'rig_01!#' })).toEqual({ code: -401, message: 'Invalid password' });
    expect(tell(to, 'miner_ping')).toEqual({ code: -403, message: 'Authorization needed' });
  });

  test('does not keep the page from anybody', () => {
    expect(say(on(), 'GET / HTTP/1.1\r\n\r\n')).toContain('<td>GeForce GTX 1070 8.00 GB</td>');
  });

  test('counts as equal with zeros behind it, as far as the zeros of the comparison go', () => {
    expect(reply(on(), 'api_authorize', { psw: `${RIG_PASSWORD}\0\0` })).toEqual({ id: 1, jsonrpc: '2.0' });
  });
});

describe('conditions', () => {
  test('a GPU that fell off the bus is not there: five of six are listed', () => {
    const on = device('rig-6', { 'dead-board': true });
    expect(detail(on).devices.map(({ hardware }) => hardware.pci)).toEqual([
      '01:00.0',
      '02:00.0',
      '03:00.0',
      '04:00.0',
      '05:00.0',
    ]);
    expect(ask(on, 'miner_getscramblerinfo')).toMatchObject({ device_count: 5 });
  });

  test('without a fan the first GPU is far hotter than the others', () => {
    const [first, second] = detail(device('rig-6', { 'stalled-fan': true })).devices;
    expect(first?.hardware.sensors[1]).toBe(0);
    expect(first?.hardware.sensors[0]).toBeGreaterThan(80);
    expect(second?.hardware.sensors[0]).toBeLessThan(75);
  });

  test('and with limits it is paused for its heat, cools down and goes on, again and again', () => {
    const on = device('rig-6', OVERHEATS);
    const seen = new Set<string | null>();
    let hottest = 0;
    for (let at = NOW; at < NOW + 12 * MINUTE; at += 10 * SECOND) {
      const { devices, monitors } = detail(on, at);
      expect(monitors).toEqual({ temperatures: [60, 85] });
      const [first, ...others] = devices;
      seen.add(first?.mining.pause_reason ?? null);
      hottest = Math.max(hottest, first?.hardware.sensors[0] ?? 0);
      for (const other of others) expect(other.mining.paused).toBe(false);
    }
    expect(seen).toEqual(new Set(['Overheating', null]));
    expect(hottest).toBeGreaterThan(80);
    expect(hottest).toBeLessThanOrEqual(85);
  });

  test('a pause through the API is lifted, that for its heat stays', () => {
    const on = device('rig-6', OVERHEATS);
    let at = NOW;
    while (detail(on, at).devices[0]?.mining.paused !== true && at < NOW + HOUR) at += 10 * SECOND;
    tell(on, 'miner_pausegpu', { index: 0, pause: true }, at);
    expect(detail(on, at).devices[0]?.mining.pause_reason).toBe('Overheating; Api request');
    expect(tell(on, 'miner_pausegpu', { index: 0, pause: false }, at)).toBe(true);
    expect(detail(on, at).devices[0]?.mining).toMatchObject({ paused: true, pause_reason: 'Overheating' });
  });

  test('a first pool that is dead is left for the second one; until then no GPU is listed', () => {
    const on = device('rig-6', { 'dead-pool': true });
    const before = detail(on, POWERED + 45 * SECOND);
    expect(before.connection).toMatchObject({ connected: false, switches: 1 });
    expect(before.devices).toEqual([]);
    expect(stat1(on, POWERED + 45 * SECOND).slice(2, 7)).toEqual(['0;0;0', '', '0;0;0', '', '']);
    const after = detail(on);
    expect(after.connection).toMatchObject({ connected: true, switches: 2 });
    expect(after.connection.uri).toContain('pool-b.example');
    expect(after.devices).toHaveLength(6);
  });

  test('asleep: every GPU is paused, and can be woken', () => {
    const on = device('rig-6', { asleep: true });
    expect(detail(on).devices.every(({ mining }) => mining.pause_reason === 'Api request')).toBe(true);
    expect(detail(on).mining.hashrate).toBe('0x00000000');
    for (let index = 0; index < 6; index++) tell(on, 'miner_pausegpu', { index, pause: false });
    expect(detail(on, NOW + MINUTE).devices.every(({ mining }) => !mining.paused && mining.hashrate > '0x01')).toBe(
      true,
    );
  });

  test('too little memory and a failed epoch stay, whatever the API says', () => {
    const on = device('rig-6', { 'small-memory': true, 'epoch-error': true });
    tell(on, 'miner_pausegpu', { index: 0, pause: true });
    tell(on, 'miner_pausegpu', { index: 0, pause: false });
    const reasons = 'Insufficient GPU memory; Epoch initialization error';
    expect(detail(on, NOW + HOUR).devices[0]?.mining).toMatchObject({ paused: true, pause_reason: reasons });
    expect(detail(on, NOW + HOUR).devices[0]?.mining.hashrate).toBe('0x00000000');
  });
});

describe('other switches', () => {
  test('a reboot script restarts the machine: the answer comes before', () => {
    const on = device('rig-6', { 'reboot-script': true });
    expect(tell(on, 'miner_reboot')).toBe(true);
    expect(ask(on, 'miner_ping', NOW + SECOND)).toBe('pong');
    expect(on.listening('ethminer', NOW + 10 * SECOND)).toBe(false);
    expect(on.listening('ethminer', NOW + 2 * MINUTE)).toBe(true);
    expect(detail(on, NOW + 2 * MINUTE).host.runtime).toBeLessThan(120);
  });

  test('without a script miner_reboot is false and nothing happens', () => {
    const on = device();
    expect(tell(on, 'miner_reboot')).toBe(false);
    expect(detail(on, NOW + MINUTE).host.runtime).toBeGreaterThan(7000);
  });

  test('a read-only rig answers reads and refuses writes before it looks at them', () => {
    const on = device('rig-6', { 'read-only': true });
    expect(ask(on, 'miner_ping')).toBe('pong');
    for (const method of ['miner_shuffle', 'miner_pausegpu', 'miner_setverbosity', 'miner_reboot']) {
      expect(tell(on, method)).toEqual({ code: -32601, message: 'Method not available' });
    }
  });

  test('rigs with the same nonce overlap from the first GPU on', () => {
    const [a, b] = [1, 2].map((seed) => ask(device('rig-6', { 'shared-nonce': true }, seed), 'miner_getscramblerinfo'));
    expect(a).toEqual(b);
    expect(a).toMatchObject({ start_nonce: '0x6f3ab2803cfeea12' });
  });

  test('lists grow by the number of GPUs at every miner_restart; the detail is right', () => {
    const on = device();
    tell(on, 'miner_restart');
    tell(on, 'miner_restart', undefined, NOW + MINUTE);
    const [, , , rates = '', , off = '', sensors = ''] = stat1(on, NOW + 3 * MINUTE);
    expect([rates, off].map((list) => list.split(';').length)).toEqual([18, 18]);
    expect(sensors.split(';').length).toBe(36);
    expect(rates.split(';').slice(6)).toEqual(Array(12).fill('0'));
    expect(detail(on, NOW + 3 * MINUTE).devices).toHaveLength(6);
  });

  test('three requests in one packet: r1, r1 r2, r1 r2 r3; or each once', () => {
    const three = [1, 2, 3].map((id) => requestOf('miner_ping', undefined, id)).join('');
    const line = (id: number): string => `{"id":${id},"jsonrpc":"2.0","result":"pong"}\n`;
    expect(say(device(), three)).toBe([1, 1, 2, 1, 2, 3].map(line).join(''));
    expect(say(device('rig-6', { 'repeated-replies': false }), three)).toBe([1, 2, 3].map(line).join(''));
  });

  test('a hung rig takes connections and says nothing, not even the page', () => {
    const to = connect(device('rig-6', { hung: true }));
    expect(give(to, 'GET / HTTP/1.1\r\n\r\n')).toEqual({ chunks: [], end: 'keep' });
    expect(textOf(give(to, PING, NOW + MINUTE))).toBe('');
  });
});
