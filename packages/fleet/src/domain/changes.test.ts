import { describe, expect, test } from 'vitest';
import { ChangeLog } from './changes.ts';

describe('what changed since a reader looked', () => {
  test('a machine that changed ten times is one change, in the order of the last ones', () => {
    const log = new ChangeLog();
    log.change('a');
    const { position } = log;
    for (let i = 0; i < 10; i++) log.change('a');
    log.change('b');
    log.change('a');
    expect(log.since(position)).toEqual({ changed: ['b', 'a'], removed: [], position: 13 });
    expect(log.since(log.position)).toEqual({ changed: [], removed: [], position: 13 });
  });

  test('one that went away is only gone; one that came back is only changed', () => {
    const log = new ChangeLog();
    log.change('a');
    log.change('b');
    log.remove('a');
    expect(log.since(0)).toEqual({ changed: ['b'], removed: ['a'], position: 3 });
    log.change('a');
    expect(log.since(0)).toEqual({ changed: ['b', 'a'], removed: [], position: 4 });
  });

  test('a reader that was away for more than a thousand departures starts anew, a later one does not', () => {
    const log = new ChangeLog();
    for (let i = 0; i < 1_500; i++) log.change(`m${i}`);
    const before = log.position;
    for (let i = 0; i < 1_001; i++) log.remove(`m${i}`);
    expect(log.since(before)).toBeNull();
    expect(log.since(before + 1)?.removed).toHaveLength(1_000);
  });

  test('a position that was never given out is no position', () => {
    expect(new ChangeLog().since(5)).toBeNull();
  });

  test('progress without a machine moves the position', () => {
    const log = new ChangeLog();
    log.touch();
    expect(log.since(0)).toEqual({ changed: [], removed: [], position: 1 });
  });
});
