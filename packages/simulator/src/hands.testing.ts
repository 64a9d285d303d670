import type { Timers } from './timers.ts';

/** Waits whose end the test decides. */
export class Hands implements Timers {
  readonly #set = new Set<{ readonly ms: number; readonly then: () => void }>();
  #told = () => {};

  after(ms: number, then: () => void): () => void {
    const wait = { ms, then };
    this.#set.add(wait);
    this.#told();
    return () => {
      this.#set.delete(wait);
      this.#told();
    };
  }

  waits(ms: number): number {
    return [...this.#set].filter((wait) => wait.ms === ms).length;
  }

  async until(ms: number, count: number): Promise<void> {
    while (this.waits(ms) !== count) await new Promise<void>((told) => (this.#told = told));
  }

  /** The oldest of these waits is over. */
  pass(ms: number): void {
    const wait = [...this.#set].find((one) => one.ms === ms);
    if (wait === undefined) throw new Error(`nobody waits ${ms} ms`);
    this.#set.delete(wait);
    wait.then();
  }
}
