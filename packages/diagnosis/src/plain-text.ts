/** Longest sentence that is printed; more is no sentence any more. */
const LONGEST = 600;

/** Control characters, terminal escapes among them, and marks that turn the direction of writing around. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** Fit for a terminal: what a device said of itself may hold anything. */
export function plainText(text: string, longest = LONGEST): string {
  const clean = text.toWellFormed().replaceAll(UNPRINTABLE, ' ').trim();
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1).toWellFormed()}…`;
}

/** A word of the device within a sentence of ours: short, and fit for a terminal. */
export function saidByDevice(text: string, longest = 60): string {
  const clean = plainText(text);
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1).toWellFormed()}…`;
}

/** `42 s`, `6 min`, `77 h`, `61 days`: in the units in which the troubleshooting document counts. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 14 * 86_400) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
