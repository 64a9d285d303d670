import { describe, expect, test } from 'vitest';
import { ask, device, failed, first, HOUR, info, numbers, OK, POWERED_AT, SECOND, set } from './sim.testing.ts';

const AT = POWERED_AT + 2 * HOUR;
type Machine = ReturnType<typeof device>;

/** The record of one module by key. */
function module(machine: Machine, id: number, now = AT): Record<string, string> {
  const record = String(first(machine, 'stats', 'STATS', now)[`MM ID${id}`]);
  return Object.fromEntries([...record.matchAll(/([A-Za-z][A-Za-z0-9_]*)\[([^\]]*)\]/g)].map((m) => [m[1], m[2]]));
}

describe('modules behind a controller: A7 and A8', () => {
  test('each has a string of its own, counted from 1, and the controller its adapter', () => {
    const stats = first(device('a741'), 'stats', 'STATS', AT);
    expect(stats).toMatchObject({ ID: 'AV70', 'MM Count': 2, Connecter: 'AUC', 'Voltage Offset': 0, 'Nonce Mask': 29 });
    expect(Object.keys(module(device('a741', { 'debug-record': false }), 1))).toEqual(
      'Ver DNA Elapsed MW LW MH HW DH Temp TMax Fan FanR Vi Vo GHSmm WU Freq PG Led MW0 MW1 MW2 MW3 TA ECHU ECMM FM CRC PVT_T'.split(
        ' ',
      ),
    );
    const [one, two] = [module(device('a741'), 1), module(device('a741'), 2)];
    expect([one.Ver, one.TA, one.GHSmm, numbers(one.MW0).length]).toEqual(['7411706-3162860', '88', '7300.00', 22]);
    expect(one.DNA).not.toBe(two.DNA);
    expect(one.PVT_T).toMatch(/^(\d+-\d+\/\d+-\d+\/\d+ ?){4}$/);
    expect(first(device('a841'), 'stats', 'STATS', AT)).toMatchObject({ ID: 'AV80', 'Voltage Level Offset': 0 });
    expect(first(device('a841'), 'devdetails', 'DEVDETAILS', AT)).toMatchObject({ Name: 'AV8', Driver: 'avalon8' });
  });

  test('an A8 tells of its chips, clocks, factory value and overclocking only with --debug', () => {
    const debug = module(device('a841'), 1);
    expect([debug.FAC0, debug.OC, debug.SF3, numbers(debug.PVT_T0).length]).toEqual(['0', '0', '725 750 775 800', 26]);
    // A 26th chip, the eight voltages of its cores; a list for the whole board comes with the 851 (driver avalon8).
    expect([numbers(debug.PVT_V3_25).length, debug.PVT_V3_26, debug.PVT_V3]).toEqual([8, undefined, undefined]);
    for (const mv of numbers(debug.PVT_V0_0)) expect(mv).toBeGreaterThan(400);
    const plain = module(device('a841', { 'debug-record': false }), 1);
    expect([plain.FAC0, plain.OC, plain.SF0, plain.PVT_T0]).toEqual([undefined, undefined, undefined, undefined]);
    expect(Object.keys(plain)).toEqual(
      'Ver DNA Elapsed MW LW MH HW Temp TMax Fan FanR Vi Vo GHSmm WU Freq PG Led MW0 MW1 MW2 MW3 TA ECHU ECMM FM CRC'.split(
        ' ',
      ),
    );
    // Ten-thousandths of a volt: published replies of an 841 have Vo[3893 3889 3932 3890].
    expect(plain.Vo).toBe('3890 3890 3890 3890');
  });

  test('an A7 knows no overclocking, also with --debug', () => {
    const debug = module(device('a741'), 1);
    expect([debug.FAC0, debug.OC, debug.SF3]).toEqual(['0', undefined, '600 625 637 650']);
  });

  test('help names what both drivers name', () => {
    expect(set(device('a841'), 'help', AT)).toEqual(
      info('pdelay|fan|frequency|led|voltage').with(2, 'ASC 0 set help: pdelay|fan|frequency|led|voltage'),
    );
    expect(set(device('a741'), 'nonsense,1', AT)).toEqual(failed('Unknown option: nonsense'));
  });

  test('pdelay makes what a module measures as old as that', () => {
    const machine = device('a841');
    const temperatures = (from: number) =>
      new Set(Array.from({ length: 40 }, (_, i) => module(machine, 1, from + i * SECOND).PVT_T0));
    const start = Math.ceil(AT / 60_000) * 60_000;
    expect(temperatures(start).size).toBeGreaterThan(3);
    expect(set(machine, 'pdelay,60000', AT)).toEqual(OK);
    expect(temperatures(start).size).toBe(1);
    for (const bad of ['0', '65536']) {
      expect(set(machine, `pdelay,${bad}`, AT)).toEqual(failed(`invalid polling delay: ${bad}, valid range 1-65535`));
    }
    expect(set(machine, 'pdelay', AT)).toEqual(failed('missing polling delay setting'));
  });

  test('fan keeps a least speed, or a range', () => {
    const machine = device('a741');
    expect(set(machine, 'fan,100', AT)).toEqual(OK);
    expect(module(machine, 1).FanR).toBe('100%');
    expect(set(machine, 'fan,10-20', AT)).toEqual(OK);
    expect(module(machine, 2).FanR).toBe('20%');
    for (const bad of ['101', '60-50', 'x']) {
      expect(set(machine, `fan,${bad}`, AT)).toEqual(failed('invalid fan value, valid range 0-100'));
    }
    expect(set(machine, 'fan', AT)).toEqual(failed('missing fan value'));
  });

  test('frequency is for all modules, for one, or for one board of it', () => {
    const machine = device('a841');
    expect(set(machine, 'frequency,381-2', AT)).toEqual(OK);
    expect([module(machine, 1).SF0, module(machine, 2).SF0]).toEqual(['725 750 775 800', '381 381 381 381']);
    // 381.25 is half of the mean clock; half of half of 27.2 TH/s.
    expect(Number(module(machine, 2).GHSmm)).toBeCloseTo(6795.5, 0);
    expect(set(machine, 'frequency,500-1-2', AT)).toEqual(OK);
    expect([module(machine, 1).SF0, module(machine, 1).SF1]).toEqual(['725 750 775 800', '500 500 500 500']);
    expect(set(machine, 'frequency,600', AT)).toEqual(OK);
    expect([module(machine, 1).SF1, module(machine, 2).SF3]).toEqual(['600 600 600 600', '600 600 600 600']);
    expect(set(machine, 'frequency,1201', AT)).toEqual(failed('Invalid value passed to set_avalon8_device_freq'));
    expect(set(machine, 'frequency,600-9', AT)).toEqual(failed('Invalid modular index to set_avalon8_device_freq'));
    expect(set(machine, 'frequency,600-3', AT)).toEqual(failed('Disabled modular to set_avalon8_device_freq'));
    expect(set(machine, 'frequency,600-1-5', AT)).toEqual(failed('Invalid miner index to set_avalon8_device_freq'));
  });

  test('led is switched, or turned over when no state is given', () => {
    const machine = device('a741');
    expect(set(machine, 'led,2-1', AT)).toEqual(OK);
    expect([module(machine, 1).Led, module(machine, 2).Led]).toEqual(['0', '1']);
    expect(set(machine, 'led,2', AT)).toEqual(OK);
    expect(module(machine, 2).Led).toBe('0');
    expect(set(machine, 'led,1-2', AT)).toEqual(failed('invalid LED status: 2, valid value 0|1'));
    expect(set(machine, 'led,0', AT)).toEqual(failed('invalid module_id: 0, valid range 1-6'));
    expect(set(machine, 'led,3', AT)).toEqual(failed('the current module was disabled 3'));
    expect(set(machine, 'led', AT)).toEqual(failed('missing module_id setting'));
  });

  test('voltage of an A7, voltage-level of an A8', () => {
    const [a7, a8] = [device('a741'), device('a841')];
    expect(module(a7, 1).Vo).toBe('4480 4480 4480 4480');
    expect(set(a7, 'voltage,4500-1-2', AT)).toEqual(OK);
    expect([module(a7, 1).Vo, module(a7, 2).Vo]).toEqual(['4480 4500 4480 4480', '4480 4480 4480 4480']);
    expect(set(a7, 'voltage,100', AT)).toEqual(failed('Invalid value passed to set_avalon7_device_voltage'));
    expect(set(a7, 'voltage-level,1', AT)).toEqual(failed('Unknown option: voltage-level'));
    const before = numbers(module(a8, 1).Vo);
    expect(set(a8, 'voltage-level,-5', AT)).toEqual(OK);
    expect(numbers(module(a8, 1).Vo)[0]).toBeLessThan(before[0] ?? 0);
    expect(set(a8, 'voltage-level,16', AT)).toEqual(failed('Invalid value passed to set_avalon8_device_voltage_level'));
    expect(set(a8, 'voltage,1', AT)).toEqual(failed('Unknown option: voltage'));
  });

  test('factory and overclocking are seen in the record', () => {
    const machine = device('a841');
    expect([set(machine, 'factory,7', AT), set(machine, 'overclocking,1', AT)]).toEqual([OK, OK]);
    expect([module(machine, 2).FAC0, module(machine, 2).OC]).toEqual(['7', '1']);
    expect(set(machine, 'factory,17', AT)).toEqual(failed('Invalid value passed to set_avalon8_factory_info'));
    expect(set(machine, 'overclocking,2', AT)).toEqual(failed('Invalid value passed to set_avalon8_overclocking_info'));
    expect(set(device('a741'), 'overclocking,1', AT)).toEqual(failed('Unknown option: overclocking'));
  });

  test('reboot starts one module, not the program', () => {
    const machine = device('a841');
    expect(set(machine, 'reboot,2', AT)).toEqual(OK);
    const later = AT + 80 * SECOND;
    expect([module(machine, 2, later).Elapsed, Number(module(machine, 1, later).Elapsed) > 7000]).toEqual(['60', true]);
    expect(machine.listening('cgminer', AT + SECOND)).toBe(true);
    expect(set(machine, 'reboot,0', AT)).toEqual(failed('invalid module_id: 0, valid range 1-5'));
    expect(set(machine, 'reboot', AT)).toEqual(failed('missing reboot value'));
  });

  test('the pool commands of cgminer are all there, and no web page of their own', () => {
    const machine = device('a741');
    expect(ask(machine, 'addpool', AT, 'stratum+tcp://third.example.com:1,me,x').STATUS?.[0]).toMatchObject({
      Code: 55,
    });
    expect(ask(machine, 'pools', AT).POOLS).toHaveLength(3);
    expect(machine.http).toBeUndefined();
    expect(machine.listening('http', AT)).toBe(false);
  });
});
