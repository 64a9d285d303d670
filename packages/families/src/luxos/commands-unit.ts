import {
  type Action,
  action,
  choice,
  flag,
  integer,
  type Links,
  number,
  optional,
  type ReadBack,
} from '@headframe/model';
import { askDocument, first, section } from '@headframe/wire/cgminer';
import { configOf, readBack, shows } from './ask.ts';
import { hashboard, meantBoards } from './boards.ts';
import { SAVED } from './commands-tuning.ts';
import { activeSession, inSession, plainStep, sessionStep } from './session.ts';
import { source } from './words.ts';

/*
 * The unit itself: lights, health of chips, the session, the firmware (protocols.md 8).
 */

/** Blinks the red light, or gives it back to the firmware: `off` would keep it dark for good. */
export const locate: Action = action(
  { on: flag({ about: 'blink or stop', ...source('ledset') }) },
  (_, { on }) => {
    const state = on ? 'blink' : 'auto';
    return inSession([sessionStep('ledset', ['red', state])], ledShows('red', state));
  },
  { lasting: 'it blinks until it is told to stop' },
);

export const ledset: Action = action(
  {
    color: choice(['red', 'green'], { about: 'which light', ...source('ledset') }),
    state: choice(['on', 'off', 'blink', 'auto'], { about: 'what it does; auto gives it back', ...source('ledset') }),
  },
  (_, { color, state }) => inSession([sessionStep('ledset', [color, state])], ledShows(color, state)),
  { does: 'Sets a light of the machine' },
);

const ledShows = (color: 'red' | 'green', state: string): ReadBack => {
  const field = color === 'red' ? 'RedLed' : 'GreenLed';
  return shows(`${field} of config`, configOf, { [field]: state });
};

export const healthchipset: Action = action(
  {
    hashboard,
    chip: optional(
      integer({ about: 'chip, counted from 0; all if left out', min: 0, max: 999, ...source('healthchipset') }),
    ),
  },
  async (links, { hashboard: slot, chip }) => {
    await meantBoards(links, slot);
    const chipsOf = async (at: Links) =>
      section(await askDocument(at, 'healthchipget', String(slot)), 'CHIPS').filter(
        (one, place) => chip === undefined || (one.int('Chip') ?? place) === chip,
      );
    const before = (await chipsOf(links)).map((one) => one.num('When'));
    const step = sessionStep('healthchipset', [slot, ...(chip === undefined ? [] : [chip])]);
    const look: ReadBack['look'] = async (at) => {
      const chips = await chipsOf(at);
      const isChecking = chips.some((one) => one.bool('IsChecking') === true);
      const isNewer = chips.some((one, i) => (one.num('When') ?? 0) > (before[i] ?? Number.POSITIVE_INFINITY));
      return { done: isChecking || isNewer, values: { isChecking, checkedSince: isNewer } };
    };
    return inSession([step], readBack('healthchipget', look, { afterMs: 1_000, everyMs: 5_000, withinMs: 60_000 }));
  },
  { does: 'Has chips checked next' },
);

export const healthctrlset: Action = action(
  {
    readings: integer({ about: 'least readings for a judgement', min: 1, max: 1_000, ...source('healthctrlset') }),
    factor: number({ about: 'factor of the judgement', min: 0, max: 1_000, ...source('healthctrlset') }),
  },
  (_, { readings, factor }) =>
    inSession([sessionStep('healthctrlset', [readings, factor])], {
      never: 'healthctrl shows it, and the names of its fields are not documented',
    }),
  { does: 'Sets how the health of chips is judged', lasting: SAVED },
);

export const kill: Action = action(
  {},
  () => ({
    steps: [plainStep('kill')],
    readBack: readBack('session', async (links) => {
      const isOpen = (await activeSession(links)) !== null;
      return { done: !isOpen, values: { isOpen } };
    }),
  }),
  { does: 'Ends whatever session is open, whoever holds it' },
);

/** It loads by itself, and is away while it installs. */
const FIRMWARE = { afterMs: 30_000, everyMs: 15_000, withinMs: 900_000, restarts: true } as const;

export const updaterun: Action = action(
  {},
  async (links) => {
    const before = await releaseOf(links);
    return inSession(
      [sessionStep('updaterun', [], { silenceIsFine: true })],
      {
        looksAt: 'LUXminer of version',
        ...FIRMWARE,
        look: async (at) => {
          const now = await releaseOf(at);
          return { done: now !== null && now !== before, values: { firmwareVersion: now } };
        },
      },
      [`It has ${before ?? 'a release that it does not tell'}; where there is no newer one, nothing changes`],
    );
  },
  { does: 'Fetches newer firmware from its source and installs it', hashing: 'interrupted', takes: 'up to 15 minutes' },
);

const releaseOf = async (links: Links) => first(await askDocument(links, 'version'), 'VERSION').str('LUXminer');

export const uninstallluxos: Action = action(
  {},
  () =>
    inSession([sessionStep('uninstallluxos', [], { silenceIsFine: true })], {
      looksAt: 'LUXminer of version, which is gone then',
      ...FIRMWARE,
      look: async (links) => {
        const release = await releaseOf(links);
        return { done: release === null, values: { firmwareVersion: release } };
      },
    }),
  {
    does: 'Takes LuxOS off the machine',
    hashing: 'stopped',
    lasting: 'the firmware of the maker is back, with its factory settings',
    guarded: 'LuxOS is erased, and only an installation brings it back',
  },
);
