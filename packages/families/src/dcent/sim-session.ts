import { hash32, streamKey } from '../sim/counter-random.ts';

/** Without use it dies after ten minutes (`protocols.md` 9). */
const LIFE_MS = 600_000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const ID_LENGTH = 8;

interface Session {
  readonly id: string;
  readonly since: number;
  usedAt: number;
}

/** What becomes of a session id: `none` when there is no session at all, whatever was given. */
type SessionCheck = 'valid' | 'none' | 'missing' | 'wrong';

/**
 * The one session of the daemon. Its id is told once, in the reply of `logon`: nobody can ask for it, unlike on LuxOS.
 * It ends with the daemon.
 */
export class SessionLock {
  readonly #key: number;
  #session: Session | null = null;
  /** How many there have been: each has an id of its own. */
  #count = 0;

  /**
   * @param run number of the daemon's run, from 0
   * @param foreignSince when another program took it, which keeps it alive until somebody ends it; null: nobody did
   */
  constructor(seed: number, run: number, foreignSince: number | null) {
    this.#key = streamKey(seed, 'dcent-session', run);
    if (foreignSince !== null) this.#begin(foreignSince).usedAt = Number.POSITIVE_INFINITY;
  }

  /** Since when there is one, epoch ms; null when there is none. Does not keep it alive. */
  since(now: number): number | null {
    return this.#active(now)?.since ?? null;
  }

  /** A new session; null while another one is there. */
  open(now: number): string | null {
    if (this.#active(now) !== null) return null;
    return this.#begin(now).id;
  }

  /** Whether a command may run; a right id keeps the session alive. */
  check(now: number, id: string | null): SessionCheck {
    const session = this.#active(now);
    if (session === null) return 'none';
    if (id === null) return 'missing';
    if (id !== session.id) return 'wrong';
    session.usedAt = now;
    return 'valid';
  }

  /** @param id the session that is meant; undefined: whichever it is. @returns whether one ended */
  end(now: number, id?: string | null): boolean {
    const session = this.#active(now);
    if (session === null || (id !== undefined && id !== session.id)) return false;
    this.#session = null;
    return true;
  }

  #active(now: number): Session | null {
    if (this.#session !== null && now - this.#session.usedAt >= LIFE_MS) this.#session = null;
    return this.#session;
  }

  #begin(now: number): Session {
    const number = this.#count++;
    const id = Array.from({ length: ID_LENGTH }, (_, i) =>
      LETTERS.charAt(hash32(this.#key, number * ID_LENGTH + i) % LETTERS.length),
    ).join('');
    this.#session = { id, since: now, usedAt: now };
    return this.#session;
  }
}
