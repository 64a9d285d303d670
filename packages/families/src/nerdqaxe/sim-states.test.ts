import { describe, expect, test } from 'vitest';
import { espImage } from '../sim/esp-image.testing.ts';
import { AT, device, HOUR, info, json, MINUTE, POWERED, patch, SECOND, said, send, socket } from './sim.testing.ts';

const num = (value: unknown): number => Number(value);

test.each([
  ['nerdaxe', 'NerdAxe', 'BM1366', 1, 485, 1200],
  ['nerdaxe-gamma', 'NerdAxeGamma', 'BM1370', 1, 515, 1150],
  ['nerdqaxe-plus', 'NerdQAxe+', 'BM1368', 4, 490, 1250],
  ['nerdqaxe-plus-plus', 'NerdQAxe++', 'BM1370', 4, 600, 1150],
  ['nerdoctaxe-gamma', 'NerdOCTAXE-γ', 'BM1370', 8, 600, 1150],
])('a %s says what it is, and hashes as its chips do', (profile, model, chip, chips, mhz, mv) => {
  const on = device(profile);
  const shown = info(on);
  expect(shown).toMatchObject({
    deviceModel: model,
    ASICModel: chip,
    asicCount: chips,
    frequency: mhz,
    defaultCoreVoltage: mv,
  });
  const expected = (mhz * num(shown.smallCoreCount) * chips) / 1000;
  expect(num(shown.hashRate_1h) / expected).toBeGreaterThan(0.95);
  expect(num(shown.hashRate_1h) / expected).toBeLessThan(1.05);
  expect(num(shown.power)).toBeGreaterThan(num(shown.minPower));
  expect(num(shown.power)).toBeLessThan(num(shown.maxPower));
  expect(num(shown.currentA) * 1000).toBeCloseTo(num(shown.current), 0);
  expect(shown.asicTemps).toHaveLength(chips);
  expect(on.label).toEqual({ family: 'nerdqaxe', make: 'NerdAxe', model, firmware: 'nerdqaxe' });
});

test('info has the fields of its family', () => {
  const keys = Object.keys(info(device('nerdqaxe-plus-plus')));
  for (const key of [
    ...['deviceModel', 'hostip', 'maxPower', 'minPower', 'maxVoltage', 'minVoltage', 'currentA', 'vrTempInt'],
    ...['hashRate_1d', 'hashRateTimestamp', 'defaultCoreVoltage', 'fanCount', 'fans', 'fanspeed2', 'fanrpm2'],
    ...['lastpingrtt', 'recentpingloss', 'shutdown', 'duplicateHWNonces', 'foundBlocks', 'totalFoundBlocks', 'stratum'],
    ...['blockHeaders', 'asicTemps', 'pidTargetTemp', 'pidP', 'pidI', 'pidD', 'otp', 'freeHeapInt', 'lastResetReason'],
    ...['jobInterval', 'vrFrequency', 'autoscreenoff', 'invertfanpolarity', 'can'],
  ])
    expect(keys).toContain(key);
  const { coreVoltageActual, fanspeed } = info(device('nerdqaxe-plus-plus'));
  expect([coreVoltageActual, fanspeed].every(Number.isInteger)).toBe(true);
});

test('large doubles are printed with an exponent, as ArduinoJson does', () => {
  expect(send(device('nerdqaxe-plus'), 'GET /api/system/info').text).toContain('"networkDifficulty":1.464725706e14,');
});

test('a restart is answered with a text, and comes a second later', () => {
  const on = device('nerdqaxe-plus');
  const best = num(info(on).bestDiff);
  expect(said(on, 'POST /api/system/restart')).toBe('200 System will restart shortly.');
  expect([900, 1_100, 4_900, 5_000].map((ms) => on.listening('http', AT + ms))).toEqual([true, false, false, true]);
  expect(info(on, AT + 61 * SECOND)).toMatchObject({ uptimeSeconds: 60, lastResetReason: 'SYSTEM.RESET_SW' });
  expect(num(info(on, AT + 61 * SECOND).bestDiff)).toBe(best);
  expect(num(info(on, AT + 61 * SECOND).bestSessionDiff)).toBeLessThan(best);
});

test('a shutdown stops mining until the next restart, and the page goes on', () => {
  const on = device('nerdqaxe-plus-plus');
  expect(said(on, 'POST /api/system/shutdown')).toBe('200 System will shutdown shortly.');
  expect(info(on, AT + 500).shutdown).toBe(false);
  expect(info(on, AT + MINUTE)).toMatchObject({ shutdown: true, hashRate: 0, hashRate_1d: 0, coreVoltageActual: 0 });
  expect(num(info(on, AT + 10 * MINUTE).power)).toBeLessThan(8);
  said(on, 'POST /api/system/restart', { now: AT + HOUR });
  expect(info(on, AT + HOUR + 5 * MINUTE).shutdown).toBe(false);
  expect(num(info(on, AT + HOUR + 5 * MINUTE).hashRate_1m)).toBeGreaterThan(4000);
});

test('a board that gets too hot is shut down', () => {
  const on = device('nerdqaxe-plus-plus');
  patch(on, { autofanspeed: 0, manualFanSpeed: 0 });
  expect(info(on, AT + 30 * SECOND)).toMatchObject({ shutdown: false, fanspeed: 0 });
  expect(info(on, AT + 2 * MINUTE)).toMatchObject({ shutdown: true, hashRate: 0 });
  const saved = device('nerdqaxe-plus-plus');
  patch(saved, { autofanspeed: 0, manualFanSpeed: 0 });
  patch(saved, { autofanspeed: 2 }, AT + 30 * SECOND);
  expect(info(saved, AT + 5 * MINUTE).shutdown).toBe(false);
});

test('counts of the session start anew on demand; the best ever stays', () => {
  const on = device('nerdqaxe-plus-plus');
  const before = info(on);
  expect(said(on, 'POST /api/system/reset-stats')).toBe('204 ');
  expect(info(on)).toMatchObject({ sharesAccepted: 0, sharesRejected: 0, bestSessionDiff: 0 });
  expect(info(on).bestDiff).toBe(before.bestDiff);
  expect(num(info(on, AT + HOUR).sharesAccepted)).toBeGreaterThan(3000);
  expect(num(info(on, AT + HOUR).bestSessionDiff)).toBeGreaterThan(0);
});

describe('history', () => {
  const ask = (query: string, now = AT) =>
    json(device('nerdqaxe-plus'), `GET /api/system/info?${query}`, { now }).history;

  test('comes when a time is given: an hour from it, relative to the clock of the client', () => {
    const cur = 1_800_000_000_000;
    const past = ask(`ts=${cur - 30 * MINUTE}&cur=${cur}`);
    expect(past.timestampBase).toBe(cur - 30 * MINUTE);
    expect(past.timestamps).toHaveLength(121);
    expect(past.timestamps[0]).toBe(0);
    expect(past.timestamps.at(-1)).toBe(30 * MINUTE);
    for (const key of ['hashrate_1m', 'hashrate_10m', 'hashrate_1h', 'hashrate_1d'])
      expect(past[key]).toHaveLength(121);
    expect(past.hashrate_1h.at(-1) / 100).toBeCloseTo(num(info(device('nerdqaxe-plus')).hashRate_1h), 0);
  });

  test('has at most so many samples, and at most three hours of them', () => {
    const cur = 1_800_000_000_000;
    expect(ask(`ts=${cur - HOUR}&cur=${cur}&limit=50`).timestamps.length).toBeLessThanOrEqual(50);
    const long = ask(`ts=${cur - 9 * HOUR}&cur=${cur}&history_span=99999999999`);
    expect(long.timestamps.at(-1)).toBe(3 * HOUR);
    expect(ask(`ts=${cur}`).timestamps).toEqual([]);
  });

  test('is left out without a time', () => {
    expect(ask('cur=5')).toBeUndefined();
    expect(ask('ts=0')).toBeUndefined();
    const { history } = json(device('nerdqaxe-plus'), 'GET /api/v2/dashboard?ts=1&historySpan=5');
    expect(history).toMatchObject({ timestampBase: 1 });
  });
});

test('the pages of /api/v2 agree with info', () => {
  const on = device('nerdqaxe-plus-plus');
  const flat = info(on);
  const { system, performance, power, thermal, stratum } = json(on, 'GET /api/v2/dashboard');
  expect([system.uptime, performance.hashRate, performance.sharesAccepted, power.watts, thermal.asicTemp]).toEqual([
    ...[flat.uptimeSeconds, flat.hashRate, flat.sharesAccepted, flat.power, flat.temp],
  ]);
  expect(power.voltage * 1000).toBeCloseTo(num(flat.voltage), 3);
  expect(stratum.pools).toMatchObject([{ active: true, host: 'pool.example.org', port: 3333 }, { active: false }]);
  expect(stratum.pools[1]).not.toHaveProperty('accepted');
  expect(json(on, 'GET /api/v2/system')).toMatchObject({ version: 'v1.1.0', network: { macAddr: flat.macAddr } });
  expect(json(on, 'GET /api/v2/identify')).toMatchObject({ deviceModel: 'NerdQAxe++', otp: false, apActive: false });
  const { fleet, nodes } = json(on, 'GET /api/v2/can/nodes');
  expect(nodes).toMatchObject([{ id: 0, isMaster: true, deviceModel: 'NerdQAxe++', hashRate: flat.hashRate }]);
  expect(fleet.hashRate).toBe(flat.hashRate);
  expect(json(on, 'GET /api/system/asic')).toMatchObject({ defaultFrequency: 600, absMaxFrequency: 800, asicCount: 4 });
});

test('nodes of a CAN bus are told whatever they are, by their number', () => {
  const on = device('nerdqaxe-plus');
  expect(said(on, 'POST /api/v2/can/nodes/1/restart')).toBe('200 {"ok":true}');
  expect(said(on, 'POST /api/v2/can/nodes/1/explode')).toBe('400 unknown action');
  expect(said(on, 'POST /api/v2/can/nodes/0/restart')).toBe('400 invalid id');
  expect(said(on, 'DELETE /api/v2/can/nodes/99')).toBe('400 invalid id');
  expect(said(on, 'PATCH /api/v2/can/nodes/2', { body: '{' })).toBe('400 invalid json');
  expect(said(on, 'PATCH /api/v2/can/nodes/2', { body: { frequency: 500 } })).toBe('200 {"ok":true}');
});

test('networks are looked for by an access point alone', () => {
  expect(said(device('nerdqaxe-plus'), 'GET /api/v2/wifi/scan')).toBe(
    '403 WiFi scan only available while AP is active',
  );
  expect(json(device('nerdqaxe-plus', { 'ap-mode': true }), 'GET /api/v2/wifi/scan').networks[0]).toEqual({
    ssid: 'HomeNET',
    rssi: -54,
    authmode: 3,
  });
});

describe('an update', () => {
  test('by image is written and runs after a restart', () => {
    const on = device('nerdqaxe-plus');
    const body = espImage({ version: 'v1.2.0' });
    expect(said(on, 'POST /api/system/OTA', { body })).toBe('200 Firmware update complete, rebooting now!\n');
    expect(info(on, AT + MINUTE)).toMatchObject({ version: 'v1.2.0', runningPartition: 'ota_0' });
    expect(said(on, 'POST /api/system/OTA', { body: '<html>' })).toBe('500 Flash Error');
    expect(said(on, 'POST /api/system/OTA', { body: body.subarray(0, 200) })).toBe('500 Validation / Activation Error');
    expect(said(on, 'POST /api/system/OTAWWW', { body: 'page' })).toBe('200 WWW update complete\n');
  });

  test("with a Bitaxe's firmware is taken, and the device does not come back", () => {
    const on = device('nerdqaxe-plus');
    said(on, 'POST /api/system/OTA', { body: espImage({ version: 'v2.12.2' }) });
    expect(on.listening('http', AT + HOUR)).toBe(false);
  });

  test('by address goes through its steps, alone, and ends in a restart', () => {
    const on = device('nerdqaxe-plus');
    const url = 'https://github.com/shufps/ESP-Miner-NerdQAxePlus/releases/download/v1.3.0/factory-v1.3.0.bin';
    const status = (now: number) => json(on, 'GET /api/system/OTA/github', { now });
    expect(status(AT)).toEqual({ pending: false, running: false, step: 'idle', progress: 0 });
    expect(said(on, 'POST /api/system/OTA/github', { body: { url } })).toBe('202 {"status":"started"}');
    expect(said(on, 'POST /api/system/OTA/github', { body: { url } })).toBe('409 {"status":"busy"}');
    const steps = [1, 10, 40, 50, 61].map((s) => status(AT + s * SECOND));
    expect(steps.map(({ step }) => step)).toEqual([
      ...['resolving_url', 'updating_fw', 'downloading_www', 'updating_www', 'rebooting'],
    ]);
    expect(steps.map(({ progress }) => progress)).toEqual([1, 16, 66, 83, 100]);
    expect(info(on, AT + 2 * MINUTE)).toMatchObject({ version: 'v1.3.0', shutdown: false });
  });

  test.each([
    ['', '400 Body too large or empty'],
    ['x'.repeat(4097), '400 Body too large or empty'],
    ['{', '400 Invalid JSON'],
    ['{}', '400 `url` missing'],
    ['{"url":5}', '400 `url` missing'],
    ['{"url":"https://example.org/fw.bin"}', '400 Invalid or unsafe URL'],
    ['{"url":"https://github.com/shufps/../other"}', '400 Invalid or unsafe URL'],
  ])('by address %s is refused', (body, refusal) => {
    expect(said(device('nerdqaxe-plus'), 'POST /api/system/OTA/github', { body })).toBe(refusal);
  });
});

describe('who may ask', () => {
  const status = (origin: string | undefined, peer: string, quirks = {}) =>
    send(device('nerdqaxe-plus', quirks), 'GET /api/system/info', { peer, headers: origin ? { origin } : {} }).status;

  test('private peers, with a private origin, with or without a port', () => {
    expect(status(undefined, '192.168.1.5')).toBe(200);
    expect(status(undefined, '8.8.8.8')).toBe(401);
    expect(status('http://10.1.2.3', '192.168.1.5')).toBe(200);
    expect(status('http://10.1.2.3:8080', '192.168.1.5')).toBe(200);
    expect(status('http://8.8.8.8', '192.168.1.5')).toBe(401);
    expect(status('https://10.1.2.3', '192.168.1.5')).toBe(401);
    expect(status('http://10.1.2.3', '8.8.8.8')).toBe(401);
  });

  test('and pages of localhost, *.local and its own name from anywhere', () => {
    for (const origin of ['http://localhost', 'http://localhost:4200', 'http://axe.local', 'http://nerdqaxe'])
      expect([origin, status(origin, '8.8.8.8')]).toEqual([origin, 200]);
    expect(status('http://nas', '192.168.1.5')).toBe(401);
  });

  test('loopback unless told otherwise', () => {
    expect(status(undefined, '127.0.0.1')).toBe(200);
    expect(status(undefined, '127.0.0.1', { 'strict-loopback': true })).toBe(401);
  });

  test('the connection is closed behind each reply, unknown paths lead to the page', () => {
    const on = device('nerdqaxe-plus');
    expect(send(on, 'GET /api/system/info').headers).toMatchObject({
      connection: 'close',
      'access-control-allow-headers': 'Content-Type, Authorization, X-TOTP, X-OTP-Session, X-OTP-Session-TTL',
    });
    for (const path of ['/api/nothing', '/nothing', '/api/system/statistics'])
      expect(said(on, `GET ${path}`)).toBe('302 Redirect to the captive portal');
    expect(send(on, 'GET /').headers['content-encoding']).toBe('gzip');
    expect(send(device('nerdqaxe-plus-old'), 'GET /api/v2/dashboard').status).toBe(302);
  });

  test('the first page has a title of its own, and the word that a Bitaxe is known by nowhere', () => {
    const page = send(device('nerdqaxe-plus'), 'GET /').text;
    expect(page).toContain('<title>Nerd*axe Dashboard</title>');
    expect(page).not.toContain('AxeOS');
  });
});

test('the log goes to one WebSocket: a second one takes over', () => {
  const on = device('nerdqaxe-plus');
  const first = socket(on);
  expect(first.next(AT + 10 * SECOND)).toHaveLength(5);
  const second = socket(on, { now: AT + 10 * SECOND });
  expect(first.next(AT + 20 * SECOND)).toEqual([]);
  expect(second.next(AT + 20 * SECOND)?.[0]).toMatch(/^I \(36010000\) asic_result: .*\n$/);
  expect(socket(on, { peer: '8.8.8.8' })).toHaveProperty('insteadOfFrames');
  send(on, 'POST /api/system/restart', { now: AT + 20 * SECOND });
  expect(second.next(AT + MINUTE)).toBeNull();
});

test('a device is the same at the same time, however often it was asked', () => {
  const often = device('nerdqaxe-plus-plus');
  for (let i = 1; i < 300; i++) send(often, 'GET /api/system/info', { now: POWERED + i * 2 * MINUTE });
  expect(send(often, 'GET /api/system/info').text).toBe(
    send(device('nerdqaxe-plus-plus'), 'GET /api/system/info').text,
  );
});
