/*
 * The machines that the simulator can be, as they describe themselves. Numbers of the S19 Pro are those of a real one;
 * of the others only what protocols.md 2 and the makers' data sheets say.
 */

/** A work mode of the newer page (protocols.md 2.3). */
export interface WorkMode {
  /** As get_multi_option.cgi calls it. */
  readonly name: string;
  readonly value: number;
  /** Part of the nominal rate; 0 is sleep. */
  readonly level: number;
}

export interface AntminerModel {
  /** Name on the command line. */
  readonly name: string;
  /** What it calls itself, on port 4028 and on the web page. */
  readonly type: string;
  /** `bc50`: S9 and before, sixteen numbered chains and strings for rates; `soc`: S17 and later. */
  readonly generation: 'bc50' | 'soc';
  readonly compileTime: string;
  readonly minerVersion: string;
  /** What the web page calls the firmware. */
  readonly filesystemVersion: string;
  /** Control board and hashboard, as miner_type.cgi says; null where the page does not exist. */
  readonly subtype: string | null;
  readonly algorithm: string;
  /** How rates are written: the name of the unit, and H/s in one. */
  readonly unit: { readonly name: string; readonly hs: number };
  /** H/s of the whole machine. */
  readonly idealHs: number;
  readonly frequencyMHz: number;
  /** W of one hashboard, and of everything else. */
  readonly boardW: number;
  readonly idleW: number;
  /** The numbers of the chains that are hashboards, and how many chains are listed. */
  readonly chains: readonly number[];
  readonly chainsListed: number;
  readonly chipsPerBoard: number;
  /** How many chips stand together in the chip map. */
  readonly chipGroup: number;
  /** The connectors that have a fan, and how many connectors are listed. */
  readonly fans: readonly number[];
  readonly fansListed: number;
  readonly maxRpm: number;
  /** Where it tells its power: in STATS of port 4028, on stats.cgi, or nowhere. */
  readonly power: 'chain_power' | 'watt' | null;
  /** Which web page it has: of about 2020 on, or the older one. */
  readonly web: 'new' | 'old';
  /** What of port 6060 it has: the paths of the S17, those of newer machines beside them, or no such port (2.5). */
  readonly monitor: 's17' | 'newer' | null;
  /** `api-allow` as it leaves the factory (2.1). */
  readonly factoryAllow: string;
  /** Work modes that may be written on the newer page; which of 2 and 3 is the high one depends on the model (2.3). */
  readonly modes: readonly WorkMode[];
  /** Difficulty that its pool asks for, and how many 2^32 hashes one unit of it stands for. */
  readonly poolDifficulty: number;
  readonly difficultyScale: number;
  /** Which switches are on when nothing else is said. */
  readonly on: readonly string[];
}

/** Names and levels of the modes other than normal and sleep are assumed. */
const NORMAL = { name: 'Normal', value: 0, level: 1 } as const;
const SLEEP = { name: 'Sleep', value: 1, level: 0 } as const;
const HIGH_LOW = [
  NORMAL,
  SLEEP,
  { name: 'High', value: 2, level: 1.1 },
  { name: 'Low', value: 3, level: 0.8 },
] as const;
const LOW_HIGH = [
  NORMAL,
  SLEEP,
  { name: 'Low', value: 2, level: 0.8 },
  { name: 'High', value: 3, level: 1.1 },
] as const;

const soc = {
  generation: 'soc',
  unit: { name: 'GH', hs: 1e9 },
  algorithm: 'SHA256',
  chains: [1, 2, 3],
  chainsListed: 4,
  fans: [1, 2, 3, 4],
  fansListed: 4,
  maxRpm: 6000,
  idleW: 60,
  web: 'new',
  monitor: 'newer',
  factoryAllow: 'A:0/0,W:*',
  modes: HIGH_LOW,
  power: null,
  poolDifficulty: 524_288,
  difficultyScale: 1,
} as const;

export const MODELS: readonly AntminerModel[] = [
  {
    ...soc,
    name: 's9',
    type: 'Antminer S9',
    generation: 'bc50',
    compileTime: 'Fri Nov 17 17:57:49 CST 2017',
    minerVersion: '16.8.1.3',
    filesystemVersion: 'Fri Nov 17 17:37:49 CST 2017',
    subtype: null,
    idealHs: 13.5e12,
    frequencyMHz: 637,
    boardW: 430,
    idleW: 30,
    chains: [6, 7, 8],
    chainsListed: 16,
    chipsPerBoard: 63,
    chipGroup: 8,
    fans: [3, 6],
    fansListed: 8,
    maxRpm: 6150,
    web: 'old',
    monitor: null,
    factoryAllow: 'W:0/0',
    modes: [],
    poolDifficulty: 32_768,
    on: ['stats-without-comma', 'open-acl'],
  },
  {
    ...soc,
    name: 's17-pro',
    type: 'Antminer S17 Pro',
    compileTime: 'Thu Apr 16 17:40:18 CST 2020',
    minerVersion: '16.8.1.3',
    filesystemVersion: 'Thu Apr 16 17:20:44 CST 2020',
    subtype: null,
    idealHs: 53e12,
    frequencyMHz: 650,
    boardW: 670,
    chipsPerBoard: 48,
    chipGroup: 8,
    web: 'old',
    monitor: 's17',
    modes: [],
    poolDifficulty: 131_072,
    on: ['stats-without-comma'],
  },
  {
    ...soc,
    name: 's19-pro',
    type: 'Antminer S19 Pro',
    compileTime: 'Tue Dec  6 16:12:30 CST 2022',
    minerVersion: '49.0.1.3',
    filesystemVersion: 'Tue Dec  6 16:12:30 CST 2022',
    subtype: 'zynq7007_BHB42XXX',
    idealHs: 110e12,
    frequencyMHz: 525,
    boardW: 1060,
    chipsPerBoard: 114,
    chipGroup: 3,
    on: ['stats-without-comma'],
  },
  {
    ...soc,
    name: 's19k-pro',
    type: 'Antminer S19k Pro',
    compileTime: 'Mon Jun 19 10:20:41 CST 2023',
    minerVersion: 'uart_trans.1.3',
    filesystemVersion: 'Mon Jun 19 10:20:41 CST 2023',
    subtype: 'AMLCtrl_BHB56902',
    idealHs: 120e12,
    frequencyMHz: 645,
    boardW: 900,
    chipsPerBoard: 77,
    chipGroup: 7,
    on: ['new-api'],
  },
  {
    ...soc,
    name: 's21',
    type: 'Antminer S21',
    compileTime: 'Thu Oct  9 18:55:45 CST 2025',
    minerVersion: 'uart_trans.1.3',
    filesystemVersion: 'FR-1.12(251009-S21)',
    subtype: 'AMLCtrl_BHB68606',
    idealHs: 200e12,
    frequencyMHz: 490,
    boardW: 1150,
    chipsPerBoard: 108,
    chipGroup: 9,
    modes: LOW_HIGH,
    power: 'chain_power',
    on: ['new-api'],
  },
  {
    ...soc,
    name: 's21-hyd',
    type: 'Antminer S21 Hyd.',
    compileTime: 'Wed Mar 12 11:02:17 CST 2025',
    minerVersion: 'uart_trans.1.3',
    filesystemVersion: 'Wed Mar 12 11:02:17 CST 2025',
    subtype: 'AMLCtrl_BHB68701',
    idealHs: 335e12,
    frequencyMHz: 500,
    boardW: 1770,
    chipsPerBoard: 216,
    chipGroup: 9,
    fans: [],
    fansListed: 0,
    power: 'watt',
    on: ['new-api'],
  },
  {
    ...soc,
    name: 'l7',
    type: 'Antminer L7',
    compileTime: 'Sat Apr  2 15:10:06 CST 2022',
    minerVersion: '81.0-1.0.0',
    filesystemVersion: 'Sat Apr  2 15:10:06 CST 2022',
    subtype: 'zynq7007_HHB56XXX',
    algorithm: 'Scrypt',
    unit: { name: 'MH', hs: 1e6 },
    idealHs: 9.5e9,
    frequencyMHz: 1100,
    boardW: 1120,
    chipsPerBoard: 120,
    chipGroup: 8,
    poolDifficulty: 262_144,
    difficultyScale: 1 / 65_536,
    on: ['stats-without-comma'],
  },
];
