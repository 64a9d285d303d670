import { describe, expect, test } from 'vitest';
import { AT, device, info, json, MINUTE, patch, said, send } from './sim.testing.ts';

/*
 * What is written and what is read again (protocols.md 6.6): no validation, wrong types are left out one by one.
 */

/** Key, what is taken, and what is left out without a word. */
const KEYS: readonly (readonly [key: string, good: unknown, shown: unknown, bad: readonly unknown[]])[] = [
  ['hostname', 'attic', 'attic', [5, true]],
  ['ssid', 'Garage', 'Garage', [5]],
  ['frequency', 550, 550, [0, -1, '550', 65_536, true]],
  ['coreVoltage', 1180, 1180, [0, '1180', 99_999]],
  ['jobInterval', 800, 800, [0, '800']],
  ['stratumDifficulty', 4096, 4096, ['4096', -1]],
  ['overheat_temp', 65, 65, ['65', -1]],
  ['flipscreen', true, 1, [1, 'true']],
  ['invertscreen', true, 1, [1]],
  ['autoscreenoff', true, 1, [1]],
  ['invertfanpolarity', true, 1, [1]],
  ['autofanspeed', 0, 0, ['0', false, -1]],
  ['manualFanSpeed', 60, 60, ['60', -1]],
  ['pidTargetTemp', 60, 60, ['60']],
  ['pidP', 7.5, 7.5, ['7.5']],
  ['pidI', 0.25, 0.25, [null]],
  ['pidD', 12, 12, [true]],
  ['vrFrequency', 30_000, 30_000, ['x']],
  ['stratum_keep', 1, 1, ['1']],
  ['stratumURL', 'p.example.org', 'p.example.org', [5]],
  ['stratumPort', 4444, 4444, ['4444', 70_000]],
  ['stratumUser', 'account.two', 'account.two', [5]],
  ['stratumEnonceSubscribe', true, true, [1]],
  ['stratumTLS', true, true, [1]],
  ['fallbackStratumURL', 'f.example.org', 'f.example.org', [5]],
  ['fallbackStratumPort', 5555, 5555, ['5555']],
  ['fallbackStratumUser', 'account.three', 'account.three', [5]],
];

test.each(KEYS)('%s', (key, good, shown, bad) => {
  const on = device('nerdqaxe-plus-plus');
  const before = info(on)[key];
  expect(before).not.toEqual(shown);
  for (const value of bad) {
    expect(patch(on, { [key]: value })).toBe('200 ');
    expect([value, info(on)[key]]).toEqual([value, before]);
  }
  expect(patch(on, { [key]: good })).toBe('200 ');
  expect(info(on)[key]).toEqual(shown);
});

test('a number with a point is no integer, whatever its value: the voltage beside it goes through', () => {
  const on = device('nerdqaxe-plus-plus');
  expect(patch(on, '{"frequency":550.0,"coreVoltage":1180}')).toBe('200 ');
  expect(info(on)).toMatchObject({ frequency: 600, coreVoltage: 1180 });
  patch(on, '{"frequency":5.5e2,"hostname":"1.5 \\" 2.0"}');
  expect(info(on)).toMatchObject({ frequency: 600, hostname: '1.5 " 2.0' });
});

test('frequency and voltage are cut to what the board allows', () => {
  const on = device('nerdqaxe-plus');
  patch(on, { frequency: 5000, coreVoltage: 3000 });
  expect(info(on)).toMatchObject({ frequency: 800, coreVoltage: 1400 });
  const open = device('nerdaxe');
  patch(open, { frequency: 5000 });
  expect(info(open).frequency).toBe(5000);
});

test('documents that are none are refused, all others taken', () => {
  const on = device('nerdqaxe-plus');
  expect(patch(on, '{"hostname"')).toBe('400 Invalid JSON');
  expect(patch(on, '')).toBe('400 Invalid JSON');
  expect(patch(on, '[1]')).toBe('200 ');
  expect(patch(on, `{"hostname":"${'x'.repeat(10_240)}"}`)).toBe('500 content too long');
  expect(patch(on, { nonsense: 1, fanspeed: 20 })).toBe('200 ');
  expect(info(on)).toMatchObject({ hostname: 'nerdqaxe', manualFanSpeed: 100 });
});

test('fanspeed is the key of the older firmware', () => {
  const on = device('nerdqaxe-plus-old');
  patch(on, { autofanspeed: 0, fanspeed: 44, manualFanSpeed: 99 });
  expect(info(on)).toMatchObject({ fanspeed: 44, autofanspeed: 0 });
  expect(info(on)).not.toHaveProperty('manualFanSpeed');
  expect(info(on).bestDiff).toMatch(/^[\d.]+[kMGT]$/);
});

test('fans are set one by one, and the second one follows the first unless it runs by hand', () => {
  const on = device('nerdqaxe-plus-plus');
  patch(on, {
    fans: [
      { mode: 0, manualSpeed: 60 },
      { mode: 3, pid: { targetTemp: 70, p: 1.5 } },
    ],
  });
  expect(info(on)).toMatchObject({ fanspeed: 60, fanspeed2: 60, autofanspeed: 0, fanCount: 2 });
  expect(info(on).fans).toMatchObject([
    { label: 'M2', mode: 0, manualSpeed: 60, speedPerc: 60 },
    { label: 'M1', mode: 3, pid: { targetTemp: 70, p: 1.5, i: 0.1, d: 10 } },
  ]);
  patch(on, { fans: [{}, { mode: 0, manualSpeed: 30 }, { mode: 9 }, 'x'] });
  expect(info(on)).toMatchObject({ fanspeed: 60, fanspeed2: 30 });
});

test('the old automatic fan is turned into manual at 100 % by the next start', () => {
  const on = device('nerdqaxe-plus');
  patch(on, { autofanspeed: 1, manualFanSpeed: 40 });
  expect(info(on)).toMatchObject({ autofanspeed: 1, fanspeed: 40 });
  send(on, 'POST /api/system/restart');
  expect(info(on, AT + MINUTE)).toMatchObject({ autofanspeed: 0, manualFanSpeed: 100, fanspeed: 100 });
});

test('another pool is used at once, and a fallback while it is away', () => {
  const on = device('nerdqaxe-plus-plus');
  patch(on, { stratumURL: '' });
  expect(json(on, 'GET /api/system/info', { now: AT + MINUTE }).stratum).toMatchObject({
    usingFallback: true,
    pools: [{ active: false }, { active: true, poolDifficulty: 1000 }],
  });
  patch(on, { stratumURL: 'three.example.org' }, AT + MINUTE);
  expect((info(on, AT + 20 * MINUTE).stratum as { usingFallback: boolean }).usingFallback).toBe(false);
});

describe('/api/v2/settings', () => {
  test('reads and writes the same device as /api/system', () => {
    const on = device('nerdqaxe-plus-plus');
    const body = {
      frequency: 575,
      flipScreen: true,
      stratumKeep: true,
      canMaster: 1,
      fans: [{ pid: { targetTemp: 58 } }],
      pools: [{ url: 'v2.example.org', port: 4444, user: 'account.v2', password: 'hush', coinbaseMaxFee: 2.5 }, 'x'],
    };
    expect(said(on, 'PATCH /api/v2/settings', { body })).toBe('200 ');
    expect(json(on, 'GET /api/v2/settings')).toMatchObject({
      frequency: 575,
      flipScreen: 1,
      stratumKeep: 1,
      can: { enabled: true },
      fans: [{ pid: { targetTemp: 58 } }, { pid: { targetTemp: 55 } }],
      pools: [{ url: 'v2.example.org', port: 4444, coinbaseMaxFee: 2.5 }, { url: 'pool2.example.org' }],
    });
    expect(info(on)).toMatchObject({ frequency: 575, flipscreen: 1, stratumURL: 'v2.example.org', pidTargetTemp: 58 });
    expect(send(on, 'GET /api/v2/settings').text).not.toContain('hush');
  });
});

test('influx and alert keep their secrets to themselves, and show switches as 0 and 1', () => {
  const on = device('nerdqaxe-plus');
  const influx = { enabled: true, url: 'http://influx', port: 9999, token: 'hush', bucket: 5 };
  expect(said(on, 'PATCH /api/v2/influx', { body: influx })).toBe('200 ');
  expect(json(on, 'GET /api/v2/influx')).toEqual({
    url: 'http://influx',
    port: 9999,
    bucket: '',
    org: '',
    prefix: '',
    enabled: 1,
  });
  expect(said(on, 'POST /api/v2/alert/test')).toBe('500 Send failed');
  said(on, 'PATCH /api/v2/alert', { body: { webhookUrl: 'https://hush', bestDiffEnable: true, watchdogEnable: 1 } });
  expect(json(on, 'GET /api/v2/alert')).toEqual({
    watchdogEnable: 0,
    blockFoundEnable: 0,
    bestDiffEnable: 1,
    coinbaseVerifyEnable: 0,
    showBlockFoundScreen: 0,
  });
  expect(said(on, 'POST /api/v2/alert/test')).toBe('200 ok');
});

test('the swarm list is kept as it comes', () => {
  const on = device('nerdqaxe-plus');
  expect(said(on, 'GET /api/swarm/info')).toBe('200 []');
  expect(said(on, 'PATCH /api/swarm', { body: '[{"ip":"10.0.0.5"}]' })).toBe('200 ');
  expect(said(on, 'GET /api/swarm/info')).toBe('200 [{"ip":"10.0.0.5"}]');
});
