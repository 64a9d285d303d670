import type { DcentMachine } from './sim-machine.ts';
import type { DcentReply } from './sim-reply.ts';

/** A command behind its session id. `rest` is what follows the id, parted at commas and trimmed. */
export type SessionCommand = (machine: DcentMachine, now: number, rest: readonly string[]) => DcentReply;

/** A whole number as the device reads one; NaN for what is none, or too large to be one. */
export function wholeOf(text: string): number {
  const value = /^[+-]?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** `key=value`, parted at the first sign; what has none is not among them. */
export const pairs = (rest: readonly string[]): readonly (readonly [key: string, value: string])[] =>
  rest.flatMap((part): [string, string][] => {
    const sign = part.indexOf('=');
    return sign < 0 ? [] : [[part.slice(0, sign).trim(), part.slice(sign + 1).trim()]];
  });
