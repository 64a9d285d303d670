import type { MessageShape } from '@bufbuild/protobuf';
import { DPSMode, type SetDPSRequestSchema } from './contract/index.ts';
import { terahash, watt } from './sim-api-units.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import type { Limits } from './sim-plan.ts';
import { inRange, REFUSE } from './sim-refusal.ts';
import type { DpsSetting } from './sim-state.ts';

/*
 * Dynamic performance scaling, as messages.
 */

export const dpsMode = ({ mode }: DpsSetting): DPSMode =>
  mode === 'boost' ? DPSMode.DPS_MODE_BOOST : DPSMode.DPS_MODE_NORMAL;

export const dpsReply = (dps: DpsSetting) => ({
  enabled: dps.enabled,
  shutdownEnabled: dps.shutdown,
  shutdownDuration: { hours: dps.shutdownHours },
  powerTarget: { powerStep: watt(dps.powerStepW), minPowerTarget: watt(dps.minPowerW) },
  hashrateTarget: { hashrateStep: terahash(dps.hashrateStepThs), minHashrateTarget: terahash(dps.minHashrateThs) },
  mode: dpsMode(dps),
  onStartTargetPercent: dps.startPercent,
});

/** What is absent stays as it is. */
export function dpsOf(machine: BraiinsMachine, request: MessageShape<typeof SetDPSRequestSchema>): DpsSetting {
  const { dps: before } = machine.saved;
  const limits = machine.constraints.dps;
  const { target } = request.target ?? {};
  const power = target?.case === 'powerTarget' ? target.value : undefined;
  const hashrate = target?.case === 'hashrateTarget' ? target.value : undefined;
  const watts = (what: string, value: bigint | undefined, usual: number, range: Limits): number =>
    value === undefined ? usual : inRange(what, Number(value), range, 'W');
  const ths = (what: string, value: number | undefined, usual: number, range: Limits): number =>
    value === undefined ? usual : inRange(what, value, range, 'TH/s');
  const { mode, shutdownDuration, onStartTargetPercent: percent } = request;
  if (mode !== undefined && mode !== DPSMode.DPS_MODE_NORMAL && mode !== DPSMode.DPS_MODE_BOOST) {
    throw REFUSE.invalid(`DPS mode ${mode} is not known`);
  }
  return {
    enabled: request.enable ?? before.enabled,
    mode: mode === undefined ? before.mode : mode === DPSMode.DPS_MODE_BOOST ? 'boost' : 'normal',
    powerStepW: watts('power step', power?.powerStep?.watt, before.powerStepW, limits.powerStepW),
    minPowerW: watts('min power target', power?.minPowerTarget?.watt, before.minPowerW, limits.minPowerW),
    hashrateStepThs: ths(
      'hashrate step',
      hashrate?.hashrateStep?.terahashPerSecond,
      before.hashrateStepThs,
      limits.hashrateStepThs,
    ),
    minHashrateThs: ths(
      'min hashrate target',
      hashrate?.minHashrateTarget?.terahashPerSecond,
      before.minHashrateThs,
      limits.minHashrateThs,
    ),
    shutdown: request.enableShutdown ?? before.shutdown,
    shutdownHours:
      shutdownDuration === undefined
        ? before.shutdownHours
        : inRange('shutdown duration', shutdownDuration.hours, limits.shutdownHours, 'h'),
    startPercent:
      percent === undefined ? before.startPercent : inRange('on start target', percent, limits.startPercent, '%'),
  };
}
