import { describe, expect, test } from 'vitest';
import {
  ActionsService,
  ConfigurationService,
  CoolingService,
  DPSMode,
  MinerService,
  MinerStatus,
  PerformanceService,
  RelativeTargetReference,
  SaveAction,
  TunerMode,
  TunerState,
} from './contract/index.ts';
import { APPLY, MINUTE, SAVE, SECOND, type Visitor, visitor } from './sim.testing.ts';

const { method } = PerformanceService;

const watts = (somebody: Visitor) =>
  Number(somebody.ask(MinerService.method.getMinerStats).powerStats?.approximatedConsumption?.watt);
const ths = (somebody: Visitor) =>
  (somebody.ask(MinerService.method.getMinerStats).minerStats?.realHashrate?.last5m?.gigahashPerSecond ?? 0) / 1000;
const tuner = (somebody: Visitor) => somebody.ask(method.getTunerState);
const power = (watt: number) => ({ saveAction: APPLY, powerTarget: { watt: BigInt(watt) } });

describe('a power target', () => {
  test('is reached, tuned for, and becomes a profile', () => {
    const somebody = visitor();
    expect(somebody.ask(method.setPowerTarget, power(2000)).powerTarget?.watt).toBe(2000n);
    expect(tuner(somebody).overallTunerState).toBe(TunerState.TUNING);
    const { modeState } = tuner(somebody.after(5 * MINUTE));
    expect(modeState).toMatchObject({ case: 'powerTargetModeState', value: { currentTarget: { watt: 2000n } } });
    expect(watts(somebody)).toBeGreaterThan(1900);
    expect(watts(somebody)).toBeLessThan(2150);
    expect(ths(somebody)).toBeLessThan(85);
    const { overallTunerState, modeState: tuned } = tuner(somebody.after(16 * MINUTE));
    expect(overallTunerState).toBe(TunerState.STABLE);
    expect(tuned.value).toMatchObject({ profile: { target: { watt: 2000n } } });
    const { powerTargetProfiles } = somebody.ask(method.listTargetProfiles);
    expect(powerTargetProfiles.map(({ target }) => target?.watt)).toEqual([3068n, 2000n]);
    // Known already: no more tuning once it is there.
    somebody.ask(method.setPowerTarget, power(3068));
    expect(tuner(somebody.after(3 * MINUTE)).overallTunerState).toBe(TunerState.STABLE);
  });

  test('steps up, down, and back to that of the factory', () => {
    const somebody = visitor();
    const up = { saveAction: APPLY, powerTargetIncrement: { watt: 132n } };
    expect(somebody.ask(method.incrementPowerTarget, up).powerTarget?.watt).toBe(3200n);
    const down = { saveAction: APPLY, powerTargetDecrement: { watt: 200n } };
    expect(somebody.ask(method.decrementPowerTarget, down).powerTarget?.watt).toBe(3000n);
    expect(somebody.ask(method.setDefaultPowerTarget, { saveAction: APPLY }).powerTarget?.watt).toBe(3068n);
  });

  test.each([
    ['NOMINAL', RelativeTargetReference.NOMINAL, 50, 1534n],
    ['MIN', RelativeTargetReference.MIN, 150, 1416n],
    ['MAX', RelativeTargetReference.MAX, 50, 3218n],
    ['CURRENT', RelativeTargetReference.CURRENT, 90, 1800n],
  ])('is a part of the %s', (_, reference, percentage, watt) => {
    const somebody = visitor();
    somebody.ask(method.setPowerTarget, power(2000));
    const set = somebody.ask(method.setRelativePowerTarget, { saveAction: APPLY, percentage, reference });
    expect(set.powerTarget?.watt).toBe(watt);
  });

  test('out of its limits is refused in the words of the firmware', () => {
    const old = visitor({ name: 's19j-pro-23.12' });
    // Word for word what a 23.12.1 says.
    expect(old.refusal(method.setPowerTarget, { saveAction: APPLY })).toEqual([
      3,
      'power target [0W] is not in allowed range [Some(1700), Some(6500)]',
    ]);
    const somebody = visitor();
    expect(somebody.refusal(method.setPowerTarget, power(943))[0]).toBe(3);
    expect(somebody.refusal(method.setPowerTarget, power(6436))[0]).toBe(3);
    const far = { saveAction: APPLY, powerTargetDecrement: { watt: 5000n } };
    expect(somebody.refusal(method.decrementPowerTarget, far)[0]).toBe(3);
    const unsure = { saveAction: APPLY, percentage: 50, reference: RelativeTargetReference.UNSPECIFIED };
    expect(somebody.refusal(method.setRelativePowerTarget, unsure)[0]).toBe(3);
    expect(somebody.refusal(method.setPowerTarget, { powerTarget: { watt: 2000n } })[0]).toBe(3);
    expect(somebody.refusal(method.incrementPowerTarget, { saveAction: APPLY })[0]).toBe(3);
  });

  test('that was saved alone waits for the next start', () => {
    const somebody = visitor();
    somebody.ask(method.setPowerTarget, { saveAction: SAVE, powerTarget: { watt: 2000n } });
    expect(somebody.ask(method.getActivePerformanceMode).mode).toMatchObject({
      value: { target: { case: 'powerTarget', value: { powerTarget: { watt: 3068n } } } },
    });
    const { tuner: saved } = somebody.ask(ConfigurationService.method.getMinerConfiguration);
    expect(saved).toMatchObject({ enabled: true, tunerMode: TunerMode.POWER_TARGET, powerTarget: { watt: 2000n } });
    expect(saved?.hashrateTarget).toBeUndefined();
    somebody.ask(ActionsService.method.restart);
    expect(tuner(somebody.after(MINUTE)).modeState.value?.currentTarget).toMatchObject({ watt: 2000n });
  });

  test('is applied by force as well', () => {
    const somebody = visitor();
    const forced = { saveAction: SaveAction.SAVE_AND_FORCE_APPLY, powerTarget: { watt: 2000n } };
    expect(somebody.ask(method.setPowerTarget, forced).powerTarget?.watt).toBe(2000n);
    expect(tuner(somebody).modeState.value?.currentTarget).toMatchObject({ watt: 2000n });
  });
});

describe('a hashrate target', () => {
  const target = (terahashPerSecond: number) => ({ saveAction: APPLY, hashrateTarget: { terahashPerSecond } });

  test('is what it hashes then', () => {
    const somebody = visitor();
    expect(somebody.ask(method.setHashrateTarget, target(80)).hashrateTarget?.terahashPerSecond).toBe(80);
    expect(ths(somebody.after(10 * MINUTE))).toBeGreaterThan(77);
    expect(ths(somebody)).toBeLessThan(83);
    expect(tuner(somebody.after(11 * MINUTE))).toMatchObject({
      overallTunerState: TunerState.STABLE,
      modeState: { case: 'hashrateTargetModeState', value: { currentTarget: { terahashPerSecond: 80 } } },
    });
    const { hashrateTargetProfiles } = somebody.ask(method.listTargetProfiles);
    expect(hashrateTargetProfiles).toMatchObject([{ target: { terahashPerSecond: 80 } }]);
  });

  test('steps, is a part of another, and goes back to that of the factory', () => {
    const somebody = visitor();
    somebody.ask(method.setHashrateTarget, target(80));
    const by = (terahashPerSecond: number) => ({ terahashPerSecond });
    const up = { saveAction: APPLY, hashrateTargetIncrement: by(5) };
    expect(somebody.ask(method.incrementHashrateTarget, up).hashrateTarget?.terahashPerSecond).toBe(85);
    const down = { saveAction: APPLY, hashrateTargetDecrement: by(15) };
    expect(somebody.ask(method.decrementHashrateTarget, down).hashrateTarget?.terahashPerSecond).toBe(70);
    const half = { saveAction: APPLY, percentage: 50, reference: RelativeTargetReference.NOMINAL };
    expect(somebody.ask(method.setRelativeHashrateTarget, half).hashrateTarget?.terahashPerSecond).toBe(52);
    const set = somebody.ask(method.setDefaultHashrateTarget, { saveAction: APPLY });
    expect(set.hashrateTarget?.terahashPerSecond).toBe(104);
    expect(somebody.refusal(method.setHashrateTarget, target(0))[0]).toBe(3);
    expect(somebody.refusal(method.setHashrateTarget, target(Number.NaN))[0]).toBe(3);
  });
});

describe('a performance mode', () => {
  test('by hand drives each board as it is told, without the tuner', () => {
    const somebody = visitor();
    const manual = {
      globalFrequency: { hertz: 400e6 },
      globalVoltage: { volt: 13.1 },
      hashboards: [{ id: '2', frequency: { hertz: 500e6 }, voltage: { volt: 13.4 } }],
    };
    const set = somebody.ask(method.setPerformanceMode, {
      saveAction: APPLY,
      mode: { mode: { case: 'manualMode', value: manual } },
    });
    expect(set.mode).toMatchObject({ case: 'manualMode', value: manual });
    expect(tuner(somebody)).toMatchObject({ overallTunerState: TunerState.DISABLED, modeState: { case: undefined } });
    const boards = somebody.after(10 * MINUTE).ask(MinerService.method.getHashboards).hashboards;
    expect(boards.map((board) => Math.round((board.currentFrequency?.hertz ?? 0) / 1e6))).toEqual([400, 500, 400]);
    expect(boards.map((board) => board.currentVoltage?.volt)).toEqual([13.1, 13.4, 13.1]);
    expect(somebody.ask(method.getActivePerformanceMode).mode.case).toBe('manualMode');
    const { hashboardConfig } = somebody.ask(ConfigurationService.method.getMinerConfiguration);
    expect(hashboardConfig).toMatchObject({
      globalFrequency: { hertz: 400e6 },
      hashboards: [{ id: '1', enabled: true }, { id: '2', frequency: { hertz: 500e6 } }, { id: '3' }],
    });
  });

  test('of the tuner takes either target', () => {
    const somebody = visitor();
    const mode = (target: object) => ({
      saveAction: APPLY,
      mode: { mode: { case: 'tunerMode', value: { target } } as never },
    });
    const hashrate = { case: 'hashrateTarget', value: { hashrateTarget: { terahashPerSecond: 90 } } };
    expect(somebody.ask(method.setPerformanceMode, mode(hashrate)).mode.value).toMatchObject({ target: hashrate });
    const watt = { case: 'powerTarget', value: { powerTarget: { watt: 2500n } } };
    expect(somebody.ask(method.setPerformanceMode, mode(watt)).mode.value).toMatchObject({ target: watt });
    expect(somebody.refusal(method.setPerformanceMode, mode({ case: 'powerTarget', value: {} }))[0]).toBe(3);
  });

  test('is refused without a mode, for a board that there is not, and out of the limits', () => {
    const somebody = visitor();
    const manual = (value: object) => ({
      saveAction: APPLY,
      mode: { mode: { case: 'manualMode', value } as never },
    });
    expect(somebody.refusal(method.setPerformanceMode, { saveAction: APPLY })).toEqual([3, 'mode is required']);
    expect(somebody.refusal(method.setPerformanceMode, manual({ hashboards: [{ id: '9' }] }))[0]).toBe(5);
    expect(somebody.refusal(method.setPerformanceMode, manual({ globalFrequency: { hertz: 2e9 } }))).toEqual([
      3,
      'frequency [2000MHz] is not in allowed range [Some(50), Some(696)]',
    ]);
    expect(somebody.refusal(method.setPerformanceMode, manual({ globalVoltage: { volt: 3 } }))[0]).toBe(3);
  });
});

describe('tuned profiles', () => {
  test('are forgotten, and the tuner begins again', () => {
    const somebody = visitor();
    somebody.ask(method.removeTunedProfiles);
    expect(somebody.ask(method.listTargetProfiles)).toMatchObject({ powerTargetProfiles: [] });
    expect(somebody.after(3 * MINUTE).ask(MinerService.method.getMinerDetails).bosminerUptimeS).toBe(176n);
    expect(tuner(somebody).overallTunerState).toBe(TunerState.TUNING);
    expect(tuner(somebody.after(20 * MINUTE)).overallTunerState).toBe(TunerState.STABLE);
  });

  test('are sought behind a preheat', () => {
    const somebody = visitor();
    somebody.ask(ActionsService.method.restart);
    expect(tuner(somebody.after(MINUTE)).overallTunerState).toBe(TunerState.PREHEAT);
  });

  test('make a curve of efficiency', () => {
    const { points } = visitor().ask(method.getMinerEfficiencyProfile);
    expect(points).toHaveLength(11);
    const rates = points.map(({ hashrate }) => hashrate?.terahashPerSecond ?? 0);
    expect([...rates].sort((a, b) => a - b)).toEqual(rates);
  });
});

describe('dynamic performance scaling', () => {
  test('is set in parts, what is absent stays', () => {
    const somebody = visitor();
    const first = somebody.ask(method.setDPS, {
      saveAction: APPLY,
      enable: true,
      enableShutdown: true,
      shutdownDuration: { hours: 4 },
      mode: DPSMode.DPS_MODE_BOOST,
      target: { target: { case: 'powerTarget', value: { powerStep: { watt: 20n }, minPowerTarget: { watt: 2100n } } } },
    });
    expect(first).toMatchObject({
      enabled: true,
      shutdownEnabled: true,
      shutdownDuration: { hours: 4 },
      mode: DPSMode.DPS_MODE_BOOST,
      powerTarget: { powerStep: { watt: 20n }, minPowerTarget: { watt: 2100n } },
      onStartTargetPercent: 100,
    });
    const hashrate = { hashrateStep: { terahashPerSecond: 3 }, minHashrateTarget: { terahashPerSecond: 50 } };
    somebody.ask(method.setDPS, {
      saveAction: APPLY,
      onStartTargetPercent: 80,
      target: { target: { case: 'hashrateTarget', value: hashrate } },
    });
    const { dps } = somebody.ask(ConfigurationService.method.getMinerConfiguration);
    expect(dps).toMatchObject({
      enabled: true,
      powerStep: { watt: 20n },
      minPowerTarget: { watt: 2100n },
      hashrateStep: { terahashPerSecond: 3 },
      minHashrateTarget: { terahashPerSecond: 50 },
      shutdownDuration: { hours: 4 },
      onStartTargetPercent: 80,
    });
    expect(somebody.refusal(method.setDPS, { saveAction: APPLY, shutdownDuration: { hours: 48 } })[0]).toBe(3);
    expect(somebody.refusal(method.setDPS, { saveAction: APPLY, mode: DPSMode.DPS_MODE_UNSPECIFIED })[0]).toBe(3);
    expect(somebody.refusal(method.setDPS, { saveAction: APPLY, onStartTargetPercent: 20 })[0]).toBe(3);
  });

  test('steps down while it is hot, rests at the least, and comes back', () => {
    const somebody = visitor();
    const step = { powerStep: { watt: 300n }, minPowerTarget: { watt: 2400n } };
    somebody.ask(method.setDPS, {
      saveAction: APPLY,
      enable: true,
      enableShutdown: true,
      shutdownDuration: { hours: 1 },
      target: { target: { case: 'powerTarget', value: step } },
    });
    // Fans that hardly turn do not help, and hot is where it is anyway.
    const manual = { fanSpeedRatio: 1, targetTemperature: { degreeC: 20 }, hotTemperature: { degreeC: 30 } };
    somebody.ask(CoolingService.method.setCoolingMode, { saveAction: APPLY, mode: { case: 'manual', value: manual } });
    const targets = [1, 2, 3].map(() => tuner(somebody.after(5 * MINUTE)).modeState.value?.currentTarget);
    expect(targets).toMatchObject([{ watt: 2768n }, { watt: 2468n }, { watt: 2400n }]);
    const { getMinerDetails } = MinerService.method;
    expect(somebody.after(5 * MINUTE).ask(getMinerDetails).status).toBe(MinerStatus.SUSPENDED);
    expect(somebody.after(30 * MINUTE).ask(getMinerDetails).status).toBe(MinerStatus.SUSPENDED);
    expect(somebody.after(31 * MINUTE).ask(getMinerDetails).status).toBe(MinerStatus.NORMAL);
  });
});

test('quick ramping stretches the way down and up', () => {
  const somebody = visitor();
  expect(somebody.ask(method.setQuickRamping, { saveAction: APPLY, upS: 300, downS: 120 })).toMatchObject({
    upS: 300,
    downS: 120,
  });
  somebody.pause();
  const { getMinerStats, getMinerDetails } = MinerService.method;
  const half = () => somebody.ask(getMinerStats).minerStats?.realHashrate?.last5s?.gigahashPerSecond ?? 0;
  expect(somebody.ask(getMinerDetails).status).toBe(MinerStatus.PAUSED);
  const late = half.call(somebody.after(60 * SECOND));
  expect(late).toBeGreaterThan(35_000);
  expect(late).toBeLessThan(70_000);
  expect(half.call(somebody.after(90 * SECOND))).toBe(0);
  somebody.ask(ActionsService.method.resumeMining);
  expect(half.call(somebody.after(150 * SECOND))).toBeLessThan(75_000);
  expect(somebody.ask(method.setDefaultQuickRamping, { saveAction: APPLY })).toMatchObject({ upS: 60, downS: 0 });
  expect(somebody.refusal(method.setQuickRamping, { saveAction: APPLY, upS: 5000, downS: 0 })[0]).toBe(3);
  expect(somebody.ask(ConfigurationService.method.getMinerConfiguration).hashboardConfig).toMatchObject({
    quickRampingTimeUpS: 60,
    quickRampingTimeDownS: 0,
  });
});
