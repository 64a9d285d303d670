import { parseLenient } from '@headframe/wire/json';
import { describe, expect, test } from 'vitest';
import type { SimulatedDevice } from '../sim/device.ts';
import { avalonSimulator } from './sim.ts';

const POWERED_AT = Date.UTC(2026, 0, 5, 6);
const HOUR = 3_600_000;
const SECOND = 1000;

function device(name: string, quirks: Record<string, boolean> = {}, seed = 7): SimulatedDevice {
  const found = avalonSimulator.profiles.find((profile) => profile.name === name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found.create({ seed, poweredAt: POWERED_AT, quirks });
}

function bytes(machine: SimulatedDevice, request: string, now: number): Buffer {
  const reaction = machine.cgminer?.receive(Buffer.from(request), { address: '10.0.0.9' }, now);
  return Buffer.concat((reaction?.chunks ?? []).map((chunk) => chunk.bytes));
}

const text = (machine: SimulatedDevice, request: string, now: number): string =>
  bytes(machine, request, now).toString('latin1').replace(/\0$/, '');

type Doc = Record<string, Record<string, unknown>[]>;

const ask = (machine: SimulatedDevice, command: string, now: number, parameter?: string): Doc =>
  JSON.parse(text(machine, JSON.stringify({ command, parameter }), now)) as Doc;

const first = (machine: SimulatedDevice, command: string, section: string, now: number): Record<string, unknown> =>
  ask(machine, command, now)[section]?.[0] ?? {};

/** The long record by key, and the boards' record of a Q with it. */
function long(machine: SimulatedDevice, now: number): Record<string, string> {
  const stats = first(machine, 'stats', 'STATS', now);
  const strings = [stats['MM ID0'], stats['MM ID0:Summary'], stats.HBinfo].filter((value) => value !== undefined);
  return Object.fromEntries(
    [...strings.join(' ').matchAll(/([A-Za-z][A-Za-z0-9_ ]*)\[([^\]]*)\]/g)].map((m) => [m[1]?.trim(), m[2]]),
  );
}

const numbers = (value: string | undefined): number[] => (value ?? '').trim().split(/ +/).map(Number);

const status = (doc: Doc): unknown[] => {
  const { STATUS, Code, Msg } = doc.STATUS?.[0] ?? {};
  return [STATUS, Code, Msg];
};

const PROFILES = ['q', 'nano-3s', 'a1246', 'a1066'] as const;

describe('what an Avalon is', () => {
  test('VERSION says CGMiner and the model in keys of its own', () => {
    expect(PROFILES.map((name) => first(device(name), 'version', 'VERSION', POWERED_AT + HOUR))).toMatchObject([
      { CGMiner: '4.11.1', API: '3.7', PROD: 'Avalon Q', MODEL: 'Q', LVERSION: '25052801_14a19a2' },
      { CGMiner: '4.11.1', API: '3.7', PROD: 'Avalon Nano3s', MODEL: 'Nano3s', UPAPI: '2' },
      { CGMiner: '4.11.1', API: '3.7', PROD: 'AvalonMiner 1246', MODEL: '1246', UPAPI: '2' },
      { CGMiner: '4.11.1', API: '3.7', PROD: 'AvalonMiner 1066', MODEL: '1066', UPAPI: '2' },
    ]);
  });

  test('two machines of one model differ in DNA, MAC and worker, and keep theirs', () => {
    const of = (seed: number) => first(device('q', {}, seed), 'version', 'VERSION', POWERED_AT + HOUR);
    expect(of(1).MAC).toMatch(/^02(:[0-9A-F]{2}){5}$/);
    expect(of(1)).toEqual(of(1));
    expect(of(1).MAC).not.toBe(of(2).MAC);
    expect(of(1).DNA).not.toBe(of(2).DNA);
  });

  test('a farm machine shows its boards in one plain string: three boards of 120 chips', () => {
    const record = long(device('a1246'), POWERED_AT + 6 * HOUR);
    expect(record.SYSTEMSTATU).toBe('Work: In Work, Hash Board: 3 ');
    expect([record.TA, record.WORKMODE, record.MPO, record.SoftOFF]).toEqual(['360', '1', '3420', '0']);
    for (const key of ['PVT_T0', 'PVT_T1', 'PVT_T2', 'PVT_V0', 'MW2']) expect(numbers(record[key])).toHaveLength(120);
    const temperatures = ['PVT_T0', 'PVT_T1', 'PVT_T2'].flatMap((key) => numbers(record[key]));
    expect(Number(record.TMax)).toBe(Math.max(...temperatures));
    expect(numbers(record.MTmax)).toHaveLength(3);
    expect(numbers(record.MGHS).reduce((sum, ghs) => sum + ghs, 0)).toBeCloseTo(Number(record.GHSavg), 1);
    // 90 TH/s: what the clock promises, and a little less of it in fact.
    expect(record.GHSmm).toBe('90000.00');
    expect(Number(record.GHSavg)).toBeGreaterThan(86_000);
    expect(Number(record.GHSavg)).toBeLessThan(91_000);
    expect(first(device('a1246'), 'stats', 'STATS', POWERED_AT + HOUR)).toMatchObject({ ID: 'AVA100', 'MM Count': 1 });
  });

  test('an A10 has the keys of its manual, also those with blanks and colons in their values', () => {
    const record = long(device('a1066'), POWERED_AT + HOUR);
    expect(Object.keys(record).slice(0, 12)).toEqual(
      'Ver DNA NETFAIL SYSTEMSTATU Elapsed MW LW MH HW DH Temp TMax'.split(' '),
    );
    expect(record.HS_RCD0).toMatch(/^Tenv:\d+ Tavg:65 Fan1:\d+ Fan2:\d+ V12:1217 Vout:\d+ P_I:220 P_P:\d+$/);
    expect(record.MEMFREE).toMatch(/^\d+ B$/);
    expect(record.GHSspd).toBeUndefined();
    expect(numbers(record.PVT_T2)).toHaveLength(114);
  });

  test('the power vector: hundredths of a volt times amperes are the watts; the Q adds those of the wall', () => {
    const farm = numbers(long(device('a1066'), POWERED_AT + HOUR).PS);
    expect(farm).toHaveLength(6);
    expect(farm[0]).toBe(0);
    expect(Math.abs(((farm[2] ?? 0) / 100) * (farm[3] ?? 0) - (farm[4] ?? 0))).toBeLessThan(10);
    const [error, control, board = 0, amperes = 0, watts = 0, set, wall = 0] = numbers(
      long(device('q'), POWERED_AT + HOUR).PS,
    );
    expect([error, set]).toEqual([0, 2296]);
    expect(control).toBeGreaterThan(1190);
    expect(control).toBeLessThan(1240);
    expect(Math.abs((board / 100) * amperes - watts)).toBeLessThan(13);
    expect(wall).toBeGreaterThan(watts);
    expect(Math.abs(wall - 1300)).toBeLessThan(30);
  });

  test('a Nano 3S has one string with a sensor that is missing, or the form of the Q by a switch', () => {
    const plain = first(device('nano-3s'), 'stats', 'STATS', POWERED_AT + HOUR);
    expect([plain.ID, 'MM ID0' in plain, 'HBinfo' in plain]).toEqual(['AVANANO0', true, false]);
    const record = long(device('nano-3s'), POWERED_AT + HOUR);
    expect([record.ITemp, record.Fan2, record.TA]).toEqual(['-273', undefined, '12']);
    expect(numbers(record.PVT_T0)).toHaveLength(12);
    const nested = first(device('nano-3s', { 'nested-record': true }), 'stats', 'STATS', POWERED_AT + HOUR);
    expect(nested['MM ID0:Summary']).toMatch(/^'STATS':\{Ver\[Nano3s-.* Nonce Mask\[25\]\}$/);
    expect(nested.HBinfo).toMatch(/^'HB0':\{PVT_T0\[.*\] PVT_V0\[.*\] MW0\[.*\]\}$/);
  });

  test('windows of 30 s on farm machines, of 5 s at home; pools show their password at home only', () => {
    const at = POWERED_AT + HOUR;
    expect(first(device('a1246'), 'summary', 'SUMMARY', at)).toHaveProperty(['MHS 30s']);
    expect(first(device('q'), 'summary', 'SUMMARY', at)).toHaveProperty(['MHS 5s']);
    expect(first(device('q'), 'pools', 'POOLS', at).Password).toBe('x');
    expect(first(device('a1246'), 'pools', 'POOLS', at)).not.toHaveProperty('Password');
  });

  test('the last share is counted in seconds since the program started', () => {
    const at = POWERED_AT + 2 * HOUR;
    const pool = first(device('q'), 'pools', 'POOLS', at);
    const elapsed = first(device('q'), 'summary', 'SUMMARY', at).Elapsed as number;
    expect(elapsed).toBe(2 * 3600 - 25);
    expect(pool['Last Share Time']).toBeLessThanOrEqual(elapsed);
    expect(pool['Last Share Time']).toBeGreaterThan(elapsed - 600);
  });
});

describe('commands', () => {
  test('reads join as in cgminer, in JSON and in text; what writes does not', () => {
    const q = device('q');
    const at = POWERED_AT + HOUR;
    const joined = ask(q, 'summary+devs+ascset+nonsense', at) as unknown as Record<string, Doc[]>;
    expect(Object.keys(joined)).toEqual(['summary', 'devs', 'ascset', 'nonsense', 'id']);
    expect(joined.summary?.[0]?.SUMMARY).toHaveLength(1);
    expect([joined.ascset, joined.nonsense].map((slot) => status(slot?.[0] as Doc))).toEqual([
      ['E', 45, "Access denied to 'ascset' command"],
      ['E', 14, 'Invalid command'],
    ]);
    expect(text(q, 'version+config', at)).toMatch(/^CMD=version\|STATUS=S,.*\|CMD=config\|STATUS=S,.*\|$/);
  });

  test('the long record stands unescaped in text form, its comma too', () => {
    const reply = text(device('a1246'), 'estats', POWERED_AT + HOUR);
    expect(reply).toMatch(
      /^STATUS=S,When=3600,Code=70,Msg=CGMiner stats,Description=cgminer 4\.11\.1\|STATS=0,ID=AVA100,/,
    );
    expect(reply).toContain('SYSTEMSTATU[Work: In Work, Hash Board: 3 ]');
  });

  test('stats has the pools behind the device, estats has not; litestats is the home machines alone', () => {
    const at = POWERED_AT + HOUR;
    expect(ask(device('q'), 'stats', at).STATS?.map((record) => record.ID)).toEqual(['AVALON0', 'POOL0', 'POOL1']);
    expect(ask(device('q'), 'estats', at).STATS?.map((record) => record.ID)).toEqual(['AVALON0']);
    expect(status(ask(device('a1246'), 'litestats', at))).toEqual(['E', 14, 'Invalid command']);
    expect(status(ask(device('a1246'), 'check', at, 'litestats'))).toEqual(['S', 72, 'Check command']);
    expect(first(device('nano-3s'), 'litestats', 'STATS', at)['MM ID0']).not.toContain('PVT_T0');
  });

  test('help lists the opcodes; what is wrong is refused with the numbers of cgminer', () => {
    const q = device('q');
    const at = POWERED_AT + HOUR;
    expect(status(ask(q, 'ascset', at, '0,help'))[2]).toMatch(/^ASC 0 set info: help\|voltage\|.*\|time\|$/);
    expect(text(q, 'ascset|0,help', at)).toContain('info: help\\|voltage\\|');
    expect(
      [undefined, '1,help', '0', '0,led,1-1', '0,workmode', '0,workmode,set,9', '0,voltage,2300'].map((parameter) =>
        status(ask(q, 'ascset', at, parameter)),
      ),
    ).toEqual([
      ['E', 15, 'Missing device id parameter'],
      ['E', 107, 'Invalid ASC id 1 - range is 0 - 0'],
      ['E', 116, 'Missing option after ASC number'],
      ['E', 120, 'ASC 0 set failed: Unknown option: led'],
      ['E', 120, 'ASC 0 set failed: missing workmode value'],
      ['E', 120, 'ASC 0 set failed: invalid workmode value 9'],
      ['E', 120, 'ASC 0 set failed: voltage is not simulated'],
    ]);
  });

  test('the LED of a farm machine is set with 119, asked with 118, and seen in the long record', () => {
    const machine = device('a1246');
    const at = POWERED_AT + HOUR;
    expect(status(ask(machine, 'ascset', at, '0,led,1-1'))).toEqual(['S', 119, 'ASC 0 set OK']);
    expect(status(ask(machine, 'ascset', at, '0,led,1-255'))).toEqual(['I', 118, 'ASC 0 set info: LED[1]']);
    expect(long(machine, at).Led).toBe('1');
  });
});

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
