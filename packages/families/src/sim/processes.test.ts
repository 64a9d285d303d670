import { describe, expect, test } from 'vitest';
import { poisson, streamKey, uniform } from './counter-random.ts';
import { bestDifficulty, brownian, poissonCount, poissonPlace } from './processes.ts';

const keys = Array.from({ length: 400 }, (_, i) => streamKey(i, 'test'));
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: readonly number[]) => mean(values.map((v) => (v - mean(values)) ** 2));

describe('random numbers by counter', () => {
  test('an even draw covers 0 to 1 evenly and does not depend on what was drawn before', () => {
    const drawn = Array.from({ length: 5000 }, (_, i) => uniform(keys[0]!, i));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(Math.abs(mean(drawn) - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(variance(drawn) - 1 / 12)).toBeLessThan(0.005);
    expect(uniform(keys[0]!, 4711)).toBe(drawn[4711]);
  });

  test('streams of one seed differ, and a name is not the number of its letter', () => {
    expect(new Set(keys).size).toBe(keys.length);
    expect(streamKey(1, 'a')).not.toBe(streamKey(1, 97));
    expect(streamKey(1, 'ab', 'c')).not.toBe(streamKey(1, 'a', 'bc'));
  });

  test.each([0.1, 3, 39, 200])('Poisson counts of mean %d have that mean and that variance', (lambda) => {
    const drawn = Array.from({ length: 4000 }, (_, i) => poisson(keys[1]!, i, lambda));
    expect(Math.abs(mean(drawn) - lambda)).toBeLessThan(0.1 * lambda);
    expect(Math.abs(variance(drawn) - lambda)).toBeLessThan(0.15 * lambda);
  });
});

describe('a Poisson process that can be asked anywhere', () => {
  test('counts have mean and variance of their place', () => {
    for (const place of [0.5, 7.3, 130]) {
      const counts = keys.map((key) => poissonCount(key, place));
      expect(Math.abs(mean(counts) - place)).toBeLessThan(4 * Math.sqrt(place / keys.length));
      expect(Math.abs(variance(counts) - place)).toBeLessThan(0.3 * place);
    }
  });

  test('the count never falls, and the n-th event lies where the count becomes n', () => {
    for (const key of keys.slice(0, 20)) {
      let before = 0;
      for (let place = 0; place < 60; place += 0.37) {
        const count = poissonCount(key, place);
        expect(count).toBeGreaterThanOrEqual(before);
        before = count;
      }
      for (let nth = 1; nth <= before; nth++) {
        const at = poissonPlace(key, nth);
        expect(poissonCount(key, at)).toBeGreaterThanOrEqual(nth);
        expect(poissonCount(key, at - 1e-6)).toBeLessThan(nth);
      }
    }
  });

  test('a place after years is answered as well', () => {
    expect(Math.abs(poissonCount(keys[3]!, 1e9) / 1e9 - 1)).toBeLessThan(1e-3);
  });
});

describe('Brownian motion that can be asked anywhere', () => {
  test('whole steps are even draws of standard deviation 1, whichever way the axis is cut', () => {
    const steps = Array.from({ length: 3000 }, (_, i) => brownian(keys[5]!, i + 1) - brownian(keys[5]!, i));
    expect(Math.abs(mean(steps))).toBeLessThan(0.08);
    expect(Math.abs(variance(steps) - 1)).toBeLessThan(0.1);
  });

  test('between whole steps it is straight', () => {
    const [a, b] = [brownian(keys[6]!, 100), brownian(keys[6]!, 101)];
    expect(brownian(keys[6]!, 100.25)).toBeCloseTo(a + (b - a) / 4, 9);
  });

  test('after n steps it is some square root of n away', () => {
    expect(Math.abs(variance(keys.map((key) => brownian(key, 1000))) / 1000 - 1)).toBeLessThan(0.3);
  });
});

describe('the best share', () => {
  test('never falls with more work and has the median that chance gives it', () => {
    for (const key of keys.slice(0, 20)) {
      let before = 0;
      for (let work = 0; work < 3000; work += 37) {
        const best = bestDifficulty(key, work);
        expect(best).toBeGreaterThanOrEqual(before);
        before = best;
      }
    }
    // No hash of difficulty d in w units of work has the chance exp(-w/d): one half at d = w / ln 2.
    const median = keys.map((key) => bestDifficulty(key, 512)).sort((a, b) => a - b)[200]!;
    expect(median).toBeGreaterThan(512);
    expect(median).toBeLessThan(1100);
  });
});
