import { oneLine, outputWidth } from './plain-text.ts';

/** A column of a table: its head, whether it may be cut, and on which side its text stands. */
export interface Column<Row> {
  readonly head: string;
  readonly right?: boolean;
  /** Cut with an ellipsis where the table is too wide; all others stay whole. */
  readonly cut?: boolean;
  readonly cell: (row: Row) => string;
}

/** What is left of a column that is cut. */
const LEAST = 8;

/**
 * Rows as aligned text, two blanks between columns, nothing drawn around them.
 * Columns are as wide as their widest cell; where that is more than the width, the widest of those that may be cut gives.
 * @param width in columns; that of the terminal, and 80 of a pipe, if absent
 */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width = outputWidth()): string {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.cell(row))));
  const widths = columns.map((column, i) =>
    Math.max(column.head.length, ...cells.map((line) => lengthOf(line[i] ?? ''))),
  );
  shrink(widths, columns, width);
  const line = (texts: readonly string[]) =>
    columns
      .map(({ right }, i) => {
        const text = cut(texts[i] ?? '', widths[i] ?? 0);
        const blanks = ' '.repeat((widths[i] ?? 0) - lengthOf(text));
        return right ? blanks + text : text + blanks;
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map((column) => column.head)), ...cells.map(line)].map((text) => `${text}\n`).join('');
}

/** Takes from the widest column that may be cut, until all fit or there is nothing left to take. */
function shrink(widths: number[], columns: readonly { cut?: boolean }[], width: number): void {
  let over = widths.reduce((sum, one) => sum + one + 2, -2) - width;
  for (; over > 0; over--) {
    const widest = Math.max(...widths.filter((one, i) => columns[i]?.cut === true && one > LEAST));
    if (!Number.isFinite(widest)) return;
    const place = widths.findIndex((one, i) => columns[i]?.cut === true && one === widest);
    widths[place] = widest - 1;
  }
}

/** In characters: a pair of surrogates is one. */
const lengthOf = (text: string): number => Array.from(text).length;

const cut = (text: string, most: number): string =>
  lengthOf(text) <= most
    ? text
    : `${Array.from(text)
        .slice(0, most - 1)
        .join('')}…`;
