import { ASSUMED } from './sim-assumed.ts';
import { intIn } from './sim-checks.ts';
import type { WhatsminerUnit } from './sim-unit.ts';
import { OK, refuse, type V2Reply } from './sim-v2-reply.ts';

/** What a write command does, and how its connection goes on. */
export interface V2Write {
  readonly reply: V2Reply;
  /** ms until the reply. */
  readonly afterMs?: number;
  /** A file comes or goes on the same connection; `gone`: the machine goes before it could answer. */
  readonly follows?: 'upload' | 'log' | 'gone';
}

export type Args = Readonly<Record<string, unknown>>;
export type WriteCommand = (unit: WhatsminerUnit, args: Args, now: number) => V2Write;

export const done: V2Write = { reply: OK };
export const bad: V2Write = { reply: refuse(ASSUMED.badParameter) };
export const outOfRange: V2Write = { reply: refuse(ASSUMED.outOfRange) };

/** A command with one whole number within a range. */
export function ranged(
  name: string,
  [least, most]: readonly [number, number],
  does: (unit: WhatsminerUnit, value: number, now: number) => void,
): WriteCommand {
  return (unit, args, now) => {
    const value = intIn(args[name]);
    if (value === null) return bad;
    if (value < least || value > most) return outOfRange;
    does(unit, value, now);
    return done;
  };
}

export const simple =
  (does: (unit: WhatsminerUnit, now: number) => void): WriteCommand =>
  (unit, _args, now) => {
    does(unit, now);
    return done;
  };

/** For units that are cooled this way alone. */
export const only =
  (cooling: 'air' | 'hydro', command: WriteCommand): WriteCommand =>
  (unit, args, now) =>
    unit.plan.cooling === cooling ? command(unit, args, now) : outOfRange;
