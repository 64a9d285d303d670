import type { Family, FamilySnapshot, Replies, Reply, Source } from '@headframe/model';

/**
 * Which field of which reply each value of a snapshot came from: a second pass over the kept documents, on request.
 *
 * It asks the map itself instead of a table beside it that could drift: each field that the map reads is given another
 * value in turn, the map runs again, and what changed in the snapshot came from that field. Another value first, because
 * a map that finds the same reading in a second place would not show by a missing field that it took it from the first;
 * then each field is hidden, for what only depends on its being there (a state, a label). A field that decides about
 * many values yields to the one that changes the fewest. Costs two runs of the map per field read.
 * @returns JSON Pointer of the snapshot -> reply id and JSON Pointer within its document
 */
export function sourcesOf(family: Family, replies: Replies, address: string): Record<string, Source> {
  const touched = new Map<string, Set<string>>();
  const watched = new Map([...replies].map(([name, reply]) => [name, watch(name, reply, touched)]));
  family.map(watched, { address });

  const before = leaves(family.map(replies, { address }));
  const sources = new Map<string, Source>();
  for (const edit of [another, () => undefined]) {
    const best = new Map<string, { source: Source; changes: number }>();
    for (const [name, fields] of touched) {
      for (const field of fields) {
        const changed = changedBy(family, replies, address, name, field, before, edit);
        for (const pointer of changed) {
          const known = best.get(pointer);
          if (known === undefined || changed.length < known.changes) {
            best.set(pointer, { source: { reply: name, field }, changes: changed.length });
          }
        }
      }
    }
    for (const [pointer, { source }] of best) if (!sources.has(pointer)) sources.set(pointer, source);
  }
  return Object.fromEntries([...sources].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What takes the place of a leaf; undefined takes it away. */
type Edit = (leaf: unknown) => unknown;

function changedBy(
  family: Family,
  replies: Replies,
  address: string,
  name: string,
  field: string,
  before: Map<string, unknown>,
  edit: Edit,
): string[] {
  const reply = replies.get(name);
  if (reply === undefined) return [];
  const edited = new Map(replies).set(name, { ...reply, doc: editedAt(reply.doc, parts(field), edit) });
  const after = leaves(family.map(edited, { address }));
  return [...before].filter(([pointer, value]) => value !== null && after.get(pointer) !== value).map(([p]) => p);
}

/** A reply whose document notes every leaf that is read. */
function watch(name: string, reply: Reply, touched: Map<string, Set<string>>): Reply {
  const note = (pointer: string) => {
    const fields = touched.get(name) ?? new Set();
    touched.set(name, fields.add(pointer));
  };
  const wrap = (value: unknown, pointer: string): unknown => {
    if (value === null || typeof value !== 'object') return value;
    return new Proxy(value, {
      get(target, key, receiver) {
        const inner = Reflect.get(target, key, receiver) as unknown;
        if (typeof key !== 'string' || !Object.hasOwn(target, key) || (Array.isArray(target) && key === 'length')) {
          return inner;
        }
        const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        if (inner === null || typeof inner !== 'object') note(at);
        return wrap(inner, at);
      },
    });
  };
  return { ...reply, doc: wrap(reply.doc, '') };
}

const parts = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The same document with one leaf edited; only the objects on the way are copied. */
function editedAt(value: unknown, path: readonly string[], edit: Edit): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return edit(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === key ? editedAt(item, rest, edit) : item));
  const copy: Record<string, unknown> = { ...value };
  const inner = editedAt(copy[key], rest, edit);
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}

/** Another value of the same form: a time stays a time, a list of temperatures one, a map of chips gets two more. */
function another(leaf: unknown): unknown {
  if (typeof leaf === 'number') return leaf + 1 === leaf ? leaf * 1.5 : leaf + 1;
  if (typeof leaf === 'boolean') return !leaf;
  if (typeof leaf !== 'string') return leaf;
  return /\d/.test(leaf) ? leaf.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10)) : `o${leaf}o`;
}

function leaves(snapshot: FamilySnapshot): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (value: unknown, pointer: string) => {
    if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) walk(inner, `${pointer}/${key}`);
    } else found.set(pointer, value);
  };
  walk(snapshot, '');
  return found;
}
