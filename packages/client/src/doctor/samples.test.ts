import { type Reply, seenValue } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { fieldsIn, moved, takeSamples } from './samples.ts';

const reply = (doc: unknown, at: number): Reply => ({
  meta: { id: 'summary', request: 'summary', at, ms: 1, bytes: 100, repairs: [], error: null },
  doc,
  raw: null,
  error: null,
});

/** A device that says these documents in turn, one second apart; then the last for ever. */
function sampled(docs: readonly unknown[], mayWait = true) {
  const waits: number[] = [];
  const steps: string[] = [];
  let asked = 0;
  const look = takeSamples({
    ask: async () => reply(docs[Math.min(asked++, docs.length - 1)], asked * 1000),
    wait: async (ms) => {
      waits.push(ms);
    },
    everyMs: 1000,
    mayWait,
    onStep: (what) => steps.push(what),
    command: 'echo',
  });
  return look.then((found) => ({ samples: seenValue(found), waits, steps }));
}

const summary = (Elapsed: number, more: Record<string, unknown> = {}) => ({
  SUMMARY: [{ Elapsed, Accepted: 5, ...more }],
});

describe('a machine that works', () => {
  test('is sampled three times and left alone', async () => {
    const { samples, waits } = await sampled([summary(1), summary(2, { Accepted: 6 }), summary(3, { Accepted: 6 })]);
    expect(samples).toMatchObject({ count: 3, spanS: 2 });
    expect(samples?.fields).toEqual([
      { field: 'Elapsed', kind: 'clock', values: [1, 2, 3] },
      { field: 'Accepted', kind: 'counter', values: [5, 6, 6] },
    ]);
    expect(waits).toEqual([1000, 1000]);
  });
});

describe('a machine of which the clock alone moves', () => {
  const frozen = [1, 2, 3, 33, 63].map((at) => summary(at, { 'MHS 5s': 100, temp1: 61, fan1: 4200 }));

  test('is sampled twice more, 30 s apart, and who waits is told', async () => {
    const { samples, waits, steps } = await sampled(frozen);
    expect(waits).toEqual([1000, 1000, 30_000, 30_000]);
    expect(samples?.count).toBe(5);
    expect(steps).toHaveLength(1);
    expect(samples?.fields.filter(moved).map(({ field }) => field)).toEqual(['Elapsed']);
  });

  test('is not where nobody may wait', async () => {
    expect((await sampled(frozen, false)).waits).toEqual([1000, 1000]);
  });
});

describe('the fields that tell', () => {
  test('of an Avalon stand in brackets within one text', () => {
    const found = fieldsIn({ STATS: [{ 'MM ID0': 'Ver[851] Elapsed[77] TMax[83] Fan1[4200] FanR[90%] MTmax[80]' }] });
    expect(found.get('Elapsed')).toEqual({ kind: 'clock', value: '77' });
    expect(found.get('TMax')).toEqual({ kind: 'sensor', value: '83' });
    expect(found.get('Fan1')).toEqual({ kind: 'sensor', value: '4200' });
    expect(found.has('Ver')).toBe(false);
  });

  test('of an ethminer have names of their own', () => {
    const found = fieldsIn({
      id: 1,
      result: ['ethminer-0.19.0', '21', '22000;51;0', '22000', '0;0;0', 'off', '60;40'],
    });
    expect([...found.keys()]).toEqual(['minutes', 'totals', 'rates', 'temperatures and fans']);
  });

  test('are no settings and limits, and not the time in STATUS', () => {
    const doc = { STATUS: [{ When: 1 }], STATS: [{ fan_num: 4, temp_max: 90, temptarget: 60, fanspeed: 40 }] };
    expect([...fieldsIn(doc).keys()]).toEqual(['fanspeed']);
  });

  test('are at most eighty, however much a device says, and never its escapes', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`temp${i}\u001b`, '\u001b[2J']));
    const found = fieldsIn({ STATS: [many] });
    expect(found.size).toBe(80);
    expect(JSON.stringify([...found])).not.toContain('\u001b');
  });

  test('of a document that is nested without end are found without one', () => {
    let doc: unknown = { temp1: 1 };
    for (let i = 0; i < 10_000; i++) doc = [doc];
    expect(fieldsIn(doc).size).toBe(0);
  });
});
