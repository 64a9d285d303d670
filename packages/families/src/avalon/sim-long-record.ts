import type { AvalonMachine } from './sim-machine.ts';
import type { LongRecordKind } from './sim-plan.ts';
import { a10Record, a12Record } from './sim-record-farm.ts';
import { mini3Record, qRecord } from './sim-record-home.ts';
import { moduleTokens } from './sim-record-modules.ts';
import { nano3Record, nano3sLite, nano3sRecord } from './sim-record-nano.ts';
import type { RecordParts, Token } from './sim-record-parts.ts';
import { type BoardReading, type Readings, readSensors } from './sim-sensors.ts';

/*
 * The long record of estats: `Key[value]` after `Key[value]`, each model with its own keys in its own order
 * (`protocols.md` 4). Built anew for each request: nothing of it is kept.
 */

/** The strings of the first STATS record, in its order. */
export interface LongRecord {
  readonly strings: readonly (readonly [key: string, value: string])[];
  /** What `litestats` has. */
  readonly lite: readonly [key: string, value: string];
  /** `MM ID0:Summary` and `HBinfo`: the newer form. */
  readonly nested: boolean;
}

const PARTS: Readonly<Record<Exclude<LongRecordKind, 'a7' | 'a8'>, RecordParts>> = {
  a10: a10Record,
  a12: a12Record,
  'nano-3': nano3Record,
  'nano-3s': nano3sRecord,
  q: qRecord,
  'mini-3': mini3Record,
};

export function longRecord(machine: AvalonMachine, now: number): LongRecord {
  const { record: kind } = machine.plan;
  if (kind === 'a7' || kind === 'a8') return modulesRecord(machine, now);
  const readings = readSensors(machine, now);
  const head = PARTS[kind].head(machine, now, readings);
  const tail = PARTS[kind].tail(machine, now);
  if (kind === 'q' || kind === 'mini-3' || machine.quirks.nestedRecord) {
    const summary = ['MM ID0:Summary', `'STATS':{${line([...head, ...tail])} Nonce Mask[25]}`] as const;
    return { strings: [summary, ['HBinfo', nestedBoards(readings)]], lite: summary, nested: true };
  }
  const lite = line(kind === 'nano-3s' ? nano3sLite(machine, now) : [...head, ...tail]);
  const whole = line([...head, ...chipTokens(machine, readings), ...tail]);
  return { strings: [['MM ID0', whole]], lite: ['MM ID0', lite], nested: false };
}

/** Modules count from 1, and there is no short form. */
function modulesRecord(machine: AvalonMachine, now: number): LongRecord {
  const strings = machine.modules.map(
    (module) => [`MM ID${module.id}`, line(moduleTokens(machine, now, module))] as const,
  );
  return { strings, lite: strings[0] ?? ['MM ID1', ''], nested: false };
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
