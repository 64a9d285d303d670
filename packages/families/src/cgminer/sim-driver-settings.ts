import { type ApiRecord, atoi, int } from '@headframe/wire/cgminer-server';

/*
 * What `ascset` and `pgaset` change in the drivers of stock cgminer (`protocols.md` 1.10). The wording of help and
 * errors is that of the drivers' own sources (driver-avalon.c, driver-modminer.c, driver-icarus.c, driver-bflsc.c).
 */

/** The settings of one device's driver. They last until the program restarts. */
export interface DriverSettings {
  /**
   * Changes one.
   * @param value null: absent or empty
   * @returns null when done; otherwise what the driver says: its help, or what is wrong
   */
  set(option: string, value: string | null, now: number): string | null;
  /** `Frequency` of PGA records, MHz; 0 where the driver does not tell. */
  readonly clockMhz: number;
  /** The part of its nominal rate that it hashes at. */
  readonly speed: number;
  /** What the driver adds to its STATS record. */
  stats(look: DriverLook): ApiRecord;
}

/** What a driver sees of its device when STATS is asked for. */
export interface DriverLook {
  readonly now: number;
  /** When the program started, epoch ms. */
  readonly startedAt: number;
  /** The program's own debug switch: some drivers tell more with it. */
  readonly debug: boolean;
  readonly temperatureC: number;
  readonly fanPercent: number;
}

/** One option: null when done, otherwise what the driver says. */
export type Change = (value: string | null, now: number) => string | null;

/** Options by name in any case, `help` among them. Names are lower case here. */
export function options(help: string, changes: Readonly<Record<string, Change>>): DriverSettings['set'] {
  return (option, value, now) => {
    const name = option.toLowerCase();
    if (name === 'help') return help;
    const change = Object.hasOwn(changes, name) ? changes[name] : undefined;
    return change === undefined ? `Unknown option: ${option}` : change(value, now);
  };
}

/** A whole number in a range, read as C's `atoi` does. */
function numberIn(
  name: string,
  [least, most]: readonly [number, number],
  take: (value: number) => void,
  { rule = '', alsoWrong = () => false }: { rule?: string; alsoWrong?: (value: number) => boolean } = {},
): Change {
  return (text) => {
    if (text === null) return `missing ${name} setting`;
    const value = atoi(text);
    if (value < least || value > most || alsoWrong(value)) {
      return `invalid ${name}: '${text}' valid range ${least}-${most}${rule}`;
    }
    take(value);
    return null;
  };
}

/**
 * A number whose range is in the help alone: the drivers of CMR and BMA write the error and go on, so that every number
 * is taken and 119 or 92 comes back.
 */
function numberUnchecked(name: string, take: (value: number) => void): Change {
  return (text) => {
    if (text === null) return `missing ${name} setting`;
    take(atoi(text));
    return null;
  };
}

const NO_STATS = (): ApiRecord => [];

/** ModMiner Quad, an FPGA: clock 160 to 230 MHz, even. It starts at 200. */
export function modMinerSettings(): DriverSettings {
  let clock = 200;
  const range = [160, 230] as const;
  const rule = ' and a multiple of 2';
  const take = (mhz: number) => {
    clock = mhz;
  };
  return {
    set: options(`clock: range 160-230${rule}`, {
      clock: numberIn('clock', range, take, { rule, alsoWrong: (mhz) => mhz % 2 !== 0 }),
    }),
    get clockMhz() {
      return clock;
    },
    get speed() {
      return clock / 200;
    },
    stats: NO_STATS,
  };
}

/** Cairnsmore 2 on the Icarus driver: clock 100 to 220 MHz in steps of 2.5, kept in one byte. */
export function cairnsmoreSettings(): DriverSettings {
  let steps = ASSUMED.cairnsmoreMhz / 2.5;
  const take = (mhz: number) => {
    steps = Math.trunc(mhz / 2.5) & 0xff;
  };
  return {
    set: options('clock: range 100-220', { clock: numberUnchecked('clock', take) }),
    clockMhz: 0,
    get speed() {
      return (steps * 2.5) / ASSUMED.cairnsmoreMhz;
    },
    stats: NO_STATS,
  };
}

/** Other Icarus devices have the option, and nothing to set: `help` says so as well. */
export function icarusSettings(): DriverSettings {
  return { set: () => 'no set options available', clockMhz: 0, speed: 1, stats: NO_STATS };
}

/** BMA on the BitForce SC driver: a step of voltage, 0 to 9, which no reply shows, and one of clock, 0 to 15. */
export function bmaSettings(): DriverSettings {
  let clock: number = ASSUMED.bmaClock;
  return {
    set: options('volt: range 0-9 clock: range 0-15', {
      volt: numberUnchecked('volt', () => {}),
      clock: numberUnchecked('clock', (step) => {
        clock = Math.min(15, Math.max(0, step));
      }),
    }),
    clockMhz: 0,
    get speed() {
      return 1 + (clock - ASSUMED.bmaClock) * ASSUMED.bmaClockStep;
    },
    stats: NO_STATS,
  };
}

/**
 * The first Avalon, and BitBurner boards on the same driver: clock 256 to 1024 MHz, and core voltage 1000 to 1400 mV on
 * BitBurner boards only.
 */
export function firstAvalonSettings(name: 'AVA' | 'BTB'): DriverSettings {
  let clock: number = ASSUMED.firstAvalonMhz;
  let millivolts: number = ASSUMED.bitBurnerMillivolts;
  const setVoltage = numberIn('millivolts', [1000, 1400], (value) => {
    millivolts = value;
  });
  const voltage: Change = (value, now) => (name === 'BTB' ? setVoltage(value, now) : `${name} cannot set millivolts`);
  return {
    set: options('freq: range 256-1024 millivolts: range 1000-1400', {
      freq: numberIn('freq', [256, 1024], (value) => {
        clock = value;
      }),
      millivolts: voltage,
      mv: voltage,
    }),
    clockMhz: 0,
    get speed() {
      return clock / ASSUMED.firstAvalonMhz;
    },
    stats: () => [['frequency', int(clock)], ...(name === 'BTB' ? ([['core_voltage', int(millivolts)]] as const) : [])],
  };
}

/** What these devices start with and what a step of a BMA's clock does to its rate: no source says it. */
const ASSUMED = {
  cairnsmoreMhz: 150,
  firstAvalonMhz: 300,
  bitBurnerMillivolts: 1200,
  bmaClock: 8,
  bmaClockStep: 0.02,
} as const;
