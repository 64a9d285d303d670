import type { Citation, Explanation } from './explanation.ts';
import type { Exchange } from './machines.ts';
import type { Row } from './rows.ts';

/** A row with what is known of it. */
export interface JudgedRow extends Row {
  /** Set where they differ and it is known why. */
  readonly explanation: Explanation | null;
  /** The exchange that the explanation cites; null: it is not there, and the explanation proves nothing. */
  readonly cited: Exchange | null;
}

export interface Judgement {
  readonly rows: readonly JudgedRow[];
  /** What makes the suite fail, in words. */
  readonly failures: readonly string[];
}

/**
 * Holds the rows against the explanations: every difference needs one, and every one must hold for each machine, peer
 * and field that it names.
 * @param ran machines that were looked at: what is said of others is not judged
 */
export function judge(rows: readonly Row[], explanations: readonly Explanation[], ran: ReadonlySet<string>): Judgement {
  const failures: string[] = [];
  const judged = rows.map((row): JudgedRow => {
    const fitting = explanations.filter((one) => covers(one, row));
    if (fitting.length > 1) failures.push(`${nameOf(row)}: ${fitting.length} explanations for one row`);
    const [explanation = null] = fitting;
    if (row.verdict !== 'unequal') return { ...row, explanation: null, cited: null };
    // What is known of the peer is no excuse for us.
    if (row.weFailed) failures.push(`${nameOf(row)}: it did not come out right with us: ${row.ours}`);
    if (explanation === null) failures.push(`${nameOf(row)}: not explained`);
    const cited = explanation === null ? null : find(explanation.cite, row);
    if (explanation !== null && cited === null) {
      failures.push(`${nameOf(row)}: what its explanation cites was not said (${JSON.stringify(explanation.cite)})`);
    }
    return { ...row, explanation, cited };
  });
  return { rows: judged, failures: [...failures, ...stale(judged, explanations, ran)] };
}

const key = (peer: string, machine: string, what: string) => `${machine} ${what} ${peer}`;
const nameOf = ({ peer, machine, what }: Row) => key(peer, machine, what);

const covers = ({ peers, machines, fields }: Explanation, { peer, machine, what }: Row): boolean =>
  peers.includes(peer) && machines.includes(machine) && (fields as readonly string[]).includes(what);

function stale(rows: readonly JudgedRow[], explanations: readonly Explanation[], ran: ReadonlySet<string>): string[] {
  const open = new Set(rows.filter(({ verdict }) => verdict === 'unequal').map(nameOf));
  return explanations.flatMap(({ peers, machines, fields }) =>
    peers.flatMap((peer) =>
      machines
        .filter((machine) => ran.has(machine))
        .flatMap((machine) => fields.map((field) => key(peer, machine, field)))
        .filter((name) => !open.has(name))
        .map((name) => `${name}: explained, but there is no difference any more`),
    ),
  );
}

const find = ({ by, request, reply }: Citation, { exchanges }: Row): Exchange | null =>
  exchanges[by].find((one) => one.request.includes(request) && one.reply.includes(reply)) ?? null;
