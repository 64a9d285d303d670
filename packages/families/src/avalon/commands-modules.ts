import {
  type Action,
  type ActionName,
  action,
  flag,
  HeadframeError,
  integer,
  type Links,
  optional,
  type Prepared,
  type ReadBack,
} from '@headframe/model';
import { lookForRestart } from '@headframe/wire/cgminer';
import { ascset, readModules, recordShows } from './ascset.ts';
import { fanPercent, fanWord } from './commands-tuning.ts';
import { fanSpeed } from './fan-speed.ts';
import type { Module } from './modules.ts';
import type { Generation } from './quirks.ts';

/*
 * The A7 and the A8: modules behind an older controller, which runs the stock cgminer with their drivers
 * (protocols.md 1.10). Modules are counted from 1 there.
 */

const isA8 = ({ name }: Generation): boolean => name.endsWith('A8');

export function modulesActions(generation: Generation): Record<string, Action> {
  const source = sourceOf(generation);
  return {
    pdelay: plain('pdelay', {
      about: 'delay between two polls of the modules',
      unit: 'ms',
      min: 1,
      max: 65_535,
      source,
    }),
    ...(isA8(generation)
      ? {
          'voltage-level': plain('voltage-level', { about: 'level of the voltage', min: -15, max: 15, source }),
          overclocking: action(
            { on: flag({ about: 'on or off', source }) },
            (_, { on }) => ({ steps: [ascset('overclocking', { value: on ? '1' : '0' })], readBack: OC(on) }),
            { does: 'Lets the modules overclock themselves', hashing: 'interrupted' },
          ),
        }
      : {
          voltage: plain('voltage', {
            about: 'voltage of the chips in mV, in steps of 78',
            min: 3889,
            max: 5059,
            source,
          }),
        }),
    factory: action(
      {
        value: integer({
          about: 'factory information',
          min: -15,
          max: 15,
          source: `${source}; its meaning is in no document`,
        }),
      },
      (_, { value }) => ({ steps: [ascset('factory', { value: String(value) })], readBack: { never: NOT_SHOWN } }),
      {
        does: 'Writes the factory information of the modules',
        guarded: 'it changes what the factory wrote into the modules; nothing brings it back',
      },
    ),
  };
}

const sourceOf = ({ name }: Generation): string => `cgminer driver of the ${name.replace('Avalon ', '')}`;
const NOT_SHOWN = 'nothing that can be read shows it';

const OC = (on: boolean): ReadBack =>
  recordShows(
    'OC of stats',
    (record) => record.num('OC'),
    (seen) => seen === (on ? 1 : 0),
  );

const plain = (option: string, range: Parameters<typeof integer>[0]): Action =>
  action(
    { value: integer(range) },
    (_, { value }) => ({ steps: [ascset(option, { value: String(value) })], readBack: { never: NOT_SHOWN } }),
    { does: `Sets ${option} of all modules`, hashing: 'interrupted', lasting: 'until the controller restarts' },
  );

const locate: Action = action(
  { on: flag({ about: 'blinks or not', source: 'cgminer drivers of the A7 and A8, led' }) },
  async (links, { on }) => ({
    steps: (await readModules(links)).map(({ id }) => ascset('led', { value: `${id}-${on ? 1 : 0}` })),
    readBack: recordShows(
      'Led of stats',
      (record) => record.num('Led'),
      (seen) => seen === (on ? 1 : 0),
    ),
  }),
  { lasting: 'until it is switched off' },
);

const setFan: Action = action(
  {
    percent: fanSpeed({ min: 0, max: 100, ranges: true, auto: false, source: 'cgminer drivers of the A7 and A8, fan' }),
  },
  (_, { percent }) => {
    if (percent === 'auto') throw new HeadframeError('usage/invalid', { detail: 'it takes a range instead of auto' });
    return { steps: [ascset('fan', { value: fanWord(percent) })], readBack: fanPercent(percent) };
  },
  { lasting: 'until the controller restarts' },
);

const setFrequency: Action = action(
  {
    frequencyMHz: integer({
      about: 'clock of the chips',
      unit: 'MHz',
      min: 24,
      max: 1404,
      source: 'cgminer drivers of the A7 and A8, frequency',
    }),
    hashboard: optional(
      integer({ about: 'hashboard, all of them if left out', min: 0, max: 255, source: 'cgminer drivers, frequency' }),
    ),
  },
  async (links, { frequencyMHz, hashboard }): Promise<Prepared> => {
    const boards = placesOf(await readModules(links));
    const place = hashboard === undefined ? undefined : boards[hashboard];
    if (hashboard !== undefined && place === undefined) {
      throw new HeadframeError('usage/invalid', {
        detail: `This machine has no hashboard ${hashboard}; nothing was sent`,
      });
    }
    const where = place === undefined ? '' : `-${place.module}-${place.board + 1}`;
    return {
      steps: [ascset('frequency', { value: `${frequencyMHz}${where}` })],
      readBack: {
        looksAt: 'SF of stats',
        afterMs: 2_000,
        everyMs: 3_000,
        withinMs: 60_000,
        look: async (at: Links) => {
          const seen = clocksOf(await readModules(at)).filter(
            (_, slot) => hashboard === undefined || slot === hashboard,
          );
          return { done: seen.length > 0 && seen.every((mhz) => mhz === frequencyMHz), values: { frequencyMHz: seen } };
        },
      },
    };
  },
  { lasting: 'until the controller restarts' },
);

const reboot: Action = action(
  {},
  async (links) => ({
    steps: (await readModules(links)).map(({ id }) => ascset('reboot', { value: String(id), silenceIsFine: true })),
    readBack: {
      looksAt: 'Elapsed of every module in stats',
      afterMs: 10_000,
      everyMs: 5_000,
      withinMs: 180_000,
      restarts: true,
      look: async (at, sentAt) => {
        const sinceS = (at.clock.now() - sentAt) / 1000;
        const elapsed = (await readModules(at)).map(({ main }) => main.num('Elapsed'));
        const restarted = elapsed.every((seconds) => seconds !== null && seconds <= sinceS + 2);
        const whole = restarted ? { done: true, values: {} } : await lookForRestart(at, sentAt);
        return { done: whole.done, values: { elapsedS: elapsed } };
      },
    },
  }),
  { does: 'Restarts every module; the controller goes on', takes: 'a minute or two' },
);

/** The boards of all modules in their order, by the clocks that each lists. */
const placesOf = (modules: readonly Module[]): { readonly module: number; readonly board: number }[] =>
  modules.flatMap(({ id, main }) =>
    Array.from({ length: 16 }, (_, board) => board)
      .filter((board) => main.has(`SF${board}`))
      .map((board) => ({ module: id, board })),
  );

/** The highest clock of each board: the driver spreads the others below the one that was asked for. */
const clocksOf = (modules: readonly Module[]): (number | null)[] =>
  placesOf(modules).map(({ module, board }) => {
    const main = modules.find(({ id }) => id === module)?.main;
    const clocks = (main?.nums(`SF${board}`) ?? []).filter((mhz) => mhz !== null);
    return clocks.length === 0 ? null : Math.max(...clocks);
  });

/** What of the common vocabulary these drivers can. */
export const modulesCommon = { locate, setFan, setFrequency, reboot } satisfies Partial<Record<ActionName, Action>>;
