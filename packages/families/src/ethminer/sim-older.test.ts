import { describe, expect, test } from 'vitest';
import {
  ask,
  connect,
  type Doc,
  device,
  give,
  MINUTE,
  NOW,
  reply,
  requestOf,
  say,
  stat1,
  tell,
} from './sim.testing.ts';
import { ethminerSimulator } from './sim.ts';

/*
 * Releases before 0.18 (protocols.md 5.7).
 */

describe('0.17.1', () => {
  const on = () => device('rig-0-17');

  test('answers miner_getstathr, which later releases do not have', () => {
    expect(ask(on(), 'miner_getstathr')).toEqual({
      version: 'ethminer-0.17.1',
      runtime: '119',
      ethhashrate: expect.any(Number),
      ethhashrates: [expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number)],
      ethshares: expect.any(Number),
      ethrejected: expect.any(Number),
      ethinvalid: expect.any(Number),
      ethpoolsw: 0,
      temperatures: [expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number)],
      fanpercentages: [expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number)],
      powerusages: [expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number)],
      pooladdrs: 'pool-a.example:4444',
      ispaused: [false, false, false, false],
    });
    expect(tell(device(), 'miner_getstathr')).toEqual({ code: -32601, message: 'Method not found' });
  });

  test('has the older shape of miner_getstatdetail', () => {
    const detail = ask(on(), 'miner_getstatdetail') as Doc & { gpus: Doc[] };
    expect(Object.keys(detail)).toEqual([
      ...['connection', 'difficulty', 'epoch', 'epoch_changes', 'gpus', 'hashrate', 'hostname', 'runtime', 'shares'],
      ...['tstart', 'tstop', 'version'],
    ]);
    expect(detail).toMatchObject({
      connection: { isconnected: true, switched: 1 },
      difficulty: 3999938964,
      epoch: 218,
      epoch_changes: 1,
      tstart: null,
      tstop: null,
      version: 'ethminer-0.17.1',
    });
    expect(Object.keys(detail.gpus[0] ?? {})).toEqual([
      ...[
        'fan',
        'hashrate',
        'index',
        'ispaused',
        'nonce_start',
        'nonce_stop',
        'pause_reason',
        'power',
        'shares',
        'temp',
      ],
    ]);
    expect(Object.keys(detail.gpus[0]?.shares as Doc)).toEqual([
      ...['accepted', 'acceptedstale', 'invalid', 'lastupdate', 'rejected'],
    ]);
    expect(say(on(), requestOf('miner_getstatdetail'))).toContain('"difficulty":3999938964.0,');
  });

  test('prints nonces in decimal, exact beyond 2^53', () => {
    const rig = on();
    const set =
      '{"id":1,"jsonrpc":"2.0","method":"miner_setscramblerinfo","params":{"noncescrambler":16704043538687679721}}\n';
    expect(say(rig, set)).toContain('"result":true');
    // As the document has it, but for its stops: each segment is 2^40 wide.
    expect(say(rig, requestOf('miner_getscramblerinfo'))).toBe(
      '{"id":1,"jsonrpc":"2.0","result":{"noncescrambler":16704043538687679721,"segments":[' +
        '{"gpu":0,"start":16704043538687679721,"stop":16704044638199307497},' +
        '{"gpu":1,"start":16704044638199307497,"stop":16704045737710935273},' +
        '{"gpu":2,"start":16704045737710935273,"stop":16704046837222563049},' +
        '{"gpu":3,"start":16704046837222563049,"stop":16704047936734190825}],"segmentwidth":40}}\n',
    );
    expect(say(rig, requestOf('miner_getstatdetail'))).toContain(
      '"nonce_start":16704043538687679721,"nonce_stop":16704044638199307497',
    );
  });

  test('pauses for the reasons api and temperature, with nothing for none', () => {
    const rig = device('rig-0-17', { 'temperature-stop': true, 'stalled-fan': true });
    const first = (at: number): Doc => (ask(rig, 'miner_getstatdetail', at) as { gpus: Doc[] }).gpus[0] ?? {};
    const seen = new Set<unknown>();
    for (let at = NOW; at < NOW + 10 * MINUTE; at += 20_000) seen.add(first(at).pause_reason);
    expect(seen).toEqual(new Set(['', 'temperature']));
    let at = NOW;
    while (first(at).pause_reason !== 'temperature' && at < NOW + 20 * MINUTE) at += 10_000;
    tell(rig, 'miner_pausegpu', { index: 0, pause: true }, at);
    expect(first(at)).toMatchObject({ ispaused: true, pause_reason: 'temperature,api' });
  });

  test('without sensors has null in the detail and zeros in miner_getstathr', () => {
    const rig = device('rig-0-17', { 'no-sensors': true });
    expect((ask(rig, 'miner_getstatdetail') as { gpus: Doc[] }).gpus[0]).toMatchObject({
      temp: null,
      fan: null,
      power: null,
    });
    expect(ask(rig, 'miner_getstathr')).toMatchObject({ temperatures: [0, 0, 0, 0], powerusages: [0, 0, 0, 0] });
  });

  test('reads up to the line feed: short packets and pieces never hang it, and there is no page', () => {
    const to = connect(on());
    expect(say(to, '\n')).toBe('');
    expect(say(to, '{"i')).toBe('');
    expect(say(to, 'd":7,"jsonrpc":"2.0","method":"miner_ping"}\n')).toBe('{"id":7,"jsonrpc":"2.0","result":"pong"}\n');
    expect(say(to, 'GET / HTTP/1.1\r\n')).toBe(
      '{"error":{"code":-32700,"message":"Parse Error"},"id":null,"jsonrpc":"2.0"}\n',
    );
    expect(say(to, '{bad\n')).toBe('{"error":{"code":-32700,"message":"Parse Error"},"id":null,"jsonrpc":"2.0"}\n');
  });

  test('lets a read-only port shuffle', () => {
    const rig = device('rig-0-17', { 'read-only': true });
    expect(tell(rig, 'miner_shuffle')).toBe(true);
    expect(tell(rig, 'miner_restart')).toEqual({ code: -32601, message: 'Method not available' });
  });

  test.each([
    ['bogus', 'Invalid URI bogus'],
    ['ftp://0xab.w@pool-c.example:4444', 'Unknown URI scheme ftp'],
    ['http://pool-c.example:8545', 'Mixed stratum and getwork endpoints not supported.'],
  ])('looks at a URI before it is added: %s', (uri, message) => {
    expect(tell(on(), 'miner_addconnection', { uri })).toEqual({ code: -422, message });
  });

  test('has its own errors for connections', () => {
    const rig = on();
    expect(tell(rig, 'miner_addconnection', { uri: 'stratum+tcp://0xab.w@pool-c.example:4444' })).toBe(true);
    expect(tell(rig, 'miner_setactiveconnection', { index: 9 })).toEqual({
      code: -422,
      message: 'Index out of bounds',
    });
    expect(tell(rig, 'miner_setactiveconnection', { URI: 'x' })).toEqual({ code: -32602, message: "Missing 'index'" });
    expect(tell(rig, 'miner_setactiveconnection', { index: 0 })).toBe(true);
    expect(tell(rig, 'miner_removeconnection', { index: 9 })).toEqual({ code: -422, message: 'Index out of bounds' });
    expect(tell(rig, 'miner_removeconnection', { index: 0 })).toEqual({
      code: -460,
      message: "Can't delete active connection",
    });
    expect(tell(rig, 'miner_removeconnection', { index: 2 })).toBe(true);
  });

  test('takes any parameters for the scrambler, and clamps the width alike', () => {
    const rig = on();
    const width = () => (ask(rig, 'miner_getscramblerinfo') as Doc).segmentwidth;
    expect(tell(rig, 'miner_setscramblerinfo', { x: 1 })).toBe(true);
    expect(width()).toBe(40);
    expect(tell(rig, 'miner_setscramblerinfo', { segmentwidth: 5 })).toBe(true);
    expect(width()).toBe(10);
    tell(rig, 'miner_setscramblerinfo', { segmentwidth: 51 });
    expect(width()).toBe(40);
    expect(tell(rig, 'miner_setscramblerinfo', {})).toEqual({ code: -32602, message: "Empty 'params'" });
  });

  test('with a pool that is dead has null for its GPUs until it is connected', () => {
    const rig = device('rig-0-17', { 'dead-pool': true });
    const early = NOW - 119 * MINUTE - 10_000;
    expect(ask(rig, 'miner_getstatdetail', early)).toMatchObject({ gpus: null, epoch: null });
    expect(ask(rig, 'miner_getstathr', early)).toMatchObject({
      temperatures: null,
      ethhashrates: null,
      ispaused: null,
    });
    expect(Object.keys(ask(rig, 'miner_getscramblerinfo', early) as Doc)).toEqual(['noncescrambler', 'segmentwidth']);
  });
});

test('0.18.0-alpha.2 is between: no acceptedstale, the newer reasons, segments of 2^32, a connection by its URI', () => {
  const rig = device('rig-0-18-alpha-2');
  tell(rig, 'miner_pausegpu', { index: 0, pause: true });
  const [gpu, other] = (ask(rig, 'miner_getstatdetail') as { gpus: Doc[] }).gpus;
  expect(gpu).toMatchObject({ ispaused: true, pause_reason: 'Api request' });
  expect(other).toMatchObject({ ispaused: false, pause_reason: null });
  expect(gpu?.shares).not.toHaveProperty('acceptedstale');
  expect(ask(rig, 'miner_getscramblerinfo')).toMatchObject({ segmentwidth: 32 });
  expect(ask(rig, 'miner_getstathr')).toMatchObject({ version: 'ethminer-0.18.0-alpha.2' });
  expect(tell(rig, 'miner_setactiveconnection', { URI: 'x' })).toEqual({ code: -422, message: 'Not found.' });
  expect(tell(rig, 'miner_addconnection', { uri: 'ftp://0xab.w@pool-c.example:4444' })).toBe(true);
});

test('0.16.1 has no miner_getstatdetail, but miner_getstathr', () => {
  const rig = device('rig-0-16');
  expect(tell(rig, 'miner_getstatdetail')).toEqual({ code: -32601, message: 'Method not found' });
  expect(ask(rig, 'miner_getstathr')).toMatchObject({ version: 'ethminer-0.16.1' });
  expect(tell(rig, 'miner_setverbosity', { verbosity: 10 })).toEqual({
    code: -422,
    message: 'Verbosity out of bounds (0-9)',
  });
});

test('0.15 and 0.14 have a handful of methods, and close behind each reply', () => {
  const fifteen = device('rig-0-15');
  expect(ask(fifteen, 'miner_ping')).toBe('pong');
  expect(tell(fifteen, 'miner_shuffle')).toBe(true);
  const fourteen = device('rig-0-14');
  expect(give(fourteen, requestOf('miner_getstat1')).end).toBe('fin');
  for (const method of ['miner_ping', 'miner_shuffle', 'miner_getconnections', 'miner_getstatdetail']) {
    expect(reply(fourteen, method)).toMatchObject({ error: { code: -32601 } });
  }
  expect(ask(fourteen, 'miner_getstathr')).not.toHaveProperty('ispaused');
  expect(stat1(fourteen)[0]).toBe('0.14.0');
});

test('0.18.0 has the server of 0.19', () => {
  const [a, b] = ['rig-0-18', 'rig-6'].map((name) => say(device(name), requestOf('miner_getstatdetail')));
  expect(a).toBe(b?.replace('ethminer-0.19.0', 'ethminer-0.18.0'));
});

test('switches that would change nothing on a release are not offered', () => {
  const quirks = (name: string) =>
    Object.keys(ethminerSimulator.profiles.find((one) => one.name === name)?.quirks ?? {});
  expect(quirks('rig-0-17')).not.toContain('repeated-replies');
  expect(quirks('rig-0-14')).not.toContain('password');
  expect(quirks('rig-0-16')).not.toContain('temperature-stop');
  expect(quirks('rig-6')).toContain('short-packet-hang');
});
