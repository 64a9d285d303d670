import { ASSUMED } from './sim-assumed.ts';
import type { NerdBoard } from './sim-boards.ts';
import { bool, boolOrInt, type Fields, float, isRecord, text, u16, u32 } from './sim-json.ts';

/*
 * What the device keeps, and the documents that change it. Nothing is validated: a key of the wrong type is left out, each
 * for itself, and a number with a point is no integer (protocols.md 6.6 and the source of the handlers).
 */

export interface NerdPool {
  url: string;
  port: number;
  user: string;
  password: string;
  enonce: boolean;
  tls: boolean;
  protocol: number;
  pubkey: string;
  channel: number;
  verifyMode: number;
  maxFee: number;
  verifyForce: boolean;
}

export interface NerdFan {
  mode: number;
  manual: number;
  overheatC: number;
  targetC: number;
  p: number;
  i: number;
  d: number;
}

export interface Config {
  ssid: string;
  wifiPass: string;
  hostname: string;
  frequency: number;
  coreVoltage: number;
  vrFrequency: number;
  jobInterval: number;
  stratumDifficulty: number;
  flip: boolean;
  invert: boolean;
  autoOff: boolean;
  invertFan: boolean;
  overheatC: number;
  poolMode: number;
  poolBalance: number;
  keepAlive: boolean;
  can: boolean;
  mempoolCustom: boolean;
  mempoolUrl: string;
  swarm: string;
  readonly fans: NerdFan[];
  readonly pools: [NerdPool, NerdPool];
  readonly influx: Record<string, string | number | boolean>;
  readonly alert: Record<string, string | boolean>;
}

export const NETWORKS = [
  { ssid: 'HomeNET', rssi: -54, authmode: 3 },
  { ssid: 'Garage', rssi: -70, authmode: 4 },
] as const;

const pool = (url: string, port: number): NerdPool => ({
  url,
  port,
  user: 'account.nerd',
  password: 'x',
  enonce: false,
  tls: false,
  protocol: 0,
  pubkey: '',
  channel: 0,
  verifyMode: 0,
  maxFee: 5,
  verifyForce: false,
});

export const newConfig = (board: NerdBoard): Config => ({
  ssid: NETWORKS[0].ssid,
  wifiPass: 'seven words',
  hostname: 'nerdqaxe',
  frequency: board.mhz,
  coreVoltage: board.mv,
  vrFrequency: ASSUMED.vrFrequency,
  jobInterval: board.jobIntervalMs,
  stratumDifficulty: 1000,
  flip: board.flipScreen,
  invert: false,
  autoOff: false,
  invertFan: board.invertFan,
  overheatC: ASSUMED.overheatC,
  poolMode: 0,
  poolBalance: 50,
  keepAlive: false,
  can: false,
  mempoolCustom: false,
  mempoolUrl: '',
  swarm: '[]',
  fans: board.fanLabels.map(() => ({ mode: 2, manual: 100, overheatC: ASSUMED.overheatC, ...board.pid })),
  pools: [pool('pool.example.org', 3333), pool('pool2.example.org', 3334)],
  influx: { url: '', port: 8086, token: '', bucket: '', org: '', prefix: '', enabled: false },
  alert: {
    webhookUrl: '',
    watchdogEnable: false,
    blockFoundEnable: false,
    bestDiffEnable: false,
    coinbaseVerifyEnable: false,
    showBlockFoundScreen: false,
  },
});

type Reader<T> = (value: unknown) => T | null;

/** Puts a value where a key has one of the right type. */
function take<T>(document: Fields, key: string, read: Reader<T>, put: (value: T) => void): void {
  if (!Object.hasOwn(document, key)) return;
  const value = read(document[key]);
  if (value !== null) put(value);
}

const positive: Reader<number> = (value) => u16(value) || null;

function takeFans(document: Fields, config: Config): void {
  const { fans } = document;
  if (!Array.isArray(fans)) return;
  for (const [i, given] of (fans as readonly unknown[]).slice(0, 2).entries()) {
    const fan = config.fans[i];
    if (fan === undefined || !isRecord(given)) continue;
    take(given, 'mode', u16, (mode) => Object.assign(fan, { mode }));
    take(given, 'manualSpeed', u16, (manual) => Object.assign(fan, { manual }));
    take(given, 'overheatTemp', u16, (overheatC) => Object.assign(fan, { overheatC }));
    const { pid } = given;
    if (!isRecord(pid)) continue;
    take(pid, 'targetTemp', u16, (targetC) => Object.assign(fan, { targetC }));
    for (const key of ['p', 'i', 'd'] as const) {
      take(pid, key, float, (value) => Object.assign(fan, { [key]: hundredths(value) }));
    }
  }
}

/** PID factors are kept as hundredths in 16 bits. */
const hundredths = (value: number): number => (Math.trunc(value * 100) & 0xffff) / 100;

/** What both documents have under one name. */
function takeCommon(document: Fields, config: Config): void {
  take(document, 'ssid', text, (value) => Object.assign(config, { ssid: value }));
  take(document, 'wifiPass', text, (value) => Object.assign(config, { wifiPass: value }));
  take(document, 'hostname', text, (value) => Object.assign(config, { hostname: value }));
  take(document, 'coreVoltage', positive, (value) => Object.assign(config, { coreVoltage: value }));
  take(document, 'frequency', positive, (value) => Object.assign(config, { frequency: value }));
  take(document, 'jobInterval', positive, (value) => Object.assign(config, { jobInterval: value }));
  take(document, 'stratumDifficulty', u32, (value) => Object.assign(config, { stratumDifficulty: value }));
  take(document, 'vrFrequency', u32, (value) => Object.assign(config, { vrFrequency: value }));
  take(document, 'poolMode', u16, (value) => Object.assign(config, { poolMode: value }));
  take(document, 'poolBalance', u16, (value) => Object.assign(config, { poolBalance: value }));
  takeFans(document, config);
}

type PoolKey = readonly [suffix: string, field: keyof NerdPool, read: Reader<string | number | boolean>];

const POOL_KEYS: readonly PoolKey[] = [
  ['URL', 'url', text],
  ['User', 'user', text],
  ['Password', 'password', text],
  ['Port', 'port', u16],
  ['EnonceSubscribe', 'enonce', bool],
  ['TLS', 'tls', bool],
  ['Protocol', 'protocol', u16],
];

/** PATCH /api/system. @param old the firmware before /api/v2, whose manual speed is called `fanspeed` */
export function patchSystem(document: Fields, config: Config, old: boolean): void {
  takeCommon(document, config);
  const [fan] = config.fans;
  take(document, 'flipscreen', bool, (flip) => Object.assign(config, { flip }));
  take(document, 'invertscreen', bool, (invert) => Object.assign(config, { invert }));
  take(document, 'autoscreenoff', bool, (autoOff) => Object.assign(config, { autoOff }));
  take(document, 'invertfanpolarity', bool, (invertFan) => Object.assign(config, { invertFan }));
  take(document, 'overheat_temp', u16, (overheatC) => Object.assign(config, { overheatC }));
  if (!old) take(document, 'stratum_keep', boolOrInt, (keepAlive) => Object.assign(config, { keepAlive }));
  if (fan !== undefined) {
    take(document, 'autofanspeed', u16, (mode) => Object.assign(fan, { mode }));
    take(document, old ? 'fanspeed' : 'manualFanSpeed', u16, (manual) => Object.assign(fan, { manual }));
    take(document, 'pidTargetTemp', u16, (targetC) => Object.assign(fan, { targetC }));
    for (const key of ['p', 'i', 'd'] as const) {
      const name = `pid${key.toUpperCase()}`;
      take(document, name, float, (value) => Object.assign(fan, { [key]: hundredths(value) }));
    }
  }
  for (const [i, prefix] of ['s', 'fallbackS'].entries()) {
    const pool = config.pools[i];
    for (const [suffix, field, read] of POOL_KEYS) {
      const later = field === 'enonce' || field === 'tls' || field === 'protocol';
      if (pool === undefined || (old && later)) continue;
      take(document, `${prefix}tratum${suffix}`, read, (value) => Object.assign(pool, { [field]: value }));
    }
  }
}

const POOL_FIELDS: readonly PoolKey[] = [
  ['url', 'url', text],
  ['port', 'port', u16],
  ['user', 'user', text],
  ['password', 'password', text],
  ['enonceSubscribe', 'enonce', bool],
  ['tls', 'tls', bool],
  ['protocol', 'protocol', u16],
  ['sv2AuthorityPubkey', 'pubkey', text],
  ['sv2ChannelType', 'channel', u16],
  ['coinbaseVerifyMode', 'verifyMode', u16],
  ['coinbaseVerifyForce', 'verifyForce', bool],
  ['coinbaseMaxFee', 'maxFee', float],
];

/** PATCH /api/v2/settings. */
export function patchSettings(document: Fields, config: Config): void {
  takeCommon(document, config);
  take(document, 'flipScreen', bool, (flip) => Object.assign(config, { flip }));
  take(document, 'invertScreen', bool, (invert) => Object.assign(config, { invert }));
  take(document, 'autoScreenOff', bool, (autoOff) => Object.assign(config, { autoOff }));
  take(document, 'invertFanPolarity', bool, (invertFan) => Object.assign(config, { invertFan }));
  take(document, 'stratumKeep', boolOrInt, (keepAlive) => Object.assign(config, { keepAlive }));
  take(document, 'canMaster', boolOrInt, (can) => Object.assign(config, { can }));
  take(document, 'mempoolCustom', bool, (mempoolCustom) => Object.assign(config, { mempoolCustom }));
  take(document, 'mempoolUrl', text, (mempoolUrl) => Object.assign(config, { mempoolUrl }));
  if (!Array.isArray(document.pools)) return;
  for (const [i, given] of (document.pools as readonly unknown[]).slice(0, 2).entries()) {
    const pool = config.pools[i];
    if (pool === undefined || !isRecord(given)) continue;
    for (const [key, field, read] of POOL_FIELDS) {
      take(given, key, read, (value) => Object.assign(pool, { [field]: value }));
    }
  }
}

/** PATCH /api/v2/influx and /api/v2/alert: values of the type that is there. */
export function patchRecord(document: Fields, record: Record<string, string | number | boolean>): void {
  for (const [key, before] of Object.entries(record)) {
    const read: Reader<string | number | boolean> =
      typeof before === 'string' ? text : typeof before === 'boolean' ? bool : u16;
    take(document, key, read, (value) => {
      record[key] = value;
    });
  }
}
