import { attributionLines } from './attribution.ts';
import type { CgminerClass, CommandMatrix, MatrixFamily, MatrixRow } from './types.ts';

/*
 * The matrix as files. Whatever the form, publisher, licence and the fact of changes are in it.
 */

/**
 * CSV (RFC 4180, lines end with LF) with the attribution as comment lines (`#`) before the head. The neighbours of the
 * page's commands are in the JSON form only.
 */
export function matrixAsCsv(matrix: CommandMatrix): string {
  const columns: readonly (readonly [string, (row: MatrixRow) => string])[] = [
    ['command', ({ command }) => command],
    ['params', ({ params }) => params],
    ['access', ({ access }) => access],
    ['category', ({ category }) => category],
    ['description', ({ description }) => description],
    ['mark', ({ mark }) => mark ?? ''],
    ...matrix.families.flatMap(familyColumns),
    ['cgminer_verified', ({ verified }) => cgminerText(verified.cgminer)],
    ['remark', ({ verified }) => verified.remarks.join('; ')],
    ['antminer_cgi', ({ calls }) => calls.antminerCgi ?? 'none'],
    ['braiins_grpc', ({ calls }) => calls.braiinsGrpc ?? 'none'],
    ['calls_note', ({ calls }) => calls.note],
    ['citation', ({ citation }) => citation],
  ];
  const head = [...attributionLines(matrix.attribution), ...matrix.notes].map((text) => `# ${text}\n`);
  const lines = matrix.commands.map((row) => columns.map(([, cell]) => quoted(cell(row))).join(','));
  return [...head, `${columns.map(([name]) => name).join(',')}\n`, ...lines.map((line) => `${line}\n`)].join('');
}

function familyColumns(family: MatrixFamily) {
  return [
    [`${family}_printed`, ({ printed }: MatrixRow) => printed[family]?.value ?? ''],
    [`${family}_inferred`, ({ printed }: MatrixRow) => (printed[family]?.inferred === true ? 'inferred' : '')],
    [`${family}_verified`, ({ verified }: MatrixRow) => verified.families[family] ?? ''],
    [`${family}_differs`, ({ differs }: MatrixRow) => (differs.includes(family) ? 'differs' : '')],
  ] as const;
}

/** JSON, the attribution first. */
export const matrixAsJson = (matrix: CommandMatrix): string => `${JSON.stringify(matrix, null, 2)}\n`;

/** How the real cgminer takes a command, in words. */
export function cgminerText(found: CgminerClass | null): string {
  if (found === null) return 'unknown';
  const { access, joinable, builds } = found;
  const parts = [access, joinable ? 'joins' : '', builds === 'all' ? '' : `${builds.toUpperCase()} builds`];
  return parts.filter((part) => part !== '').join(', ');
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
