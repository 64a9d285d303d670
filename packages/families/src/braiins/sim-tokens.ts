import { hash32, streamKey } from '../sim/counter-random.ts';

/** How long a token lives without use, s (protocols.md 7.2). */
const TOKEN_S = 3600;
/** With the quirk: how long it lives at all, and how many calls it serves. */
const SHORT = { livesS: 2, calls: 5 } as const;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** As in the sample of the README of braiins/bos-plus-api: `FvZarvVQLCtzNaM6`. */
const TOKEN_LETTERS = 16;
/** Whoever logs in for every call must not fill the memory: the oldest token goes. */
const MOST_TOKENS = 64;

interface Token {
  until: number;
  calls: number;
}

/** Who is logged in. */
export class Tokens {
  readonly #key: number;
  readonly #short: boolean;
  readonly #tokens = new Map<string, Token>();
  #issued = 0;

  /** @param short tokens end early and are not renewed by use */
  constructor(seed: number, short: boolean) {
    this.#key = streamKey(seed, 'tokens');
    this.#short = short;
  }

  get livesS(): number {
    return this.#short ? SHORT.livesS : TOKEN_S;
  }

  issue(now: number): string {
    const key = hash32(this.#key, this.#issued++);
    const letter = (_: unknown, i: number): string => LETTERS.charAt(hash32(key, i) % LETTERS.length);
    const text = Array.from({ length: TOKEN_LETTERS }, letter).join('');
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size >= MOST_TOKENS && oldest !== undefined) this.#tokens.delete(oldest);
    this.#tokens.set(text, { until: now + this.livesS * 1000, calls: 0 });
    return text;
  }

  /** Whether a token is good for a call now. A good one is renewed. */
  use(now: number, text: string): boolean {
    const token = this.#tokens.get(text);
    if (token === undefined) return false;
    token.calls++;
    if (now >= token.until || (this.#short && token.calls > SHORT.calls)) {
      this.#tokens.delete(text);
      return false;
    }
    if (!this.#short) token.until = now + TOKEN_S * 1000;
    return true;
  }

  /** A restart of the machine forgets them. */
  forget(): void {
    this.#tokens.clear();
  }
}
