import { drift } from '../sim/thermal.ts';
import type { AvalonMachine } from './sim-machine.ts';
import type { Readings } from './sim-sensors.ts';

/*
 * What the long records of several models say alike, token by token.
 */

export type Token = readonly [key: string, value: string | number];

/** The keys of one model: those before the values of single chips, and those behind them. */
export interface RecordParts {
  readonly head: (machine: AvalonMachine, now: number, readings: Readings) => Token[];
  readonly tail: (machine: AvalonMachine, now: number) => Token[];
}

const GH = 1e9;
/** Hashes in one piece of local work (`LW`). */
const WORK_HASHES = 1e11;

export const two = (value: number): string => value.toFixed(2);

export const zeros = (count: number): string => Array<number>(count).fill(0).join(' ');

export const perBoard = (machine: AvalonMachine, value: (board: number) => string | number): string =>
  Array.from({ length: machine.plan.boards }, (_, board) => value(board)).join(' ');

/** The firmware's own error rate of nonces, %: between 0.7 and 2.6, wandering; it stands while nothing is hashed. */
export const errorRate = (machine: AvalonMachine, now: number): string =>
  `${(machine.own('dh', 0.9, 2.4) + 0.2 * drift(machine.key('dh-drift'), machine.offSince ?? now, 600_000)).toFixed(3)}%`;

export const errorSpeed = (machine: AvalonMachine, now: number): string =>
  machine.work(now) === 'In Work' ? errorRate(machine, now) : '0.000%';

export const currentGhs = (machine: AvalonMachine, now: number): string =>
  two(machine.work(now) === 'In Work' ? machine.session.hashrateHs(now, 20) / GH : 0);

/** What the clock promises, of the boards that answer. */
export const promisedGhs = ({ mode, boardsPresent, plan, clockRatio }: AvalonMachine): string =>
  two((mode.ghs * clockRatio * boardsPresent) / plan.boards);

export const averageGhs = (machine: AvalonMachine, now: number): string => two(machine.session.averageHs(now) / GH);

export const boardAverages = (machine: AvalonMachine, now: number): Token => [
  'MGHS',
  perBoard(machine, (board) => two(machine.session.averageHs(now, board) / GH)),
];

/** Difficulty-1 shares a minute. */
export const workUtility = (machine: AvalonMachine, now: number): string =>
  two((machine.session.averageHs(now) * 60) / 2 ** 32);

export const errors = (machine: AvalonMachine, now: number): Token => [
  'MH',
  perBoard(machine, (board) => machine.session.hardwareErrors(now, board)),
];

export const fans = (readings: Readings): Token[] => readings.fans.map((rpm, i) => [`Fan${i + 1}`, rpm]);

/** How many chips run at which of the four clocks: thousands of counts, more at the upper two. */
export const clockCounts = (machine: AvalonMachine): Token[] =>
  Array.from({ length: machine.plan.boards }, (_, board) => [
    `PLL${board}`,
    [0, 1, 2, 3].map((i) => Math.round(machine.own(`pll-${board}-${i}`, 500, 1500) * (i + 1))).join(' '),
  ]);

export const clocks = (machine: AvalonMachine, name: string): Token[] =>
  Array.from({ length: machine.plan.boards }, (_, board) => [`${name}${board}`, machine.clocks(board).join(' ')]);

/** Chips on the boards that answer. */
export const chipCount = ({ plan, boardsPresent }: AvalonMachine): number => plan.chips * boardsPresent;

export const freeKb = (machine: AvalonMachine, now: number): number =>
  Math.round(machine.own('mem', 62_000, 70_000) + 900 * drift(machine.key('mem-drift'), now, 300_000));

export const localWork = (machine: AvalonMachine, now: number): number =>
  Math.floor(machine.session.totalHashes(now) / WORK_HASHES);

export const recordElapsed = (machine: AvalonMachine, now: number): number =>
  Math.floor(machine.elapsedS(now)) + machine.plan.recordAheadS;

export const hardwareErrors = (machine: AvalonMachine, now: number): number => machine.session.hardwareErrors(now);

/** `SoftOFF`: 0 running, 4 on a Q that was switched off, 5 on a machine of the A-series. */
export const softOff = (machine: AvalonMachine): number => {
  if (machine.offSince === null) return 0;
  return machine.plan.driver === 'home' ? 4 : 5;
};

/** `BOOTBY`: the reason, and a number behind it that is 0 on all machines seen. */
export const bootBy = (machine: AvalonMachine): string => `0x${String(machine.bootBy).padStart(2, '0')}.00000000`;

/** Minutes since the filter was cleaned. */
export const filterMinutes = (machine: AvalonMachine, now: number): number =>
  Math.floor((now - machine.kept.filterCleanedAt) / 60_000);

export const crcs = (machine: AvalonMachine): Token[] => [
  ['CRC', zeros(machine.plan.boards)],
  ['COMCRC', zeros(machine.plan.boards)],
];

/** `ATAn`, n the mode: power, target, voltage, the lowest clock and a step, joined by dashes. */
export const calibration = (machine: AvalonMachine): Token => [
  `ATA${machine.mode.value}`,
  `${machine.mode.wallW}-${machine.targetC}-${machine.setCentivolts}-${machine.clocks(0)[0]}-20`,
];
