import { type Fields, toNumber } from '@headframe/wire/json';
import type { Doc } from './door-methods.ts';
import { invalid, needWithin, type Range, rangeIn } from './looks.ts';

/*
 * The cooling mode, which is written as a whole: with a new mode, what was set of the old one is forgotten (protocols.md
 * 7.2). So what is not meant is written back, as far as the mode that is wanted has it.
 */

export const SOURCE = 'BraiinsOS CoolingService.SetCoolingMode';

/** CoolingMode, by its number. */
const MODES = ['', 'auto', 'manual', 'disabled', 'immersion', 'hydro'] as const;
export type ModeName = 'auto' | 'manual' | 'disabled' | 'immersion' | 'hydro';

/** What the modes consist of, in the words of the parameters. Null: not set. */
export interface Cooling {
  readonly targetC: number | null;
  readonly hotC: number | null;
  readonly dangerousC: number | null;
  readonly fanPercent: number | null;
  readonly minFanPercent: number | null;
  readonly maxFanPercent: number | null;
  readonly minFans: number | null;
  /** What the fans do in a pause, as the machine has it. */
  readonly pause: Doc | null;
}

const TEMPERATURES = ['targetC', 'hotC', 'dangerousC'] as const;

/** What of it each mode has. */
export const HAS: Readonly<Record<ModeName, readonly (keyof Cooling)[]>> = {
  auto: [...TEMPERATURES, 'minFanPercent', 'maxFanPercent', 'minFans', 'pause'],
  manual: [...TEMPERATURES, 'fanPercent', 'minFans', 'pause'],
  disabled: ['fanPercent'],
  immersion: TEMPERATURES,
  hydro: TEMPERATURES,
};

const PERCENT = 100;

/** How the contract writes them: a temperature in an object of its own, fans by hand as a part of 1, bounds in percent. */
const WRITTEN: Readonly<Record<keyof Cooling, { readonly field: string; readonly doc: (value: never) => unknown }>> = {
  targetC: { field: 'target_temperature', doc: (value: number) => ({ degree_c: value }) },
  hotC: { field: 'hot_temperature', doc: (value: number) => ({ degree_c: value }) },
  dangerousC: { field: 'dangerous_temperature', doc: (value: number) => ({ degree_c: value }) },
  fanPercent: { field: 'fan_speed_ratio', doc: (value: number) => value / PERCENT },
  minFanPercent: { field: 'min_fan_speed', doc: (value: number) => value },
  maxFanPercent: { field: 'max_fan_speed', doc: (value: number) => value },
  minFans: { field: 'minimum_required_fans', doc: (value: number) => value },
  pause: { field: 'pause_mode', doc: (value: Doc) => value },
};

/**
 * A mode as the machine is told of it: what is not set is left to the machine.
 * @param more what a newer firmware has of the same mode
 */
export const modeDoc = (name: ModeName, cooling: Cooling, more: Doc = {}): Doc => ({
  [name]: {
    ...more,
    ...Object.fromEntries(
      HAS[name]
        .filter((part) => cooling[part] !== null)
        .map((part) => [WRITTEN[part].field, WRITTEN[part].doc(cooling[part] as never)]),
    ),
  },
});

export interface PresentCooling extends Cooling {
  /** Null where the machine tells neither what is set nor what it comes with. */
  readonly mode: ModeName | null;
  /** What of the mode we do not know. */
  readonly more: Doc;
}

const FIELDS: ReadonlySet<string> = new Set(Object.values(WRITTEN).map(({ field }) => field));

/** What is set; where nothing is, the mode that the machine comes with. */
export function coolingIn(configuration: Fields, constraints: Fields | null): PresentCooling {
  const temperature = configuration.sub('temperature');
  const mode = temperature.sub('mode');
  const set = (Object.keys(HAS) as ModeName[]).find((name) => typeof mode.raw(name) === 'object' && mode.raw(name));
  const number = constraints?.sub('cooling_constraints').int('default_cooling_mode') ?? 0;
  const values = mode.sub(set ?? '');
  const degrees = (field: string) => values.sub(field).num('degree_c');
  const pause = values.raw('pause_mode');
  return {
    mode: set ?? (MODES[number] || null),
    targetC: degrees('target_temperature'),
    hotC: degrees('hot_temperature'),
    dangerousC: degrees('dangerous_temperature'),
    fanPercent: percentOf(values.num('fan_speed_ratio')),
    minFanPercent: values.num('min_fan_speed'),
    maxFanPercent: values.num('max_fan_speed'),
    // Older releases have it beside the mode.
    minFans: values.num('minimum_required_fans') ?? temperature.num('minimum_required_fans'),
    pause: typeof pause === 'object' && pause !== null ? (pause as Doc) : null,
    more: Object.fromEntries(
      values
        .keys()
        .filter((name) => !FIELDS.has(name))
        .map((name) => [name, values.raw(name)]),
    ),
  };
}

const percentOf = (ratio: number | null): number | null => (ratio === null ? null : Math.round(ratio * 1e4) / PERCENT);

/** Where the constraints have the range of a part, and in what. */
const RANGED = {
  targetC: { field: 'target_temperature', in: 'degree_c', unit: '°C', factor: 1 },
  hotC: { field: 'hot_temperature', in: 'degree_c', unit: '°C', factor: 1 },
  dangerousC: { field: 'dangerous_temperature', in: 'degree_c', unit: '°C', factor: 1 },
  fanPercent: { field: 'fan_speed_ratio', in: undefined, unit: '%', factor: PERCENT },
  minFanPercent: { field: 'min_fan_speed', in: undefined, unit: '%', factor: 1 },
  maxFanPercent: { field: 'max_fan_speed', in: undefined, unit: '%', factor: 1 },
  minFans: { field: 'minimum_required_fans', in: undefined, unit: 'fans', factor: 1 },
} as const;

const rangeOf = (constraints: Fields | null, part: keyof typeof RANGED): Range =>
  rangeIn(constraints, ['cooling_constraints', RANGED[part].field], RANGED[part].in);

/**
 * @param given what is to be another
 * @param all what it is then, with what stays
 * @throws HeadframeError `usage/invalid` outside the ranges of this machine, or in an order that makes no sense
 */
export function needCooling(
  constraints: Fields | null,
  given: Readonly<Partial<Record<keyof typeof RANGED, number | undefined>>>,
  all: Cooling,
  named: string,
): void {
  for (const [part, { field, unit, factor }] of Object.entries(RANGED)) {
    const name = part as keyof typeof RANGED;
    const value = given[name];
    if (value === undefined) continue;
    const what = `${name} of ${named}`;
    needWithin(rangeOf(constraints, name), value, {
      named: what,
      unit,
      source: `cooling_constraints.${field}`,
      factor,
    });
  }
  const orDefault = (name: (typeof TEMPERATURES)[number]): number | null =>
    all[name] ?? toNumber(rangeOf(constraints, name).default);
  const ordered = TEMPERATURES.map((name) => ({ name, value: orDefault(name) }));
  for (const [i, { name, value }] of ordered.entries()) {
    const before = ordered.slice(0, i).findLast((one) => one.value !== null);
    if (before === undefined || value === null || before.value === null || before.value < value) continue;
    throw invalid(`${named}: ${before.name} (${before.value} °C) has to be below ${name} (${value} °C)`);
  }
  const { minFanPercent: least, maxFanPercent: most } = all;
  if (least !== null && most !== null && least >= most) {
    throw invalid(`${named}: minFanPercent (${least} %) has to be below maxFanPercent (${most} %)`);
  }
}
