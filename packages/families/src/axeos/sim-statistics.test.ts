import { describe, expect, test } from 'vitest';
import { AT, gamma, HOUR, info, json, MINUTE, POWERED, patch, SECOND, send } from './sim.testing.ts';

describe('statistics', () => {
  const rows = (on: ReturnType<typeof gamma>, now: number, query = '') => {
    const { labels, statistics } = json(on, `GET /api/system/statistics${query}`, { now });
    return { labels, statistics: statistics as number[][] };
  };

  test('are empty and no error while nothing is kept', () => {
    expect(json(gamma(9), 'GET /api/system/statistics')).toEqual({
      currentTimestamp: 36_000_000,
      labels: [
        ...['hashRate', 'temp', 'vrTemp', 'power', 'voltage', 'current', 'coreVoltageActual', 'fanspeed', 'fanrpm'],
        ...['wifiRSSI', 'freeHeap', 'timestamp'],
      ],
      statistics: [],
    });
    expect(send(gamma(10), 'GET /api/system/statistics').text).toMatch(/^\{"currentTimestamp":36000000,/);
    expect(send(gamma(11), 'GET /api/system/statistics').text).toMatch(/^\{\n\t"currentTimestamp":\t36000000,/);
  });

  test('come every so many seconds, in steps of five, oldest first, at most 720', () => {
    const on = gamma(12);
    patch(on, { statsFrequency: 7 });
    expect(rows(on, AT + 9 * SECOND).statistics).toEqual([]);
    const first = rows(on, AT + 35 * SECOND).statistics;
    expect(first.map((row) => row.at(-1))).toEqual([36_010_000, 36_020_000, 36_030_000]);
    const day = rows(on, AT + 24 * HOUR).statistics;
    expect(day).toHaveLength(720);
    expect(day.at(-1)?.at(-1)).toBe(36_000_000 + 24 * HOUR);
    patch(on, { statsFrequency: 0 }, AT + 24 * HOUR);
    expect(rows(on, AT + 25 * HOUR).statistics).toEqual([]);
    patch(on, { statsFrequency: 60 }, AT + 25 * HOUR);
    expect(rows(on, AT + 25 * HOUR + 2 * MINUTE).statistics).toHaveLength(2);
  });

  test('say what info said at that time', () => {
    const on = gamma(12);
    patch(on, { statsFrequency: 60 });
    const at = AT + 10 * MINUTE;
    const shown = info(on, at);
    patch(on, { frequency: 400, coreVoltage: 1000 }, at + SECOND);
    const { labels, statistics } = rows(on, at + MINUTE);
    const row = statistics.find((one) => one.at(-1) === at - POWERED) ?? [];
    const value = (name: string) => row[labels.indexOf(name)];
    expect([value('hashrate'), value('power'), value('asicVoltage'), value('fanRpm')]).toEqual([
      shown.hashRate,
      shown.power,
      shown.coreVoltageActual,
      shown.fanrpm,
    ]);
  });

  test('are chosen by columns from v2.11, in their own order', () => {
    const labels = (minor: number, query: string) => rows(gamma(minor), AT, query).labels;
    expect(labels(12, '?columns=power,hashrate,hashrate_1m')).toEqual([
      'hashrate',
      'hashrate_1m',
      'power',
      'timestamp',
    ]);
    expect(labels(12, '?columns=power,nonsense')).toEqual(['power', 'timestamp']);
    expect(labels(12, '?columns=nonsense')).toHaveLength(16 + 1);
    expect(labels(11, '?columns=hashrate_1m')).toHaveLength(13 + 1);
    expect(labels(12, '?columns=responseTime')).toHaveLength(16 + 1);
    expect(labels(13, '?columns=responseTime')).toEqual(['responseTime', 'timestamp']);
    expect(labels(14, '?columns=asicTemp2,asicTemp')).toEqual(['asicTemp', 'asicTemp2', 'timestamp']);
    expect(labels(13, '?columns=power%2Cvoltage')).toHaveLength(17 + 1);
    expect(labels(14, '?columns=power%2Cvoltage')).toEqual(['voltage', 'power', 'timestamp']);
    expect(labels(9, '?columns=power')).toHaveLength(12);
  });

  test('of v2.8 are limited in rows and minutes, and have a dashboard up to v2.10', () => {
    const on = gamma(8);
    patch(on, { statsLimit: 60, statsDuration: 10 });
    const { statistics } = rows(on, AT + HOUR);
    expect(statistics).toHaveLength(60);
    expect(Number(statistics[1]?.at(-1)) - Number(statistics[0]?.at(-1))).toBe(10_000);
    const { statistics: short } = json(on, 'GET /api/system/statistics/dashboard', { now: AT + HOUR });
    expect(short).toHaveLength(60);
    expect(short[0]).toHaveLength(4);
    expect(short[0][0]).toBe(statistics[0]?.[0]);
    expect(short[0][3]).toBe(statistics[0]?.[11]);
  });
});
