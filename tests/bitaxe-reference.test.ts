import type { Outcome } from '@headframe/model';
import { securityWord, signalWord } from '@headframe/wire/axeos';
import { afterEach, describe, expect, test } from 'vitest';
import { type Controlled, type ControlledOptions, control } from './control.testing.ts';

/*
 * The document "Bitaxe API Endpoints", over real sockets: its own requests word by word at the simulated device, and what
 * our client does instead of them. Expectations are typed from the document and from protocols.md 6.2 to 6.8. The numbers
 * are those of the checklist.
 */

const running: Controlled[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function bitaxe(profile: string, options: ControlledOptions = {}): Promise<Controlled> {
  const one = await control('axeos', profile, options);
  running.push(one);
  return one;
}

/** A request of the document, sent as curl sends it: never through our client. */
async function curl(it: Controlled, method: string, path: string, body?: object) {
  const response = await fetch(`http://127.0.0.1:${it.served.ports.http}${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, text: await response.text() };
}
const patch = (it: Controlled, body: object) => curl(it, 'PATCH', '/api/system', body);

async function info(it: Controlled): Promise<Record<string, unknown>> {
  return JSON.parse((await curl(it, 'GET', '/api/system/info')).text);
}

async function run({ miner }: Controlled, name: string, given: Record<string, unknown> = {}): Promise<Outcome> {
  return (await miner.plan(name, given)).run();
}

const YES = { status: 200, text: '' };
const isNumber = (low: number, high: number) => ({
  asymmetricMatch: (value: unknown) => typeof value === 'number' && value >= low && value <= high,
});
const NUMBER = expect.any(Number);
const TEXT = expect.any(String);
const FLAG = isNumber(0, 1);

describe('the requests of the document that change settings', () => {
  test('B-010 several keys go in one body, which is answered with nothing', async () => {
    const it = await bitaxe('gamma-v2.12');
    expect(await patch(it, { rotation: 90, invertscreen: 1, minFanSpeed: 30 })).toMatchObject(YES);
    expect(await info(it)).toMatchObject({ rotation: 90, invertscreen: 1, minFanSpeed: 30 });
    expect(await patch(it, { rotation: 270, minFanSpeed: 100 })).toMatchObject({
      status: 400,
      text: 'Wrong API input',
    });
    expect(await info(it)).toMatchObject({ rotation: 90, minFanSpeed: 30 });
    const plan = await it.miner.plan('setFan', { percent: 70 });
    expect(plan.preview).toContain('PATCH /api/system');
    expect(plan.preview).toContain('{"autofanspeed":0,"manualFanSpeed":70}');
  });

  test('B-014 fanspeed of the document does nothing from v2.11 on; our client writes what does', async () => {
    const older = await bitaxe('gamma-v2.10');
    await patch(older, { autofanspeed: 0 });
    expect(await patch(older, { fanspeed: 50 })).toMatchObject(YES);
    expect((await info(older)).fanspeed).toBe(50);
    const it = await bitaxe('gamma-v2.12');
    await patch(it, { autofanspeed: 0, manualFanSpeed: 80 });
    expect(await patch(it, { fanspeed: 50 })).toMatchObject(YES);
    expect(await info(it)).toMatchObject({ fanspeed: 80, manualFanSpeed: 80 });
    expect((await run(it, 'setFan', { percent: 50 })).result).toBe('done');
    expect(await info(it)).toMatchObject({ autofanspeed: 0, fanspeed: 50, manualFanSpeed: 50 });
  });

  test('B-015 the fan is automatic again, at 65 degrees', async () => {
    const it = await bitaxe('gamma-v2.12');
    expect(await patch(it, { autofanspeed: 0, temptarget: 40 })).toMatchObject(YES);
    expect((await run(it, 'setFan', { percent: 'auto' })).result).toBe('done');
    expect((await run(it, 'setTemperatureTarget', { targetC: 65 })).result).toBe('done');
    expect(await info(it)).toMatchObject({ autofanspeed: 1, temptarget: 65 });
    // The document's 0 to 100 are not what the device takes.
    expect(await patch(it, { temptarget: 80 })).toMatchObject({ status: 400 });
    await expect(it.miner.plan('setTemperatureTarget', { targetC: 80 })).rejects.toMatchObject({
      code: 'usage/invalid',
    });
  });

  test('B-016 500 MHz is for who asks for it, though the device takes it anyway; 1200 mV is offered', async () => {
    const it = await bitaxe('gamma-v2.12');
    await expect(it.miner.plan('setFrequency', { frequencyMHz: 500 })).rejects.toMatchObject({ code: 'usage/invalid' });
    expect((await run(it, 'axeos.overclockEnabled', { on: true })).result).toBe('done');
    const plan = await it.miner.plan('setFrequency', { frequencyMHz: 500 });
    expect(plan.preview).toContain('500 MHz is a value of your own');
    expect((await plan.run()).result).toBe('done');
    expect((await run(it, 'setVoltage', { voltageV: 1.2 })).result).toBe('done');
    expect(await info(it)).toMatchObject({ overclockEnabled: 1, frequency: 500, coreVoltage: 1200 });
    const unasked = await bitaxe('gamma-v2.12');
    expect(await patch(unasked, { frequency: 500, coreVoltage: 1110 })).toMatchObject(YES);
    expect(await info(unasked)).toMatchObject({ overclockEnabled: 0, frequency: 500, coreVoltage: 1110 });
  });

  const POOL = {
    stratumURL: 'stratum+tcp://pool.example.com',
    stratumPort: 3333,
    stratumUser: 'your_wallet.worker_name',
    stratumPassword: 'x',
  };

  test('B-017 a pool is kept as it is given, scheme and all, and passed over from v2.15 on', async () => {
    const it = await bitaxe('gamma-v2.12');
    expect(await patch(it, POOL)).toMatchObject(YES);
    expect(await info(it)).toMatchObject({ stratumURL: 'stratum+tcp://pool.example.com', stratumPort: 3333 });
    expect((await it.miner.read()).pools[0]).toMatchObject({
      url: 'stratum+tcp://pool.example.com:3333',
      worker: 'your_wallet.worker_name',
    });
    const newest = await bitaxe('gamma-v2.15');
    const { stratumURL } = await info(newest);
    expect(await patch(newest, POOL)).toMatchObject(YES);
    expect((await info(newest)).stratumURL).toBe(stratumURL);
    const pools = ['stratum+tcp://pool.example.com:3333,your_wallet.worker_name,x'];
    for (const one of [it, newest]) {
      expect((await run(one, 'setPools', { pools })).result).toBe('done');
      expect(await info(one)).toMatchObject({ stratumURL: 'pool.example.com', stratumUser: 'your_wallet.worker_name' });
    }
  });

  test('B-018 Wi-Fi and name go in one body, and it is said that the device may be gone then', async () => {
    const it = await bitaxe('gamma-v2.12');
    const wifi = { ssid: 'YourWiFiNetwork', wifiPass: 'YourPassword', hostname: 'bitaxe-7' };
    expect(await patch(it, wifi)).toMatchObject(YES);
    const shown = await info(it);
    expect(shown).toMatchObject({ ssid: 'YourWiFiNetwork', hostname: 'bitaxe-7' });
    expect(JSON.stringify(shown)).not.toContain('YourPassword');
    const plan = await it.miner.plan('setNetwork', { ssid: 'Attic', wifiPass: 'long enough' });
    expect(plan.preview).toContain('It may have another address then');
    expect(plan.preview).not.toContain('long enough');
    // As v2.12 takes it; our client asks for what the document and WPA2 want.
    expect(await patch(it, { wifiPass: 'short' })).toMatchObject(YES);
    await expect(it.miner.plan('setNetwork', { ssid: 'Attic', wifiPass: 'short' })).rejects.toMatchObject({
      code: 'usage/invalid',
    });
  });

  test('B-019 four settings of different parts go together, as they go one by one', async () => {
    const all = { autofanspeed: 1, temptarget: 60, displayTimeout: 10, statsFrequency: 120 };
    const it = await bitaxe('gamma-v2.12');
    await patch(it, { autofanspeed: 0, temptarget: 50 });
    expect(await patch(it, all)).toMatchObject(YES);
    expect(await info(it)).toMatchObject(all);
    const other = await bitaxe('gamma-v2.12');
    await patch(other, { autofanspeed: 0, temptarget: 50 });
    for (const [name, given] of [
      ['setFan', { percent: 'auto' }],
      ['setTemperatureTarget', { targetC: 60 }],
      ['axeos.displayTimeout', { minutes: 10 }],
      ['axeos.statsFrequency', { seconds: 120 }],
    ] as const) {
      expect([name, (await run(other, name, given)).result]).toEqual([name, 'done']);
    }
    expect(await info(other)).toMatchObject(all);
  });
});

describe('info of a Gamma with v2.12, and what is read out of it', () => {
  const read = async (quirks: Record<string, boolean> = {}) => {
    const it = await bitaxe('gamma-v2.12', { quirks });
    const told = await info(it);
    const snapshot = await it.miner.read();
    /** The reply as our client keeps it, with what no snapshot has. */
    const kept = (await it.miner.readReplies()).get('info')?.doc;
    return { told, snapshot, kept };
  };

  test('B-040 power is told in watts, voltage and current in thousandths, the supply in volts', async () => {
    const { told, snapshot } = await read();
    expect(told).toMatchObject({
      power: isNumber(10, 30),
      voltage: isNumber(4500, 5500),
      current: isNumber(2000, 30_000),
      maxPower: 40,
      nominalVoltage: 5,
    });
    expect(snapshot).toMatchObject({ powerW: told.power, powerBasis: 'measured' });
    expect(snapshot.psu?.outputVoltageV).toBeCloseTo(Number(told.voltage) / 1000, 6);
  });

  test('B-041 temperatures are those of chip and regulator, and -1 is no sensor', async () => {
    const { told, snapshot } = await read();
    expect(told).toMatchObject({ temp: isNumber(30, 80), temp2: -1, vrTemp: isNumber(30, 100) });
    expect(snapshot.hashboards[0]).toMatchObject({ chipTempMaxC: told.temp, tempC: told.vrTemp });
    const without = await read({ 'no-sensor': true });
    expect(without.told.temp).toBe(-1);
    expect(without.snapshot.hashboards[0]?.chipTempMaxC).toBeNull();
  });

  test('B-042 rates are GH/s, now and over three windows', async () => {
    const { told, snapshot } = await read();
    const near = isNumber(900, 1200);
    expect(told).toMatchObject({ hashRate: near, hashRate_1m: near, hashRate_10m: near, hashRate_1h: near });
    // 2040 cores at 525 MHz.
    expect(told).toMatchObject({ expectedHashrate: 1071, errorPercentage: isNumber(0, 5) });
    const { currentHs, nominalHs, windows } = snapshot.hashrate;
    expect(currentHs).toBeCloseTo(Number(told.hashRate) * 1e9, -2);
    expect([nominalHs, windows.map(({ seconds }) => seconds)]).toEqual([1071e9, [60, 600, 3600]]);
    expect(windows[2]?.hs).toBeCloseTo(Number(told.hashRate_1h) * 1e9, -2);
  });

  test('B-043 best difficulties are numbers, and were texts up to v2.10', async () => {
    const { told, snapshot } = await read();
    expect(told).toMatchObject({ bestDiff: NUMBER, bestSessionDiff: NUMBER, poolDifficulty: 1000 });
    expect(snapshot.shares).toMatchObject({
      bestDifficulty: told.bestDiff,
      sessionBestDifficulty: told.bestSessionDiff,
    });
    expect(snapshot.pools[0]?.difficulty).toBe(1000);
    const older = await bitaxe('gamma-v2.10');
    const { bestDiff } = await info(older);
    expect(bestDiff).toMatch(/^[\d.]+[kMGT]$/);
    const factor = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 }[String(bestDiff).slice(-1)] ?? 0;
    const { bestDifficulty } = (await older.miner.read()).shares;
    expect(bestDifficulty).toBeCloseTo(Number.parseFloat(String(bestDiff)) * factor, 0);
  });

  test('B-044 which pool is in use, over which addresses, and whether there is PSRAM', async () => {
    const { told, snapshot } = await read();
    expect(told).toMatchObject({ isUsingFallbackStratum: 0, poolAddrFamily: 2, isPSRAMAvailable: 1 });
    expect(snapshot.pools.map(({ active }) => active)).toEqual([true, false]);
    const fallen = await read({ 'dead-pool': true });
    expect(fallen.told.isUsingFallbackStratum).toBe(1);
    expect(fallen.snapshot.pools.map(({ active }) => active)).toEqual([false, true]);
  });

  test('B-045 free memory is told in bytes, in both kinds and together', async () => {
    const { told, kept } = await read();
    expect(kept).toMatchObject({ freeHeap: NUMBER, freeHeapInternal: NUMBER, freeHeapSpiram: NUMBER });
    const [all, inside, outside] = [told.freeHeap, told.freeHeapInternal, told.freeHeapSpiram].map(Number);
    expect(all).toBeGreaterThan(1e6);
    expect([inside, outside]).toEqual([isNumber(1, all ?? 0), isNumber(1, all ?? 0)]);
  });

  test('B-046 what was set stands beside what is measured', async () => {
    const { told, snapshot } = await read();
    expect(told).toMatchObject({ coreVoltage: 1150, coreVoltageActual: isNumber(1100, 1160), frequency: 525 });
    expect(snapshot.hashboards[0]?.frequencyMHz).toBe(525);
    expect(snapshot.hashboards[0]?.voltageV).toBeCloseTo(Number(told.coreVoltageActual) / 1000, 6);
  });

  test('B-047 the network: name, addresses, and how strong it is', async () => {
    const { told, snapshot } = await read();
    expect(told).toMatchObject({
      ssid: TEXT,
      hostname: 'bitaxe',
      ipv4: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
      ipv6: expect.stringMatching(/^FE80:/),
      wifiStatus: 'Connected!',
      wifiRSSI: isNumber(-67, -30),
      apEnabled: 0,
    });
    expect(told.macAddr).toMatch(/^([\dA-F]{2}:){5}[\dA-F]{2}$/);
    expect(snapshot.identity).toMatchObject({ hostname: 'bitaxe', mac: String(told.macAddr).toLowerCase() });
    expect(snapshot.faults).toEqual([]);
    expect((await read({ 'weak-wifi': true })).snapshot.faults).toMatchObject([{ code: 'network.fault' }]);
  });

  test('B-048 shares, and why some were refused: the reasons add up', async () => {
    const { told, snapshot } = await read();
    const reasons = told.sharesRejectedReasons as { message: string; count: number }[];
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason).toEqual({ message: TEXT, count: NUMBER });
    expect(reasons.reduce((sum, { count }) => sum + count, 0)).toBe(told.sharesRejected);
    expect(snapshot.shares).toMatchObject({ accepted: told.sharesAccepted, rejected: told.sharesRejected });
    expect(Number(told.sharesAccepted)).toBeGreaterThan(1000);
  });

  test('B-049 uptime, cores, chip', async () => {
    const { told, snapshot } = await read();
    // Two days of power.
    expect(told).toMatchObject({ uptimeSeconds: 172_800, smallCoreCount: 2040, ASICModel: 'BM1370' });
    expect(snapshot).toMatchObject({ minerUptimeS: 172_800, systemUptimeS: 172_800 });
    expect(snapshot.identity.model).toBe('Bitaxe Gamma');
  });

  test('B-050 both pools with port, user and wishes, and how long the one in use takes', async () => {
    const { told, snapshot } = await read();
    expect(told).toMatchObject({
      stratumURL: TEXT,
      stratumPort: isNumber(1, 65_535),
      stratumUser: TEXT,
      stratumSuggestedDifficulty: 1000,
      stratumExtranonceSubscribe: FLAG,
      fallbackStratumURL: TEXT,
      fallbackStratumPort: isNumber(1, 65_535),
      fallbackStratumUser: TEXT,
      fallbackStratumSuggestedDifficulty: 1000,
      fallbackStratumExtranonceSubscribe: FLAG,
      responseTime: isNumber(1, 1000),
    });
    expect(snapshot.pools.map(({ url, worker }) => [url, worker])).toEqual([
      [`stratum+tcp://${told.stratumURL}:${told.stratumPort}`, told.stratumUser],
      [`stratum+tcp://${told.fallbackStratumURL}:${told.fallbackStratumPort}`, told.fallbackStratumUser],
    ]);
  });

  test('B-051 versions of firmware, page, ESP-IDF and board', async () => {
    const { told, snapshot } = await read();
    expect(told).toMatchObject({
      version: 'v2.12.2',
      axeOSVersion: 'v2.12.2',
      idfVersion: 'v5.5.1',
      boardVersion: '601',
      resetReason: TEXT,
      runningPartition: 'factory',
    });
    expect(snapshot.identity).toMatchObject({ firmwareVersion: 'v2.12.2', hardwareRevision: '601' });
  });

  test('B-052 overheat, overclock and display, as the document shows them', async () => {
    const { told } = await read();
    expect(told).toMatchObject({
      overheat_mode: 0,
      overclockEnabled: 0,
      display: 'SSD1306 (128x32)',
      rotation: 0,
      invertscreen: 0,
      displayTimeout: -1,
    });
    expect((await read({ overheated: true })).snapshot.faults).toMatchObject([{ vendorCode: 'overheat_mode' }]);
  });

  test('B-053 the fan: what it does, with a fraction, and what it was told', async () => {
    const { told, snapshot } = await read();
    expect(told).toMatchObject({
      autofanspeed: 1,
      fanspeed: isNumber(25, 100),
      manualFanSpeed: 100,
      minFanSpeed: 25,
      temptarget: 60,
      fanrpm: isNumber(500, 9000),
      fan2rpm: 0,
    });
    expect(Number.isInteger(told.fanspeed)).toBe(false);
    expect(snapshot.fans).toMatchObject([{ slot: 0, rpm: told.fanrpm }]);
    expect(snapshot.fans[0]?.percent).toBeCloseTo(Number(told.fanspeed), 1);
  });

  test('B-054 statistics are off, and the block that is worked for is known', async () => {
    const { told, kept } = await read();
    const block = {
      statsFrequency: 0,
      blockFound: 0,
      blockHeight: isNumber(900_000, 2_000_000),
      scriptsig: TEXT,
      networkDifficulty: isNumber(1e12, 1e18),
    };
    expect(told).toMatchObject(block);
    expect(kept).toMatchObject(block);
  });

  test('B-055 the chip says what it does in each of its four domains, and how often it was wrong', async () => {
    const { told, snapshot } = await read();
    const { asics } = told.hashrateMonitor as { asics: { total: number; domains: number[]; errorCount: number }[] };
    expect(asics.length).toBe(1);
    const [{ total, domains, errorCount } = { total: 0, domains: [], errorCount: 0 }] = asics;
    expect(domains.length).toBe(4);
    expect(domains.reduce((sum, one) => sum + one, 0)).toBeCloseTo(total, 3);
    expect(snapshot.hashboards[0]?.chips).toMatchObject([{ index: 0, state: 'ok' }]);
    expect(snapshot.hashboards[0]?.chips[0]?.hashrateHs).toBeCloseTo(total * 1e9, -2);
    expect(snapshot.hardwareErrors).toBe(errorCount);
  });
});

describe('what else the document tells', () => {
  const fetched = async (it: Controlled, name: string, given: Record<string, unknown> = {}) => {
    const { result, download } = await run(it, name, given);
    expect(result).toBe('done');
    return JSON.parse(Buffer.from(download?.bytes ?? []).toString('utf8'));
  };

  test('B-005 the networks it hears are fetched, and a second search says that it failed', async () => {
    const it = await bitaxe('gamma-v2.12');
    const { networks } = await fetched(it, 'axeos.wifi-scan');
    expect(networks.length).toBeGreaterThan(0);
    expect(networks.length).toBeLessThanOrEqual(20);
    for (const one of networks) {
      expect(one).toMatchObject({ ssid: TEXT, rssi: isNumber(-100, -20), authmode: isNumber(0, 16) });
    }
    const busy = await bitaxe('gamma-v2.12', { quirks: { 'scan-busy': true } });
    expect(await curl(busy, 'GET', '/api/system/wifi/scan')).toMatchObject({ status: 500, text: 'WiFi scan failed' });
    const { result, error } = await run(busy, 'axeos.wifi-scan');
    expect([result, error?.code]).not.toContain('done');
  });

  test('B-013 the seven columns of the document come in its order, with the time behind them', async () => {
    const it = await bitaxe('gamma-v2.12');
    const columns = 'hashrate,hashrate_1m,hashrate_10m,hashrate_1h,asicTemp,vrTemp,power';
    // Off from the factory: no rows, and no error.
    expect((await fetched(it, 'axeos.statistics', { columns })).statistics).toEqual([]);
    expect((await run(it, 'axeos.statsFrequency', { seconds: 60 })).result).toBe('done');
    await it.pass(600_000);
    const { currentTimestamp, labels, statistics } = await fetched(it, 'axeos.statistics', { columns });
    expect(labels).toEqual([...columns.split(','), 'timestamp']);
    expect(statistics.length).toBe(10);
    for (const [rate, , , , chip, , watts, at] of statistics) {
      expect([rate, chip, watts]).toEqual([isNumber(800, 1300), isNumber(30, 80), isNumber(10, 30)]);
      expect(at).toBeLessThanOrEqual(currentTimestamp);
    }
  });

  test('B-056 asic tells what its page offers, which for a real Gamma is not what the document shows', async () => {
    const it = await bitaxe('gamma-v2.12');
    expect(await fetched(it, 'axeos.asic')).toEqual({
      ASICModel: 'BM1370',
      deviceModel: 'Gamma',
      swarmColor: 'green',
      asicCount: 1,
      defaultFrequency: 525,
      frequencyOptions: [400, 490, 525, 550, 600, 625],
      defaultVoltage: 1150,
      voltageOptions: [1000, 1060, 1100, 1150, 1200, 1250],
      hashDomains: 4,
    });
  });

  test('B-059 every protection of the document has its word, and a number beyond them stays one', () => {
    expect(Array.from({ length: 12 }, (_, mode) => securityWord(mode))).toEqual([
      'open',
      'WEP',
      'WPA-PSK',
      'WPA2-PSK',
      'WPA/WPA2-PSK',
      'WPA2-Enterprise',
      'WPA3-PSK',
      'WPA2/WPA3-PSK',
      'WAPI-PSK',
      'OWE',
      'WPA3-Enterprise 192 bit',
      '11',
    ]);
  });

  test('B-060 the seven marks of the scale have the words of the document', () => {
    expect([-30, -50, -60, -67, -70, -80, -90].map(signalWord)).toEqual([
      'excellent',
      'very good',
      'good',
      'fair',
      'weak',
      'very weak',
      'unusable',
    ]);
  });

  test('B-062 every column of the document is there in v2.13, and one more that it forgot', async () => {
    const columns = [
      ...['hashrate', 'hashrate_1m', 'hashrate_10m', 'hashrate_1h', 'asicTemp', 'vrTemp', 'asicVoltage', 'voltage'],
      ...['power', 'current', 'fanSpeed', 'fanRpm', 'fan2Rpm', 'wifiRssi', 'freeHeap', 'responseTime'],
    ];
    const { labels } = await fetched(await bitaxe('gamma-v2.13'), 'axeos.statistics');
    expect(labels).toEqual([...columns.slice(0, 4), 'errorPercentage', ...columns.slice(4), 'timestamp']);
    // v2.12, which the document is of, does not have its last one yet.
    const older = await bitaxe('gamma-v2.12');
    expect((await fetched(older, 'axeos.statistics')).labels).not.toContain('responseTime');
    await expect(older.miner.plan('axeos.statistics', { columns: 'responseTime' })).rejects.toMatchObject({
      code: 'usage/invalid',
    });
  });

  test('B-068 not every reply is JSON', async () => {
    const [older, newer] = [await bitaxe('gamma-v2.12'), await bitaxe('gamma-v2.13')];
    expect(await curl(older, 'GET', '/api/system/info')).toMatchObject({ status: 200, type: 'application/json' });
    expect((await patch(older, { rotation: 90 })).text).toBe('');
    expect(await patch(older, { rotation: 91 })).toMatchObject({ status: 400, text: 'Wrong API input' });
    const text = 'The device says "Hi!" for 30 seconds.';
    expect((await curl(older, 'POST', '/api/system/identify')).text).toBe(text);
    expect(JSON.parse((await curl(newer, 'POST', '/api/system/identify')).text)).toEqual({ message: text });
    expect((await curl(older, 'POST', '/api/system/restart')).text).toBe('System will restart shortly.');
  });
});
