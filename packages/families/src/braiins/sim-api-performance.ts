import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import {
  type ManualPerformanceModeSchema,
  type PerformanceModeSchema,
  PerformanceService,
  RelativeTargetReference,
  type SaveAction,
  type TunerPerformanceModeSchema,
} from './contract/index.ts';
import { type Served, serve } from './sim-api.ts';
import { dpsOf, dpsReply } from './sim-api-dps.ts';
import { gigahash, hertz, keepOf, terahash, timestamp, volt, watt } from './sim-api-units.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { boardW, hashrateLimits, type Limits, nominalHs, voltsAt } from './sim-plan.ts';
import { tunerReading } from './sim-readings.ts';
import { inRange, REFUSE, required } from './sim-refusal.ts';
import type { Keep, ManualSetting, PerformanceSetting } from './sim-state.ts';
import type { TunedProfile } from './sim-tuner.ts';

// Out

const profileOf = ({ createdAt, measuredHs, estimatedW }: TunedProfile) => ({
  created: timestamp(createdAt),
  measuredHashrate: gigahash(measuredHs),
  estimatedPowerConsumption: watt(estimatedW),
});

const powerProfile = (profile: TunedProfile) => ({ ...profileOf(profile), target: watt(profile.target) });
const hashrateProfile = (profile: TunedProfile) => ({ ...profileOf(profile), target: terahash(profile.target) });

function modeState(machine: BraiinsMachine, target: number, profile: TunedProfile | null) {
  if (machine.active.performance.mode === 'power') {
    const value = { currentTarget: watt(target), ...(profile !== null && { profile: powerProfile(profile) }) };
    return { case: 'powerTargetModeState', value } as const;
  }
  const value = { currentTarget: terahash(target), ...(profile !== null && { profile: hashrateProfile(profile) }) };
  return { case: 'hashrateTargetModeState', value } as const;
}

function performanceMode(setting: PerformanceSetting): MessageInitShape<typeof PerformanceModeSchema> {
  const { mode, powerW, hashrateThs, manual } = setting;
  if (mode === 'power') return tunerMode({ case: 'powerTarget', value: { powerTarget: watt(powerW) } });
  if (mode === 'hashrate')
    return tunerMode({ case: 'hashrateTarget', value: { hashrateTarget: terahash(hashrateThs) } });
  return {
    mode: {
      case: 'manualMode',
      value: {
        globalFrequency: hertz(manual.mhz),
        globalVoltage: volt(manual.volts),
        hashboards: manual.boards.map(({ id, mhz, volts }) => ({
          id,
          ...(mhz !== null && { frequency: hertz(mhz) }),
          ...(volts !== null && { voltage: volt(volts) }),
        })),
      },
    },
  };
}

const tunerMode = (target: NonNullable<MessageInitShape<typeof TunerPerformanceModeSchema>['target']>) => ({
  mode: { case: 'tunerMode', value: { target } } as const,
});

/** Points of the curve of the model, one for each tenth of the range of the target. */
function efficiencyPoints({ plan, constraints }: BraiinsMachine) {
  return Array.from({ length: 11 }, (_, i) => {
    const level = 0.4 + i * 0.08;
    const watts = plan.idleW + plan.boardIds.length * boardW(plan, level);
    return {
      quality: 100,
      powerTarget: watt(Math.min(constraints.powerW.max, watts)),
      consumption: watt(watts),
      hashrate: terahash((level * nominalHs(plan)) / 1e12),
      frequency: hertz(level * plan.nominal.mhz),
      voltage: volt(voltsAt(plan, level)),
    };
  });
}

// In

function setPower(machine: BraiinsMachine, now: number, action: SaveAction, watts: number) {
  const keep = keepOf(action);
  // Text of a 23.12.1.
  const powerW = Math.round(inRange('power target', watts, machine.constraints.powerW, 'W'));
  setPerformance(machine, now, keep, { mode: 'power', powerW });
  return { powerTarget: watt(powerW) };
}

function setHashrate(machine: BraiinsMachine, now: number, action: SaveAction, ths: number) {
  const keep = keepOf(action);
  const hashrateThs = inRange('hashrate target', ths, machine.constraints.hashrateThs, 'TH/s');
  setPerformance(machine, now, keep, { mode: 'hashrate', hashrateThs });
  return { hashrateTarget: terahash(hashrateThs) };
}

function setPerformance(machine: BraiinsMachine, now: number, keep: Keep, change: Partial<PerformanceSetting>): void {
  machine.configure(now, (config) => ({ ...config, performance: { ...config.performance, ...change } }), keep);
}

/** @param current what is set */
function relative(percentage: number, reference: RelativeTargetReference, limits: Limits, current: number): number {
  const part = inRange('percentage', percentage, { min: 0, max: 1000 }, '%') / 100;
  switch (reference) {
    case RelativeTargetReference.NOMINAL:
      return part * limits.default;
    case RelativeTargetReference.MIN:
      return part * limits.min;
    case RelativeTargetReference.MAX:
      return part * limits.max;
    case RelativeTargetReference.CURRENT:
      return part * current;
    default:
      throw REFUSE.invalid(`reference ${reference} is not known`);
  }
}

function manualOf(machine: BraiinsMachine, mode: MessageShape<typeof ManualPerformanceModeSchema>): ManualSetting {
  const { mhz, volts } = machine.constraints;
  const { manual } = machine.saved.performance;
  const frequency = (hz: number): number => inRange('frequency', hz / 1e6, mhz, 'MHz');
  const voltage = (value: number): number => inRange('voltage', value, volts, 'V');
  return {
    mhz: mode.globalFrequency === undefined ? manual.mhz : frequency(mode.globalFrequency.hertz),
    volts: mode.globalVoltage === undefined ? manual.volts : voltage(mode.globalVoltage.volt),
    boards: mode.hashboards.map((board) => {
      if (!machine.plan.boardIds.includes(board.id)) throw REFUSE.notFound(`Hashboard ${board.id} not found`);
      return {
        id: board.id,
        mhz: board.frequency === undefined ? null : frequency(board.frequency.hertz),
        volts: board.voltage === undefined ? null : voltage(board.voltage.volt),
      };
    }),
  };
}

function modeOf(
  machine: BraiinsMachine,
  wanted: MessageShape<typeof PerformanceModeSchema>,
): Partial<PerformanceSetting> {
  const { mode } = wanted;
  if (mode.case === 'manualMode') return { mode: 'manual', manual: manualOf(machine, mode.value) };
  const target = required('mode', mode.value).target;
  if (target.case === 'powerTarget') {
    const { watt: watts } = required('power_target', target.value.powerTarget);
    return { mode: 'power', powerW: inRange('power target', Number(watts), machine.constraints.powerW, 'W') };
  }
  const { terahashPerSecond } = required('hashrate_target', target.value?.hashrateTarget);
  const limits = machine.constraints.hashrateThs;
  return { mode: 'hashrate', hashrateThs: inRange('hashrate target', terahashPerSecond, limits, 'TH/s') };
}

function setRamping(machine: BraiinsMachine, now: number, action: SaveAction, upS: number, downS: number) {
  const keep = keepOf(action);
  const { rampingS } = machine.constraints;
  const ramping = {
    upS: inRange('quick ramping time up', upS, rampingS, 's'),
    downS: inRange('quick ramping time down', downS, rampingS, 's'),
  };
  machine.configure(now, (config) => ({ ...config, ramping }), keep);
  return ramping;
}

const { method } = PerformanceService;

export const performance: readonly Served[] = [
  serve(method.getTunerState, (machine, _, now) => {
    machine.needMiner(now);
    const { state, target, profile } = tunerReading(machine, now);
    return {
      overallTunerState: state,
      ...(target !== null && { modeState: modeState(machine, target, profile) }),
    };
  }),
  serve(method.listTargetProfiles, ({ tuner }) => ({
    powerTargetProfiles: tuner.profiles.filter(({ mode }) => mode === 'power').map(powerProfile),
    hashrateTargetProfiles: tuner.profiles.filter(({ mode }) => mode === 'hashrate').map(hashrateProfile),
  })),
  serve(method.getMinerEfficiencyProfile, (machine) => ({ points: efficiencyPoints(machine) })),
  serve(method.setDefaultPowerTarget, (machine, { saveAction }, now) =>
    setPower(machine, now, saveAction, machine.constraints.powerW.default),
  ),
  serve(method.setPowerTarget, (machine, { saveAction, powerTarget }, now) =>
    setPower(machine, now, saveAction, Number(powerTarget?.watt ?? 0n)),
  ),
  serve(method.incrementPowerTarget, (machine, { saveAction, powerTargetIncrement }, now) => {
    const { watt: watts } = required('power_target_increment', powerTargetIncrement);
    return setPower(machine, now, saveAction, machine.saved.performance.powerW + Number(watts));
  }),
  serve(method.decrementPowerTarget, (machine, { saveAction, powerTargetDecrement }, now) => {
    const { watt: watts } = required('power_target_decrement', powerTargetDecrement);
    return setPower(machine, now, saveAction, machine.saved.performance.powerW - Number(watts));
  }),
  serve(method.setRelativePowerTarget, (machine, { saveAction, percentage, reference }, now) => {
    const { powerW } = machine.saved.performance;
    return setPower(machine, now, saveAction, relative(percentage, reference, machine.constraints.powerW, powerW));
  }),
  serve(method.setDefaultHashrateTarget, (machine, { saveAction }, now) =>
    setHashrate(machine, now, saveAction, hashrateLimits(machine.plan).default),
  ),
  serve(method.setHashrateTarget, (machine, { saveAction, hashrateTarget }, now) =>
    setHashrate(machine, now, saveAction, hashrateTarget?.terahashPerSecond ?? 0),
  ),
  serve(method.incrementHashrateTarget, (machine, { saveAction, hashrateTargetIncrement }, now) => {
    const { terahashPerSecond } = required('hashrate_target_increment', hashrateTargetIncrement);
    return setHashrate(machine, now, saveAction, machine.saved.performance.hashrateThs + terahashPerSecond);
  }),
  serve(method.decrementHashrateTarget, (machine, { saveAction, hashrateTargetDecrement }, now) => {
    const { terahashPerSecond } = required('hashrate_target_decrement', hashrateTargetDecrement);
    return setHashrate(machine, now, saveAction, machine.saved.performance.hashrateThs - terahashPerSecond);
  }),
  serve(method.setRelativeHashrateTarget, (machine, { saveAction, percentage, reference }, now) => {
    const { hashrateThs } = machine.saved.performance;
    const limits = machine.constraints.hashrateThs;
    return setHashrate(machine, now, saveAction, relative(percentage, reference, limits, hashrateThs));
  }),
  serve(method.setDPS, (machine, request, now) => {
    const keep = keepOf(request.saveAction);
    const dps = dpsOf(machine, request);
    machine.configure(now, (config) => ({ ...config, dps }), keep);
    return dpsReply(dps);
  }),
  serve(method.setPerformanceMode, (machine, { saveAction, mode }, now) => {
    const keep = keepOf(saveAction);
    setPerformance(machine, now, keep, modeOf(machine, required('mode', mode)));
    return performanceMode(machine.saved.performance);
  }),
  serve(method.getActivePerformanceMode, (machine, _, now) => {
    machine.needMiner(now);
    return performanceMode(machine.active.performance);
  }),
  serve(method.removeTunedProfiles, (machine, _, now) => {
    machine.tuner.profiles = [];
    // "If it was mining before stops and then starts mining": the published REST description.
    if (machine.isRunning(now) && machine.pausedAt === null) machine.restartMiner(now);
    return {};
  }),
  serve(method.setQuickRamping, (machine, { saveAction, upS, downS }, now) =>
    setRamping(machine, now, saveAction, upS, downS),
  ),
  serve(method.setDefaultQuickRamping, (machine, { saveAction }, now) => {
    const { default: upS, min: downS } = machine.constraints.rampingS;
    return setRamping(machine, now, saveAction, upS, downS);
  }),
];
