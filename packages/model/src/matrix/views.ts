import type { CgminerClass, MatrixFamily, MatrixRow, PrintedWord, VerifiedCommand, VerifiedWord } from './types.ts';

/*
 * The two views of the matrix, compared with each other and with a device.
 */

/** What a device can make of a command on port 4028: it may be used, it is refused (code 45), there is none (code 14). */
export type Presence = 'usable' | 'denied' | 'absent';

/** A column to hold a device to: one of the page's, or the real cgminer for everything else that speaks like it. */
export type MatrixColumn = MatrixFamily | 'cgminer';

const USABLE: ReadonlySet<PrintedWord> = new Set(['Read', 'Control', 'Beta']);

const PRESENT: readonly VerifiedWord[] = [
  'answers',
  'acts',
  'acts, not from the LAN',
  'acts with session, not from the LAN',
  'documented',
  'documented, partly works',
  'used by clients',
  'listed',
  'listed, with session',
];

/** Whether the page and what was verified disagree about a command working on port 4028. */
export function viewsDiffer(row: Pick<MatrixRow, 'printed' | 'verified'>, family: MatrixFamily): boolean {
  const cell = row.printed[family];
  const word = row.verified.families[family];
  return cell !== undefined && word !== undefined && USABLE.has(cell.value) !== PRESENT.includes(word);
}

/** What the page lets one expect of a device; null where it says nothing. */
export function expectedByPage(row: Pick<MatrixRow, 'printed'>, column: MatrixColumn): readonly Presence[] | null {
  const cell = column === 'cgminer' ? undefined : row.printed[column];
  if (cell === undefined) return null;
  return USABLE.has(cell.value) ? ['usable'] : ['denied', 'absent'];
}

/** What the verified view lets one expect of a device; null where it says nothing. */
export function expectedAsVerified(verified: VerifiedCommand, column: MatrixColumn): readonly Presence[] | null {
  if (column === 'cgminer') return ofCgminer(verified.cgminer);
  const word = verified.families[column];
  return word === undefined ? null : EXPECTED[word];
}

/** A caller that may only read is refused what is write-class; whether we are one, only the device knows. */
function ofCgminer(found: CgminerClass | null): readonly Presence[] {
  if (found === null) return ['absent'];
  const there: readonly Presence[] = found.access === 'read' ? ['usable'] : ['usable', 'denied'];
  return found.builds === 'all' ? there : [...there, 'absent'];
}

const EXPECTED: Readonly<Record<VerifiedWord, readonly Presence[]>> = {
  answers: ['usable'],
  denied: ['denied'],
  unknown: ['absent'],
  documented: ['usable'],
  'documented, partly works': ['usable'],
  'used by clients': ['usable'],
  'not documented': ['denied', 'absent'],
  listed: ['usable'],
  'listed, with session': ['usable'],
  'not listed': ['denied', 'absent'],
  acts: ['usable'],
  'acts, not from the LAN': ['usable', 'denied'],
  'acts with session, not from the LAN': ['usable', 'denied'],
  'not supported': ['usable', 'denied'],
  refused: ['usable', 'denied'],
};
