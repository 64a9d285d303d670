import { parseLenient } from '@headframe/wire/json';
import { describe, expect, test } from 'vitest';
import {
  ask,
  bytes,
  device,
  first,
  HOUR,
  long,
  numbers,
  POWERED_AT,
  PROFILES,
  SECOND,
  status,
  text,
} from './sim.testing.ts';
import { avalonSimulator } from './sim.ts';

describe('states', () => {
  test('it refuses connections while it boots, initialises, then works', () => {
    const q = device('q');
    const start = POWERED_AT + 25 * SECOND;
    expect([start, start + 6 * SECOND, start + 7 * SECOND].map((at) => q.listening('cgminer', at))).toEqual([
      false,
      false,
      true,
    ]);
    const init = long(q, start + 30 * SECOND);
    expect([init.SYSTEMSTATU, init.GHSspd, init.STATE]).toEqual(['Work: In Init, Hash Board: 1', '0.00', '1']);
    expect(long(q, start + 60 * SECOND).SYSTEMSTATU).toBe('Work: In Work, Hash Board: 1');
    expect(Number(long(q, start + 600 * SECOND).GHSspd)).toBeGreaterThan(75_000);
  });

  test('fans follow the heat', () => {
    const q = device('q');
    const speed = (at: number): number => Number(long(q, at).Fan1);
    expect(speed(POWERED_AT + HOUR)).toBeGreaterThan(1.5 * speed(POWERED_AT + 40 * SECOND));
  });

  test('softoff acts at its time: no heat, no rate, and the chips keep their last values', () => {
    const q = device('q');
    const at = POWERED_AT + 3 * HOUR;
    const off = at / 1000 + 5;
    expect(status(ask(q, 'ascset', at, `0,softoff,1:${off}`))).toEqual([
      'I',
      118,
      `ASC 0 set info: success softoff:${off}`,
    ]);
    expect(long(q, at + 4 * SECOND).SYSTEMSTATU).toBe('Work: In Work, Hash Board: 1');
    const [soon, later] = [long(q, at + 6 * SECOND), long(q, at + 2 * HOUR)];
    for (const record of [soon, later]) {
      expect([record.SYSTEMSTATU, record.TMax, record.TAvg, record.GHSspd, record.DHspd]).toEqual([
        'Work: In Idle, Hash Board: 1',
        '0',
        '0',
        '0.00',
        '0.000%',
      ]);
      expect(Math.min(...numbers(record.PVT_T0))).toBeGreaterThan(50);
      expect(numbers(record.PS).slice(3, 5)).toEqual([0, 0]);
    }
    expect([later.PVT_T0, later.PVT_V0, later.MW0, later.LW, later.HW]).toEqual([
      soon.PVT_T0,
      soon.PVT_V0,
      soon.MW0,
      soon.LW,
      soon.HW,
    ]);
    expect([later.Fan1, later.FanR, later.SoftOFF, later.STATE, later.SoftOffTime]).toEqual([
      '0',
      '0%',
      '4',
      '2',
      String(off),
    ]);
    // What the clock promises stays; the average of the run falls.
    expect(later.GHSmm).toBe(soon.GHSmm);
    expect(Number(later.GHSavg)).toBeLessThan(Number(soon.GHSavg) * 0.7);
    const devs = first(q, 'devs', 'DEVS', at + 2 * HOUR);
    expect([devs['Last Valid Work'], devs['MHS 5s']]).toEqual([off, 0]);
  });

  test('softon brings it back; a later order takes the place of one that has not come yet', () => {
    const q = device('q');
    const at = POWERED_AT + HOUR;
    ask(q, 'ascset', at, `0,softoff,1:${at / 1000}`);
    expect(long(q, at + 60 * SECOND).SoftOFF).toBe('4');
    ask(q, 'ascset', at + 60 * SECOND, `0,softon,1:${at / 1000 + 65}`);
    ask(q, 'ascset', at + 60 * SECOND, `0,softon,1:${at / 1000 + 120}`);
    expect(long(q, at + 100 * SECOND).SoftOFF).toBe('4');
    const on = long(q, at + 20 * 60 * SECOND);
    expect([on.SYSTEMSTATU, on.SoftOFF, on.SoftOnTime]).toEqual([
      'Work: In Work, Hash Board: 1',
      '0',
      String(at / 1000 + 120),
    ]);
    expect(Number(on.GHSspd)).toBeGreaterThan(75_000);
  });

  test('a new work mode of a Q restarts the program and changes clock, power and what is promised', () => {
    const q = device('q');
    const at = POWERED_AT + HOUR;
    expect(status(ask(q, 'ascset', at, '0,workmode,set,0'))).toEqual(['S', 119, 'ASC 0 set OK']);
    expect([q.listening('cgminer', at + 6 * SECOND), q.listening('cgminer', at + 7 * SECOND)]).toEqual([false, true]);
    const record = long(q, at + HOUR);
    expect([record.WORKMODE, record.GHSmm, record.MPO, record.Freq, record.SF0, record.Elapsed]).toEqual([
      '0',
      '55050.00',
      '800',
      '283.00',
      '258 276 297 318',
      String(3600 + 31),
    ]);
    expect(Math.abs((numbers(record.PS)[6] ?? 0) - 800)).toBeLessThan(25);
  });

  test('a new work mode of a farm machine waits for the reboot, which closes without a word', () => {
    const machine = device('a1246');
    const at = POWERED_AT + HOUR;
    expect(status(ask(machine, 'ascset', at, '0,workmode,0'))).toEqual(['I', 118, 'ASC 0 set info: WORKMODE[0]']);
    expect([long(machine, at).WORKMODE, long(machine, at).GHSmm]).toEqual(['1', '90000.00']);
    expect(bytes(machine, 'ascset|0,reboot,0', at)).toHaveLength(0);
    expect(machine.listening('cgminer', at + 40 * SECOND)).toBe(false);
    expect([long(machine, at + HOUR).WORKMODE, long(machine, at + HOUR).GHSmm]).toEqual(['0', '85000.00']);
  });

  test('hash power of an A10 stays off until it is rebooted', () => {
    const machine = device('a1066');
    const at = POWERED_AT + HOUR;
    expect(status(ask(machine, 'ascset', at, '0,hashpower,0'))).toEqual([
      'I',
      118,
      'ASC 0 set info: Power off hash now ...',
    ]);
    expect(status(ask(machine, 'ascset', at + HOUR, '0,hashpower'))[2]).toMatch(
      /^ASC 0 set info: PS\[0 12\d\d \d 0 0 1280\]$/,
    );
    bytes(machine, 'ascset|0,reboot,0', at + HOUR);
    expect(long(machine, at + 2 * HOUR).SYSTEMSTATU).toBe('Work: In Work, Hash Board: 3 ');
  });

  test('a machine that came up asleep is idle, with the values of chips that had worked', () => {
    const record = long(device('a1246', { asleep: true }), POWERED_AT + HOUR);
    expect([record.SYSTEMSTATU, record.TMax, record.GHSspd, record.GHSmm, record.GHSavg, record.SoftOFF]).toEqual([
      'Work: In Idle, Hash Board: 3 ',
      '0',
      '0.00',
      '0.00',
      '0.00',
      '5',
    ]);
    expect(Math.min(...numbers(record.PVT_T0))).toBeGreaterThan(50);
    expect(first(device('a1246', { asleep: true }), 'summary', 'SUMMARY', POWERED_AT + HOUR)).toMatchObject({
      Accepted: 0,
      'Total MH': 0,
    });
  });
});

describe('switches', () => {
  const at = POWERED_AT + HOUR;

  test('a clock that nobody set: When counts from power on, by default on farm machines', () => {
    const when = (name: string, quirks = {}) => ask(device(name, quirks), 'version', at).STATUS?.[0]?.When;
    expect(when('a1246')).toBe(3600);
    expect(when('a1246', { 'when-uptime': false })).toBe(at / 1000);
    expect(when('q')).toBe(at / 1000);
    expect(first(device('a1066'), 'devs', 'DEVS', at)['Last Valid Work']).toBe(3600);
  });

  test('a newline behind the NUL', () => {
    expect([...bytes(device('q'), 'version', at).subarray(-2)]).toEqual([0x7c, 0x00]);
    expect([...bytes(device('q', { 'newline-behind-nul': true }), 'version', at).subarray(-2)]).toEqual([0x00, 0x0a]);
  });

  test('stats and estats without their strings: only litestats has the long record', () => {
    const q = device('q', { 'empty-summary': true });
    for (const command of ['stats', 'estats']) {
      expect(first(q, command, 'STATS', at)).toMatchObject({ ID: 'AVALON0', 'MM ID0:Summary': '', HBinfo: '' });
    }
    expect(first(q, 'litestats', 'STATS', at)['MM ID0:Summary']).toMatch(/^'STATS':\{Ver\[Q-/);
  });

  test('a board that does not answer has no rate, no chips that are counted, and no temperature', () => {
    const record = long(device('a1246', { 'dead-board': true }), at);
    expect([record.SYSTEMSTATU, record.TA, record.GHSmm]).toEqual(['Work: In Work, Hash Board: 2 ', '240', '60000.00']);
    expect(numbers(record.MGHS).map((ghs) => ghs > 0)).toEqual([true, true, false]);
    expect(numbers(record.MTmax)[2]).toBe(0);
    expect(new Set(numbers(record.PVT_T2))).toEqual(new Set([-273]));
    const alone = long(device('q', { 'dead-board': true }), at);
    expect([alone.SYSTEMSTATU, alone.PVT_T0, alone.GHSspd]).toEqual([
      'Work: In Init, Hash Board: 0',
      undefined,
      '0.00',
    ]);
  });

  test('a dead chip is one of its board, and costs its part of the rate', () => {
    const record = long(device('nano-3s', { 'dead-chip': true }), at);
    const whole = long(device('nano-3s'), at);
    const dead = numbers(record.MW0).indexOf(0);
    expect(numbers(record.MW0).filter((work) => work === 0)).toHaveLength(1);
    expect([numbers(record.PVT_T0)[dead], numbers(record.PVT_V0)[dead]]).toEqual([-273, 0]);
    expect(Number(record.GHSavg) / Number(whole.GHSavg)).toBeCloseTo(11 / 12, 2);
  });

  test('a fan that stands still, a supply with low input, a pool that is dead', () => {
    const stalled = long(device('q', { 'stalled-fan': true }), at);
    expect([stalled.Fan1, stalled.FanErr]).toEqual(['0', '1']);
    expect(Number(stalled.Fan2)).toBeGreaterThan(Number(long(device('q'), at).Fan2));
    expect(numbers(long(device('q', { 'psu-input-low': true }), at).PS)[0]).toBe(1);
    const pools = ask(device('q', { 'dead-pool': true }), 'pools', at).POOLS ?? [];
    expect(pools.map((pool) => [pool.Status, pool['Stratum Active'], (pool.Accepted as number) > 0])).toEqual([
      ['Dead', false, false],
      ['Alive', true, true],
    ]);
  });

  test('every reply of every profile under every switch is JSON that needs no repair', () => {
    const commands =
      'version config devs edevs pools summary asccount pgacount devdetails stats estats litestats coin lcd';
    for (const { name, quirks } of avalonSimulator.profiles) {
      for (const quirk of ['none', ...Object.keys(quirks).filter((one) => one !== 'newline-behind-nul')]) {
        const machine = device(name, { [quirk]: true });
        for (const command of commands.split(' ')) {
          const reply = text(machine, JSON.stringify({ command }), at);
          expect([name, quirk, command, parseLenient(reply).repairs]).toEqual([name, quirk, command, []]);
          expect(typeof JSON.parse(reply)).toBe('object');
        }
      }
    }
  });
});

describe('time', () => {
  const COMMANDS = ['summary', 'pools', 'devs', 'stats', 'coin', 'litestats'];

  test('a machine that was asked a thousand times says the same as one that was asked once', () => {
    for (const name of PROFILES) {
      const [often, once] = [device(name), device(name)];
      const off = POWERED_AT / 1000 + 7200;
      for (const machine of [often, once]) ask(machine, 'ascset', POWERED_AT + HOUR, `0,softoff,1:${off}`);
      for (let at = POWERED_AT + HOUR; at < POWERED_AT + 6 * HOUR; at += 90 * SECOND) {
        for (const command of COMMANDS) bytes(often, command, at);
      }
      const end = POWERED_AT + 6 * HOUR;
      for (const command of COMMANDS) expect(text(often, command, end)).toBe(text(once, command, end));
    }
  });

  test('counters never fall, and the sums of pools and device agree', () => {
    const q = device('q');
    let before = { accepted: 0, hashes: 0 };
    for (let at = POWERED_AT + HOUR; at < POWERED_AT + 4 * HOUR; at += 10 * 60 * SECOND) {
      const summary = first(q, 'summary', 'SUMMARY', at) as Record<string, number>;
      const pools = ask(q, 'pools', at).POOLS ?? [];
      expect(pools.reduce((sum, pool) => sum + (pool.Accepted as number), 0)).toBe(summary.Accepted);
      const after = { accepted: summary.Accepted ?? 0, hashes: summary['Total MH'] ?? 0 };
      expect(after.accepted).toBeGreaterThanOrEqual(before.accepted);
      expect(after.hashes).toBeGreaterThan(before.hashes);
      before = after;
    }
  });
});
