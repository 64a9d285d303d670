import { describe, expect, test } from 'vitest';
import { ask, cgi, command, device, get, json, monitor, NOW, order, post } from './sim.testing.ts';
import { antminerSimulator } from './sim.ts';

/** What a machine is told and asked, from which its answer must differ with the switch. */
type Look = (on: ReturnType<typeof device>) => unknown;

const CONFIG = {
  pools: [{ url: 'stratum+tcp://a.example.com:1', user: 'u', pass: 'p' }],
  'bitmain-fan-ctrl': false,
  'bitmain-fan-pwm': '100',
  'freq-level': '100',
  'miner-mode': 254,
};

const LOOKS: Readonly<Record<string, readonly [profile: string, look: Look]>> = {
  'dead-board': ['s19-pro', (on) => ask(on, command('stats'))],
  'dead-chip': ['s19-pro', (on) => ask(on, command('stats'))],
  'stalled-fan': ['s19-pro', (on) => ask(on, command('stats'))],
  'dead-pool': ['s19-pro', (on) => ask(on, command('pools'))],
  asleep: ['s19-pro', (on) => ask(on, command('summary'))],
  'network-warning': ['s21', (on) => cgi(on, 'summary').text + monitor(on, '/warning')],
  'stats-without-comma': ['s17-pro', (on) => ask(on, command('stats'))],
  'open-acl': ['s19-pro', (on) => order(on, 'poolquota', '0,1')],
  'new-api': ['s19-pro', (on) => ask(on, command('summary', { new_api: true }))],
  'no-password': ['s19-pro', (on) => get(on, '/cgi-bin/miner_type.cgi').text],
  'reboot-replies': ['s17-pro', (on) => cgi(on, 'reboot').end],
  'sleep-254': ['s19-pro', (on) => post(on, 'set_miner_conf', CONFIG).text + cgi(on, 'get_multi_option').text],
  'slow-config': ['s19-pro', (on) => post(on, 'set_miner_conf', { ...CONFIG, 'miner-mode': 0 }).afterMs],
  'drop-on-config': ['s19-pro', (on) => post(on, 'set_miner_conf', { ...CONFIG, 'miner-mode': 0 }).end],
  'get-reboot-does-nothing': ['s19-pro', (on) => [cgi(on, 'reboot').end, on.listening('http', NOW + 1)]],
  'miner-mode-key': ['s19-pro', (on) => cgi(on, 'get_miner_conf').text],
  'no-miner-type': ['s19-pro', (on) => cgi(on, 'miner_type').status],
};

test('every switch of every Antminer is looked at here', () => {
  const names = antminerSimulator.profiles.flatMap(({ quirks }) => Object.keys(quirks));
  expect([...new Set(names)].sort()).toEqual(Object.keys(LOOKS).sort());
});

test.each(Object.entries(LOOKS))('%s changes what the machine says', (name, [profile, look]) => {
  const known = antminerSimulator.profiles.find((one) => one.name === profile)?.quirks ?? {};
  expect(Object.keys(known)).toContain(name);
  const [off, on] = [false, true].map((value) => look(device(profile, { [name]: value })));
  expect(on).not.toEqual(off);
});

describe('an S19 Pro with an odd page', () => {
  test('that drops the connection has done what it was told', () => {
    const on = device('s19-pro', { 'drop-on-config': true });
    expect(post(on, 'set_miner_conf', { ...CONFIG, 'miner-mode': 0 })).toMatchObject({ end: 'reset', text: '' });
    expect(json(on, 'get_miner_conf').pools).toEqual(CONFIG.pools);
  });

  test('that is slow answers after half a minute', () => {
    const on = device('s19-pro', { 'slow-config': true });
    expect(post(on, 'set_miner_conf', { ...CONFIG, 'miner-mode': 0 })).toMatchObject({ afterMs: 30_000 });
  });

  test('that ignores GET reboots on POST', () => {
    const on = device('s19-pro', { 'get-reboot-does-nothing': true });
    expect(cgi(on, 'reboot')).toMatchObject({ status: 200, text: '' });
    expect(on.listening('http', NOW + 1)).toBe(true);
    expect(post(on, 'reboot', '').end).toBe('reset');
    expect(on.listening('http', NOW + 1)).toBe(false);
  });

  test('that sleeps in mode 254 does not know mode 1', () => {
    const on = device('s19-pro', { 'sleep-254': true });
    expect(post(on, 'set_miner_conf', { ...CONFIG, 'miner-mode': 1 }).text).toContain('"M100"');
    expect(post(on, 'set_miner_conf', CONFIG).text).toContain('"M000"');
    expect(json(on, 'summary', NOW + 60_000).SUMMARY).toEqual([]);
    expect(json(device('s19-pro', { 'sleep-254': true, asleep: true }), 'get_miner_conf')['bitmain-work-mode']).toBe(
      '254',
    );
  });
});
