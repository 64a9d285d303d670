const utf8 = new TextEncoder();

/** A text of so many bytes; null: it is none. */
export const text = (value: unknown, least: number, most: number): string | null => {
  if (typeof value !== 'string') return null;
  const length = utf8.encode(value).length;
  return length >= least && length <= most ? value : null;
};

/** A number in a range; null: it is none. A fraction is cut. */
export const number = (value: unknown, least: number, most: number): number | null =>
  typeof value === 'number' && Math.trunc(value) >= least && Math.trunc(value) <= most ? Math.trunc(value) : null;

/** A JSON document from a body; undefined: it is none. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** The keys of a document as cJSON finds them, whatever their case; the first of several wins. */
export function keysOf(value: unknown): Map<string, unknown> {
  const keys = new Map<string, unknown>();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return keys;
  for (const [key, inner] of Object.entries(value)) {
    const lower = key.toLowerCase();
    if (!keys.has(lower)) keys.set(lower, inner);
  }
  return keys;
}
