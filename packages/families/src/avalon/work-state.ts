import type { MmRecord } from './mm-record.ts';

/** What the machine says that it does, and whether somebody switched its hashing off. */
export interface Work {
  readonly work: 'init' | 'work' | 'idle' | null;
  readonly softOff: boolean;
}

/** `STATE` of the short records, seen beside SYSTEMSTATU on a real Avalon Q that was idle: 2. */
const STATES = ['init', 'work', 'idle'] as const;

/**
 * `SYSTEMSTATU[Work: In Work, Hash Board: 3]`, or `STATE[1]` where the short record has no more. Off on purpose shows as
 * a soft-off later than the last soft-on, or as a number in `SoftOFF` (4 on the real Avalon Q that was switched off).
 */
export function workOf(main: MmRecord): Work {
  const said = /Work:\s*In\s+(\w+)/i.exec(main.text('SYSTEMSTATU') ?? '')?.[1]?.toLowerCase();
  const state = said ?? STATES[main.num('STATE') ?? -1];
  const work = state === 'init' || state === 'work' || state === 'idle' ? state : null;
  const softOff = (main.num('SoftOffTime') ?? 0) > (main.num('SoftOnTime') ?? 0) || (main.num('SoftOFF') ?? 0) !== 0;
  return { work, softOff };
}
