import { hash32, streamKey } from '../sim/counter-random.ts';

/** Without use it dies after one minute (`protocols.md` 8). */
const LIFE_MS = 60_000;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 8;

/**
 * The one session of a machine: a lock against two programs that write at once, no security feature.
 * Anybody can read its id, and end it.
 */
export class SessionLock {
  readonly #key: number;
  #id: string | null = null;
  #usedAt = 0;
  /** How many there have been: each has an id of its own. */
  #count = 0;

  constructor(seed: number) {
    this.#key = streamKey(seed, 'luxos-session');
  }

  /** The active id; empty when there is none. */
  active(now: number): string {
    return this.#id !== null && now - this.#usedAt < LIFE_MS ? this.#id : '';
  }

  /** A new session; null while another one is active. */
  open(now: number): string | null {
    if (this.active(now) !== '') return null;
    const number = this.#count++;
    this.#id = Array.from({ length: ID_LENGTH }, (_, i) =>
      LETTERS.charAt(hash32(this.#key, number * ID_LENGTH + i) % LETTERS.length),
    ).join('');
    this.#usedAt = now;
    return this.#id;
  }

  /** Whether this is the active session; if so its minute begins again. */
  use(now: number, id: string): boolean {
    if (id === '' || this.active(now) !== id) return false;
    this.#usedAt = now;
    return true;
  }

  end(): void {
    this.#id = null;
  }
}
