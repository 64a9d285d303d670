import type { Family, FamilySnapshot, Replies, Reply, Source } from '@headframe/model';

/**
 * Which field of which reply each value of a snapshot came from: a second pass over the kept documents, on request.
 *
 * It asks the map itself instead of a table beside it that could drift: each field that the map reads is hidden in turn,
 * the map runs again, and what changed in the snapshot came from that field. A field that decides about many values
 * (whether a hashboard is there) yields to the one that changes the fewest. Costs one run of the map per field read.
 * @returns JSON Pointer of the snapshot -> reply id and JSON Pointer within its document
 */
export function sourcesOf(family: Family, replies: Replies, address: string): Record<string, Source> {
  const touched = new Map<string, Set<string>>();
  const watched = new Map([...replies].map(([name, reply]) => [name, watch(name, reply, touched)]));
  family.map(watched, { address });

  const before = leaves(family.map(replies, { address }));
  const best = new Map<string, { source: Source; changes: number }>();
  for (const [name, fields] of touched) {
    for (const field of fields) {
      const changed = changedBy(family, replies, address, name, field, before);
      for (const pointer of changed) {
        const known = best.get(pointer);
        if (known === undefined || changed.length < known.changes) {
          best.set(pointer, { source: { reply: name, field }, changes: changed.length });
        }
      }
    }
  }
  return Object.fromEntries([...best].sort(([a], [b]) => (a < b ? -1 : 1)).map(([at, { source }]) => [at, source]));
}

function changedBy(
  family: Family,
  replies: Replies,
  address: string,
  name: string,
  field: string,
  before: Map<string, unknown>,
): string[] {
  const reply = replies.get(name);
  if (reply === undefined) return [];
  const hidden = new Map(replies).set(name, { ...reply, doc: without(reply.doc, parts(field)) });
  const after = leaves(family.map(hidden, { address }));
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

/** The same document without one leaf; only the objects on the way are copied. */
function without(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined || value === null || typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === key ? without(item, rest) : item));
  const copy: Record<string, unknown> = { ...value };
  if (rest.length === 0) delete copy[key];
  else copy[key] = without(copy[key], rest);
  return copy;
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
