import { hash32 } from '../sim/counter-random.ts';

/*
 * What tells one machine from others of its kind, from its own seed.
 */

type Key = (...parts: readonly (string | number)[]) => number;

/** An id of 16 letters, as the captured S19 XP has them: `1EF77F188487D556`. */
export function hexId(key: number): string {
  const word = (i: number): string => hash32(key, i).toString(16).padStart(8, '0');
  return `${word(0)}${word(1)}`.toUpperCase();
}

/** A MAC address that nobody sells. */
export function macOf(key: Key): string {
  const byte = (i: number): string => (hash32(key('mac'), i) % 256).toString(16).padStart(2, '0');
  return `02:${[0, 1, 2, 3, 4].map(byte).join(':')}`.toUpperCase();
}

/** Last number of its address. */
export const hostOf = (key: Key): number => 2 + (key('host') % 253);
