import {
  type Action,
  action,
  choice,
  HeadframeError,
  type Links,
  type Prepared,
  type ReadBack,
  type Step,
} from '@headframe/model';
import { commandStep, lookForRestart } from '@headframe/wire/cgminer';
import { ascset, deviceClock, isDate, needsOption, queryOption, queryShows, readModules } from './ascset.ts';
import { ASSUMED, type Generation } from './quirks.ts';
import { workOf } from './work-state.ts';

/* Starting, stopping, and how hard it works. */

/** A real Avalon Q was back after 3 min 49 s. */
export const REBOOT: ReadBack = {
  looksAt: 'Elapsed of summary',
  afterMs: 15_000,
  everyMs: 10_000,
  withinMs: 600_000,
  restarts: true,
  look: lookForRestart,
};

/** The connection is closed without a reply (protocols.md 4). */
export const rebootStep = (delayS = 0): Step => ascset('reboot', { value: String(delayS), silenceIsFine: true });

/** Where a reboot makes a change count: it has started anew, and the change shows. */
export const afterReboot = (looksAt: string, look: ReadBack['look']): ReadBack => ({
  ...REBOOT,
  looksAt: `Elapsed of summary and ${looksAt}`,
  look: async (links, sentAt) => {
    const restarted = await lookForRestart(links, sentAt);
    if (!restarted.done) return restarted;
    const seen = await look(links, sentAt);
    return { done: seen.done, values: { ...restarted.values, ...seen.values } };
  },
});

export const REBOOT_NOTES = { takes: 'about four minutes until it hashes again' } as const;

export const reboot: Action = action(
  {},
  async (links) => {
    await needsOption(links, 'reboot');
    return { steps: [rebootStep()], readBack: REBOOT };
  },
  REBOOT_NOTES,
);

export const restartMiner: Action = action(
  {},
  () => ({ steps: [commandStep({ command: 'restart', silenceIsFine: true })], readBack: REBOOT }),
  { takes: 'a few minutes until its boards have started again', lasting: 'what was not saved is lost' },
);

export function stopActions({ stop }: Generation): { pause?: Action; resume?: Action } {
  if (stop === 'softoff') return { pause: soft('softoff'), resume: soft('softon') };
  if (stop === 'hashpower') return { pause: cutPower, resume: resumeByReboot };
  return {};
}

/**
 * `softoff,1:<time>`: the time is one of the device's own clock, a few seconds ahead (protocols.md 4). A clock that was
 * never set counts from its start, and the time is taken on that. It is read once more just before it is sent.
 */
const soft = (option: 'softoff' | 'softon'): Action =>
  action(
    {},
    async (links): Promise<Prepared> => {
      await needsOption(links, option);
      const now = await deviceClock(links);
      const planned = softStep(option, now, `1:<its clock + ${ASSUMED.aheadS} s>`);
      return {
        notes: isDate(now) ? [] : ['Its clock was never set and counts from its start: the time is one of that clock'],
        steps: [{ ...planned, renew: async (at) => softStep(option, await deviceClock(at)) }],
        readBack: {
          looksAt: 'SYSTEMSTATU of stats',
          afterMs: (ASSUMED.aheadS + 1) * 1_000,
          everyMs: 5_000,
          withinMs: option === 'softoff' ? 120_000 : 600_000,
          restarts: true,
          look: lookForWork(option === 'softon'),
        },
      };
    },
    {
      takes: option === 'softoff' ? 'some seconds' : 'some minutes until it hashes fully',
      ...(option === 'softoff' ? { lasting: 'until it is resumed or restarted' } : {}),
    },
  );

function softStep(option: 'softoff' | 'softon', now: number, shown?: string): Step {
  const value = `1:${now + ASSUMED.aheadS}`;
  // Some close the connection behind softon without a reply (protocols.md 4).
  return ascset(option, { value, ...(shown === undefined ? {} : { shown }), silenceIsFine: true });
}

const lookForWork =
  (wanted: boolean): ReadBack['look'] =>
  async (links) => {
    const works = (await readModules(links)).map(({ main }) => workOf(main).work);
    const done = works.every((work) => (wanted ? work === 'work' || work === 'init' : work === 'idle'));
    return { done, values: { work: works.length === 1 ? works[0] : works } };
  };

const cutPower: Action = action(
  {},
  async (links) => {
    await needsOption(links, 'hashpower');
    return {
      notes: ['It cuts the power of the hashboards; controller and fans keep theirs'],
      steps: [ascset('hashpower', { value: '0' })],
      readBack: queryShows('hashpower', (answer) => boardPower(answer) === 0, { afterMs: 3_000, withinMs: 60_000 }),
    };
  },
  { takes: 'some seconds', lasting: 'until it is rebooted' },
);

/** `PS[0 1220 1314 140 1839 1308]`: the fifth is what the boards draw, W. */
function boardPower(answer: string): number | null {
  const values = /PS\[([^\]]*)\]/.exec(answer)?.[1]?.trim().split(/\s+/) ?? [];
  return values.length < 5 ? null : Number(values[4]);
}

const resumeByReboot: Action = action(
  {},
  async (links) => {
    await needsOption(links, 'hashpower', 'reboot');
    return {
      notes: ['Only a reboot gives the hashboards their power again'],
      steps: [rebootStep()],
      readBack: afterReboot('ascset hashpower', async (at) => {
        const answer = await queryOption(at, 'hashpower');
        return { done: (boardPower(answer) ?? 0) > 0, values: { hashpower: answer } };
      }),
    };
  },
  { ...REBOOT_NOTES, hashing: 'interrupted' },
);

export function powerModeActions({ modes }: Generation): { setPowerMode?: Action } {
  if (modes === undefined) return {};
  const { by, words } = modes;
  const mode = choice(words, { about: 'power mode', source: `Avalon ascset ${by.split(',')[0]}` });
  return {
    setPowerMode: action(
      { mode },
      async (links, { mode: word }) => {
        const number = words.indexOf(word);
        return by === 'workmode' ? workmodeOfFarm(links, number) : modeOfHome(links, by, number);
      },
      by === 'workmode'
        ? { ...REBOOT_NOTES, lasting: 'kept; it reboots, which makes it count' }
        : { takes: 'a minute or two; hashing starts anew', lasting: 'kept' },
    ),
  };
}

/** A10 to A12: it counts from the next start on (vendor's manual of the A10). */
async function workmodeOfFarm(links: Links, number: number): Promise<Prepared> {
  await needsOption(links, 'workmode', 'reboot');
  return {
    steps: [ascset('workmode', { value: String(number) }), { ...rebootStep(), afterMs: 1_000 }],
    readBack: afterReboot('ascset workmode,255', async (at) => {
      const answer = await queryOption(at, 'workmode,255');
      return { done: lastNumber(answer) === number, values: { workmode: answer } };
    }),
  };
}

async function modeOfHome(links: Links, by: string, number: number): Promise<Prepared> {
  const option = by.split(',')[0] ?? by;
  await needsOption(links, option);
  return {
    notes: ['It refuses while it calibrates itself (ADJ[0] in its record)'],
    steps: [ascset(option, { value: `set,${number}` })],
    readBack: queryShows(`${option},get`, (answer) => lastNumber(answer) === number, {
      withinMs: 180_000,
      restarts: true,
    }),
  };
}

/** `WORKMODE[1]`, `workmode 1`, `worklevel -1`: the number at the end. */
export function lastNumber(answer: string): number | null {
  const found = /(-?\d+)\D*$/.exec(answer)?.[1];
  return found === undefined ? null : Number(found);
}

/** @throws HeadframeError `auth/required`: the web login is a part of the command */
export function loginOf(links: Links, request: string): { readonly username: string; readonly password: string } {
  if (links.credentials != null) return links.credentials;
  throw new HeadframeError('auth/required', { request, detail: 'the login of its web page is a part of the command' });
}
