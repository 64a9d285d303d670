import type { ErrorSummary, Gap, GapReason, Snapshot } from './snapshot.ts';

/** What a snapshot says about one path: a value, not exposed by this device, or a gap with its reason. */
export type Reading<T = unknown> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'not-exposed' }
  | { readonly kind: 'gap'; readonly reason: GapReason; readonly error: ErrorSummary | null };

/**
 * What a snapshot says about one of its paths.
 * @param pointer JSON Pointer (RFC 6901) such as `/hashrate/currentHs` or `/hashboards/0/tempC`
 */
export function reading<T = unknown>(snapshot: Snapshot, pointer: string): Reading<T> {
  const value = valueAt(snapshot, pointer);
  const empty = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
  // A state that is `unknown` because its reply is missing is a gap; one that the machine leaves open is a value.
  if (!empty && value !== 'unknown') return { kind: 'value', value: value as T };
  const gap = gapAt(snapshot.gaps, pointer);
  if (gap !== undefined) return { kind: 'gap', reason: gap.reason, error: gap.error };
  return empty ? { kind: 'not-exposed' } : { kind: 'value', value: value as T };
}

/** The value under a JSON Pointer, undefined where the path leads nowhere. */
export function valueAt(root: unknown, pointer: string): unknown {
  let at: unknown = root;
  for (const part of pointer.split('/').slice(1)) {
    if (at === null || typeof at !== 'object') return undefined;
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    at = Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined;
  }
  return at;
}

/** A gap covers its path and everything below it: a gap on `/pools` is one on `/pools/0/url`. */
function gapAt(gaps: readonly Gap[], pointer: string): Gap | undefined {
  return gaps.find((gap) => pointer === gap.path || pointer.startsWith(`${gap.path}/`));
}
