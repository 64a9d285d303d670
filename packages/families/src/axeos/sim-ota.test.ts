import { describe, expect, test } from 'vitest';
import { espImage } from '../sim/esp-image.testing.ts';
import { AT, gamma, HOUR, info, MINUTE, said } from './sim.testing.ts';

const num = (value: unknown): number => Number(value);

describe('an update', () => {
  const firmware = (on: ReturnType<typeof gamma>, body: Uint8Array, now = AT) =>
    said(on, 'POST /api/system/OTA', { body, now });

  test('of another release is written into the other partition and runs after a restart', () => {
    const on = gamma(9);
    expect(info(on)).not.toHaveProperty('hashRate_1m');
    expect(firmware(on, espImage({ version: 'v2.12.2' }))).toBe('200 Firmware update complete, rebooting now!\n');
    const later = AT + MINUTE;
    expect(info(on, later)).toMatchObject({
      version: 'v2.12.2',
      axeOSVersion: 'v2.9.0',
      idfVersion: 'v5.5.1',
      runningPartition: 'ota_0',
    });
    expect(num(info(on, later).hashRate_1m)).toBeGreaterThan(0);
    firmware(on, espImage({ version: 'v2.15.0' }), later);
    expect(info(on, later + MINUTE)).toMatchObject({ runningPartition: 'ota_1', pools: [{ id: 0 }, { id: 1 }] });
  });

  test.each([
    ['what is no image', new TextEncoder().encode('<html>'), 'Write Error'],
    ['nothing', new Uint8Array(), 'Write Error'],
    ['a cut image', espImage().subarray(0, 400), 'Validation / Activation Error'],
    ['a wrong checksum', espImage({ checksum: false }), 'Validation / Activation Error'],
    ['an image for another chip', espImage({ chip: 0 }), 'Validation / Activation Error'],
    ['more than its partition holds', espImage({ extraBytes: 4 << 20 }), 'Validation / Activation Error'],
  ])('with %s is refused, and the device goes on', (_, body, text) => {
    const on = gamma(12);
    expect(firmware(on, body)).toBe(`500 ${text}`);
    expect(info(on, AT + MINUTE)).toMatchObject({ version: 'v2.12.2', uptimeSeconds: 36_060 });
    expect(firmware(gamma(15), body)).toBe(`500 {"message":"${text}"}`);
  });

  test('that is no image was a Flash Error up to v2.5', () => {
    expect(firmware(gamma(5), new Uint8Array(9))).toBe('500 Flash Error');
    expect(firmware(gamma(6), new Uint8Array(9))).toBe('500 Write Error');
  });

  test('with the program of another device is taken, and the Bitaxe does not come back', () => {
    for (const image of [espImage({ project: 'other' }), espImage({ version: 'v1.0.36' })]) {
      const on = gamma(12);
      expect(firmware(on, image)).toBe('200 Firmware update complete, rebooting now!\n');
      expect(on.listening('http', AT + HOUR)).toBe(false);
    }
  });

  test('is refused by an access point', () => {
    const on = gamma(12, { 'ap-mode': true });
    expect(firmware(on, espImage())).toBe('500 Not allowed in AP mode');
    expect(said(on, 'POST /api/system/OTAWWW', { body: 'x' })).toBe('500 Not allowed in AP mode');
  });

  test('of the page needs no restart up to v2.14, and restarts in v2.15', () => {
    const body = 'headframe simulated page\nversion: v2.99.0\n';
    const on = gamma(12);
    expect(said(on, 'POST /api/system/OTAWWW', { body })).toBe('200 WWW update complete\n');
    expect(info(on, AT + MINUTE)).toMatchObject({ axeOSVersion: 'v2.99.0', uptimeSeconds: 36_060 });
    const newest = gamma(15);
    expect(said(newest, 'POST /api/system/OTAWWW', { body })).toBe('200 WWW update complete, rebooting now!');
    expect(num(info(newest, AT + MINUTE).uptimeSeconds)).toBeLessThan(60);
    expect(said(on, 'POST /api/system/OTAWWW', { body: new Uint8Array((3 << 20) + 1) })).toBe(
      '400 File provided is too large for device',
    );
  });

  test('is left again by booting a partition of v2.15', () => {
    const on = gamma(15);
    const boot = (body: string) => said(on, 'POST /api/system/boot', { body, now: AT + 2 * MINUTE });
    firmware(on, espImage({ version: 'v2.15.1' }));
    expect(info(on, AT + 2 * MINUTE).partitions).toMatchObject([
      { label: 'factory', isCurrent: false, isFactory: true, version: 'v2.15.0' },
      { label: 'ota_0', isCurrent: true, isFactory: false, version: 'v2.15.1' },
    ]);
    expect(boot('')).toBe('400 Empty request body');
    expect(boot('{')).toBe('400 Invalid JSON');
    expect(boot('{}')).toBe('400 Missing partition label');
    expect(boot('{"partition":"nvs"}')).toBe('400 Partition not found');
    expect(boot('{"partition":"ota_1"}')).toBe('400 No valid firmware found on partition');
    expect(boot('{"partition":"factory"}')).toMatch(/^200 \{"message":/);
    expect(info(on, AT + 5 * MINUTE)).toMatchObject({ version: 'v2.15.0', runningPartition: 'factory' });
  });
});
