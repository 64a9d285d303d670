import { hash32, streamKey } from '../sim/counter-random.ts';

/** Without use it dies after one minute (`protocols.md` 8). */
const LIFE_MS = 60_000;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 8;
/** How long a program that always wants the session needs to have it again. */
const TAKEN_AGAIN_MS = 5000;

/** Who else is after the session. */
export interface Rivals {
  /** Another program holds a session, keeps it alive, and takes it again a moment after it was ended. */
  readonly foreign: boolean;
  /** Every other session that somebody opens is killed before it is used for the first time. */
  readonly thief: boolean;
}

/**
 * The one session of a machine: a lock against two programs that write at once, no security feature.
 * Anybody can read its id, and end it.
 */
export class SessionLock {
  readonly #key: number;
  readonly #rivals: Rivals;
  #id: string | null = null;
  #usedAt = 0;
  /** When it became free. */
  #freeSince = Number.NEGATIVE_INFINITY;
  /** The other program has it, and never lets it run out. */
  #foreign = false;
  #doomed = false;
  /** How many there have been: each has an id of its own. */
  #count = 0;
  /** How many of them were opened by `logon`. */
  #opened = 0;

  constructor(seed: number, rivals: Rivals) {
    this.#key = streamKey(seed, 'luxos-session');
    this.#rivals = rivals;
  }

  /** The active id; empty when there is none. */
  active(now: number): string {
    if (this.#id !== null && !this.#foreign && now - this.#usedAt >= LIFE_MS) this.end(this.#usedAt + LIFE_MS);
    if (this.#id === null && this.#rivals.foreign && now >= this.#freeSince + TAKEN_AGAIN_MS) {
      this.#begin(now);
      this.#foreign = true;
    }
    return this.#id ?? '';
  }

  /** A new session; null while another one is active. */
  open(now: number): string | null {
    if (this.active(now) !== '') return null;
    this.#doomed = this.#rivals.thief && this.#opened++ % 2 === 0;
    return this.#begin(now);
  }

  /** Whether this is the active session; if so its minute begins again. */
  use(now: number, id: string): boolean {
    if (id === '' || this.active(now) !== id) return false;
    if (this.#doomed) {
      this.end(now);
      return false;
    }
    this.#usedAt = now;
    return true;
  }

  end(now: number): void {
    if (this.#id !== null) this.#freeSince = now;
    this.#id = null;
    this.#foreign = false;
    this.#doomed = false;
  }

  #begin(now: number): string {
    const number = this.#count++;
    this.#usedAt = now;
    this.#id = Array.from({ length: ID_LENGTH }, (_, i) =>
      LETTERS.charAt(hash32(this.#key, number * ID_LENGTH + i) % LETTERS.length),
    ).join('');
    return this.#id;
  }
}
