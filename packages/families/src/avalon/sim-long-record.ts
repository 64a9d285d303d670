import type { AvalonMachine } from './sim-machine.ts';
import type { LongRecordKind } from './sim-plan.ts';
import { a10Record, a12Record } from './sim-record-farm.ts';
import { nano3sRecord, qRecord } from './sim-record-home.ts';
import type { RecordParts, Token } from './sim-record-parts.ts';
import { type BoardReading, type Readings, readSensors } from './sim-sensors.ts';

/*
 * The long record of estats: `Key[value]` after `Key[value]`, each model with its own keys in its own order
 * (`protocols.md` 4). Built anew for each request: nothing of it is kept.
 */

/** The strings of the first STATS record. */
export interface LongRecord {
  readonly summary: string;
  /** What `litestats` has: the same without the values of single chips. */
  readonly lite: string;
  /** Null: this record has no string of its own for the boards. */
  readonly hashboards: string | null;
}

const PARTS: Readonly<Record<LongRecordKind, RecordParts>> = {
  a10: a10Record,
  a12: a12Record,
  'nano-3s': nano3sRecord,
  q: qRecord,
};

export function longRecord(machine: AvalonMachine, now: number): LongRecord {
  const readings = readSensors(machine, now);
  const kind = machine.plan.record;
  const head = PARTS[kind].head(machine, now, readings);
  const tail = PARTS[kind].tail(machine, now);
  const chips = chipTokens(machine, readings);
  if (kind === 'q' || machine.quirks.nestedRecord) {
    const lite = `'STATS':{${line([...head, ...tail])} Nonce Mask[25]}`;
    return { summary: lite, lite, hashboards: nestedBoards(readings) };
  }
  return { summary: line([...head, ...chips, ...tail]), lite: line([...head, ...tail]), hashboards: null };
}

const line = (tokens: readonly Token[]): string => tokens.map(([key, value]) => `${key}[${value}]`).join(' ');

/** A board that is not there has no entry. */
function nestedBoards(readings: Readings): string {
  const blocks = readings.boards.map((board, i) => (board.present ? `'HB${i}':{${line(boardTokens(board, i))}}` : ''));
  return blocks.filter((block) => block !== '').join(' ');
}

/** Temperatures stand in three columns, so that the first has a blank before it. */
const columns = (values: readonly number[]): string => values.map((value) => String(value).padStart(3)).join(' ');

const boardTokens = (board: BoardReading, i: number): Token[] => [
  [`PVT_T${i}`, columns(board.chipsC)],
  [`PVT_V${i}`, board.chipsV.join(' ')],
  [`MW${i}`, board.chipsWork.join(' ')],
];

/** All temperatures, then all voltages, then all work. */
function chipTokens(machine: AvalonMachine, { boards }: Readings): Token[] {
  const tokens = boards.map(boardTokens);
  const of = (which: number): Token[] => tokens.flatMap((board) => board.slice(which, which + 1));
  const totals = boards.map((board) => board.chipsWork.reduce((sum, n) => sum + n, 0)).join(' ');
  const total: Token[] = machine.plan.record === 'a12' ? [['MW', totals]] : [];
  return [...of(0), ...of(1), ...total, ...of(2)];
}
