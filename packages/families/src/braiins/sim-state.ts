import { type BraiinsPlan, hashrateLimits, type Limits } from './sim-plan.ts';

/*
 * What a machine under BraiinsOS can be told and keeps. A write replaces a configuration by a changed copy, so that what was
 * saved is the copy of that moment.
 */

/** Configuration of the mining program: saved, and in force from an apply or its next start on. */
export interface MinerConfig {
  readonly groups: readonly GroupSetting[];
  readonly cooling: CoolingSetting;
  readonly performance: PerformanceSetting;
  readonly dps: DpsSetting;
  /** Ids of hashboards. */
  readonly disabledBoards: readonly string[];
  readonly ramping: { readonly upS: number; readonly downS: number };
}

export interface GroupSetting {
  readonly uid: string;
  readonly name: string;
  readonly strategy: Strategy;
  /** In the order of their priority. */
  readonly pools: readonly PoolSetting[];
}

/** A weight beside other groups, or a part of all work between 0 and 1. */
export type Strategy =
  | { readonly kind: 'quota'; readonly value: number }
  | { readonly kind: 'fixed'; readonly value: number };

export interface PoolSetting {
  readonly uid: string;
  readonly url: string;
  readonly user: string;
  readonly password: string | null;
  readonly enabled: boolean;
}

export interface CoolingSetting {
  readonly mode: 'auto' | 'manual' | 'disabled' | 'immersion' | 'hydro';
  /** °C. */
  readonly target: number;
  readonly hot: number;
  readonly dangerous: number;
  /** Auto: bounds of the duty, %. */
  readonly minFan: number;
  readonly maxFan: number;
  /** Manual and disabled: duty, 0 to 1. */
  readonly ratio: number;
  readonly minFans: number;
  /** What the fans do while mining is paused. */
  readonly pause:
    | { readonly mode: 'auto' }
    | { readonly mode: 'manual'; readonly ratio: number; readonly limited: boolean };
}

export interface PerformanceSetting {
  /** The tuner works for a target of power or of hashrate, or is off. */
  readonly mode: 'power' | 'hashrate' | 'manual';
  readonly powerW: number;
  readonly hashrateThs: number;
  readonly manual: ManualSetting;
}

export interface ManualSetting {
  readonly mhz: number;
  readonly volts: number;
  /** Hashboards with values of their own. */
  readonly boards: readonly { readonly id: string; readonly mhz: number | null; readonly volts: number | null }[];
}

/** Dynamic performance scaling. */
export interface DpsSetting {
  readonly enabled: boolean;
  readonly mode: 'normal' | 'boost';
  readonly powerStepW: number;
  readonly minPowerW: number;
  readonly hashrateStepThs: number;
  readonly minHashrateThs: number;
  readonly shutdown: boolean;
  readonly shutdownHours: number;
  readonly startPercent: number;
}

/** What the system keeps beside the mining program: in force as soon as it is written. */
export interface SystemConfig {
  readonly network: NetworkSetting;
  /** Null: none is set. */
  readonly password: string | null;
  readonly upgrade: { readonly enabled: boolean; readonly schedule: Schedule };
  /** Advanced settings that were changed. */
  readonly advanced: Readonly<Record<string, unknown>>;
  readonly contract: string | null;
}

export interface NetworkSetting {
  readonly hostname: string;
  readonly dhcp: boolean;
  readonly address: string;
  readonly netmask: string;
  readonly gateway: string;
  readonly dns: readonly string[];
}

export interface Schedule {
  readonly every: 'day' | 'week' | 'month';
  /** Of a week from 1, Monday; of a month from 1 to 28. */
  readonly day: number;
  /** UTC. */
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** How a write is kept: SaveAction of the contract. `runtime`: in force and not kept, as port 4028 does with pools. */
export type Keep = 'save' | 'apply' | 'runtime';

/** Limits of what can be set. Those of the power target are the model's; of the rest none are published: ours. */
export interface Constraints {
  readonly powerW: Limits;
  readonly hashrateThs: Limits;
  readonly dps: {
    readonly powerStepW: Limits;
    readonly minPowerW: Limits;
    readonly hashrateStepThs: Limits;
    readonly minHashrateThs: Limits;
    readonly shutdownHours: Limits;
    readonly startPercent: Limits;
  };
  readonly mhz: Limits;
  readonly volts: Limits;
  readonly rampingS: Limits;
  readonly cooling: Record<
    'target' | 'hot' | 'dangerous' | 'ratio' | 'minFans' | 'minFan' | 'maxFan' | 'pauseRatio',
    Limits
  >;
}

const limits = (value: number, min: number, max: number): Limits => ({ default: value, min, max });

export function constraintsOf(plan: BraiinsPlan): Constraints {
  const { nominal, power, temperatures, psu } = plan;
  const hashrateThs = hashrateLimits(plan);
  // CoolingAutoMode of the contract: 0 to 200 °C.
  const celsius = (value: number): Limits => limits(value, 0, 200);
  return {
    powerW: power,
    hashrateThs,
    dps: {
      powerStepW: limits(Math.max(1, Math.round(power.default / 10)), 1, power.default),
      minPowerW: limits(Math.round(power.default * 0.6), power.min, power.max),
      hashrateStepThs: limits(Number((plan.stickerThs / 20).toFixed(2)), 0.01, plan.stickerThs),
      minHashrateThs: limits(Number((plan.stickerThs * 0.6).toFixed(2)), hashrateThs.min, hashrateThs.max),
      shutdownHours: limits(3, 1, 24),
      startPercent: limits(100, 50, 100),
    },
    mhz: limits(nominal.mhz, 50, Math.round(nominal.mhz * 1.3)),
    volts: limits(nominal.volts, psu?.minVolts ?? nominal.volts * 0.8, psu?.maxVolts ?? nominal.volts * 1.2),
    rampingS: limits(60, 0, 600),
    cooling: {
      target: celsius(temperatures.target),
      hot: celsius(temperatures.hot),
      dangerous: celsius(temperatures.dangerous),
      ratio: limits(0.7, 0, 1),
      minFans: limits(1, 0, plan.fanPlaces),
      minFan: limits(10, 0, 100),
      maxFan: limits(100, 0, 100),
      pauseRatio: limits(0.3, 0, 1),
    },
  };
}

export function factoryConfig(plan: BraiinsPlan, groups: readonly GroupSetting[]): MinerConfig {
  const { powerW, hashrateThs, dps, mhz, volts, rampingS, cooling } = constraintsOf(plan);
  return {
    groups,
    cooling: {
      mode: 'auto',
      target: cooling.target.default,
      hot: cooling.hot.default,
      dangerous: cooling.dangerous.default,
      minFan: cooling.minFan.default,
      maxFan: cooling.maxFan.default,
      ratio: cooling.ratio.default,
      minFans: cooling.minFans.default,
      pause: { mode: 'auto' },
    },
    performance: {
      mode: 'power',
      powerW: powerW.default,
      hashrateThs: hashrateThs.default,
      manual: { mhz: mhz.default, volts: volts.default, boards: [] },
    },
    dps: {
      enabled: false,
      mode: 'normal',
      powerStepW: dps.powerStepW.default,
      minPowerW: dps.minPowerW.default,
      hashrateStepThs: dps.hashrateStepThs.default,
      minHashrateThs: dps.minHashrateThs.default,
      shutdown: false,
      shutdownHours: dps.shutdownHours.default,
      startPercent: dps.startPercent.default,
    },
    disabledBoards: [],
    ramping: { upS: rampingS.default, downS: rampingS.min },
  };
}

/** @param host last number of its address, in a range for documents: the machine cannot know where it is served */
export const leasedNetwork = (hostname: string, host: number): NetworkSetting => ({
  hostname,
  dhcp: true,
  address: `192.0.2.${host}`,
  netmask: '255.255.255.0',
  gateway: '192.0.2.1',
  dns: ['192.0.2.1'],
});

export const factorySystem = (network: NetworkSetting): SystemConfig => ({
  network,
  password: null,
  upgrade: { enabled: false, schedule: { every: 'day', day: 1, hours: 3, minutes: 0, seconds: 0 } },
  advanced: {},
  contract: null,
});
