import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countOf, hashrateOf, timeOf } from './pool-values.ts';

describe('a hashrate of a pool', () => {
  test.each([
    ['832G', undefined, 832_000_000_000],
    ['85.4T', undefined, 85_400_000_000_000],
    ['44.4K', undefined, 44_400],
    ['1.2E', undefined, 1_200_000_000_000_000_000],
    ['1.5 TH/s', undefined, 1_500_000_000_000],
    ['0', undefined, 0],
    [103_000, 'Gh/s', 103_000_000_000_000],
    ['101.2', 'TH/s', 101_200_000_000_000],
    [2, 'Eh/s', 2_000_000_000_000_000_000],
    ['2000000000000', undefined, 2_000_000_000_000],
    [-1, 'Gh/s', null],
    [5, 'Sol/s', null],
    ['none', undefined, null],
    ['', undefined, null],
    [null, undefined, null],
    [{}, undefined, null],
    [Number.POSITIVE_INFINITY, undefined, null],
  ])('%j in %s is %s H/s', (value, unit, hs) => {
    expect(hashrateOf(value, unit)).toBe(hs);
  });
});

describe('a time of a pool', () => {
  const AT = Date.UTC(2025, 6, 8, 8, 8, 1);
  test.each([
    [1_751_962_081, { at: AT }],
    ['1751962081', { at: AT }],
    [1_751_962_081_000, { at: AT }],
    ['2025-07-08T08:08:01Z', { at: AT }],
    ['2025-07-08T08:08:01.000Z', { at: AT }],
    ['2025-07-08 08:08:01', { at: AT }],
    ['2025-07-08T08:08:01', { at: AT }],
    ['2025-07-08T10:08:01+02:00', { at: AT }],
    ['2018-06-19T10:02:19.810789Z', { at: Date.UTC(2018, 5, 19, 10, 2, 19, 810) }],
    [0, 'never'],
    ['0', 'never'],
    [-1, 'never'],
    ['0001-01-01T00:00:00Z', 'never'],
    [null, 'missing'],
    [undefined, 'missing'],
    ['', 'missing'],
    [5, 'unreadable'],
    [1e300, 'unreadable'],
    [9_999_999_999, 'unreadable'],
    ['2025-13-45T99:99:99Z', 'unreadable'],
    ['yesterday', 'unreadable'],
    [true, 'unreadable'],
    [[1_751_962_081], 'unreadable'],
  ])('%j', (value, expected) => {
    expect(timeOf(value)).toEqual(expected);
  });
});

test('no value of a pool makes its numbers anything but numbers', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.double(), fc.string()), fc.string({ maxLength: 8 }), (value, unit) => {
      for (const number of [hashrateOf(value, unit), countOf(value)]) {
        expect(number === null || (Number.isFinite(number) && number >= 0)).toBe(true);
      }
      const time = timeOf(value);
      expect(typeof time === 'string' || time.at > Date.UTC(2008, 11, 31)).toBe(true);
    }),
    { seed: 8, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
