import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import {
  type CoolingConfigurationSchema,
  type CoolingConstraintsSchema,
  CoolingMode,
  CoolingService,
  FanPauseMode,
  FanPauseRuntime,
  type PauseModeSchema,
  SensorLocation,
  type SetCoolingModeRequestSchema,
} from './contract/index.ts';
import { type Served, serve } from './sim-api.ts';
import { celsius, keepOf } from './sim-api-units.ts';
import { ASSUMED } from './sim-assumed.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import type { Limits } from './sim-plan.ts';
import { fans, hottestC } from './sim-readings.ts';
import { inRange, REFUSE } from './sim-refusal.ts';
import { type Constraints, type CoolingSetting, factoryConfig } from './sim-state.ts';

// Out

function pauseMode({ pause }: CoolingSetting): MessageInitShape<typeof PauseModeSchema> {
  if (pause.mode === 'auto') return { mode: { case: 'auto', value: {} } };
  const fanPauseRuntime = pause.limited ? FanPauseRuntime.LIMITED : FanPauseRuntime.INDEFINITE;
  return { mode: { case: 'manual', value: { pauseCooldownFanSpeedRatio: pause.ratio, fanPauseRuntime } } };
}

const temperatures = ({ target, hot, dangerous }: CoolingSetting) => ({
  targetTemperature: celsius(target),
  hotTemperature: celsius(hot),
  dangerousTemperature: celsius(dangerous),
});

/** The mode with its values, without that which cannot be set any more. */
function settableMode(cooling: CoolingSetting) {
  const { mode, minFan, maxFan, minFans, ratio } = cooling;
  const air = { minimumRequiredFans: minFans, pauseMode: pauseMode(cooling) };
  switch (mode) {
    case 'immersion':
      return { case: 'immersion', value: temperatures(cooling) } as const;
    case 'hydro':
      return { case: 'hydro', value: temperatures(cooling) } as const;
    case 'auto':
      return {
        case: 'auto',
        value: { ...temperatures(cooling), ...air, minFanSpeed: minFan, maxFanSpeed: maxFan },
      } as const;
    default:
      return { case: 'manual', value: { ...temperatures(cooling), ...air, fanSpeedRatio: ratio } } as const;
  }
}

export function coolingConfiguration(cooling: CoolingSetting): MessageInitShape<typeof CoolingConfigurationSchema> {
  const { mode, ratio, minFans } = cooling;
  return {
    minimumRequiredFans: minFans,
    mode: mode === 'disabled' ? { case: 'disabled', value: { fanSpeedRatio: ratio } } : settableMode(cooling),
  };
}

export function coolingConstraints({ cooling }: Constraints): MessageInitShape<typeof CoolingConstraintsSchema> {
  const degrees = ({ default: usual, min, max }: Limits) => ({
    default: celsius(usual),
    min: celsius(min),
    max: celsius(max),
  });
  return {
    defaultCoolingMode: CoolingMode.AUTO,
    targetTemperature: degrees(cooling.target),
    hotTemperature: degrees(cooling.hot),
    dangerousTemperature: degrees(cooling.dangerous),
    fanSpeedRatio: cooling.ratio,
    minimumRequiredFans: cooling.minFans,
    minFanSpeed: cooling.minFan,
    maxFanSpeed: cooling.maxFan,
    pauseCooldownFanSpeedRatio: cooling.pauseRatio,
    defaultFanPauseMode: FanPauseMode.AUTO,
    defaultFanPauseRuntime: FanPauseRuntime.LIMITED,
    fanPauseRuntimeLimitedDurationS: ASSUMED.pauseRuntimeS,
  };
}

// In

type Mode = MessageShape<typeof SetCoolingModeRequestSchema>['mode'];

/** With another mode all that was set of the old one is forgotten; what is not given stays (the published REST description). */
function wanted(machine: BraiinsMachine, mode: Mode): CoolingSetting {
  if (mode.case === undefined) throw REFUSE.invalid('mode is required');
  const { cooling } = machine.saved;
  const base = cooling.mode === mode.case ? cooling : { ...factoryConfig(machine.plan, []).cooling, mode: mode.case };
  const limits = machine.constraints.cooling;
  const { targetTemperature, hotTemperature, dangerousTemperature } = mode.value;
  const next = {
    ...base,
    target: inRange('target temperature', targetTemperature?.degreeC ?? base.target, limits.target, '°C'),
    hot: inRange('hot temperature', hotTemperature?.degreeC ?? base.hot, limits.hot, '°C'),
    dangerous: inRange(
      'dangerous temperature',
      dangerousTemperature?.degreeC ?? base.dangerous,
      limits.dangerous,
      '°C',
    ),
  };
  if (!(next.target <= next.hot && next.hot <= next.dangerous)) {
    throw REFUSE.invalid('target, hot and dangerous temperature must rise in this order');
  }
  if (mode.case !== 'auto' && mode.case !== 'manual') return next;
  const air = { ...next, pause: pauseOf(machine, mode.value.pauseMode, base) };
  const minFans = inRange('minimum required fans', mode.value.minimumRequiredFans ?? base.minFans, limits.minFans);
  if (mode.case === 'manual') {
    const ratio = inRange('fan speed ratio', mode.value.fanSpeedRatio ?? base.ratio, limits.ratio);
    return { ...air, minFans, ratio };
  }
  const minFan = inRange('min fan speed', mode.value.minFanSpeed ?? base.minFan, limits.minFan, '%');
  const maxFan = inRange('max fan speed', mode.value.maxFanSpeed ?? base.maxFan, limits.maxFan, '%');
  if (minFan >= maxFan) throw REFUSE.invalid('max_fan_speed must be greater than min_fan_speed');
  return { ...air, minFans, minFan, maxFan };
}

function pauseOf(
  { constraints }: BraiinsMachine,
  pause: MessageShape<typeof PauseModeSchema> | undefined,
  { pause: before }: CoolingSetting,
): CoolingSetting['pause'] {
  if (pause?.mode.case === undefined) return before;
  if (pause.mode.case === 'auto') return { mode: 'auto' };
  const { pauseCooldownFanSpeedRatio, fanPauseRuntime } = pause.mode.value;
  const { pauseRatio } = constraints.cooling;
  const ratio = inRange('pause cooldown fan speed ratio', pauseCooldownFanSpeedRatio ?? pauseRatio.default, pauseRatio);
  const runtime = fanPauseRuntime ?? FanPauseRuntime.LIMITED;
  if (runtime !== FanPauseRuntime.LIMITED && runtime !== FanPauseRuntime.INDEFINITE) {
    throw REFUSE.invalid(`unknown fan_pause_runtime ${runtime}`);
  }
  return { mode: 'manual', ratio, limited: runtime === FanPauseRuntime.LIMITED };
}

const { method } = CoolingService;

export const cooling: readonly Served[] = [
  serve(method.getCoolingState, (machine, _, now) => {
    machine.needMiner(now);
    return {
      fans: fans(machine, now).map(({ position, rpm, percent }) => ({
        position,
        rpm,
        targetSpeedRatio: Number((percent / 100).toFixed(2)),
      })),
      // In a chip; which one the captured S19 XP does not say.
      highestTemperature: { location: SensorLocation.CHIP, temperature: celsius(hottestC(machine, now)) },
    };
  }),
  serve(method.setImmersionMode, (machine, { saveAction, enableImmersionMode }, now) => {
    const usual = factoryConfig(machine.plan, []).cooling;
    const next = { ...usual, mode: enableImmersionMode ? 'immersion' : 'auto' } as const;
    machine.configure(now, (config) => ({ ...config, cooling: next }), keepOf(saveAction));
    return { immersionMode: enableImmersionMode };
  }),
  serve(method.setCoolingMode, (machine, { saveAction, mode }, now) => {
    const keep = keepOf(saveAction);
    const next = wanted(machine, mode);
    machine.configure(now, (config) => ({ ...config, cooling: next }), keep);
    return { mode: settableMode(next) };
  }),
];
