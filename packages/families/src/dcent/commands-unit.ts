import {
  type Action,
  action,
  choice,
  flag,
  HeadframeError,
  integer,
  type Links,
  optional,
  type ReadBack,
  text,
} from '@headframe/model';
import { askDocument, first, lookForRestart } from '@headframe/wire/cgminer';
import { ASSUMED } from './assumed.ts';
import { inSession, plainStep, sessionStep } from './session.ts';
import { NOT_SHOWN, readBack, SAVED, source } from './words.ts';

/*
 * The unit itself: sleep, restart, fans and temperatures, light, network, session (protocols.md 9).
 */

const rateOf = async (links: Links): Promise<number | null> =>
  first(await askDocument(links, 'summary'), 'SUMMARY').num('MHS 5s');

/** Nothing on port 4028 says that it sleeps: the hashing itself is looked at. */
const hashes = (isWanted: boolean, withinMs: number): ReadBack =>
  readBack(
    'MHS 5s of summary',
    async (links) => {
      const rate = await rateOf(links);
      return { done: rate !== null && rate > 0 === isWanted, values: { mhs5s: rate } };
    },
    { afterMs: 5_000, everyMs: 5_000, withinMs },
  );

export const pause: Action = action(
  {},
  async (links) => {
    const rate = await rateOf(links);
    const isHashing = rate !== null && rate > 0;
    const never = 'it did not hash before either, and its API on port 4028 does not say whether it sleeps';
    return inSession([sessionStep('curtail', ['sleep'])], isHashing ? hashes(false, ASSUMED.sleepMs) : { never });
  },
  { lasting: 'until resume, or until its mining program starts again: whether it sleeps over a start is not known' },
);

export const resume: Action = action(
  {},
  async (links) => {
    const rate = await rateOf(links);
    const isHashing = rate !== null && rate > 0;
    const never = 'it hashes already';
    return inSession([sessionStep('curtail', ['wakeup'])], isHashing ? { never } : hashes(true, ASSUMED.wakeMs));
  },
  { takes: 'some minutes: its boards are powered and counted anew, and the clock rises for a minute' },
);

/** Wants no session. What it does to a machine that sleeps is not known. */
export const restartMiner: Action = action(
  {},
  () => ({
    steps: [plainStep('restart', [], { silenceIsFine: true })],
    readBack: {
      looksAt: 'Elapsed of summary',
      afterMs: 5_000,
      everyMs: 5_000,
      withinMs: ASSUMED.restartMs,
      restarts: true,
      look: lookForRestart,
    },
  }),
  { takes: 'some minutes until it hashes again; newer builds refuse it (28)' },
);

export const setFan: Action = action(
  { percent: integer({ about: 'speed of all fans', unit: '%', min: 0, max: 100, ...source('fanset') }) },
  (_, { percent }) =>
    inSession(
      [sessionStep('fanset', [`speed=${percent}`])],
      { never: 'its API on port 4028 shows the revolutions of its fans, not the percentage' },
      [
        'Its mode bounds it: 10 to 30 % in home mode, 20 to 30 % in standard mode, up to 30 % in hacker mode; above that it takes 30 %, below it refuses',
        'Nothing here gives the fans back to the firmware, and fans of a fixed speed do not follow the temperature',
      ],
    ),
);

const degrees = (about: string, key: string) =>
  integer({ about, unit: '°C', min: 20, max: 95, ...source(`tempctrlset ${key}`) });

export const setTemperatureTarget: Action = action(
  { targetC: degrees('what the cooling holds the boards at', 'target') },
  (_, { targetC }) => inSession([sessionStep('tempctrlset', [`target=${targetC}`])], NOT_SHOWN),
  { lasting: SAVED },
);

export const tempctrlset: Action = action(
  {
    targetC: optional(degrees('what the cooling holds the boards at', 'target')),
    hotC: optional(degrees('boards count as hot', 'hot')),
    dangerousC: optional(degrees('boards are switched off', 'dangerous')),
  },
  (_, { targetC, hotC, dangerousC }) => {
    const given = Object.entries({ target: targetC, hot: hotC, dangerous: dangerousC }).filter(
      (entry): entry is [string, number] => entry[1] !== undefined,
    );
    if (given.length === 0) throw invalid('dcent.tempctrlset needs one of its parameters; nothing was sent');
    given.forEach(([name, value], place) => {
      const [before, lower = value] = given[place - 1] ?? [];
      if (lower > value) {
        throw invalid(`${before} (${lower} °C) would be above ${name} (${value} °C); nothing was sent`);
      }
    });
    const parts = given.map(([name, value]) => `${name}=${value}`);
    return inSession([sessionStep('tempctrlset', parts)], NOT_SHOWN);
  },
  { does: 'Sets the temperatures that the cooling knows', lasting: SAVED },
);

const invalid = (detail: string): HeadframeError => new HeadframeError('usage/invalid', { detail });

const ONLY_THE_EYE = 'only the eye sees the light';

/** Without a pattern it plays the one of its configuration, for half a minute. */
export const locate: Action = action(
  { on: flag({ about: 'blink; it stops by itself', ...source('ledset') }) },
  (_, { on }) => {
    if (on) return inSession([sessionStep('ledset')], { never: ONLY_THE_EYE });
    throw new HeadframeError('support/unsupported', {
      request: 'locate off',
      detail: 'its API on port 4028 starts the light and does not stop it',
      next: 'It stops by itself after half a minute.',
    });
  },
  { lasting: 'it stops by itself after half a minute' },
);

export const ledset: Action = action(
  {
    pattern: text({
      about: 'blink pattern by its name, such as imperial_march',
      most: 64,
      ...source('ledset'),
      pattern: /^[A-Za-z0-9_-]+$/,
      inWords: 'letters, digits, - and _',
    }),
  },
  (_, { pattern }) => inSession([sessionStep('ledset', [pattern])], { never: ONLY_THE_EYE }),
  { does: 'Plays a pattern on the light of the machine' },
);

/** `dhcp=false` would switch DHCP off and set no address: only names and DHCP can be set. */
export const setNetwork: Action = action(
  { mode: choice(['dhcp'], { about: 'how it gets its address; its API sets no address', ...source('netset') }) },
  () => inSession([sessionStep('netset', ['dhcp=true'])], NOT_SHOWN),
  { lasting: SAVED, hashing: 'unchanged' },
);

export const setHostname: Action = action(
  {
    hostname: text({
      about: 'host name',
      most: 63,
      ...source('netset'),
      pattern: /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/,
      inWords: 'letters, digits and - within',
    }),
  },
  (_, { hostname }) => inSession([sessionStep('netset', [`hostname=${hostname}`])], NOT_SHOWN),
  { lasting: SAVED },
);

export const kill: Action = action(
  {},
  () => ({
    steps: [plainStep('kill')],
    readBack: readBack(
      'session',
      async (links) => {
        const isOpen = first(await askDocument(links, 'session'), 'SESSION').bool('Session');
        return { done: isOpen === false, values: { isOpen } };
      },
      { afterMs: 500, everyMs: 2_000, withinMs: 10_000 },
    ),
  }),
  { does: 'Ends whatever session is open, whoever holds it' },
);
