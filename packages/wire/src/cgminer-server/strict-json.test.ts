import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atoi, fixed, format, real } from './c-format.ts';
import { parseStrictObject } from './strict-json.ts';

const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const accepts = (text: string): boolean => parseStrictObject(text) !== null;

describe('JSON as the library inside cgminer takes it', () => {
  test.each(['{}', '{ "a" : 1 }\r\n\t ', '{"a":{"b":[1,{"c":null}]}}', '{"a":-0.0}', '{"a":1e5}', '{"":0}'])(
    'takes %s',
    (text) => {
      expect(accepts(text)).toBe(true);
    },
  );

  test.each([
    '{',
    '{}x',
    '{}\0',
    '{}\v',
    '{}{}',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,}',
    "{'a':1}",
    '{a:1}',
    '{"a":01}',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":1.}',
    '{"a":NaN}',
    '{"a":True}',
    '{"a":truex}',
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":"\\u00"}',
    '{"a":"\\u0000"}',
    '{"a":"\\ud83d"}',
    '{"a":"\\ud83d\\u0041"}',
    '{"a":"\\ude00"}',
    '{"a":1e999}',
    '{"a":9223372036854775808}',
    '{"a":[1 2]}',
    '{"a" 1}',
  ])('refuses %j', (text) => {
    expect(accepts(text)).toBe(false);
  });

  test('broken UTF-8 is refused, overlong forms and surrogates too', () => {
    for (const bytes of ['\xff\xfe', '\xc0\xaf', '\xed\xa0\x80', '\xf4\x90\x80\x80', '\xc3']) {
      expect(accepts(`{"a":"${bytes}"}`)).toBe(false);
    }
    expect(accepts(`{"a":"${latin1('größe 😀')}"}`)).toBe(true);
  });

  test('escapes become the bytes of UTF-8, of duplicate keys the last one counts', () => {
    expect(parseStrictObject('{"a":1,"a":"\\u00e9\\ud83d\\ude00\\n"}')?.get('a')).toBe(latin1('é😀\n'));
  });

  test('integers keep all their digits', () => {
    expect(parseStrictObject('{"a":9223372036854775807}')?.get('a')).toBe(9223372036854775807n);
    expect(parseStrictObject('{"a":-9223372036854775808}')?.get('a')).toBe(-9223372036854775808n);
  });

  test('2048 levels are fine, one more is not', () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(accepts(nested(2047))).toBe(true);
    expect(accepts(nested(2048))).toBe(false);
  });

  test('what JSON.stringify makes of ordinary values is read with the same strings', () => {
    // No NUL (refused) and no lone surrogates (JSON.stringify escapes them, the library refuses them).
    const string = fc.string({ unit: 'binary' }).filter((s) => !s.includes('\0') && s.isWellFormed());
    fc.assert(
      fc.property(fc.dictionary(string, string, { noNullPrototype: true }), (value) => {
        const members = parseStrictObject(latin1(JSON.stringify(value)));
        expect(members?.size).toBe(Object.keys(value).length);
        for (const [key, text] of Object.entries(value)) expect(members?.get(latin1(key))).toBe(latin1(text));
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});

describe('numbers as C reads and prints them', () => {
  test('atoi skips blanks, stops at what is no digit and wraps at 32 bits', () => {
    const read = (text: string) => atoi(text);
    expect(['', 'abc', ' 7x', '-1', '+5', '2.7', '0x10', '4294967296', '2147483648', '99999999999'].map(read)).toEqual([
      0, 0, 7, -1, 5, 2, 0, 0, -2147483648, 1215752191,
    ]);
    expect(atoi('100000000000000000000.000000')).toBe(-1);
    expect(atoi('-100000000000000000000')).toBe(0);
    expect(atoi(`${'0'.repeat(4000)}12`)).toBe(12);
  });

  test('printf rounds exact halves to even and knows no exponents', () => {
    expect(fixed(0.125, 2)).toBe('0.12');
    expect(fixed(0.375, 2)).toBe('0.38');
    expect(fixed(2.5, 0)).toBe('2');
    expect(fixed(-0.125, 2)).toBe('-0.12');
    expect(fixed(1e21, 2)).toBe('1000000000000000000000.00');
    expect(real(1e20)).toBe('100000000000000000000.000000');
    expect(fixed(89_471_664_776_970 + 49 / 64, 8)).toBe('89471664776970.76562500');
  });

  test('a division by zero shows as nan and inf', () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((x) => fixed(x, 2))).toEqual([
      'nan',
      'inf',
      '-inf',
    ]);
  });

  test('a message without its values keeps nothing of their places', () => {
    expect(format('Pool %d:%s 100%%', [3, null])).toBe('Pool 3:(null) 100%');
    expect(format('%s', [])).toBe('');
  });
});
