import { type Case, save, th, w } from './case.testing.ts';
import type { State } from './double-state.testing.ts';
import type { Doc } from './wire.testing.ts';

const manual = (frequency: number, voltage: number, hashboards: readonly Doc[]) => ({
  manualmode: { global_frequency: { hertz: frequency }, global_voltage: { volt: voltage }, hashboards },
});

const mode = (doc: Doc): Pick<Case, 'method' | 'message' | 'rest'> => ({
  method: 'SetPerformanceMode',
  message: { ...save, mode: { mode: doc } },
  rest: ['PUT /api/v1/performance/mode', doc],
});

/** A list in which nothing stands leaves no trace in Protobuf. */
const modeWithoutBoards = (doc: { manualmode: Doc }): Pick<Case, 'method' | 'message' | 'rest'> => {
  const { hashboards: _, ...rest } = doc.manualmode;
  return { ...mode(doc), message: { ...save, mode: { mode: { manualmode: rest } } } };
};

const activeMode = ({ activeMode: active }: State) => Object.keys(active)[0];

export const TUNING: readonly Case[] = [
  {
    name: 'setFrequency',
    given: { frequencyMHz: 700 },
    ...modeWithoutBoards(manual(700e6, 13.6, [])),
    after: activeMode,
    is: 'manualmode',
  },
  {
    name: 'setFrequency',
    given: { frequencyMHz: 500, hashboard: 2 },
    ...mode(
      manual(650e6, 13.6, [
        { id: '3', frequency: { hertz: 600e6 } },
        { id: '2', frequency: { hertz: 500e6 } },
      ]),
    ),
    after: activeMode,
    is: 'manualmode',
  },
  {
    name: 'setVoltage',
    given: { voltageV: 13.2 },
    ...mode(manual(650e6, 13.2, [{ id: '3', frequency: { hertz: 600e6 } }])),
    after: activeMode,
    is: 'manualmode',
  },
  {
    name: 'setVoltage',
    given: { voltageV: 12.5, hashboard: '3' },
    ...mode(manual(650e6, 13.6, [{ id: '3', frequency: { hertz: 600e6 }, voltage: { volt: 12.5 } }])),
    after: activeMode,
    is: 'manualmode',
  },
  {
    name: 'setPowerMode',
    given: { mode: 'manual' },
    ...mode(manual(650e6, 13.6, [{ id: '3', frequency: { hertz: 600e6 } }])),
    after: activeMode,
    is: 'manualmode',
  },
  {
    name: 'setPowerMode',
    given: { mode: 'power-target' },
    ...mode({ tunermode: { target: { powertarget: { power_target: w(3000) } } } }),
    after: activeMode,
    is: 'tunermode',
  },
  {
    name: 'setPowerMode',
    given: { mode: 'hashrate-target' },
    // None is set: what the machine comes with.
    ...mode({ tunermode: { target: { hashratetarget: { hashrate_target: th(140) } } } }),
    after: activeMode,
    is: 'tunermode',
  },
  {
    name: 'braiins.setmanualmode',
    given: { frequencyMHz: 545.5, voltageV: 13 },
    ...modeWithoutBoards(manual(545.5e6, 13, [])),
    after: activeMode,
    is: 'manualmode',
  },
  {
    name: 'braiins.setdps',
    given: {
      enable: 'on',
      shutdown: 'on',
      shutdownHours: 4,
      powerStepW: 300,
      minPowerW: 2000,
      mode: 'boost',
      startPercent: 90,
    },
    method: 'SetDPS',
    message: {
      ...save,
      enable: true,
      enable_shutdown: true,
      shutdown_duration: { hours: 4 },
      target: { target: { powertarget: { power_step: w(300), min_power_target: w(2000) } } },
      mode: 2,
      on_start_target_percent: 90,
    },
    rest: [
      'PUT /api/v1/performance/dps',
      {
        save_action: 2,
        enable: true,
        enable_shutdown: true,
        shutdown_duration: { hours: 4 },
        target: { target: { powertarget: { power_step: w(300), min_power_target: w(2000) } } },
        mode: 2,
        on_start_target_percent: 90,
      },
    ],
    after: ({ dps }) => [dps.enabled, dps.mode, dps.on_start_target_percent],
    is: [true, 2, 90],
  },
  {
    name: 'braiins.setdps',
    given: { hashrateStepTHs: 5.5 },
    method: 'SetDPS',
    message: { ...save, target: { target: { hashratetarget: { hashrate_step: th(5.5) } } } },
    rest: [
      'PUT /api/v1/performance/dps',
      { save_action: 2, target: { target: { hashratetarget: { hashrate_step: th(5.5) } } } },
    ],
    after: ({ dps }) => dps.hashrate_step,
    is: th(5.5),
  },
  {
    name: 'braiins.setquickramping',
    given: { upS: 30, downS: 2 },
    method: 'SetQuickRamping',
    message: { ...save, up_s: 30, down_s: 2 },
    rest: ['PUT /api/v1/performance/quick-ramping', { up_s: 30, down_s: 2 }],
    after: ({ hashboardConfig }) => hashboardConfig.quick_ramping_time_up_s,
    is: 30,
  },
  {
    name: 'braiins.setdefaultquickramping',
    method: 'SetDefaultQuickRamping',
    message: save,
    rest: ['PUT /api/v1/performance/quick-ramping/default', null],
    after: ({ hashboardConfig }) => hashboardConfig.quick_ramping_time_down_s,
    is: 3,
  },
  {
    name: 'braiins.removetunedprofiles',
    method: 'RemoveTunedProfiles',
    message: {},
    rest: ['DELETE /api/v1/performance/tuned-profiles', null],
    after: ({ profiles }) => profiles,
    is: 0,
  },
];
