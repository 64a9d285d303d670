import { describe, expect, test } from 'vitest';
import { Fields, toNumber } from './index.ts';

describe('a number from a device', () => {
  test('may be a number or a string, with blanks and thousands separators', () => {
    for (const [sent, value] of [
      [15679.6, 15679.6],
      ['15679.6', 15679.6],
      ['  5.0000', 5],
      ['18,500.5', 18500.5],
      ['1,234,567', 1234567],
      ['-12', -12],
      ['+3', 3],
      ['.5', 0.5],
      ['5.', 5],
      ['0E-8', 0],
      ['1e3', 1000],
      [0, 0],
    ] as const) {
      expect(toNumber(sent), String(sent)).toBe(value);
    }
  });

  test('is null when it is none', () => {
    const none = [
      '',
      '  ',
      'inf',
      'nan',
      '-nan',
      'Infinity',
      '0x10',
      '12 W',
      '73,5',
      '1,2345',
      'abc',
      '.',
      '-',
      '1e',
      'e5',
    ];
    for (const sent of [...none, Number.NaN, Number.POSITIVE_INFINITY, true, null, undefined, [1], { a: 1 }, '1e999']) {
      expect(toNumber(sent), String(sent)).toBe(null);
    }
  });

  test('comes in the unit that is asked for', () => {
    expect(toNumber('95.5', 1e9)).toBe(95.5e9);
    expect(toNumber('', 1e9)).toBe(null);
    expect(toNumber(1.7e308, 1e6)).toBe(null);
  });
});

describe('a record', () => {
  const record = new Fields({
    rate: '110.5',
    count: '5.0000',
    zero: 0,
    empty: '',
    name: ' S19 ',
    version: 3.7,
    on: 'Y',
    off: 'N',
    no: 'false',
    yes: true,
    one: 1,
    null: null,
    board: { temp: 61 },
    list: [1, 2],
  });

  test('gives numbers, whole numbers, text and truth values by name', () => {
    expect(record.num('rate')).toBe(110.5);
    expect(record.num('rate', 1e9)).toBe(110.5e9);
    expect(record.num('zero')).toBe(0);
    expect(record.int('count')).toBe(5);
    expect(record.int('rate')).toBe(110);
    expect(record.str('name')).toBe(' S19 ');
    expect(record.str('version')).toBe('3.7');
    expect(record.str('yes')).toBe('true');
    expect(['on', 'yes', 'one'].map((name) => record.bool(name))).toEqual([true, true, true]);
    expect(['off', 'no', 'zero'].map((name) => record.bool(name))).toEqual([false, false, false]);
  });

  test('gives null for what is not there or is something else', () => {
    for (const name of ['missing', 'empty', 'null', 'board', 'list']) {
      expect([record.num(name), record.int(name), record.str(name), record.bool(name)], name).toEqual(
        Array(4).fill(null),
      );
    }
    expect(record.bool('name')).toBe(null);
    expect(record.bool('rate')).toBe(null);
  });

  test('tells a field that is null from one that is not there', () => {
    expect(record.has('null')).toBe(true);
    expect(record.raw('null')).toBe(null);
    expect(record.has('missing')).toBe(false);
    expect(record.raw('missing')).toBe(undefined);
  });

  test('gives nested records and lists', () => {
    expect(record.sub('board').num('temp')).toBe(61);
    expect(record.sub('missing').keys()).toEqual([]);
    expect(record.list('list')).toEqual([1, 2]);
    expect(record.list('board')).toEqual([]);
  });

  test('has the names of the device only, never those of a prototype', () => {
    expect(record.has('constructor')).toBe(false);
    expect(record.raw('toString')).toBe(undefined);
    expect(new Fields(JSON.parse('{"__proto__":{"a":1}}')).num('a')).toBe(null);
    expect(record.keys().length).toBe(14);
  });

  test('is empty for anything that is no record', () => {
    for (const sent of [null, undefined, 5, 'text', [1, 2], true]) expect(new Fields(sent).keys()).toEqual([]);
  });
});
