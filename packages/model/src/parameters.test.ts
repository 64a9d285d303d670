import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { action, readParameters } from './control.ts';
import { choice, file, flag, integer, number, optional, pool, pools, secret, text } from './parameters.ts';

const source = 'a document';

describe('numbers', () => {
  const fan = integer({ about: 'speed', unit: '%', min: 0, max: 100, source });

  test.each([
    [60, 60],
    ['60', 60],
    ['60%', 60],
    [' 60 % ', 60],
    [0, 0],
    [100, 100],
  ])('%j is %j percent', (given, read) => expect(fan.read(given)).toBe(read));

  test.each([
    101,
    -1,
    60.5,
    '130%',
    '60 W',
    '6e1',
    '',
    'sixty',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    [60],
    '0x10',
  ])('%j is no percentage', (given) => expect(fan.read(given)).toBeUndefined());

  test('a range is told with its unit', () => {
    expect(fan.takes).toBe('0 to 100 %');
    expect(number({ about: 'voltage', unit: 'V', min: 11.5, max: 15, source }).takes).toBe('a number of 11.5 to 15 V');
    expect(integer({ about: 'power', unit: 'W', min: 500, max: 12_000, source }).takes).toBe('500 to 12,000 W');
  });
});

describe('words', () => {
  test('a choice is read in any case and given back as it is written', () => {
    const mode = choice(['eco', 'Normal'], { about: 'mode', source });
    expect(mode.read('ECO')).toBe('eco');
    expect(mode.read('normal')).toBe('Normal');
    expect(mode.read('turbo')).toBeUndefined();
    expect(mode.takes).toBe('eco or Normal');
  });

  test.each([
    ['on', true],
    ['No', false],
    [true, true],
    ['0', false],
  ])('%j is the flag %j', (given, read) => expect(flag({ about: 'light', source }).read(given)).toBe(read));

  test('a text has no control characters and fits into its field, counted in bytes', () => {
    const name = text({ about: 'name', most: 4, source });
    expect(name.read('äb')).toBe('äb');
    expect(name.read('äää')).toBeUndefined();
    expect(name.read('a\nb')).toBeUndefined();
    expect(name.read('')).toBeUndefined();
  });
});

describe('pools', () => {
  const one = pool({ source, most: 255 });

  test('a pool is read from its three parts, the password x when it is left out', () => {
    expect(one.read('stratum+tcp://a.example:3333,acct.rig')).toEqual({
      url: 'stratum+tcp://a.example:3333',
      worker: 'acct.rig',
      password: 'x',
    });
    expect(one.read('stratum+ssl://a.example:443,acct.rig,a,b')).toMatchObject({ password: 'a,b' });
  });

  test.each([
    'a.example:3333,w',
    'stratum+tcp://a b:1,w',
    'stratum+tcp://a:1',
    ',w',
    {},
    null,
    'stratum+tcp://a:1,w\n',
  ])('%j is no pool', (given) => expect(one.read(given)).toBeUndefined());

  test('a list has at least one and no more than its slots', () => {
    const list = pools({ source, most: 255, slots: 2 });
    expect(list.read(['stratum+tcp://a:1,w', 'stratum+tcp://b:1,w'])).toHaveLength(2);
    expect(list.read([])).toBeUndefined();
    expect(list.read(Array(3).fill('stratum+tcp://a:1,w'))).toBeUndefined();
  });
});

describe('the parameters of an action', () => {
  const setFan = action(
    {
      percent: integer({
        about: 'speed',
        unit: '%',
        min: 0,
        max: 100,
        source: 'AxeOS 2.9, PATCH /api/system fanspeed',
      }),
      fan: optional(integer({ about: 'fan', min: 0, max: 1, source })),
    },
    () => ({ steps: [], readBack: { never: 'it is a test' } }),
  );

  test('out of range names the range and where it comes from', () => {
    const wanted =
      'set-fan takes 0 to 100 % for percent on this machine (AxeOS 2.9, PATCH /api/system fanspeed); nothing was sent';
    expect(() => readParameters('set-fan', setFan, { percent: '130%' })).toThrow(wanted);
  });

  test('what is left out may be, what is unknown may not', () => {
    expect(readParameters('set-fan', setFan, { percent: 5 })).toEqual({ percent: 5 });
    expect(() => readParameters('set-fan', setFan, {})).toThrow(/set-fan needs percent \(speed\): 0 to 100 %/);
    expect(() => readParameters('set-fan', setFan, { percent: 5, speed: 3 })).toThrow(/has no parameter "speed"/);
    expect(() => readParameters('set-fan', setFan, JSON.parse('{"percent":5,"__proto__":1}'))).toThrow(/__proto__/);
  });

  test('a refusal never shows the secret that was given', () => {
    const setPassword = action({ newPassword: secret({ about: 'password', most: 4, source }) }, () => ({
      steps: [],
      readBack: { never: '' },
    }));
    expect(() => readParameters('set-password', setPassword, { newPassword: 'hunter2' })).toThrow(
      /^(?!.*hunter2).*1 to 4 bytes/,
    );
  });
});

test('whatever is given, a parameter gives a value that fits or nothing, and never throws', () => {
  const all = [
    integer({ about: '', min: -5, max: 5, source }),
    number({ about: '', unit: 'V', min: 0, max: 1, source }),
    text({ about: '', most: 8, source }),
    choice(['a', 'b'], { about: '', source }),
    flag({ about: '', source }),
    pool({ source, most: 20 }),
    pools({ source, most: 20, slots: 3 }),
    file({ about: '', source, mostBytes: 10 }),
  ];
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.string(), fc.array(fc.string())), (given) => {
      for (const parameter of all) {
        const read = parameter.read(given);
        if (read !== undefined && typeof read === 'number') expect(read).toBeGreaterThanOrEqual(-5);
      }
    }),
    { seed: 4028, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
