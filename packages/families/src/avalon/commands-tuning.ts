import {
  type Action,
  type ActionName,
  action,
  HeadframeError,
  integer,
  type Links,
  number,
  optional,
  type Prepared,
  type ReadBack,
} from '@headframe/model';
import { ascset, needsOption, queryOption, readModules, recordShows } from './ascset.ts';
import { type FanSpeed, fanSpeed } from './fan-speed.ts';
import type { Module } from './modules.ts';
import { ASSUMED, type Generation } from './quirks.ts';

/* Fan, temperature, voltage and frequency. */

const UNTIL_RESTART = 'until it is restarted or its mode is changed';

export function tuningActions(generation: Generation): Partial<Record<ActionName, Action>> {
  const { fan, targetTemp, voltageUnitV, kind } = generation;
  return {
    ...(fan === undefined || fan === 'fan' ? {} : { setFan: fanOf(fan === 'fan-spd with range') }),
    ...(targetTemp === undefined ? {} : { setTemperatureTarget }),
    ...(voltageUnitV === undefined ? {} : { setVoltage: voltageOf(voltageUnitV) }),
    ...(kind === 'modules' ? {} : { setFrequency }),
  };
}

/** Percent of the fans, in words: `41%` is 41. */
export const fanPercent = (speed: FanSpeed): ReadBack | { readonly never: string } =>
  speed === 'auto'
    ? { never: 'its record shows the speed of the fans, not who sets it' }
    : recordShows(
        'FanR of stats',
        (record) => record.num('FanR'),
        // It is measured, and needs a while to get there.
        (percent) => typeof percent === 'number' && percent >= speed.min - 2 && percent <= speed.max + 2,
        { afterMs: 3_000, withinMs: 60_000 },
      );

/** One value, or two in one word. */
export const fanWord = ({ min, max }: Exclude<FanSpeed, 'auto'>): string =>
  min === max ? String(min) : ASSUMED.fanRange(min, max);

const fanOf = (ranges: boolean): Action =>
  action(
    { percent: fanSpeed({ min: 25, max: 100, ranges, auto: true, source: 'Avalon ascset fan-spd' }) },
    async (links, { percent }) => {
      await needsOption(links, 'fan-spd');
      return {
        steps: [ascset('fan-spd', { value: percent === 'auto' ? '-1' : fanWord(percent) })],
        readBack: fanPercent(percent),
      };
    },
    { lasting: UNTIL_RESTART },
  );

const setTemperatureTarget: Action = action(
  {
    targetC: integer({
      about: 'temperature of the chips that it holds',
      unit: '°C',
      min: 50,
      max: 90,
      source: 'Avalon ascset target-temp',
    }),
  },
  async (links, { targetC }) => {
    await needsOption(links, 'target-temp');
    return {
      steps: [ascset('target-temp', { value: String(targetC) })],
      readBack: recordShows(
        'TarT of stats',
        (record) => record.num('TarT'),
        (target) => target === targetC,
      ),
    };
  },
  { lasting: UNTIL_RESTART },
);

const voltageOf = (unitV: number): Action =>
  action(
    {
      voltageV: number({
        about: 'voltage of the hashboards',
        unit: 'V',
        ...ASSUMED.voltageV,
        source: 'Avalon ascset voltage; the machine’s own range is asked first where it tells it',
      }),
    },
    async (links, { voltageV }) => {
      await needsOption(links, 'voltage');
      const wanted = Math.round(voltageV / unitV);
      return {
        notes: [await rangeNote(links, wanted, unitV)],
        steps: [ascset('voltage', { value: String(wanted) })],
        readBack: recordShows(
          'PS of stats',
          (record) => record.nums('PS')[5] ?? null,
          (set) => set === wanted,
        ),
      };
    },
    { lasting: UNTIL_RESTART },
  );

/** Where `PS` has nine values, the last two are the lowest and the highest that it takes (protocols.md 4). */
async function rangeNote(links: Links, wanted: number, unitV: number): Promise<string> {
  const values = (/PS\[([^\]]*)\]/.exec(await queryOption(links, 'voltage'))?.[1] ?? '')
    .trim()
    .split(/\s+/)
    .map(Number);
  const [min, max] = [values[7], values[8]];
  if (values.length < 9 || min === undefined || max === undefined || !(max > 0)) {
    return 'It does not tell its range; it refuses, naming it, what lies outside';
  }
  const [from, to] = [min, max].map((value) => (value * unitV).toFixed(2));
  if (wanted >= min && wanted <= max) return `It takes ${from} to ${to} V`;
  const detail = `set-voltage takes ${from} to ${to} V on this machine (its own PS record); nothing was sent`;
  throw new HeadframeError('usage/invalid', { detail });
}

const frequencyMHz = integer({
  about: 'clock of the chips',
  unit: 'MHz',
  ...ASSUMED.frequencyMHz,
  source: 'a bound of ours, no document names one; the machine refuses what is above its own maximum',
});
const hashboard = optional(
  integer({ about: 'hashboard, all of them if left out', min: 0, max: 15, source: 'Avalon ascset frequency' }),
);

const setFrequency: Action = action(
  { frequencyMHz, hashboard },
  (links, { frequencyMHz: mhz, hashboard: slot }) => prepareFrequencies(links, [mhz, mhz, mhz, mhz], slot),
  { lasting: UNTIL_RESTART },
);

/** `f1:f2:f3:f4-<module>-<board>-<chip>`, each counted from 1 and 0 for all of them (protocols.md 4, 1.10). */
export async function prepareFrequencies(
  links: Links,
  frequencies: readonly number[],
  slot: number | undefined,
): Promise<Prepared> {
  await needsOption(links, 'frequency');
  const boards = boardsOf(await readModules(links));
  if (slot !== undefined && !boards.includes(slot)) {
    const detail = `This machine has no hashboard ${slot}; nothing was sent`;
    throw new HeadframeError('usage/invalid', { detail });
  }
  const concerned = slot === undefined ? boards : [slot];
  return {
    steps: [ascset('frequency', { value: `${frequencies.join(':')}-0-${slot === undefined ? 0 : slot + 1}-0` })],
    readBack: recordShows(
      'SF of stats',
      (record) => concerned.map((board) => record.text(`SF${board}`)),
      (lists) => (lists as (string | null)[]).every((list) => list?.split(/\s+/).join(':') === frequencies.join(':')),
    ),
  };
}

/** `SF0`, `SF1`: the clocks of each board. */
const boardsOf = (modules: readonly Module[]): number[] =>
  Array.from({ length: 16 }, (_, board) => board).filter((board) => modules.some(({ main }) => main.has(`SF${board}`)));
