import type { MatrixFamily, MatrixRow } from '@headframe/model/matrix';

/** What stands behind the question mark on the page of the commands. */
export interface MatrixSearch {
  find?: string | undefined;
  family?: MatrixFamily | undefined;
  /** Only rows of which the two views disagree. */
  differing?: true | undefined;
}

export const FAMILIES: readonly MatrixFamily[] = ['stock', 'braiins', 'luxos', 'dcent'];

/** Anything may stand there: what does not fit is left out. */
export function parseMatrixSearch({ find, family, differing }: Record<string, unknown>): MatrixSearch {
  return {
    ...(typeof find === 'string' || typeof find === 'number' ? { find: String(find) } : {}),
    ...(FAMILIES.includes(family as MatrixFamily) ? { family: family as MatrixFamily } : {}),
    ...(differing === true ? { differing } : {}),
  };
}

/** The rows that fit: every word must be somewhere in what the row says of the families that are shown. */
export function filterCommands(
  rows: readonly MatrixRow[],
  { find = '', differing }: MatrixSearch,
  families: readonly MatrixFamily[],
): MatrixRow[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) =>
      (differing !== true || row.differs.some((family) => families.includes(family))) && fits(row, words, families),
  );
}

function fits(row: MatrixRow, words: readonly string[], families: readonly MatrixFamily[]): boolean {
  const { command, params, access, category, description, calls, verified } = row;
  const cells = families.flatMap((family) => [row.printed[family]?.value, verified.families[family]]);
  const texts = [command, params, access, category, description, calls.antminerCgi, calls.braiinsGrpc, ...cells];
  const all = texts.join(' ').toLowerCase();
  return words.every((word) => all.includes(word));
}
