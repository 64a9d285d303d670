import { describe, expect, test } from 'vitest';
import { agree, type Field, isEmpty, type Value } from './readings.ts';

/* When two clients are taken to say the same. */

const EQUAL: readonly (readonly [Field, Value, Value])[] = [
  ['make', 'AntMiner', 'Bitmain'],
  ['model', 'S19KPro', 'Antminer S19k Pro'],
  ['model', 'Avalon 1246', 'Avalon1246'],
  ['model', 'Gamma', 'Bitaxe Gamma'],
  ['firmware', 'AntMiner Stock', 'stock'],
  ['algorithm', 'SHA256', 'sha256d'],
  ['mac', '02:C0:A2:98:7A:CB', '02:c0:a2:98:7a:cb'],
  ['firmwareVersion', 'Sat Apr  2 15:10:06 CST 2022', '2022-04-02'],
  ['controlBoard', 'Xilinx', 'zynq7007'],
  ['fanRpm', [2759.9999999999995, 2820], [2760, 2820]],
  ['poolLastShareAgeS', [27, null], [28.4, null]],
  ['serial', null, null],
  ['firmware', 'BOS+', 'braiins-os'],
  ['firmware', 'Braiins', 'braiins-os'],
  ['model', 'BMM100', 'Mini Miner BMM 100'],
  ['firmwareVersion', '2024-01-15-0-e8253ec1-23.12.1-plus', '23.12.1'],
  ['controlBoard', 'BeagleBoneBlack', 'AM3_BBB'],
];

const UNEQUAL: readonly (readonly [Field, Value, Value])[] = [
  ['make', 'Canaan', 'Bitmain'],
  ['model', 'S19 Pro', 'Antminer S19j Pro'],
  ['model', 'Gamma', 'Bitaxe GammaTurbo'],
  ['firmware', 'LuxOS', 'stock'],
  ['algorithm', 'Scrypt', 'sha256d'],
  ['firmwareVersion', 'Sat Apr  2 15:10:06 CST 2022', '2022-02-04'],
  ['firmwareVersion', '2024-01-15-0-e8253ec1-23.12.1-plus', '23.12'],
  ['controlBoard', 'AMLogic', 'AM3_BBB'],
  ['hashrateHs', 9.5204e12, 9.5204e9],
  ['hashrateHs', 110.23623e12, 110.23624e12],
  ['boards', 3, null],
  ['boardHs', [1, 2], [1, 2, 3]],
  ['boardHs', [null, 2], [1, 2]],
  ['poolLastShareAgeS', [27], [30]],
  ['mining', true, false],
];

describe('two clients agree', () => {
  test.each(EQUAL)('on %s: %j is %j', (field, a, b) => {
    expect(agree(field, a, b)).toBe(true);
    expect(agree(field, b, a)).toBe(true);
  });

  test.each(UNEQUAL)('not on %s: %j is not %j', (field, a, b) => {
    expect(agree(field, a, b)).toBe(false);
    expect(agree(field, b, a)).toBe(false);
  });

  test('where both are silent: null, nothing, or a list of nothing', () => {
    for (const value of [null, undefined, [], [null, null]]) expect(isEmpty(value)).toBe(true);
    for (const value of [0, false, '', [null, 0]]) expect(isEmpty(value)).toBe(false);
  });
});
