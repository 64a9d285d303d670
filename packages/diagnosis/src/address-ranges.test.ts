import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressRanges, subnetOf } from './address-ranges.ts';

test.each([
  ['10.0.4.21', '10.0.4.0/24'],
  ['10.0.4.21:4028', '10.0.4.0/24'],
  ['fd00::5', 'fd00:0:0:0::/64'],
  ['[fd00:1:2:3:4::5]:80', 'fd00:1:2:3::/64'],
  ['::ffff:10.0.4.21', '0:0:0:0::/64'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1::/64'],
  ['fe80::1%eth0', null],
  ['miner-7.local', null],
  ['miner-7.local:4028', null],
  ['10.0.4.256', null],
  ['1:2:3', null],
  ['1::2::3', null],
  ['', null],
])('the subnet of %s is %s', (address, subnet) => expect(subnetOf(address)).toBe(subnet));

describe('addresses are said as ranges', () => {
  test.each([
    [
      ['10.0.4.3', '10.0.4.1', '10.0.4.2', '10.0.4.10', '10.0.4.3'],
      ['10.0.4.1-3', '10.0.4.10'],
    ],
    [
      ['10.0.4.9', '10.0.4.10'],
      ['10.0.4.9', '10.0.4.10'],
    ],
    [['10.0.4.254', '10.0.4.255', '10.0.5.0'], ['10.0.4.254-10.0.5.0']],
    [
      ['fd00::a', 'fd00::9', 'fd00::b', '10.0.0.1'],
      ['10.0.0.1', 'fd00::9-fd00::b'],
    ],
    [
      ['b.local', '10.0.0.1', 'a.local', '10.0.0.1:80'],
      ['10.0.0.1', 'b.local', 'a.local', '10.0.0.1:80'],
    ],
    [[], []],
  ])('%j as %j', (addresses, ranges) => expect(addressRanges(addresses)).toEqual(ranges));

  test('and none is lost or added', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(600)), (numbers) => {
        const ranges = addressRanges(numbers.map((number) => `10.0.${number >> 8}.${number & 255}`));
        const counted = ranges.reduce((sum, range) => {
          const [from = '', to = from] = range.split('-');
          const full = to.includes('.') ? to : from.replace(/\d+$/, to);
          const number = (text: string) => Number(text.split('.')[2]) * 256 + Number(text.split('.')[3]);
          return sum + number(full) - number(from) + 1;
        }, 0);
        expect(counted).toBe(numbers.length);
      }),
      { seed: 20_264, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });

  test('whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6())), (texts) => {
        expect(addressRanges(texts).length).toBeLessThanOrEqual(texts.length);
        for (const text of texts) subnetOf(text);
      }),
      { seed: 20_265, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
