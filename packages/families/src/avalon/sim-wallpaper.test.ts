import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { device, failed, HOUR, info, long, POWERED_AT, set } from './sim.testing.ts';
import { WallpaperIntake } from './sim-wallpaper.ts';

const AT = POWERED_AT + 2 * HOUR;
/** SHA-256 of 1024 times 0x5a, by another program. */
const HASH = 'e8fb68ce4d4d002dba40c0a459d96807c96ded1c2fdefae3f56f8a0c06a4fecf';
const picture = Buffer.alloc(1024, 0x5a);

interface PageFields {
  readonly magic?: string;
  readonly version?: number;
  readonly length?: number;
  readonly uid?: number;
  readonly number: number;
  readonly size?: number;
  readonly offset?: number;
  readonly payload: Buffer;
}

function page({ magic = 'nano', version = 1, length, uid = 5, number, size = 1024, offset = 0, payload }: PageFields) {
  const head = Buffer.alloc(28);
  head.write(magic, 0, 'latin1');
  head.writeUInt32LE(version, 8);
  head[12] = 28;
  head.writeUInt16LE(length ?? payload.length, 14);
  head.writeUInt16LE(uid, 16);
  head.writeUInt16LE(number, 18);
  head.writeUInt32LE(size, 20);
  head.writeUInt32LE(offset, 24);
  return Buffer.concat([head, payload]).toString('hex');
}

const title = (hash = HASH) =>
  page({ number: 0, payload: Buffer.concat([Buffer.from(hash, 'hex'), Buffer.alloc(128)]) });
const content = (offset: number) =>
  page({ number: 1 + offset / 512, offset, payload: picture.subarray(offset, offset + 512) });

describe('a picture for the display of a Nano 3S', () => {
  test('is shown when its last page has come, and none takes it away', () => {
    const nano = device('nano-3s');
    expect(set(nano, `wallpaper,png,${title()}`, AT)).toEqual(info('wallpaper recv ok 376'));
    expect(set(nano, `wallpaper,png,${content(0)}`, AT)).toEqual(info('wallpaper recv ok 1080'));
    expect(long(nano, AT).LcdSwitch).toBe('2');
    expect(set(nano, `wallpaper,png,${content(512)}`, AT)).toEqual(info('wallpaper recv ok 1080'));
    expect(long(nano, AT).LcdSwitch).toBe('4');
    expect(set(nano, 'wallpaper,none,0', AT)).toEqual(info('wallpaper recv ok 1'));
    expect(long(nano, AT).LcdSwitch).toBe('2');
  });

  test('what is wrong has the number of the firmware', () => {
    const nano = device('nano-3s');
    const sent = (hex: string) => set(nano, `wallpaper,png,${hex}`, AT);
    const refused = (code: number) => failed(`wallpaper recv failed ${code}`);
    expect(sent('00')).toEqual(refused(1));
    expect(sent(page({ magic: 'else', number: 0, payload: picture.subarray(0, 160) }))).toEqual(refused(2));
    expect(sent(page({ version: 2, number: 0, payload: picture.subarray(0, 160) }))).toEqual(refused(3));
    expect(sent(page({ size: 1000, number: 0, payload: picture.subarray(0, 160) }))).toEqual(refused(4));
    expect(sent(page({ offset: 1000, number: 1, payload: picture.subarray(0, 160) }))).toEqual(refused(5));
    expect(sent(page({ length: 9, number: 0, payload: picture.subarray(0, 160) }))).toEqual(refused(6));
    expect(sent(content(0))).toEqual(refused(7));
    expect(sent(page({ number: 0, payload: picture.subarray(0, 100) }))).toEqual(refused(8));
    sent(title('00'.repeat(32)));
    expect(sent(content(512))).toEqual(refused(5));
    sent(content(0));
    expect(sent(content(512))).toEqual(refused(9));
    expect(set(nano, `wallpaper,bmp,${title()}`, AT)).toEqual(failed('Input param cmd error.'));
    expect(set(nano, 'wallpaper,png', AT)).toEqual(failed('input param error'));
    expect(set(nano, `wallpaper,png,${'0'.repeat(2106)}`, AT)).toEqual(failed('input param len greater than 2104'));
    set(nano, 'lcd,0:0', AT);
    expect(sent(title())).toEqual(failed('lcd is off and the settings do not take effect'));
  });

  test('whatever comes has a number', () => {
    const intake = new WallpaperIntake();
    const anything = fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      fc
        .tuple(fc.nat(3), fc.nat(1200), fc.nat(600))
        .map(([number, offset, size]) => page({ number, offset, payload: Buffer.alloc(size) })),
    );
    fc.assert(
      fc.property(anything, (hex) => {
        const result = intake.receive('png', hex);
        expect(result >= 0 && result <= 9).toBe(true);
      }),
      { seed: 43, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
