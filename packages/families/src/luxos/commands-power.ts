import { type Action, action, choice, integer, type Links, optional, type ReadBack } from '@headframe/model';
import { lookForRestart } from '@headframe/wire/cgminer';
import { Fields } from '@headframe/wire/json';
import { configOf, readBack, shows } from './ask.ts';
import { isSleep } from './asleep.ts';
import { boardsOf, hashboard, meantBoards } from './boards.ts';
import { checkSteps, rampSteps } from './commands-tuning.ts';
import { inSession, sessionStep } from './session.ts';

/*
 * Sleep and wake, restarts, single boards (protocols.md 8; Luxor's page on curtail).
 */

const SLEEPS = 'the machine sleeps over a restart too: only resume (curtail wakeup) ends it';

/** Asleep, or not: the machine has words for what lies between. */
const curtailShows = (isAsleep: boolean): ReadBack =>
  readBack(
    'CurtailMode of config',
    async (links) => {
      const mode = (await configOf(links)).str('CurtailMode');
      return { done: mode !== null && isSleep(mode) === isAsleep, values: { curtailMode: mode } };
    },
    { afterMs: 1_000, everyMs: 3_000, withinMs: 60_000 },
  );

export const pause: Action = action({}, () => inSession([sessionStep('curtail', ['sleep'])], curtailShows(true)), {
  lasting: SLEEPS,
});

export const resume: Action = action({}, () => inSession([sessionStep('curtail', ['wakeup'])], curtailShows(false)), {
  takes: 'some minutes until the boards have their clock and voltage again',
});

export const curtail: Action = action(
  {
    action: choice(['sleep', 'wakeup'], { about: 'what to do', source: 'LuxOS curtail' }),
    ...rampSteps,
    mode: optional(
      choice(['unsafe'], {
        about: 'clock and voltage in one step, at a cost to the hardware',
        source: 'LuxOS curtail',
      }),
    ),
  },
  async (links, { action: what, frequencyStepMHz, voltageStepV, mode }) => {
    const notes = await checkSteps(links, frequencyStepMHz, voltageStepV);
    const parts = [
      ...(voltageStepV === undefined ? [] : [`voltage_step=${voltageStepV}`]),
      ...(frequencyStepMHz === undefined ? [] : [`frequency_step=${frequencyStepMHz}`]),
      ...(mode === undefined ? [] : [`mode=${mode}`]),
    ];
    return inSession([sessionStep('curtail', [what, ...parts])], curtailShows(what === 'sleep'), [
      ...notes,
      ...(mode === undefined ? [] : ['The first wakeup behind a restart cannot be unsafe: the machine refuses it']),
    ]);
  },
  { does: 'Puts the machine to sleep or wakes it, with the steps of the ramp', hashing: 'stopped', lasting: SLEEPS },
);

const restarts = (withinMs: number): ReadBack => ({
  looksAt: 'Elapsed of summary',
  afterMs: 5_000,
  everyMs: 5_000,
  withinMs,
  restarts: true,
  look: lookForRestart,
});

/** The session ends with the program: closing it then is an attempt that may find nobody. */
export const reboot: Action = action(
  {},
  () => inSession([sessionStep('rebootdevice', [], { silenceIsFine: true })], restarts(600_000)),
  { takes: 'some minutes until it hashes again', lasting: 'a machine that sleeps stays asleep' },
);

export const restartMiner: Action = action(
  {},
  () => inSession([sessionStep('resetminer', [], { silenceIsFine: true })], restarts(600_000)),
  { takes: 'some minutes until it hashes again', lasting: 'a machine that sleeps stays asleep' },
);

export const factoryReset: Action = action(
  {},
  () =>
    inSession([sessionStep('resetconfig', [], { silenceIsFine: true })], {
      never: 'what LuxOS sets anew, and whether it restarts for it, is not documented: nothing can be compared',
    }),
  { lasting: 'pools, profiles, limits and network settings may all be gone; nothing brings them back' },
);

const boardShows = (board: number, isOn: boolean): ReadBack =>
  readBack(
    'Enabled of devs',
    async (links) => {
      const record = (await boardsOf(links)).get(board);
      const enabled = record?.bool('Enabled') ?? null;
      const isShutDown = record?.bool('IsUserShutdown') ?? null;
      const done = isOn ? enabled === true && isShutDown !== true : enabled === false || isShutDown === true;
      return { done, values: { enabled, isUserShutdown: isShutDown } };
    },
    { afterMs: 500, everyMs: 2_000, withinMs: 60_000 },
  );

const onBoard = (isOn: boolean): Action =>
  action({ hashboard }, async (links, { hashboard: slot }) => {
    await meantBoards(links, slot);
    return inSession([sessionStep(isOn ? 'enableboard' : 'disableboard', [slot])], boardShows(slot, isOn));
  });

export const enableHashboard: Action = onBoard(true);
export const disableHashboard: Action = onBoard(false);

/** `Elapsed` and the like count whole seconds. */
const GRAIN_MS = 2_000;

export const rebootBoard: Action = action(
  {
    hashboard,
    delayS: optional(
      integer({
        about: 'how long the board stays off; 0 leaves it off',
        unit: 's',
        min: 0,
        max: 86_400,
        source: 'LuxOS reboot',
      }),
    ),
  },
  async (links, { hashboard: slot, delayS }) => {
    await meantBoards(links, slot);
    const step = sessionStep('reboot', [slot, ...(delayS === undefined ? [] : [delayS])]);
    if (delayS === 0) return inSession([step], boardShows(slot, false));
    const look: ReadBack['look'] = async (at, sentAt) => {
      const elapsedS = (await boardsOf(at)).get(slot)?.num('Device Elapsed') ?? null;
      const startedAt = at.clock.now() - (elapsedS ?? 0) * 1000;
      return { done: elapsedS !== null && startedAt > sentAt - GRAIN_MS, values: { deviceElapsedS: elapsedS } };
    };
    const withinMs = (delayS ?? 0) * 1000 + 120_000;
    return inSession([step], readBack('Device Elapsed of devs', look, { afterMs: 2_000, everyMs: 5_000, withinMs }));
  },
  { does: 'Restarts one hashboard', hashing: 'interrupted' },
);

export const frequencystop: Action = action(
  { hashboard },
  async (links, { hashboard: slot }) => {
    await meantBoards(links, slot);
    const read = async (at: Links) => (await boardsOf(at)).get(slot) ?? new Fields({});
    return inSession([sessionStep('frequencystop', [slot])], shows('IsRamping of devs', read, { IsRamping: false }));
  },
  { does: 'Stops the ramp of a hashboard where its clock is now' },
);
