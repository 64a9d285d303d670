/*
 * A recorded JSON reply in the text form of cgminer's API (protocols.md 1.3): records end with a bar, fields are
 * `key=value` joined by commas, single-record sections begin with their name. Numbers keep the form they were sent in.
 */

/** Sections whose records begin with their index instead of the section's name. */
const LISTS = new Set([
  'DEVS',
  'POOLS',
  'STATS',
  'NOTIFY',
  'DEVDETAILS',
  'EDEVS',
  'ASC',
  'PGA',
  'FANS',
  'TEMPS',
  'PROFILES',
]);
/** What users give is escaped, what the program says is not. */
const USER_FIELDS = new Set(['URL', 'User', 'Password', 'Stratum URL', 'Proxy']);
/** The order of the wire, for recordings that were sorted before they were kept. */
const STATUS_ORDER = ['STATUS', 'When', 'Code', 'Msg', 'Description'];

type Value = string | readonly Value[] | { readonly [key: string]: Value };

/** Null when it is not JSON of the form that the API sends. */
export function asText(json: string): string | null {
  let doc: Value;
  try {
    doc = parseRaw(json);
  } catch {
    return null;
  }
  if (!isRecord(doc)) return null;
  const { STATUS, ...sections } = doc;
  const [status] = Array.isArray(STATUS) ? STATUS : [];
  if (!isRecord(status)) return null;
  const ordered = STATUS_ORDER.filter((key) => Object.hasOwn(status, key)).map(
    (key) => [key, status[key] ?? ''] as const,
  );
  const records = [fields(ordered)];
  for (const [name, list] of Object.entries(sections)) {
    if (!Array.isArray(list)) continue;
    const heading = LISTS.has(name) ? '' : `${name},`;
    for (const record of list) if (isRecord(record)) records.push(heading + fields(Object.entries(record)));
  }
  return records.map((record) => `${record}|`).join('');
}

/** JSON with every number and word as the text that stands in the source. */
function parseRaw(json: string): Value {
  const keep = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' || typeof value === 'boolean' || value === null
      ? (context?.source ?? String(value))
      : value;
  return JSON.parse(json, keep as Parameters<typeof JSON.parse>[1]) as Value;
}

const isRecord = (value: Value | undefined): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && !Array.isArray(value);

const fields = (entries: readonly (readonly [string, Value])[]): string =>
  entries.map(([key, value]) => `${key}=${rendered(key, value)}`).join(',');

function rendered(key: string, value: Value): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return USER_FIELDS.has(key) ? value.replace(/[\\|,=]/g, '\\$&') : value;
}
