import { describe, expect, test } from 'vitest';
import { type Column, table } from './table.ts';

interface Row {
  readonly name: string;
  readonly rate: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { head: 'name', cut: true, cell: (row) => row.name },
  { head: 'rate', right: true, cell: (row) => row.rate },
];

describe('a table', () => {
  test('aligns text to the left and numbers to the right', () => {
    const rows = [
      { name: 'a', rate: '9.50 TH/s' },
      { name: 'longer', rate: '110.6 TH/s' },
    ];
    expect(table(rows, COLUMNS, 80)).toBe('name          rate\na        9.50 TH/s\nlonger  110.6 TH/s\n');
  });

  test('that is too wide cuts where it may and keeps the rest whole', () => {
    expect(table([{ name: 'x'.repeat(40), rate: '110.6 TH/s' }], COLUMNS, 24)).toBe(
      'name                rate\nxxxxxxxxxxx…  110.6 TH/s\n',
    );
  });

  test('takes from the widest of several columns that may be cut', () => {
    const two: readonly Column<Row>[] = [
      COLUMNS[0] as Column<Row>,
      { head: 'rate', cut: true, cell: (row) => row.rate },
    ];
    const [, line] = table([{ name: 'x'.repeat(40), rate: 'y'.repeat(12) }], two, 34).split('\n');
    expect(line).toBe(`${'x'.repeat(19)}…  ${'y'.repeat(12)}`);
  });

  test('is left too wide rather than cut to nothing', () => {
    const [head] = table([{ name: 'x'.repeat(40), rate: 'y'.repeat(40) }], COLUMNS, 30).split('\n');
    expect(head).toHaveLength(8 + 2 + 40);
  });

  test('never lets a name of a device break its line or reach the terminal as a command', () => {
    const hostile = 'a\u001b[2J\nb\u009b31m\u202ec';
    expect(table([{ name: hostile, rate: '' }], COLUMNS, 80)).toBe('name           rate\na?[2J?b?31m?c\n');
  });
});
