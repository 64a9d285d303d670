import { describe, expect, test } from 'vitest';
import { AT, device, gamma, HOUR, info, json, MINUTE, POWERED, patch, SECOND, said, send } from './sim.testing.ts';

const num = (value: unknown): number => Number(value);

describe('a restart', () => {
  test('is answered with a text up to v2.12 and with JSON from v2.13', () => {
    expect(said(gamma(12), 'POST /api/system/restart')).toBe('200 System will restart shortly.');
    expect(said(gamma(13), 'POST /api/system/restart')).toBe('200 {\n\t"message":\t"System will restart shortly."\n}');
    expect(said(gamma(14), 'POST /api/system/restart')).toBe('200 {"message":"System will restart shortly."}');
  });

  test('comes a second later, takes the port away for a while, and counts from zero', () => {
    const on = gamma(12);
    expect(num(info(on).uptimeSeconds)).toBe(36_000);
    send(on, 'POST /api/system/restart');
    expect(on.listening('http', AT + 900)).toBe(true);
    expect(on.listening('http', AT + 1_000)).toBe(false);
    expect(on.listening('http', AT + 3_900)).toBe(false);
    expect(on.listening('http', AT + 4_000)).toBe(true);
    expect(info(on, AT + 61 * SECOND)).toMatchObject({
      uptimeSeconds: 60,
      resetReason: 'Software reset via esp_restart',
      runningPartition: 'factory',
    });
  });

  test('keeps the best difficulty ever, and starts that of the session anew', () => {
    const on = gamma(12);
    const before = info(on);
    send(on, 'POST /api/system/restart');
    const after = info(on, AT + 2 * MINUTE);
    expect(num(after.bestDiff)).toBe(num(before.bestDiff));
    expect(num(after.bestSessionDiff)).toBeLessThan(num(before.bestSessionDiff));
    expect(num(after.sharesAccepted)).toBeLessThan(num(before.sharesAccepted));
  });

  test('is what pool settings wait for; frequency does not', () => {
    const on = gamma(12, { 'dead-pool': true });
    expect(info(on).isUsingFallbackStratum).toBe(1);
    patch(on, { fallbackStratumURL: '', useFallbackStratum: 0 });
    expect(info(on, AT + MINUTE)).toMatchObject({ fallbackStratumURL: '', isUsingFallbackStratum: 1 });
    expect(num(info(on, AT + MINUTE).hashRate)).toBeGreaterThan(500);
    said(on, 'POST /api/system/restart', { now: AT + MINUTE });
    expect(info(on, AT + 10 * MINUTE)).toMatchObject({ hashRate: 0, poolDifficulty: 0, sharesAccepted: 0 });
  });

  test('uses the fallback alone when it was told to', () => {
    const on = gamma(15);
    patch(on, { useFallbackStratum: 1 });
    expect(info(on)).toMatchObject({ useFallbackStratum: 1, isUsingFallbackStratum: 0 });
    send(on, 'POST /api/system/restart');
    expect(info(on, AT + 5 * MINUTE)).toMatchObject({ useFallbackStratum: 1, isUsingFallbackStratum: 1 });
  });

  test('into a Wi-Fi that is not there takes the device off the network', () => {
    const on = gamma(12);
    patch(on, { ssid: 'Nowhere' });
    expect(on.listening('http', AT + HOUR)).toBe(true);
    said(on, 'POST /api/system/restart', { now: AT + HOUR });
    expect(on.listening('http', AT + 2 * HOUR)).toBe(false);
    const home = gamma(12);
    patch(home, { ssid: 'Garage' });
    send(home, 'POST /api/system/restart');
    expect(home.listening('http', AT + MINUTE)).toBe(true);
  });
});

describe('chips', () => {
  test('follow frequency, voltage and cores: hash rate is MHz times small cores', () => {
    const on = gamma(12);
    const before = info(on);
    expect(before.expectedHashrate).toBe(1071);
    expect(num(before.hashRate_1h) / 1071).toBeGreaterThan(0.95);
    expect(num(before.hashRate_1h) / 1071).toBeLessThan(1.05);
    patch(on, { frequency: 400, coreVoltage: 1060 });
    const later = info(on, AT + 2 * HOUR);
    expect(later.expectedHashrate).toBe(816);
    expect(num(later.hashRate_1h) / 816).toBeGreaterThan(0.95);
    expect(num(later.hashRate_1h) / 816).toBeLessThan(1.05);
    expect(num(later.power)).toBeLessThan(0.8 * num(before.power));
    expect(num(later.coreVoltageActual)).toBeLessThan(1060);
    expect(num(later.fanspeed)).toBeLessThan(num(before.fanspeed));
  });

  test('that are pushed too far overheat: 50 MHz, the fan at 100 %, until overheat_mode is written', () => {
    const on = gamma(12);
    patch(on, { autofanspeed: 0, manualFanSpeed: 0 });
    expect(info(on, AT + 30 * SECOND)).toMatchObject({ overheat_mode: 0, fanspeed: 0, fanrpm: 0 });
    expect(info(on, AT + 2 * MINUTE)).toMatchObject({
      overheat_mode: 1,
      frequency: 50,
      coreVoltage: 1000,
      autofanspeed: 0,
      manualFanSpeed: 100,
    });
    patch(on, { overheat_mode: 0, frequency: 525, coreVoltage: 1150, autofanspeed: 1 }, AT + 3 * MINUTE);
    expect(info(on, AT + HOUR)).toMatchObject({ overheat_mode: 0, frequency: 525 });
  });

  test('find nothing far beyond what they can', () => {
    const on = gamma(14);
    patch(on, { frequency: 1200 });
    const later = info(on, AT + 2 * HOUR);
    expect(later).toMatchObject({ frequency: 1200, actualFrequency: 0, hashRate_1h: 0 });
  });

  test('hold the temperature that is asked for with the fan', () => {
    const on = gamma(12);
    expect(Math.abs(num(info(on).temp) - 60)).toBeLessThan(2);
    patch(on, { temptarget: 50 });
    expect(Math.abs(num(info(on, AT + HOUR).temp) - 50)).toBeLessThan(4);
  });

  test('of a board with several are told one by one', () => {
    const turbo = info(device('gamma-turbo'));
    const monitor = turbo.hashrateMonitor as { asics: { total: number; domains: number[] }[] };
    expect(monitor.asics).toHaveLength(2);
    expect(monitor.asics[0]?.domains).toHaveLength(4);
    const sum = monitor.asics.reduce((total, asic) => total + asic.total, 0);
    expect(Math.abs(sum - num(turbo.hashRate_1m))).toBeLessThan(0.001);
    expect(turbo).toMatchObject({ nominalVoltage: 12, boardVersion: '801', ASICModel: 'BM1370' });
    expect(num(turbo.fan2rpm)).toBeGreaterThan(1000);
    const hex = info(device('hex', { 'dead-chip': true }));
    const asics = (hex.hashrateMonitor as { asics: { total: number }[] }).asics;
    expect(asics.map(({ total }) => total > 0)).toEqual([true, true, true, true, true, false]);
  });

  test.each([
    ['max', 'BM1397', 672, 'Max', 1],
    ['ultra', 'BM1366', 894, 'Ultra', 1],
    ['supra', 'BM1368', 1276, 'Supra', 1],
    ['gamma', 'BM1370', 2040, 'Gamma', 1],
    ['gamma-duo', 'BM1370', 2040, 'GammaDuo', 2],
    ['gamma-turbo', 'BM1370', 2040, 'GammaTurbo', 2],
    ['hex', 'BM1366', 894, 'Hex', 6],
    ['supra-hex', 'BM1368', 1276, 'SupraHex', 6],
  ])('of a %s are of their kind', (profile, model, cores, name, chips) => {
    const on = device(profile);
    expect(info(on)).toMatchObject({ ASICModel: model, smallCoreCount: cores });
    expect(on.label.model).toBe(`Bitaxe ${name}`);
    const asic = send(on, 'GET /api/system/asic');
    if (asic.status === 200) expect(JSON.parse(asic.text)).toMatchObject({ deviceModel: name, asicCount: chips });
    else expect(info(on).asicCount).toBe(chips);
  });
});

test('a device is the same at the same time, however often it was asked', () => {
  const often = gamma(15);
  for (let i = 1; i < 400; i++) send(often, 'GET /api/system/info', { now: POWERED + i * 90 * SECOND });
  expect(send(often, 'GET /api/system/info').text).toBe(send(gamma(15), 'GET /api/system/info').text);
});

describe('pause', () => {
  test('stops mining at once and resume starts it, from v2.14 on', () => {
    const on = gamma(14);
    expect(said(on, 'POST /api/system/pause')).toBe('200 {"message":"Mining paused"}');
    expect(info(on, AT + MINUTE)).toMatchObject({ miningPaused: true, hashRate: 0, frequency: 525 });
    expect(num(info(on, AT + 10 * MINUTE).power)).toBeLessThan(6);
    expect(said(on, 'POST /api/system/resume', { now: AT + 10 * MINUTE })).toBe('200 {"message":"Mining resumed"}');
    expect(info(on, AT + HOUR).miningPaused).toBe(false);
    expect(num(info(on, AT + HOUR).hashRate)).toBeGreaterThan(900);
  });
});

test('identify toggles, for 30 seconds', () => {
  const on = gamma(12);
  const ask = (now: number) => said(on, 'POST /api/system/identify', { now });
  expect(ask(AT)).toBe('200 The device says "Hi!" for 30 seconds.');
  expect(ask(AT + 10 * SECOND)).toBe('200 The device no longer says "Hi!".');
  expect(ask(AT + 20 * SECOND)).toBe('200 The device says "Hi!" for 30 seconds.');
  expect(ask(AT + 60 * SECOND)).toBe('200 The device says "Hi!" for 30 seconds.');
  expect(said(gamma(14), 'POST /api/system/identify')).toBe(
    '200 {"message":"The device says \\"Hi!\\" for 30 seconds."}',
  );
});

test('a block that was found is shown until it is dismissed', () => {
  const on = gamma(13, { 'block-found': true });
  expect(info(on)).toMatchObject({ blockFound: 1, showNewBlock: true });
  expect(json(on, 'POST /api/system/blockFound/dismiss')).toMatchObject({ blockFound: 1, showNewBlock: false });
  expect(info(on)).toMatchObject({ blockFound: 1, showNewBlock: false });
});

test('a Wi-Fi scan takes its time, and only one runs', () => {
  const on = gamma(9);
  const scan = send(on, 'GET /api/system/wifi/scan');
  expect(scan.afterMs).toBeGreaterThan(1000);
  const { networks } = JSON.parse(scan.text);
  expect(networks[0]).toEqual({ ssid: 'HomeNET', rssi: expect.any(Number), authmode: 3 });
  expect(said(on, 'GET /api/system/wifi/scan', { now: AT + 500 })).toBe('500 WiFi scan failed');
  expect(send(on, 'GET /api/system/wifi/scan', { now: AT + MINUTE }).status).toBe(200);
});

test('the scoreboard and the log of v2.14', () => {
  const board = json(gamma(14), 'GET /api/system/scoreboard') as Record<string, unknown>[];
  expect(board).toHaveLength(20);
  expect(Object.keys(board[0] ?? {})).toEqual([
    'difficulty',
    'job_id',
    'extranonce2',
    'ntime',
    'nonce',
    'version_bits',
  ]);
  expect(board[0]?.difficulty).toBe(Math.floor(num(info(gamma(14)).bestSessionDiff)));
  const logs = send(gamma(14), 'GET /api/system/logs');
  expect(logs.headers).toMatchObject({ 'content-type': 'text/plain' });
  expect(logs.headers['content-disposition']).toMatch(/^attachment/);
  expect(logs.text).toMatch(/^[IW] \(\d+\) \w+: /);
});

test('a request target of more than 2048 bytes is refused', () => {
  expect(send(gamma(12), `GET /${'x'.repeat(2048)}`).status).toBe(414);
});

test('the page of the device is gzip, as all its static files', () => {
  const page = send(gamma(12), 'GET /');
  expect(page.headers['content-encoding']).toBe('gzip');
  expect([...(page.body as Uint8Array).subarray(0, 2)]).toEqual([0x1f, 0x8b]);
});
