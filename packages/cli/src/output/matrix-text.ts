import {
  attributionLines,
  type CommandMatrix,
  cgminerText,
  MATRIX_FAMILY_TITLES,
  type MatrixColumn,
  type MatrixFamily,
  type MatrixNeighbour,
  type MatrixRow,
  PRINTED_WORDS,
  VERIFIED_WORDS,
  type VerifiedWord,
} from '@headframe/model/matrix';
import type { CheckedCommand } from '../matrix-check.ts';
import { wrap } from './plain-text.ts';
import { type Column, table } from './table.ts';

/* The command matrix as text of 80 columns. Every form ends with the attribution. */

/** What was verified in one word, for the table of all families. */
const SHORT: Readonly<Record<VerifiedWord, string>> = {
  answers: 'yes',
  denied: '45',
  unknown: '14',
  documented: 'yes',
  'documented, partly works': 'partly',
  'used by clients': 'clients',
  'not documented': 'no',
  listed: 'yes',
  'listed, with session': 'session',
  'not listed': 'no',
  acts: 'acts',
  'acts, not from the LAN': 'acts',
  'acts with session, not from the LAN': 'session',
  'not supported': 'error',
  refused: 'refused',
};

const SHORT_MEANING =
  'yes: documented, listed or answered. 45: refused. 14: no such command. partly: documented as partly working. ' +
  'clients: not documented, used by open-source clients. session: wants a session id. acts: also changes something. ' +
  "error, refused: known, and not done. no: not in the maker's own list.";

const HEADS: Readonly<Record<MatrixFamily, string>> = {
  stock: 'Stock',
  braiins: 'Braiins',
  luxos: 'LuxOS',
  dcent: 'DCENT_OS',
};

const printedOf = ({ printed }: MatrixRow, family: MatrixFamily): string => {
  const cell = printed[family];
  return cell === undefined ? '' : `${cell.value}${cell.inferred ? '*' : ''}`;
};

const verifiedOf = ({ verified }: MatrixRow | MatrixNeighbour, family: MatrixFamily): string =>
  verified.families[family] ?? '';

/** All families: what the page prints, and behind the slash what was verified, in one word. */
export function matrixOverview(matrix: CommandMatrix): string {
  const columns: Column<MatrixRow>[] = [
    { head: 'Command', cell: ({ command }) => command },
    { head: '', cell: ({ access }) => (access === 'read' ? 'R' : 'C') },
    ...matrix.families.map((family) => ({
      head: HEADS[family],
      cell: (row: MatrixRow) => {
        const word = row.verified.families[family];
        return word === undefined ? printedOf(row, family) : `${printedOf(row, family)}/${SHORT[word]}`;
      },
    })),
  ];
  return [
    table(matrix.commands, columns),
    '\n',
    wrap('R: reads, C: controls. Then the word that the page prints, a slash, and what was verified on port 4028.', ''),
    wrap(`Printed: ${glossary(PRINTED_WORDS)}`, ''),
    wrap('A star marks a printed cell that had to be inferred.', ''),
    wrap(`Verified: ${SHORT_MEANING}`, ''),
    notes(matrix),
    foot(matrix),
  ].join('');
}

/** One family: both views in full words. */
export function matrixOfFamily(matrix: CommandMatrix, family: MatrixFamily): string {
  const columns: readonly Column<MatrixRow>[] = [
    { head: 'Command', cell: ({ command }) => command },
    { head: 'Access', cell: ({ access }) => access },
    { head: 'Printed', cell: (row) => printedOf(row, family) },
    { head: 'Verified', cell: (row) => verifiedOf(row, family) },
    { head: '', cell: ({ differs }) => (differs.includes(family) ? 'differs' : '') },
  ];
  return [
    `${MATRIX_FAMILY_TITLES[family]}\n\n`,
    table(matrix.commands, columns),
    '\n',
    wrap(`Printed: ${glossary(PRINTED_WORDS)}`, ''),
    wrap('A star marks a printed cell that had to be inferred.', ''),
    wrap(`Verified: ${glossary(VERIFIED_WORDS[family])}`, ''),
    notes(matrix),
    foot(matrix),
  ].join('');
}

/** Everything about one command. */
export function matrixCard(matrix: CommandMatrix): string {
  const cards = [
    ...matrix.commands.map((row) => rowCard(row, matrix.families)),
    ...matrix.neighbours.map(neighbourCard),
  ];
  return `${cards.join('\n')}${foot(matrix)}`;
}

function rowCard(row: MatrixRow, families: readonly MatrixFamily[]): string {
  const { command, params, access, category, description, mark, verified, differs, calls, citation } = row;
  const facts: readonly (readonly [string, string])[] = [
    ['Does', description],
    ['Parameter', params],
    ['Access', `${access}, ${category}${mark === null ? '' : `, ${MARK_WORDS[mark]}`}`],
    ...families.map((family): readonly [string, string] => [
      MATRIX_FAMILY_TITLES[family],
      `printed: ${printedOf(row, family)}; verified: ${verifiedOf(row, family)}${differs.includes(family) ? ' (differs)' : ''}`,
    ]),
    ['cgminer 4.11.1', cgminerText(verified.cgminer)],
    ...verified.remarks.map((remark): readonly [string, string] => ['Remark', remark]),
    ['Stock CGI', calls.antminerCgi ?? 'none'],
    ['Braiins gRPC', calls.braiinsGrpc ?? 'none'],
    ['Of the calls', calls.note],
    ['Source', citation],
  ];
  return `${command}\n\n${facts.map(factLines).join('')}`;
}

const MARK_WORDS = { 'legacy-fpga': 'legacy: builds with an FPGA driver only', placeholder: 'a placeholder' } as const;

function neighbourCard({ command, verified }: MatrixNeighbour): string {
  const words = Object.entries(verified.families).map(([family, word]) => [
    MATRIX_FAMILY_TITLES[family as MatrixFamily],
    `verified: ${word}`,
  ]);
  const facts = [['Printed', 'not on the page'], ...words, ['cgminer 4.11.1', cgminerText(verified.cgminer)]];
  return `${command}\n\n${facts.map(([name = '', value = '']) => factLines([name, value])).join('')}`;
}

const factLines = ([name, value]: readonly [string, string]): string =>
  value === '' ? '' : wrap(value, name.padEnd(17), ' '.repeat(17));

/** Where a device differs from the views, those that differ from both first, and how many agree. */
export function matrixReport(
  checked: readonly CheckedCommand[],
  { address, column, matrix }: { address: string; column: MatrixColumn; matrix: CommandMatrix },
): string {
  const differing = checked
    .filter(({ differsFromPage, differsFromVerified }) => differsFromPage || differsFromVerified)
    .sort((a, b) => rank(a) - rank(b));
  const untold = checked.filter(({ observed }) => observed === null);
  const held =
    column === 'cgminer'
      ? 'The page has no column for this machine: it is held to the real cgminer 4.11.1.'
      : `Held to the column of ${MATRIX_FAMILY_TITLES[column]}.`;
  const parts = [
    wrap(
      `${address}: ${checked.filter(({ asked }) => asked === 'run').length} commands were run, all of them reads; ${checked.filter(({ asked }) => asked === 'check').length} were asked after with check. ${held}`,
      '',
    ),
    '\n',
    differing.length === 0 ? 'It differs from neither view.\n' : table(differing, REPORT),
    '\n',
    wrap(`${checked.length - differing.length - untold.length} of ${checked.length} are as expected.`, ''),
    ...untoldLines(untold),
    foot(matrix),
  ];
  return parts.join('');
}

const REPORT: readonly Column<CheckedCommand>[] = [
  { head: 'Command', cell: ({ command }) => command },
  { head: 'The device', cell: deviceText },
  { head: 'Printed', cell: ({ printed }) => printed ?? '' },
  { head: 'Verified', cut: true, cell: ({ verified }) => verified },
  {
    head: 'Differs from',
    cell: (one) => ['both', 'the page', 'verified'][rank(one)] ?? '',
  },
];

const rank = ({ differsFromPage, differsFromVerified }: CheckedCommand): number =>
  differsFromPage && differsFromVerified ? 0 : differsFromPage ? 1 : 2;

function deviceText({ asked, observed }: CheckedCommand): string {
  if (observed === 'absent') return 'unknown (14)';
  if (observed === 'denied') return 'denied (45)';
  return asked === 'run' ? 'answers' : 'has it';
}

/** The commands of which the device does not tell, by the reason. */
function untoldLines(untold: readonly CheckedCommand[]): string[] {
  const byReason = Map.groupBy(untold, ({ error, why }) => error?.code ?? why ?? 'it does not say');
  return [...byReason].map(([reason, them]) =>
    wrap(`Not known of ${them.length} (${reason}): ${them.map(({ command }) => command).join(', ')}.`, ''),
  );
}

const glossary = (words: Readonly<Record<string, string>>): string =>
  `${Object.entries(words)
    .map(([word, meaning]) => `${word}: ${meaning}`)
    .join('. ')}.`;

const notes = (matrix: CommandMatrix): string => `\n${matrix.notes.map((note) => wrap(note, '- ', '  ')).join('')}`;

const foot = ({ attribution }: CommandMatrix): string =>
  `\n${attributionLines(attribution)
    .map((line) => wrap(line, ''))
    .join('')}`;
