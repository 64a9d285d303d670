/*
 * The boards of protocols.md 6.7: boardVersion decides everything.
 */

export interface Chip {
  readonly model: string;
  readonly mhz: number;
  readonly mv: number;
  readonly frequencyOptions: readonly number[];
  readonly voltageOptions: readonly number[];
  readonly smallCores: number;
  readonly domains: number;
}

export interface Board {
  readonly boardVersion: string;
  readonly deviceModel: string;
  readonly chip: Chip;
  readonly chips: number;
  readonly maxPowerW: number;
  readonly nominalV: number;
  readonly swarmColor: string;
  /** W that all chips take at defaults. */
  readonly chipW: number;
  readonly fans: number;
  readonly maxRpm: number;
  /** A TPS546 says its own temperature and the current of the cores; the older ones the current that comes in. */
  readonly tps546: boolean;
}

const FROM_1000 = [1000, 1060, 1100, 1150, 1200, 1250];

const BM1397: Chip = {
  model: 'BM1397',
  mhz: 425,
  mv: 1400,
  frequencyOptions: [400, 425, 450, 475, 485, 500, 525, 550, 575, 600],
  voltageOptions: [1100, 1150, 1200, 1250, 1300, 1350, 1400, 1450, 1500],
  smallCores: 672,
  domains: 1,
};
const BM1366: Chip = {
  model: 'BM1366',
  mhz: 485,
  mv: 1200,
  frequencyOptions: [400, 425, 450, 475, 485, 500, 525, 550, 575],
  voltageOptions: [1100, 1150, 1200, 1250, 1300],
  smallCores: 894,
  domains: 4,
};
const BM1368: Chip = {
  model: 'BM1368',
  mhz: 490,
  mv: 1166,
  frequencyOptions: [400, 425, 450, 475, 485, 490, 500, 525, 550, 575],
  voltageOptions: [1100, 1150, 1166, 1200, 1250, 1300],
  smallCores: 1276,
  domains: 4,
};
const BM1370: Chip = {
  model: 'BM1370',
  mhz: 525,
  mv: 1150,
  frequencyOptions: [400, 490, 525, 550, 600, 625],
  voltageOptions: FROM_1000,
  smallCores: 2040,
  domains: 4,
};
const BM1370_DUO: Chip = { ...BM1370, mhz: 400, frequencyOptions: [350, 375, 380, 400, 410] };

export const MAX: Board = {
  boardVersion: '102',
  deviceModel: 'Max',
  chip: BM1397,
  chips: 1,
  maxPowerW: 25,
  nominalV: 5,
  swarmColor: 'red',
  chipW: 12,
  fans: 1,
  maxRpm: 7000,
  tps546: false,
};
export const ULTRA: Board = {
  ...MAX,
  boardVersion: '204',
  deviceModel: 'Ultra',
  chip: BM1366,
  swarmColor: 'purple',
  chipW: 10,
};
export const SUPRA: Board = {
  ...MAX,
  boardVersion: '401',
  deviceModel: 'Supra',
  chip: BM1368,
  maxPowerW: 40,
  swarmColor: 'blue',
  chipW: 12,
};
export const GAMMA: Board = {
  boardVersion: '601',
  deviceModel: 'Gamma',
  chip: BM1370,
  chips: 1,
  maxPowerW: 40,
  nominalV: 5,
  swarmColor: 'green',
  chipW: 14,
  fans: 1,
  maxRpm: 7800,
  tps546: true,
};
export const GAMMA_DUO: Board = {
  ...GAMMA,
  boardVersion: '650',
  deviceModel: 'GammaDuo',
  chip: BM1370_DUO,
  chips: 2,
  chipW: 22,
};
export const GAMMA_TURBO: Board = {
  ...GAMMA,
  boardVersion: '801',
  deviceModel: 'GammaTurbo',
  chips: 2,
  maxPowerW: 60,
  nominalV: 12,
  swarmColor: 'cyan',
  chipW: 31,
  fans: 2,
};
export const HEX: Board = {
  ...GAMMA,
  boardVersion: '303',
  deviceModel: 'Hex',
  chip: BM1366,
  chips: 6,
  maxPowerW: 90,
  nominalV: 12,
  swarmColor: 'orange',
  chipW: 60,
  fans: 2,
};
export const SUPRA_HEX: Board = {
  ...HEX,
  boardVersion: '701',
  deviceModel: 'SupraHex',
  chip: BM1368,
  maxPowerW: 120,
  swarmColor: 'darkblue',
  chipW: 72,
};
