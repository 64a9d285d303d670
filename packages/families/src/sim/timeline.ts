/** Something that happens by itself, epoch ms. */
interface Later {
  readonly at: number;
  readonly happens: (at: number) => void;
}

/** What happens by itself, by name: whoever asks twice for the same gets it once, at the later time. */
export class Timeline {
  readonly #later = new Map<string, Later>();

  set(name: string, at: number, happens: (at: number) => void): void {
    this.#later.set(name, { at, happens });
  }

  has(name: string): boolean {
    return this.#later.has(name);
  }

  clear(name: string): void {
    this.#later.delete(name);
  }

  forget(): void {
    this.#later.clear();
  }

  /** Lets everything happen up to a time, in its order. */
  settle(now: number): void {
    for (;;) {
      let next: readonly [string, Later] | null = null;
      for (const entry of this.#later) {
        if (entry[1].at <= now && (next === null || entry[1].at < next[1].at)) next = entry;
      }
      if (next === null) return;
      this.#later.delete(next[0]);
      next[1].happens(next[1].at);
    }
  }
}
