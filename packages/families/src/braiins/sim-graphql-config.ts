import type { BraiinsMachine } from './sim-machine.ts';
import type { Limits } from './sim-plan.ts';
import type { CoolingSetting, GroupSetting, MinerConfig } from './sim-state.ts';

/*
 * `bosminer.config` and `bosminer.metadata` of GraphQL: what is saved, and what it may be.
 */

export function autotuning({ performance }: MinerConfig) {
  const { mode, powerW, hashrateThs } = performance;
  return {
    enabled: mode !== 'manual',
    // Of the captures: the target of the other mode is null.
    mode: mode === 'hashrate' ? 'HASHRATE_TARGET' : 'POWER_TARGET',
    powerTarget: mode === 'hashrate' ? null : Math.round(powerW),
    hashrateTarget: mode === 'hashrate' ? hashrateThs : null,
  };
}

export const performanceScaling = ({ dps }: MinerConfig) => ({
  enabled: dps.enabled,
  powerStep: dps.powerStepW,
  minPowerTarget: dps.minPowerW,
  hashrateStep: dps.hashrateStepThs,
  minHashrateTarget: dps.minHashrateThs,
  shutdownEnabled: dps.shutdown,
  shutdownDuration: dps.shutdownHours,
  dpsMode: dps.mode === 'boost' ? 'BOOST' : 'NORMAL',
});

export const hashChains = ({ performance, disabledBoards }: MinerConfig, { plan }: BraiinsMachine) =>
  plan.boardIds.map((id) => {
    const own = performance.manual.boards.find((board) => board.id === id);
    return {
      name: id,
      enabled: !disabledBoards.includes(id),
      frequency: own?.mhz ?? null,
      voltage: own?.volts ?? null,
    };
  });

export const hashChainGlobal = ({ performance: { manual } }: MinerConfig) => ({
  asicBoost: true,
  frequency: manual.mhz,
  voltage: manual.volts,
});

/** Groups and pools have their places as ids (capture of 22.08). */
export const groupConfigs = (groups: readonly GroupSetting[]) =>
  groups.map(({ name, strategy, pools }, i) => ({
    id: String(i),
    name,
    strategy:
      strategy.kind === 'quota'
        ? { __typename: 'QuotaStrategy', quota: strategy.value }
        : { __typename: 'FixedShareRatioStrategy', fixedShareRatio: strategy.value },
    pools: pools.map(({ url, user, password, enabled }, n) => ({ id: String(n), enabled, url, user, password })),
  }));

/** A mode that a release has no word for is the nearest that it has. */
function coolingMode({ mode }: CoolingSetting, os: number): string {
  if (mode === 'auto' || mode === 'manual') return mode.toUpperCase();
  if (os >= 25.03) return mode === 'disabled' ? 'MANUAL' : mode.toUpperCase();
  return 'DISABLED';
}

export function minerConfig(machine: BraiinsMachine) {
  const { saved, release } = machine;
  const { target, hot, dangerous } = saved.cooling;
  return {
    __typename: 'BosminerConfig',
    hashChainGlobal: hashChainGlobal(saved),
    tempControl: {
      mode: coolingMode(saved.cooling, release.os),
      targetTemp: target,
      hotTemp: hot,
      dangerousTemp: dangerous,
    },
    autotuning: autotuning(saved),
    performanceScaling: performanceScaling(saved),
    groups: groupConfigs(saved.groups),
    hashChains: hashChains(saved, machine),
  };
}

const range = ({ default: usual, min, max }: Limits, unit: string) => ({ default: usual, min, max, unit });

export function metadata({ plan, constraints }: BraiinsMachine) {
  return {
    hashChain: {
      indexNames: plan.boardIds,
      voltagePerHashChain: !plan.noPic,
      enabled: { default: true },
      frequency: { ...range(constraints.mhz, 'MHz'), step: 1 },
      voltage: { ...range(constraints.volts, 'V'), step: 0.1 },
    },
    autotuning: {
      enabled: { default: true },
      modes: ['POWER_TARGET', 'HASHRATE_TARGET'],
      modeDefault: 'POWER_TARGET',
      powerTarget: range(constraints.powerW, 'W'),
      hashrateTarget: { ...range(constraints.hashrateThs, 'TH/s'), step: 0.1 },
    },
  };
}
