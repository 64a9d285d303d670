import { newMemory, type Reply } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { Fields } from '../json/index.ts';
import { lastShareAt, sinceShare } from './last-share.ts';
import { averageHashrate, hashrateWindows, poolFrom, sharesFrom } from './records.ts';
import { slowFacts } from './slow-facts.ts';

const AT = 1_800_000_000_000;

const reply = (id: string, doc: unknown, at = AT): Reply => ({
  meta: { id, request: id, at, ms: 1, bytes: 1, repairs: [], error: null },
  doc,
  raw: new Uint8Array(3),
  error: null,
});

describe('the last share', () => {
  test('h:mm:ss is the time since it, and 0 is never', () => {
    expect(sinceShare('0:00:03')).toBe(3);
    expect(sinceShare('14:01:14')).toBe(14 * 3600 + 74);
    expect(sinceShare('0')).toBeNull();
    expect(sinceShare('soon')).toBeNull();
    const pools = reply('pools', {});
    expect(lastShareAt(new Fields({ 'Last Share Time': '0:01:00' }), pools, null)).toBe(AT - 60_000);
    expect(lastShareAt(new Fields({ 'Last Share Time': '0' }), pools, null)).toBeNull();
  });

  test('epoch seconds are taken by their age, because the clocks of miners are wrong', () => {
    // The device believes it is a day earlier than it is: its share was 5 s ago all the same.
    const when = AT / 1000 - 86_400;
    const pools = reply('pools', { STATUS: [{ STATUS: 'S', When: when, Code: 7, Msg: '' }] });
    expect(lastShareAt(new Fields({ 'Last Share Time': when - 5 }), pools, 100)).toBe(AT - 5_000);
    expect(lastShareAt(new Fields({ 'Last Share Time': 0 }), pools, 100)).toBeNull();
  });

  test('a small number counts from the start of the process, as an Avalon sends it', () => {
    const pools = reply('pools', {});
    expect(lastShareAt(new Fields({ 'Last Share Time': 31_279 }), pools, 37_714)).toBe(AT - 6_435_000);
    expect(lastShareAt(new Fields({ 'Last Share Time': 31_279 }), pools, null)).toBeNull();
    expect(lastShareAt(new Fields({ 'Last Share Time': 200 }), pools, 100)).toBeNull();
  });
});

describe('the records', () => {
  test('every window counts, in H/s, shortest first, whatever its unit', () => {
    const summary = new Fields({
      'GHS 30m': 2,
      'MHS 5s': '1500.5',
      'GHS av': 3,
      'GHS 24h': 4,
      'MHS xs': 1,
      Utility: 9,
    });
    expect(hashrateWindows(summary)).toEqual([
      { seconds: 5, hs: 1_500_500_000 },
      { seconds: 1800, hs: 2e9 },
      { seconds: 86_400, hs: 4e9 },
    ]);
    expect(averageHashrate(summary)).toBe(3e9);
    expect(averageHashrate(new Fields({}))).toBeNull();
  });

  test('a pool keeps its number, its state is one of five, and its password is not looked at', () => {
    const pool = poolFrom(
      new Fields({
        POOL: 2,
        URL: 'stratum+tcp://p:3333',
        User: 'w',
        Password: 'secret',
        Status: 'Rejecting',
        Accepted: '  5.0000',
      }),
      0,
    );
    expect(pool).toMatchObject({ index: 2, status: 'rejecting', worker: 'w', accepted: 5, difficulty: null });
    expect(JSON.stringify(pool)).not.toContain('secret');
    expect(poolFrom(new Fields({ Status: 'constructor' }), 7)).toMatchObject({ index: 7, status: 'unknown' });
  });

  test('Best Share is the best since the process started, not of all time', () => {
    expect(sharesFrom(new Fields({ Accepted: 4, 'Best Share': 9 }))).toEqual({
      accepted: 4,
      rejected: null,
      stale: null,
      sessionBestDifficulty: 9,
      bestDifficulty: null,
    });
  });
});

describe('facts that change slowly', () => {
  test('are due when they are not known, old, or wanted afresh', () => {
    const memory = newMemory();
    expect(slowFacts.due(memory, ['version'], 1000, AT, {})).toEqual(['version']);
    slowFacts.merge(memory, new Map([['version', reply('version', {})]]), ['version']);
    expect(slowFacts.due(memory, ['version'], 1000, AT + 999, {})).toEqual([]);
    expect(slowFacts.due(memory, ['version'], 1000, AT + 1000, {})).toEqual(['version']);
    expect(slowFacts.due(memory, ['version'], 1000, AT, { fresh: true })).toEqual(['version']);
    expect(memory.kept.get('version')?.raw).toBeNull();
  });

  test('a failed question does not undo an older answer', () => {
    const memory = newMemory();
    slowFacts.merge(memory, new Map([['version', reply('version', { a: 1 })]]), ['version']);
    const failed = { ...reply('version', null, AT + 5), doc: null };
    expect(slowFacts.merge(memory, new Map([['version', failed]]), ['version']).get('version')?.doc).toEqual({ a: 1 });
  });

  test('are forgotten after a restart, and not because Elapsed is a whole number', () => {
    const memory = newMemory();
    const summary = (elapsed: number, at: number) =>
      new Map([['summary', reply('summary', { SUMMARY: [{ Elapsed: elapsed }] }, at)]]);
    slowFacts.noticeRestart(memory, summary(100, AT));
    memory.refusedJoins.add('a+b');
    slowFacts.noticeRestart(memory, summary(110, AT + 10_900));
    expect(memory.refusedJoins.size).toBe(1);
    slowFacts.noticeRestart(memory, summary(3, AT + 30_000));
    expect(memory.refusedJoins.size).toBe(0);
  });
});
