import { type Action, action, choice, flag, integer, MASK, type ReadBack, secret, text } from '@headframe/model';
import { ascset, needsOption, queryShows, readModules, recordShows } from './ascset.ts';
import { lastNumber, REBOOT, REBOOT_NOTES, rebootStep } from './commands-power.ts';
import { question, setting } from './one-option.ts';
import type { Generation } from './quirks.ts';

/* The options of the machines for the home: Q, Nano 3, Nano 3S, Mini 3 (protocols.md 4). */

const SOURCE = 'Avalon home series, ascset';
const RAW = `${SOURCE}; its values are in no document`;
/** Of these only the name is known: what follows it is passed on as it was given. */
const asGiven = { value: text({ about: 'what follows the option', most: 256, source: RAW }) };

const FACTORY =
  'it changes what the factory wrote into the machine; a wrong value cannot be taken back without the maker';

export function homeActions(generation: Generation): Record<string, Action> {
  const { worklevel, without = [] } = generation;
  const all: Record<string, Action> = {
    reboot: rebootLater,
    voltage: question('voltage', 'Says what its power supply gives: PS[...]'),
    loop: question('loop', 'Counts the chips of each board: LOOP[...]'),
    ...(worklevel === undefined ? {} : { worklevel: setWorklevel(worklevel), work_mode_lvl: setBoth(worklevel) }),
    'filter-clean': filterClean,
    lcd: setting('lcd', { on: flag({ about: 'on or off', source: SOURCE }) }, ({ on }) => `0:${on ? 1 : 0}`, LCD),
    nightlamp,
    ledmode: setting(
      'ledmode',
      { mode: integer({ about: 'mode: 0 by day, 1 in the dark', min: 0, max: 1, source: SOURCE }) },
      ({ mode }) => String(mode),
      { does: 'Chooses between its light by day and its night lamp' },
    ),
    ledset,
    wallpaper: setting('wallpaper', {}, () => 'none,0', {
      does: 'Takes its own picture off its display; a new one must be signed by the maker',
    }),
    audio: setting('audio', asGiven, ({ value }) => value, { does: 'Sets its sounds' }),
    wifi,
    'solo-allowed': setting(
      'solo-allowed',
      { on: flag({ about: 'allowed or not', source: SOURCE }) },
      ({ on }) => (on ? '1' : '0'),
      { does: 'Lets it mine alone, or not' },
    ),
    qr_auth: qrAuth,
    activate: setting('activate', asGiven, ({ value }) => value, {
      does: 'Activates the machine with a key of the maker',
      guarded: FACTORY,
    }),
    facopts: setting('facopts', asGiven, ({ value }) => value, {
      does: 'Changes its product or model name, where the factory lock is open; 255 asks',
      guarded: FACTORY,
    }),
    faclock: setting('faclock', asGiven, ({ value }) => value, {
      does: 'Closes the factory lock (lock), or opens it with its key',
      guarded: FACTORY,
    }),
    'hash-sn-read': setting(
      'hash-sn-read',
      { hashboard: integer({ about: 'hashboard', min: 0, max: 15, source: SOURCE }) },
      ({ hashboard }) => String(hashboard),
      { does: 'Says the serial number of a hashboard' },
      { never: 'it changes nothing: the answer is the result' },
    ),
    'hash-sn-write': setting('hash-sn-write', asGiven, ({ value }) => value, {
      does: 'Writes the serial number of a hashboard',
      guarded: FACTORY,
    }),
    'volt-tuning': tuning('volt-tuning'),
    'volt-adjust-switch': tuning('volt-adjust-switch'),
    time: question('time', 'Says its time zone', 'get'),
  };
  return Object.fromEntries(Object.entries(all).filter(([option]) => !without.includes(option)));
}

const LCD = { does: 'Switches its display on or off' };

const rebootLater = action(
  { delayS: integer({ about: 'delay', unit: 's', min: 0, max: 300, source: `${SOURCE} reboot` }) },
  async (links, { delayS }) => {
    await needsOption(links, 'reboot');
    const readBack: ReadBack = {
      ...REBOOT,
      afterMs: REBOOT.afterMs + delayS * 1_000,
      withinMs: REBOOT.withinMs + delayS * 1_000,
    };
    return { steps: [rebootStep(delayS)], readBack };
  },
  { ...REBOOT_NOTES, does: 'Restarts the machine after a while', hashing: 'interrupted' },
);

type Levels = NonNullable<Generation['worklevel']>;
const levelOf = (levels: Levels) =>
  integer({ about: 'level within its mode', ...levels, source: `${SOURCE} worklevel` });
const MODE_NOTES = { takes: 'a minute or two; hashing starts anew', hashing: 'interrupted', lasting: 'kept' } as const;
const WHILE = { withinMs: 180_000, restarts: true } as const;

const setWorklevel = (levels: Levels): Action =>
  action(
    { level: levelOf(levels) },
    async (links, { level }) => {
      await needsOption(links, 'worklevel');
      return {
        notes: ['Which levels there are depends on its mode; it refuses the others'],
        steps: [ascset('worklevel', { value: `set,${level}` })],
        readBack: queryShows('worklevel,get', (answer) => sameLevel(lastNumber(answer), level), WHILE),
      };
    },
    { ...MODE_NOTES, does: 'Sets its level within its mode' },
  );

const setBoth = (levels: Levels): Action =>
  action(
    { mode: integer({ about: 'mode', min: 0, max: 2, source: `${SOURCE} work_mode_lvl` }), level: levelOf(levels) },
    async (links, { mode, level }) => {
      await needsOption(links, 'work_mode_lvl');
      return {
        steps: [ascset('work_mode_lvl', { value: `set,${mode},${level}` })],
        readBack: queryShows(
          'work_mode_lvl,get',
          (answer) => {
            const found = /workmode\s+(\d+)\s+worklevel\s+(-?\d+)/.exec(answer);
            return found !== null && Number(found[1]) === mode && sameLevel(Number(found[2]), level);
          },
          WHILE,
        ),
      };
    },
    { ...MODE_NOTES, does: 'Sets mode and level together' },
  );

/** One byte, shown as 255 where its sign is lost. */
const sameLevel = (shown: number | null, level: number): boolean => shown === level || shown === level + 256;

/** `Filter` counts since it was cleaned: afterwards it is smaller than before. */
const filterClean = action(
  {},
  async (links) => {
    await needsOption(links, 'filter-clean');
    const before = (await readModules(links))[0]?.main.num('Filter') ?? null;
    return {
      steps: [ascset('filter-clean', { value: '1' })],
      readBack:
        before === null || before === 0
          ? { never: 'its record does not count since when' }
          : recordShows(
              'Filter of stats',
              (record) => record.num('Filter'),
              (count) => typeof count === 'number' && count < before,
            ),
    };
  },
  { does: 'Tells it that its filter was cleaned' },
);

const nightlamp = setting(
  'nightlamp',
  {
    on: flag({ about: 'on or off', source: SOURCE }),
    duration: integer({ about: 'how long, in its own unit', min: 0, max: 65_535, source: SOURCE }),
  },
  ({ on, duration }) => `${on ? 1 : 0}-${duration}`,
  { does: 'Switches its night lamp; it must be in the mode for the dark (avalon.ledmode 1)' },
);

const EFFECTS = ['off', 'fixed', 'flash', 'pulse', 'loop'] as const;
const share = (about: string, max: number) => integer({ about, min: 0, max, source: SOURCE });

const ledset = action(
  {
    effect: choice(EFFECTS, { about: 'what it does', source: SOURCE }),
    brightness: share('brightness, %', 100),
    temperature: share('warmth of the light, %', 100),
    red: share('red', 255),
    green: share('green', 255),
    blue: share('blue', 255),
  },
  async (links, { effect, brightness, temperature, red, green, blue }) => {
    await needsOption(links, 'ledset');
    const value = [EFFECTS.indexOf(effect), brightness, temperature, red, green, blue].join('-');
    return {
      steps: [ascset('ledset', { value })],
      readBack: recordShows(
        'LEDUser of stats',
        (record) => record.text('LEDUser'),
        (seen) => seen === value,
      ),
    };
  },
  { does: 'Sets its light by day (avalon.ledmode 0)', lasting: 'kept' },
);

const wifi = action(
  {
    value: secret({ about: 'what follows the option: it may hold the password of a network', most: 128, source: RAW }),
  },
  async (links, { value }) => {
    await needsOption(links, 'wifi');
    return {
      steps: [ascset('wifi', { value, shown: MASK })],
      readBack: { never: 'it may answer at another address afterwards' },
    };
  },
  { does: 'Sets its wireless network', hashing: 'interrupted' },
);

const HEX = /^[\w-]{1,64}$/;
const qrAuth = action(
  {
    random: text({
      about: 'random text of its QR code',
      most: 64,
      pattern: HEX,
      inWords: 'letters and digits',
      source: SOURCE,
    }),
    verify: secret({ about: 'answer to it', most: 64, pattern: HEX, inWords: 'letters and digits', source: SOURCE }),
  },
  async (links, { random, verify }) => {
    await needsOption(links, 'qr_auth');
    return {
      steps: [ascset('qr_auth', { value: `${random},${verify}`, shown: `${random},${MASK}` })],
      readBack: { never: 'only its web page shows it' },
    };
  },
  { does: 'Logs a person in who read the QR code of its web page' },
);

/** `<0 or 1>-<module>`: the machine is module 0. */
const tuning = (option: string): Action =>
  setting(option, { on: flag({ about: 'on or off', source: `${SOURCE} ${option}` }) }, ({ on }) => `${on ? 1 : 0}-0`, {
    does: 'Lets it tune its voltage by itself, or not',
    hashing: 'interrupted',
  });
