import { describe, expect, test } from 'vitest';
import { isSince, releaseIn } from './release.ts';

describe('a release', () => {
  test.each([
    ['2025-08-06-0-3881c51d-25.07-plus', '25.07'],
    ['2022-09-13-0-11012d53-22.08-plus', '22.08'],
    ['2025-06-10-0-aabbccdd-25.05.1-plus', '25.05.1'],
    ['2024-01-01-0-aabbccdd-23.12', '23.12'],
    ['nightly_2025-01-01-0-aabbccdd', null],
    ['2025-08-06', null],
    ['', null],
  ])('is read from %j as %j', (text, release) => {
    expect(releaseIn(text)?.text ?? null).toBe(release);
  });

  test('is older or newer than another by year, month and patch', () => {
    const isNew = (text: string, since: string): boolean => {
      const release = releaseIn(text);
      return release !== null && isSince(release, since);
    };
    expect(isNew('25.05.1', '25.05.1')).toBe(true);
    expect(isNew('25.05', '25.05.1')).toBe(false);
    expect(isNew('26.01', '25.07')).toBe(true);
    expect(isNew('24.09', '24.09')).toBe(true);
    expect(isNew('24.06', '24.09')).toBe(false);
  });
});
