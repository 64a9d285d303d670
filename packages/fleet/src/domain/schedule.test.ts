import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { phaseOf, SCHEDULE_DEFAULTS, Schedule, type ScheduleOptions, subnetOf } from './schedule.ts';

const options = (more: Partial<ScheduleOptions> = {}): ScheduleOptions => ({
  ...SCHEDULE_DEFAULTS,
  intervalMs: 10_000,
  firstWithinMs: 2_000,
  ...more,
});

const limits = (more: Partial<ScheduleOptions['limits']>) => ({ ...SCHEDULE_DEFAULTS.limits, ...more });

/** Starts what is due every 100 ms and ends it at once; says when a machine was started. */
function run(schedule: Schedule, from: number, to: number, failures: (id: string) => number = () => 0) {
  const starts = new Map<string, number[]>();
  for (let now = from; now < to; now += 100) {
    for (const id of schedule.start(now)) {
      starts.set(id, [...(starts.get(id) ?? []), now]);
      schedule.finish(id, failures(id), now);
    }
  }
  return starts;
}

describe('the place of a machine in the interval', () => {
  test('is the same in every run, and different for different machines', () => {
    expect(phaseOf('m1', 10_000)).toBe(phaseOf('m1', 10_000));
    expect(phaseOf('m1', 10_000)).not.toBe(phaseOf('m2', 10_000));
  });

  test('spreads a thousand machines evenly over ten seconds', () => {
    const perSecond = new Array<number>(10).fill(0);
    for (let i = 0; i < 1_000; i++) {
      const second = Math.floor(phaseOf(`127.0.${i >> 8}.${i & 255} 4028`, 10_000) / 1_000);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    for (const count of perSecond) expect(count).toBeGreaterThan(60);
    for (const count of perSecond) expect(count).toBeLessThan(140);
  });

  test('a machine is asked soon after it became known, and then once in every interval at its place', () => {
    const schedule = new Schedule(options());
    schedule.add('m1', 'net', 0);
    const [first = 0, second = 0, ...rest] = run(schedule, 0, 60_000).get('m1') ?? [];
    expect(first).toBeLessThan(2_100);
    const late = (second - phaseOf('m1', 10_000)) % 10_000;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(100);
    expect(rest.slice(0, 3)).toEqual([second + 10_000, second + 20_000, second + 30_000]);
  });
});

describe('late ticks', () => {
  test('a poll that takes three and a half intervals leaves out three and queues none', () => {
    const schedule = new Schedule(options());
    schedule.add('m1', 'net', 0);
    run(schedule, 0, 20_000);
    const start = schedule.dueAt('m1') as number;
    expect(schedule.start(start)).toEqual(['m1']);
    for (let now = start; now < start + 35_000; now += 1_000) expect(schedule.start(now)).toEqual([]);
    schedule.finish('m1', 0, start + 35_000);
    expect(schedule.droppedTicks('m1')).toBe(3);
    expect(schedule.dueAt('m1')).toBe(start + 40_000);
  });

  test('a machine that waited for a free slot for two intervals is asked once, not thrice', () => {
    const schedule = new Schedule(options({ limits: limits({ global: 1 }) }));
    schedule.add('m1', 'net', 0);
    schedule.add('m2', 'net', 0);
    const [running] = schedule.start(2_000);
    const waiting = running === 'm1' ? 'm2' : 'm1';
    expect(schedule.start(25_000)).toEqual([]);
    schedule.finish(running as string, 0, 25_000);
    expect(schedule.start(25_000)).toEqual([waiting]);
    expect(schedule.droppedTicks(waiting)).toBe(2);
    schedule.finish(waiting, 0, 25_100);
    expect(schedule.dueAt(waiting)).toBeGreaterThan(25_100);
  });
});

describe('the slow lane', () => {
  test('a machine that keeps failing is asked ever more rarely, up to the bound', () => {
    const schedule = new Schedule(options({ slowestMs: 60_000 }));
    schedule.add('dead', 'net', 0);
    const gaps: number[] = [];
    let last = 0;
    let failures = 0;
    for (let now = 0; now < 600_000; now += 100) {
      for (const id of schedule.start(now)) {
        if (last > 0) gaps.push(now - last);
        last = now;
        schedule.finish(id, ++failures, now);
      }
    }
    // Two usual rounds, then 10 s, 20 s, 40 s of delay and the bound of 60 s, each up to the next place in the interval.
    expect(gaps.slice(2, 8)).toEqual([20_000, 30_000, 50_000, 70_000, 70_000, 70_000]);
  });

  test('a machine that answers again is back in the usual rhythm at once', () => {
    const schedule = new Schedule(options());
    schedule.add('m1', 'net', 0);
    schedule.start(2_000);
    schedule.finish('m1', 9, 2_000);
    const late = schedule.dueAt('m1') as number;
    expect(late).toBeGreaterThan(300_000);
    schedule.start(late);
    schedule.finish('m1', 0, late + 50);
    expect(schedule.dueAt('m1')).toBe(late + 10_000);
  });

  test('dead machines together take no more slots than the slow lane has', () => {
    const schedule = new Schedule(options({ limits: limits({ global: 10, slow: 2, perSubnet: 10 }) }));
    for (const id of ['d1', 'd2', 'd3', 'd4']) {
      schedule.add(id, 'net', 0);
      schedule.start(2_000);
      schedule.finish(id, 5, 2_000);
    }
    schedule.add('alive', 'net', 2_000);
    const started = schedule.start(1_000_000);
    expect(started).toHaveLength(3);
    expect(started).toContain('alive');
  });
});

describe('limits', () => {
  test('no more polls run at the same time than in all, and no more than in one subnet', () => {
    const schedule = new Schedule(options({ limits: limits({ global: 5, perSubnet: 2 }) }));
    for (let i = 0; i < 6; i++) schedule.add(`a${i}`, 'a', 0);
    for (let i = 0; i < 6; i++) schedule.add(`b${i}`, 'b', 0);
    for (let i = 0; i < 6; i++) schedule.add(`c${i}`, 'c', 0);
    const started = schedule.start(2_000);
    expect(started).toHaveLength(5);
    for (const net of ['a', 'b', 'c']) expect(started.filter((id) => id.startsWith(net)).length).toBeLessThan(3);
    expect(schedule.start(2_000)).toEqual([]);
  });

  test('the ones that waited longest start first', () => {
    const schedule = new Schedule(options({ limits: limits({ global: 1 }) }));
    schedule.add('late', 'net', 5_000);
    schedule.add('early', 'net', 0);
    expect(schedule.start(9_000)).toEqual(['early']);
  });

  test('a machine that is taken out while it is asked gives its slot back', () => {
    const schedule = new Schedule(options({ limits: limits({ global: 1 }) }));
    schedule.add('m1', 'net', 0);
    schedule.add('m2', 'net', 0);
    const [running] = schedule.start(2_000);
    schedule.remove(running as string);
    expect(schedule.start(2_000)).toHaveLength(1);
    schedule.finish(running as string, 0, 2_000);
    expect(schedule.start(2_000)).toHaveLength(0);
  });

  test('whatever happens, nobody is asked twice at the same time and the limits hold', () => {
    const step = fc.record({ ms: fc.integer({ min: 0, max: 30_000 }), end: fc.nat(20), failures: fc.nat(8) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const schedule = new Schedule(options({ limits: { global: 4, slow: 2, perSubnet: 3 } }));
        for (let i = 0; i < 12; i++) schedule.add(`m${i}`, `net${i % 3}`, 0);
        const running = new Set<string>();
        let now = 0;
        for (const { ms, end, failures } of steps) {
          now += ms;
          for (const id of schedule.start(now)) {
            expect(running.has(id)).toBe(false);
            running.add(id);
          }
          expect(running.size).toBeLessThanOrEqual(4);
          for (let net = 0; net < 3; net++) {
            const here = [...running].filter((id) => Number(id.slice(1)) % 3 === net);
            expect(here.length).toBeLessThanOrEqual(3);
          }
          const ended = [...running][end % Math.max(1, running.size)];
          if (ended === undefined) continue;
          running.delete(ended);
          schedule.finish(ended, failures, now);
          expect(schedule.dueAt(ended)).toBeGreaterThan(now);
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

test('the neighbourhood of an address is its /24, of an IPv6 address its /64, of a name the name', () => {
  expect(subnetOf('10.0.4.17')).toBe('10.0.4');
  expect(subnetOf('fd00:1:2:3:4:5:6:7')).toBe('fd00:1:2:3');
  expect(subnetOf('miner-7.local')).toBe('miner-7.local');
});
