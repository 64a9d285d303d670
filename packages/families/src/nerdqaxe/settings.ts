import { flag, integer, number, type Parameter } from '@headframe/model';

/** One key of PATCH /api/system that has no name in the common vocabulary, as the branch's own source has them. */
export interface Setting {
  readonly does: string;
  readonly name: string;
  readonly value: Parameter<number> | Parameter<boolean>;
  /** It counts from the next restart on at the latest. */
  readonly restarts?: true;
}

const source = (key: string): string => `NerdQAxe PATCH /api/system ${key}; the device checks nothing`;
const UINT16 = 65_535;
/** Kept as hundredths in 16 bits. */
const PID_MOST = 655;

const onOff = (key: string, about: string, does: string): Setting => ({
  does,
  name: 'on',
  value: flag({ about, source: source(key) }),
});

const pid = (key: string, part: string): Setting => ({
  does: `Sets the ${part} part of the automatic fan control`,
  name: 'factor',
  value: number({ about: `${part} factor`, min: 0, max: PID_MOST, source: source(key) }),
});

/** Offered only where the device shows the key: others it would pass over without a word. */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  jobInterval: {
    does: 'Sets how often the chips get new work',
    name: 'intervalMs',
    value: integer({ about: 'interval', unit: 'ms', min: 1, max: UINT16, source: source('jobInterval') }),
  },
  vrFrequency: {
    does: 'Sets the switching frequency of the voltage regulator, in its own unit',
    name: 'frequency',
    value: integer({ about: 'switching frequency', min: 1, max: 4_294_967_295, source: source('vrFrequency') }),
    restarts: true,
  },
  overheat_temp: {
    does: 'Sets the temperature at which it switches its chips off',
    name: 'tempC',
    value: integer({ about: 'temperature', unit: '°C', min: 40, max: 90, source: source('overheat_temp') }),
  },
  stratumDifficulty: {
    does: 'Sets the difficulty that is suggested to its pools',
    name: 'difficulty',
    value: integer({ about: 'difficulty', min: 1, max: 4_294_967_295, source: source('stratumDifficulty') }),
    restarts: true,
  },
  pidP: pid('pidP', 'proportional'),
  pidI: pid('pidI', 'integral'),
  pidD: pid('pidD', 'derivative'),
  flipscreen: onOff('flipscreen', 'upside down', 'Turns the picture on the display upside down'),
  invertscreen: onOff('invertscreen', 'swapped', 'Swaps light and dark on the display'),
  autoscreenoff: onOff('autoscreenoff', 'goes dark', 'Lets the display go dark by itself'),
  invertfanpolarity: onOff('invertfanpolarity', 'inverted signal', 'Turns the signal of the fan control around'),
  stratum_keep: onOff('stratum_keep', 'kept alive', 'Keeps the connections to its pools alive'),
};
