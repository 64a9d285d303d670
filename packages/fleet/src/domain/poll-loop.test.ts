import { HeadframeError } from '@headframe/model';
import { beforeEach, describe, expect, test } from 'vitest';
import { aSnapshot, hangs, ManualClock, PollerDouble, refuses, settle, target } from '../doubles.testing.ts';
import { PollLoop } from './poll-loop.ts';
import { Registry } from './registry.ts';
import { SCHEDULE_DEFAULTS, Schedule, type ScheduleOptions } from './schedule.ts';

let clock: ManualClock;
let poller: PollerDouble;
let registry: Registry;
let mistakes: HeadframeError[];

function loopWith(more: Partial<ScheduleOptions> = {}): PollLoop {
  registry = new Registry({ changed: () => {}, removed: () => {} });
  const schedule = new Schedule({ ...SCHEDULE_DEFAULTS, ...more });
  const onMistake = (error: HeadframeError) => mistakes.push(error);
  return new PollLoop({ clock, poller, registry, schedule, deadlineMs: 8_000, onMistake });
}

beforeEach(() => {
  clock = new ManualClock();
  poller = new PollerDouble(clock);
  mistakes = [];
});

const onlyRow = () => [...registry.all()][0]?.row;

describe('the poll loop', () => {
  test('asks a machine once in ten seconds and keeps what it said', async () => {
    const loop = loopWith();
    poller.machines.set('10.0.0.1', () => aSnapshot());
    loop.add(target('10.0.0.1'));
    await clock.advance(60_000);
    expect(poller.times('10.0.0.1').length).toBeGreaterThanOrEqual(6);
    expect(poller.times('10.0.0.1').length).toBeLessThanOrEqual(7);
    expect(onlyRow()).toMatchObject({ state: 'mining', hashrateHs: 110e12 });
    expect(mistakes).toEqual([]);
  });

  test('a machine that gets a new id by its MAC address is not asked again at once', async () => {
    const loop = loopWith();
    poller.machines.set('10.0.0.1', () => aSnapshot({ mac: '02:00:00:00:00:01' }));
    loop.add(target('10.0.0.1'));
    await clock.advance(100_000);
    const times = poller.times('10.0.0.1');
    for (let i = 1; i < times.length; i++) expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(5_000);
    expect(times.length).toBeGreaterThanOrEqual(9);
    expect(registry.size).toBe(1);
  });

  test('a machine that hangs is given up at the deadline of the whole poll, and never asked twice at once', async () => {
    const loop = loopWith();
    poller.machines.set('10.0.0.1', hangs);
    loop.add(target('10.0.0.1'));
    await clock.advance(30_000);
    expect(poller.mostRunning).toBe(1);
    expect(onlyRow()).toMatchObject({ link: 'never-answered' });
    expect([...registry.all()][0]?.lastError).toMatchObject({
      code: 'link/timed-out-waiting',
      context: { address: '10.0.0.1', afterMs: 8_000 },
    });
  });

  test('a hundred dead machines do not keep the living one waiting', async () => {
    const loop = loopWith({ limits: { global: 20, slow: 4, perSubnet: 20 } });
    poller.machines.set('10.0.0.200', () => aSnapshot());
    for (let i = 0; i < 100; i++) {
      poller.machines.set(`10.0.0.${i}`, hangs);
      loop.add(target(`10.0.0.${i}`));
    }
    loop.add(target('10.0.0.200'));
    await clock.advance(600_000);
    const before = poller.times('10.0.0.200').length;
    await clock.advance(100_000);
    expect(poller.times('10.0.0.200').length - before).toBeGreaterThanOrEqual(9);
    expect(poller.mostRunning).toBeLessThanOrEqual(20);
  });

  test('what is remembered of a machine is dropped when it became unreachable or answered something else', async () => {
    const loop = loopWith();
    poller.machines.set('10.0.0.1', refuses);
    loop.add(target('10.0.0.1'));
    await clock.advance(15_000);
    expect(poller.forgotten).toEqual([]);
    await clock.advance(20_000);
    expect(poller.forgotten).toEqual(['10.0.0.1']);
    poller.machines.set('10.0.0.1', () => {
      throw new HeadframeError('protocol/wrong-shape', { address: '10.0.0.1' });
    });
    await clock.advance(60_000);
    expect(poller.forgotten.length).toBeGreaterThan(1);
  });

  test('a mistake of ours is told, shown as such, and does not stop the loop', async () => {
    const loop = loopWith();
    poller.machines.set('10.0.0.1', () => {
      throw new TypeError('x is not a function');
    });
    poller.machines.set('10.0.0.2', () => aSnapshot({ address: '10.0.0.2' }));
    loop.add(target('10.0.0.1'));
    loop.add(target('10.0.0.2'));
    await clock.advance(12_000);
    expect(mistakes[0]?.code).toBe('internal');
    expect(onlyRow()?.reasons[0]?.text).toBe('A mistake in Headframe itself: x is not a function; please report it');
    expect(poller.times('10.0.0.2').length).toBeGreaterThan(0);
  });

  test('stopping cancels what is being asked and asks nobody any more', async () => {
    const loop = loopWith();
    poller.machines.set('10.0.0.1', hangs);
    loop.add(target('10.0.0.1'));
    await clock.advance(2_500);
    expect(poller.running).toBe(1);
    await loop.stop();
    expect(poller.running).toBe(0);
    const { length } = poller.asked;
    await clock.advance(60_000);
    await settle();
    expect(poller.asked).toHaveLength(length);
    expect(onlyRow()).toMatchObject({ link: 'waiting' });
  });
});
