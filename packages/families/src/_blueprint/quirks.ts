/**
 * What is odd about some firmware, and what we do about it: a table, so that a newcomer adds a row and nothing else.
 * Never a second copy of the folder for another version.
 */
interface Quirk {
  /** The first firmware that does it no more; null: all do. */
  readonly before: string | null;
  /** What is odd, and where that is known from. */
  readonly odd: string;
  /** °C in one unit of `Temperature`. */
  readonly tempFactor?: number;
  /** `freqset` is not there. */
  readonly withoutFreqset?: true;
}

const QUIRKS: readonly Quirk[] = [
  {
    before: '1.2.0',
    odd: 'Temperature of STATS is in tenths of a degree (README, known lies), and there is no freqset (README, control)',
    tempFactor: 0.1,
    withoutFreqset: true,
  },
];

/** The row for a firmware version such as `1.4.0`, null where nothing is odd. */
export const quirkOf = (version: string | null): Quirk | null =>
  QUIRKS.find(({ before }) => version !== null && (before === null || isOlder(version, before))) ?? null;

const isOlder = (version: string, than: string): boolean => {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  for (const [i, part] of (b ?? []).entries()) {
    const own = a?.[i] ?? 0;
    if (own !== part) return own < part;
  }
  return false;
};
