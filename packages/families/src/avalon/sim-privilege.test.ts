import { describe, expect, test } from 'vitest';
import {
  command,
  device,
  failed,
  HOUR,
  info,
  long,
  numbers,
  OK,
  POWERED_AT,
  rebooted,
  SECOND,
  set,
  text,
} from './sim.testing.ts';

const AT = POWERED_AT + 2 * HOUR;
const privilege = (machine: ReturnType<typeof device>, parameter: string, now = AT) =>
  command(machine, 'privilege', `0,${parameter}`, now);

/** An A10 with the privilege of a level. */
function privileged(level = 0) {
  const machine = device('a1066');
  expect(privilege(machine, `enable_privilege,${level}`)).toEqual(OK);
  return machine;
}

describe('the privileged commands of an A10', () => {
  test('exist on an A10 alone, and only after they were enabled', () => {
    expect(text(device('a1246'), 'privilege|0,enable_privilege,0', AT)).toContain('Code=14,');
    const machine = device('a1066');
    expect(privilege(machine, 'setvolt,1260')).toEqual(failed('privilege is not enabled'));
    expect(privilege(machine, 'enable_privilege,2')).toEqual(failed('enable_privilege parameter error'));
    expect(privilege(machine, 'enable_privilege,0')).toEqual(OK);
    expect(privilege(machine, 'setvolt,1260')).toEqual(OK);
    expect(privilege(machine, 'format_flash')).toEqual(failed('Unknown option: format_flash'));
    expect(command(machine, 'privilege', '1,get_DH', AT)).toEqual(failed('privilege parameter error'));
  });

  test('setfreq gives one board its clocks', () => {
    const machine = privileged();
    expect(privilege(machine, 'setfreq,500,510,520,530,2')).toEqual(OK);
    const record = long(machine, AT);
    expect([record.SF0, record.SF1, record.SF2]).toEqual(['575 600 625 650', '500 510 520 530', '575 600 625 650']);
    expect(privilege(machine, 'setfreq, 500, 510, 520, 530, 0')).toEqual(OK);
    expect(long(machine, AT).SF2).toBe('500 510 520 530');
    for (const bad of ['500,510,520,530', '500,510,520,530,4', '1,510,520,530,1', 'a,b,c,d,e']) {
      expect(privilege(machine, `setfreq,${bad}`)).toEqual(failed('setfreq parameter error'));
    }
  });

  test('setvolt goes from 1200 to 1388 in steps of 4, to 1400 at level 1', () => {
    const machine = privileged();
    const volts = () => numbers(long(machine, AT).PS)[5];
    for (const good of [1200, 1388]) expect([privilege(machine, `setvolt,${good}`), volts()]).toEqual([OK, good]);
    for (const bad of ['1196', '1392', '1202', 'x']) {
      expect(privilege(machine, `setvolt,${bad}`)).toEqual(failed('setvolt parameter error, range 1200-1388, step 4'));
    }
    expect(volts()).toBe(1388);
    privilege(machine, 'enable_privilege,1');
    expect([privilege(machine, 'setvolt,1400'), volts()]).toEqual([OK, 1400]);
    expect(privilege(machine, 'setvolt,1404')).toEqual(failed('setvolt parameter error, range 1200-1400, step 4'));
  });

  test('without fans the chips get hot', () => {
    const machine = privileged();
    const before = long(machine, AT);
    expect(privilege(machine, 'disable_fan')).toEqual(OK);
    const still = long(machine, AT);
    expect([still.FanR, still.Fan1, still.Fan4]).toEqual(['0%', '0', '0']);
    expect(Number(still.TMax)).toBeGreaterThan(Number(before.TMax) + 15);
    expect(privilege(machine, 'enable_fan')).toEqual(OK);
    expect(long(machine, AT).FanR).toBe(before.FanR);
  });

  test('settemp takes up to 105 degrees; the fans then do less', () => {
    const machine = privileged();
    const before = Number.parseInt(long(machine, AT).FanR ?? '', 10);
    expect(privilege(machine, 'settemp,85')).toEqual(OK);
    expect(Number.parseInt(long(machine, AT).FanR ?? '', 10)).toBeLessThan(before);
    expect(privilege(machine, 'settemp,105')).toEqual(OK);
    expect(privilege(machine, 'settemp,106')).toEqual(failed('settemp parameter error, range 50-105'));
  });

  test('what it asks for is what the long record says', () => {
    const machine = privileged();
    const record = long(machine, AT);
    expect(privilege(machine, 'get_DH')).toEqual(info(`DH[${record.DH}]`));
    expect(privilege(machine, 'get_GHSmm')).toEqual(info(`GHSmm[${record.GHSmm}]`));
    expect(privilege(machine, 'get_fan_status')).toEqual(
      info(`Fan1[${record.Fan1}] Fan2[${record.Fan2}] Fan3[${record.Fan3}] Fan4[${record.Fan4}] FanR[${record.FanR}]`),
    );
    expect(privilege(machine, 'set_chip_max_temp,99')).toEqual(OK);
    expect(privilege(machine, 'set_chip_max_temp,200')).toEqual(
      failed('set_chip_max_temp parameter error, range 60-120'),
    );
    expect(privilege(machine, 'get_temp_status')).toEqual(
      info(`TMax[${record.TMax}] TAvg[${record.TAvg}] TarT[66] ChipMax[99]`),
    );
    expect(privilege(machine, 'get_hash_comm_state')).toEqual(info('HASHCOMM[0 0 0]'));
    const details = String(privilege(machine, 'get_temp_details')[2]);
    expect(numbers(/PVT_T0\[([^\]]*)\]/.exec(details)?.[1])).toEqual(numbers(record.PVT_T0));
  });

  test('a restart forgets it all, unless it was saved', () => {
    const machine = privileged();
    privilege(machine, 'setvolt,1240');
    privilege(machine, 'setfreq,500,510,520,530,0');
    const later = rebooted(machine, AT);
    expect([long(machine, later).SF0, numbers(long(machine, later).PS)[5]]).toEqual(['575 600 625 650', 1280]);
    expect(privilege(machine, 'savesettings', later)).toEqual(failed('privilege is not enabled'));
    privilege(machine, 'enable_privilege,0', later);
    privilege(machine, 'setvolt,1240', later);
    privilege(machine, 'setfreq,500,510,520,530,0', later);
    expect(privilege(machine, 'savesettings', later)).toEqual(OK);
    const last = rebooted(machine, later);
    expect([long(machine, last).SF0, numbers(long(machine, last).PS)[5]]).toEqual(['500 510 520 530', 1240]);
    // 515 of 612.5 MHz of 51.06 TH/s, from the first minute.
    expect(long(machine, last).GHSmm).toBe('42932.08');
    expect(Number(long(machine, last).GHSavg)).toBeLessThan(43_500);
    expect(set(machine, 'restore', last)[1]).toBe(118);
    expect(long(machine, last + HOUR).SF0).toBe('575 600 625 650');
    expect(machine.listening('cgminer', last + SECOND)).toBe(false);
  });
});
