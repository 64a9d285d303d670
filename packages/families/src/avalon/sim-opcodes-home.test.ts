import { describe, expect, test } from 'vitest';
import {
  ask,
  device,
  failed,
  first,
  HOUR,
  info,
  isSilent,
  long,
  numbers,
  OK,
  POWERED_AT,
  rebooted,
  SECOND,
  set,
  status,
  WHOLE_MACHINES,
} from './sim.testing.ts';

const AT = POWERED_AT + 2 * HOUR;

describe('home machines', () => {
  test('voltage asks for the supply, and moves it within the range that its refusal names', () => {
    const q = device('q');
    const before = long(q, AT);
    expect(set(q, 'voltage', AT)).toEqual(info(`PS[${before.PS}]`));
    expect(set(q, 'voltage,2400', AT)).toEqual(OK);
    const after = long(q, AT);
    expect(numbers(after.PS)[5]).toBe(2400);
    expect(Math.abs((numbers(after.PS)[2] ?? 0) - 2400)).toBeLessThan(4);
    expect(numbers(after.PS)[6]).toBeGreaterThan(numbers(before.PS)[6] ?? 0);
    expect(numbers(after.PVT_V0)[0]).toBeGreaterThan(numbers(before.PVT_V0)[0] ?? 0);
    for (const bad of ['2149', '2601', 'x']) {
      expect(set(q, `voltage,${bad}`, AT)).toEqual(failed('Setting invalid: voltage range 2150~2600'));
    }
    expect(numbers(long(q, rebooted(q, AT)).PS)[5]).toBe(2296);
  });

  test('fans turn as they are told', () => {
    const q = device('q');
    expect(set(q, 'fan-spd,90', AT)).toEqual(OK);
    expect(long(q, AT).FanR).toBe('90%');
    expect(set(q, 'fan-spd,25..35', AT)).toEqual(OK);
    expect(long(q, AT).FanR).toBe('35%');
    expect(set(q, 'fan-spd,-1', AT)).toEqual(OK);
    expect(long(q, AT).FanR).toBe(long(device('q'), AT).FanR);
  });

  test('target-temp is what the fans hold until the mode changes or the machine restarts', () => {
    const mini = device('mini-3');
    expect(long(mini, AT).TarT).toBe('75');
    expect(set(mini, 'target-temp,60', AT)).toEqual(OK);
    expect(long(mini, AT).TarT).toBe('60');
    expect(Number.parseInt(long(mini, AT).FanR ?? '', 10)).toBeGreaterThan(
      Number.parseInt(long(device('mini-3'), AT).FanR ?? '', 10),
    );
    for (const bad of ['49', '91', 'warm']) {
      expect(set(mini, `target-temp,${bad}`, AT)).toEqual(failed('invalid target temp, valid range 50-90'));
    }
    expect(set(mini, 'workmode,set,1', AT)).toEqual(OK);
    expect(long(mini, AT + HOUR).TarT).toBe('75');
    set(mini, 'target-temp,90', AT + HOUR);
    expect(long(mini, rebooted(mini, AT + HOUR)).TarT).toBe('75');
  });

  test('mode and level are asked and set apart or together', () => {
    const q = device('q');
    expect(set(q, 'workmode,get', AT)).toEqual(info('workmode 1'));
    expect(set(q, 'workmode,1', AT)).toEqual(failed('workmode unknown argument'));
    expect(set(q, 'worklevel,set,-1', AT)).toEqual(OK);
    expect([set(q, 'worklevel,get', AT), long(q, AT).WORKLEVEL]).toEqual([info('worklevel -1'), '-1']);
    expect(set(q, 'worklevel,set,1', AT)).toEqual(failed('worklevel unknown argument'));
    expect(set(q, 'work_mode_lvl,get', AT)).toEqual(info('workmode 1 worklevel -1'));
    expect(set(q, 'work_mode_lvl,set,2,0', AT)).toEqual(OK);
    const record = long(q, AT + HOUR);
    expect([record.WORKMODE, record.WORKLEVEL, record.GHSmm, record.MPO]).toEqual(['2', '0', '90000.00', '1674']);
    expect(set(q, 'work_mode_lvl,set,2,5', AT + HOUR)).toEqual(failed('worklevel unknown argument level range:-1 ~ 0'));
    expect(set(q, 'work_mode_lvl,set,3,0', AT + HOUR)).toEqual(failed('error:1 not support set workmode max_mode[2]'));
    expect(set(q, 'work_mode_lvl,x', AT + HOUR)).toEqual(failed('error:2 parameter error'));
  });

  test('the level of a Nano 3 is its mode: 4 TH/s at 2, 2 TH/s at 0', () => {
    const nano = device('nano-3');
    expect([long(nano, AT).WORKLEVEL, long(nano, AT).GHSmm]).toEqual(['2', '4000.00']);
    expect(set(nano, 'workmode,get', AT)).toEqual(failed('Unknown option: workmode'));
    expect(set(nano, 'worklevel,set,0', AT)).toEqual(OK);
    const record = long(nano, AT + HOUR);
    expect([record.WORKLEVEL, record.GHSmm, set(nano, 'worklevel,get', AT + HOUR)]).toEqual([
      '0',
      '2000.00',
      info('worklevel 0'),
    ]);
    expect(set(nano, 'worklevel,set,3', AT + HOUR)).toEqual(failed('worklevel unknown argument'));
  });

  test('frequency is lost with the mode', () => {
    const q = device('q');
    expect(set(q, 'frequency,207:207:207:207', AT)).toEqual(OK);
    expect(long(q, AT).SF0).toBe('207 207 207 207');
    // 207 of 414 MHz: half of 80 TH/s.
    expect(long(q, AT).GHSmm).toBe('40000.00');
    set(q, 'workmode,set,0', AT);
    expect(long(q, AT + HOUR).SF0).toBe('258 276 297 318');
  });

  test('filter-clean starts the count of the filter again', () => {
    const q = device('q');
    expect(Number(long(q, AT).Filter)).toBeGreaterThan(100);
    expect(set(q, 'filter-clean,1', AT)).toEqual(OK);
    expect([long(q, AT).Filter, long(q, AT + HOUR).Filter]).toEqual(['0', '60']);
    expect(set(q, 'filter-clean,2', AT)).toEqual(failed('Input param error.'));
    expect(set(q, 'filter-clean,x', AT)).toEqual(failed('No value passed to avalon-filter-clean'));
    const nano = device('nano-3s');
    set(nano, 'filter-clean,1', AT);
    expect(first(nano, 'litestats', 'STATS', AT + HOUR)['MM ID0']).toContain(' Filter[60] ');
  });

  test('loop counts the chips', () => {
    expect(set(device('q'), 'loop', AT)).toEqual(info('LOOP[160 ]'));
    expect(set(device('nano-3s'), 'loop,get', AT)).toEqual(info('LOOP[12 ]'));
  });

  test.each([
    ['q', 'volt-tuning', 'volt_tuning'],
    ['nano-3s', 'volt-adjust-switch', 'volt_adjust_switch'],
  ])('without tuning the supply of a %s stays where it is set', (name, opcode, named) => {
    const machine = device(name);
    const volts = (now: number): number => numbers(set(machine, 'voltage', now)[2]?.toString().slice(19, -1))[2] ?? 0;
    const over = (from: number) => new Set(Array.from({ length: 30 }, (_, i) => volts(from + i * 60 * SECOND)));
    expect(over(AT).size).toBeGreaterThan(2);
    expect(set(machine, `${opcode},0-0`, AT)).toEqual(OK);
    expect(over(AT).size).toBe(1);
    expect(set(machine, `${opcode},1-0`, AT)).toEqual(OK);
    expect(over(AT).size).toBeGreaterThan(2);
    expect(set(machine, `${opcode},2`, AT)).toEqual(failed(`Invalid value to set_avalon_${named}_info`));
    expect(set(machine, `${opcode},1-1`, AT)).toEqual(failed(`Invalid modular index to set_avalon_${named}_info`));
  });

  test('reboot closes without a byte here too, and a Nano 3S cannot be switched off softly', () => {
    const nano = device('nano-3s');
    expect(isSilent(nano, 'reboot,0', AT)).toBe(true);
    expect(long(nano, AT + HOUR).BOOTBY).toBe('0x05.00000000');
    expect(set(nano, `softoff,1:${AT / 1000}`, AT + HOUR)).toEqual(failed('Unknown option: softoff'));
  });

  test('every opcode that help lists is there: none is an unknown option', () => {
    for (const name of WHOLE_MACHINES) {
      const listed = String(set(device(name), 'help', AT)[2])
        .slice('ASC 0 set info: '.length)
        .split('|')
        .filter((opcode) => opcode !== '');
      expect(listed.length).toBeGreaterThan(10);
      for (const opcode of listed) {
        const reply = device(name).cgminer?.receive(Buffer.from(`ascset|0,${opcode},255`), { address: '10.0.0.9' }, AT);
        const text = Buffer.concat((reply?.chunks ?? []).map(({ bytes }) => bytes)).toString();
        expect([name, opcode, text]).not.toEqual([name, opcode, expect.stringContaining('Unknown option')]);
      }
    }
  });

  test('what wants a setting is refused without one, by its name', () => {
    expect(
      ['lcd', 'worklevel', 'hash-sn-read', 'password'].map(
        (opcode) => status(ask(device('q'), 'ascset', AT, `0,${opcode}`))[2],
      ),
    ).toEqual([
      'ASC 0 set failed: missing lcd setting',
      'ASC 0 set failed: missing worklevel setting',
      'ASC 0 set failed: missing hash-sn-read setting',
      'ASC 0 set failed: missing password setting',
    ]);
  });
});
