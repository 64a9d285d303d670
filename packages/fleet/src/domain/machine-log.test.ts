import { describe, expect, test } from 'vitest';
import { aSnapshot, START } from '../doubles.testing.ts';
import { afterAnswer, afterSilence, NEW_LOG } from './machine-log.ts';

const version = (firmwareVersion: string | null) => {
  const snapshot = aSnapshot();
  return { ...snapshot, identity: { ...snapshot.identity, firmwareVersion } };
};

describe('what is remembered of a machine', () => {
  test('its first version is no update, another one later is', () => {
    const first = afterAnswer(NEW_LOG, version('2022-07-26'), START);
    expect(first.firmware).toEqual({ before: null, now: '2022-07-26', changedAt: null });
    const same = afterAnswer(first, version('2022-07-26'), START + 1);
    expect(same).toBe(first);
    expect(afterAnswer(same, version('2023-01-01'), START + 2).firmware).toEqual({
      before: '2022-07-26',
      now: '2023-01-01',
      changedAt: START + 2,
    });
  });

  test('a reading without a version is no update', () => {
    const first = afterAnswer(NEW_LOG, version('2022-07-26'), START);
    expect(afterAnswer(first, version(null), START + 1)).toBe(first);
  });

  test('when it falls silent its uptime counts on from the last reading', () => {
    const log = afterSilence(NEW_LOG, aSnapshot({ minerUptimeS: 259_200 }), START + 20_000);
    expect(log.failures).toEqual([{ at: START + 20_000, uptimeS: 259_220 }]);
  });

  test('the last twenty silences are kept', () => {
    let log = NEW_LOG;
    for (let i = 1; i <= 25; i++) log = afterSilence(log, null, i);
    expect(log.failures.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, i) => i + 6));
    expect(log.failures[0]?.uptimeS).toBeNull();
  });
});
