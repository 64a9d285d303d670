import type { DeviceLabel } from '../sim/device.ts';

/** What a simulated machine under LuxOS is: facts of one model, as values. */
export interface LuxosPlan {
  readonly label: DeviceLabel;
  /** Type of the hashboards: `BHB56903`. */
  readonly boardType: string;
  readonly boards: number;
  readonly chips: number;
  /** Chips in one voltage domain, which is one row of a board. */
  readonly perDomain: number;
  readonly fans: number;
  readonly maxRpm: number;
  readonly psuLabel: string;
  readonly controlBoard: string;
  /** GH/s of one chip at 1 MHz. */
  readonly ghsPerMhz: number;
  /** The profile that the boards' own memory gives: step 0. */
  readonly nominal: { readonly mhz: number; readonly volts: number; readonly watts: number };
  /** Control board and fans, W. */
  readonly idleW: number;
  /** Temperature that the fan control holds, °C. */
  readonly targetC: number;
}

/** A release of the firmware. */
export interface LuxosVersion {
  readonly luxminer: string;
  readonly miner: string;
  readonly compiled: string;
}

/** What a simulated machine comes with. */
export const SHIPPED: LuxosVersion = {
  luxminer: '2025.7.10.152155-6e13fb74',
  miner: '2025.7.10.152155',
  compiled: 'Thu Jul 10 15:22:03 UTC 2025',
};

/** What an update brings, unless its source names a version: one that Luxor's own pages show replies of; its date is read from its number. */
export const NEWER: LuxosVersion = {
  luxminer: '2026.3.31.164710-89ce49f',
  miner: '2026.3.31.164710',
  compiled: 'Tue Mar 31 16:47:10 UTC 2026',
};

const label = (model: string): DeviceLabel => ({
  family: 'luxos',
  make: 'Bitmain',
  model,
  firmware: 'luxos',
});

const COMMON = { fans: 4, maxRpm: 6200, idleW: 45, targetC: 60 } as const;

/** Antminer S19k Pro. */
export const S19K_PRO: LuxosPlan = {
  ...COMMON,
  label: label('Antminer S19k Pro'),
  boardType: 'BHB56903',
  boards: 3,
  chips: 77,
  perDomain: 7,
  psuLabel: 'APW121215e',
  controlBoard: 'cvitek',
  ghsPerMhz: 0.894,
  nominal: { mhz: 590, volts: 13.5, watts: 2794 },
};

/** Antminer S19j Pro. */
export const S19J_PRO: LuxosPlan = {
  ...COMMON,
  label: label('Antminer S19j Pro'),
  boardType: 'BHB42601',
  boards: 3,
  chips: 126,
  perDomain: 3,
  psuLabel: 'APW121215a',
  controlBoard: 'xilinx',
  ghsPerMhz: 0.5139,
  nominal: { mhz: 545, volts: 13.8, watts: 3126 },
};

/** One point of frequency and voltage (`profiles`). */
export interface TuningProfile {
  readonly name: string;
  /** Its place among the firmware's own, 0 the nominal one; null for one that somebody made. */
  readonly step: number | null;
  readonly mhz: number;
  readonly volts: number;
  /** TH/s, cut to one decimal as the firmware does. */
  readonly ths: number;
  readonly watts: number;
}

/** Sixteen steps below the nominal profile and eight above it, 25 MHz and 0.15 V each; no supply goes below 11.88 V. */
const LOWEST_STEP = -16;
const HIGHEST_STEP = 8;
const STEP_MHZ = 25;
const STEP_VOLTS = 0.15;
const LEAST_VOLTS = 11.88;

/** The profiles that the firmware makes from the nominal one. */
export function tuningProfiles(plan: LuxosPlan): readonly TuningProfile[] {
  return Array.from({ length: HIGHEST_STEP - LOWEST_STEP + 1 }, (_, i): TuningProfile => {
    const step = LOWEST_STEP + i;
    const mhz = plan.nominal.mhz + step * STEP_MHZ;
    const volts = Number(Math.max(LEAST_VOLTS, plan.nominal.volts + step * STEP_VOLTS).toFixed(2));
    return { name: step === 0 ? 'default' : `${mhz}MHz`, step, ...point(plan, mhz, volts) };
  });
}

/** One point of frequency and voltage, with what the firmware expects of it. */
export const point = (plan: LuxosPlan, mhz: number, volts: number) => ({
  mhz,
  volts,
  ths: Math.floor(nominalGhs(plan, mhz) / 100) / 10,
  watts: Math.round(estimatedWatts(plan, mhz)),
});

/** Of the whole machine. */
export const nominalGhs = (plan: LuxosPlan, mhz: number): number => plan.boards * plan.chips * plan.ghsPerMhz * mhz;

/** A parabola through what an S19k Pro says of its own profiles. */
export function estimatedWatts({ nominal }: LuxosPlan, mhz: number): number {
  const part = mhz / nominal.mhz;
  return nominal.watts * (0.0713 + 0.5176 * part + 0.4111 * part * part);
}

/** The switches of one machine. */
export interface LuxosQuirks {
  readonly deadBoard: boolean;
  readonly deadChip: boolean;
  readonly stalledFan: boolean;
  readonly deadPool: boolean;
  readonly asleep: boolean;
  readonly refuseJoins: boolean;
  readonly foreignSession: boolean;
  readonly sessionStolen: boolean;
  readonly noAutosave: boolean;
  readonly noLuxupdate: boolean;
  readonly noPools: boolean;
}

/** Steps in which a change is made: the usual ones are the firmware's (`protocols.md` 8), the ranges ours. */
export const MHZ_STEPS = { min: 1, max: 100, usual: 5 } as const;
export const VOLT_STEPS = { min: 0.01, max: 1, usual: 0.05 } as const;
