import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { page } from './commands-firmware.ts';
import { upgradeFile } from './upgrade-file.ts';

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

describe('a page of firmware', () => {
  // A recorded upload: API 2, command 2, session 1564252679, version YYMMDDnn, 769096 bytes, offset 0, 1300 bytes.
  const of = { apiVersion: 2, version: 'YYMMDDnn', sha256: '5d3c9a07', length: 1300 };
  const payload = new Uint8Array(769_096).fill(0xab);

  test('has the header of a recorded upload', () => {
    const first = page(payload, { ...of, index: 0, offset: 0 });
    expect(hex(first.subarray(0, 32))).toBe('021e020000000000079a3c5d59594d4d44446e6e48bc0b000000000014050000');
    expect(first).toHaveLength(1332);
    expect(first[32]).toBe(0xab);
    const second = page(payload, { ...of, index: 1, offset: 1300 });
    expect(hex(second.subarray(0, 32))).toBe('021e030000000000079a3c5d59594d4d44446e6e48bc0b001405000014050000');
  });

  test('a longer version is cut to eight characters, a shorter one padded in front', () => {
    const at = (version: string) =>
      new TextDecoder().decode(page(payload, { ...of, version, index: 0, offset: 0 }).subarray(12, 20));
    expect(at('21042001_4ec6bb0')).toBe('21042001');
    expect(at('abc')).toBe('00000abc');
  });
});

describe('a firmware file', () => {
  const file = (form: number, parts: readonly (string | number | readonly [string, number])[]): Uint8Array => {
    const pieces: number[] = [];
    const add = (text: string, length: number) => {
      for (let i = 0; i < length; i++) pieces.push(text.charCodeAt(i) || 0);
    };
    const number = (value: number) =>
      pieces.push(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255);
    add('AUP format', 16);
    number(form);
    for (const part of parts) {
      if (typeof part === 'number') number(part);
      else if (typeof part !== 'string') add(...(part as [string, number]));
    }
    return Uint8Array.from(pieces);
  };
  const VERSION = ['21042001_4ec6bb0_211fc83', 64] as const;

  test('of the first form has a version', () => {
    expect(upgradeFile(file(0, [9, VERSION, 1])).header).toEqual({
      length: 92,
      version: VERSION[0],
      hardware: [],
      software: [],
    });
  });

  test('of the second form names its hardware', () => {
    const bytes = file(1, [224, ['MM3v1_X3,MM3v2_X3', 128], 9, VERSION, 1]);
    expect(upgradeFile(bytes).header).toEqual({
      length: 224,
      version: VERSION[0],
      hardware: ['MM3v1_X3', 'MM3v2_X3'],
      software: [],
    });
  });

  test('of the third form names its hardware and its software', () => {
    const bytes = file(2, [9, VERSION, 1, 1, 2, ['MM3v2_X3', 32], ['MM314', 32], ['MM315', 32], 7]);
    expect(upgradeFile(bytes).header).toEqual({
      length: 200,
      version: VERSION[0],
      hardware: ['MM3v2_X3'],
      software: ['MM314', 'MM315'],
    });
  });

  test('any other file has no header, and none breaks the reader', () => {
    expect(upgradeFile(new TextEncoder().encode('not a firmware file')).header).toBeNull();
    expect(upgradeFile(file(2, [9, VERSION, 1, 0xffff, 0xffff])).header).toBeNull();
    const known = file(2, [9, VERSION, 1, 1, 1, ['MM3v2_X3', 32], ['MM314', 32], 7]);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          fc
            .tuple(fc.nat(400), fc.uint8Array({ maxLength: 300 }))
            .map(([cut, tail]) => Uint8Array.from([...known.subarray(0, cut), ...tail])),
        ),
        (bytes) => {
          const { header } = upgradeFile(bytes);
          expect(header === null || header.length <= bytes.length).toBe(true);
        },
      ),
      { seed: 4028, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
