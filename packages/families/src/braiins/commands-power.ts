import { type Action, type ActionNotes, choice, integer, number, type Prepared, type Seen } from '@headframe/model';
import type { Fields } from '@headframe/wire/json';
import type { Doc, MethodName } from './door-methods.ts';
import { APPLIED, configurationOf, constraintsOf, invalid, matching, needWithin, rangeIn, seen } from './looks.ts';
import { type Machine, SAVE_AND_APPLY, say, through } from './through.ts';

/*
 * What the tuner aims at: watts or hashrate (protocols.md 7.2, 7.4). Set, put back, moved up and down, or as a part of
 * what it is compared with. Each of them makes the tuner aim at that very quantity.
 */

/** One of the two quantities, in the words of the contract. */
interface Target {
  readonly method: 'Power' | 'Hashrate';
  /** In the configuration, in the constraints and in every reply. */
  readonly field: 'power_target' | 'hashrate_target';
  readonly unitField: 'watt' | 'terahash_per_second';
  readonly unit: 'W' | 'TH/s';
  /** TunerMode. */
  readonly mode: 1 | 2;
  /** Of GetTunerState. */
  readonly state: 'powertargetmodestate' | 'hashratetargetmodestate';
  readonly name: 'powerW' | 'hashrateTHs';
}

const POWER: Target = {
  method: 'Power',
  field: 'power_target',
  unitField: 'watt',
  unit: 'W',
  mode: 1,
  state: 'powertargetmodestate',
  name: 'powerW',
};

const HASHRATE: Target = {
  method: 'Hashrate',
  field: 'hashrate_target',
  unitField: 'terahash_per_second',
  unit: 'TH/s',
  mode: 2,
  state: 'hashratetargetmodestate',
  name: 'hashrateTHs',
};

const targetIn = (configuration: Fields, { field, unitField }: Target): number | null =>
  configuration.sub('tuner').sub(field).num(unitField);

/**
 * Sees that the tuner aims at it: in the configuration, with what is aimed at now beside it, which dynamic scaling may
 * have moved.
 * @param wanted null where only the machine's answer tells what it is, and none came
 */
const aimsAt = (machine: Machine, target: Target, wanted: () => number | null): Prepared['readBack'] =>
  seen(
    machine,
    `${target.field} of GetMinerConfiguration, GetTunerState`,
    async (now): Promise<Seen> => {
      const configuration = await configurationOf(now);
      const state = (await now.ask('GetTunerState')).sub('mode_state').sub(target.state);
      const value = wanted();
      const shown = matching(
        {
          [target.name]: targetIn(configuration, target),
          tunerMode: configuration.sub('tuner').int('tuner_mode'),
        },
        { tunerMode: target.mode, ...(value === null ? {} : { [target.name]: value }) },
      );
      const aimedAt = state.sub('current_target').num(target.unitField);
      return { done: value !== null && shown.done, values: { ...shown.values, aimedAt } };
    },
    APPLIED,
  );

interface Aim {
  readonly name: MethodName;
  readonly message: Doc;
  /** Null: the machine decides, and says what. */
  readonly expected: number | null;
  readonly notes?: readonly string[];
}

function aim(machine: Machine, target: Target, { name, message, expected, notes = [] }: Aim): Prepared {
  let told: number | null = null;
  return {
    notes,
    steps: [
      say(
        machine,
        name,
        { ...SAVE_AND_APPLY, ...message },
        {
          heard: (reply) => {
            told = reply.sub(target.field).num(target.unitField);
          },
        },
      ),
    ],
    readBack: aimsAt(machine, target, () => expected ?? told),
  };
}

const LIMIT: ActionNotes = {
  takes: 'the tuner aims at it at once, and tunes for up to some hours',
  hashing: 'interrupted',
};

const source = (target: Target, verb: string): string => `BraiinsOS PerformanceService.${verb}${target.method}Target`;

/** @throws HeadframeError `usage/invalid` outside the range of this machine */
async function needTarget(machine: Machine, target: Target, value: number, named: string): Promise<void> {
  const range = rangeIn(await constraintsOf(machine), ['tuner_constraints', target.field], target.unitField);
  needWithin(range, value, { named, unit: target.unit, source: `tuner_constraints.${target.field}` });
}

const MOST: Readonly<Record<Target['name'], number>> = { powerW: 100_000, hashrateTHs: 10_000 };

const amount = (target: Target, about: string, verb: string) => {
  const rule = { about, max: MOST[target.name], source: source(target, verb) };
  // Watts are whole in the contract.
  return target === POWER
    ? integer({ ...rule, unit: 'W', min: 1 })
    : number({ ...rule, about: `${about}, in TH/s`, min: 0.001 });
};

const inUnit = ({ unitField }: Target, value: number): Doc => ({ [unitField]: value });

const set = (target: Target, named: string, does?: string): Action =>
  through(
    { [target.name]: amount(target, `what the tuner aims at`, 'Set') },
    async (machine, given) => {
      const value = given[target.name] as number;
      await needTarget(machine, target, value, named);
      return aim(machine, target, {
        name: `Set${target.method}Target`,
        message: { [target.field]: inUnit(target, value) },
        expected: value,
      });
    },
    { ...LIMIT, ...(does === undefined ? {} : { does }) },
  );

const setDefault = (target: Target, does: string): Action =>
  through(
    {},
    (machine) => aim(machine, target, { name: `SetDefault${target.method}Target`, message: {}, expected: null }),
    { ...LIMIT, does },
  );

/** @throws HeadframeError where no target is told that could be moved */
async function presentTarget(machine: Machine, target: Target): Promise<number> {
  const present = targetIn(await configurationOf(machine), target);
  if (present !== null) return present;
  const range = rangeIn(await constraintsOf(machine), ['tuner_constraints', target.field], target.unitField);
  if (range.default !== null) return range.default;
  throw invalid(`the machine tells no ${target.field} that could be moved: set one first`);
}

const move = (target: Target, verb: 'Increment' | 'Decrement', does: string): Action =>
  through(
    { [target.name]: amount(target, 'by how much', verb) },
    async (machine, given) => {
      const by = given[target.name] as number;
      const present = await presentTarget(machine, target);
      const expected = verb === 'Increment' ? present + by : present - by;
      await needTarget(machine, target, expected, `a ${target.field} of ${present} ${target.unit} that is moved`);
      return aim(machine, target, {
        name: `${verb}${target.method}Target`,
        message: { [`${target.field}_${verb.toLowerCase()}`]: inUnit(target, by) },
        expected,
        notes: [`From ${present} to ${expected} ${target.unit}`],
      });
    },
    { ...LIMIT, does },
  );

/** RelativeTargetReference. */
const REFERENCES = { nominal: 1, min: 2, max: 3, current: 4 } as const;
type Reference = keyof typeof REFERENCES;

const percentOf = (target: Target) =>
  number({
    about: 'part of what it is compared with',
    unit: '%',
    min: 0.1,
    max: 1_000,
    source: source(target, 'SetRelative'),
  });

/** What a part comes to; null where only the machine knows what it is compared with. */
async function partOf(machine: Machine, target: Target, percent: number, reference: Reference): Promise<number | null> {
  if (reference === 'nominal') return null;
  if (reference === 'current') return ((await presentTarget(machine, target)) * percent) / 100;
  const range = rangeIn(await constraintsOf(machine), ['tuner_constraints', target.field], target.unitField);
  const bound = range[reference];
  return bound === null ? null : (bound * percent) / 100;
}

async function relative(machine: Machine, target: Target, percent: number, reference: Reference): Promise<Prepared> {
  const part = await partOf(machine, target, percent, reference);
  if (part !== null) await needTarget(machine, target, part, `${percent} % of ${reference}`);
  return aim(machine, target, {
    name: `SetRelative${target.method}Target`,
    message: { percentage: percent, reference: REFERENCES[reference] },
    // How the machine rounds is its own business: what it says must show.
    expected: null,
    ...(part === null ? {} : { notes: [`That is about ${Math.round(part)} ${target.unit}`] }),
  });
}

const setRelative = (target: Target, does: string): Action =>
  through(
    {
      percent: percentOf(target),
      reference: choice(['nominal', 'min', 'max', 'current'], {
        about: 'what it is compared with: what the maker promises, the ends of the range, or the target of now',
        source: source(target, 'SetRelative'),
      }),
    },
    (machine, { percent, reference }) => relative(machine, target, percent, reference),
    { ...LIMIT, does },
  );

export const powerCommands = {
  setPowerLimit: set(POWER, 'set-power-limit'),
  setPowerPercent: through(
    { percent: percentOf(POWER) },
    (machine, { percent }) => relative(machine, POWER, percent, 'nominal'),
    LIMIT,
  ),
} satisfies Readonly<Record<string, Action>>;

export const ownPowerCommands: Readonly<Record<string, Action>> = {
  setdefaultpowertarget: setDefault(POWER, 'Sets the power target back to what the machine comes with'),
  incrementpowertarget: move(POWER, 'Increment', 'Raises the power target'),
  decrementpowertarget: move(POWER, 'Decrement', 'Lowers the power target'),
  setrelativepowertarget: setRelative(POWER, 'Sets the power target as a part of another value'),
  sethashratetarget: set(HASHRATE, 'braiins.sethashratetarget', 'Lets the tuner aim at a hashrate'),
  setdefaulthashratetarget: setDefault(HASHRATE, 'Sets the hashrate target back to what the machine comes with'),
  incrementhashratetarget: move(HASHRATE, 'Increment', 'Raises the hashrate target'),
  decrementhashratetarget: move(HASHRATE, 'Decrement', 'Lowers the hashrate target'),
  setrelativehashratetarget: setRelative(HASHRATE, 'Sets the hashrate target as a part of another value'),
};
