import { HeadframeError, integer, number, orAuto } from '@headframe/model';
import {
  ASIC_PATH,
  both,
  change,
  clockSeen,
  documentOf,
  dutySeen,
  refuseSlip,
  shows,
  voltageSeen,
} from '@headframe/wire/axeos';
import type { Fields } from '@headframe/wire/json';
import { type Options, optionsOf } from './boards.ts';
import { type Device, type Offered, offered, patch } from './device.ts';
import { isOverheated } from './faults.ts';

/* Clock, voltage and fan (protocols.md 6.4). */

const SOURCE = 'AxeOS PATCH /api/system';
/** The clock ramps up in steps. */
const RAMP_MS = 60_000;

const setFrequency = offered(
  {},
  {
    frequencyMHz: number({
      about: 'clock of the chips',
      unit: 'MHz',
      min: 1,
      max: 65_535,
      source: `${SOURCE} frequency`,
    }),
  },
  async (device, { frequencyMHz }) => {
    // A decimal place came with v2.10; before, the rest is cut off without a word.
    if (device.release < 10 && !Number.isInteger(frequencyMHz)) {
      const detail = `set-frequency takes whole numbers before v2.10 (${SOURCE} frequency); nothing was sent`;
      throw new HeadframeError('usage/invalid', { detail });
    }
    return change({
      steps: [patch({ frequency: frequencyMHz })],
      notes: await checkAgainstOptions(device, frequencyMHz, 'MHz', ({ frequencies }) => frequencies),
      looksAt: 'frequency and, from v2.14 on, actualFrequency of info',
      withinMs: RAMP_MS,
      seen: (info) => clockSeen(info, frequencyMHz, stands(info)),
    });
  },
  { takes: 'some seconds', hashing: 'unchanged' },
);

const setVoltage = offered(
  {},
  {
    voltageV: number({
      about: 'voltage of the chips',
      unit: 'V',
      min: 0.001,
      max: 65.535,
      source: `${SOURCE} coreVoltage, in mV`,
    }),
  },
  async (device, { voltageV }) => {
    const coreVoltage = Math.round(voltageV * 1000);
    return change({
      steps: [patch({ coreVoltage })],
      notes: await checkAgainstOptions(device, coreVoltage, 'mV', ({ voltages }) => voltages),
      looksAt: 'coreVoltage and coreVoltageActual of info',
      withinMs: RAMP_MS,
      seen: (info) => voltageSeen(info, coreVoltage, stands(info)),
    });
  },
  { takes: 'some seconds', hashing: 'unchanged' },
);

/** Its chips may be without clock and voltage then. */
const stands = (info: Fields): boolean => info.bool('miningPaused') === true || isOverheated(info);

/**
 * The rule of the document, which the firmware does not enforce (protocols.md 6.4): what its page does not offer wants
 * overclockEnabled.
 * @throws HeadframeError `usage/invalid`: nothing was sent
 */
async function checkAgainstOptions(
  { links, info, release }: Device,
  wanted: number,
  unit: string,
  pick: (options: Options) => readonly number[],
): Promise<string[]> {
  const options = optionsOf(info, release >= 7 ? await documentOf(links, ASIC_PATH) : null);
  const listed = options === null ? [] : pick(options);
  if (listed.includes(wanted)) return [];
  refuseSlip(wanted, unit, listed);
  const list = listed.length === 0 ? 'it lists none for its chip' : `it lists ${listed.join(', ')} ${unit}`;
  // v2.4 and v2.5 have no such setting.
  if (release >= 6 && info.bool('overclockEnabled') !== true) {
    const next = 'To set it all the same: headframe do ADDRESS axeos.overclockEnabled on, at your own risk.';
    const detail = `${wanted} ${unit} is none of the values of this device (${list}), and overclockEnabled is off; nothing was sent`;
    throw new HeadframeError('usage/invalid', { detail, next });
  }
  return [`${wanted} ${unit} is a value of your own, and nothing checks it: ${list}`];
}

const setFan = offered(
  {},
  {
    percent: orAuto(
      integer({
        about: 'fan speed',
        unit: '%',
        min: 0,
        max: 100,
        source: `${SOURCE} manualFanSpeed, before v2.11 fanspeed`,
      }),
    ),
  },
  ({ release, info }, { percent }) => {
    if (percent === 'auto') {
      return change({
        steps: [patch({ autofanspeed: 1 })],
        looksAt: 'autofanspeed of info',
        seen: (now) => shows(now, { autofanspeed: 1 }),
      });
    }
    // From v2.11 on `fanspeed` is only shown: writing it is a 200 that changes nothing (protocols.md 6.4).
    const isNewer = release >= 11;
    return change({
      steps: [patch({ autofanspeed: 0, [isNewer ? 'manualFanSpeed' : 'fanspeed']: percent })],
      notes: isOverheated(info) ? ['It is in overheat mode, which runs the fan by itself'] : [],
      looksAt: 'autofanspeed and the fan of info',
      withinMs: 20_000,
      seen: (now) =>
        both(shows(now, { autofanspeed: 0, ...(isNewer ? { manualFanSpeed: percent } : {}) }), dutySeen(now, percent)),
    });
  },
  { takes: 'some seconds' },
);

const setTemperatureTarget = offered(
  { since: 7 },
  {
    targetC: integer({
      about: 'temperature that the automatic fan control holds',
      unit: '°C',
      min: 35,
      max: 66,
      source: `${SOURCE} temptarget (its document says 0 to 100)`,
    }),
  },
  ({ info }, { targetC }) =>
    change({
      steps: [patch({ temptarget: targetC })],
      notes: info.bool('autofanspeed') === false ? ['The fan is set by hand: it counts only after set-fan auto'] : [],
      looksAt: 'temptarget of info',
      seen: (now) => shows(now, { temptarget: targetC }),
    }),
);

export const tuningCommands = {
  setFrequency,
  setVoltage,
  setFan,
  setTemperatureTarget,
} satisfies Record<string, Offered>;
