import { exponential, halfOf, hash32, normal, poisson, uniform } from './counter-random.ts';

/*
 * Random processes that can be asked at any place without walking there from the start.
 *
 * The axis is cut into octaves 0..1, 1..2, 2..4, 4..8 and so on. What happens in a whole octave is drawn first,
 * then halves of it down to the place asked for. A question costs some log2(place) draws and keeps no memory.
 */

/** Below this part of its octave an interval is not halved further. */
const DEEPEST = 52;

const left = (key: number): number => hash32(key, 1);
const right = (key: number): number => hash32(key, 2);

/**
 * Brownian motion from 0, straight between whole places.
 * The difference over any whole step has mean 0 and standard deviation 1.
 */
export function brownian(key: number, place: number): number {
  if (place <= 0) return 0;
  let low = 0;
  let high = 1;
  let atLow = 0;
  let octave = 0;
  let atHigh = normal(key, 0);
  while (place > high) {
    octave++;
    low = high;
    atLow = atHigh;
    high = low * 2;
    atHigh = atLow + normal(key, octave) * Math.sqrt(high - low);
  }
  let node = hash32(key, 0x1000 + octave);
  while (high - low > 1) {
    const middle = (low + high) / 2;
    const atMiddle = (atLow + atHigh) / 2 + (Math.sqrt(high - low) / 2) * normal(node, 0);
    if (place <= middle) {
      high = middle;
      atHigh = atMiddle;
      node = left(node);
    } else {
      low = middle;
      atLow = atMiddle;
      node = right(node);
    }
  }
  return atLow + ((atHigh - atLow) * (place - low)) / (high - low);
}

/**
 * How many events of a Poisson process with one event per unit lie between 0 and `place`.
 * For a rate that changes, ask at the integral of the rate: the count never falls while the integral does not.
 */
export function poissonCount(key: number, place: number): number {
  if (place <= 0) return 0;
  let low = 0;
  let high = 1;
  let octave = 0;
  let before = 0;
  let inside = poisson(key, 0, 1);
  while (place >= high) {
    before += inside;
    octave++;
    low = high;
    high = low * 2;
    inside = poisson(key, octave, high - low);
  }
  let node = hash32(key, 0x1000 + octave);
  for (let depth = 0; inside > 1 && depth < DEEPEST; depth++) {
    const middle = (low + high) / 2;
    const first = halfOf(node, 0, inside);
    if (place < middle) {
      high = middle;
      inside = first;
      node = left(node);
    } else {
      before += first;
      low = middle;
      inside -= first;
      node = right(node);
    }
  }
  return inside > 0 && place >= low + (high - low) * uniform(node, 3) ? before + inside : before;
}

/** Where the n-th event (from 1) of the process of {@link poissonCount} lies. */
export function poissonPlace(key: number, nth: number): number {
  let low = 0;
  let high = 1;
  let octave = 0;
  let rank = nth;
  let inside = poisson(key, 0, 1);
  while (rank > inside) {
    rank -= inside;
    octave++;
    low = high;
    high = low * 2;
    inside = poisson(key, octave, high - low);
  }
  let node = hash32(key, 0x1000 + octave);
  for (let depth = 0; inside > 1 && depth < DEEPEST; depth++) {
    const middle = (low + high) / 2;
    const first = halfOf(node, 0, inside);
    if (rank <= first) {
      high = middle;
      inside = first;
      node = left(node);
    } else {
      rank -= first;
      low = middle;
      inside -= first;
      node = right(node);
    }
  }
  return low + (high - low) * uniform(node, 3);
}

/**
 * The best difficulty found in `work` units of difficulty-1 work (2^32 hashes each): never falls as work grows.
 * A hash of difficulty d turns up once in d units, so the best after w units is of the order of w.
 */
export function bestDifficulty(key: number, work: number): number {
  if (work < 1) return 0;
  let low = 0;
  let high = 1;
  let octave = 0;
  // Counted in hash values: the best share of an interval is its smallest one, and difficulty is the inverse of that.
  let smallest = Number.POSITIVE_INFINITY;
  let inside = exponential(key, 0, 1);
  while (work >= high) {
    smallest = Math.min(smallest, inside);
    octave++;
    low = high;
    high = low * 2;
    inside = exponential(key, octave, 1 / (high - low));
  }
  let node = hash32(key, 0x1000 + octave);
  while (high - low > 1) {
    const middle = (low + high) / 2;
    // The smallest of the whole lies in either half alike; the other half has its own, which is larger.
    const other = inside + exponential(node, 4, 2 / (high - low));
    const inFirst = uniform(node, 5) < 0.5;
    if (work < middle) {
      high = middle;
      inside = inFirst ? inside : other;
      node = left(node);
    } else {
      smallest = Math.min(smallest, inFirst ? inside : other);
      low = middle;
      inside = inFirst ? other : inside;
      node = right(node);
    }
  }
  return 1 / smallest;
}
