import { describe, expect, test } from 'vitest';
import {
  ask,
  connect,
  detail,
  device,
  give,
  HOUR,
  MINUTE,
  megahashes,
  NOW,
  POWERED,
  reply,
  requestOf,
  SECOND,
  say,
  stat1,
  tell,
} from './sim.testing.ts';
import { createRig, ethminerSimulator } from './sim.ts';
import { RECORDED } from './sim-profiles.ts';

describe('a rig of six GPUs', () => {
  test('says in nine strings what it does', () => {
    const [version, minutes, total = '', rates = '', dual, off, sensors = '', pool, failed] = stat1(device());
    expect(version).toBe('ethminer-0.19.0');
    // Two hours of power less the 40 s until ethminer started.
    expect(minutes).toBe('119');
    expect(total).toMatch(/^18\d{4};\d+;\d+$/);
    expect(rates.split(';').map((rate) => Math.round(Number(rate) / 1000))).toEqual(
      [30, 30, 30, 30, 30, 30].map(() => expect.closeTo(30, -1)),
    );
    expect(dual).toBe('0;0;0');
    expect(off).toBe('off;off;off;off;off;off');
    expect(sensors.split(';').length).toBe(12);
    expect(pool).toBe('pool-a.example:4444');
    expect(failed).toMatch(/^\d+;0;0;0$/);
  });

  test('hashes at 30 MH/s per GPU, warm and with its fans on', () => {
    const { devices, mining, monitors, connection } = detail(device());
    expect(devices.length).toBe(6);
    for (const { hardware, mining: own } of devices) {
      expect(megahashes(own.hashrate)).toBeGreaterThan(28);
      expect(megahashes(own.hashrate)).toBeLessThan(33);
      const [temperature, fan, power] = hardware.sensors;
      expect(temperature).toBeGreaterThan(45);
      expect(temperature).toBeLessThan(75);
      expect(fan).toBeGreaterThan(20);
      expect(fan).toBeLessThan(100);
      expect(power).toBeGreaterThan(105);
      expect(power).toBeLessThan(130);
    }
    expect(Number.parseInt(mining.hashrate, 16)).toBeGreaterThan(170e6);
    expect(monitors).toBeNull();
    expect(connection).toMatchObject({ connected: true, switches: 1 });
  });

  test('finds about as many shares as its rate and the difficulty of the pool say', () => {
    const on = device();
    const [accepted, rejected] = detail(on, POWERED + 24 * HOUR).mining.shares;
    // 182 MH/s for a day over 4.0e9 hashes a share.
    expect(accepted).toBeGreaterThan(3600);
    expect(accepted).toBeLessThan(4300);
    expect(rejected).toBeLessThan(40);
  });

  test('counts alike for all GPUs and for each, and never less than before', () => {
    const on = device();
    let before = 0;
    for (let at = NOW; at < NOW + HOUR; at += 7 * MINUTE) {
      const { devices, mining } = detail(on, at);
      const sum = devices.reduce((total, { mining: own }) => total + own.shares[0], 0);
      expect(mining.shares[0]).toBe(sum);
      expect(sum).toBeGreaterThanOrEqual(before);
      before = sum;
    }
  });

  test('is the same whether it was asked once or a hundred times', () => {
    const often = device('rig-6', { 'stalled-fan': true, 'temperature-stop': true });
    const once = device('rig-6', { 'stalled-fan': true, 'temperature-stop': true });
    for (let i = 0; i < 100; i++) say(often, requestOf('miner_getstatdetail'), POWERED + 2 * MINUTE + i * MINUTE + i);
    const at = POWERED + 5 * HOUR;
    expect(say(often, requestOf('miner_getstatdetail'), at)).toBe(say(once, requestOf('miner_getstatdetail'), at));
  });

  test('is another rig with another seed, with a name and nonces of its own', () => {
    const a = detail(device('rig-6', {}, 1));
    const b = detail(device('rig-6', {}, 2));
    expect(a.host.name).toMatch(/^rig-\d\d$/);
    expect(a.host.name).not.toBe(b.host.name);
    expect(a.devices[0]?.mining.segment).not.toEqual(b.devices[0]?.mining.segment);
    expect(a.mining.hashrate).not.toBe(b.mining.hashrate);
  });

  test('prints power as the driver counts it, with what is left of binary fractions', () => {
    const text = say(device(), requestOf('miner_getstatdetail'));
    const powers = [...text.matchAll(/"sensors":\[\d+,\d+,([^\]]+)\]/g)].map(([, power = '']) => power);
    expect(powers.length).toBe(6);
    for (const power of powers) expect(power).toMatch(/^1\d\d\.\d+$/);
    expect(powers.some((power) => power.length > 12)).toBe(true);
  });

  test('refuses connections until ethminer has started', () => {
    const on = device();
    expect(on.listening('ethminer', POWERED + 30 * SECOND)).toBe(false);
    expect(on.listening('ethminer', POWERED + 60 * SECOND)).toBe(true);
    expect(on.listening('cgminer', NOW)).toBe(false);
  });

  test('lists GPUs at 0 H/s while the DAG is built', () => {
    const { devices, mining } = detail(device(), POWERED + 50 * SECOND);
    expect(devices.length).toBe(6);
    expect(mining.hashrate).toBe('0x00000000');
  });
});

describe('a rate beyond 32 bits', () => {
  test('wraps', () => {
    const [gpu] = RECORDED.gpus;
    if (gpu === undefined) throw new Error('no GPU');
    const plan = { ...RECORDED, gpus: [{ ...gpu, nominalHs: 5e9 }], bootMs: 0 };
    const rig = createRig(plan, { seed: 1, poweredAt: POWERED }, () => false, device().label);
    expect(Number(stat1(rig)[3])).toBeGreaterThan(4_900_000);
    // 5.0e9 less 2^32.
    expect(megahashes(detail(rig).mining.hashrate)).toBeGreaterThan(600);
    expect(megahashes(detail(rig).mining.hashrate)).toBeLessThan(900);
  });
});

describe('what the API changes', () => {
  test('a paused GPU stops, and goes on with the next job', () => {
    const on = device();
    expect(tell(on, 'miner_pausegpu', { index: 2, pause: true })).toBe(true);
    const paused = detail(on, NOW + 20 * SECOND).devices[2]?.mining;
    expect(paused).toMatchObject({ paused: true, pause_reason: 'Api request', hashrate: '0x00000000' });
    expect(detail(on, NOW + 20 * SECOND).devices[1]?.mining).toMatchObject({ paused: false, pause_reason: null });
    expect(detail(on, NOW + 10 * MINUTE).devices[2]?.hardware.sensors[0]).toBeLessThan(45);

    expect(tell(on, 'miner_pausegpu', { index: 2, pause: false }, NOW + HOUR)).toBe(true);
    expect(detail(on, NOW + HOUR).devices[2]?.mining).toMatchObject({ paused: false, hashrate: '0x00000000' });
    expect(megahashes(detail(on, NOW + HOUR + MINUTE).devices[2]?.mining.hashrate ?? '')).toBeGreaterThan(28);
  });

  test('miner_shuffle draws another nonce, and all segments follow it', () => {
    const on = device();
    const before = ask(on, 'miner_getscramblerinfo') as { start_nonce: string };
    expect(tell(on, 'miner_shuffle')).toBe(true);
    const after = ask(on, 'miner_getscramblerinfo') as { start_nonce: string };
    expect(after.start_nonce).toMatch(/^0x[0-9a-f]{16}$/);
    expect(after.start_nonce).not.toBe(before.start_nonce);
    expect(detail(on).devices[0]?.mining.segment[0]).toBe(after.start_nonce);
  });

  test('segments are exact to the last digit, and wrap at 2^64', () => {
    const on = device();
    const text =
      '{"id":1,"jsonrpc":"2.0","method":"miner_setscramblerinfo","params":{"noncescrambler":18446744073709551615,"segmentwidth":40}}\n';
    expect(say(on, text)).toBe('{"id":1,"jsonrpc":"2.0","result":true}\n');
    expect(
      detail(on)
        .devices.slice(0, 2)
        .map(({ mining }) => mining.segment),
    ).toEqual([
      ['0xffffffffffffffff', '0x000000ffffffffff'],
      ['0x000000ffffffffff', '0x000001ffffffffff'],
    ]);
  });

  test('another connection is made at once: the farm is suspended until it is there', () => {
    const on = device();
    const to = connect(on);
    expect(tell(to, 'miner_setactiveconnection', { index: 1 })).toBe(true);
    const during = detail(to, NOW + 100);
    expect(during.connection).toMatchObject({ connected: false, switches: 2 });
    expect(during.connection.uri).toContain('pool-b.example:14444');
    expect(during.devices[5]?.mining).toMatchObject({ paused: true, pause_reason: 'Farm suspended' });
    const again = { code: -422, message: 'Outstanding operations. Retry ...' };
    expect(tell(to, 'miner_setactiveconnection', { index: 0 }, NOW + 100)).toEqual(again);
    expect(tell(to, 'miner_removeconnection', { index: 0 }, NOW + 100)).toEqual(again);
    const after = detail(to, NOW + MINUTE);
    expect(after.connection).toMatchObject({ connected: true, switches: 2 });
    expect(megahashes(after.devices[5]?.mining.hashrate ?? '')).toBeGreaterThan(28);
    expect(stat1(to, NOW + MINUTE)[7]).toBe('pool-b.example:14444');
  });

  test('a pool where nobody answers is given up for the next one', () => {
    const on = device();
    expect(tell(on, 'miner_addconnection', { uri: 'stratum+tcp://0xab.w@nowhere.invalid:4444' })).toBe(true);
    expect(tell(on, 'miner_setactiveconnection', { URI: 'STRATUM+TCP://0xab.w@nowhere.invalid:4444' })).toBe(true);
    expect(detail(on, NOW + 5 * SECOND).connection).toMatchObject({ connected: false, switches: 2 });
    const after = detail(on, NOW + MINUTE);
    expect(after.connection).toMatchObject({ connected: true, switches: 3 });
    expect(after.connection.uri).toContain('pool-a.example');
  });

  test('a connection before the active one can go, and the active one stays', () => {
    const on = device();
    tell(on, 'miner_setactiveconnection', { index: 1 });
    expect(tell(on, 'miner_removeconnection', { index: 0 }, NOW + MINUTE)).toBe(true);
    expect(ask(on, 'miner_getconnections', NOW + MINUTE)).toMatchObject([{ active: true, index: 0 }]);
    expect(detail(on, NOW + MINUTE).connection.uri).toContain('pool-b.example');
  });

  test('miner_restart stops the work, builds the DAG anew and keeps the pool', () => {
    const on = device();
    const before = detail(on);
    expect(tell(on, 'miner_restart')).toBe(true);
    const during = detail(on, NOW + 15 * SECOND);
    expect(during.mining.hashrate).toBe('0x00000000');
    expect(during.connection).toMatchObject({ connected: true, switches: 1 });
    const after = detail(on, NOW + 2 * MINUTE);
    expect(megahashes(after.devices[0]?.mining.hashrate ?? '')).toBeGreaterThan(28);
    expect(after.mining.shares[0]).toBeGreaterThanOrEqual(before.mining.shares[0]);
    expect(after.host.runtime).toBe(before.host.runtime + 120);
  });

  test('nothing of it outlives the process', () => {
    const on = device();
    tell(on, 'miner_addconnection', { uri: 'stratum+tcp://0xab.w@pool-c.example:4444' });
    tell(on, 'miner_pausegpu', { index: 0, pause: true });
    tell(on, 'miner_setscramblerinfo', { noncescrambler: '0x10', segmentwidth: 20 });
    give(on, `{"x":${'['.repeat(1000)}\n`);
    const later = NOW + MINUTE;
    expect(ask(on, 'miner_getconnections', later)).toHaveLength(2);
    expect(detail(on, later).devices[0]?.mining.paused).toBe(false);
    expect(ask(on, 'miner_getscramblerinfo', later)).toMatchObject({ device_width: 32 });
    expect(ask(on, 'miner_getscramblerinfo', later)).not.toMatchObject({ start_nonce: '0x0000000000000010' });
  });
});

describe('a request that ends the process', () => {
  const DEADLY = `{"id":1,"x":${'['.repeat(1000)}${']'.repeat(1000)}}\n`;

  test('closes every connection, and nobody listens until it was started again', () => {
    const on = device();
    const other = connect(on);
    expect(give(on, DEADLY)).toEqual({ chunks: [], end: 'fin' });
    expect(give(other, requestOf('miner_ping'), NOW + 100)).toEqual({ chunks: [], end: 'fin' });
    expect(on.listening('ethminer', NOW + 100)).toBe(false);
    expect(on.ethminer?.connect({ address: '10.0.0.9' }, NOW + 100)).toBeNull();
    expect(on.listening('ethminer', NOW + 10 * SECOND)).toBe(true);
    expect(detail(on, NOW + 10 * SECOND).host.runtime).toBe(5);
    expect(give(other, requestOf('miner_ping'), NOW + 10 * SECOND).end).toBe('fin');
  });

  test('needs a thousand arrays; with one less it is answered', () => {
    const text = `{"id":1,"jsonrpc":"2.0","method":"miner_ping","x":${'['.repeat(999)}${']'.repeat(999)}}\n`;
    expect(say(device(), text)).toBe('{"id":1,"jsonrpc":"2.0","result":"pong"}\n');
  });
});

describe('the page on the same port', () => {
  test('has a row for each GPU, and marks those that are paused', () => {
    const on = device();
    tell(on, 'miner_pausegpu', { index: 1, pause: true });
    const page = say(on, 'GET / HTTP/1.1\r\n', NOW + MINUTE);
    const [head = '', body = ''] = page.split('\r\n\r\n');
    expect(head).toContain('HTTP/1.1 200 Ok Error\r\nServer: ethminer-0.19.0');
    expect(Number(/Content-Length: (\d+)/.exec(head)?.[1])).toBe(body.length - 2);
    expect(body.match(/<tr class="bg-red">/g)).toHaveLength(1);
    expect(body).toContain(
      '<tr class="bg-red"><td>02:00.0</td><td>GeForce GTX 1070 8.00 GB</td><td>CUDA</td><td>Api request</td>',
    );
    expect(body.match(/ Mh<\/td>/g)).toHaveLength(6);
    expect(body).toContain('ethminer-0.19.0 - 2:00<br>');
  });

  test('is answered on a kept connection too, which ends with it', () => {
    const to = connect(device());
    expect(say(to, requestOf('miner_ping'))).toContain('pong');
    expect(give(to, 'GET /x HTTP/1.0\r\n\r\n').end).toBe('fin');
    expect(give(to, requestOf('miner_ping'))).toEqual({ chunks: [], end: 'fin' });
  });
});

test('a line that never ends is given up at last', () => {
  const to = connect(device());
  const piece = 'x'.repeat(1 << 18);
  for (let i = 0; i < 4; i++) expect(give(to, piece).end).toBe('keep');
  expect(give(to, piece)).toEqual({ chunks: [], end: 'fin' });
});

test('names from JavaScript are no methods', () => {
  for (const method of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    expect(reply(device(), method)).toMatchObject({ error: { code: -32601, message: 'Method not found' } });
  }
});

test('every profile has a name, a label and switches of its own', () => {
  const names = ethminerSimulator.profiles.map(({ name }) => name);
  expect(names).toEqual([
    'rig-6',
    'rig-0-17',
    'rig-3',
    'rig-0-18',
    'rig-0-18-alpha-2',
    'rig-0-16',
    'rig-0-15',
    'rig-0-14',
  ]);
  expect(ethminerSimulator.profiles[0]?.label).toEqual({
    family: 'ethminer',
    make: '',
    model: '6 x GeForce GTX 1070 8.00 GB',
    firmware: 'ethminer',
  });
});
