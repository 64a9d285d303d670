import { type FieldInfo, snapshotFields } from './fields.ts';
import type { Snapshot } from './snapshot.ts';

/** A metric, as Prometheus wants it described: once, however many machines have it. */
export interface MetricKind {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
}

/** One value of one machine. Labels that say which machine are added by who knows it. */
export interface Metric extends MetricKind {
  /** `{ hashboard: '0' }`, `{ fan: '3' }`, `{ pool: '1' }`, or none. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Every metric there is, in the order of the schema, with the label that its samples carry. */
export function metricKinds(): readonly (MetricKind & { readonly label: string | null })[] {
  const { own, lists } = thePlan();
  return [
    ...own.map(({ kind }) => ({ ...kind, label: null })),
    ...lists.flatMap((list) => list.values.map(({ kind }) => ({ ...kind, label: list.label }))),
  ];
}

/**
 * The metrics of a snapshot. What is not known has no sample at all: silence never looks like zero.
 * @returns part by part of the machine; a Prometheus page has to group them by name
 */
export function metricsOf(snapshot: Snapshot): Metric[] {
  const { own, lists } = thePlan();
  const found: Metric[] = [];
  collect(found, snapshot, own, NO_LABELS);
  for (const list of lists) {
    const items = at(snapshot, list.path);
    if (!Array.isArray(items)) continue;
    for (const item of items) collect(found, item, list.values, { [list.label]: String(at(item, list.id)) });
  }
  return found;
}

const NO_LABELS = {};

interface Value {
  readonly path: readonly string[];
  readonly kind: MetricKind;
}

interface List {
  readonly path: readonly string[];
  /** Name of the label, and where its value is in an element. */
  readonly label: string;
  readonly id: readonly string[];
  readonly values: readonly Value[];
}

interface Plan {
  readonly own: readonly Value[];
  readonly lists: readonly List[];
}

let plan: Plan | undefined;

/** Worked out from the schema once: a poll of a thousand machines only follows it. */
function thePlan(): Plan {
  plan ??= makePlan(snapshotFields());
  return plan;
}

function makePlan(fields: readonly FieldInfo[]): Plan {
  const own: Value[] = [];
  const lists = new Map<string, { path: string[]; label: string; id: string[]; values: Value[] }>();
  for (const field of fields) {
    if (field.metric === null) continue;
    const [head = '', inner] = field.pointer.split('/*');
    if (inner === undefined) own.push(readingOf(field, head, field.metric));
    else {
      const list = lists.get(head) ?? { path: keys(head), label: '', id: idOf(fields, head), values: [] };
      list.label = field.key.split('.')[0] ?? '';
      list.values.push(readingOf(field, inner, field.metric));
      lists.set(head, list);
    }
  }
  return { own, lists: [...lists.values()] };
}

const keys = (pointer: string): string[] => pointer.split('/').slice(1);

function readingOf(field: FieldInfo, pointer: string, name: string): Value {
  const hasUnit = field.unit !== null && field.unit !== 'count' && field.unit !== 'difficulty';
  const help = hasUnit ? `${field.help}, in ${field.unit}` : field.help;
  return { path: keys(pointer), kind: { name, help, type: field.counter ? 'counter' : 'gauge' } };
}

/** What an element is known by: its slot or index. */
const idOf = (fields: readonly FieldInfo[], list: string): string[] =>
  fields.some((field) => field.pointer === `${list}/*/slot`) ? ['slot'] : ['index'];

function collect(
  into: Metric[],
  record: unknown,
  values: readonly Value[],
  labels: Readonly<Record<string, string>>,
): void {
  for (const { path, kind } of values) {
    const value = at(record, path);
    if (typeof value === 'number') into.push({ name: kind.name, help: kind.help, type: kind.type, labels, value });
  }
}

function at(record: unknown, path: readonly string[]): unknown {
  let found = record;
  for (const key of path) {
    if (found === null || typeof found !== 'object') return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
