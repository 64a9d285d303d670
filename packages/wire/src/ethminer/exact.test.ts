import { expect, test } from 'vitest';
import { hex64, quoteLongIntegers, uint64 } from './exact.ts';

const quoted = (text: string) => new TextDecoder().decode(quoteLongIntegers(new TextEncoder().encode(text)));

test.each([
  // The nonces of the document's own example.
  ['{"noncescrambler":16704043538687679721}', '{"noncescrambler":"16704043538687679721"}'],
  ['[6636918940706763208,6636920040218390984]', '["6636918940706763208","6636920040218390984"]'],
  // 2^53 - 1 is still exact, 2^53 is the first that need not be.
  ['[9007199254740991,9007199254740992]', '[9007199254740991,"9007199254740992"]'],
  ['{"a":-16704043538687679721}', '{"a":"-16704043538687679721"}'],
  ['[18446744073709551616000]', '["18446744073709551616000"]'],
  // Fractions are no nonces.
  ['[3999938964.0,1.8446744073709552e+19,12345678901234567.5]', null],
  // Digits within a text stay.
  ['{"uri":"x\\"16704043538687679721","16704043538687679721":1}', null],
  ['{"a":"16704043538687679721', null],
  ['', null],
])('of %s only the whole numbers beyond 2^53 become texts', (text, wanted) => {
  expect(quoted(text)).toBe(wanted ?? text);
});

test.each([
  [16704043538687679721n, '16704043538687679721'],
  [16704043538687679721n, '0xe7d0af18bc235ce9'],
  [0xffffffffffffffffn, '0xffffffffffffffff'],
  [0xffffffffffffffffn, '18446744073709551615'],
  [22988712n, '0x015ec7a8'],
  [0n, '0x0000000000000000'],
  [12n, 12],
  [7n, 7n],
])('%s is read from %s', (wanted, value) => {
  expect(uint64(value)).toBe(wanted);
});

test.each([
  '0x',
  '0xzz',
  '0x10zz',
  '0x1ffffffffffffffff',
  '18446744073709551616',
  '-1',
  ' 5',
  '',
  '1.5',
  -1,
  1.5,
  2 ** 53,
  Number.NaN,
  true,
  null,
  undefined,
  {},
  -1n,
  1n << 64n,
])('%s is no number of 64 bits', (value) => {
  expect(uint64(value)).toBeNull();
});

test('a nonce is printed with sixteen digits', () => {
  expect(hex64(0x47ef16f9061e5b4n)).toBe('0x047ef16f9061e5b4');
});
