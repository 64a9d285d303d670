import { type ApiRecord, bare, int, text } from '@headframe/wire/cgminer-server';
import type { BraiinsMachine } from './sim-machine.ts';
import { boardW } from './sim-plan.ts';
import { boards, power, tunerReading } from './sim-readings.ts';

/*
 * tunerstatus of port 4028: members of the vendor's page on the API.
 */

/**
 * Of the states of a chain three are known from public clients (`Stable`, `Testing performance profile`, `Tuning individual
 * chips`); that of a paused one holds the word `paused`. The words of dynamic scaling but `Disabled` and of a tuner that is off
 * are ours.
 */
const SAYS = {
  stable: 'Stable',
  tuning: 'Tuning individual chips',
  paused: 'Tuner paused',
  off: 'Disabled',
  scaling: { none: 'Disabled', initial: 'InitialPowerLimit', lowered: 'LoweredPowerLimit' },
} as const;

const STABLE = 2;

export function tunerstatus(machine: BraiinsMachine, now: number): ApiRecord {
  const { active, tuner, plan, run } = machine;
  const { watts } = power(machine, now);
  const reading = tunerReading(machine, now);
  const stands = machine.pausedAt !== null || machine.suspendedAt !== null;
  const found = boards(machine, now);
  const shares = found.map(({ mhz }) => boardW(plan, mhz / plan.nominal.mhz));
  const chainW = Math.max(0, watts - plan.idleW);
  const all = shares.reduce((sum, one) => sum + one, 0);
  const limit = active.performance.mode === 'power' ? (reading.target ?? 0) : 0;
  const status =
    reading.target === null ? SAYS.off : stands ? SAYS.paused : reading.state === STABLE ? SAYS.stable : SAYS.tuning;
  const chains = found.map(({ id }, i) => ({
    ApproximatePowerConsumptionWatt: all === 0 ? 0 : Math.round((chainW * (shares[i] ?? 0)) / all),
    HashchainIndex: Number(id),
    Iteration: 0,
    LoadedProfileCreatedOn: reading.profile === null ? null : Math.floor(reading.profile.createdAt / 1000),
    PowerLimitWatt: Math.max(0, Math.round((limit - plan.idleW) / found.length)),
    StageElapsed: Math.floor(run.elapsedS(now)),
    Status: status,
    TunerRunning: status === SAYS.tuning,
    TuningElapsed: status === SAYS.tuning ? Math.floor(run.elapsedS(now)) : 0,
  }));
  const { initial, lowered, none } = SAYS.scaling;
  return [
    ['ApproximateChainPowerConsumption', int(all === 0 ? 0 : Math.round(chainW))],
    ['ApproximateMinerPowerConsumption', int(watts)],
    ['DynamicPowerScaling', text(active.dps.enabled ? (tuner.scaled === null ? initial : lowered) : none)],
    ['PowerLimit', int(limit)],
    ['TunerChainStatus', bare(JSON.stringify(chains))],
  ];
}
