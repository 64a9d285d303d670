import { MATRIX_ATTRIBUTION } from './attribution.ts';
import { CALLS } from './calls.ts';
import { SECTIONS } from './citations.ts';
import { DESCRIPTIONS } from './descriptions.ts';
import { MARKS, MATRIX_NOTES } from './notes.ts';
import { type MatrixCommand, PRINTED } from './printed.ts';
import {
  type CgminerCell,
  type CgminerClass,
  type CommandMatrix,
  MATRIX_FAMILIES,
  type MatrixFamily,
  type MatrixNeighbour,
  type MatrixRow,
  PRINTED_WORDS,
  type PrintedCell,
  type PrintedWord,
  type StarredWord,
  VERIFIED_WORDS,
  type VerifiedCells,
  type VerifiedCommand,
} from './types.ts';
import { VERIFIED, VERIFIED_NEIGHBOURS } from './verified.ts';
import { viewsDiffer } from './views.ts';

export interface MatrixSelection {
  /** Only these commands; all if absent. A name that the page does not have gives no row. */
  readonly commands?: readonly string[];
  /** Only these columns; all if absent. */
  readonly families?: readonly MatrixFamily[];
}

/** The matrix, or the part of it that was asked for; its attribution is always in it. */
export function commandMatrix({ commands, families = MATRIX_FAMILIES }: MatrixSelection = {}): CommandMatrix {
  const isWanted = (command: string) => commands === undefined || commands.includes(command);
  return {
    attribution: MATRIX_ATTRIBUTION,
    families,
    printedWords: PRINTED_WORDS,
    verifiedWords: pick(VERIFIED_WORDS, families),
    notes: MATRIX_NOTES,
    commands: PRINTED.filter(([command]) => isWanted(command)).map((row) => rowOf(row, families)),
    neighbours: Object.entries(VERIFIED_NEIGHBOURS)
      .filter(([command]) => isWanted(command))
      .map(([command, cells]): MatrixNeighbour => ({ command, verified: verifiedOf(cells, families) })),
  };
}

/** Every command of the page, in its order. */
export const matrixCommands = (): readonly MatrixCommand[] => PRINTED.map(([command]) => command);

function rowOf(
  [command, params, access, category, ...cells]: (typeof PRINTED)[number],
  families: readonly MatrixFamily[],
): MatrixRow {
  const printed = pick(byFamily(cells.map(printedCell)), families);
  const verified = verifiedOf(VERIFIED[command], families);
  const [antminerCgi, braiinsGrpc, note] = CALLS[command];
  return {
    command,
    params,
    access,
    category,
    description: DESCRIPTIONS[command],
    mark: MARKS[command] ?? null,
    printed,
    verified,
    differs: families.filter((family) => viewsDiffer({ printed, verified }, family)),
    calls: { antminerCgi, braiinsGrpc, note },
    citation: `Headframe protocol notes ${SECTIONS[command].join(', ')}`,
  };
}

function printedCell(word: StarredWord): PrintedCell {
  const inferred = word.endsWith('*');
  return { value: (inferred ? word.slice(0, -1) : word) as PrintedWord, inferred };
}

function verifiedOf(cells: VerifiedCells, families: readonly MatrixFamily[]): VerifiedCommand {
  const [cgminer, stock, braiins, luxos, dcent, ...remarks] = cells;
  return { cgminer: classOf(cgminer), families: pick({ stock, braiins, luxos, dcent }, families), remarks };
}

function classOf(cell: CgminerCell): CgminerClass | null {
  if (cell === '-') return null;
  const [letters = '', builds] = cell.split(' ');
  return {
    access: letters.startsWith('R') ? 'read' : 'write',
    joinable: letters.endsWith('+'),
    builds: builds === 'asic' || builds === 'fpga' ? builds : 'all',
  };
}

const byFamily = <T>(cells: readonly T[]): Partial<Record<MatrixFamily, T>> =>
  Object.fromEntries(MATRIX_FAMILIES.map((family, i) => [family, cells[i]]));

const pick = <T extends Partial<Record<MatrixFamily, unknown>>>(
  all: T,
  families: readonly MatrixFamily[],
): Partial<T> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => families.includes(key as MatrixFamily))) as Partial<T>;
