import { expect, test } from 'vitest';
import { efficiencyJTh, hashrateFactor } from './units.ts';

test('a hashrate unit is known in every spelling that machines use', () => {
  for (const unit of ['GH', 'GH/s', 'gh', 'Gh/S', 'GHS', 'GHps', ' GH/s ']) expect(hashrateFactor(unit)).toBe(1e9);
  expect(hashrateFactor('H')).toBe(1);
  expect(hashrateFactor('H/s')).toBe(1);
  expect(hashrateFactor('KH/s')).toBe(1e3);
  expect(hashrateFactor('MH/S')).toBe(1e6);
  expect(hashrateFactor('TH/s')).toBe(1e12);
  expect(hashrateFactor('PH')).toBe(1e15);
});

test('what is no hashrate unit has no factor', () => {
  for (const unit of ['', 'Sol/s', 'kSol', 'XH/s', 'GB/s', 'S', 'constructor']) expect(hashrateFactor(unit)).toBeNull();
});

test('3250 W for 110 TH/s are 29.5 J/TH', () => {
  expect(efficiencyJTh(3250, 110e12)).toBeCloseTo(29.545, 3);
});

test('a machine that does not hash has no efficiency', () => {
  expect(efficiencyJTh(60, 0)).toBeNull();
  expect(efficiencyJTh(null, 110e12)).toBeNull();
  expect(efficiencyJTh(3250, null)).toBeNull();
});
