import { ConfigurationService, TunerMode } from './contract/index.ts';
import { type Served, serve } from './sim-api.ts';
import { coolingConfiguration, coolingConstraints } from './sim-api-cooling.ts';
import { dpsMode } from './sim-api-dps.ts';
import { groupConfiguration } from './sim-api-pools.ts';
import { hertz, terahash, volt, watt } from './sim-api-units.ts';
import type { Limits } from './sim-plan.ts';
import { factoryConfig, type MinerConfig } from './sim-state.ts';

const limited =
  <T>(unit: (value: number) => T) =>
  ({ default: usual, min, max }: Limits) => ({
    default: unit(usual),
    min: unit(min),
    max: unit(max),
  });

const watts = limited(watt);
const terahashes = limited(terahash);
const hours = limited((value) => ({ hours: value }));

/** As the REST reply of 25.07 has it: the other target is absent. */
function tuner({ performance: { mode, powerW, hashrateThs } }: MinerConfig) {
  const isHashrate = mode === 'hashrate';
  return {
    enabled: mode !== 'manual',
    tunerMode: isHashrate ? TunerMode.HASHRATE_TARGET : TunerMode.POWER_TARGET,
    ...(isHashrate ? { hashrateTarget: terahash(hashrateThs) } : { powerTarget: watt(powerW) }),
  };
}

const dps = ({ dps: set }: MinerConfig) => ({
  enabled: set.enabled,
  powerStep: watt(set.powerStepW),
  hashrateStep: terahash(set.hashrateStepThs),
  minPowerTarget: watt(set.minPowerW),
  minHashrateTarget: terahash(set.minHashrateThs),
  shutdownEnabled: set.shutdown,
  shutdownDuration: { hours: set.shutdownHours },
  mode: dpsMode(set),
  onStartTargetPercent: set.startPercent,
});

function hashboards({ performance: { manual }, disabledBoards, ramping }: MinerConfig, ids: readonly string[]) {
  return {
    globalFrequency: hertz(manual.mhz),
    globalVoltage: volt(manual.volts),
    hashboards: ids.map((id) => {
      const own = manual.boards.find((one) => one.id === id);
      return {
        id,
        enabled: !disabledBoards.includes(id),
        ...(typeof own?.mhz === 'number' && { frequency: hertz(own.mhz) }),
        ...(typeof own?.volts === 'number' && { voltage: volt(own.volts) }),
      };
    }),
    quickRampingTimeUpS: ramping.upS,
    quickRampingTimeDownS: ramping.downS,
  };
}

const { method } = ConfigurationService;

export const configuration: readonly Served[] = [
  serve(method.getMinerConfiguration, ({ saved, plan }) => ({
    poolGroups: saved.groups.map(groupConfiguration),
    temperature: coolingConfiguration(saved.cooling),
    tuner: tuner(saved),
    dps: dps(saved),
    hashboardConfig: hashboards(saved, plan.boardIds),
  })),
  serve(method.getConstraints, ({ constraints, plan }) => {
    const usual = factoryConfig(plan, []);
    const scaling = constraints.dps;
    return {
      tunerConstraints: {
        powerTarget: watts(constraints.powerW),
        hashrateTarget: terahashes(constraints.hashrateThs),
        enabled: { default: true },
        defaultMode: TunerMode.POWER_TARGET,
      },
      coolingConstraints: coolingConstraints(constraints),
      dpsConstraints: {
        powerStep: watts(scaling.powerStepW),
        hashrateStep: terahashes(scaling.hashrateStepThs),
        minPowerTarget: watts(scaling.minPowerW),
        minHashrateTarget: terahashes(scaling.minHashrateThs),
        shutdownEnabled: { default: usual.dps.shutdown },
        shutdownDuration: hours(scaling.shutdownHours),
        enabled: { default: usual.dps.enabled },
        mode: dpsMode(usual.dps),
        onStartTargetPercent: scaling.startPercent,
      },
      hashboardsConstraints: {
        hashboardIds: [...plan.boardIds],
        enabled: { default: true },
        frequency: limited(hertz)(constraints.mhz),
        voltage: limited(volt)(constraints.volts),
        quickRampingTimeS: constraints.rampingS,
      },
    };
  }),
];
