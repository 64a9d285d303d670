/*
 * Whether a simulated reply has the form of a real one: the same keys, the same types, the same way to print numbers.
 * Values are never compared.
 */

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** Paths that only one of the two has, or where their types differ. Every simulated element of an array is looked at. */
export function shapeDifferences(simulated: unknown, real: unknown, at = ''): string[] {
  if (kindOf(simulated) !== kindOf(real)) return [`${at}: ${kindOf(simulated)}, real ${kindOf(real)}`];
  if (Array.isArray(simulated) && Array.isArray(real)) {
    if (simulated.length === 0 || real.length === 0) return [`${at}: an empty array proves nothing`];
    return simulated.flatMap((item, i) => shapeDifferences(item, real[Math.min(i, real.length - 1)], `${at}[${i}]`));
  }
  if (kindOf(simulated) !== 'object') return [];
  const ours = simulated as Record<string, unknown>;
  const theirs = real as Record<string, unknown>;
  return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((key) => {
    if (!Object.hasOwn(theirs, key)) return [`${at}.${key}: only simulated`];
    if (!Object.hasOwn(ours, key)) return [`${at}.${key}: only real`];
    return shapeDifferences(ours[key], theirs[key], `${at}.${key}`);
  });
}

/** How many decimals the numbers of each key are printed with, in the text of a reply. `0E-8` counts as eight. */
export function decimalsOf(json: string): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const [, key = '', , fraction, exponent] of json.matchAll(
    /"([^"\\]+)":\s*(-?\d+(?:\.(\d+))?(?:E-(\d+))?)[,}\s]/g,
  )) {
    const decimals = exponent === undefined ? (fraction?.length ?? 0) : Number(exponent);
    found.set(key, (found.get(key) ?? new Set()).add(decimals));
  }
  return found;
}

/** The keys of every object of a document, in their order, by path without indices. */
export function keyOrders(value: unknown, at = '', found = new Map<string, string[]>()): Map<string, string[]> {
  if (Array.isArray(value)) for (const item of value) keyOrders(item, at, found);
  else if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    if (!found.has(at)) found.set(at, keys);
    for (const [key, inner] of Object.entries(value)) keyOrders(inner, `${at}.${key}`, found);
  }
  return found;
}
