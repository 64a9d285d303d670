/** A column of a table: its head, how wide it may grow, and on which side its text stands. */
export interface Column<Row> {
  readonly head: string;
  readonly right?: boolean;
  /** Cut with an ellipsis beyond this many characters. */
  readonly most?: number;
  readonly cell: (row: Row) => string;
}

/**
 * Rows as aligned text, two blanks between columns, nothing drawn around them.
 * Columns are as wide as their widest cell; the caller's limits keep the whole within 80.
 */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map((column) => cut(oneLine(column.cell(row)), column.most)));
  const widths = columns.map((column, i) =>
    Math.max(column.head.length, ...cells.map((line) => (line[i] ?? '').length)),
  );
  const line = (texts: readonly string[]) =>
    columns
      .map((column, i) =>
        column.right ? (texts[i] ?? '').padStart(widths[i] ?? 0) : (texts[i] ?? '').padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(columns.map((column) => column.head)), ...cells.map(line)].map((text) => `${text}\n`).join('');
}

/** Text from a device may hold anything: control characters would reach the terminal. */
export const oneLine = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not pass
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');

const cut = (text: string, most: number | undefined): string =>
  most === undefined || text.length <= most ? text : `${text.slice(0, most - 1)}…`;
