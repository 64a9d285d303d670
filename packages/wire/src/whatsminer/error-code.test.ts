import { FINDINGS } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLenient } from '../json/index.ts';
import { CHIP_ERRORS, CODE_GROUPS, ERROR_CODES, errorCodeMeaning, errorCodesIn } from './index.ts';

const RUNS = { seed: 20261204, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

describe('error codes', () => {
  test('each has a meaning, a remedy and a finding of ours', () => {
    for (const { meaning, remedy, finding } of [
      ...ERROR_CODES.values(),
      ...CHIP_ERRORS.values(),
      ...CODE_GROUPS.map(([, entry]) => entry),
    ]) {
      expect(FINDINGS).toHaveProperty([finding]);
      expect(meaning).toMatch(/^\S.*[^.]$/);
      expect(remedy).toMatch(/^[A-Z].*\.$/);
    }
  });

  test.each([
    ['110', 'fan.fault', null, null],
    ['201', 'psu.fault', null, null],
    ['206', 'psu.fault', null, null],
    ['301', 'temperature.fault', 1, null],
    ['329', 'temperature.fault', null, null],
    ['352', 'hashboard.temperature-high', 2, null],
    ['412', 'device.fault', 2, null],
    ['531', 'hashboard.missing', 1, null],
    ['600', 'temperature.fault', null, null],
    ['710', 'device.fault', null, null],
    ['801', 'firmware.fault', null, null],
    ['2010', 'pool.dead', null, null],
    ['2021', 'network.fault', 1, null],
    ['2030', 'pool.rejecting', null, null],
    ['2310', 'hashrate.fault', null, null],
    ['5070', 'temperature.fault', 0, null],
    ['5112', 'hashrate.fault', 2, null],
    ['5203', 'device.fault', 0, 3],
    ['522103', 'device.fault', 2, 103],
    ['541007', 'chip.temperature-high', 1, 7],
    ['8520', 'hashrate.fault', null, null],
    ['100001', 'firmware.fault', null, null],
  ])('%s is %s', (code, finding, slot, chip) => {
    expect(errorCodeMeaning(code)).toMatchObject({ finding, slot, chip, groupOnly: false });
  });

  test.each([
    ['199', 'fan.fault'],
    ['299', 'psu.fault'],
    ['2399', 'hashrate.fault'],
    ['8999', 'firmware.fault'],
    ['100999', 'firmware.fault'],
  ])('%s is not listed, and its beginning says what it is about', (code, finding) => {
    expect(errorCodeMeaning(code)).toMatchObject({ finding, groupOnly: true });
  });

  test.each(['', '7', '999', '31337', '1234567', 'abc', '-1'])('nothing is known of %j', (code) => {
    expect(errorCodeMeaning(code)).toBeNull();
  });
});

describe('the list of error codes', () => {
  const none = { reason: null };

  test('is read in the form of the manual, which is no JSON', () => {
    const { value } = parseLenient('{"Msg":{"error_code":["329":"2022-01-17 11:28:11"]}}');
    expect(errorCodesIn((value as { Msg: { error_code: unknown } }).Msg.error_code)).toEqual([
      { code: '329', time: '2022-01-17 11:28:11', ...none },
    ]);
  });

  test('is read as objects with one key each', () => {
    expect(errorCodesIn([{ 329: '2022-01-17 11:28:11' }, { 2010: '' }])).toEqual([
      { code: '329', time: '2022-01-17 11:28:11', ...none },
      { code: '2010', time: null, ...none },
    ]);
  });

  test('is read with the reason that port 4433 gives', () => {
    expect(errorCodesIn([{ 531: '2025-03-12 14:52:35', reason: 'Slot1 not found.' }])).toEqual([
      { code: '531', time: '2025-03-12 14:52:35', reason: 'Slot1 not found.' },
    ]);
  });

  test.each([[[]], [{}], [null], [undefined], ['']])('of a clean machine is empty: %j', (value) => {
    expect(errorCodesIn(value)).toEqual([]);
  });

  test('of bare codes is read', () => {
    expect(errorCodesIn([110, '206'])).toEqual([
      { code: '110', time: null, ...none },
      { code: '206', time: null, ...none },
    ]);
  });

  test('without end is cut', () => {
    expect(errorCodesIn(Array.from({ length: 9999 }, (_, i) => i))).toHaveLength(256);
  });

  test('of anything reads without a mistake', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const { code } of errorCodesIn(value)) errorCodeMeaning(code);
      }),
      RUNS,
    );
  });
});
