import { describe, expect, test } from 'vitest';
import { Real, readJson } from './sim-json-reader.ts';
import { type Printed, printJson } from './sim-json-writer.ts';

const value = (text: string): unknown => {
  const read = readJson(text);
  return read.kind === 'value' ? plain(read.value) : read;
};
const plain = (of: unknown): unknown => {
  if (of instanceof Map) return Object.fromEntries([...of].map(([key, item]) => [key, plain(item)]));
  return Array.isArray(of) ? of.map(plain) : of;
};

describe('the reader of requests', () => {
  test.each([
    ['{"a":1,"a":2}', { a: 2n }],
    ['/* c */ [1, // x\r2]', [1n, 2n]],
    ['{"":1,}', { '': 1n }],
    ['[] anything', []],
    ['007', 7n],
    ['-', 0n],
    ['-9223372036854775808', -(2n ** 63n)],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['18446744073709551616', new Real(2 ** 64)],
    ['1e3', new Real(1000)],
    ['1.', new Real(1)],
    ['"a\u0001\\/\\u00e9"', 'a\u0001/\xc3\xa9'],
    ['"\\ud83d\\ude00"', '\xf0\x9f\x98\x80'],
    ['"\\udc00"', '\xed\xb0\x80'],
    ['null\0', null],
  ])('takes %s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  test.each([
    ['[1,]', '* Line 1, Column 4   Syntax error: value, object or array expected. '],
    ['{"a" 1}', "* Line 1, Column 6   Missing ':' after object member name "],
    ['{"a":1 "b":2}', "* Line 1, Column 8   Missing ',' or '}' in object declaration "],
    ['[1 2]', "* Line 1, Column 4   Missing ',' or ']' in array declaration "],
    ['{"a":1,}', "* Line 1, Column 8   Missing '}' or object member name "],
    ['[\r 1e]', "* Line 2, Column 2   '1e' is not a number. "],
    [
      '"\\u12"',
      '* Line 1, Column 1   Bad unicode escape sequence in string: four digits expected. See Line 1, Column 4 for detail. ',
    ],
    ['"abc', '* Line 1, Column 1   Syntax error: value, object or array expected. '],
    ['tru', '* Line 1, Column 1   Syntax error: value, object or array expected. '],
    ['', '* Line 1, Column 1   Syntax error: value, object or array expected. '],
  ])('refuses %s', (text, error) => {
    expect(readJson(text)).toEqual({ kind: 'error', text: error });
  });

  test('does not survive more than a thousand values in each other', () => {
    expect(readJson(`${'['.repeat(1000)}${']'.repeat(1000)}`).kind).toBe('value');
    expect(readJson('['.repeat(1001))).toEqual({ kind: 'fatal' });
  });
});

describe('the writer of replies', () => {
  test.each<[Printed, string]>([
    [{ b: 1, a: null, _c: true }, '{"_c":true,"a":null,"b":1}'],
    [new Real(0), '0.0'],
    [new Real(4294967296), '4294967296.0'],
    [new Real(118.213), '118.21299999999999'],
    [new Real(0.1), '0.10000000000000001'],
    [new Real(1e22), '1e+22'],
    [18446744073709551615n, '18446744073709551615'],
    ['a"\\\n\u0001\x7f', '"a\\"\\\\\\n\\u0001\x7f"'],
    ['\xc3\xb6\xe2\x98\x83\xf0\x9f\x98\x80', '"\\u00f6\\u2603\\ud83d\\ude00"'],
    ['\xff\xfe', '"\\ufffd\\ufffd"'],
    ['\xc0\x80\xed\xa0\x80\xe2', '"\\ufffd\\ufffd\\ufffd"'],
  ])('prints no. %#', (what, text) => {
    expect(printJson(what)).toBe(text);
  });
});
