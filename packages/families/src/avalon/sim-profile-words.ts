import type { PoolPlan, WorkMode } from './sim-plan.ts';

/*
 * Words that all models are written with.
 */

export const pool = (host: string, difficulty: number): PoolPlan => ({ url: `stratum+tcp://${host}:3333`, difficulty });

export const mode = (
  value: number,
  [ghs, wallW, mhz]: readonly [number, number, number],
  clocks: WorkMode['clocks'],
  setCentivolts: number,
  chipVolts: number,
): WorkMode => ({ value, ghs, wallW, mhz, clocks, setCentivolts, chipVolts });

export const words = (list: string): string[] => list.split(' ');

/** User and password from the factory (`protocols.md` 4 names no other than `root`). */
export const LOGIN = { user: 'root', password: 'root' };

/** What cgminer calls itself in all of these. */
export const PROGRAM = 'cgminer 4.11.1';

/** The pool commands of the Nano 3S's published source: without those that add and remove. */
export const POOL_COMMANDS = ['switchpool', 'poolpriority', 'enablepool', 'disablepool'];
