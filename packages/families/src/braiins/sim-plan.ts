import type { DeviceLabel } from '../sim/device.ts';
import { BosMode, ControlBoardSocFamily, MinerBrand, MinerModel, Platform } from './contract/index.ts';

/** What a simulated machine under BraiinsOS is: facts of one model, as values. */
export interface BraiinsPlan {
  readonly label: DeviceLabel;
  /** As the firmware writes it. */
  readonly name: string;
  readonly brand: MinerBrand;
  /** Newer models have none. */
  readonly modelNumber: MinerModel;
  readonly platform: Platform;
  readonly soc: ControlBoardSocFamily;
  readonly bosMode: BosMode;
  readonly kernel: string;
  /** Ids of the hashboards: `1` to `3`, on an S9 `6` to `8`. */
  readonly boardIds: readonly string[];
  readonly chips: number;
  readonly chipType: string | null;
  /** Type of the hashboards: `BHB56801`. */
  readonly boardName: string | null;
  readonly fans: number;
  /** Places for fans: those without one report 0 rpm. */
  readonly fanPlaces: number;
  readonly maxRpm: number;
  /** GH/s of one chip at 1 MHz. */
  readonly ghsPerMhz: number;
  readonly nominal: { readonly mhz: number; readonly volts: number };
  /** The maker's number. */
  readonly stickerThs: number;
  /** Target of power, W. */
  readonly power: Limits;
  readonly psu: Psu | null;
  /** Its hashboards cannot be cut off one by one. */
  readonly noPic: boolean;
  /** Control board and fans, W. */
  readonly idleW: number;
  readonly temperatures: { readonly target: number; readonly hot: number; readonly dangerous: number };
  /** How much the hottest chip is above its board at nominal power, and the step of the sensors, °C. */
  readonly chipAboveBoardC: number;
  readonly stepC: number;
  /** °C of the hottest board above the room at nominal power with all fans at 100 %. */
  readonly riseC: number;
  /** Difficulty of the pools. */
  readonly difficulty: number;
}

export interface Limits {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

interface Psu {
  readonly version: number;
  readonly model: string;
  readonly minVolts: number;
  readonly maxVolts: number;
}

/*
 * Chips, boards and fans: the hardware catalogue. Rate of a chip: from frequency and nominal hashrate of captures (S9, S19 XP,
 * S21+), 1276 cores of an S21 from a public devdetails. Limits of the power target: of an S19j Pro under 25.11; those of
 * others are in the same proportion to their default, which for all but the captured S19 XP is ours.
 */

const proportional = (watts: number): Limits => ({
  default: watts,
  min: Math.round(watts * 0.31),
  max: Math.round(watts * 2.1),
});

const antminer = (model: string): Pick<BraiinsPlan, 'label' | 'name' | 'brand'> => ({
  label: { family: 'braiins', make: 'Bitmain', model: `Antminer ${model}`, firmware: 'braiins-os' },
  name: `Antminer ${model}`,
  brand: MinerBrand.ANTMINER,
});

const X19 = {
  boardIds: ['1', '2', '3'],
  fans: 4,
  fanPlaces: 4,
  maxRpm: 6000,
  bosMode: BosMode.NAND,
  idleW: 45,
  temperatures: { target: 60, hot: 80, dangerous: 90 },
  chipAboveBoardC: 15,
  stepC: 0.5,
  riseC: 16,
  difficulty: 262_144,
} as const;

const AMLOGIC = { platform: Platform.AM3_AML, soc: ControlBoardSocFamily.AML, kernel: '4.9.113' } as const;
const BEAGLEBONE = { platform: Platform.AM3_BBB, soc: ControlBoardSocFamily.BBB, kernel: '4.19.94' } as const;

export const S9: BraiinsPlan = {
  ...antminer('S9'),
  modelNumber: MinerModel.ANTMINER_S9,
  platform: Platform.AM1_S9,
  soc: ControlBoardSocFamily.ZYNQ,
  bosMode: BosMode.NAND,
  kernel: '4.4.92',
  boardIds: ['6', '7', '8'],
  chips: 63,
  chipType: 'BM1387',
  boardName: null,
  fans: 2,
  fanPlaces: 4,
  maxRpm: 5600,
  ghsPerMhz: 0.114,
  nominal: { mhz: 650, volts: 9.1 },
  stickerThs: 13.5,
  power: { default: 1420, min: 400, max: 2400 },
  psu: null,
  noPic: false,
  idleW: 22,
  temperatures: { target: 80, hot: 90, dangerous: 100 },
  chipAboveBoardC: 12,
  stepC: 0.125,
  riseC: 30,
  difficulty: 16_384,
};

export const S19: BraiinsPlan = {
  ...X19,
  ...BEAGLEBONE,
  ...antminer('S19'),
  modelNumber: MinerModel.ANTMINER_S19,
  chips: 76,
  chipType: 'BM1398',
  boardName: 'BHB28501',
  ghsPerMhz: 0.672,
  nominal: { mhz: 620, volts: 13.7 },
  stickerThs: 95,
  power: proportional(3250),
  psu: { version: 98, model: 'APW121215a', minVolts: 11.96, maxVolts: 15.2 },
  noPic: false,
};

export const S19J_PRO: BraiinsPlan = {
  ...X19,
  ...BEAGLEBONE,
  ...antminer('S19J Pro'),
  label: { family: 'braiins', make: 'Bitmain', model: 'Antminer S19j Pro', firmware: 'braiins-os' },
  modelNumber: MinerModel.ANTMINER_S19J_PRO,
  chips: 126,
  chipType: 'BM1362',
  boardName: 'BHB42601',
  ghsPerMhz: 0.5139,
  nominal: { mhz: 535, volts: 13.6 },
  stickerThs: 104,
  power: { default: 3068, min: 944, max: 6435 },
  psu: { version: 98, model: 'APW121215a', minVolts: 11.96, maxVolts: 15.2 },
  noPic: false,
};

export const S19_XP: BraiinsPlan = {
  ...X19,
  ...AMLOGIC,
  ...antminer('S19 XP'),
  modelNumber: MinerModel.ANTMINER_S19XP,
  chips: 110,
  chipType: 'BM1366',
  boardName: 'BHB56801',
  ghsPerMhz: 0.8962,
  nominal: { mhz: 477, volts: 12.94 },
  stickerThs: 141,
  power: proportional(3031),
  psu: { version: 117, model: 'APW121215d/e', minVolts: 11.96, maxVolts: 15.2 },
  noPic: true,
};

export const S21: BraiinsPlan = {
  ...X19,
  ...AMLOGIC,
  ...antminer('S21'),
  modelNumber: MinerModel.UNSPECIFIED,
  chips: 108,
  chipType: 'BM1368',
  boardName: 'BHB68601',
  ghsPerMhz: 1.276,
  nominal: { mhz: 484, volts: 13.2 },
  stickerThs: 200,
  power: proportional(3500),
  psu: { version: 193, model: 'APW171215a', minVolts: 11.96, maxVolts: 15.2 },
  noPic: true,
};

export const S21_PLUS: BraiinsPlan = {
  ...X19,
  ...AMLOGIC,
  ...antminer('S21+'),
  modelNumber: MinerModel.UNSPECIFIED,
  chips: 55,
  chipType: 'BM1370',
  boardName: 'BHB70601',
  ghsPerMhz: 2.0494,
  nominal: { mhz: 695, volts: 12.95 },
  stickerThs: 235,
  power: proportional(3564),
  psu: { version: 193, model: 'APW171215a', minVolts: 11.96, maxVolts: 15.2 },
  noPic: true,
};

/** Braiins' own small machine: 1 TH/s at 41 W in a public report. */
export const BMM_100: BraiinsPlan = {
  ...X19,
  label: { family: 'braiins', make: 'Braiins', model: 'Mini Miner BMM 100', firmware: 'braiins-os' },
  name: 'BRAIINS MINI MINER BMM 100',
  brand: MinerBrand.UNSPECIFIED,
  modelNumber: MinerModel.UNSPECIFIED,
  platform: Platform.STM32MP157C_II2_BMM1,
  soc: ControlBoardSocFamily.BRAIINS,
  bosMode: BosMode.EMMC,
  kernel: '5.15.67',
  boardIds: ['1'],
  chips: 1,
  chipType: null,
  boardName: null,
  fans: 1,
  fanPlaces: 1,
  maxRpm: 3000,
  ghsPerMhz: 2.0494,
  nominal: { mhz: 490, volts: 1.2 },
  stickerThs: 1,
  power: { default: 40, min: 15, max: 60 },
  psu: null,
  noPic: false,
  idleW: 2,
  difficulty: 1024,
};

/** H/s of one board at a frequency. */
export const boardHs = (plan: BraiinsPlan, mhz: number): number => plan.chips * plan.ghsPerMhz * mhz * 1e9;

/** Of the whole machine at level 1, H/s. */
export const nominalHs = (plan: BraiinsPlan): number => plan.boardIds.length * boardHs(plan, plan.nominal.mhz);

/** Least and most that a board can be driven with, as a part of its nominal frequency. */
const LEVELS = { min: 0.2, max: 1.3 } as const;

export const possible = (level: number): number => Math.min(LEVELS.max, Math.max(LEVELS.min, level));

/** A parabola through what an S19k Pro says of its own profiles. */
const CURVE = { still: 0.0713, straight: 0.5176, square: 0.4111 } as const;

/** What one board draws at a level, W; without power at level 0. */
export function boardW(plan: BraiinsPlan, level: number): number {
  if (level <= 0) return 0;
  const full = (plan.power.default - plan.idleW) / plan.boardIds.length;
  return full * (CURVE.still + CURVE.straight * level + CURVE.square * level * level);
}

/** The level at which so many boards draw so much together with the rest of the machine. */
export function levelAtW(plan: BraiinsPlan, watts: number, boards: number): number {
  if (boards === 0) return 0;
  const full = (plan.power.default - plan.idleW) / plan.boardIds.length;
  const part = (watts - plan.idleW) / boards / full;
  const { still, straight, square } = CURVE;
  const root = straight * straight - 4 * square * (still - part);
  return possible(root <= 0 ? 0 : (-straight + Math.sqrt(root)) / (2 * square));
}

/** Volts at a level. */
export const voltsAt = (plan: BraiinsPlan, level: number): number => plan.nominal.volts * (0.88 + 0.12 * level);

/** Target of hashrate, TH/s. */
export const hashrateLimits = (plan: BraiinsPlan): Limits => ({
  default: plan.stickerThs,
  min: Number((plan.stickerThs * 0.3).toFixed(1)),
  max: Number((plan.stickerThs * 1.3).toFixed(1)),
});
