import { describe, expect, test } from 'vitest';
import {
  ActionsService,
  AdvancedSettingsService,
  ConfigurationService,
  CoolingMode,
  CoolingService,
  FanPauseMode,
  FanPauseRuntime,
  MinerService,
  MinerStatus,
} from './contract/index.ts';
import { APPLY, AT, MINUTE, type Visitor, visitor } from './sim.testing.ts';

const { getCoolingState, setCoolingMode, setImmersionMode } = CoolingService.method;
const { getMinerConfiguration, getConstraints } = ConfigurationService.method;

const degrees = (degreeC: number) => ({ degreeC });
const auto = (value: object) => ({ saveAction: APPLY, mode: { case: 'auto', value } }) as never;
const manual = (value: object) => ({ saveAction: APPLY, mode: { case: 'manual', value } }) as never;

const state = (somebody: Visitor) => somebody.ask(getCoolingState);
const ratios = (somebody: Visitor) => state(somebody).fans.map(({ targetSpeedRatio }) => targetSpeedRatio);
const hottest = (somebody: Visitor) => state(somebody).highestTemperature?.temperature?.degreeC ?? Number.NaN;
const statusOf = (somebody: Visitor) => somebody.ask(MinerService.method.getMinerDetails).status;

describe('automatic cooling', () => {
  test('turns four fans that hold the target of the factory', () => {
    const somebody = visitor();
    const { fans, highestTemperature } = state(somebody);
    expect(fans.map(({ position }) => position)).toEqual([0, 1, 2, 3]);
    for (const { rpm, targetSpeedRatio } of fans) {
      expect(rpm % 30).toBe(0);
      expect(rpm / 6000).toBeCloseTo(targetSpeedRatio ?? 0, 1);
    }
    expect(highestTemperature).toMatchObject({ location: 1 });
    expect(hottest(somebody)).toBeCloseTo(60, -1);
    expect(somebody.ask(getMinerConfiguration).temperature).toMatchObject({
      mode: {
        case: 'auto',
        value: {
          targetTemperature: degrees(60),
          hotTemperature: degrees(80),
          dangerousTemperature: degrees(90),
          pauseMode: { mode: { case: 'auto' } },
        },
      },
    });
  });

  test('shows a fan that stands still', () => {
    const somebody = visitor({ quirks: { 'stalled-fan': true } });
    expect(state(somebody).fans.map(({ rpm }) => rpm > 0)).toEqual([false, true, true, true]);
  });

  test('takes new temperatures, with slower fans for a warmer target', () => {
    const somebody = visitor();
    const [before = 0] = ratios(somebody);
    const set = somebody.ask(setCoolingMode, auto({ targetTemperature: degrees(75) }));
    expect(set.mode.value).toMatchObject({ targetTemperature: degrees(75), hotTemperature: degrees(80) });
    expect(ratios(somebody)[0]).toBeLessThan(before);
    expect(hottest(somebody)).toBeCloseTo(75, -1);
    somebody.ask(setCoolingMode, auto({ minFanSpeed: 95, maxFanSpeed: 100 }));
    expect(ratios(somebody)).toEqual([0.95, 0.95, 0.95, 0.95]);
  });

  test('is refused where it makes no sense', () => {
    const somebody = visitor();
    const refuse = (value: object) => somebody.refusal(setCoolingMode, auto(value));
    expect(refuse({ targetTemperature: degrees(201) })).toEqual([
      3,
      'target temperature [201°C] is not in allowed range [Some(0), Some(200)]',
    ]);
    expect(refuse({ targetTemperature: degrees(85) })[0]).toBe(3);
    expect(refuse({ minFanSpeed: 80, maxFanSpeed: 60 })).toEqual([
      3,
      'max_fan_speed must be greater than min_fan_speed',
    ]);
    expect(refuse({ maxFanSpeed: 120 })[0]).toBe(3);
    expect(somebody.refusal(setCoolingMode, { saveAction: APPLY })).toEqual([3, 'mode is required']);
    expect(somebody.refusal(setCoolingMode, { mode: { case: 'auto', value: {} } })[0]).toBe(3);
  });

  test('with more fans required than turn does not mine', () => {
    const somebody = visitor({ quirks: { 'stalled-fan': true } });
    expect(statusOf(somebody)).toBe(MinerStatus.NORMAL);
    somebody.ask(setCoolingMode, auto({ minimumRequiredFans: 4 }));
    expect(statusOf(somebody)).toBe(MinerStatus.SUSPENDED);
    somebody.ask(setCoolingMode, auto({ minimumRequiredFans: 3 }));
    expect(statusOf(somebody)).toBe(MinerStatus.NORMAL);
  });
});

describe('other modes', () => {
  test('by hand the fans turn as they are told, and forget the bounds of the automatic', () => {
    const somebody = visitor();
    somebody.ask(setCoolingMode, auto({ minFanSpeed: 95 }));
    const set = somebody.ask(setCoolingMode, manual({ fanSpeedRatio: 0.65 }));
    expect(set.mode).toMatchObject({ case: 'manual', value: { fanSpeedRatio: 0.65, hotTemperature: degrees(80) } });
    expect(ratios(somebody)).toEqual([0.65, 0.65, 0.65, 0.65]);
    somebody.ask(setCoolingMode, auto({}));
    expect(somebody.ask(getMinerConfiguration).temperature?.mode.value).toMatchObject({ minFanSpeed: 10 });
    expect(somebody.refusal(setCoolingMode, manual({ fanSpeedRatio: 99 }))).toEqual([
      3,
      'fan speed ratio [99] is not in allowed range [Some(0), Some(1)]',
    ]);
  });

  test('a low hot temperature pins the fans at full speed', () => {
    const somebody = visitor();
    somebody.ask(
      setCoolingMode,
      manual({ fanSpeedRatio: 0.7, targetTemperature: degrees(40), hotTemperature: degrees(50) }),
    );
    expect(ratios(somebody)).toEqual([1, 1, 1, 1]);
  });

  test('without air it gets dangerously warm and stops', () => {
    const somebody = visitor();
    somebody.ask(setCoolingMode, manual({ fanSpeedRatio: 0, hotTemperature: degrees(90) }));
    expect(statusOf(somebody.after(4 * MINUTE))).toBe(MinerStatus.NORMAL);
    // The fans turn at full speed at the hot temperature, so the dangerous one has to be below what that leaves.
    somebody.ask(
      setCoolingMode,
      manual({ targetTemperature: degrees(30), hotTemperature: degrees(40), dangerousTemperature: degrees(45) }),
    );
    expect(statusOf(somebody.after(6 * MINUTE))).toBe(MinerStatus.SUSPENDED);
    const { errors } = somebody.ask(MinerService.method.getErrors);
    expect(errors.at(-1)?.message).toMatch(/^Dangerous temperature: \d+(\.5)? °C$/);
  });

  test('in liquid no fan turns', () => {
    const somebody = visitor();
    expect(somebody.ask(setImmersionMode, { saveAction: APPLY, enableImmersionMode: true })).toMatchObject({
      immersionMode: true,
    });
    expect(state(somebody).fans.map(({ rpm }) => rpm)).toEqual([0, 0, 0, 0]);
    expect(statusOf(somebody)).toBe(MinerStatus.NORMAL);
    expect(somebody.ask(getMinerConfiguration).temperature?.mode.case).toBe('immersion');
    somebody.ask(setCoolingMode, {
      saveAction: APPLY,
      mode: { case: 'hydro', value: { targetTemperature: degrees(50) } },
    });
    expect(somebody.ask(getMinerConfiguration).temperature?.mode).toMatchObject({
      case: 'hydro',
      value: { targetTemperature: degrees(50) },
    });
    somebody.ask(setImmersionMode, { saveAction: APPLY });
    expect(somebody.ask(getMinerConfiguration).temperature?.mode.case).toBe('auto');
  });
});

describe('fans of a paused machine', () => {
  test('slow down to standstill by themselves', () => {
    const somebody = visitor();
    const [before = 0] = ratios(somebody);
    somebody.pause();
    const [soon = 0] = ratios(somebody.after(MINUTE));
    expect(soon).toBeGreaterThan(0);
    expect(soon).toBeLessThan(before);
    expect(ratios(somebody.after(3 * MINUTE))).toEqual([0, 0, 0, 0]);
  });

  test.each([
    ['for a while', FanPauseRuntime.LIMITED, 0],
    ['for ever', FanPauseRuntime.INDEFINITE, 0.4],
  ])('turn at their own speed %s', (_, fanPauseRuntime, later) => {
    const somebody = visitor();
    const pauseMode = { mode: { case: 'manual', value: { pauseCooldownFanSpeedRatio: 0.4, fanPauseRuntime } } };
    expect(somebody.ask(setCoolingMode, auto({ pauseMode })).mode.value).toMatchObject({ pauseMode });
    somebody.pause();
    expect(ratios(somebody.after(MINUTE))[0]).toBe(0.4);
    expect(ratios(somebody.after(30 * MINUTE))[0]).toBe(later);
  });
});

test('the advanced setting min_fan_pwm holds the fans up', () => {
  const somebody = visitor();
  somebody.ask(setCoolingMode, manual({ fanSpeedRatio: 0.65 }));
  somebody.ask(AdvancedSettingsService.method.setSettings, { settings: { min_fan_pwm: 85 } });
  expect(ratios(somebody)).toEqual([0.85, 0.85, 0.85, 0.85]);
});

test('the limits of all settings are told', () => {
  const { coolingConstraints, tunerConstraints, dpsConstraints, hashboardsConstraints } = visitor().ask(getConstraints);
  expect(coolingConstraints).toMatchObject({
    defaultCoolingMode: CoolingMode.AUTO,
    targetTemperature: { default: degrees(60), min: degrees(0), max: degrees(200) },
    fanSpeedRatio: { min: 0, max: 1 },
    minFanSpeed: { min: 0, max: 100 },
    defaultFanPauseMode: FanPauseMode.AUTO,
  });
  // Those of an S19j Pro under 25.11.
  expect(tunerConstraints).toMatchObject({
    powerTarget: { default: { watt: 3068n }, min: { watt: 944n }, max: { watt: 6435n } },
    hashrateTarget: { default: { terahashPerSecond: 104 } },
    enabled: { default: true },
    defaultMode: 1,
  });
  expect(dpsConstraints).toMatchObject({ enabled: { default: false }, onStartTargetPercent: { default: 100 } });
  expect(hashboardsConstraints).toMatchObject({
    hashboardIds: ['1', '2', '3'],
    frequency: { default: { hertz: 535e6 } },
    voltage: { min: { volt: 11.96 }, max: { volt: 15.2 } },
    quickRampingTimeS: { default: 60 },
  });
});

test('a stopped machine tells nothing of its cooling', () => {
  const somebody = visitor();
  somebody.ask(ActionsService.method.stop);
  expect(somebody.refusal(getCoolingState)).toEqual([9, 'BOSminer is not running']);
  expect(somebody.now).toBe(AT);
});
