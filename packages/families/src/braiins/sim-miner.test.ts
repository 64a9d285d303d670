import { toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import {
  ActionsService,
  GetMinerStatsResponseSchema,
  MinerService,
  MinerStatus,
  PerformanceService,
  PoolService,
} from './contract/index.ts';
import { APPLY, AT, HOUR, MINUTE, POWERED_AT, SAVE, SECOND, Visitor, visitor } from './sim.testing.ts';

const { getMinerDetails, getMinerStats, getHashboards, getErrors, enableHashboards, disableHashboards } =
  MinerService.method;
const { pauseMining, resumeMining, start, stop, restart, reboot, setLocateDeviceStatus, getLocateDeviceStatus } =
  ActionsService.method;
const NOT_RUNNING = [9, 'BOSminer is not running'];

const ghs = (somebody: Visitor) =>
  somebody.ask(getMinerStats).minerStats?.realHashrate?.last5m?.gigahashPerSecond ?? Number.NaN;
const watts = (somebody: Visitor) => Number(somebody.ask(getMinerStats).powerStats?.approximatedConsumption?.watt);
const statusOf = (somebody: Visitor) => somebody.ask(getMinerDetails).status;

describe('an S19 XP under 25.07 tells what the captured one tells', () => {
  const somebody = visitor({ name: 's19-xp-25.07' });

  test('who it is', () => {
    expect(somebody.ask(getMinerDetails)).toMatchObject({
      uid: expect.stringMatching(/^[0-9A-F]{16}$/),
      minerIdentity: { brand: 1, model: 18, name: 'Antminer S19 XP', minerModel: 'Antminer S19 XP' },
      platform: 4,
      bosMode: 4,
      bosVersion: {
        current: '2025-08-06-0-3881c51d-25.07-plus',
        major: '2022-09-13-0-11012d53-22.08-plus',
        bosPlus: true,
      },
      macAddress: expect.stringMatching(/^02(:[0-9A-F]{2}){5}$/),
      // Two hours behind its power; the mining program 40 s later.
      systemUptimeS: 7200n,
      systemUptime: 7200n,
      bosminerUptimeS: 7160n,
      stickerHashrate: { gigahashPerSecond: 141_000 },
      status: MinerStatus.NORMAL,
      kernelVersion: '4.9.113',
      controlBoardSocFamily: 3,
      psuInfo: { version: 117, modelName: 'APW121215d/e', minVoltage: { volt: 11.96 }, maxVoltage: { volt: 15.2 } },
    });
  });

  test('three boards whose nominal rates make that of the machine', () => {
    const { hashboards } = somebody.ask(getHashboards);
    expect(hashboards.map(({ id }) => id)).toEqual(['1', '2', '3']);
    for (const board of hashboards) {
      expect(board).toMatchObject({ enabled: true, chipsCount: 110, chipType: 'BM1366', boardName: 'BHB56801' });
      expect(board).toMatchObject({ model: 'BHB56801', serialNumber: expect.stringMatching(/^[0-9A-F]{17}$/) });
      expect(board.highestChipTemp).toMatchObject({ id: Number(board.id), location: 1 });
      // The chip is 15 degrees above its board, as it was there.
      expect((board.highestChipTemp?.temperature?.degreeC ?? 0) - (board.boardTemp?.degreeC ?? 0)).toBeCloseTo(15, 0);
      expect(board.highestOutletTemp).toEqual(board.boardTemp);
      expect(board.currentVoltage?.volt).toBeCloseTo(12.94, 1);
    }
    const { minerStats } = somebody.ask(getMinerStats);
    const sum = hashboards.reduce((all, { stats }) => all + (stats?.nominalHashrate?.gigahashPerSecond ?? 0), 0);
    expect(minerStats?.nominalHashrate?.gigahashPerSecond).toBeCloseTo(sum, 3);
    expect(sum).toBeGreaterThan(138_000);
    expect(sum).toBeLessThan(144_000);
  });

  test('a profile of the tuner whose rate and power are those of the statistics', () => {
    const { modeState, overallTunerState } = somebody.ask(PerformanceService.method.getTunerState);
    expect(overallTunerState).toBe(2);
    expect(modeState.case).toBe('powerTargetModeState');
    const { minerStats, powerStats } = somebody.ask(getMinerStats);
    expect(modeState.value).toMatchObject({
      currentTarget: { watt: 3031n },
      profile: {
        target: { watt: 3031n },
        measuredHashrate: minerStats?.nominalHashrate,
        estimatedPowerConsumption: powerStats?.approximatedConsumption,
      },
    });
    expect(watts(somebody)).toBeGreaterThan(2950);
    expect(watts(somebody)).toBeLessThan(3200);
    expect(powerStats?.efficiency?.joulePerTerahash).toBeCloseTo(22, -1);
  });

  test('shares and work in the proportion of its hashrate', () => {
    const { poolStats } = somebody.ask(getMinerStats);
    // 141 TH/s find 0.125 shares of difficulty 262144 a second.
    expect(Number(poolStats?.acceptedShares)).toBeGreaterThan(780);
    expect(Number(poolStats?.acceptedShares)).toBeLessThan(990);
    expect(poolStats?.lastDifficulty).toBe(262_144n);
    expect(Number(poolStats?.generatedWork) % 65_536).toBe(0);
    expect(Number(poolStats?.bestShare)).toBeGreaterThan(262_144);
    const seconds = Number(poolStats?.lastShareTime?.seconds) * 1000;
    expect(seconds).toBeGreaterThan(AT - 5 * MINUTE);
    expect(seconds).toBeLessThanOrEqual(AT);
  });

  test('a day that counts the hours before its start as hours without work', () => {
    const { minerStats } = somebody.ask(getMinerStats);
    const { last24h, sinceRestart } = minerStats?.realHashrate ?? {};
    const part = (last24h?.gigahashPerSecond ?? 0) / (sinceRestart?.gigahashPerSecond ?? 1);
    expect(part).toBeCloseTo(7160 / 86_400, 6);
  });
});

describe('mining', () => {
  test('is paused at once and comes back along the ramp', () => {
    const somebody = visitor();
    const before = ghs(somebody);
    expect(before).toBeGreaterThan(98_000);
    expect(somebody.ask(pauseMining).alreadyPaused).toBe(false);
    expect(statusOf(somebody)).toBe(MinerStatus.PAUSED);
    expect(somebody.ask(pauseMining).alreadyPaused).toBe(true);
    somebody.after(6 * MINUTE);
    expect(ghs(somebody)).toBe(0);
    expect(watts(somebody)).toBeLessThan(60);
    expect(somebody.ask(getHashboards).hashboards[0]).toMatchObject({ currentFrequency: { hertz: 0 } });
    expect(somebody.ask(resumeMining).alreadyMining).toBe(false);
    expect(statusOf(somebody)).toBe(MinerStatus.NORMAL);
    expect(ghs(somebody.after(10 * MINUTE))).toBeGreaterThan(0.95 * before);
    expect(somebody.ask(resumeMining).alreadyMining).toBe(true);
  });

  test('stops with its program, and nothing that needs it answers until it was started', () => {
    const somebody = visitor();
    expect(somebody.ask(start).alreadyRunning).toBe(true);
    expect(somebody.ask(stop).alreadyStopped).toBe(false);
    expect(somebody.ask(stop).alreadyStopped).toBe(true);
    expect(somebody.ask(getMinerDetails)).toMatchObject({ status: MinerStatus.NOT_STARTED, bosminerUptimeS: 0n });
    expect(somebody.refusal(getMinerStats)).toEqual(NOT_RUNNING);
    expect(somebody.refusal(pauseMining)).toEqual(NOT_RUNNING);
    expect(somebody.refusal(PoolService.method.setPoolGroups, { saveAction: APPLY })).toEqual(NOT_RUNNING);
    expect(somebody.ask(PoolService.method.setPoolGroups, { saveAction: SAVE }).poolGroups).toEqual([]);
    expect(somebody.after(MINUTE).ask(start).alreadyRunning).toBe(false);
    // It starts within four seconds and is deaf for three more.
    expect(somebody.after(5 * SECOND).refusal(getMinerStats)).toEqual([
      13,
      'BOSminer API connection error: Connection refused (os error 111)',
    ]);
    expect(somebody.after(5 * SECOND).ask(getMinerStats).poolStats?.acceptedShares).toBe(0n);
    // What was only saved is in force now: no pools.
    expect(somebody.groups).toEqual([]);
  });

  test('begins anew with a restart of its program; the system goes on', () => {
    const somebody = visitor();
    expect(somebody.ask(restart).alreadyRunning).toBe(true);
    expect(somebody.listens).toBe(true);
    somebody.after(5 * MINUTE);
    expect(somebody.ask(getMinerDetails)).toMatchObject({ bosminerUptimeS: 296n, systemUptimeS: 7500n });
    expect(Number(somebody.ask(getMinerStats).poolStats?.acceptedShares)).toBeLessThan(60);
  });

  test('goes away with a reboot and is back 25 s later', () => {
    const somebody = visitor();
    somebody.ask(reboot);
    expect(somebody.listens).toBe(true);
    expect(somebody.after(2 * SECOND).listens).toBe(false);
    expect(somebody.say(getMinerDetails, {})).toEqual({ messages: [], breaks: 'rst' });
    expect(somebody.after(25 * SECOND).listens).toBe(true);
    somebody.login();
    expect(somebody.ask(getMinerDetails)).toMatchObject({ systemUptimeS: 26n, status: MinerStatus.NOT_STARTED });
    expect(somebody.after(MINUTE).ask(getMinerDetails)).toMatchObject({ systemUptimeS: 86n, bosminerUptimeS: 46n });
  });

  test('listens 25 s after its power, and mines 15 s later', () => {
    const somebody = new Visitor();
    somebody.now = POWERED_AT + 24_999;
    expect(somebody.listens).toBe(false);
    somebody.now = POWERED_AT + 25_000;
    expect(somebody.listens).toBe(true);
    expect(statusOf(somebody.login())).toBe(MinerStatus.NOT_STARTED);
    expect(statusOf(somebody.after(15 * SECOND))).toBe(MinerStatus.NORMAL);
  });
});

describe('hashboards', () => {
  test('are switched off and on, and the others take the power', () => {
    const somebody = visitor();
    expect(somebody.ask(disableHashboards, { saveAction: APPLY, hashboardIds: ['1', '3'] }).hashboards).toMatchObject([
      { id: '1', isEnabled: false },
      { id: '3', isEnabled: false },
    ]);
    const [one, two] = somebody.after(10 * MINUTE).ask(getHashboards).hashboards;
    expect(one).toMatchObject({ enabled: false, currentFrequency: { hertz: 0 } });
    expect(two?.enabled).toBe(true);
    // 3068 W for one board: it runs at the most that it can.
    expect((two?.currentFrequency?.hertz ?? 0) / 1e6).toBeGreaterThan(650);
    somebody.ask(enableHashboards, { saveAction: APPLY, hashboardIds: ['1', '3'] });
    expect(ghs(somebody.after(15 * MINUTE))).toBeGreaterThan(98_000);
  });

  test('are not switched without an id, with one that there is not, or without saying how to keep it', () => {
    const somebody = visitor();
    expect(somebody.refusal(disableHashboards, { saveAction: APPLY })[0]).toBe(3);
    expect(somebody.refusal(disableHashboards, { saveAction: APPLY, hashboardIds: ['4'] })).toEqual([
      5,
      'Hashboard 4 not found',
    ]);
    expect(somebody.refusal(disableHashboards, { hashboardIds: ['1'] })[0]).toBe(3);
    expect(somebody.ask(getHashboards).hashboards.every(({ enabled }) => enabled)).toBe(true);
  });

  test('of a model without PIC stay on', () => {
    const somebody = visitor({ name: 's19-xp-25.07' });
    expect(somebody.refusal(disableHashboards, { saveAction: APPLY, hashboardIds: ['1'] })[0]).toBe(9);
  });

  test('that do not answer are missed and complained of', () => {
    const somebody = visitor({ quirks: { 'dead-board': true, 'stalled-fan': true, 'dead-pool': true } });
    expect(somebody.ask(getHashboards).hashboards.map(({ id }) => id)).toEqual(['1', '2']);
    const { errors } = somebody.ask(getErrors);
    expect(errors.map(({ message }) => message)).toEqual([
      'Hashboard 3 was not detected',
      'Fan 0 does not turn',
      'Failed to resolve ("pool.example.com", 3333)',
    ]);
    expect(errors[0]).toMatchObject({
      timestamp: expect.stringMatching(/^2026-01-05T06:00:45\.000\d{3}Z$/),
      components: [{ name: 'hashboard', index: 3 }],
    });
  });
});

describe('the light', () => {
  test('blinks until it is told not to', () => {
    const somebody = visitor();
    expect(somebody.ask(getLocateDeviceStatus).enabled).toBe(false);
    expect(somebody.ask(setLocateDeviceStatus, { enable: true }).enabled).toBe(true);
    expect(somebody.after(HOUR / 2).ask(getLocateDeviceStatus).enabled).toBe(true);
    somebody.ask(setLocateDeviceStatus, { enable: false });
    expect(somebody.ask(getLocateDeviceStatus).enabled).toBe(false);
  });
});

describe('what a machine tells', () => {
  test('depends on seed and time, not on who asked how often', () => {
    const often = visitor();
    const once = visitor();
    for (let i = 1; i <= 20; i++) often.after((i % 5) * SECOND).ask(getMinerStats);
    once.now = often.now;
    expect(toBinary(GetMinerStatsResponseSchema, often.ask(getMinerStats))).toEqual(
      toBinary(GetMinerStatsResponseSchema, once.ask(getMinerStats)),
    );
    expect(visitor({ seed: 4 }).ask(getMinerDetails).uid).not.toBe(once.ask(getMinerDetails).uid);
  });

  test('asleep it is paused, and hashes nothing', () => {
    const somebody = visitor({ quirks: { asleep: true } });
    expect(statusOf(somebody)).toBe(MinerStatus.PAUSED);
    expect(ghs(somebody)).toBe(0);
    somebody.ask(resumeMining);
    expect(ghs(somebody.after(10 * MINUTE))).toBeGreaterThan(95_000);
  });
});
