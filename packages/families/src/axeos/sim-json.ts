/*
 * JSON as cJSON prints it: with tabs, a tab behind each colon and lists of plain values in one line; or compact
 * (protocols.md 6.2 says which release prints which).
 */

/** `%1.15g` of C. */
function general(value: number): string {
  const exponent = value === 0 ? 0 : Number(value.toExponential(14).split('e')[1]);
  if (exponent >= -4 && exponent < 15) return String(Number(value.toPrecision(15)));
  const [digits = '0', power = '+0'] = value.toExponential(14).split('e');
  return `${Number(digits)}e${power[0]}${power.slice(1).padStart(2, '0')}`;
}

function number(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? String(value) : general(value);
}

function render(value: unknown, pretty: boolean, depth: number): string {
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) {
    return `[${value.map((item) => render(item, pretty, depth + 1)).join(pretty ? ', ' : ',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    if (!pretty)
      return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${render(inner, false, 0)}`).join(',')}}`;
    const tabs = '\t'.repeat(depth + 1);
    const lines = entries.map(([key, inner]) => `${tabs}${JSON.stringify(key)}:\t${render(inner, true, depth + 1)}`);
    return `{\n${lines.join(',\n')}${lines.length === 0 ? '' : '\n'}${'\t'.repeat(depth)}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

export const printed = (value: unknown, pretty: boolean): string => render(value, pretty, 0);
