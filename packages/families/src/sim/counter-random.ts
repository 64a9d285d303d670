/*
 * Counter-based randomness: a number is a function of a key and a counter, never of how many numbers were drawn before.
 * So a simulated device gives the same value at the same time whether it was asked once or a thousand times.
 * Good enough for physics, useless for secrets.
 */

/** Scrambles a 32-bit word (the finaliser of MurmurHash3, which is in the public domain). */
function scramble(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A 32-bit number from a key and a counter. */
export function hash32(key: number, counter: number): number {
  const high = Math.floor(counter / 0x1_0000_0000);
  return scramble(scramble((key ^ Math.imul(high, 0x9e3779b1)) >>> 0) + Math.imul(counter >>> 0, 0x9e3779b1));
}

/** The key of a stream of random numbers: a seed and any names or numbers that tell the stream from others. */
export function streamKey(seed: number, ...parts: readonly (string | number)[]): number {
  let key = hash32(0x48454144, seed);
  for (const part of parts) {
    if (typeof part === 'number') key = hash32(key ^ 0x6e756d, part);
    else for (let i = 0; i < part.length; i++) key = hash32(key, part.charCodeAt(i));
    key = hash32(key, 0x10000);
  }
  return key;
}

/** Between 0 (included) and 1 (not included), 32 bits fine. */
export function uniform(key: number, counter: number): number {
  return hash32(key, counter) / 0x1_0000_0000;
}

/** Between `low` and `high`. */
export function between(key: number, counter: number, low: number, high: number): number {
  return low + (high - low) * uniform(key, counter);
}

/** Standard deviation of 32 coins and one even draw between 0 and 1. */
const COINS_DEVIATION = Math.sqrt(32 / 4 + 1 / 12);

/** Mean 0, standard deviation 1: 32 coins smoothed by an even draw, which no plot tells from a normal distribution. */
export function normal(key: number, counter: number): number {
  const word = hash32(key, counter);
  const smooth = (Math.imul(word, 0x9e3779b1) >>> 0) / 0x1_0000_0000;
  return (bitsSet(word) + smooth - 16.5) / COINS_DEVIATION;
}

/** Exponentially distributed with the given mean. */
export function exponential(key: number, counter: number, mean: number): number {
  return -mean * Math.log((hash32(key, counter) + 1) / 0x1_0000_0001);
}

/** Above this mean a Poisson count is drawn from the normal distribution: nobody can see the difference. */
const NORMAL_FROM = 40;

/** A Poisson count with the given mean. */
export function poisson(key: number, counter: number, mean: number): number {
  if (mean >= NORMAL_FROM) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(key, counter)));
  let left = uniform(key, counter);
  let chance = Math.exp(-mean);
  let count = 0;
  while (left >= chance && count < 1000) {
    left -= chance;
    count++;
    chance *= mean / count;
  }
  return count;
}

/** How many of `n` events fall into the first half of their interval. */
export function halfOf(key: number, counter: number, n: number): number {
  if (n <= 32) return bitsSet(n === 32 ? hash32(key, counter) : hash32(key, counter) & ((1 << n) - 1));
  const count = Math.round(n / 2 + (Math.sqrt(n) / 2) * normal(key, counter));
  return Math.min(n, Math.max(0, count));
}

function bitsSet(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555);
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
  return Math.imul((w + (w >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
