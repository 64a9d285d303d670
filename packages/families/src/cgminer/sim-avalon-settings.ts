import { type ApiRecord, atoi, bool, int, text } from '@headframe/wire/cgminer-server';
import { type Change, type DriverLook, type DriverSettings, options } from './sim-driver-settings.ts';

/*
 * The Avalon drivers of stock cgminer, on a computer beside the modules (`protocols.md` 1.10). Options, ranges and wording
 * are those of driver-avalon4.c, driver-avalon7.c and driver-avalon8.c and their headers. Of the long `MM ID` text only
 * the tokens are here that show what was set.
 */

/** One generation of modules. */
interface Generation {
  /** In the names of functions that errors carry. */
  readonly driver: 'avalon4' | 'avalon7' | 'avalon8';
  readonly help: string;
  /** Hashboards on a module, called miners there. */
  readonly miners: number;
  readonly mhz: Range;
  readonly startMhz: number;
  /** In the unit of the option: tenths of millivolts, millivolts or levels. */
  readonly voltage: Range;
  readonly startVoltage: number;
}

type Range = readonly [least: number, most: number];

const GENERATIONS = {
  AV4: {
    driver: 'avalon4',
    help: 'led|fan|voltage|frequency|pdelay|freezesafe',
    miners: 10,
    mhz: [100, 1000],
    startMhz: 200,
    voltage: [4000, 9000],
    startVoltage: 6875,
  },
  AV7: {
    driver: 'avalon7',
    help: 'pdelay|fan|frequency|led|voltage',
    miners: 4,
    mhz: [24, 1404],
    startMhz: 600,
    voltage: [3889, 5059],
    startVoltage: 3889,
  },
  AV8: {
    driver: 'avalon8',
    help: 'pdelay|fan|frequency|led|voltage',
    miners: 4,
    mhz: [0, 1200],
    startMhz: 775,
    voltage: [-15, 15],
    startVoltage: 0,
  },
} as const satisfies Record<string, Generation>;

/** Places for modules, 0 means all of them; this controller has one module, on place 1. */
const PLACES = 7;
const PRESENT = 1;

/** Past the end of the range it names: the drivers print the number of places. */
const wrongPlace = (place: number): string | null =>
  place < 1 || place >= PLACES ? `invalid module_id: ${place}, valid range 1-${PLACES}` : null;

const absent = (place: number): string | null => (place > PRESENT ? `the current module was disabled ${place}` : null);

/** The settings of a controller with one module. */
export const avalonSettings = (name: keyof typeof GENERATIONS): DriverSettings => new Controller(GENERATIONS[name]);

class Controller implements DriverSettings {
  readonly clockMhz = 0;
  readonly set: DriverSettings['set'];
  readonly #model: Generation;
  readonly #clocks: number[];
  readonly #voltages: number[];
  #led = 0;
  #fan: Range = [5, 100];
  #factory = 0;
  #overclocking = 0;
  #rebootedAt: number | null = null;

  constructor(model: Generation) {
    this.#model = model;
    this.#clocks = Array<number>(model.miners).fill(model.startMhz);
    this.#voltages = Array<number>(model.miners).fill(model.startVoltage);
    const changes = { avalon4: this.#avalon4(), avalon7: this.#avalon7(), avalon8: this.#avalon8() };
    this.set = options(model.help, { ...this.#common(), ...changes[model.driver] });
  }

  get speed(): number {
    return this.#mean() / this.#model.startMhz;
  }

  stats(look: DriverLook): ApiRecord {
    return [
      ['MM ID1', text(this.#tokens(look))],
      ['MM Count', int(1)],
      ['Connecter', text('AUC')],
      ['Connection Overloaded', bool(false)],
    ];
  }

  #tokens({ now, startedAt, debug, temperatureC, fanPercent }: DriverLook): string {
    const percent = Math.round(Math.min(this.#fan[1], Math.max(this.#fan[0], fanPercent)));
    const words = [
      `Elapsed[${Math.max(0, Math.round((now - (this.#rebootedAt ?? startedAt)) / 1000))}]`,
      `TMax[${Math.round(temperatureC)}]`,
      `FanR[${percent}%]`,
      `Vo[${this.#voltages.join(' ')}]`,
      `Freq[${this.#mean().toFixed(2)}]`,
      `Led[${this.#led}]`,
    ];
    // With the program's debug switch the drivers also tell what was set.
    if (debug) {
      words.push(`FAC0[${this.#factory}]`, `OC[${this.#overclocking}]`);
      words.push(...this.#clocks.map((mhz, i) => `SF${i}[${mhz}]`));
    }
    return words.join(' ');
  }

  #mean(): number {
    return this.#clocks.reduce((sum, mhz) => sum + mhz, 0) / this.#clocks.length;
  }

  #common(): Record<string, Change> {
    return {
      // How often the driver asks the module: no reply shows it.
      pdelay: needs('polling delay setting', (value) => {
        const ms = atoi(value);
        return ms < 1 || ms > 65_535 ? `invalid polling delay: ${ms}, valid range 1-65535` : null;
      }),
      fan: needs('fan value', (value) => {
        const [least = -1, most = least] = dashed(value);
        if (least < 0 || most > 100 || most < least) return 'invalid fan value, valid range 0-100';
        this.#fan = [least, most];
        return null;
      }),
      led: needs('module_id setting', (value) => {
        const [place = 0, status] = dashed(value);
        const wrong = wrongPlace(place) ?? absent(place);
        if (wrong !== null) return wrong;
        if (status !== undefined && status !== 0 && status !== 1) {
          return `invalid LED status: ${status}, valid value 0|1`;
        }
        this.#led = status ?? 1 - this.#led;
        return null;
      }),
    };
  }

  #avalon4(): Record<string, Change> {
    return {
      frequency: needs('frequency value', (value) => this.#threeClocks(value)),
      voltage: needs('voltage value', (value) => this.#offsetVoltage(value)),
      // What the fans and chips do in the cold: no reply shows it.
      freezesafe: needs('freezesafe mode setting', () => null),
    };
  }

  #avalon7(): Record<string, Change> {
    const { mhz, voltage } = this.#model;
    return {
      ...this.#factoryAndReboot(),
      // These two take 0 for the least that there is.
      frequency: needs('frequency value', (value) =>
        this.#spread(value, 'set_avalon7_device_freq', this.#clocks, mhz, mhz[0]),
      ),
      voltage: needs('voltage value', (value) =>
        this.#spread(value, 'set_avalon7_device_voltage', this.#voltages, voltage, voltage[0]),
      ),
    };
  }

  #avalon8(): Record<string, Change> {
    const { mhz, voltage } = this.#model;
    return {
      ...this.#factoryAndReboot(),
      frequency: needs('frequency value', (value) => this.#spread(value, 'set_avalon8_device_freq', this.#clocks, mhz)),
      'voltage-level': needs('voltage-level value', (value) =>
        this.#spread(value, 'set_avalon8_device_voltage_level', this.#voltages, voltage),
      ),
      overclocking: needs('overclocking info', (value) => {
        const [on] = dashed(value);
        if (on !== 0 && on !== 1) return 'Invalid value passed to set_avalon8_overclocking_info';
        this.#overclocking = on;
        return null;
      }),
    };
  }

  #factoryAndReboot(): Record<string, Change> {
    return {
      factory: needs('factory info', (value) => {
        const [info = Number.NaN] = dashed(value);
        if (!(info >= -15 && info <= 16)) return `Invalid value passed to set_${this.#model.driver}_factory_info`;
        // 16 means that it is left as it is.
        if (info !== 16) this.#factory = info;
        return null;
      }),
      reboot: needs('reboot value', (value, now) => {
        const [place = 0] = dashed(value);
        const wrong = wrongPlace(place);
        if (wrong === null && place === PRESENT) this.#rebootedAt = now;
        return wrong;
      }),
    };
  }

  /** `value[-module[-miner]]`, 0 being all of them. */
  #spread(value: string, setter: string, target: number[], [least, most]: Range, zero = 0): string | null {
    const [given = Number.NaN, place = 0, miner = 0] = dashed(value);
    const wanted = given === 0 ? zero : given;
    if (!(wanted >= least && wanted <= most)) return `Invalid value passed to ${setter}`;
    if (place < 0 || place >= PLACES) return `Invalid modular index to ${setter}`;
    if (absent(place) !== null) return `Disabled modular to ${setter}`;
    if (miner < 0 || miner > this.#model.miners) return `Invalid miner index to ${setter}`;
    if (miner > 0) target[miner - 1] = wanted;
    else target.fill(wanted);
    return null;
  }

  /** Up to three clocks, of which the last may go on as `-module[-miner]`. Every mistake has the same answer. */
  #threeClocks(value: string): string | null {
    const { mhz, miners } = this.#model;
    const parts = value.split(':').slice(0, 3);
    const clocks = parts.map(atoi);
    const [, place = 0, miner = 0] = dashed(parts.at(-1) ?? '');
    const isWrong = clocks.some((clock) => clock < mhz[0] || clock > mhz[1]);
    if (isWrong || place < 0 || place > PRESENT || miner < 0 || miner > miners) {
      return `invalid frequency value, valid range ${mhz[0]}-${mhz[1]}`;
    }
    const [first = 0, second = first, third = second] = clocks;
    // The weights with which the driver itself makes one clock of three.
    const clock = Math.trunc((first * 4 + second * 4 + third) / 9);
    if (miner > 0) this.#clocks[miner - 1] = clock;
    else this.#clocks.fill(clock);
    return null;
  }

  /** `module-voltage[-miner[-offset]]`. */
  #offsetVoltage(value: string): string | null {
    const { miners, voltage } = this.#model;
    const [place = -1, volt = -1, miner = -1, offset = 0] = dashed(value);
    if (place < 0 || place >= PLACES || volt < voltage[0] || volt > voltage[1]) {
      const ranges = `valid module_id range 0-${PLACES}, valid voltage range ${voltage[0]}-${voltage[1]}`;
      return `invalid module_id or voltage value, ${ranges}`;
    }
    if (miner < -1 || miner >= miners) return `invalid miner_id,  valid miner_id range 0-${miners - 1}`;
    if (volt + offset < voltage[0] || volt + offset > voltage[1]) {
      return `invalid val_offset,  valid val_offset range ${voltage[0] - volt}-${voltage[1] - volt}`;
    }
    const gone = absent(place);
    if (gone !== null) return gone;
    if (miner >= 0) this.#voltages[miner] = volt + offset;
    else this.#voltages.fill(volt);
    return null;
  }
}

/** An option that wants a value. */
const needs =
  (what: string, change: (value: string, now: number) => string | null): Change =>
  (value, now) =>
    value === null ? `missing ${what}` : change(value, now);

/** As `sscanf("%d-%d-%d-%d")`: whole numbers with dashes between, as far as they go. */
function dashed(value: string): number[] {
  const found = /^\s*([+-]?\d+)(?:-\s*([+-]?\d+)(?:-\s*([+-]?\d+)(?:-\s*([+-]?\d+))?)?)?/.exec(value) ?? [];
  return [...found].slice(1).flatMap((digits) => (digits === undefined ? [] : [atoi(digits)]));
}
