import type { JudgedRow, Judgement } from './judge.ts';
import type { Exchange } from './machines.ts';
import type { Value } from './readings.ts';

/* The table for a person: every row, then why the unequal ones are, with the bytes, then the sums. */

const WIDTHS = { what: 24, peer: 10, value: 46 } as const;

export function tableOf(rows: readonly JudgedRow[]): string[] {
  const machines = [...new Set(rows.map(({ machine }) => machine))];
  return machines.flatMap((machine) => [
    '',
    `== ${machine}`,
    line('operation', 'what', 'peer', "the peer's value", 'ours', 'equal'),
    ...rows
      .filter((row) => row.machine === machine && row.verdict !== 'neither')
      .map((row) => line(row.operation, row.title, row.peer, shown(row.theirs), shown(row.ours), verdictOf(row))),
  ]);
}

const line = (operation: string, what: string, peer: string, theirs: string, ours: string, verdict: string) =>
  [
    operation.padEnd(9),
    what.padEnd(WIDTHS.what),
    peer.padEnd(WIDTHS.peer),
    theirs.padEnd(WIDTHS.value),
    ours.padEnd(WIDTHS.value),
    verdict,
  ].join(' ');

function verdictOf({ verdict, explanation, cited }: JudgedRow): string {
  if (verdict === 'equal') return 'yes';
  if (verdict === 'unsupported') return 'not supported';
  return explanation === null || cited === null ? 'NO, NOT EXPLAINED' : `no (${explanation.kind})`;
}

export function shown(value: Value): string {
  const text = Array.isArray(value) ? `[${value.map((one) => shown(one as Value)).join(', ')}]` : plain(value);
  const count = Array.isArray(value) && value.length > 4 ? ` (${value.length})` : '';
  return text.length + count.length <= WIDTHS.value
    ? text
    : `${text.slice(0, WIDTHS.value - 2 - count.length)}..${count}`;
}

const plain = (value: Value): string =>
  value === null ? '-' : typeof value === 'number' ? String(Number(value.toPrecision(10))) : String(value);

/** Each explanation once, with the machines and fields that it stands for and bytes of one of them. */
export function reasonsOf(rows: readonly JudgedRow[]): string[] {
  const byReason = Map.groupBy(
    rows.filter(({ explanation }) => explanation !== null),
    ({ explanation }) => explanation,
  );
  return [...byReason].flatMap(([explanation, of]) => {
    if (explanation === null) return [];
    const { cite, kind, why, paragraph, peers } = explanation;
    const [first] = of;
    return [
      '',
      `${peers.join(' and ')} (${kind}): ${why}. [protocols.md ${paragraph}]`,
      `  machines  ${[...new Set(of.map(({ machine }) => machine))].join(', ')}`,
      `  rows      ${[...new Set(of.map(({ title }) => title))].join('; ')}`,
      ...(first?.cited ? bytesOf(first.cited, cite.reply, cite.by === 'peer' ? 'asks' : 'is not asked; we ask') : []),
    ];
  });
}

/** What stands around the words that matter. */
const AROUND = 90;

function bytesOf({ port, request, reply }: Exchange, words: string, who: string): string[] {
  const at = reply.indexOf(words);
  const [from, to] = [Math.max(0, at - AROUND), Math.min(reply.length, at + words.length + AROUND)];
  const cut = `${from > 0 ? '...' : ''}${escaped(reply.slice(from, to))}${to < reply.length ? '...' : ''}`;
  return [
    `  ${who} :${port} ${escaped(request).slice(0, 200)}`,
    `  reply (bytes ${from} to ${to} of ${reply.length}): ${cut}`,
  ];
}

/** Bytes as one line of text. */
const escaped = (bytes: string): string => JSON.stringify(bytes).slice(1, -1).replaceAll('\\"', '"');

/** Everything that was said for rows that nobody explained. */
export function evidenceOf(rows: readonly JudgedRow[]): string[] {
  const open = rows.filter((row) => row.verdict === 'unequal' && (row.explanation === null || row.cited === null));
  return open.flatMap((row) => [
    '',
    `NOT EXPLAINED: ${row.machine} ${row.title}, ${row.peer}: ${shown(row.theirs)}, ours: ${shown(row.ours)}`,
    ...(['peer', 'ours'] as const).flatMap((who) =>
      row.exchanges[who].map(
        ({ port, request, reply }) =>
          `  ${who} :${port} ${escaped(request).slice(0, 160)} -> ${escaped(reply).slice(0, 240)} (${reply.length} bytes)`,
      ),
    ),
  ]);
}

/** Family x operation, with how many rows of each kind. */
export function sumsOf(rows: readonly JudgedRow[]): string[] {
  const groups = Map.groupBy(rows, ({ machine, operation, peer }) => `${machine.split('/')[0]} ${operation} ${peer}`);
  return [
    '',
    `${'family'.padEnd(11)}${'operation'.padEnd(11)}${'peer'.padEnd(12)}equal  explained  not explained  both silent  not supported`,
    ...[...groups].map(([name, of]) => {
      const [family = '', operation = '', peer = ''] = name.split(' ');
      const count = (fits: (row: JudgedRow) => boolean) => of.filter(fits).length;
      const explained = count((row) => row.verdict === 'unequal' && row.cited !== null);
      const unequal = count((row) => row.verdict === 'unequal');
      return (
        family.padEnd(11) +
        operation.padEnd(11) +
        peer.padEnd(12) +
        String(count((row) => row.verdict === 'equal')).padEnd(7) +
        String(explained).padEnd(11) +
        String(unequal - explained).padEnd(15) +
        String(count((row) => row.verdict === 'neither')).padEnd(13) +
        String(count((row) => row.verdict === 'unsupported'))
      );
    }),
  ];
}

/** The plain closing line: rows, failures beside them, and machines that a peer has nothing for. */
export const closingLine = ({ rows, failures }: Judgement): string => {
  const good = rows.filter(({ verdict, cited }) => verdict === 'equal' || cited !== null).length;
  const skipped = rows.filter(({ verdict }) => verdict === 'unsupported').length;
  return `${good} passed, ${failures.length} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
};
