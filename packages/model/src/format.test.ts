import { describe, expect, test } from 'vitest';
import {
  formatAge,
  formatCount,
  formatDuration,
  formatEfficiency,
  formatHashrate,
  formatPower,
  formatQuantity,
  formatTemp,
  machineName,
} from './format.ts';

test.each([
  [110.6e12, '110.6 TH/s'],
  [13.44e12, '13.4 TH/s'],
  [1.234e12, '1.23 TH/s'],
  [9.996e12, '10.0 TH/s'],
  [999.96e12, '1.00 PH/s'],
  [999.94e12, '999.9 TH/s'],
  [9.5e9, '9.50 GH/s'],
  [523.4e6, '523.4 MH/s'],
  [1500, '1.50 kH/s'],
  [7, '7.00 H/s'],
  [2.5e18, '2.50 EH/s'],
  [0, '0 H/s'],
])('a hashrate of %d H/s is said as %s', (hs, text) => {
  expect(formatHashrate(hs)).toBe(text);
});

test.each([
  [3250, '3.25 kW'],
  [13_400, '13.4 kW'],
  [1_250_000, '1.25 MW'],
  [850.4, '850 W'],
  [999.7, '1.00 kW'],
  [14.63, '14.6 W'],
  [0, '0 W'],
])('a power of %d W is said as %s', (w, text) => {
  expect(formatPower(w)).toBe(text);
});

test('temperatures keep a decimal only where there is one', () => {
  expect(formatTemp(64)).toBe('64 °C');
  expect(formatTemp(64.53)).toBe('64.5 °C');
  expect(formatTemp(-3)).toBe('-3 °C');
  expect(formatTemp(0)).toBe('0 °C');
});

test('efficiency has one decimal', () => {
  expect(formatEfficiency(29.545)).toBe('29.5 J/TH');
  expect(formatEfficiency(17)).toBe('17.0 J/TH');
});

test.each([
  [50_460, '14 h 1 min'],
  [50_400, '14 h'],
  [273_600, '3 d 4 h'],
  [259_201, '3 d'],
  [312, '5 min 12 s'],
  [45.9, '45 s'],
  [0, '0 s'],
])('%d s are said as %s', (s, text) => {
  expect(formatDuration(s)).toBe(text);
});

test.each([
  [-200, '< 1 s'],
  [0, '< 1 s'],
  [999, '< 1 s'],
  [3_400, '3 s'],
  [59_999, '59 s'],
  [300_000, '5 min'],
  [7_199_000, '1 h'],
  [800_000_000, '9 d'],
])('an age of %d ms is said as %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});

test.each([
  [12.9e9, '12.9 G'],
  [524_288, '524.3 k'],
  [65_536, '65.5 k'],
  [847, '847'],
  [0.5, '0.5'],
  [0, '0'],
  [999.96, '1.0 k'],
  [1.2e15, '1.2 P'],
])('a difficulty of %d is said as %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

describe('what is not known', () => {
  test.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])('%s is an en dash, never a zero', (value) => {
    for (const format of [
      formatHashrate,
      formatPower,
      formatTemp,
      formatDuration,
      formatAge,
      formatEfficiency,
      formatCount,
    ]) {
      expect(format(value)).toBe('–');
    }
    expect(formatQuantity(value, 'rpm')).toBe('–');
  });

  test('an uptime below zero is not known', () => {
    expect(formatDuration(-1)).toBe('–');
  });
});

test('a quantity is said by its unit', () => {
  expect(formatQuantity(110.6e12, 'H/s')).toBe('110.6 TH/s');
  expect(formatQuantity(3250, 'W')).toBe('3.25 kW');
  expect(formatQuantity(29.545, 'J/TH')).toBe('29.5 J/TH');
  expect(formatQuantity(64.53, '°C')).toBe('64.5 °C');
  expect(formatQuantity(50_460, 's')).toBe('14 h 1 min');
  expect(formatQuantity(12.9e9, 'difficulty')).toBe('12.9 G');
  expect(formatQuantity(13.456, 'V')).toBe('13.46 V');
  expect(formatQuantity(5880, 'rpm')).toBe('5880 rpm');
  expect(formatQuantity(545.25, 'MHz')).toBe('545.3 MHz');
  expect(formatQuantity(100, '%')).toBe('100 %');
  expect(formatQuantity(123_456, 'count')).toBe('123456');
  expect(formatQuantity(2, null)).toBe('2');
  expect(formatQuantity(1_700_000_000_000, 'epoch ms')).toBe('2023-11-14T22:13:20.000Z');
  expect(formatQuantity(1e17, 'epoch ms')).toBe('–');
});

test.each([
  ['Bitmain', 'Antminer S9', 'Bitmain Antminer S9'],
  ['Bitaxe', 'Bitaxe Hex', 'Bitaxe Hex'],
  [null, 'ASIC', 'ASIC'],
  ['Canaan', null, 'Canaan'],
  [null, null, null],
])('%j and %j are called %j', (make, model, name) => expect(machineName(make, model)).toBe(name));
