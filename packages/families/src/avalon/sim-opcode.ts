import { type ApiReply, atoi, say } from '@headframe/wire/cgminer-server';
import type { AvalonMachine } from './sim-machine.ts';

/*
 * Words of the opcodes of `ascset|0,opcode,setting` (`protocols.md` 4). How the program answers what a driver's function
 * gives back: a text alone is 118 with severity I, nothing is 119, a failure is 120.
 */

/** @param setting everything behind the opcode's comma; null where there is no comma */
export type Opcode = (machine: AvalonMachine, now: number, setting: string | null) => ApiReply;

export interface OpcodeEntry {
  /** Without a setting the program itself refuses. */
  readonly needsSetting: boolean;
  readonly run: Opcode;
}

export const info = (message: string): ApiReply => say(118, 0, message);
export const done: ApiReply = say(119, 0);
export const failed = (reason: string): ApiReply => say(120, 0, reason);

/** An opcode that answers without a setting too. */
export const asks = (run: Opcode): OpcodeEntry => ({ needsSetting: false, run });

/** An opcode that wants a setting. */
export const takes = (run: (machine: AvalonMachine, now: number, setting: string) => ApiReply): OpcodeEntry => ({
  needsSetting: true,
  run: (machine, now, setting) => run(machine, now, setting ?? ''),
});

/** What `sscanf("%d")` reads; null where it reads nothing. */
export function leadingInt(text: string): number | null {
  const digits = /^[ \t\n\v\f\r]*([+-]?\d+)/.exec(text)?.[1];
  return digits === undefined ? null : atoi(digits);
}

const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

export const isIpv4 = (text: string): boolean => IPV4.test(text);
