import type { Doc } from './wire.testing.ts';

/* What a machine in memory is and what is set, in the form of the published REST descriptions of BraiinsOS. */

export const NOW = 1_760_000_000_000;

/** Quantities as the REST API writes them. */
export const freshState = () => ({
  status: 2,
  minerStartedAt: NOW - 3_600_000,
  startedAt: NOW - 86_400_000,
  version: '2025-08-06-0-3881c51d-25.07-plus',
  locate: false,
  groups: [
    {
      uid: 'G1',
      name: 'Default',
      strategy: { quota: { value: 1 } },
      pools: [
        { uid: 'P1', url: 'stratum+tcp://one.example:3333', user: 'farm.a', password: 'secret-one', enabled: true },
        { uid: 'P2', url: 'stratum+tcp://two.example:3333', user: 'farm.b', password: 'x', enabled: true },
      ],
    },
    {
      uid: 'G2',
      name: 'Other',
      strategy: { fixedshareratio: { value: 0.25 } },
      pools: [{ uid: 'P3', url: 'stratum+tcp://three.example:443', user: 'farm.c', password: 'pw3', enabled: false }],
    },
  ] as Doc[],
  tuner: { enabled: true, tuner_mode: 1, power_target: { watt: 3000 }, hashrate_target: null } as Doc,
  nominalW: 3250,
  cooling: {
    mode: {
      auto: {
        target_temperature: { degree_c: 60 },
        hot_temperature: { degree_c: 75 },
        dangerous_temperature: { degree_c: 90 },
        min_fan_speed: 20,
        max_fan_speed: 90,
        minimum_required_fans: 2,
      },
    },
  } as Doc,
  dps: {
    enabled: false,
    power_step: { watt: 200 },
    min_power_target: { watt: 1500 },
    shutdown_enabled: false,
    mode: 1,
  } as Doc,
  hashboardConfig: {
    global_frequency: { hertz: 650e6 },
    global_voltage: { volt: 13.6 },
    hashboards: [{ id: '3', enabled: true, frequency: { hertz: 600e6 } }],
    quick_ramping_time_up_s: 10,
    quick_ramping_time_down_s: 5,
  } as Doc,
  activeMode: { tunermode: { target: { powertarget: { power_target: { watt: 3000 } } } } } as Doc,
  profiles: 2,
  boards: [
    { id: '1', enabled: true, chips_count: { value: 110 }, serial_number: 'HB1' },
    { id: '2', enabled: true, chips_count: { value: 110 } },
    { id: '3', enabled: false, chips_count: { value: 108 } },
  ] as Doc[],
  network: { hostname: 'miner', protocol: { dhcp: {} } } as Doc,
  address: '10.0.0.5',
  license: { state: { none: { time_to_restricted: 86_400 } } } as Doc,
  autoUpgrade: { enabled: false, schedule: { schedule_type: { daily: { time: { hours: 2, minutes: 0 } } } } } as Doc,
  settings: { min_fan_pwm: 25 } as Doc,
});

export type State = ReturnType<typeof freshState>;

export const CONSTRAINTS: Doc = {
  tuner_constraints: {
    power_target: { default: { watt: 3010 }, min: { watt: 1700 }, max: { watt: 6500 } },
    hashrate_target: {
      default: { terahash_per_second: 140 },
      min: { terahash_per_second: 60 },
      max: { terahash_per_second: 200 },
    },
    default_mode: 1,
  },
  cooling_constraints: {
    default_cooling_mode: 1,
    target_temperature: { default: { degree_c: 60 }, min: { degree_c: 10 }, max: { degree_c: 80 } },
    hot_temperature: { default: { degree_c: 75 }, min: { degree_c: 20 }, max: { degree_c: 90 } },
    dangerous_temperature: { default: { degree_c: 90 }, min: { degree_c: 30 }, max: { degree_c: 100 } },
    fan_speed_ratio: { default: 0.7, min: 0.1, max: 1 },
    minimum_required_fans: { default: 2, min: 0, max: 4 },
  },
  dps_constraints: {
    power_step: { default: { watt: 100 }, min: { watt: 100 }, max: { watt: 1000 } },
    shutdown_duration: { default: { hours: 3 }, min: { hours: 1 }, max: { hours: 24 } },
  },
  hashboards_constraints: {
    hashboard_ids: ['1', '2', '3'],
    frequency: { default: { hertz: 675e6 }, min: { hertz: 50e6 }, max: { hertz: 900e6 } },
    voltage: { default: { volt: 13.7 }, min: { volt: 11 }, max: { volt: 15.2 } },
    quick_ramping_time_s: { default: 3, min: 1, max: 300 },
  },
};
