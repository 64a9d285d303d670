import type { DeviceLabel } from '../sim/device.ts';
import { ASSUMED } from './sim-assumed.ts';

/**
 * How the daemon on 4028 talks (protocols.md 3.4): `old` asks a cgminer, has its fields and STATUS records; `middle` has
 * the manual's; `new` has the newer key names of `status`.
 */
export type Dialect = 'old' | 'middle' | 'new';

/** What a simulated WhatsMiner is: facts of one model, as values. */
export interface WhatsminerPlan {
  readonly label: DeviceLabel;
  /** As `miner_type` and as `Model` of devdetails print it. */
  readonly minerType: string;
  readonly model: string;
  readonly boards: number;
  readonly chips: number;
  readonly cooling: 'air' | 'hydro';
  /** In normal mode. */
  readonly nominalGhs: number;
  readonly powerW: number;
  readonly mhz: number;
  /** Control board, fans and loss of the supply. */
  readonly idleW: number;
  /** What the power limit is when nobody set one. */
  readonly limitW: number;
  /** Board temperature that the fan control holds, °C. */
  readonly targetC: number;
  readonly psu: { readonly name: string; readonly model: string; readonly hw: string; readonly sw: string };
  readonly platform: string;
  readonly controlBoard: string;
  readonly chipData: string;
  readonly boardCode: string;
  readonly dialect: Dialect;
  /** `api_ver`, word for word. */
  readonly api: string;
  readonly firmware: string;
  /** API version on port 4433; null: the firmware is older than 20241101. */
  readonly v3: string | null;
  /** How many tokens there may be (protocols.md 3.2). */
  readonly tokens: { readonly addresses: number; readonly each: number };
  /** Quirk switches that this machine has on. */
  readonly on: readonly string[];
}

const label = (model: string): DeviceLabel => ({
  family: 'whatsminer',
  make: 'MicroBT',
  model: `WhatsMiner ${model}`,
  firmware: 'stock',
});

const PER_ADDRESS = { addresses: 16, each: 32 } as const;
const IN_ALL = { addresses: Number.POSITIVE_INFINITY, each: 100 } as const;

/** API 1.4: keys of the published replies of a three-board machine, the name of a published devdetails. */
const M30S_PLUS: WhatsminerPlan = {
  label: label('M30S+'),
  minerType: 'M30S+_VE40',
  model: 'M30S+_VE40',
  boards: 3,
  chips: 156,
  cooling: 'air',
  nominalGhs: 100_800,
  powerW: 3400,
  mhz: 625,
  idleW: 70,
  limitW: 3500,
  targetC: 71,
  psu: { name: 'P21', model: 'P21-12-3600-E', hw: '', sw: '102220.009' },
  platform: 'ALLWINNER_H3',
  controlBoard: 'V8',
  chipData: 'K88Z001-2039 BINV01-195001B',
  boardCode: 'E40',
  dialect: 'old',
  api: 'whatsminer v1.4.0',
  firmware: '20210322.22.REL',
  v3: null,
  tokens: PER_ADDRESS,
  on: ['btmineroff-lie', 'long-joins'],
};

/** A hydro unit with the firmware whose get_error_code is no JSON. */
const M33S_HYDRO: WhatsminerPlan = {
  label: label('M33S++'),
  minerType: 'M33S++_VH20',
  model: 'M33S++_VH20',
  boards: 4,
  chips: 112,
  cooling: 'hydro',
  nominalGhs: 236_000,
  powerW: 7200,
  mhz: 566,
  idleW: 90,
  limitW: 7500,
  targetC: 58,
  psu: { name: 'P463B', model: 'P463B', hw: 'V02.10', sw: 'V01.00.V01.05' },
  platform: 'H616',
  controlBoard: 'CB6V7',
  chipData: 'K98A103-2209 BINV01-196803C',
  boardCode: 'H20',
  dialect: 'middle',
  api: '2.0.4',
  firmware: '20220810.15.REL',
  v3: null,
  tokens: PER_ADDRESS,
  on: ['invalid-error-code-json'],
};

/** API 2.0.5: newer key names and everything in Msg. */
const M50S: WhatsminerPlan = {
  label: label('M50S'),
  minerType: 'M50S_VH30',
  model: 'M50S_VH30',
  boards: 3,
  chips: 156,
  cooling: 'air',
  nominalGhs: 128_000,
  powerW: 3328,
  mhz: 648,
  idleW: 65,
  limitW: 3600,
  targetC: 70,
  psu: { name: 'P221B', model: 'P221B', hw: 'V01.00', sw: 'V01.00.V01.03' },
  platform: 'H616',
  controlBoard: 'CB6V10',
  chipData: 'H35A07-22020801 BINV01-196803C',
  boardCode: 'H30',
  dialect: 'new',
  api: '2.0.5',
  firmware: '20240624.18.REL',
  v3: null,
  tokens: PER_ADDRESS,
  on: ['msg-wrapped'],
};

/** Both APIs: the keys on 4433 are those of a published reply of an M60S VK40. */
const M60S: WhatsminerPlan = {
  label: label('M60S'),
  minerType: 'M60S_VK40',
  model: 'M60S_VK40',
  boards: 3,
  chips: 225,
  cooling: 'air',
  nominalGhs: 186_000,
  powerW: 3441,
  mhz: 612,
  idleW: 60,
  limitW: 3600,
  targetC: 68,
  psu: { name: 'P221B', model: 'P221B', hw: 'RT0159', sw: '230224.220429' },
  platform: 'H616',
  controlBoard: 'CB6V10',
  chipData: 'K8EX001-2426 BINVE6-100000A',
  boardCode: 'K40',
  dialect: 'new',
  api: ASSUMED.newestApi,
  firmware: '20251209.16.Rel2',
  v3: '3.0.2',
  tokens: IN_ALL,
  on: [],
};

export const PLANS: readonly (readonly [name: string, plan: WhatsminerPlan])[] = [
  ['m30s-plus', M30S_PLUS],
  ['m33s-hydro', M33S_HYDRO],
  ['m50s', M50S],
  ['m60s', M60S],
];

/** Power of the boards at a part of the normal frequency, as a part of normal: the voltage rises with it. */
export const powerAt = (factor: number): number => factor * (0.35 + 0.65 * factor);

/** The part of the normal frequency that a part of normal power allows. */
export const factorFor = (power: number): number =>
  power <= 0 ? 0 : (Math.sqrt(0.35 * 0.35 + 4 * 0.65 * power) - 0.35) / (2 * 0.65);

/** `2.0.5` of an api_ver like `whatsminer v1.4.0` as one number that can be compared. */
export function apiNumber(api: string): number {
  const [, major = '0', minor = '0', patch = '0'] = /(\d+)\.(\d+)\.(\d+)/.exec(api) ?? [];
  return Number(major) * 10_000 + Number(minor) * 100 + Number(patch);
}
