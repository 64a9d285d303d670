import { between, streamKey, uniform } from '../sim/counter-random.ts';
import { ASSUMED } from './sim-assumed.ts';
import { type Pool, poolOf, poolShown } from './sim-pool.ts';
import { numberOf, poolIndex, textOf } from './sim-store.ts';
import type { Bitaxe } from './sim-unit.ts';

/*
 * GET /api/system/info: the fields of protocols.md 6.3, each in the releases that have it.
 */

const GH = 1e9;

/** `%.3g` of C, from 1 up to 1000. */
const threeDigits = (value: number): string => {
  const text = value.toPrecision(3);
  return text.includes('e') ? '1e+03' : String(Number(text));
};

/** `49.2M`: how difficulties are written up to v2.10. */
export function suffixed(value: number): string {
  const steps = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
  const step = Math.min(steps.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  return step === 0 ? String(Math.floor(value)) : `${threeDigits(value / 1000 ** step)}${steps[step]}`;
}

/** A number of single precision; from v2.12 rounded to seven decimals. */
export const float = ({ release }: Bitaxe, value: number): number =>
  release.minor >= 12 ? Math.round(value * 1e7) / 1e7 : Math.fround(value);

const hex = (unit: Bitaxe, what: string): string =>
  streamKey(unit.seed, what).toString(16).toUpperCase().padStart(8, '0');

export const macOf = (unit: Bitaxe): string => ['02', '25', ...(hex(unit, 'mac').match(/../g) ?? [])].join(':');
const ipv4Of = (unit: Bitaxe): string => (unit.isOn('ap-mode') ? '192.168.4.1' : `192.168.1.${20 + (unit.seed % 200)}`);

const ipv6Of = (unit: Bitaxe): string => {
  const tail = hex(unit, 'mac');
  return `FE80::25FF:FE${tail.slice(0, 2)}:${tail.slice(2, 6)}`;
};

/** GH/s over a window, or since the start while that is shorter. */
export const rateGh = (unit: Bitaxe, now: number, windowS: number, chip?: number): number => {
  const elapsed = unit.session.elapsedS(now);
  return elapsed === 0 ? 0 : unit.session.hashrateHs(now, Math.min(windowS, elapsed), chip) / GH;
};

/** What the chips should do at the frequency that was asked for, GH/s. */
const expectedGh = ({ board, store, paused }: Bitaxe): number =>
  paused ? 0 : (numberOf(store, 'frequency') * board.chip.smallCores * board.chips) / 1000;

export const responseMs = (unit: Bitaxe, at: number): number =>
  unit.isConnected(at) ? between(streamKey(unit.seed, 'response'), Math.floor(at / 30_000), 20, 90) : 0;

export const errorPercent = (unit: Bitaxe, now: number): number => {
  const found = unit.session.totalHashes(now) / (2 ** 32 * 256);
  return found === 0 ? 0 : (100 * unit.session.hardwareErrors(now)) / found;
};

export const freeHeap = (unit: Bitaxe, at: number): number =>
  8_212_708 - Math.floor(60_000 * uniform(streamKey(unit.seed, 'heap'), Math.floor(at / 10_000)));

type Entry = readonly [key: string, value: unknown, since?: number, until?: number];

/** The flat keys of both pools, in the order of the release. */
function poolEntries(unit: Bitaxe): Entry[] {
  const { store, release } = unit;
  const [first, second] = [false, true].map((fallback) => store.pools[poolIndex(store, fallback)] ?? poolOf('', 0, ''));
  const both = [
    ['s', first as Pool],
    ['fallbackS', second as Pool],
  ] as const;
  const flagOf = (on: boolean): number | boolean => (release.minor >= 14 ? on : Number(on));
  const of = (name: string, pick: (pool: Pool) => unknown, since = 4): Entry[] =>
    both.map(([prefix, pool]) => [`${prefix}tratum${name}`, pick(pool), since]);
  // v2.4 writes each key for both pools, the later ones pool by pool.
  const byKey = [
    ...of('URL', (pool) => pool.url),
    ...of('Port', (pool) => pool.port),
    ...of('User', (pool) => pool.user),
  ];
  if (release.minor < 9) return byKey;
  const more = [
    ...of('SuggestedDifficulty', (pool) => pool.difficulty, 9),
    ...of('ExtranonceSubscribe', (pool) => flagOf(pool.extranonce), 9),
    ...of('TLS', (pool) => pool.tls, 13),
    ...of('Cert', (pool) => pool.cert, 13),
    ...of('DecodeCoinbase', (pool) => flagOf(pool.decodeCoinbase), 13),
    ...of('Protocol', (pool) => pool.protocol, 14),
    ...of('V2ChannelType', (pool) => pool.channel, 14),
    ...of('V2AuthorityPubkey', (pool) => pool.pubkey, 14),
  ];
  const all = [...byKey, ...more];
  return [...all.filter(([key]) => key.startsWith('s')), ...all.filter(([key]) => key.startsWith('f'))];
}

/** Block and coinbase, known once there is work. */
function blockEntries(unit: Bitaxe, now: number): Entry[] {
  if (!unit.isConnected(now)) return [];
  const outputs = [
    { value: 312_500_000, address: 'bc1qexampleexampleexampleexampleexampleexa' },
    { value: 0, address: 'OP_RETURN: aa21a9ed' },
  ];
  return [
    ['blockHeight', 931_409 + Math.floor((now - Date.UTC(2026, 0, 1)) / 600_000), 11],
    ['scriptsig', '..Q.../pool.example.org/', 11],
    ['networkDifficulty', 146_472_570_619_930, 11],
    ['coinbaseOutputs', outputs, 13],
    ['coinbaseValueTotalSatoshis', 312_500_000, 13],
    ['coinbaseValueUserSatoshis', 312_500_000, 13],
  ];
}

function monitorEntries(unit: Bitaxe, now: number): Entry[] {
  const { board, release } = unit;
  const runs = unit.uptimeS(now) >= ASSUMED.monitorS;
  const domains = board.chip.domains === 1 && release.minor === 11 ? 0 : board.chip.domains;
  const asics = Array.from({ length: board.chips }, (_, chip) => {
    const total = rateGh(unit, now, 60, chip);
    const parts = Array.from(
      { length: domains },
      (_, d) => 0.95 + 0.1 * uniform(streamKey(unit.seed, 'domain', chip), d),
    );
    const sum = parts.reduce((a, b) => a + b, 0);
    return {
      total: float(unit, total),
      domains: parts.map((part) => float(unit, (total * part) / sum)),
      errorCount: unit.session.hardwareErrors(now, chip),
    };
  });
  if (runs) return [['hashrateMonitor', { asics }, 11]];
  return [['hashrateMonitor', { asics: [] }, 11, 13]];
}

function rejectedReasons(unit: Bitaxe, now: number): { message: string; count: number }[] {
  const { rejected, stale } = unit.session.shares(now);
  return [
    { message: 'Job not found', count: stale },
    { message: 'Above target', count: rejected },
  ].filter(({ count }) => count > 0);
}

const connection = (unit: Bitaxe, now: number): string => {
  const id = unit.session.currentPool(now);
  const tls = id === null ? 0 : (unit.started.pools[poolIndex(unit.started, id === 1)]?.tls ?? 0);
  return unit.isConnected(now) ? `IPv4${['', ' (TLS)', ' (TLS Cert)'][tls] ?? ''}` : 'Not Connected';
};

const sensor = (unit: Bitaxe, value: number): number => (unit.isOn('no-sensor') ? -1 : value);

/** All fields of the release, in its order. */
export function info(unit: Bitaxe, now: number): Record<string, unknown> {
  const { board, store, session, release } = unit;
  const { minor, patch } = release;
  const later24 = minor > 4 || patch >= ASSUMED.later24 ? 4 : 99;
  const shares = session.shares(now);
  const connected = unit.isConnected(now);
  const fallback = session.currentPool(now) === 1;
  const difficulty = connected
    ? Math.max(1, unit.started.pools[poolIndex(unit.started, fallback)]?.difficulty || 1000)
    : 0;
  const diff = (value: number): unknown => (minor >= 11 ? Math.floor(value) : suffixed(value));
  const value = (key: string): number => numberOf(store, key);
  const duty = unit.chips.fanPercent(now);
  const hashes = unit.hashesBefore + session.totalHashes(now);
  const entries: Entry[] = [
    ['power', float(unit, unit.chips.powerW(now))],
    ['voltage', float(unit, unit.chips.inputMv(now, board.nominalV))],
    ['current', float(unit, unit.currentMa(now))],
    ['temp', sensor(unit, unit.chipC(now))],
    ['temp2', board.chips > 1 ? sensor(unit, unit.chipC(now, 1)) : -1, 10],
    ['vrTemp', unit.vrC(now)],
    ['maxPower', board.maxPowerW, 6],
    ['nominalVoltage', board.nominalV, 6],
    ['hashRate', float(unit, rateGh(unit, now, 10))],
    ['hashRate_1m', float(unit, rateGh(unit, now, 60)), 12],
    ['hashRate_10m', float(unit, rateGh(unit, now, 600)), 12],
    ['hashRate_1h', float(unit, rateGh(unit, now, 3600)), 12],
    ['expectedHashrate', float(unit, expectedGh(unit)), 8],
    ['errorPercentage', float(unit, errorPercent(unit, now)), 11],
    ['bestDiff', diff(unit.bestEver(now))],
    ['bestSessionDiff', diff(session.bestShare(now))],
    ['stratumDiff', difficulty, later24, 8],
    ['poolDifficulty', difficulty, 9],
    ['isUsingFallbackStratum', Number(fallback)],
    ['poolAddrFamily', connected ? 2 : 0, 11, 12],
    ['poolConnectionInfo', connection(unit, now), 13],
    ['isPSRAMAvailable', 1, 6],
    ['freeHeap', freeHeap(unit, now)],
    ['freeHeapInternal', 104_027, 11],
    ['freeHeapSpiram', freeHeap(unit, now) - 72_056, 11],
    ['minFreeHeap', 7_904_112, 15],
    ['maxAllocHeap', 7_864_320, 15],
    ['coreVoltage', value('coreVoltage')],
    ['coreVoltageActual', unit.chips.coreMv(now)],
    ['frequency', float(unit, value('frequency'))],
    ['actualFrequency', float(unit, unit.chips.actualMhz(now)), 14],
    ['ssid', textOf(store, 'ssid')],
    ['macAddr', macOf(unit)],
    ['hostname', textOf(store, 'hostname')],
    ['fullHostname', `${textOf(store, 'hostname')}.local`, 15],
    ['mdnsHostname', textOf(store, 'hostname'), 15],
    ['ipv4', ipv4Of(unit), 11],
    ['ipv6', ipv6Of(unit), 11],
    ['wifiStatus', unit.isOn('ap-mode') ? ASSUMED.apStatus : 'Connected!'],
    ['wifiRSSI', unit.rssi(now), 6],
    ['apEnabled', Number(unit.isOn('ap-mode')), 6],
    ['sharesAccepted', shares.accepted],
    ['sharesRejected', shares.rejected + shares.stale],
    ['sharesRejectedReasons', rejectedReasons(unit, now), 6],
    ['sharesPending', 0, 15],
    ['workReceived', Math.floor(session.elapsedS(now) / 30), 15],
    ['uptimeSeconds', unit.uptimeS(now)],
    ['totalUptimeSeconds', unit.uptimeBeforeS + unit.uptimeS(now), 15],
    ['totalHashes', Math.floor(hashes), 15],
    ['totalLog2Work', float(unit, Math.log2(Math.max(1, hashes))), 15],
    ['asicCount', board.chips, 4, 8],
    ['smallCoreCount', board.chip.smallCores],
    ['ASICModel', board.chip.model],
    ...poolEntries(unit),
    ['useFallbackStratum', value('useFallbackStratum'), 15],
    ['primaryPoolIndex', value('primaryPoolIndex'), 15],
    ['secondaryPoolIndex', value('secondaryPoolIndex'), 15],
    ['pools', store.pools.flatMap((pool, id) => (pool === null ? [] : [poolShown(pool, id)])), 15],
    ['responseTime', float(unit, responseMs(unit, now)), 9],
    ['responseShareBatch', Number(connected), 14],
    ['processTime', float(unit, connected ? 1.2 : 0), 14],
    ['cpuUsage', float(unit, 12 + 6 * uniform(streamKey(unit.seed, 'cpu'), Math.floor(now / 5000))), 14],
    ['version', release.version],
    ['axeOSVersion', unit.page, 9],
    ['idfVersion', release.idfVersion, later24],
    ['boardVersion', unit.isOn('unknown-board') ? '999' : board.boardVersion],
    ['resetReason', unit.resetReason, 12],
    ['runningPartition', unit.runningPartition],
    ['partitions', partitions(unit), 15],
    ['flipscreen', value('flipscreen'), 4, 8],
    ['overheat_mode', value('overheat_mode')],
    ['overclockEnabled', value('overclockEnabled'), 6],
    ['display', textOf(store, 'display'), 8],
    ['rotation', value('rotation'), 9],
    ['invertscreen', value('invertscreen')],
    ['displayTimeout', value('displayTimeout'), 7],
    ['invertfanpolarity', value('invertfanpolarity'), 4, 6],
    ['autofanspeed', value('autofanspeed')],
    ['fanspeed', minor >= 7 ? float(unit, duty) : Math.round(duty)],
    ['manualFanSpeed', value('manualFanSpeed'), 11],
    ['minFanSpeed', value('minFanSpeed'), 10],
    ['temptarget', value('temptarget'), 7],
    ['fanrpm', unit.chips.fanRpm(now, 0)],
    ['fan2rpm', board.fans > 1 ? unit.chips.fanRpm(now, 1) : 0, 11],
    ['statsLimit', value('statsLimit'), 8, 8],
    ['statsDuration', value('statsDuration'), 8, 8],
    ['statsFrequency', value('statsFrequency'), 9],
    ['statsLimit', 720, 14],
    ['blockFound', Number(unit.blockFound), 11],
    ['showNewBlock', unit.showNewBlock, 13],
    ['useCustomWWW', value('useCustomWWW'), 15],
    ['miningPaused', unit.paused, 14],
    ...(unit.isOn('power-fault') ? ([['power_fault', ASSUMED.powerFault, 6]] as const) : []),
    ...(unit.isOn('hardware-fault') ? ([['hardware_fault', ASSUMED.hardwareFault, 14]] as const) : []),
    ...blockEntries(unit, now),
    ['blockSignals', [], 14],
    ...monitorEntries(unit, now),
  ];
  return Object.fromEntries(
    entries
      .filter(([, , since = 4, until = 99]) => minor >= since && minor <= until)
      .map(([key, shown]) => [key, shown]),
  );
}

const partitions = (unit: Bitaxe): Record<string, unknown>[] =>
  [...unit.partitions].map(([label, { release, date, time }]) => ({
    label,
    isCurrent: label === unit.runningPartition,
    isFactory: label === 'factory',
    version: release.version,
    compileDate: date,
    compileTime: time,
    usagePercent: 47,
  }));
