import { describe, expect, test } from 'vitest';
import { device, HOUR, json, monitor, NOW, POWERED, post, rateOf } from './sim.testing.ts';

describe('port 6060', () => {
  test('of an S17 Pro tells rates and states, and nothing of the newer machines', () => {
    const on = device('s17-pro');
    expect(Number(monitor(on, '/rate'))).toBeCloseTo(rateOf(on, NOW) / 1e9, 0);
    expect(monitor(on, '/ideal_rate')).toBe('53000.00\n');
    expect(Number(monitor(on, '/max_rate'))).toBeGreaterThan(50_000);
    expect([monitor(on, '/miner_status'), monitor(on, '/result'), monitor(on, '/test')]).toEqual([
      ...['running\n', 'pass\n', 'test\n'],
    ]);
    for (const path of ['/get_sn', '/warning', '/miner_power', '/', '/rate?x', '/constructor'])
      expect(monitor(on, path)).toBe('error 6060 cmd');
    expect(monitor(device('s17-pro', { 'dead-board': true }), '/result')).toBe('fail\n');
  });

  test('of an S21 tells serial, warnings and power too', () => {
    const on = device('s21');
    expect(monitor(on, '/get_sn').trim()).toBe(json(on, 'get_system_info').serinum);
    expect(monitor(on, '/warning')).toBe('{"error_message":"None"}\n');
    expect(monitor(device('s21', { 'network-warning': true }), '/warning')).toBe('{"error_message":"P:2"}\n');
    expect(monitor(on, '/miner_power')).toMatch(/^miner power:3[3-6]\d\d\n$/);
  });

  test('is part of the mining program: there when that runs, and not on an S9', () => {
    const on = device('s21');
    expect([POWERED + 50_000, POWERED + 67_000].map((at) => on.listening('monitor', at))).toEqual([false, true]);
    post(on, 'reboot', '');
    expect(on.listening('monitor', NOW + 10_000)).toBe(false);
    expect(device('s9').monitor).toBeUndefined();
  });

  test('stops the machine when it is told to, until the program starts anew', () => {
    const on = device('s17-pro');
    expect(rateOf(on, NOW)).toBeGreaterThan(50e12);
    monitor(on, '/shutdown');
    expect(rateOf(on, NOW + 60_000)).toBe(0);
    expect(monitor(on, '/miner_status', NOW + 60_000)).toBe('stopped\n');
    expect(on.listening('cgminer', NOW + 60_000)).toBe(true);
    post(on, 'set_miner_conf', '_ant_pool1url=a.example.com%3A1&_ant_pool1user=u&_ant_pool1pw=p', NOW + HOUR);
    expect(rateOf(on, NOW + 2 * HOUR)).toBeGreaterThan(50e12);
  });
});
