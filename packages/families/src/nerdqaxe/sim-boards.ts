/*
 * The boards of the family, with the names, defaults and limits of the firmware's source (main/boards).
 */

export interface NerdBoard {
  readonly deviceModel: string;
  readonly asicModel: string;
  readonly chips: number;
  readonly smallCores: number;
  readonly mhz: number;
  readonly mv: number;
  readonly frequencyOptions: readonly number[];
  readonly voltageOptions: readonly number[];
  /** 0: none. */
  readonly mostMhz: number;
  readonly mostMv: number;
  readonly minPowerW: number;
  readonly maxPowerW: number;
  readonly minV: number;
  readonly maxV: number;
  readonly nominalV: number;
  readonly maxCurrentA: number;
  readonly fanLabels: readonly string[];
  readonly maxRpm: number;
  readonly jobIntervalMs: number;
  readonly pid: { readonly targetC: number; readonly p: number; readonly i: number; readonly d: number };
  readonly swarmColor: string;
  readonly chipW: number;
  readonly idleW: number;
  readonly flipScreen: boolean;
  readonly invertFan: boolean;
}

export const NERDAXE: NerdBoard = {
  deviceModel: 'NerdAxe',
  asicModel: 'BM1366',
  chips: 1,
  smallCores: 894,
  mhz: 485,
  mv: 1200,
  frequencyOptions: [400, 425, 450, 475, 485, 500, 525, 550, 575],
  voltageOptions: [1100, 1150, 1200, 1250, 1300],
  mostMhz: 0,
  mostMv: 0,
  minPowerW: 5,
  maxPowerW: 15,
  minV: 4.5,
  maxV: 5.5,
  nominalV: 5,
  maxCurrentA: 8,
  fanLabels: ['M1'],
  maxRpm: 7000,
  jobIntervalMs: 1500,
  pid: { targetC: 60, p: 6, i: 0.1, d: 10 },
  swarmColor: 'blue',
  chipW: 9,
  idleW: 2,
  flipScreen: true,
  invertFan: true,
};

export const NERDAXE_GAMMA: NerdBoard = {
  ...NERDAXE,
  deviceModel: 'NerdAxeGamma',
  asicModel: 'BM1370',
  smallCores: 2040,
  mhz: 515,
  mv: 1150,
  frequencyOptions: [500, 515, 525, 550, 575],
  voltageOptions: [1120, 1130, 1140, 1150, 1160, 1170, 1180, 1190, 1200],
  maxPowerW: 25,
  swarmColor: '#e7cf00',
  chipW: 14,
  idleW: 5,
};

export const NERDQAXE_PLUS: NerdBoard = {
  deviceModel: 'NerdQAxe+',
  asicModel: 'BM1368',
  chips: 4,
  smallCores: 1276,
  mhz: 490,
  mv: 1250,
  frequencyOptions: [400, 425, 450, 475, 490, 500, 525, 550, 575],
  voltageOptions: [1100, 1150, 1200, 1250, 1300, 1350],
  mostMhz: 800,
  mostMv: 1400,
  minPowerW: 30,
  maxPowerW: 70,
  minV: 11,
  maxV: 13,
  nominalV: 12,
  maxCurrentA: 6,
  fanLabels: ['M2', 'M1'],
  maxRpm: 5400,
  jobIntervalMs: 1200,
  pid: { targetC: 55, p: 6, i: 0.1, d: 10 },
  swarmColor: 'blue',
  chipW: 48,
  idleW: 5,
  flipScreen: false,
  invertFan: false,
};

export const NERDQAXE_PLUS_PLUS: NerdBoard = {
  ...NERDQAXE_PLUS,
  deviceModel: 'NerdQAxe++',
  asicModel: 'BM1370',
  smallCores: 2040,
  mhz: 600,
  mv: 1150,
  frequencyOptions: [500, 515, 525, 550, 575, 590, 600],
  voltageOptions: [1120, 1130, 1140, 1150, 1160, 1170, 1180, 1190, 1200],
  minPowerW: 52,
  maxPowerW: 100,
  maxCurrentA: 8,
  jobIntervalMs: 500,
  swarmColor: 'green',
  chipW: 70,
};

export const NERDOCTAXE_GAMMA: NerdBoard = {
  ...NERDQAXE_PLUS_PLUS,
  deviceModel: 'NerdOCTAXE-γ',
  chips: 8,
  minPowerW: 100,
  maxPowerW: 200,
  maxCurrentA: 18,
  swarmColor: '#11d51e',
  chipW: 142,
  idleW: 8,
};
