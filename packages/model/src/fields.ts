import type { TSchema } from 'typebox';
import { LABELS } from './labels.ts';
import { metaOf, type Unit } from './quantity.ts';
import { SnapshotSchema } from './snapshot.ts';

/**
 * What the snapshot's schema says of its fields, as a flat list: table columns, metric names and the reference
 * all come from here, so that a field is declared once.
 */
export interface FieldInfo {
  /** JSON Pointer, with a star for every element of an array or record: the hashboards' own fields have one. */
  readonly pointer: string;
  /** Catalogue key of the label: `hashboard.tempC`. */
  readonly key: string;
  /** Head of a column: `Board temp`. */
  readonly label: string;
  /** What it is, as a part of a sentence. */
  readonly help: string;
  readonly type: FieldType;
  /** The values that a `choice` can have. */
  readonly choices: readonly string[];
  /** Whether the value can be null: not exposed by the machine, or a gap. */
  readonly nullable: boolean;
  readonly unit: Unit | null;
  /** Full name of the metric, with its prefix; null where there is none. */
  readonly metric: string | null;
  /** Counters only grow between two restarts of the machine. */
  readonly counter: boolean;
}

export type FieldType = 'number' | 'integer' | 'text' | 'boolean' | 'choice' | 'list' | 'record';

export const METRIC_PREFIX = 'headframe_';

let fields: readonly FieldInfo[] | undefined;

/** Every field of the snapshot in the order of the schema: lists and records first, then what is in them. */
export function snapshotFields(): readonly FieldInfo[] {
  fields ??= [...walk(SnapshotSchema as unknown as Node, '')];
  return fields;
}

/** JSON Schema as far as the snapshot uses it. */
interface Node {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly patternProperties?: Readonly<Record<string, Node>>;
  readonly anyOf?: readonly Node[];
  readonly enum?: readonly string[];
  readonly const?: unknown;
}

function* walk(node: Node, pointer: string): Generator<FieldInfo> {
  const field = fieldOf(node, pointer);
  if (field !== null) yield field;
  for (const kind of node.anyOf ?? [node]) {
    for (const [name, inner] of Object.entries(kind.properties ?? {})) yield* walk(inner, `${pointer}/${name}`);
    for (const inner of Object.values(kind.patternProperties ?? {})) yield* walk(inner, `${pointer}/*`);
    if (kind.items !== undefined) yield* walk(kind.items, `${pointer}/*`);
  }
}

function fieldOf(node: Node, pointer: string): FieldInfo | null {
  const meta = metaOf(node as TSchema);
  if (meta === undefined) return null;
  const kinds = node.anyOf ?? [node];
  const choices = kinds.flatMap((kind) => kind.enum ?? (kind.const === undefined ? [] : [String(kind.const)]));
  return {
    pointer,
    key: meta.label,
    label: LABELS[meta.label]?.head ?? meta.label,
    help: LABELS[meta.label]?.help ?? meta.label,
    type: typeOf(kinds, choices),
    choices,
    nullable: kinds.some((kind) => kind.type === 'null'),
    unit: meta.unit ?? null,
    metric: meta.metric === undefined ? null : METRIC_PREFIX + meta.metric,
    counter: meta.counter ?? false,
  };
}

const TYPES: Readonly<Record<string, FieldType>> = {
  number: 'number',
  integer: 'integer',
  string: 'text',
  boolean: 'boolean',
  array: 'list',
  object: 'record',
};

function typeOf(kinds: readonly Node[], choices: readonly string[]): FieldType {
  if (choices.length > 0) return 'choice';
  const type = kinds.find((kind) => kind.type !== 'null')?.type;
  return TYPES[type ?? 'string'] ?? 'text';
}
