import { describe, expect, test } from 'vitest';
import { json, manyLines, oneLine, wrap } from './plain-text.ts';

describe('text of a device', () => {
  test('as one line has no escape sequence, 8-bit control, line end or change of direction', () => {
    expect(oneLine('pool\u001b]0;x\u0007\r\n\u009b1m\u2028\u202e\u0000')).toBe('pool?]0;x????1m???');
  });

  test('as one line keeps what can be read', () => {
    expect(oneLine('Größe 30 °C, 矿机, 😀')).toBe('Größe 30 °C, 矿机, 😀');
  });

  test('as many lines keeps line ends and tabs', () => {
    expect(manyLines('a\r\n\tb\rc\u001b[1m')).toBe('a\n\tb?c?[1m');
  });

  test('as JSON is the same document with those characters escaped', () => {
    const value = { url: 'a\u009b31m\u202e\u{e0001}', list: [1, 'ü'] };
    expect(json(value)).toBe('{"url":"a\\u009b31m\\u202e\\udb40\\udc01","list":[1,"ü"]}');
    expect(JSON.parse(json(value, 2))).toEqual(value);
  });

  test('is wrapped at blanks within 80 columns, behind its label', () => {
    const lines = wrap(`${'word '.repeat(30)}end`, '  label  ', '         ').split('\n');
    expect(lines).toEqual([
      `  label  ${'word '.repeat(14).trim()}`,
      `         ${'word '.repeat(14).trim()}`,
      '         word word end',
      '',
    ]);
  });

  test('with a word that is longer than the line keeps the word', () => {
    expect(wrap(`a ${'x'.repeat(90)} b`, '> ')).toBe(`> a\n> ${'x'.repeat(90)}\n> b\n`);
  });
});
