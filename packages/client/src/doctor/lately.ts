import type { OperatingSystem } from './operating-system.ts';
import type { Looking } from './options.ts';

interface Reading<T> {
  readonly at: number;
  readonly value: Promise<T>;
}

/**
 * Readings of our own computer that are the same for many devices: a whole farm is examined at once, and who wants one
 * within a time of its beginning gets that one. Each computer has its own.
 */
export class Lately<T> {
  readonly #sharedMs: number;
  readonly #readings = new WeakMap<OperatingSystem, Map<string, Reading<T>>>();

  constructor(sharedMs: number) {
    this.#sharedMs = sharedMs;
  }

  /** @param what which of them, such as the address that is asked about */
  read({ system, clock }: Pick<Looking, 'system' | 'clock'>, what: string, readNow: () => Promise<T>): Promise<T> {
    const here = this.#readings.get(system) ?? new Map<string, Reading<T>>();
    this.#readings.set(system, here);
    const last = here.get(what);
    const at = clock.now();
    if (last !== undefined && Math.abs(at - last.at) < this.#sharedMs) return last.value;
    const value = readNow();
    here.set(what, { at, value });
    return value;
  }
}
