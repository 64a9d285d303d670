import { ASSUMED } from './sim-assumed.ts';
import { asicTemps, blockHeaders, history, memory, stratum } from './sim-info.ts';
import type { Nerd } from './sim-unit.ts';

/*
 * What can be read below /api/v2 (protocols.md 6.6, and the handlers of the source).
 */

export function dashboard(unit: Nerd, query: string, now: number): Record<string, unknown> {
  const { board, config, chips } = unit;
  const counts = unit.counts(now);
  const past = history(unit, query, now, 'historySpan');
  const shared = stratum(unit, now);
  const pools = (shared.pools as Record<string, unknown>[]).map((pool, i) => ({
    ...pool,
    host: config.pools[i]?.url,
    port: config.pools[i]?.port,
    user: config.pools[i]?.user,
  }));
  return {
    system: { uptime: unit.uptimeS(now), shutdown: unit.isShutDown, boardError: 0, overheatTemp: config.overheatC },
    performance: {
      hashRateTimestamp: Math.max(0, now - unit.bootedAt),
      hashRate: unit.rateGh(now, 10),
      hashRate1m: unit.rateGh(now, 60),
      hashRate10m: unit.rateGh(now, 600),
      hashRate1h: unit.rateGh(now, 3600),
      hashRate1d: unit.rateGh(now, 86_400),
      bestDiff: unit.bestEver(now),
      bestSessionDiff: counts.best,
      sharesAccepted: counts.accepted,
      sharesRejected: counts.rejected,
      frequency: unit.frequency(),
      asicCount: board.chips,
      smallCoreCount: board.smallCores,
    },
    power: {
      watts: chips.powerW(now),
      min: board.minPowerW,
      max: board.maxPowerW,
      voltage: unit.inputMv(now) / 1000,
      voltageMin: board.minV,
      voltageMax: board.maxV,
      currentA: unit.currentMa(now) / 1000,
      currentAMin: 0,
      currentAMax: board.maxCurrentA,
      coreVoltageActual: unit.coreMv(now) / 1000,
    },
    thermal: {
      asicTemp: unit.hottestC(now),
      vrTemp: Math.round(unit.hottestC(now) + 4),
      vrTempInt: Math.round(unit.hottestC(now) + 9),
      asicTemps: asicTemps(unit, now),
      fans: config.fans.map((_, i) => ({ speed: unit.fanPercent(now, i), rpm: unit.fanRpm(now, i) })),
    },
    stratum: { ...shared, pools },
    can: { hasExtension: false, enabled: config.can },
    coinbase: {
      blockHeaders: blockHeaders(unit, now),
      pools: config.pools.map(({ verifyMode, maxFee, verifyForce }) => ({
        mode: verifyMode,
        maxFee,
        force: verifyForce,
      })),
    },
    ...(past !== null && { history: past }),
  };
}

export function settings(unit: Nerd): Record<string, unknown> {
  const { board, config } = unit;
  return {
    asicModel: board.asicModel,
    deviceModel: board.deviceModel,
    version: unit.version,
    otp: unit.otp.enabled,
    apActive: unit.isOn('ap-mode'),
    can: { hasExtension: false, enabled: config.can },
    frequency: unit.frequency(),
    coreVoltage: unit.coreVoltage(),
    vrFrequency: config.vrFrequency,
    defaultFrequency: board.mhz,
    defaultCoreVoltage: board.mv,
    defaultVrFrequency: ASSUMED.vrFrequency,
    ecoFrequency: 0,
    ecoCoreVoltage: 0,
    absMinCoreVoltage: 0,
    absMaxCoreVoltage: board.mostMv,
    frequencyOptions: board.frequencyOptions,
    voltageOptions: board.voltageOptions,
    poolMode: config.poolMode,
    poolBalance: config.poolBalance,
    stratumKeep: Number(config.keepAlive),
    jobInterval: config.jobInterval,
    stratumDifficulty: config.stratumDifficulty,
    pools: config.pools.map((pool) => ({
      url: pool.url,
      port: pool.port,
      user: pool.user,
      enonceSubscribe: pool.enonce,
      tls: pool.tls,
      protocol: pool.protocol,
      sv2AuthorityPubkey: pool.pubkey,
      sv2ChannelType: pool.channel,
      coinbaseVerifyMode: pool.verifyMode,
      coinbaseMaxFee: pool.maxFee,
      coinbaseVerifyForce: pool.verifyForce,
    })),
    fans: config.fans.map((fan, i) => ({
      label: board.fanLabels[i] ?? '',
      mode: fan.mode,
      manualSpeed: fan.manual,
      overheatTemp: fan.overheatC,
      pid: { targetTemp: fan.targetC, p: fan.p, i: fan.i, d: fan.d },
    })),
    invertFanPolarity: Number(config.invertFan),
    hostname: config.hostname,
    ssid: config.ssid,
    mempoolCustom: config.mempoolCustom,
    mempoolUrl: config.mempoolUrl,
    flipScreen: Number(config.flip),
    invertScreen: Number(config.invert),
    autoScreenOff: Number(config.autoOff),
  };
}

export const identify = (unit: Nerd): Record<string, unknown> => ({
  deviceModel: unit.board.deviceModel,
  defaultTheme: 'cosmic',
  otp: unit.otp.enabled,
  apActive: unit.isOn('ap-mode'),
  coreDumpDownload: false,
  can: { enabled: unit.config.can },
});

export const system = (unit: Nerd, now: number): Record<string, unknown> => ({
  deviceModel: unit.board.deviceModel,
  asicModel: unit.board.asicModel,
  version: unit.version,
  uptimeSeconds: unit.uptimeS(now),
  lastResetReason: unit.resetReason,
  network: {
    hostname: unit.config.hostname,
    ssid: unit.config.ssid,
    macAddr: unit.mac(),
    ipAddr: unit.ip(),
    wifiStatus: ASSUMED.wifiStatus,
    wifiRSSI: unit.rssi(now),
  },
  memory: memory(unit, now),
});

/** A board alone on its CAN bus: node 0 is the device itself. */
export function canNodes(unit: Nerd, now: number): Record<string, unknown> {
  const { config } = unit;
  return {
    fleet: { hashRate: unit.rateGh(now, 10), power: unit.chips.powerW(now) },
    nodes: [
      {
        id: 0,
        mac: unit.mac(),
        active: true,
        foreign: false,
        isMaster: true,
        deviceModel: unit.board.deviceModel,
        version: unit.version,
        hashRate: unit.rateGh(now, 10),
        temp: unit.hottestC(now),
        vrTemp: Math.round(unit.hottestC(now) + 4),
        power: unit.chips.powerW(now),
        current: Math.trunc(unit.currentMa(now)),
        coreVoltageActual: unit.coreMv(now),
        fanRpm: unit.fanRpm(now),
        fanRpm2: unit.fanRpm(now, 1),
        fanSpeed: unit.fanPercent(now),
        fanSpeed2: config.fans.length > 1 ? unit.fanPercent(now, 1) : 0,
        shutdown: unit.isShutDown,
        boardError: 0,
        freeHeapInt: memory(unit, now).freeHeapInt,
        frequency: unit.frequency(),
        coreVoltage: unit.coreVoltage(),
        flipScreen: config.flip,
        autoScreenOff: config.autoOff,
        asicTemps: asicTemps(unit, now),
        fans: config.fans.map((fan, i) => ({
          mode: fan.mode,
          manualSpeed: fan.manual,
          overheatTemp: fan.overheatC,
          targetTemp: fan.targetC,
          rpm: unit.fanRpm(now, i),
          speedPerc: unit.fanPercent(now, i),
        })),
      },
    ],
  };
}
