import { describe, expect, test } from 'vitest';
import { ask, command, device, HOUR, json, NOW, order, rateOf } from './sim.testing.ts';

const s9 = () => device('s9');
const says = (reply: string) => /"STATUS":"(\w)".*?"Code":(-?\d+),"Msg":"((?:[^"\\]|\\.)*)"/.exec(reply)?.slice(1);
const poolsOf = (on: ReturnType<typeof device>, now = NOW) =>
  JSON.parse(ask(on, command('pools'), now).replace('\0', '')).POOLS as Record<string, unknown>[];
const MINUTE = 60_000;

describe('the pool list of an S9, whose port 4028 is open to everybody', () => {
  test('takes a pool, which gets the next number, and works for it when it is preferred, two minutes later', () => {
    const on = s9();
    const added = order(on, 'addpool', 'stratum+tcp://new.example.com:4444,worker.1,secret');
    expect(says(added)).toEqual(['S', '55', "Added pool 2: 'stratum+tcp://new.example.com:4444'"]);
    expect(poolsOf(on).map(({ URL, User, Priority }) => [URL, User, Priority])[2]).toEqual([
      'stratum+tcp://new.example.com:4444',
      'worker.1',
      2,
    ]);
    expect(says(order(on, 'switchpool', '2'))).toEqual([
      'S',
      '27',
      "Switching to pool 2:'stratum+tcp://new.example.com:4444'",
    ]);
    expect(poolsOf(on).map((pool) => pool.Priority)).toEqual([1, 2, 0]);
    expect(ask(on, command('lcd'), NOW + 2 * MINUTE)).toContain('"pool":"stratum+tcp://pool.example.org:3333"');
    expect(ask(on, command('lcd'), NOW + 3 * MINUTE)).toContain('"pool":"stratum+tcp://new.example.com:4444"');
    expect(poolsOf(on, NOW + HOUR)[2]?.Accepted).toBeGreaterThan(0);
  });

  test('moves the last pool to the number that a removed one leaves', () => {
    const on = s9();
    order(on, 'addpool', 'stratum+tcp://new.example.com:4444,w,x');
    expect(says(order(on, 'removepool', '0'))?.[1]).toBe('67');
    expect(says(order(on, 'removepool', '1'))?.[1]).toBe('68');
    expect(poolsOf(on).map((pool) => pool.URL)).toEqual([
      'stratum+tcp://pool.example.org:3333',
      'stratum+tcp://new.example.com:4444',
    ]);
  });

  test('leaves a disabled pool after a quarter of a minute', () => {
    const on = s9();
    expect(says(order(on, 'disablepool', '0'))?.[1]).toBe('48');
    expect(says(order(on, 'disablepool', '0'))?.[1]).toBe('50');
    expect(poolsOf(on)[0]?.Status).toBe('Disabled');
    expect(ask(on, command('lcd'), NOW + 10_000)).toContain('"pool":"stratum+tcp://pool.example.org:3333"');
    expect(ask(on, command('lcd'), NOW + 20_000)).toContain('"pool":"stratum+tcp://fallback.example.net:3333"');
    expect(says(order(on, 'enablepool', '0', NOW + 30_000))?.[1]).toBe('47');
    expect(poolsOf(on, NOW + 30_000)[0]?.Status).toBe('Alive');
  });

  test('takes an order and quotas', () => {
    const on = s9();
    expect(says(order(on, 'poolpriority', '1,0'))?.slice(0, 2)).toEqual(['S', '73']);
    expect(poolsOf(on).map((pool) => pool.Priority)).toEqual([1, 0]);
    expect(says(order(on, 'poolquota', '1,40'))).toEqual([
      'S',
      '122',
      "Set pool 'stratum+tcp://fallback.example.net:3333' to quota 40'",
    ]);
    expect(poolsOf(on).map((pool) => pool.Quota)).toEqual([1, 40]);
  });

  test('refuses what cgminer refuses, with its codes', () => {
    const on = s9();
    const codes = [
      ...[order(on, 'switchpool', ''), order(on, 'switchpool', '7'), order(on, 'enablepool', '0')],
      ...[order(on, 'addpool', ''), order(on, 'addpool', 'a,b'), order(on, 'poolpriority', '0,0')],
      ...[order(on, 'poolquota', '0'), order(on, 'poolquota', '0,-1')],
    ].map((reply) => says(reply)?.[1]);
    expect(codes).toEqual(['25', '26', '49', '52', '53', '74', '86', '121']);
    expect(says(order(on, 'removepool', '1'))?.[1]).toBe('68');
    expect(says(order(on, 'removepool', '0'))?.[1]).toBe('66');
  });

  test('keeps what was saved over a restart, and forgets what was not', () => {
    const on = s9();
    order(on, 'addpool', 'stratum+tcp://kept.example.com:1,w,x');
    expect(says(ask(on, command('save')))).toEqual(['S', '44', "Configuration saved to file '/config/bmminer.conf'"]);
    order(on, 'addpool', 'stratum+tcp://lost.example.com:1,w,x');
    expect(json(on, 'get_miner_conf').pools).toHaveLength(3);
    expect(ask(on, command('restart'))).toBe('{"STATUS":"RESTART","id":1}\0');
    expect(poolsOf(on, NOW + MINUTE).map((pool) => pool.URL)).toEqual([
      'stratum+tcp://pool.example.org:3333',
      'stratum+tcp://fallback.example.net:3333',
      'stratum+tcp://kept.example.com:1',
    ]);
  });
});

describe('the program of an S9', () => {
  test('is away for ten seconds when it restarts, and counts from the beginning', () => {
    const on = s9();
    ask(on, command('restart'));
    expect([1, 9.9, 10].map((s) => on.listening('cgminer', NOW + s * 1000))).toEqual([false, false, true]);
    expect(on.listening('http', NOW + 1000)).toBe(true);
    expect(ask(on, command('summary'), NOW + 60_000)).toContain('"Elapsed":57,');
    expect(rateOf(on, NOW + 60_000)).toBe(0);
    expect(rateOf(on, NOW + HOUR)).toBeGreaterThan(12e12);
  });

  test('is gone when it quits, with its boards, and its page says so', () => {
    const on = s9();
    expect(ask(on, 'quit')).toBe('BYE\0');
    expect(on.listening('cgminer', NOW + HOUR)).toBe(false);
    expect(on.listening('http', NOW + HOUR)).toBe(true);
  });

  test('begins to count again when it is told to, and goes on', () => {
    const on = s9();
    expect(says(order(on, 'zero', 'all,false'))).toEqual(['S', '97', 'Zeroed All stats without summary']);
    expect(on.listening('cgminer', NOW + 1)).toBe(true);
    expect(ask(on, command('summary'), NOW + MINUTE)).toContain('"Elapsed":60,');
    expect(rateOf(on, NOW + MINUTE)).toBeGreaterThan(12e12);
    const best = (now: number) => Number(/"Best Share":(\d+)/.exec(ask(on, command('summary'), now))?.[1]);
    expect(best(NOW + HOUR)).toBeGreaterThan(0);
    expect(says(order(on, 'zero', 'bestshare,true', NOW + HOUR))?.[1]).toBe('96');
    expect(best(NOW + HOUR)).toBe(0);
    expect(['', 'all', 'all,x', 'pools,true'].map((what) => says(order(on, 'zero', what))?.[1])).toEqual([
      ...['94', '75', '76', '95'],
    ]);
  });

  test('stops its boards when its one device is disabled', () => {
    const on = s9();
    expect(says(order(on, 'ascdisable', '0'))?.slice(1)).toEqual(['111', 'ASC 0 set disable flag']);
    expect(says(order(on, 'ascdisable', '0'))?.[1]).toBe('109');
    expect(ask(on, command('devs'))).toContain('"Enabled":"N"');
    expect(rateOf(on, NOW + MINUTE)).toBe(0);
    expect(says(order(on, 'ascenable', '0', NOW + MINUTE))?.[1]).toBe('110');
    expect(says(order(on, 'ascenable', '0', NOW + MINUTE))?.[1]).toBe('108');
    expect(rateOf(on, NOW + HOUR)).toBeGreaterThan(12e12);
  });

  test('has one device and no options for it', () => {
    const on = s9();
    expect(order(on, 'asc', '0')).toMatch(/"Code":106,"Msg":"ASC0".*"ASC":\[\{"ASC":0,"Name":"BTM_SOC"/);
    expect(['asc', 'ascenable', 'ascidentify'].map((name) => says(order(on, name, ''))?.[1])).toEqual([
      '15',
      '15',
      '15',
    ]);
    expect(says(order(on, 'asc', '1'))).toEqual(['E', '107', 'Invalid ASC id 1 - range is 0 - 0']);
    expect(says(order(on, 'ascidentify', '0'))?.[1]).toBe('114');
    expect(['0', '0,freq,500', '4,x', ''].map((what) => says(order(on, 'ascset', what))?.[1])).toEqual([
      ...['116', '117', '107', '15'],
    ]);
  });

  test('shows its output switches, and that the rest is of no use', () => {
    const on = s9();
    expect(order(on, 'debug', 'd')).toContain('"Verbose":true,"Debug":true');
    expect(ask(on, command('debug'))).toContain('"Debug":true');
    expect(says(ask(on, command('lockstats')))?.[1]).toBe('124');
    expect(says(order(on, 'failover-only', 'true'))).toEqual(['E', '127', "Deprecated config option 'true'"]);
    expect(order(on, 'setconfig', 'queue,1')).toMatch(/"Code":83/);
    expect(order(on, 'setconfig', 'queue')).toMatch(/"Code":127,.*\{"STATUS":\[\{"STATUS":"E",.*"Code":83/);
    expect(says(order(on, 'hotplug', '5'))?.[1]).toBe('102');
    expect(says(ask(on, command('privileged')))?.[1]).toBe('46');
    expect(says(ask(on, command('noncenum')))?.[2]).toBe('Nonce num');
  });

  test('dies of a setconfig without a parameter, without a word', () => {
    const on = s9();
    expect(ask(on, command('setconfig'))).toBe('');
    expect(on.listening('cgminer', NOW + 1)).toBe(false);
  });
});

test('an S19 Pro whose owner opened port 4028 obeys it as an S9 does', () => {
  const on = device('s19-pro', { 'open-acl': true });
  expect(says(order(on, 'switchpool', '1'))?.[1]).toBe('27');
  expect(ask(on, command('switchpool+version', { parameter: '1' }))).toContain(
    '"switchpool":[{"STATUS":[{"STATUS":"E"',
  );
});

describe('new_api of an S21', () => {
  const s21 = device('s21');
  const asked = (name: string, on = s21, now = NOW) =>
    JSON.parse(ask(on, command(name, { new_api: true }), now).replace('\0', ''));

  test('has six documents, also those that the list of addresses says nothing of', () => {
    expect(asked('summary').SUMMARY[0].rate_unit).toBe('GH/s');
    expect(asked('stats').STATS[0].chain).toHaveLength(3);
    expect(asked('pools').POOLS).toHaveLength(2);
    expect(asked('rate').RATE[0].xAxis).toHaveLength(24);
    expect(asked('warning').WARNING).toEqual([]);
    expect(asked('warning', device('s21', { 'stalled-fan': true })).WARNING).toMatchObject([{ type: 'fans' }]);
    for (const name of ['rate', 'warning', 'reload']) {
      expect(ask(s21, command(name))).toContain('"Code":14');
      expect(ask(s21, command(name, { new_api: 'true' }))).toContain('"Code":14');
    }
    expect(ask(s21, command('config', { new_api: true }))).toContain('"Code":45');
  });

  test('reload starts the program anew', () => {
    const on = device('s21');
    expect(asked('reload', on).STATUS.Msg).toBe('reload');
    expect(on.listening('cgminer', NOW + 1)).toBe(false);
    expect(asked('summary', on, NOW + 60_000).SUMMARY[0].elapsed).toBe(57);
  });
});
