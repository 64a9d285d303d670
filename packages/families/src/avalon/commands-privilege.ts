import {
  type Action,
  type ActionNotes,
  action,
  integer,
  type Parameter,
  type Prepared,
  type Step,
} from '@headframe/model';
import { avalonStep, recordShows } from './ascset.ts';
import { ASSUMED, type Generation } from './quirks.ts';

/*
 * The protected set of the A10 (protocols.md 4): `privilege|0,<option>`. Using it voids the warranty, and it can burn the
 * machine: every one of these is guarded, also those that only ask.
 */

const WARRANTY = 'privileged commands void the warranty, and outside of the maker’s values they destroy hashboards';
const LASTING = 'until it restarts, unless it is saved (avalon.privilege.savesettings)';
const SOURCE = 'Avalon A10 Privileged API';

const step = (option: string, value?: string): Step =>
  avalonStep('privilege', ['0', option, ...(value === undefined ? [] : [value])].join(','));

const NOT_SHOWN = { never: 'nothing that can be read without privilege shows it' } as const;
const ANSWER = { never: 'it changes nothing: the answer is the result' } as const;

const ask = (option: string, does: string): Action =>
  action({}, () => ({ steps: [step(option)], readBack: ANSWER }), { does, guarded: WARRANTY });

const set = (option: string, readBack: Prepared['readBack'], notes: ActionNotes): Action =>
  action({}, () => ({ steps: [step(option)], readBack }), { guarded: WARRANTY, ...notes });

/** In tens of millivolts and steps of four: 1200 is 12.00 V. */
const volts: Parameter<number> = (() => {
  const range = integer({
    about: 'voltage in 0.01 V; above 1388 only at level 1',
    min: 1200,
    max: 1400,
    source: `${SOURCE}, setvolt`,
  });
  return {
    ...range,
    takes: '1200 to 1388 (to 1400 at level 1) in steps of 4',
    read: (given) => {
      const value = range.read(given);
      return value !== undefined && value % 4 === 0 ? value : undefined;
    },
  };
})();

const pll = (about: string) =>
  integer({ about, unit: 'MHz', ...ASSUMED.frequencyMHz, source: `${SOURCE}, setfreq; its bounds are ours` });
const celsius = (about: string) => integer({ about, unit: '°C', ...ASSUMED.privilegedC, source: SOURCE });

const ALL: Readonly<Record<string, Action>> = {
  enable_privilege: action(
    { level: integer({ about: 'level: 1 takes higher voltages than 0', min: 0, max: 1, source: SOURCE }) },
    (_, { level }) => ({ steps: [step('enable_privilege', String(level))], readBack: NOT_SHOWN }),
    { does: 'Opens the protected commands', guarded: WARRANTY, lasting: 'until it restarts' },
  ),
  setfreq: action(
    {
      f1: pll('first clock'),
      f2: pll('second clock'),
      f3: pll('third clock'),
      f4: pll('fourth clock'),
      board: integer({ about: 'hashboard, counted from 1 as the command does', min: 1, max: 4, source: SOURCE }),
    },
    (_, { f1, f2, f3, f4, board }) => ({
      steps: [step('setfreq', [f1, f2, f3, f4, board].join(','))],
      readBack: recordShows(
        'SF of stats',
        (record) => record.nums(`SF${board - 1}`).join(' '),
        (seen) => seen === [f1, f2, f3, f4].join(' '),
      ),
    }),
    { does: 'Sets the four clocks of a hashboard', hashing: 'interrupted', guarded: WARRANTY, lasting: LASTING },
  ),
  setvolt: action(
    { value: volts },
    (_, { value }) => ({
      steps: [step('setvolt', String(value))],
      readBack: recordShows(
        'PS of stats',
        (record) => record.nums('PS')[5] ?? null,
        (seen) => seen === value,
      ),
    }),
    { does: 'Sets the voltage of the hashboards', hashing: 'interrupted', guarded: WARRANTY, lasting: LASTING },
  ),
  disable_fan: set('disable_fan', NOT_SHOWN, {
    does: 'Switches the control of the fans off: they may stand still',
    guarded: `${WARRANTY}; without its fans the machine burns within minutes unless something else cools it`,
    lasting: LASTING,
  }),
  enable_fan: set('enable_fan', NOT_SHOWN, { does: 'Lets it control its fans again', lasting: LASTING }),
  settemp: action(
    { targetC: celsius('temperature that it holds; 105 at level 0') },
    (_, { targetC }) => ({ steps: [step('settemp', String(targetC))], readBack: NOT_SHOWN }),
    { does: 'Sets the temperature that it holds', guarded: WARRANTY, lasting: LASTING },
  ),
  set_chip_max_temp: action(
    { maxC: celsius('temperature of a chip at which it protects itself; its bounds are in no document') },
    (_, { maxC }) => ({ steps: [step('set_chip_max_temp', String(maxC))], readBack: NOT_SHOWN }),
    {
      does: 'Sets the temperature of a chip at which it protects itself',
      guarded: `${WARRANTY}; above it nothing protects the chips`,
      lasting: LASTING,
    },
  ),
  savesettings: set('savesettings', NOT_SHOWN, {
    does: 'Keeps what was set by protected commands',
    lasting: 'until it is set and saved again: a restart no longer undoes it',
  }),
  get_hash_comm_state: ask('get_hash_comm_state', 'Says whether its hashboards answer'),
  get_DH: ask('get_DH', 'Says its share of wrong results'),
  get_GHSmm: ask('get_GHSmm', 'Says its expected rate'),
  get_temp_status: ask('get_temp_status', 'Says its temperatures'),
  get_fan_status: ask('get_fan_status', 'Says its fans'),
  get_temp_details: ask('get_temp_details', 'Says the temperature of every chip'),
};

export const privilegeActions = ({ privilege }: Generation): Record<string, Action> =>
  privilege === undefined
    ? {}
    : Object.fromEntries(Object.entries(ALL).map(([option, one]) => [`privilege.${option}`, one]));
