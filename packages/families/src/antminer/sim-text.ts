/* How the firmware writes times and difficulties for people, on port 4028 and on the web page alike. */

/** `h:mm:ss` since the last share; `0` is never (2.1). */
export function since(seconds: number | null): string {
  if (seconds === null) return '0';
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** cgminer's short form, three digits and a letter: 524288 is `524K`, 65536 is `65.5K`. */
export function shortened(value: number): string {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  return `${Number((value / 1000 ** power).toPrecision(3))}${'_KMGT'[power]?.replace('_', '') ?? ''}`;
}
