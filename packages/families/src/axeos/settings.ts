import { choice, flag, integer, type Parameter } from '@headframe/model';
import type { Span } from './device.ts';

/** One key of PATCH /api/system that has no name in the common vocabulary (protocols.md 6.4). */
export interface Setting extends Span {
  /** What it does, as a sentence. */
  readonly does: string;
  /** The name of its parameter; absent where there is one value only, {@link only}. */
  readonly name?: string;
  readonly value?: Parameter;
  readonly only?: number;
  /** It counts from the next restart on. */
  readonly restarts?: true;
  /** `info` does not show it. */
  readonly unseen?: true;
  /** What stands in the body; flags are 0 and 1, which every release takes. */
  readonly wire?: (value: unknown) => number | string;
}

const source = (key: string): string => `AxeOS PATCH /api/system ${key}`;
const asFlag = (value: unknown): number => (value === true ? 1 : 0);

/**
 * Ranges are those that v2.11 and later check; before that anything was taken. What the device would take and its document
 * does not allow is noted where it differs.
 */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  overclockEnabled: {
    since: 6,
    does: 'Lets its page, and us, set clocks and voltages beyond those that it lists: the firmware itself does not check it',
    name: 'on',
    value: flag({ about: 'clocks and voltages of your own', source: source('overclockEnabled') }),
    wire: asFlag,
  },
  overheat_mode: {
    does: 'Ends the overheat mode, in which it stays throttled after it got too hot',
    only: 0,
  },
  minFanSpeed: {
    since: 10,
    does: 'Sets the slowest speed of the automatic fan control',
    name: 'percent',
    value: integer({ about: 'slowest speed', unit: '%', min: 0, max: 99, source: source('minFanSpeed') }),
  },
  invertfanpolarity: {
    before: 7,
    does: 'Turns the signal of the fan control around',
    name: 'on',
    value: flag({ about: 'inverted signal', source: source('invertfanpolarity') }),
    wire: asFlag,
  },
  display: {
    since: 8,
    does: 'Says which display is built in',
    name: 'display',
    value: choice(['NONE', 'SSD1306 (128x32)', 'SSD1309 (128x64)', 'SH1107 (64x128)', 'SH1107 (128x128)'], {
      about: 'display',
      source: source('display'),
    }),
    restarts: true,
    wire: String,
  },
  rotation: {
    since: 9,
    does: 'Turns the picture on the display',
    name: 'degrees',
    value: choice(['0', '90', '180', '270'], { about: 'degrees', source: source('rotation') }),
    restarts: true,
    wire: Number,
  },
  flipscreen: {
    before: 9,
    does: 'Turns the picture on the display upside down',
    name: 'on',
    value: flag({ about: 'upside down', source: source('flipscreen') }),
    restarts: true,
    wire: asFlag,
  },
  invertscreen: {
    does: 'Swaps light and dark on the display',
    name: 'on',
    value: flag({ about: 'swapped', source: source('invertscreen') }),
    restarts: true,
    wire: asFlag,
  },
  displayOffset: {
    since: 11,
    does: 'Moves the picture on the display',
    name: 'offset',
    value: integer({ about: 'offset in lines', min: 0, max: 255, source: source('displayOffset') }),
    restarts: true,
    unseen: true,
  },
  displayTimeout: {
    since: 7,
    does: 'Sets after how many minutes the display goes dark: -1 never, 0 at once',
    name: 'minutes',
    value: integer({ about: 'minutes', min: -1, max: 65_535, source: source('displayTimeout') }),
  },
  statsFrequency: {
    since: 9,
    does: 'Sets how often it records its statistics, 0 for never: that drops what was recorded, from v2.11 on',
    name: 'seconds',
    value: integer({ about: 'period', unit: 's', min: 0, max: 65_535, source: source('statsFrequency') }),
  },
  statsLimit: {
    since: 8,
    before: 9,
    does: 'Sets how many rows of statistics it keeps, 0 for none',
    name: 'rows',
    value: integer({ about: 'rows', min: 0, max: 720, source: source('statsLimit') }),
  },
  statsDuration: {
    since: 8,
    before: 9,
    does: 'Sets the time that its statistics cover',
    name: 'minutes',
    value: integer({ about: 'time', min: 1, max: 720, source: source('statsDuration') }),
  },
  useCustomWWW: {
    since: 15,
    does: 'Serves the web page that was flashed apart instead of its own',
    name: 'on',
    value: flag({ about: 'page of your own', source: source('useCustomWWW') }),
    restarts: true,
    wire: asFlag,
  },
};
