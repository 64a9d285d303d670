import type { PoolState } from '@headframe/model';

/*
 * What is odd about DCENT_OS on port 4028 (protocols.md 9; its published source, as of mid 2026). No release is known
 * that behaves differently from another: the marks below are looked for in what the machine says, not in its version.
 */

/** `CGMiner`, `BMMiner` and `Miner` of VERSION, and the `Description` of every status. The group is the version. */
export const DAEMON = /^dcentrald\/(\S{1,64})/;

/** What `Type` says where the firmware does not know the machine: the chip, or nothing. No model. */
export const NO_MODEL = /^Antminer \(/;

/** What `Type` says where it knows neither model nor chip: the name of the hashboards. */
export const BOARD_NAME = /^BHB\w+$/;

/**
 * Words of a pool's `Status` that mean a connection, by the firmware's own list; `Standby` is one that it keeps in
 * reserve, `connecting` no connection yet. `Donating`: it works for the pool of the donation at the moment.
 */
export const POOL_WORDS: ReadonlyMap<string, PoolState> = new Map([
  ['alive', 'alive'],
  ['active', 'alive'],
  ['authorized', 'alive'],
  ['connected', 'alive'],
  ['donating', 'alive'],
  ['mining', 'alive'],
  ['dead', 'dead'],
  ['disconnected', 'dead'],
]);

/** A machine that has not hashed yet is starting for this long, s; after that it does nothing and we do not know why. */
export const STARTING_S = 300;

/** The fields of a record that the machine lists as placeholders: their 0 was never counted. */
export const PLACEHOLDERS = '_DCENTUnsupported';
