import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress, parseAddress } from './address.ts';

const runs = { seed: 20_261_120, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

describe('an address is read', () => {
  test.each([
    ['10.0.0.5', '10.0.0.5', null],
    [' 10.0.0.5:4028 ', '10.0.0.5', 4028],
    ['fd00::5', 'fd00::5', null],
    ['FD00::5', 'fd00::5', null],
    ['[fd00::5]', 'fd00::5', null],
    ['[fd00::5]:80', 'fd00::5', 80],
    ['fe80::1%eth0', 'fe80::1%eth0', null],
    ['miner-7.local', 'miner-7.local', null],
    ['Miner_7:8080', 'miner_7', 8080],
    ['s19', 's19', null],
  ])('%j', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port });
  });
});

describe('a mistake is one sentence that says what is allowed', () => {
  test.each([
    ['', 'An address is missing'],
    ['10.0.0.256', '"10.0.0.256" is not an address'],
    ['10.0.0', '"10.0.0" is not an address'],
    ['10.0.0.5:0', 'is not a number from 1 to 65535'],
    ['10.0.0.5:70000', 'is not a number from 1 to 65535'],
    ['10.0.0.5:http', 'is not a number from 1 to 65535'],
    ['fd00::5:zz', 'is not an IPv6 address; with a port it is written [fd00::5]:4028'],
    ['[10.0.0.5]:80', 'has no IPv6 address between its brackets'],
    ['http://10.0.0.5/', 'is a URL; give the address alone'],
    ['two words', 'is not an address'],
    ['-miner', 'is not an address'],
    [`${'a'.repeat(64)}.local`, 'is not an address'],
  ])('%j', (text, sentence) => {
    expect(() => parseAddress(text)).toThrow(
      expect.objectContaining({ code: 'usage/invalid', message: expect.stringContaining(sentence) }),
    );
  });

  test('whatever is typed, it is an address or a usage error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.domain()), (text) => {
        try {
          const { host, port } = parseAddress(text);
          expect(parseAddress(formatAddress(host, port))).toEqual({ host, port });
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage/invalid' });
        }
      }),
      runs,
    );
  });
});

test('an IPv6 address with a port gets its brackets back', () => {
  expect(formatAddress('fd00::5', 80)).toBe('[fd00::5]:80');
  expect(formatAddress('fd00::5', null)).toBe('fd00::5');
  expect(formatAddress('10.0.0.5', 80)).toBe('10.0.0.5:80');
});
