const SECRET = /pass|pwd|pw$|secret|token/i;

/**
 * A JSON document without the values that are passwords by the name of their field, for `redact` of a question: several
 * firmwares send the pool passwords in clear with their configuration (protocols.md 2.3).
 */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !SECRET.test(key))
      .map(([key, inner]) => [key, withoutSecrets(inner)]),
  );
}
