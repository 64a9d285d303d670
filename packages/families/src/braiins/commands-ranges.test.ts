import { ACTIONS, blankIdentity, HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { actionsOfBraiins, lacksOfBraiins, ownOfBraiins } from './commands.ts';
import { BraiinsDouble } from './double.testing.ts';
import { errorOf, perform, prepare } from './perform.testing.ts';

describe('what this very machine does not take is not sent', () => {
  test.each([
    ['setPowerLimit', { powerW: 1000 }, 'takes 1700 to 6500 W on this machine, not 1000'],
    ['setPowerLimit', { powerW: 7000 }, 'GetConstraints, tuner_constraints.power_target'],
    ['braiins.incrementpowertarget', { powerW: 4000 }, 'takes 1700 to 6500 W on this machine, not 7000'],
    ['braiins.decrementpowertarget', { powerW: 2000 }, 'not 1000'],
    ['braiins.setrelativepowertarget', { percent: 50, reference: 'min' }, '1700 to 6500 W'],
    ['braiins.sethashratetarget', { hashrateTHs: 250 }, 'takes 60 to 200 TH/s on this machine, not 250'],
    ['setFrequency', { frequencyMHz: 1000 }, 'takes 50 to 900 MHz on this machine, not 1000'],
    ['setVoltage', { voltageV: 10 }, 'takes 11 to 15.2 V on this machine, not 10'],
    ['setFrequency', { frequencyMHz: 500, hashboard: 7 }, 'a hashboard of this machine (1, 2, 3), not 7'],
    ['setFan', { percent: 5 }, 'takes 10 to 100 % on this machine, not 5'],
    ['setTemperatureTarget', { targetC: 85 }, 'takes 10 to 80 °C on this machine, not 85'],
    ['setTemperatureTarget', { targetC: 78 }, 'targetC (78 °C) has to be below hotC (75 °C)'],
    [
      'braiins.setcoolingmode',
      { mode: 'auto', minFanPercent: 95 },
      'minFanPercent (95 %) has to be below maxFanPercent (90 %)',
    ],
    ['braiins.setcoolingmode', { mode: 'hydro', fanPercent: 50 }, 'the mode hydro has no fanPercent'],
    ['braiins.setcoolingmode', { mode: 'manual' }, 'the mode manual wants a fanPercent'],
    ['braiins.setdps', { powerStepW: 50 }, 'takes 100 to 1000 W on this machine, not 50'],
    ['braiins.setdps', { powerStepW: 200, hashrateStepTHs: 5 }, 'not both at once'],
    ['braiins.setdps', {}, 'needs one of its parameters'],
    ['braiins.setquickramping', { upS: 600, downS: 5 }, 'takes 1 to 300 s on this machine, not 600'],
    ['disableHashboard', { hashboard: 4 }, 'a hashboard of this machine (1, 2, 3), not 4'],
    ['switchPool', { pool: 3 }, 'the number of a pool of this machine (0 to 2), not 3'],
    [
      'braiins.setquota',
      { group: 'None', quota: 1 },
      'no group is called "None"; this machine has "Default" (G1), "Other" (G2)',
    ],
    ['braiins.updatepoolgroup', { group: 'G1' }, 'needs what is to be another'],
    ['braiins.updatepoolgroup', { group: 'G1', quota: 1, sharePercent: 5 }, 'a quota or a fixed share, not both'],
    ['braiins.setsettings', { settings: '{"warp": 9}' }, 'this machine has no setting warp'],
    ['braiins.setsettings', { settings: '[1]' }, 'a JSON object with one setting'],
    ['braiins.setsettings', { settings: '{"min' }, 'takes a JSON object'],
    ['braiins.updateautoupgradeconfig', { on: true, schedule: 'weekly', time: '03:00' }, 'weekly needs dayOfWeek'],
    ['braiins.updateautoupgradeconfig', { on: true, time: '03:00' }, 'go with a schedule'],
    ['setNetwork', { mode: 'static', address: '10.0.0.9' }, 'static needs address, netmask and gateway'],
    ['setNetwork', { mode: 'dhcp', address: '10.0.0.9' }, 'dhcp takes no addresses'],
    [
      'setNetwork',
      { mode: 'static', address: '10.0.0.9', netmask: '255.255.255.0', gateway: '10.0.0.1' },
      'static needs dns',
    ],
  ])('%s %j', async (name, given, said) => {
    const machine = new BraiinsDouble();
    const error = await errorOf(() => perform(machine, name, given));
    expect(error.code).toBe('usage/invalid');
    expect(error.message).toContain(said);
    expect(error.message).toMatch(/nothing was sent/);
    expect(machine.writes).toEqual([]);
  });

  test('a machine that has no GetConstraints yet decides by itself', async () => {
    const machine = new BraiinsDouble();
    machine.fails.set(
      'GetConstraints',
      () => new HeadframeError('support/unsupported', { vendorCode: 'UNIMPLEMENTED' }),
    );
    const { seen } = await perform(machine, 'setPowerLimit', { powerW: 1000 });
    expect(seen?.done).toBe(true);
  });

  test('bounds that are both zero are none', async () => {
    const machine = new BraiinsDouble();
    machine.alters.set('GetConstraints', () => ({
      dps_constraints: { on_start_target_percent: { default: 0, min: 0, max: 0 } },
    }));
    const { seen } = await perform(machine, 'braiins.setdps', { startPercent: 80 });
    expect(seen?.done).toBe(true);
  });
});

describe('a machine in a liquid', () => {
  test('has no fans to set', async () => {
    const machine = new BraiinsDouble();
    machine.state.cooling = { mode: { immersion: {} } };
    const error = await errorOf(() => perform(machine, 'setFan', { percent: 50 }));
    expect(error.message).toContain('the machine is in immersion mode, which has no fans');
  });

  test('keeps its mode when its target is another', async () => {
    const machine = new BraiinsDouble();
    machine.state.cooling = { mode: { hydro: { hot_temperature: { degree_c: 70 } } } };
    await perform(machine, 'setTemperatureTarget', { targetC: 45 });
    expect(machine.state.cooling).toEqual({
      mode: { hydro: { hot_temperature: { degree_c: 70 }, target_temperature: { degree_c: 45 } } },
    });
  });
});

test('a machine on which nothing is set is set from the mode and the values it comes with', async () => {
  const machine = new BraiinsDouble();
  machine.state.cooling = {};
  machine.state.hashboardConfig = {};
  await perform(machine, 'setTemperatureTarget', { targetC: 58 });
  expect(machine.state.cooling).toEqual({ mode: { auto: { target_temperature: { degree_c: 58 } } } });
  await perform(machine, 'setFrequency', { frequencyMHz: 500 });
  expect(machine.writes.at(-1)?.message).toEqual({
    save_action: 2,
    mode: { mode: { manualmode: { global_frequency: { hertz: 500e6 }, global_voltage: { volt: 13.7 } } } },
  });
});

test('what changes with it is said beforehand', async () => {
  const notes = async (name: string, given: Record<string, unknown>) =>
    (await prepare(new BraiinsDouble().links(), name, given)).notes?.join('\n');
  expect(await notes('setFrequency', { frequencyMHz: 700 })).toContain('hashboard 3 follows the others');
  expect(await notes('setFan', { percent: 40 })).toContain('they are forgotten: minFanPercent, maxFanPercent');
  expect(await notes('setPools', { pools: 'stratum+tcp://a.example:1,w' })).toContain('The other groups go');
  expect(await notes('disableHashboard', { hashboard: 1 })).toContain(
    'Hashboard 1 is number 1 of 3, serial number HB1',
  );
  expect(await notes('braiins.incrementpowertarget', { powerW: 100 })).toBe('From 3000 to 3100 W');
});

describe('a machine that moves to another address', () => {
  test('is not read back there', async () => {
    const given = {
      mode: 'static',
      address: '10.0.0.9',
      netmask: '255.255.255.0',
      gateway: '10.0.0.1',
      dns: '1.1.1.1',
    };
    const prepared = await prepare(new BraiinsDouble().links(), 'setNetwork', given);
    expect(prepared.readBack).toEqual({ never: 'the machine moves from 10.0.0.5 to 10.0.0.9: look for it there' });
  });
});

describe('a release', () => {
  const identity = (firmwareVersion: string | null) => ({ ...blankIdentity('braiins'), firmwareVersion });
  const common = (version: string | null) => Object.keys(actionsOfBraiins(identity(version))).sort();

  test.each(['2022-09-13-0-11012d53-22.08-plus', '22.08', '21.09.1'])(
    'without gRPC has what port 4028 has: %s',
    (version) => {
      expect(common(version)).toEqual(
        ['addPool', 'disablePool', 'enablePool', 'pause', 'removePool', 'resume', 'setPools', 'switchPool'].sort(),
      );
      expect(ownOfBraiins(identity(version))).toEqual({});
      expect(lacksOfBraiins(identity(version)).setPowerLimit).toContain('has no gRPC API yet: 23.03 has');
    },
  );

  test.each(['2025-08-06-0-3881c51d-25.07-plus', '23.03', '26.04', null])('with gRPC has it all: %s', (version) => {
    const lacks = Object.keys(lacksOfBraiins(identity(version)));
    expect(lacks).toEqual(['setProfile', 'setTimeZone', 'setLogServer']);
    expect([...common(version), ...lacks].sort()).toEqual(Object.keys(ACTIONS).sort());
    expect(Object.keys(ownOfBraiins(identity(version)))).toHaveLength(41);
  });
});
