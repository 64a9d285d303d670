/** Splits a parameter at its first comma; a part that is not there or empty is null. */
export function twoParts(parameter: string): [string, string | null] {
  const comma = parameter.indexOf(',');
  if (comma < 0) return [parameter, null];
  const second = parameter.slice(comma + 1);
  return [parameter.slice(0, comma), second === '' ? null : second];
}
