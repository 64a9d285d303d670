import { streamKey, uniform } from './counter-random.ts';

/** Each stretch of this length holds at most one outage of a pool, wholly inside. */
const STRETCH_MS = 12 * 3_600_000;
const LONGEST_MS = 25 * 60_000;
const SHORTEST_MS = 2 * 60_000;
/** How many stretches are looked through for the next outage before the search is taken up again from there. */
const LOOK_AHEAD = 64;

/** When a pool answers and when it does not: a fixed schedule for all time, from a seed. */
export class Outages {
  readonly #key: number;
  readonly #chance: number;
  readonly #dead: boolean;

  /** @param perDay outages a day on the average, at most 2; each lasts 2 to 25 minutes */
  constructor(seed: number, pool: string | number, perDay: number, dead = false) {
    this.#key = streamKey(seed, 'outages', pool);
    this.#chance = Math.min(1, perDay / 2);
    this.#dead = dead;
  }

  /** Since when the pool has been alive, epoch ms (`-Infinity`: for ever); null while it is dead. */
  aliveSince(at: number): number | null {
    if (this.#dead) return null;
    const stretch = Math.floor(at / STRETCH_MS);
    for (let i = stretch; i > stretch - LOOK_AHEAD && this.#chance > 0; i--) {
      const outage = this.#outage(i);
      if (outage === null || at < outage.from) continue;
      return at < outage.to ? null : outage.to;
    }
    return Number.NEGATIVE_INFINITY;
  }

  /** When to look next: never later than the next change from dead to alive or back. */
  nextLook(at: number): number {
    if (this.#dead || this.#chance === 0) return Number.POSITIVE_INFINITY;
    const stretch = Math.floor(at / STRETCH_MS);
    for (let i = stretch; i < stretch + LOOK_AHEAD; i++) {
      const outage = this.#outage(i);
      if (outage === null || at >= outage.to) continue;
      return at < outage.from ? outage.from : outage.to;
    }
    return (stretch + LOOK_AHEAD) * STRETCH_MS;
  }

  #outage(stretch: number): { from: number; to: number } | null {
    const draw = stretch * 4;
    if (uniform(this.#key, draw) >= this.#chance) return null;
    const lasts = SHORTEST_MS + (LONGEST_MS - SHORTEST_MS) * uniform(this.#key, draw + 1);
    const from = Math.floor(stretch * STRETCH_MS + (STRETCH_MS - lasts) * uniform(this.#key, draw + 2));
    return { from, to: Math.floor(from + lasts) };
  }
}
