const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };

/**
 * The difficulty of a share: a number from v2.11 on, before that a text such as `49.2M`, `483k` or `4.29G`
 * (protocols.md 6.3). Null for everything else.
 */
export function difficultyOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null;
  if (typeof value !== 'string') return null;
  const [, digits, suffix] = /^\s*(\d{1,18}(?:\.\d{1,9})?)\s*([kKMGTPE]?)\s*$/.exec(value) ?? [];
  const factor = FACTORS[suffix ?? ''];
  if (digits === undefined || factor === undefined) return null;
  const scaled = Number(digits) * factor;
  // 4.29G is 4290000000, and not the nearest product of two binary fractions.
  return factor === 1 ? scaled : Math.round(scaled);
}
