import { describe, expect, test } from 'vitest';
import {
  ask,
  device,
  envelopeOf,
  give,
  HOUR,
  MINUTE,
  NOW,
  POWERED,
  record,
  records,
  say,
  tell,
  token,
  understood,
} from './sim.testing.ts';

const SECOND = 1000;

describe('a WhatsMiner on port 4028', () => {
  test('listens 25 s after its power came, and mines 45 s after it', () => {
    const on = device('m60s');
    expect(on.listening('cgminer', POWERED + 24 * SECOND)).toBe(false);
    expect(on.listening('cgminer', POWERED + 25 * SECOND)).toBe(true);
    expect(ask(on, 'summary', POWERED + 30 * SECOND)).toMatchObject({
      STATUS: 'E',
      Code: 132,
      Msg: 'API command ERROR',
    });
    expect(record(on, 'summary', POWERED + 50 * SECOND)).toMatchObject({ Elapsed: 5, Uptime: 50 });
  });

  test('takes cmd and command, with or without a line end, and closes behind its reply', () => {
    const on = device('m60s');
    const reply = say(on, '{"cmd":"get_version"}');
    expect(say(on, '{"command":"get_version"}\n')).toBe(reply);
    expect(give(on, '{"cmd":"get_version"}').end).toBe('fin');
    expect(reply).toBe(
      '{"STATUS":"S","When":1795007200,"Code":131,"Msg":{"api_ver":"2.2.0","fw_ver":"20251209.16.Rel2","platform":"H616",' +
        '"chip":"K8EX001-2426 BINVE6-100000A","miner_type":"M60S_VK40"},"Description":""}',
    );
  });

  test('says 23 to what is no JSON object, 14 to a command that it does not know', () => {
    const on = device('m60s');
    for (const text of ['{"cmd":"summary"', 'summary', '[1]', '"summary"', '\0\x01']) {
      expect(JSON.parse(say(on, text))).toMatchObject({ STATUS: 'E', Code: 23, Msg: 'json cmd err' });
    }
    for (const text of ['{}', '{"cmd":7}', '{"cmd":"version"}', '{"cmd":"__proto__"}', '{"cmd":"toString"}']) {
      expect(JSON.parse(say(on, text))).toMatchObject({ STATUS: 'E', Code: 14, Msg: 'invalid cmd' });
    }
  });

  test('says nothing to a client that says nothing', () => {
    expect(give(device('m60s'), '')).toEqual({ chunks: [], end: 'fin' });
  });

  test('joins two of summary, pools, edevs, devs and devdetails in the shape of cgminer', () => {
    const on = device('m60s');
    const joined = ask(on, 'summary+pools');
    expect(Object.keys(joined)).toEqual(['summary', 'pools', 'id']);
    expect(joined.summary).toEqual([ask(on, 'summary')]);
    expect(joined.pools).toEqual([ask(on, 'pools')]);
    expect(Object.keys(ask(on, 'edevs+devs'))).toEqual(['edevs', 'devs', 'id']);
  });

  test.each(['summary+pools+devs', 'summary+status', 'get_psu+get_version', 'summary+', '+', 'summary+reboot'])(
    'refuses the join %s',
    (join) => {
      expect(ask(device('m60s'), join)).toMatchObject({ STATUS: 'E', Code: 14 });
    },
  );

  test('numbers its pools from 1, and each hashboard has a record', () => {
    const on = device('m33s-hydro');
    expect(records(on, 'pools', 'POOLS').map(({ POOL, Priority, Status }) => [POOL, Priority, Status])).toEqual([
      [1, 0, 'Alive'],
      [2, 1, 'Alive'],
      [3, 2, 'Alive'],
    ]);
    expect(records(on, 'edevs', 'DEVS').map(({ ASC, Slot }) => [ASC, Slot])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  test('has STATUS records without a code where it speaks the V2.2 form, with one where a cgminer answers', () => {
    expect(ask(device('m60s'), 'pools').STATUS).toEqual([{ STATUS: 'S', Msg: '3 Pool(s)' }]);
    expect(ask(device('m30s-plus'), 'summary').STATUS).toEqual([
      { STATUS: 'S', When: NOW / 1000, Code: 11, Msg: 'Summary', Description: 'cgminer 4.9.2' },
    ]);
    expect(ask(device('m30s-plus'), 'get_version')).toMatchObject({ Description: 'whatsminer v1.4.0', Code: 131 });
  });

  test('of API 2.0.5 has everything in Msg, an object for summary and a list for pools', () => {
    const on = device('m50s');
    expect(ask(on, 'summary')).toMatchObject({ STATUS: 'S', Code: 131, Msg: { Elapsed: 7155, 'Power Limit': 3600 } });
    expect(ask(on, 'pools')).toMatchObject({ Code: 131, Msg: [{ POOL: 1 }, { POOL: 2 }, { POOL: 3 }] });
    expect(ask(device('m50s', { 'msg-wrapped': false }), 'summary')).toMatchObject({ SUMMARY: [{ Elapsed: 7155 }] });
  });

  test('with water has no fans, and says so', () => {
    expect(record(device('m33s-hydro'), 'summary')).toMatchObject({
      'Fan Speed In': 0,
      'Fan Speed Out': 0,
      'Liquid Cooling': true,
    });
    expect(record(device('m33s-hydro'), 'summary')['Board Temperature']).toHaveLength(4);
  });

  test('prints rates in MH/s with two decimals, as a C program does', () => {
    const text = say(device('m60s'), '{"cmd":"summary"}');
    expect(text).toMatch(/"MHS av":1[78]\d{7}\.\d\d,/);
    expect(text).toMatch(/"HS RT":18\d{7}\.\d\d,/);
    expect(text).toMatch(/"Pool Rejected%":\d\.\d{4},/);
    expect(text).toContain('"Factory GHS":185628,');
  });

  test('says the supply in mA and steps of 10 mV, all as texts', () => {
    const psu = record(device('m60s'), 'get_psu');
    expect(new Set(Object.values(psu).map((value) => typeof value))).toEqual(new Set(['string']));
    const [iin, vin, pin] = [psu.iin, psu.vin, psu.pin].map(Number);
    expect(Math.abs(((iin ?? 0) / 1000) * ((vin ?? 0) / 100) - (pin ?? 0))).toBeLessThan(3);
    expect(pin).toBeGreaterThan(3000);
    expect(Object.keys(record(device('m33s-hydro'), 'get_psu'))).toContain('vender');
  });

  test('of API 1.4 knows no get_miner_info and no adjust_power_limit', () => {
    const on = device('m30s-plus');
    expect(ask(on, 'get_miner_info')).toMatchObject({ STATUS: 'E', Code: 14 });
    expect(ask(on, 'get_error_code')).toMatchObject({ STATUS: 'E', Code: 14 });
    expect(tell(on, 'adjust_power_limit', { power_limit: '3000' })).toMatchObject({ Code: 14, wasSealed: true });
  });

  test('tells of get_miner_info what was asked for, and the tuning speed always', () => {
    const on = device('m60s');
    const info = (more: object) => Object.keys(ask(on, 'get_miner_info', NOW, { ...more }).Msg as object);
    expect(info({ info: 'ip,mac,hostname,nonsense' })).toEqual(['ip', 'hostname', 'mac', 'upfreq_speed']);
    expect(info({})).toEqual([
      ...['ip', 'proto', 'netmask', 'gateway', 'dns', 'hostname', 'mac', 'ledstat', 'minersn', 'powersn'],
      'upfreq_speed',
    ]);
  });

  test('gives a sealed read a sealed reply, with or without a token in it', () => {
    const on = device('m60s');
    const { key, sign } = token(on);
    const [bare, signed] = [{ cmd: 'status' }, { cmd: 'status', token: sign }].map((inside) =>
      understood(say(on, envelopeOf(inside, key)), key),
    );
    expect(bare).toEqual({ ...ask(on, 'status'), wasSealed: true });
    expect(signed).toEqual(bare);
  });
});

describe('status', () => {
  test('has the keys of its firmware', () => {
    expect(record(device('m30s-plus'), 'status')).toEqual({
      btmineroff: 'true',
      'Firmware Version': "'20210322.22.REL'",
    });
    expect(record(device('m33s-hydro'), 'status')).toEqual({
      btmineroff: 'false',
      'Firmware Version': "'20220810.15.REL'",
      power_mode: 'Normal',
      power_limit_set: '',
      hash_percent: '0',
    });
    expect(record(device('m50s'), 'status')).toEqual({
      mineroff: 'false',
      mineroff_reason: '',
      mineroff_time: '',
      FirmwareVersion: '20240624.18.REL',
      power_mode: 'normal',
      power_limit_set: '',
      hash_percent: '0',
    });
  });

  test('of API 1.4 says that mining is off while the machine hashes', () => {
    const on = device('m30s-plus');
    expect(record(on, 'status')).toMatchObject({ btmineroff: 'true' });
    expect(Number(record(on, 'summary')['MHS 5m'])).toBeGreaterThan(90_000_000);
  });
});

describe('what is wrong with a machine', () => {
  test('a hashboard that is not found has no record and is error 530 and its slot', () => {
    const on = device('m60s', { 'dead-board': true });
    expect(records(on, 'edevs', 'DEVS').map(({ Slot }) => Slot)).toEqual([0, 1]);
    expect(record(on, 'get_error_code')).toEqual({ error_code: [{ '532': '2026-11-18 19:07:45' }] });
    expect(Number(record(on, 'summary')['MHS 15m'])).toBeLessThan(130_000_000);
  });

  test('a fan that stands is error 110 and 0 turns, a dead pool is error 2020', () => {
    const on = device('m50s', { 'stalled-fan': true, 'dead-pool': true });
    expect(record(on, 'summary')).toMatchObject({ 'Fan Speed In': 0 });
    expect(Number(record(on, 'summary')['Fan Speed Out'])).toBeGreaterThan(3000);
    expect((record(on, 'get_error_code').error_code as object[]).flatMap((one) => Object.keys(one))).toEqual([
      '110',
      '2020',
    ]);
    const pools = ask(on, 'pools').Msg as object[];
    expect(pools).toMatchObject([
      { Status: 'Dead', 'Stratum Active': false },
      { Status: 'Alive', 'Stratum Active': true },
      { Status: 'Alive' },
    ]);
  });

  test('the older daemon counts its errors in summary', () => {
    const on = device('m30s-plus', { 'dead-board': true, 'stalled-fan': true });
    expect(record(on, 'summary')).toMatchObject({ 'Error Code Count': 2, 'Error Code 0': 110, 'Error Code 1': 532 });
  });

  test('API 2.0.4 sends error codes that are no JSON', () => {
    const text = say(device('m33s-hydro', { 'dead-board': true }), '{"cmd":"get_error_code"}');
    expect(text).toContain('"Msg":{"error_code":["533":"2026-11-18 19:07:45"]}');
    expect(() => JSON.parse(text)).toThrow();
  });

  test('a machine without complaints has an empty list', () => {
    for (const name of ['m33s-hydro', 'm50s', 'm60s']) {
      expect(record(device(name), 'get_error_code')).toEqual({ error_code: [] });
    }
  });

  test('asleep: mining is off from the start, newer daemons answer with zeros', () => {
    const on = device('m60s', { asleep: true });
    expect(record(on, 'status')).toMatchObject({ mineroff: 'true', mineroff_reason: 'power_off' });
    expect(record(on, 'summary')).toMatchObject({ 'MHS av': 0, 'MHS 5m': 0, 'Total MH': 0, Power: 60, freq_avg: 0 });
    tell(on, 'power_on');
    expect(Number(record(on, 'summary', NOW + 20 * MINUTE)['MHS 5m'])).toBeGreaterThan(170_000_000);
  });

  test('asleep: the older daemon has no btminer to ask, and passes on what it heard', () => {
    const on = device('m30s-plus', { asleep: true, 'btmineroff-lie': false });
    expect(record(on, 'status')).toMatchObject({ btmineroff: 'true' });
    expect(say(on, '{"cmd":"summary"}')).toBe('Socket connect failed: Connection refused\n');
    expect(say(on, '{"cmd":"summary+pools"}')).toBe('Socket connect failed: Connection refused\n');
  });
});

test('asking changes nothing: a machine asked a hundred times says what one says that was asked once', () => {
  const [often, once] = [device('m60s'), device('m60s')];
  for (let i = 0; i < 100; i++) say(often, '{"cmd":"summary+pools"}', POWERED + MINUTE + i * 30 * SECOND);
  expect(say(often, '{"cmd":"summary"}', NOW + HOUR)).toBe(say(once, '{"cmd":"summary"}', NOW + HOUR));
  expect(say(device('m60s', {}, 8), '{"cmd":"summary"}')).not.toBe(say(device('m60s'), '{"cmd":"summary"}'));
});
