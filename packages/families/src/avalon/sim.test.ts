import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ask,
  type Doc,
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
      [undefined, '1,help', '0', '0,led,1-1', '0,workmode', '0,workmode,set,9', '0,voltage,2149'].map((parameter) =>
        status(ask(q, 'ascset', at, parameter)),
      ),
    ).toEqual([
      ['E', 15, 'Missing device id parameter'],
      ['E', 107, 'Invalid ASC id 1 - range is 0 - 0'],
      ['E', 116, 'Missing option after ASC number'],
      ['E', 120, 'ASC 0 set failed: Unknown option: led'],
      ['E', 120, 'ASC 0 set failed: missing workmode setting'],
      ['E', 120, 'ASC 0 set failed: error:1 not support set workmode max_mode[2]'],
      ['E', 120, 'ASC 0 set failed: Setting invalid: voltage range 2150~2600'],
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

describe('nonsense', () => {
  test('whatever is sent, it answers within its form and does not break', () => {
    const request = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .string({ maxLength: 80 })
        .map((value) => Buffer.from(JSON.stringify({ command: 'ascset', parameter: `0,${value}` }))),
      fc
        .tuple(
          fc.constantFrom('workmode', 'worklevel', 'softoff', 'softon', 'fan-spd', 'led', 'reboot', 'hashpower'),
          fc.oneof(
            fc.string(),
            fc.constantFrom('set,0', 'set,2', 'get', '1:0', '1:99999999999', '-1', '50', '1-1', '0', '1'),
          ),
        )
        .map(([opcode, value]) => Buffer.from(`ascset|0,${opcode},${value}`)),
    );
    const machines = PROFILES.map((name) => device(name));
    let now = POWERED_AT + HOUR;
    fc.assert(
      fc.property(fc.constantFrom(...machines), request, (machine, sent) => {
        now += SECOND;
        const reaction = machine.cgminer?.receive(sent, { address: '10.0.0.9' }, now);
        expect(reaction?.end).toBe('fin');
        const record = long(machine, now);
        expect(record.SYSTEMSTATU).toMatch(/^Work: In (Work|Idle|Init), Hash Board: [13] ?$/);
        for (const key of ['PS', 'PVT_T0', 'MW0', 'GHSavg']) {
          expect(numbers(record[key]).every(Number.isFinite)).toBe(true);
        }
      }),
      { seed: 20, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
