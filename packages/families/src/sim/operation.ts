/*
 * What a machine was told to do over time, and the integrals of it that all counters stand on.
 *
 * Level: the part of nominal that the machine runs at, 0 stopped, 1 nominal. A request to run at a level is reached
 * along a ramp. Without a pool there is no work and the level is 0 whatever was requested.
 */

/** A request for a level: the level rises or falls evenly from `from` to `to` within `rampMs` behind `at`. */
interface Ramp {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly rampMs: number;
}

/** A stretch of time with one request and one pool. Integrals are those at its start. */
interface Stretch {
  readonly at: number;
  readonly ramp: Ramp;
  /** The pool worked for, -1 for none. */
  readonly pool: number;
  /** Integral of the level since the start, in seconds. */
  readonly worked: number;
  /** The part of `worked` that went to this stretch's pool before. */
  readonly workedForPool: number;
  /** The level as power and heat follow it, a first-order lag behind the level. */
  readonly lagged: number;
}

/** Time constant of heat, in ms: a heat sink of a kilogram takes a minute or two. */
const HEAT_LAG_MS = 75_000;

const levelAt = (ramp: Ramp, at: number): number => {
  if (at <= ramp.at) return ramp.from;
  if (at >= ramp.at + ramp.rampMs) return ramp.to;
  return ramp.from + ((ramp.to - ramp.from) * (at - ramp.at)) / ramp.rampMs;
};

/** Integral of the level over a time span, in seconds. */
function integrate(ramp: Ramp, from: number, to: number): number {
  const corners = [
    from,
    Math.min(Math.max(ramp.at, from), to),
    Math.min(Math.max(ramp.at + ramp.rampMs, from), to),
    to,
  ];
  let sum = 0;
  for (let i = 1; i < corners.length; i++) {
    const a = corners[i - 1] as number;
    const b = corners[i] as number;
    sum += ((levelAt(ramp, a) + levelAt(ramp, b)) / 2) * (b - a);
  }
  return sum / 1000;
}

/** The lagged level at `to`, when it was `start` at `from`. Exact for a level that is straight between its corners. */
function lag(start: number, ramp: Ramp, from: number, to: number): number {
  const corners = [ramp.at, ramp.at + ramp.rampMs].filter((corner) => corner > from && corner < to);
  let value = start;
  let a = from;
  for (const b of [...corners, to]) {
    if (b <= a) continue;
    const slope = (levelAt(ramp, b) - levelAt(ramp, a)) / (b - a);
    const settled = levelAt(ramp, a) - slope * HEAT_LAG_MS;
    value = levelAt(ramp, b) - slope * HEAT_LAG_MS + (value - settled) * Math.exp((a - b) / HEAT_LAG_MS);
    a = b;
  }
  return value;
}

/** Changes that are remembered one by one. */
const MOST_STRETCHES = 2000;

const STOPPED: Ramp = { at: 0, from: 0, to: 0, rampMs: 0 };

/** The record of levels and pools over time. Only the newest moment can be changed: the past is fixed. */
export class Operation {
  readonly startedAt: number;
  readonly #stretches: Stretch[];

  /**
   * @param startedAt epoch ms
   * @param warm the lagged level to begin with: 0 for a cold machine, 1 for one that was restarted while it ran
   */
  constructor(startedAt: number, warm = 0) {
    this.startedAt = startedAt;
    const ramp = { ...STOPPED, at: startedAt };
    this.#stretches = [{ at: startedAt, ramp, pool: -1, worked: 0, workedForPool: 0, lagged: warm }];
  }

  /** From `at` on, run towards `to`, beginning `delayMs` later and taking `rampMs`. Without a ramp: at once. */
  request(at: number, to: number, rampMs: number, delayMs = 0): void {
    const atOnce = rampMs === 0 && delayMs === 0;
    const from = atOnce ? to : this.levelRequested(at);
    this.#begin(at, { at: at + delayMs, from, to, rampMs: atOnce ? 0 : Math.max(1, rampMs) }, this.#last.pool);
  }

  /** From `at` on, work for another pool, or for none (-1). */
  usePool(at: number, pool: number): void {
    const last = this.#last;
    if (last.pool !== pool) this.#begin(at, last.ramp, pool);
  }

  #begin(at: number, ramp: Ramp, pool: number): void {
    const from = Math.max(at, this.#last.at);
    this.#stretches.push({
      at: from,
      ramp,
      pool,
      worked: this.worked(from),
      workedForPool: pool < 0 ? 0 : this.workedFor(pool, from),
      lagged: this.lagged(from),
    });
    if (this.#stretches.length > MOST_STRETCHES) this.#forget();
  }

  /** A client that never stops changing things must not fill the memory: of the old half only the sums are kept. */
  #forget(): void {
    const old = this.#stretches.splice(0, this.#stretches.length - MOST_STRETCHES / 2);
    const at = this.#stretches[0]?.at ?? this.startedAt;
    const sums = new Map<number, Stretch>();
    for (const [i, stretch] of old.entries()) {
      const workedForPool = stretch.workedForPool + this.#inside(stretch, old[i + 1]?.at ?? at);
      sums.set(stretch.pool, { ...stretch, at, ramp: STOPPED, workedForPool });
    }
    this.#stretches.unshift(...sums.values());
  }

  /** When the newest change was made. */
  get changedAt(): number {
    return this.#last.at;
  }

  get #last(): Stretch {
    return this.#stretches[this.#stretches.length - 1] as Stretch;
  }

  /** The stretch of a time; the first one for times before the start. */
  #index(at: number): number {
    let i = this.#stretches.length - 1;
    while (i > 0 && (this.#stretches[i] as Stretch).at > at) i--;
    return i;
  }

  #at(at: number): Stretch {
    return this.#stretches[this.#index(at)] as Stretch;
  }

  /** What the machine was told, whether or not there is work. */
  levelRequested(at: number): number {
    return levelAt(this.#at(at).ramp, at);
  }

  /** What the machine is asked to reach in the end. */
  target(at: number): number {
    return this.#at(at).ramp.to;
  }

  /** What the machine runs at. */
  level(at: number): number {
    return this.#at(at).pool < 0 ? 0 : this.levelRequested(at);
  }

  /** The level as heat follows it. */
  lagged(at: number): number {
    const stretch = this.#at(at);
    if (at <= stretch.at) return stretch.lagged;
    return lag(stretch.lagged, stretch.pool < 0 ? STOPPED : stretch.ramp, stretch.at, at);
  }

  /** Seconds at full level since the start. */
  worked(at: number): number {
    const stretch = this.#at(at);
    return stretch.worked + this.#inside(stretch, at);
  }

  #inside(stretch: Stretch, to: number): number {
    return stretch.pool < 0 || to <= stretch.at ? 0 : integrate(stretch.ramp, stretch.at, to);
  }

  pool(at: number): number {
    return this.#at(at).pool;
  }

  /** Seconds at full level for one pool. */
  workedFor(pool: number, at: number): number {
    for (let i = this.#index(at); i >= 0; i--) {
      const stretch = this.#stretches[i] as Stretch;
      if (stretch.pool !== pool) continue;
      const to = Math.min(at, this.#stretches[i + 1]?.at ?? at);
      return stretch.workedForPool + this.#inside(stretch, to);
    }
    return 0;
  }

  /** When {@link workedFor} of a pool passed a value that it has reached by `before`, epoch ms. */
  whenWorkedFor(pool: number, worked: number, before: number): number {
    for (let i = this.#index(before); i >= 0; i--) {
      const stretch = this.#stretches[i] as Stretch;
      if (stretch.pool !== pool || stretch.workedForPool > worked) continue;
      let low = stretch.at;
      let high = Math.min(before, this.#stretches[i + 1]?.at ?? before);
      // Halving finds the millisecond without caring for the shape of the ramp.
      while (high - low > 0.5) {
        const middle = (low + high) / 2;
        if (stretch.workedForPool + this.#inside(stretch, middle) < worked) low = middle;
        else high = middle;
      }
      return Math.floor(high);
    }
    return this.startedAt;
  }
}
