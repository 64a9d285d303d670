/*
 * What changed since when, for the event stream. A machine that changed ten times since a reader looked is one change:
 * only its newest form is ever sent. Bounded: of machines that are gone, the last thousand are remembered.
 */

const MOST_TOMBSTONES = 1_000;

/** What a reader that is at `position` has missed. */
export interface Missed {
  readonly changed: string[];
  readonly removed: string[];
  readonly position: number;
}

export class ChangeLog {
  /** In the order of their last change. */
  readonly #changed = new Map<string, number>();
  readonly #removed = new Map<string, number>();
  #position = 0;
  /** Readers that stand before this cannot be told what was removed. */
  #oldest = 0;

  get position(): number {
    return this.#position;
  }

  change(id: string): void {
    this.#removed.delete(id);
    this.#changed.delete(id);
    this.#changed.set(id, ++this.#position);
  }

  /** Something changed that is no machine: the progress of a scan. */
  touch(): void {
    this.#position++;
  }

  remove(id: string): void {
    if (!this.#changed.delete(id)) return;
    this.#removed.set(id, ++this.#position);
    if (this.#removed.size <= MOST_TOMBSTONES) return;
    const [first] = this.#removed;
    if (first === undefined) return;
    this.#removed.delete(first[0]);
    this.#oldest = first[1];
  }

  /** Null: this position is from another time, the reader must start anew. */
  since(position: number): Missed | null {
    if (position < this.#oldest || position > this.#position) return null;
    return {
      changed: later(this.#changed, position),
      removed: later(this.#removed, position),
      position: this.#position,
    };
  }
}

const later = (log: ReadonlyMap<string, number>, position: number): string[] => {
  const ids: string[] = [];
  for (const [id, at] of log) if (at > position) ids.push(id);
  return ids;
};
