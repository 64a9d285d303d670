import { describe, expect, test } from 'vitest';
import { AT, ask, code, device, first, MINUTE, message, number, restarted, SECOND, unlocked } from './sim.testing.ts';

describe('fanset', () => {
  test('sets all fans at once, at most to 30 %, and says so', () => {
    const { machine, write } = unlocked();
    const doc = write('fanset', 'speed=100,min_fans=2');
    expect(code(doc)).toEqual(['S', 33]);
    expect(doc.FAN?.[0]).toMatchObject({ pwm: 30, requested_pwm: 100, clamped: true, safety_max_pwm: 30 });
    expect(ask(machine, 'systemaudit').SYSTEMAUDIT?.[0]?.event).toMatchObject({ event: 'free', category: 'fan' });
  });

  test.each([
    ['speed=25', 25],
    ['pwm=25', 25],
    ['target_pwm=25', 25],
    ['25', 25],
    ['speed=22,25', 25],
    ['300', 30],
  ])('of %s gives %d percent', (given, percent) => {
    expect(unlocked().write('fanset', given).FAN?.[0]?.pwm).toBe(percent);
  });

  test('below 20 % is refused with 28', () => {
    const doc = unlocked().write('fanset', 'speed=19');
    expect(code(doc)).toEqual(['E', 28]);
    expect(doc.FAN?.[0]?.status).toBe('error');
  });

  test('makes a cool machine quieter, lets the fans faster where a board gets hot, and ends with the daemon', () => {
    const { machine, write } = unlocked();
    const later = AT + 30 * MINUTE;
    const before = first(machine, 'stats', 'STATS', later);
    write('fanset', 'speed=20');
    const after = first(machine, 'stats', 'STATS', later);
    expect([before.temp1, after.temp1]).toEqual([55, 65]);
    expect(Number(after.fan1)).toBeLessThan(Number(before.fan1));
    expect(first(machine, 'stats', 'STATS', restarted(machine, 30 * MINUTE)).temp1).toBe(55);
  });
});

describe('curtail', () => {
  test('sleep begins within 5 s: no rate, little power, fans at 20 %; shares stand still', () => {
    const { machine, write } = unlocked();
    const doc = write('curtail', 'sleep');
    expect(code(doc)).toEqual(['S', 33]);
    expect(doc.CURTAIL?.[0]).toMatchObject({ status: 'ok', state: 'EnteringSleep', supported: true });
    const then = AT + 10 * MINUTE;
    expect(number(machine, 'summary', 'SUMMARY', 'GHS 5s', then)).toBe(0);
    expect(number(machine, 'summary', 'SUMMARY', 'GHS av', then)).toBeGreaterThan(0);
    expect(first(machine, 'metrics', 'METRICS', then)).toMatchObject({ Power: 25, 'Wall Power': 27 });
    expect(ask(machine, 'healthchipget', then).HEALTHCHIP?.map((one) => one.Status)).toEqual(Array(3).fill('sleeping'));
    const accepted = [0, 30].map((m) => number(machine, 'summary', 'SUMMARY', 'Accepted', then + m * MINUTE));
    expect(accepted[0]).toBe(accepted[1]);
    // 20 % of 5940, each fan within a few percent.
    expect(Math.abs(number(machine, 'stats', 'STATS', 'fan1', then) / 1188 - 1)).toBeLessThan(0.05);
  });

  test('wakeup brings the boards back within a minute or two', () => {
    const { machine, write } = unlocked();
    write('curtail', 'sleep');
    const woken = AT + 5 * MINUTE;
    expect(write('curtail', 'wakeup', woken).CURTAIL?.[0]).toMatchObject({ status: 'ok', state: 'Waking' });
    const rate = number(machine, 'summary', 'SUMMARY', 'GHS 5s', woken + 2 * MINUTE);
    expect(rate).toBeGreaterThan(13_000);
  });

  test('again is fine, the other way round too early is refused with 28', () => {
    const { write } = unlocked();
    expect(write('curtail', 'active').CURTAIL?.[0]).toMatchObject({ status: 'ok', state: 'Active' });
    write('curtail', 'safe');
    expect(write('curtail', '', AT + SECOND).CURTAIL?.[0]).toMatchObject({ status: 'ok', state: 'EnteringSleep' });
    const early = write('curtail', 'wake', AT + SECOND);
    expect(code(early)).toEqual(['E', 28]);
    expect(early.CURTAIL?.[0]).toMatchObject({ status: 'error', state: 'EnteringSleep' });
    const woken = AT + MINUTE;
    expect(code(write('curtail', 'UNSAFE', woken))).toEqual(['S', 33]);
    expect(code(write('curtail', 'curtail', woken + SECOND))).toEqual(['E', 28]);
    expect(code(write('curtail', undefined, woken + MINUTE))).toEqual(['S', 33]);
  });

  test('sleep is forgotten at a restart', () => {
    const { machine, write } = unlocked();
    write('curtail', 'sleep');
    expect(number(machine, 'summary', 'SUMMARY', 'GHS 5s', restarted(machine))).toBeGreaterThan(13_000);
  });
});

describe('the tuner', () => {
  test.each(['autotunerset', 'atmset'])(
    '%s with enabled=true goes for efficiency, at once and over a restart',
    (name) => {
      const { machine, write } = unlocked({}, 's19j-pro');
      const doc = write(name, 'enabled=true');
      expect([...code(doc), message(doc)]).toEqual(['S', 33, 'Autotuner enabled (Efficiency)']);
      expect(doc.AUTOTUNER?.[0]).toMatchObject({ enabled: true, runtime: { accepted: true, applied_runtime: true } });
      const point = { freq1: 320, chain_voltage1: 12.45 };
      expect(first(machine, 'stats', 'STATS', AT + 10 * MINUTE)).toMatchObject(point);
      expect(first(machine, 'stats', 'STATS', restarted(machine))).toMatchObject(point);
    },
  );

  test('off is accepted and changes nothing', () => {
    const { machine, write } = unlocked({}, 's19j-pro');
    write('autotunerset', 'enabled=1');
    const doc = write('autotunerset', 'enabled=false');
    expect(code(doc)).toEqual(['S', 33]);
    expect(doc.AUTOTUNER).toEqual([{ enabled: false, applied: false }]);
    expect(first(machine, 'stats', 'STATS', AT + 10 * MINUTE).freq1).toBe(320);
  });

  test.each(['power=1000', '1000', 'power=9999,1000'])('powertargetset of %s holds 1000 W at the wall', (given) => {
    const { machine, write } = unlocked();
    const doc = write('powertargetset', given);
    expect([...code(doc), message(doc)]).toEqual(['S', 33, 'Power target set']);
    expect(doc.POWER?.[0]).toMatchObject({ target_watts: 1000, runtime: { applied_runtime: true } });
    for (const now of [AT + 10 * MINUTE, restarted(machine, 10 * MINUTE, AT + 10 * MINUTE)]) {
      expect(Math.abs(number(machine, 'metrics', 'METRICS', 'Wall Power', now) - 1000)).toBeLessThan(20);
    }
  });

  test('a target that cannot be reached ends at the frequencies that there are', () => {
    const { machine, write } = unlocked();
    write('powertargetset', 'power=1');
    expect(first(machine, 'stats', 'STATS', AT + 10 * MINUTE).freq1).toBe(100);
    write('powertargetset', 'power=100000', AT + 9 * MINUTE);
    expect(first(machine, 'stats', 'STATS', AT + 19 * MINUTE).freq1).toBe(900);
  });

  test('does not wake a machine that sleeps', () => {
    const { machine, write } = unlocked();
    write('curtail', 'sleep');
    write('powertargetset', 'power=900', AT + MINUTE);
    expect(number(machine, 'summary', 'SUMMARY', 'GHS 5s', AT + 5 * MINUTE)).toBe(0);
    write('curtail', 'wakeup', AT + 6 * MINUTE);
    const watts = number(machine, 'metrics', 'METRICS', 'Wall Power', AT + 15 * MINUTE);
    expect(Math.abs(watts - 900)).toBeLessThan(20);
  });
});

test('ledset takes the colour for the name of a pattern', () => {
  const doc = unlocked().write('ledset', 'red,blink');
  expect([...code(doc), message(doc)]).toEqual(['S', 33, 'Locate pattern started']);
  expect(doc.LED).toEqual([{ status: 'ok', message: 'Locate pattern started', pattern_id: 'red' }]);
});

test('the audit begins anew with the daemon and keeps 256 records, of which it tells 64', () => {
  const { machine, write } = unlocked();
  for (let i = 0; i < 300; i++) write('fanset', String(20 + (i % 11)), AT + i);
  const records = ask(machine, 'systemaudit', AT + MINUTE).SYSTEMAUDIT ?? [];
  expect([records.length, records[0]?.timestamp_ms, records.at(-1)?.timestamp_ms]).toEqual([64, AT + 236, AT + 299]);
  expect(ask(machine, 'systemaudit', restarted(machine)).SYSTEMAUDIT).toEqual([]);
  expect(ask(device(), 'systemaudit').SYSTEMAUDIT).toEqual([]);
});
