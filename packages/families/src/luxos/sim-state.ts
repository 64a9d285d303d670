import { type LuxosPlan, point, type TuningProfile, tuningProfiles } from './sim-plan.ts';

/**
 * What a machine under LuxOS can be told and keeps: its configuration. A write replaces it by a changed copy, so that
 * what was saved is the copy of that moment.
 */
export interface LuxosSettings {
  /** Name of the profile that is set. */
  readonly profile: string;
  /** Profiles that somebody made; one that has the name of a profile of the firmware overrides that. */
  readonly ownProfiles: readonly OwnProfile[];
  readonly atm: AtmSettings;
  /** W; 0 when the machine runs by profile. */
  readonly powerTargetW: number;
  /** `autotunerset`, `tunerswitch` and `tunableswitch`. */
  readonly autotuner: boolean;
  readonly tuner: boolean;
  readonly tunable: boolean;
  /** `tempctrl`, °C. */
  readonly temperatures: TemperatureSettings;
  readonly fan: FanSettings;
  readonly sensor: {
    readonly badAverageThreshold: number;
    readonly maxBadReadings: number;
    readonly minPerBoard: number;
  };
  readonly health: { readonly readings: number; readonly factor: number };
  readonly hashboards: { readonly overtempAutoRecovery: boolean; readonly noPicProtectionMode: string };
  readonly disabledBoards: readonly number[];
  readonly immersion: boolean;
  readonly redLed: string;
  readonly logLevel: string;
  readonly net: NetSettings;
  readonly update: UpdateSettings;
  readonly poolReconnectS: number;
}

export interface OwnProfile {
  readonly name: string;
  readonly mhz: number;
  readonly volts: number;
}

/** The profiles of the firmware, with what overrides them, and behind them the others. */
export function allProfiles(plan: LuxosPlan, own: readonly OwnProfile[]): readonly TuningProfile[] {
  const builtIn = tuningProfiles(plan).map((profile) => {
    const over = own.find(({ name }) => name === profile.name);
    return over === undefined ? profile : { ...profile, ...point(plan, over.mhz, over.volts) };
  });
  const names = new Set(builtIn.map(({ name }) => name));
  const others = own.filter(({ name }) => !names.has(name));
  return [...builtIn, ...others.map(({ name, mhz, volts }) => ({ name, step: null, ...point(plan, mhz, volts) }))];
}

/** Advanced thermal management. Empty profiles: no bound. */
export interface AtmSettings {
  readonly enabled: boolean;
  readonly startupMinutes: number;
  readonly postRampMinutes: number;
  readonly tempWindowC: number;
  readonly minProfile: string;
  readonly maxProfile: string;
}

export interface TemperatureSettings {
  readonly target: number;
  readonly hot: number;
  readonly dangerous: number;
  readonly chipHot: number;
  readonly chipDangerous: number;
  readonly waterInletDangerous: number;
}

/** Speeds in %; -1: the firmware decides, within `minSpeed` and `maxSpeed`. */
export interface FanSettings {
  readonly speed: number;
  readonly minFans: number;
  readonly powerOffSpeed: number;
  readonly minSpeed: number;
  readonly maxSpeed: number;
}

export interface NetSettings {
  readonly dhcp: boolean;
  readonly ip: string;
  readonly mask: string;
  readonly gateway: string;
  readonly dns: string;
}

export interface UpdateSettings {
  readonly source: string;
  readonly onStartup: string;
  readonly onTimeout: string;
  readonly onUser: string;
  readonly timeout: number;
}

/** What `fanset` makes of -1 (docs.luxor.tech, fanset: 20 and 50 are the least that can be set). */
export const FAN_DEFAULTS = { minSpeed: 20, maxSpeed: 100 } as const;

/** @param host last number of its address, in a range for documents: the machine cannot know where it is served */
export const factorySettings = (plan: LuxosPlan, host: number): LuxosSettings => ({
  profile: 'default',
  ownProfiles: [],
  atm: {
    enabled: true,
    startupMinutes: 15,
    postRampMinutes: 15,
    tempWindowC: 5,
    minProfile: '',
    maxProfile: 'default',
  },
  powerTargetW: 0,
  autotuner: false,
  tuner: false,
  tunable: false,
  temperatures: {
    target: plan.targetC,
    hot: plan.targetC + 10,
    dangerous: plan.targetC + 15,
    chipHot: plan.targetC + 25,
    chipDangerous: plan.targetC + 35,
    waterInletDangerous: 55,
  },
  fan: { speed: -1, minFans: 3, powerOffSpeed: 20, ...FAN_DEFAULTS },
  // docs.luxor.tech, configuration/temperature.
  sensor: { badAverageThreshold: 2, maxBadReadings: 10, minPerBoard: 1 },
  health: { readings: 1, factor: 0.2 },
  // docs.luxor.tech, configuration/boards.
  hashboards: { overtempAutoRecovery: true, noPicProtectionMode: 'shutdown_all_boards' },
  disabledBoards: [],
  immersion: false,
  redLed: 'auto',
  logLevel: 'info',
  net: { dhcp: true, ip: `192.0.2.${host}`, mask: '255.255.255.0', gateway: '192.0.2.1', dns: '' },
  update: {
    source: 'https://updates.example.com/stable',
    onStartup: 'off',
    onTimeout: 'off',
    onUser: 'full',
    timeout: 60,
  },
  poolReconnectS: 30,
});
