import { blankHashboard, type Family, HeadframeError, type Reply } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { families, familyById } from './registry.ts';
import { snapshotOf } from './snapshot-of.ts';
import { sourcesOf } from './sources.ts';

const AT = 1_800_000_000_000;

function reply(id: string, doc: unknown, error: HeadframeError | null = null): Reply {
  const meta = { id, request: id, at: AT, ms: 1, bytes: 10, repairs: [], error: error?.summary ?? null };
  return { meta, doc, raw: null, error };
}

/** A family of three replies, as small as its map can be. */
const three: Family = {
  ...(familyById('cgminer') as Family),
  id: 'three',
  feeds: { a: ['/powerW'], b: ['/ambientTempC', '/powerW'], c: ['/hashboards/*/voltageV'] },
  map: (replies) => ({
    identity: (familyById('cgminer') as Family).identity(new Map()),
    state: 'unknown',
    minerUptimeS: null,
    systemUptimeS: null,
    hashrate: { currentHs: null, currentWindowS: null, averageHs: null, nominalHs: null, windows: [] },
    powerW: (replies.get('a')?.doc as { W?: number } | null)?.W ?? null,
    powerBasis: null,
    powerLimitW: null,
    efficiencyJTh: null,
    ambientTempC: (replies.get('b')?.doc as { T?: number } | null)?.T ?? null,
    hashboards: [
      { ...blankHashboard(0), state: 'ok' },
      { ...blankHashboard(1), state: 'missing' },
    ],
    fans: [],
    psu: null,
    pools: [],
    shares: { accepted: null, rejected: null, stale: null, sessionBestDifficulty: null, bestDifficulty: null },
    hardwareErrors: null,
    faults: [],
  }),
};

describe('the gaps of a snapshot', () => {
  test('a question that was not asked, one that was denied and one that failed are told apart', () => {
    const denied = reply('b', null, new HeadframeError('auth/required', { request: 'b' }));
    const failed = reply('c', null, new HeadframeError('link/reset', {}));
    const { gaps } = snapshotOf(
      three,
      new Map([
        ['b', denied],
        ['c', failed],
      ]),
      '10.0.0.7',
    );
    expect(gaps.map(({ path, reason }) => [path, reason])).toEqual([
      ['/powerW', 'denied'], // b was denied, a not asked: the stronger reason
      ['/ambientTempC', 'denied'],
      ['/hashboards/0/voltageV', 'failed'], // the missing board has no voltage to be asked for
    ]);
    expect(gaps[0]?.error?.message).toContain('10.0.0.7');
  });

  test('a command that the firmware does not have is no gap, and neither is a value that came', () => {
    const absent = reply('c', null, new HeadframeError('support/unsupported', {}));
    const snapshot = snapshotOf(
      three,
      new Map([
        ['a', reply('a', { W: 5 })],
        ['b', reply('b', { T: 20 })],
        ['c', absent],
      ]),
      'x',
    );
    expect(snapshot.powerW).toBe(5);
    expect(snapshot.gaps).toEqual([]);
  });

  test('a reply without the value is "not exposed", which is no gap', () => {
    expect(
      snapshotOf(
        three,
        new Map([
          ['a', reply('a', {})],
          ['b', reply('b', {})],
          ['c', reply('c', {})],
        ]),
        'x',
      ).gaps,
    ).toEqual([]);
  });

  test('its time is that of the newest answer, and one reply under two names is listed once', () => {
    const answer = { ...reply('a', { W: 1 }), meta: { ...reply('a', {}).meta, at: AT - 5 } };
    const failed = reply('c', null, new HeadframeError('link/reset', {}));
    const snapshot = snapshotOf(
      three,
      new Map([
        ['a', answer],
        ['b', answer],
        ['c', failed],
      ]),
      'x',
    );
    expect(snapshot.at).toBe(AT - 5);
    expect(snapshot.replies.map(({ id }) => id)).toEqual(['a', 'c']);
  });
});

test('the sources of values are asked from the map itself', () => {
  const replies = new Map([
    ['a', reply('a', { W: 5, X: 1 })],
    ['b', reply('b', { T: 20 })],
  ]);
  expect(sourcesOf(three, replies, 'x')).toEqual({
    '/powerW': { reply: 'a', field: '/W' },
    '/ambientTempC': { reply: 'b', field: '/T' },
  });
});

describe('the registry', () => {
  test('has every family once, and the generic one behind them all', () => {
    const ids = families.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.at(-1)).toBe('cgminer');
  });

  test.each(families.map((family) => [family.id, family] as const))(
    '%s feeds only paths that a snapshot has',
    (_, family) => {
      const empty = snapshotOf(family, new Map(), 'x');
      for (const path of Object.values(family.feeds).flat()) {
        const [, first = '', second] = path.split('/');
        expect(Object.keys(empty)).toContain(first);
        const inner = (empty as unknown as Record<string, unknown>)[first];
        if (second !== undefined && inner !== null && typeof inner === 'object' && !Array.isArray(inner)) {
          expect(Object.keys(inner)).toContain(second);
        }
      }
      // Nothing was asked: everything that is fed is a gap, and no machine that says nothing is mining.
      expect(empty.state).toBe('unknown');
      expect(empty.gaps.every(({ reason }) => reason === 'not-read')).toBe(true);
    },
  );
});
