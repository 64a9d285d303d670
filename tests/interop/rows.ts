import type { Exchange } from './machines.ts';
import type { PeerName } from './peer-process.ts';
import { agree, FIELDS, type Field, fieldsOf, isEmpty, type Reading, type Value } from './readings.ts';

/** One line of the table: an operation on a machine, what the peer got from it, and what we did. */
export interface Row {
  readonly peer: PeerName;
  /** `antminer/s9`. */
  readonly machine: string;
  readonly operation: 'identify' | 'read' | 'ask' | 'control' | 'call';
  /** A {@link Field}, or the name of an action. */
  readonly what: string;
  readonly title: string;
  readonly theirs: Value;
  readonly ours: Value;
  /** `neither`: both are silent. `unsupported`: the peer has nothing for machines of this kind, and no word on them. */
  readonly verdict: 'equal' | 'unequal' | 'neither' | 'unsupported';
  /** Of a control: it did not come out right with us, whatever the peer did. */
  readonly weFailed?: true;
  /** What the peer and we said to the machine for it. */
  readonly exchanges: { readonly peer: readonly Exchange[]; readonly ours: readonly Exchange[] };
}

type Head = Pick<Row, 'peer' | 'machine' | 'operation' | 'exchanges'>;

/** A row per field that the peer has. */
export function rowsOf(head: Head, theirs: Reading, ours: Reading): Row[] {
  return fieldsOf(theirs).map((field: Field) => {
    const [a = null, b = null] = [theirs[field], ours[field]];
    const verdict = isEmpty(a) && isEmpty(b) ? 'neither' : agree(field, a, b) ? 'equal' : 'unequal';
    return { ...head, what: field, title: FIELDS[field].title, theirs: a, ours: b, verdict };
  });
}
