import type { DeviceLabel } from '../sim/device.ts';

/** What a simulated machine under DCENT_OS is: facts of one model, as values. */
export interface DcentPlan {
  readonly label: DeviceLabel;
  /** Chip as the daemon names it: `BM1387`. */
  readonly chip: string;
  /** Numbers of the chains, which are not their places. */
  readonly chains: readonly number[];
  readonly chips: number;
  readonly fans: number;
  readonly maxRpm: number;
  /** GH/s of one chip at 1 MHz. */
  readonly ghsPerMhz: number;
  /** What the daemon runs the model at when nothing else is set, with what the boards draw then, W. */
  readonly nominal: { readonly mhz: number; readonly mv: number; readonly boardsW: number };
  /** What the configuration accepts at most, and what the voltage controller can do, mV. */
  readonly acceptedMv: number;
  readonly controllerMv: { readonly min: number; readonly max: number };
  /** The point with the least power per hash, where the tuner goes by itself. */
  readonly efficient: { readonly mhz: number; readonly mv: number };
}

/** The release that is simulated: the one whose sources are public. */
export const RELEASE = '0.9.0';

/** Control board and fans with the boards off, W: what the architecture page says of a machine that sleeps. */
export const IDLE_W = 25;

const label = (model: string): DeviceLabel => ({ family: 'dcent', make: 'Bitmain', model, firmware: 'dcent-os' });

/*
 * Chains, chips, GH/s per MHz, default frequency and voltage: the daemon's own table of models. Both models are those
 * on which it allows writes. Fans: the hardware catalogue. What the boards draw is the nameplate less the control
 * board, through the supply. Controllers and the S9's efficient point are assumed; 320 MHz at 12.45 V is the daemon's.
 */

export const S9: DcentPlan = {
  label: label('Antminer S9'),
  chip: 'BM1387',
  chains: [6, 7, 8],
  chips: 63,
  fans: 2,
  maxRpm: 5940,
  ghsPerMhz: 0.114,
  nominal: { mhz: 650, mv: 8600, boardsW: 1215 },
  acceptedMv: 20_000,
  controllerMv: { min: 7900, max: 9400 },
  efficient: { mhz: 500, mv: 8300 },
};

export const S19J_PRO: DcentPlan = {
  label: label('Antminer S19j Pro'),
  chip: 'BM1362',
  chains: [1, 2, 3],
  chips: 126,
  fans: 4,
  maxRpm: 6200,
  ghsPerMhz: 0.55,
  nominal: { mhz: 500, mv: 13_700, boardsW: 2800 },
  acceptedMv: 14_500,
  controllerMv: { min: 11_880, max: 14_500 },
  efficient: { mhz: 320, mv: 12_450 },
};

/** The switches of one machine. */
export interface DcentQuirks {
  readonly deadBoard: boolean;
  readonly stalledFan: boolean;
  readonly deadPool: boolean;
  readonly asleep: boolean;
  readonly lanWrites: boolean;
  readonly bindLan: boolean;
  readonly observerOnly: boolean;
  readonly unprovenHardware: boolean;
  readonly restartRefused: boolean;
  readonly noFanBroker: boolean;
  readonly noTuner: boolean;
  readonly foreignSession: boolean;
  readonly noPools: boolean;
}
