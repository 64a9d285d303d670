import type { HeadframeError } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseProfile, type Profile, profilesIn, selectorFrom } from './profiles.ts';

const profile = (name: string, step: number, hashrateThs: number, powerW: number): Profile => ({
  name,
  step,
  hashrateThs,
  powerW,
  hasOverrides: false,
});
const LIST = [profile('290MHz', -1, 59.8, 1188), profile('default', 0, 65.0, 1299), profile('340MHz', 1, 70.2, 1414)];

describe('a profile of a LuxOS machine is chosen', () => {
  test.each([
    ['340MHz', ['340MHz']],
    ['default', ['default']],
    ['59.8THs', ['290MHz']],
    ['65THs', ['default']],
    ['1414W', ['340MHz']],
    ['1.19kW', ['290MHz']],
    ['1.3kW', ['default']],
    ['+1', ['340MHz']],
    ['-1', ['290MHz']],
  ])('by %s', (given, names) => {
    expect(chooseProfile(given, LIST).names).toEqual(names);
  });

  test('by a value that none has: it is one of the two around it, and that is said', () => {
    const choice = chooseProfile('1350W', LIST);
    expect(choice.names).toEqual(['default', '340MHz']);
    expect(choice.note).toMatch(/No profile is exactly 1350W; how LuxOS rounds is not known.*1299 W.*1414 W/);
    expect(chooseProfile('9000W', LIST).names).toEqual(['340MHz']);
  });

  test.each(['640MHz', '+2', '-9', '0THs x', '1414 W', '+1W', ''])('never by %j, which it does not have', (given) => {
    expect(() => chooseProfile(given, LIST)).toThrow(/290MHz, default, 340MHz.*nothing was sent/);
  });

  test.each(['0', '3'])('never by %j, which the firmware reads as a board', (given) => {
    expect(() => chooseProfile(given, [...LIST, profile(given, 2, 80, 1600)])).toThrow(/number of a board/);
  });
});

test('a list of profiles is read whatever is in it', () => {
  const doc = { PROFILES: [{ 'Profile Name': 'a', Step: '-12', Hashrate: '59.8', Watts: 1188 }, { Step: 1 }, null, 5] };
  expect(profilesIn(doc)).toEqual([{ name: 'a', step: -12, hashrateThs: 59.8, powerW: 1188, hasOverrides: null }]);
});

test('whatever a person gives, there is a choice or a sentence', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[+-]?\d{0,4}(\.\d{0,3})?(THs|kW|W)?$/)), (given) => {
      selectorFrom(given);
      try {
        expect(chooseProfile(given, LIST).names.length).toBeGreaterThan(0);
      } catch (thrown) {
        expect((thrown as HeadframeError).code).toBe('usage/invalid');
      }
    }),
    { seed: 8, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
