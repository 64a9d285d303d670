import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { device, failed, first, HOUR, long, OK, POWERED_AT, rebooted, set } from './sim.testing.ts';
import { bytesOfHex, FirmwareIntake } from './sim-firmware.ts';

const AT = POWERED_AT + 2 * HOUR;
const numRuns = Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000);

interface PageFields {
  readonly api?: number;
  readonly header?: number;
  readonly uid?: number;
  readonly version?: string;
  readonly total: number;
  readonly offset: number;
  readonly length?: number;
  readonly payload: Buffer;
}

/** A page as a client sends it (`protocols.md` 4), written here a second time. */
function page({ api = 2, header = 30, uid = 77, version = '26010101', total, offset, length, payload }: PageFields) {
  const head = Buffer.alloc(32);
  head[0] = api;
  head[1] = header;
  head.writeUInt16LE(9, 2);
  head.writeUInt32LE(uid, 8);
  head.write(version, 12, 8, 'latin1');
  head.writeUInt32LE(total, 20);
  head.writeUInt32LE(offset, 24);
  head.writeUInt16LE(length ?? payload.length, 28);
  return Buffer.concat([head, payload]).toString('hex');
}

const image = Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 7) % 251));
const part = (offset: number, bytes = 888): PageFields => ({
  total: image.length,
  offset,
  payload: image.subarray(offset, offset + bytes),
});

describe('firmware in pages', () => {
  test('the header is laid out as on the wire of a real upgrade', () => {
    const real = '021e020000000000079a3c5d59594d4d44446e6e48bc0b000000000014050000';
    const ours = page({
      uid: 1_564_252_679,
      version: 'YYMMDDnn',
      total: 769_096,
      offset: 0,
      length: 1300,
      payload: Buffer.alloc(0),
    });
    // The command id is the client's own.
    expect(ours.replace(/^021e0900/, '021e0200')).toBe(real);
  });

  test('after the last page the machine boots the new build, and says so in VERSION and in its record', () => {
    const machine = device('a1066');
    expect(first(machine, 'version', 'VERSION', AT).VERSION).toBe('19101244_fe411a8_71edeca');
    for (const offset of [0, 888, 1776]) {
      expect([offset, set(machine, `upgrade,${page(part(offset))}`, AT)]).toEqual([offset, OK]);
    }
    expect(first(machine, 'version', 'VERSION', AT).VERSION).toBe('19101244_fe411a8_71edeca');
    const later = rebooted(machine, AT);
    const version = String(first(machine, 'version', 'VERSION', later).VERSION);
    expect(version).toMatch(/^26010101_[0-9a-f]{7}_[0-9a-f]{7}$/);
    expect(long(machine, later).Ver).toBe(`1066-${version}`);
  });

  test('without its last page the old build stays, and the transfer begins anew after a reboot', () => {
    const machine = device('a1246');
    set(machine, `upgrade,${page(part(0))}`, AT);
    set(machine, `upgrade,${page(part(888))}`, AT);
    const later = rebooted(machine, AT);
    expect(first(machine, 'version', 'VERSION', later).VERSION).toBe('21042001_4ec6bb0_211fc83');
    expect(set(machine, `upgrade,${page(part(1776))}`, later)).toEqual(
      failed('Err04: offset (6f0) is not expected (0)'),
    );
  });

  test('pages out of order, twice, of a wrong size or of another transfer are refused with their number', () => {
    const machine = device('a1066');
    const upgrade = (fields: PageFields) => set(machine, `upgrade,${page(fields)}`, AT);
    expect(upgrade(part(888))).toEqual(failed('Err04: offset (378) is not expected (0)'));
    expect(upgrade(part(0))).toEqual(OK);
    expect(upgrade(part(0))).toEqual(failed('Err04: offset (0) is not expected (378)'));
    expect(upgrade(part(1776))).toEqual(failed('Err04: offset (6f0) is not expected (378)'));
    expect(upgrade({ ...part(888), uid: 78 })).toEqual(failed('Err04: offset (378) is not expected (0)'));
    expect(upgrade({ ...part(888), length: 800 })).toEqual(failed('Err05: payload length (800) is wrong'));
    expect(upgrade({ ...part(0, 889), uid: 79 })).toEqual(failed('Err05: payload length (889) is wrong'));
    expect(upgrade({ ...part(888), payload: Buffer.alloc(0) })).toEqual(failed('Err05: payload length (0) is wrong'));
    expect(upgrade({ ...part(888), total: 1000 })).toEqual(failed('Err05: payload length (888) is wrong'));
    expect(upgrade({ ...part(888), total: 3000 })).toEqual(failed('Err03: file size (3000) is wrong'));
    expect(upgrade({ ...part(888), total: 0 })).toEqual(failed('Err03: file size (0) is wrong'));
    expect(upgrade({ ...part(888), api: 1 })).toEqual(failed('Err01: api version (1) is not supported'));
    expect(upgrade({ ...part(888), header: 32 })).toEqual(failed('Err02: header length (32) is wrong'));
    expect(upgrade({ ...part(888), version: '2601 101' })).toEqual(failed('Err02: version is wrong'));
    expect(set(machine, 'upgrade,021e', AT)).toEqual(failed('Err02: header is not complete'));
    expect(set(machine, 'upgrade,zz', AT)).toEqual(failed('Err02: header is not complete'));
    // Nothing of that disturbed the transfer.
    expect([upgrade(part(888)), upgrade(part(1776))]).toEqual([OK, OK]);
  });

  test('only machines with an MM3 have it', () => {
    for (const name of ['a1346', 'q', 'nano-3s']) {
      expect(set(device(name), `upgrade,${page(part(0))}`, AT)).toEqual(failed('Unknown option: upgrade'));
    }
  });

  test('whatever comes is taken or refused, and a build is only made by a whole image', () => {
    const intake = new FirmwareIntake();
    const anything = fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.uint8Array({ maxLength: 1000 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      fc
        .tuple(fc.nat(3), fc.nat(2000), fc.nat(900), fc.nat(900))
        .map(([uid, offset, length, size]) => page({ uid, total: 2000, offset, length, payload: Buffer.alloc(size) })),
    );
    fc.assert(
      fc.property(anything, (hex) => {
        const result = intake.receive(hex);
        if (result.kind === 'refused') expect(result.reason).toMatch(/^Err0[1-5]: /);
        else expect(bytesOfHex(hex)).not.toBeNull();
      }),
      { seed: 41, numRuns },
    );
  });

  test('an image in pages of any size makes the same build', () => {
    const build = (bytes: number) => {
      const intake = new FirmwareIntake();
      let last: unknown = null;
      for (let offset = 0; offset < image.length; offset += bytes) last = intake.receive(page(part(offset, bytes)));
      return last;
    };
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 888 }), (bytes) => {
        expect(build(bytes)).toEqual(build(888));
        expect(build(bytes)).toMatchObject({ kind: 'complete', version: '26010101' });
      }),
      { seed: 42, numRuns: Math.min(numRuns, 100) },
    );
  });
});
