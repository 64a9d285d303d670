import { streamKey, uniform } from '../sim/counter-random.ts';
import { ASSUMED } from './sim-assumed.ts';
import { Double } from './sim-json.ts';
import type { Nerd } from './sim-unit.ts';

/*
 * GET /api/system/info (protocols.md 6.6): the flat document that other devices' pages read as well.
 */

const NETWORK_DIFFICULTY = 146_472_570_619_930;

/** `4.29M`, as the older firmware writes difficulties. */
function suffixed(value: number): string {
  const step = Math.min(6, Math.floor(Math.log10(Math.max(1, value)) / 3));
  return step === 0 ? String(value) : `${Number((value / 1000 ** step).toPrecision(3))}${' kMGTPE'[step]}`;
}

const flag = (on: boolean): number => (on ? 1 : 0);
const heap = (unit: Nerd, now: number): number =>
  4_000_000 - Math.floor(50_000 * uniform(streamKey(unit.seed, 'heap'), Math.floor(now / 10_000)));
const heapInt = 120_000;

export const memory = (unit: Nerd, now: number) => ({ freeHeap: heap(unit, now), freeHeapInt: heapInt });

/** Counts and state of both pools, in the order of their configuration; both managers of the source write this. */
export function stratum(unit: Nerd, now: number): Record<string, unknown> {
  const { config } = unit;
  const current = unit.currentPool(now);
  const counts = unit.counts(now);
  const dual = config.poolMode === 1;
  return {
    poolMode: config.poolMode,
    activePoolMode: config.poolMode,
    poolBalance: config.poolBalance,
    totalBestDiff: unit.bestEver(now),
    ...(!dual && { usingFallback: current === 1 }),
    pools: config.pools.map((_, i) => {
      const active = dual ? current !== null : current === i;
      const part = dual ? (i === 0 ? config.poolBalance : 100 - config.poolBalance) / 100 : 1;
      return {
        active,
        connected: active,
        ...(active && {
          poolDifficulty: Math.max(1, config.stratumDifficulty),
          networkDifficulty: new Double(NETWORK_DIFFICULTY),
          poolDiffErr: false,
          accepted: Math.floor(counts.accepted * part),
          rejected: Math.floor(counts.rejected * part),
          bestDiff: counts.best,
        }),
        pingRtt: active ? unit.pingMs(now) : 0,
        pingLoss: 0,
      };
    }),
  };
}

/** What is known of the block that is worked on, of each pool that sent work. */
export const blockHeaders = (unit: Nerd, now: number): Record<string, unknown>[] => {
  const pool = unit.currentPool(now);
  if (pool === null) return [];
  const blockHeight = 931_409 + Math.floor((now - Date.UTC(2026, 0, 1)) / 600_000);
  return [
    { pool, blockHeight, networkDifficulty: new Double(NETWORK_DIFFICULTY), scriptSig: '..Q.../pool.example.org/' },
  ];
};

/** `?ts=&limit=&history_span=&cur=`: samples of an hour, or of up to three, from a time of the client's clock. */
export function history(unit: Nerd, query: string, now: number, span: string): Record<string, unknown> | null {
  const value = (name: string): number | null => {
    const digits = new RegExp(`(?:^|&)${name}=(\\d{1,20})`).exec(query)?.[1];
    return digits === undefined ? null : Number(digits);
  };
  const ts = value('ts') ?? 0;
  if (ts === 0 || unit.isShutDown) return null;
  const limit = Math.min(1000, value('limit') ?? 0);
  const spanMs = Math.min(3 * HOUR_MS, value(span) || HOUR_MS);
  const uptimeMs = now - unit.bootedAt;
  const start = uptimeMs + ts - (value('cur') ?? 0);
  const step = ASSUMED.historyMs;
  const first = Math.max(1, Math.ceil(start / step));
  const last = Math.floor(Math.min(start + spanMs, uptimeMs) / step);
  const all = Array.from({ length: Math.max(0, last - first + 1) || 0 }, (_, i) => (first + i) * step);
  const every = limit === 0 ? 1 : Math.max(1, Math.ceil(all.length / limit));
  const times = all.filter((_, i) => i % every === 0);
  const rates = (windowS: number): number[] =>
    times.map((at) => Math.trunc(unit.rateGh(unit.bootedAt + at, windowS) * 100));
  return {
    hashrate_1m: rates(60),
    hashrate_10m: rates(600),
    hashrate_1h: rates(3600),
    hashrate_1d: rates(86_400),
    timestamps: times.map((at) => at - start),
    timestampBase: ts,
  };
}

const HOUR_MS = 3_600_000;

const flatPools = (unit: Nerd): Record<string, unknown> =>
  Object.fromEntries(
    ['s', 'fallbackS'].flatMap((prefix, i) => {
      const pool = unit.config.pools[i];
      const later = unit.old
        ? []
        : [
            [`${prefix}tratumEnonceSubscribe`, pool?.enonce],
            [`${prefix}tratumTLS`, pool?.tls],
          ];
      return [
        [`${prefix}tratumURL`, pool?.url],
        [`${prefix}tratumPort`, pool?.port],
        [`${prefix}tratumUser`, pool?.user],
        ...later,
      ];
    }),
  );

const fans = (unit: Nerd, now: number): Record<string, unknown>[] =>
  unit.config.fans.map((fan, i) => ({
    label: unit.board.fanLabels[i] ?? '',
    mode: fan.mode,
    manualSpeed: fan.manual,
    overheatTemp: fan.overheatC,
    rpm: unit.fanRpm(now, i),
    speedPerc: unit.fanPercent(now, i),
    pid: { targetTemp: fan.targetC, p: fan.p, i: fan.i, d: fan.d },
  }));

const chipList = (unit: Nerd): number[] => Array.from({ length: unit.board.chips }, (_, chip) => chip);
export const asicTemps = (unit: Nerd, now: number): number[] => chipList(unit).map((chip) => unit.chipC(now, chip));

export function info(unit: Nerd, query: string, now: number): Record<string, unknown> {
  const { board, config, old, chips } = unit;
  const counts = unit.counts(now);
  const best = unit.bestEver(now);
  const [fan] = config.fans;
  const connected = unit.currentPool(now) !== null;
  const past = history(unit, query, now, 'history_span');
  return {
    asicCount: board.chips,
    smallCoreCount: board.smallCores,
    deviceModel: board.deviceModel,
    hostip: unit.ip(),
    macAddr: unit.mac(),
    wifiRSSI: unit.rssi(now),
    power: chips.powerW(now),
    maxPower: board.maxPowerW,
    minPower: board.minPowerW,
    maxVoltage: board.maxV,
    minVoltage: board.minV,
    current: unit.currentMa(now),
    ...(!old && { currentA: unit.currentMa(now) / 1000, minCurrentA: 0, maxCurrentA: board.maxCurrentA }),
    temp: unit.hottestC(now),
    vrTemp: Math.round(unit.hottestC(now) + 4),
    ...(!old && { vrTempInt: Math.round(unit.hottestC(now) + 9) }),
    hashRateTimestamp: Math.max(0, now - unit.bootedAt),
    hashRate: unit.rateGh(now, old ? 600 : 10),
    ...(!old && { hashRate_1m: unit.rateGh(now, 60) }),
    hashRate_10m: unit.rateGh(now, 600),
    hashRate_1h: unit.rateGh(now, 3600),
    hashRate_1d: unit.rateGh(now, 86_400),
    ...(old && { bestDiff: suffixed(best), bestSessionDiff: suffixed(counts.best) }),
    coreVoltage: unit.coreVoltage(),
    defaultCoreVoltage: board.mv,
    coreVoltageActual: unit.coreMv(now),
    ...(old && {
      sharesAccepted: counts.accepted,
      sharesRejected: counts.rejected,
      isUsingFallbackStratum: unit.currentPool(now) === 1,
      isStratumConnected: connected,
    }),
    fanspeed: unit.fanPercent(now),
    ...(!old && { manualFanSpeed: fan?.manual ?? 100 }),
    fanrpm: unit.fanRpm(now),
    ...(!old && {
      fanrpm2: unit.fanRpm(now, 1),
      fanspeed2: config.fans.length > 1 ? unit.fanPercent(now, 1) : 0,
      fanCount: config.fans.length,
    }),
    lastpingrtt: unit.pingMs(now),
    ...(!old && {
      recentpingloss: 0,
      shutdown: unit.isShutDown,
      duplicateHWNonces: 0,
      stratum: stratum(unit, now),
    }),
    poolDifficulty: connected ? Math.max(1, config.stratumDifficulty) : 0,
    ...(!old && {
      networkDifficulty: new Double(connected ? NETWORK_DIFFICULTY : 0),
      foundBlocks: 0,
      totalFoundBlocks: 0,
      sharesAccepted: counts.accepted,
      sharesRejected: counts.rejected,
      bestDiff: best,
      bestSessionDiff: counts.best,
      blockHeaders: blockHeaders(unit, now),
      asicTemps: asicTemps(unit, now),
    }),
    ...(past !== null && { history: past }),
    pidTargetTemp: fan?.targetC ?? -1,
    pidP: fan?.p ?? 0,
    pidI: fan?.i ?? 0,
    pidD: fan?.d ?? 0,
    ...(!old && { fans: fans(unit, now) }),
    hostname: config.hostname,
    ssid: config.ssid,
    ...flatPools(unit),
    voltage: unit.inputMv(now),
    frequency: unit.frequency(),
    defaultFrequency: board.mhz,
    jobInterval: config.jobInterval,
    stratumDifficulty: config.stratumDifficulty,
    overheat_temp: config.overheatC,
    flipscreen: flag(config.flip),
    invertscreen: flag(config.invert),
    autoscreenoff: flag(config.autoOff),
    invertfanpolarity: flag(config.invertFan),
    autofanspeed: fan?.mode ?? 0,
    ...(!old && {
      stratum_keep: flag(config.keepAlive),
      vrFrequency: config.vrFrequency,
      defaultVrFrequency: ASSUMED.vrFrequency,
      otp: unit.otp.enabled,
      can: { hasExtension: false, enabled: config.can },
    }),
    ASICModel: board.asicModel,
    uptimeSeconds: unit.uptimeS(now),
    lastResetReason: unit.resetReason,
    wifiStatus: old ? ASSUMED.oldWifiStatus : ASSUMED.wifiStatus,
    ...memory(unit, now),
    version: unit.version,
    runningPartition: unit.runningPartition,
    ...(!old && { defaultTheme: 'cosmic' }),
  };
}

export const asic = ({ board }: Nerd): Record<string, unknown> => ({
  ASICModel: board.asicModel,
  deviceModel: board.deviceModel,
  asicCount: board.chips,
  defaultFrequency: board.mhz,
  defaultVoltage: board.mv,
  absMaxFrequency: board.mostMhz,
  absMaxVoltage: board.mostMv,
  ecoFrequency: 0,
  ecoVoltage: 0,
  swarmColor: board.swarmColor,
  frequencyOptions: board.frequencyOptions,
  voltageOptions: board.voltageOptions,
});
