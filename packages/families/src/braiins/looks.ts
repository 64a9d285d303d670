import { HeadframeError, type Links, type ReadBack, type Seen } from '@headframe/model';
import type { Fields } from '@headframe/wire/json';
import type { DoorName } from './doors.ts';
import { type Machine, machineAt } from './through.ts';

/* How a change is seen, through the door through which it was made; and the ranges that a machine tells of itself. */

export type Times = Pick<ReadBack, 'afterMs' | 'everyMs' | 'withinMs' | 'restarts'>;

/** The documents name no delay: a setting shows at once, or as soon as it is applied. */
export const SOON: Times = { afterMs: 500, everyMs: 2_000, withinMs: 20_000 };
/** The mining program starts anew for it. */
export const APPLIED: Times = { afterMs: 1_000, everyMs: 5_000, withinMs: 120_000 };
/** The machine or its program goes away and comes back. */
export const RESTARTS: Times = { afterMs: 5_000, everyMs: 5_000, withinMs: 600_000, restarts: true };

/** A look through the same door. */
export const seen = (
  { door }: { readonly door: DoorName },
  looksAt: string,
  look: (machine: Machine, sentAt: number) => Promise<Seen>,
  times: Times = SOON,
): ReadBack => ({
  looksAt,
  ...times,
  look: (links: Links, sentAt) => look(machineAt(links, door), sentAt),
});

export type Wanted = Readonly<Record<string, number | string | boolean | null>>;

/** Numbers that went through a binary float, or were rounded by the machine to what it can set. */
const GRAIN = 1e-3;

/** Whether values are what was wanted; the values are the result. */
export function matching(values: Wanted, wanted: Wanted): Seen {
  const is = ([name, value]: [string, Wanted[string]]): boolean => {
    const there = values[name];
    return typeof value === 'number' && typeof there === 'number'
      ? Math.abs(there - value) <= GRAIN * Math.max(1, Math.abs(value))
      : there === value;
  };
  return { done: Object.entries(wanted).every(is), values };
}

export const configurationOf = (machine: Machine): Promise<Fields> => machine.ask('GetMinerConfiguration');

/** What a machine tells of its ranges; null where it does not. */
export async function constraintsOf(machine: Machine): Promise<Fields | null> {
  try {
    return await machine.ask('GetConstraints');
  } catch (thrown) {
    if (thrown instanceof HeadframeError && thrown.code === 'support/unsupported') return null;
    throw thrown;
  }
}

/** A range as GetConstraints has it. `unit` is the field that holds the number; absent where the bounds are bare. */
export interface Range {
  readonly min: number | null;
  readonly max: number | null;
  readonly default: number | null;
}

export function rangeIn(constraints: Fields | null, path: readonly [string, string], unit?: string): Range {
  const range = constraints?.sub(path[0]).sub(path[1]);
  const bound = (name: string): number | null =>
    (unit === undefined ? range?.num(name) : range?.sub(name).num(unit)) ?? null;
  const [min, max] = [bound('min'), bound('max')];
  // Two zeros are what a message has where nothing is told.
  const isTold = max !== null && !(max === 0 && (min ?? 0) === 0);
  return { min: isTold ? min : null, max: isTold ? max : null, default: isTold ? bound('default') : null };
}

/**
 * @param factor from the machine's unit to ours
 * @throws HeadframeError `usage/invalid` outside the range that this very machine tells
 */
export function needWithin(
  { min, max }: Range,
  value: number,
  { named, unit, source, factor = 1 }: { named: string; unit: string; source: string; factor?: number },
): void {
  const [low, high] = [min, max].map((bound) => (bound === null ? null : round(bound * factor)));
  if ((low == null || value >= low) && (high == null || value <= high)) return;
  const range = low == null ? `up to ${high}` : `${low} to ${high ?? 'any number of'}`;
  throw invalid(`${named} takes ${range} ${unit} on this machine, not ${value} (BraiinsOS GetConstraints, ${source})`);
}

/** Products of binary floats, such as 0.3 of a full speed in percent. */
const round = (value: number): number => Math.round(value * 1e6) / 1e6;

export const invalid = (detail: string): HeadframeError =>
  new HeadframeError('usage/invalid', { detail: `${detail}; nothing was sent` });
