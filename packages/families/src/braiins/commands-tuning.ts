import { type Action, choice, number, optional, type Prepared } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import type { Doc } from './door-methods.ts';
import { hashboardId, meantBoard } from './hashboards.ts';
import { APPLIED, configurationOf, constraintsOf, invalid, needWithin, rangeIn, seen } from './looks.ts';
import { type Machine, SAVE_AND_APPLY, say, through } from './through.ts';

/*
 * Who sets frequency and voltage: the tuner, which aims at a target, or a person (SetPerformanceMode, protocols.md 7.2).
 * The mode by hand is written as a whole, so what is not meant is written back as it is.
 */

const source = 'BraiinsOS PerformanceService.SetPerformanceMode';

/** The mode by hand: values for all hashboards, and for single ones, which come before them. */
interface Manual {
  readonly frequencyHz: number | null;
  readonly voltageV: number | null;
  readonly boards: readonly Board[];
}

interface Board {
  readonly id: string;
  readonly frequencyHz: number | null;
  readonly voltageV: number | null;
}

type Ranges = ReturnType<typeof rangesIn>;

const rangesIn = (constraints: Fields | null) => ({
  frequency: rangeIn(constraints, ['hashboards_constraints', 'frequency'], 'hertz'),
  voltage: rangeIn(constraints, ['hashboards_constraints', 'voltage'], 'volt'),
});

const valuesIn = (fields: Fields, frequency: string, voltage: string) => ({
  frequencyHz: fields.sub(frequency).num('hertz'),
  voltageV: fields.sub(voltage).num('volt'),
});

const boardsIn = (list: readonly unknown[]): Board[] =>
  list.map((one) => {
    const board = new Fields(one);
    return { id: board.str('id') ?? '', ...valuesIn(board, 'frequency', 'voltage') };
  });

/** What is set by hand, also while the tuner is at work; what was never set is what the machine comes with. */
function manualIn(configuration: Fields, { frequency, voltage }: Ranges): Manual {
  const hashboards = configuration.sub('hashboard_config');
  const own = valuesIn(hashboards, 'global_frequency', 'global_voltage');
  return {
    // Zero is what a message has where nothing is set.
    frequencyHz: own.frequencyHz || frequency.default,
    voltageV: own.voltageV || voltage.default,
    boards: boardsIn(hashboards.list('hashboards')).filter((one) => one.frequencyHz || one.voltageV),
  };
}

const valueDoc = (
  { frequencyHz, voltageV }: Omit<Board, 'id'>,
  [frequency, voltage]: readonly [string, string],
): Doc => ({
  ...(frequencyHz === null ? {} : { [frequency]: { hertz: frequencyHz } }),
  ...(voltageV === null ? {} : { [voltage]: { volt: voltageV } }),
});

const manualDoc = (manual: Manual): Doc => ({
  manualmode: {
    ...valueDoc(manual, ['global_frequency', 'global_voltage']),
    hashboards: manual.boards.map((one) => ({ id: one.id, ...valueDoc(one, ['frequency', 'voltage']) })),
  },
});

const modeStep = (machine: Machine, mode: Doc) =>
  say(machine, 'SetPerformanceMode', { ...SAVE_AND_APPLY, mode: { mode } });

/** Set values go through binary floats, and to the next that the chips can do. */
const close = (there: number | null, wanted: number | null): boolean =>
  wanted === null || (there !== null && Math.abs(there - wanted) <= Math.abs(wanted) * 0.01);

const manualShows = (machine: Machine, wanted: Manual) =>
  seen(
    machine,
    'GetActivePerformanceMode',
    async (now) => {
      const mode = (await now.ask('GetActivePerformanceMode')).sub('mode');
      const manual = mode.sub('manualmode');
      const all = valuesIn(manual, 'global_frequency', 'global_voltage');
      const boards = boardsIn(manual.list('hashboards'));
      const boardShows = ({ id, frequencyHz, voltageV }: Board): boolean => {
        const there = boards.find((one) => one.id === id);
        return close(there?.frequencyHz ?? null, frequencyHz) && close(there?.voltageV ?? null, voltageV);
      };
      const done =
        mode.has('manualmode') &&
        mode.raw('manualmode') !== null &&
        close(all.frequencyHz, wanted.frequencyHz) &&
        close(all.voltageV, wanted.voltageV) &&
        wanted.boards.every(boardShows);
      return { done, values: { mode: mode.keys()[0] ?? null, ...all, boards } };
    },
    APPLIED,
  );

const BY_HAND = 'The tuner stops: frequency and voltage stay as they are set, whatever the machine draws then';

const frequencyMHz = number({ about: 'clock of the chips', unit: 'MHz', min: 1, max: 10_000, source });
const voltageV = number({ about: 'voltage of the hashboards', unit: 'V', min: 0.1, max: 100, source });
const hashboard = optional(hashboardId(source));

interface Setting {
  readonly frequencyMHz?: number | undefined;
  readonly voltageV?: number | undefined;
  readonly hashboard?: string | undefined;
}

const MHZ = 1e6;

async function byHand(machine: Machine, named: string, setting: Setting): Promise<Prepared> {
  const ranges = rangesIn(await constraintsOf(machine));
  const { frequencyMHz: frequency, voltageV: voltage, hashboard: id } = setting;
  if (frequency !== undefined) {
    const said = { named, unit: 'MHz', source: 'hashboards_constraints.frequency', factor: 1 / MHZ };
    needWithin(ranges.frequency, frequency, said);
  }
  if (voltage !== undefined) {
    needWithin(ranges.voltage, voltage, { named, unit: 'V', source: 'hashboards_constraints.voltage' });
  }
  const meant = id === undefined ? [] : [await meantBoard(machine, id, named)];
  const present = manualIn(await configurationOf(machine), ranges);
  const values = {
    ...(frequency === undefined ? {} : { frequencyHz: Math.round(frequency * MHZ) }),
    ...(voltage === undefined ? {} : { voltageV: voltage }),
  };
  const wanted = id === undefined ? forAll(present, values) : forOne(present, id, values);
  if (wanted.frequencyHz === null || wanted.voltageV === null) {
    throw invalid(
      `${named}: it tells neither frequency and voltage nor their defaults; braiins.setmanualmode takes both at once`,
    );
  }
  const freed = id === undefined ? present.boards.filter((one) => !wanted.boards.includes(one)) : [];
  return {
    notes: [
      ...meant,
      BY_HAND,
      `All hashboards: ${wanted.frequencyHz / MHZ} MHz, ${wanted.voltageV} V${wanted.boards.map(saidBoard).join('')}`,
      ...(freed.length === 0
        ? []
        : [`Values of their own end: hashboard ${freed.map((one) => one.id).join(', ')} follows the others`]),
    ],
    steps: [modeStep(machine, manualDoc(wanted))],
    readBack: manualShows(machine, wanted),
  };
}

const saidBoard = ({ id, frequencyHz, voltageV: voltage }: Board): string =>
  `; hashboard ${id}: ${frequencyHz === null ? 'the same clock' : `${frequencyHz / MHZ} MHz`}, ${voltage === null ? 'the same voltage' : `${voltage} V`}`;

/** A board's own value comes before that of all, so what is set for all ends it. */
function forAll(present: Manual, values: Partial<Omit<Board, 'id'>>): Manual {
  const ends = Object.fromEntries(Object.keys(values).map((name) => [name, null]));
  const boards = present.boards
    .map((one) => (Object.keys(ends).some((name) => one[name as keyof Board] !== null) ? { ...one, ...ends } : one))
    .filter((one) => one.frequencyHz !== null || one.voltageV !== null);
  return { ...present, ...values, boards };
}

function forOne(present: Manual, id: string, values: Partial<Omit<Board, 'id'>>): Manual {
  const own = present.boards.find((one) => one.id === id) ?? { id, frequencyHz: null, voltageV: null };
  const changed = { ...own, ...values };
  return { ...present, boards: [...present.boards.filter((one) => one.id !== id), changed] };
}

/** What a target is where the tuner takes over: the one that is set, or what the machine comes with. */
async function tunerMode(machine: Machine, mode: 'power-target' | 'hashrate-target'): Promise<Prepared> {
  const [field, unit, name, state] =
    mode === 'power-target'
      ? (['power_target', 'watt', 'powertarget', 'W'] as const)
      : (['hashrate_target', 'terahash_per_second', 'hashratetarget', 'TH/s'] as const);
  const present = (await configurationOf(machine)).sub('tuner').sub(field).num(unit);
  const range = rangeIn(await constraintsOf(machine), ['tuner_constraints', field], unit);
  const value = present || range.default;
  if (value === null) throw invalid(`the machine tells no ${field} to aim at: set one, which chooses the mode as well`);
  const target = { [name]: { [field]: { [unit]: value } } };
  return {
    notes: [`The tuner aims at ${value} ${state}, ${present ? 'as it is set' : 'what the machine comes with'}`],
    steps: [modeStep(machine, { tunermode: { target } })],
    readBack: seen(
      machine,
      'GetActivePerformanceMode',
      async (now) => {
        const active = (await now.ask('GetActivePerformanceMode')).sub('mode');
        const shown = active.sub('tunermode').sub('target').sub(name).sub(field).num(unit);
        return { done: close(shown, value), values: { mode: active.keys()[0] ?? null, target: shown } };
      },
      APPLIED,
    ),
  };
}

export const tuningCommands = {
  setPowerMode: through(
    {
      mode: choice(['power-target', 'hashrate-target', 'manual'], {
        about: 'what the machine holds: a power, a hashrate, or frequency and voltage as they are set',
        source,
      }),
    },
    (machine, { mode }) => (mode === 'manual' ? byHand(machine, 'set-power-mode', {}) : tunerMode(machine, mode)),
    { takes: 'some minutes; the tuner goes on for up to some hours' },
  ),
  setFrequency: through({ frequencyMHz, hashboard }, (machine, given) => byHand(machine, 'set-frequency', given)),
  setVoltage: through({ voltageV, hashboard }, (machine, given) => byHand(machine, 'set-voltage', given), {
    lasting: 'a voltage that does not fit the clock costs hashrate, or hardware',
  }),
} satisfies Readonly<Record<string, Action>>;

export const ownTuningCommands: Readonly<Record<string, Action>> = {
  setmanualmode: through(
    { frequencyMHz, voltageV, hashboard },
    (machine, given) => byHand(machine, 'braiins.setmanualmode', given),
    {
      does: 'Sets clock and voltage by hand, both at once',
      hashing: 'interrupted',
      lasting: 'a voltage that does not fit the clock costs hashrate, or hardware',
    },
  ),
};
