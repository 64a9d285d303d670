import { describe, expect, test } from 'vitest';
import { AT, ask, code, device, first, SECOND, write } from './sim.testing.ts';

describe('fans', () => {
  const speeds = (machine: ReturnType<typeof device>, now = AT) => ask(machine, 'fans', now).FANS?.map((f) => f.Speed);

  test('a fixed speed is what they run at, and the boards feel it', () => {
    const machine = device();
    const before = first(machine, 'temps', 'TEMPS').TopLeft as number;
    expect(code(write(machine, 'fanset', 'speed=100'))[0]).toBe('S');
    expect(speeds(machine)).toEqual([100, 100, 100, 100]);
    expect(first(machine, 'fans', 'FANS').RPM).toBeGreaterThan(5900);
    expect(first(machine, 'temps', 'TEMPS').TopLeft as number).toBeLessThan(before);
    expect(first(machine, 'tempctrl', 'TEMPCTRL').Mode).toBe('Manual');
    write(machine, 'fanset', 'speed=0');
    expect(ask(machine, 'fans').FANS?.map((fan) => [fan.Speed, fan.RPM])).toEqual(Array(4).fill([0, 0]));
    expect(first(machine, 'temps', 'TEMPS').TopLeft as number).toBeGreaterThan(80);
    write(machine, 'fanset', 'speed=-1');
    expect(first(machine, 'tempctrl', 'TEMPCTRL').Mode).toBe('Automatic');
    expect(first(machine, 'temps', 'TEMPS').TopLeft).toBe(before);
  });

  test('the automatic stays within its range, and -1 gives the range back', () => {
    const machine = device();
    const own = speeds(machine)?.[0] as number;
    write(machine, 'fanset', 'max_speed=100,min_speed=95');
    expect(speeds(machine)).toEqual([95, 95, 95, 95]);
    write(machine, 'fanset', 'min_speed=-1,max_speed=-1');
    expect(speeds(machine)?.[0]).toBe(own);
  });

  test('older programs give speed and fans by their place', () => {
    const machine = device();
    const reply = write(machine, 'fanset', '60,2');
    expect(reply.FANCTRL).toEqual([{ MinFans: 2, PowerOffSpeed: 20 }]);
    expect(speeds(machine)).toEqual([60, 60, 60, 60]);
    write(machine, 'fanset', '-1');
    expect([ask(machine, 'fans').FANCTRL, speeds(machine)?.[0] === 60]).toEqual([
      [{ MinFans: 2, PowerOffSpeed: 20 }],
      false,
    ]);
  });

  test('the speed while asleep', () => {
    const machine = device();
    write(machine, 'fanset', 'power_off_speed=0');
    write(machine, 'curtail', 'sleep');
    expect(speeds(machine)).toEqual([0, 0, 0, 0]);
    expect(ask(machine, 'fans').FANCTRL).toEqual([{ MinFans: 3, PowerOffSpeed: 0 }]);
  });

  test.each([
    'speed=101',
    'speed=-2',
    'speed=fast',
    'min_speed=19',
    'max_speed=49',
    'min_speed=80,max_speed=60',
    'min_fans=5',
    'power_off_speed=101',
    'boost=1',
    '101',
    'full',
  ])('%s is refused and changes nothing', (parameter) => {
    const machine = device();
    expect(code(write(machine, 'fanset', parameter))).toEqual(['E', 401]);
    expect(ask(machine, 'fans')).toEqual(ask(device(), 'fans'));
    expect(code(write(machine, 'fanset'))).toEqual(['E', 400]);
  });
});

describe('temperatures', () => {
  test('by key in any order, all of them or some; the reply has them without the mode', () => {
    const machine = device();
    const reply = write(machine, 'tempctrlset', 'chip_hot_temp=80,dangerous_temp=75,target_temp=65,hot_temp=70');
    expect([...code(reply), reply.STATUS?.[0]?.Msg]).toEqual(['S', 330, 'Set temperature control']);
    const limits = {
      Target: 65,
      Hot: 70,
      Dangerous: 75,
      ChipHot: 80,
      ChipDangerous: 95,
      WaterInletDangerous: 55,
    };
    expect(reply.TEMPCTRL).toEqual([limits]);
    expect(ask(machine, 'tempctrl').TEMPCTRL).toEqual([{ Mode: 'Automatic', ...limits }]);
    expect(first(machine, 'limits', 'LIMITS')).toMatchObject({
      TemperatureTarget: 65,
      TemperatureHot: 70,
      TemperaturePanic: 75,
    });
  });

  test.each([
    'target_temp=80',
    'chip_hot_temp=100,chip_dangerous_temp=99',
    'dangerous_temp=91',
    '65,60,75',
    '65,70,75,80',
    'target_temp=x',
  ])('%s is refused and changes nothing', (parameter) => {
    const machine = device();
    expect(code(write(machine, 'tempctrlset', parameter))).toEqual(['E', 401]);
    expect(ask(machine, 'tempctrl')).toEqual(ask(device(), 'tempctrl'));
  });

  test('by place an empty one stays as it is', () => {
    const machine = device();
    expect(code(write(machine, 'tempctrlset', ',,80'))).toEqual(['S', 330]);
    expect(first(machine, 'tempctrl', 'TEMPCTRL')).toMatchObject({ Target: 60, Hot: 70, Dangerous: 80 });
  });
});

describe('the health of chips', () => {
  test('the chips that are named are looked at now, the others in their turn', () => {
    const machine = device();
    const now = AT + 17 * SECOND;
    write(machine, 'healthchipset', '0,3', now);
    const when = (chip: number) => ask(machine, 'healthchipget', now, `0,${chip}`).CHIPS?.[0]?.When;
    expect([when(2), when(3)]).toEqual([AT, now]);
    write(machine, 'healthchipset', '0', now);
    expect(when(2)).toBe(now);
    expect(code(write(machine, 'healthchipset', '0,77'))).toEqual(['E', 401]);
  });

  test('the factor decides what is healthy', () => {
    const machine = device();
    expect(code(write(machine, 'healthctrlset', '5,1.5'))[0]).toBe('S');
    const chips = ask(machine, 'healthchipget', AT, '0').CHIPS ?? [];
    expect(chips.filter((chip) => chip.Healthy === 'Y')).toEqual([]);
    for (const wrong of ['0,1', '5,x', '5,-1']) {
      expect([wrong, ...code(write(machine, 'healthctrlset', wrong))]).toEqual([wrong, 'E', 401]);
    }
    expect(code(write(machine, 'healthctrlset', '5'))).toEqual(['E', 400]);
  });
});
