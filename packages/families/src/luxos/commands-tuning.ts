import {
  type Action,
  action,
  flag,
  HeadframeError,
  type Links,
  number,
  optional,
  type ReadBack,
  text,
} from '@headframe/model';
import { askDocument, first } from '@headframe/wire/cgminer';
import { askTogether, configOf, onlyRecord, readBack, type Times } from './ask.ts';
import { ASSUMED } from './assumed.ts';
import { meantBoards, someHashboard } from './boards.ts';
import { chooseProfile, profilesIn } from './profiles.ts';
import { inSession, sessionStep } from './session.ts';

/*
 * Profiles, clock and voltage (protocols.md 8).
 */

/** Notes of Luxor's pages on the commands that write the configuration. */
export const SAVED = 'kept over a restart while the autosave of the machine is on, lost at the next one otherwise';

export const updateAtm = optional(
  flag({
    about: 'goes with update_atm=true: without it these commands are refused while ATM runs',
    source: 'LuxOS API, update_atm',
  }),
);

const UPDATE_ATM = 'update_atm=true';
export const atmPart = (given: boolean | undefined): string[] => (given === true ? [UPDATE_ATM] : []);

/** What its refusal would be about, said before it is sent; the machine itself decides. */
export function atmNotes(config: unknown, given: boolean | undefined): string[] {
  if (given === true || first(config, 'CONFIG').bool('IsAtmEnabled') !== true) return [];
  return [`ATM is on: the machine refuses this unless updateAtm is given (it then goes with ${UPDATE_ATM})`];
}

/** Clock and voltage are brought to their new values in small steps. */
const RAMP: Times = { afterMs: 2_000, everyMs: 5_000, withinMs: 300_000 };

const profile = text({
  about: 'profile by its name, or 95.0THs, 3.2kW, 3200W, +1',
  most: 64,
  source: 'LuxOS profiles',
  pattern: /^[^,=]+$/,
  inWords: 'text without , and =',
});

const frequencyStep = optional(
  number({ about: 'step of the clock', unit: 'MHz', min: 0.1, max: 200, source: 'LuxOS limits, FrequencyStep' }),
);
const voltageStep = optional(
  number({ about: 'step of the voltage', unit: 'V', min: 0.001, max: 5, source: 'LuxOS limits, VoltageStep' }),
);
export const rampSteps = { frequencyStepMHz: frequencyStep, voltageStepV: voltageStep };

interface ProfileGiven {
  readonly profile: string;
  readonly frequencyStepMHz?: number | undefined;
  readonly voltageStepV?: number | undefined;
  readonly updateAtm?: boolean | undefined;
}

async function prepareProfile(links: Links, given: ProfileGiven) {
  const { frequencyStepMHz, voltageStepV } = given;
  const replies = await askTogether(links, ['profiles', 'config']);
  const error = replies.get('profiles')?.error ?? null;
  if (error !== null) throw error;
  const { names, note } = chooseProfile(given.profile, profilesIn(replies.get('profiles')?.doc));
  const config = replies.get('config')?.doc;
  const parts = [given.profile, ...ASSUMED.steps(frequencyStepMHz, voltageStepV), ...atmPart(given.updateAtm)];
  return inSession([sessionStep('profileset', parts)], profileShows(names), [
    note,
    ...atmNotes(config, given.updateAtm),
    ...(await checkSteps(links, frequencyStepMHz, voltageStepV)),
  ]);
}

/** All boards change together, and the machine shows one profile. */
const profileShows = (names: readonly string[]): ReadBack =>
  readBack('Profile of config', async (links) => {
    const seen = (await configOf(links)).str('Profile');
    return { done: seen !== null && names.includes(seen), values: { profile: seen } };
  });

const ABOUT_PROFILES = 'a profile is an operating point that the firmware tunes to, no preset of the factory';

export const setProfile: Action = action({ profile, updateAtm }, prepareProfile, {
  takes: 'some minutes until all boards have their new clock and voltage',
  lasting: `${ABOUT_PROFILES}; ${SAVED}`,
});

export const profileset: Action = action({ profile, ...rampSteps, updateAtm }, prepareProfile, {
  does: 'Chooses a tuning profile, with the steps in which clock and voltage go there',
  hashing: 'interrupted',
  lasting: `${ABOUT_PROFILES}; ${SAVED}`,
});

/** What the machine allows, `limits` (protocols.md 8; the names of its fields as public clients read them). */
interface Limit {
  readonly min: number;
  readonly max: number;
}

async function limitOf(links: Links, what: string): Promise<Limit | null> {
  const limits = first(await limitsOf(links), 'LIMITS');
  const [min, max] = [limits.num(`${what}Min`), limits.num(`${what}Max`)];
  return min === null || max === null ? null : { min, max };
}

/** Null: this firmware has no such command. */
async function limitsOf(links: Links): Promise<unknown> {
  try {
    return await askDocument(links, 'limits');
  } catch (thrown) {
    if (thrown instanceof HeadframeError && thrown.code === 'support/unsupported') return null;
    throw thrown;
  }
}

/** @throws HeadframeError `usage/invalid` when the machine's own limits do not allow it; nothing was sent */
async function checkLimit(links: Links, named: string, what: string, unit: string, value: number): Promise<string[]> {
  const limit = await limitOf(links, what);
  if (limit === null) return ['The machine does not tell its limits: it decides itself'];
  if (value >= limit.min && value <= limit.max) return [];
  const detail = `${named} takes ${limit.min} to ${limit.max} ${unit} on this machine (LuxOS limits, ${what}Min and ${what}Max), not ${value}; nothing was sent`;
  throw new HeadframeError('usage/invalid', { detail });
}

/** The steps of a ramp against what the machine allows. */
export async function checkSteps(links: Links, frequency?: number, voltage?: number): Promise<string[]> {
  return [
    ...(frequency === undefined ? [] : await checkLimit(links, 'frequencyStepMHz', 'FrequencyStep', 'MHz', frequency)),
    ...(voltage === undefined ? [] : await checkLimit(links, 'voltageStepV', 'VoltageStep', 'V', voltage)),
  ];
}

/** Half the usual step of the ramp: some models have fixed clocks only, and take the closest. */
const CLOCK_GRAIN_MHZ = 2.5;

export const setFrequency: Action = action(
  {
    frequencyMHz: number({
      about: 'clock of all chips of a board; the limits of the machine are narrower',
      unit: 'MHz',
      min: 1,
      max: 2_000,
      source: 'LuxOS frequencyset and limits',
    }),
    hashboard: someHashboard,
    updateAtm,
  },
  async (links, { frequencyMHz, hashboard, updateAtm: atm }) => {
    const notes = await checkLimit(links, 'set-frequency', 'Frequency', 'MHz', frequencyMHz);
    const boards = await meantBoards(links, hashboard);
    const steps = boards.map((board) => sessionStep('frequencyset', [board, frequencyMHz, ...atmPart(atm)]));
    return inSession(steps, clockShows(boards, frequencyMHz), [
      ...notes,
      ...atmNotes(await askDocument(links, 'config'), atm),
    ]);
  },
  { takes: 'up to some minutes: the clock is brought there in small steps', lasting: SAVED },
);

/** The record has the clocks of all chips; its section has two names in public clients. */
const clockShows = (boards: readonly number[], wanted: number): ReadBack =>
  readBack(
    'frequencyget of each board',
    async (links) => {
      const seen: Record<string, unknown> = {};
      let done = true;
      for (const board of boards) {
        const clocks = onlyRecord(await askDocument(links, 'frequencyget', String(board)))
          .list('Freqs')
          .map(Number);
        const [least, most] = [Math.min(...clocks), Math.max(...clocks)];
        seen[`frequencyMHz${board}`] = clocks.length === 0 ? null : least === most ? least : `${least} to ${most}`;
        done &&= clocks.length > 0 && Math.max(most - wanted, wanted - least) <= CLOCK_GRAIN_MHZ;
      }
      return { done, values: seen };
    },
    RAMP,
  );

/** The step in which the voltage is set when none is given, 0.05 V (protocols.md 8). */
const VOLTAGE_GRAIN_V = 0.05;

export const setVoltage: Action = action(
  {
    voltageV: number({
      about: 'voltage of a board; the limits of the machine are narrower',
      unit: 'V',
      min: 0.1,
      max: 30,
      source: 'LuxOS voltageset and limits',
    }),
    hashboard: someHashboard,
    updateAtm,
  },
  async (links, { voltageV, hashboard, updateAtm: atm }) => {
    const notes = await checkLimit(links, 'set-voltage', 'Voltage', 'V', voltageV);
    const boards = await meantBoards(links, hashboard);
    const config = await askDocument(links, 'config');
    // One supply, one voltage: what is set for one board is set for all.
    const isSingle = first(config, 'CONFIG').bool('IsSingleVoltage') === true;
    const asked = isSingle ? boards.slice(0, 1) : boards;
    const steps = asked.map((board) => sessionStep('voltageset', [board, voltageV, ...atmPart(atm)]));
    return inSession(steps, voltageShows(asked, voltageV), [
      ...notes,
      ...atmNotes(config, atm),
      ...(isSingle ? ['All boards of this machine have the same voltage: it changes for all of them'] : []),
    ]);
  },
  { takes: 'up to some minutes: the voltage is brought there in small steps', lasting: SAVED },
);

const voltageShows = (boards: readonly number[], wanted: number): ReadBack =>
  readBack(
    'voltageget of each board',
    async (links) => {
      const seen: Record<string, unknown> = {};
      let done = true;
      for (const board of boards) {
        const volts = first(await askDocument(links, 'voltageget', String(board)), 'VOLTAGE').num('Voltage');
        seen[`voltageV${board}`] = volts;
        done &&= volts !== null && Math.abs(volts - wanted) < VOLTAGE_GRAIN_V;
      }
      return { done, values: seen };
    },
    RAMP,
  );
