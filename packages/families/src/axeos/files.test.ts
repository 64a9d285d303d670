import { blankIdentity, HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { actionsOfAxeos, ownOfAxeos } from './commands.ts';
import { BitaxeDouble } from './double.testing.ts';
import { imageOf } from './image.testing.ts';
import { codeOf, perform, shownBy } from './perform.testing.ts';

const anyone = blankIdentity('axeos');
const actions = actionsOfAxeos(anyone);
const own = ownOfAxeos(anyone);
const SHA256 = 'a'.repeat(64);

const update = (double: BitaxeDouble, bytes: Uint8Array, version = 'v2.12.2') =>
  perform(double, actions.updateFirmware, { file: { name: 'esp-miner.bin', bytes }, sha256: SHA256, version });

describe('a firmware', () => {
  test('goes up as it is, and the version that shows afterwards decides', async () => {
    const double = new BitaxeDouble(11);
    const image = imageOf({ version: 'v2.12.2' });
    const { done, prepared, verdicts } = await update(double, image);
    expect(double.writes).toEqual([`POST /api/system/OTA <${image.length} bytes>`]);
    expect(shownBy(prepared)).toEqual([
      `POST /api/system/OTA\nContent-Type: application/octet-stream\n\n<esp-miner.bin: ${image.length} bytes, SHA-256 ${SHA256}>`,
    ]);
    expect(verdicts).toEqual([{ accepted: true, vendorText: 'Firmware update complete, rebooting now!' }]);
    expect([done, double.version]).toEqual([true, 'v2.12.2']);
    expect(prepared.notes?.[0]).toBe('It has v2.11.0 and must show v2.12.2 afterwards');
  });

  test.each([
    ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, ...new Uint8Array(400)]), 'v2.12.2'],
    ['the web page', new Uint8Array(4096), 'v2.12.2'],
    ['a file that is cut short', imageOf({ version: 'v2.12.2' }).subarray(0, 600), 'v2.12.2'],
    ['only its beginning', imageOf({ version: 'v2.12.2' }).subarray(0, 40), 'v2.12.2'],
    ['an image for an ESP32', imageOf({ version: 'v2.12.2', chip: 0 }), 'v2.12.2'],
    ['a factory image, which begins with a bootloader', imageOf({ version: 'v2.12.2', described: false }), 'v2.12.2'],
    ['another program', imageOf({ version: 'v2.12.2', project: 'esphome' }), 'v2.12.2'],
    ['another version', imageOf({ version: 'v2.12.1' }), 'v2.12.2'],
    ['a NerdQAxe’s, whose versions begin otherwise', imageOf({ version: 'v1.0.36' }), 'v1.0.36'],
    ['nothing', new Uint8Array(1), 'v2.12.2'],
  ])('that is %s is refused before a byte of it leaves', async (_, bytes, version) => {
    const double = new BitaxeDouble(11);
    expect(await codeOf(update(double, bytes, version))).toBe('usage/invalid');
    expect(double.writes).toEqual([]);
  });

  test('that the device takes and does not start is found out', async () => {
    const double = new BitaxeDouble(11);
    double.instead['POST /api/system/OTA'] = () => {
      double.restart();
      return double.reply(200, 'Firmware update complete, rebooting now!\n');
    };
    const { done, values } = await update(double, imageOf({ version: 'v2.12.2' }));
    expect([done, values.version]).toEqual([false, 'v2.11.0']);
  });

  test.each([
    [11, 'Validation / Activation Error', 'Validation / Activation Error'],
    [11, 'Not allowed in AP mode', 'Not allowed in AP mode'],
    [15, '{"message":"Write Error"}', 'Write Error'],
  ])('that v2.%i refuses is refused in its words', async (release, body, vendorText) => {
    const double = new BitaxeDouble(release);
    double.instead['POST /api/system/OTA'] = double.reply(500, body);
    const { verdicts } = await update(double, imageOf({ version: 'v2.12.2' }));
    expect(verdicts).toEqual([{ accepted: false, vendorCode: '500', vendorText }]);
  });

  test('of a release that git described at length is cut off in the image', async () => {
    const version = 'v2.12.2-beta-17-gabcdef0123-dirty';
    const double = new BitaxeDouble(12);
    double.instead['POST /api/system/OTA'] = () => {
      double.restart();
      double.version = version;
      return double.reply(200, 'Firmware update complete, rebooting now!');
    };
    expect((await update(double, imageOf({ version: version.slice(0, 31) }), version)).done).toBe(true);
  });
});

describe('a web page', () => {
  const flash = (double: BitaxeDouble, bytes: Uint8Array, version?: string) =>
    perform(double, own.OTAWWW, {
      file: { name: 'www.bin', bytes },
      sha256: SHA256,
      ...(version === undefined ? {} : { version }),
    });

  test.each([
    [12, 'WWW update complete'],
    [15, 'WWW update complete, rebooting now!'],
  ])('of v2.%i is written, and shows in axeOSVersion', async (release, vendorText) => {
    const double = new BitaxeDouble(release);
    const { done, verdicts } = await flash(double, new Uint8Array(2048), 'v9.9.9');
    expect(double.writes).toEqual(['POST /api/system/OTAWWW <2048 bytes>']);
    expect(verdicts).toEqual([{ accepted: true, vendorText }]);
    expect(done).toBe(true);
  });

  test('of v2.8 cannot be seen', async () => {
    expect((await flash(new BitaxeDouble(8), new Uint8Array(2048), 'v2.8.0')).done).toBeNull();
  });

  test('that is firmware, HTML or too long is refused before a byte of it leaves', async () => {
    const double = new BitaxeDouble(12);
    for (const bytes of [
      imageOf({ version: 'v2.12.2' }),
      new TextEncoder().encode('<html></html>'),
      new Uint8Array(3 * 1024 * 1024 + 1),
    ]) {
      expect(await codeOf(flash(double, bytes))).toBe('usage/invalid');
    }
    expect(double.writes).toEqual([]);
  });
});

const textOf = async (double: BitaxeDouble, name: string, given: Record<string, unknown> = {}) => {
  const { prepared } = await perform(double, { ...actions, ...own }[name], given);
  return new TextDecoder().decode((await prepared.download?.(double.links))?.bytes);
};

describe('what is fetched', () => {
  test('is the log that v2.14 keeps, and what is said for some seconds before', async () => {
    expect(await textOf(new BitaxeDouble(14), 'downloadLogs')).toBe('I (1) kept log\n');
    const double = new BitaxeDouble(12);
    double.messages = Array.from({ length: 100 }, (_, i) => `I (${i}) line ${i}${i % 2 === 0 ? '\n' : ''}`);
    expect(await textOf(double, 'downloadLogs', { seconds: 3 })).toBe('I (0) line 0\nI (1) line 1\nI (2) line 2\n');
    expect(double.reads).toContain('WS /api/ws');
    const newer = new BitaxeDouble(14);
    newer.messages = ['one', 'two'];
    expect(await textOf(newer, 'downloadLogs', { seconds: 1 })).toBe('one\n');
    newer.messages = ['{"event":"update","data":{}}', 'x', 'y'];
    expect(await textOf(newer, 'live', { seconds: 2 })).toBe('{"event":"update","data":{}}\nx\n');
    expect(newer.reads).toContain('WS /api/ws/live');
  });

  test('is nothing where the WebSocket is refused in bytes that are no frames', async () => {
    const double = new BitaxeDouble(12);
    double.subscribes = new HeadframeError('protocol/malformed');
    expect(await codeOf(textOf(double, 'downloadLogs'))).toBe('device/refused');
    double.subscribes = new HeadframeError('link/reset');
    expect(await codeOf(textOf(double, 'downloadLogs'))).toBe('link/reset');
    double.messages = ['a line before the line broke'];
    expect(await textOf(double, 'downloadLogs')).toBe('a line before the line broke\n');
  });

  test('are statistics, with columns from v2.11 on, commas as they are, and a word where nothing is recorded', async () => {
    const double = new BitaxeDouble(12);
    const columns = 'hashrate,hashrate_1m,hashrate_10m,hashrate_1h,asicTemp,vrTemp,power';
    const { prepared } = await perform(double, own.statistics, { columns });
    expect(prepared.notes).toEqual(['It records nothing, so there will be no rows: axeos.statsFrequency starts it']);
    await prepared.download?.(double.links);
    expect(double.reads.at(-1)).toBe(`GET /api/system/statistics?columns=${columns}`);
    expect(await codeOf(perform(double, own.statistics, { columns: 'hashrate,responseTime' }))).toBe('usage/invalid');
    expect(await codeOf(perform(new BitaxeDouble(11), own.statistics, { columns: 'hashrate_1m' }))).toBe(
      'usage/invalid',
    );
    expect(await codeOf(perform(new BitaxeDouble(10), own.statistics, { columns: 'hashRate' }))).toBe(
      'support/unsupported',
    );
    const recording = new BitaxeDouble(13, { statsFrequency: 60 });
    expect((await perform(recording, own.statistics, { columns: 'responseTime' })).prepared.notes).toBeUndefined();
  });

  test('are the networks that it hears, with the words of the scales', async () => {
    expect(JSON.parse(await textOf(new BitaxeDouble(12), 'wifi-scan'))).toEqual({
      networks: [
        { ssid: 'MyWiFiNetwork', rssi: -65, signal: 'fair', authmode: 3, security: 'WPA2-PSK' },
        { ssid: 'x', rssi: -91, signal: 'unusable', authmode: 13, security: '13' },
      ],
    });
    const busy = new BitaxeDouble(12);
    busy.instead['GET /api/system/wifi/scan'] = busy.reply(500, 'WiFi scan failed');
    expect(await codeOf(textOf(busy, 'wifi-scan'))).toBe('device/refused');
    busy.instead['GET /api/system/wifi/scan'] = busy.reply(200, '<html>');
    expect(await codeOf(textOf(busy, 'wifi-scan'))).toBe('protocol/malformed');
  });

  test('are dashboard, scoreboard and chip where a release has them', async () => {
    expect(JSON.parse(await textOf(new BitaxeDouble(10), 'dashboard'))).toHaveProperty('statistics');
    expect(JSON.parse(await textOf(new BitaxeDouble(14), 'scoreboard'))).toEqual([]);
    expect(JSON.parse(await textOf(new BitaxeDouble(9), 'asic'))).toMatchObject({ deviceModel: 'Gamma' });
    expect(await codeOf(textOf(new BitaxeDouble(11), 'dashboard'))).toBe('support/unsupported');
    expect(await codeOf(textOf(new BitaxeDouble(6), 'asic'))).toBe('support/unsupported');
  });
});
