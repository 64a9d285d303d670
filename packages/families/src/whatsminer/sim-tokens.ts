import { tokenKeys } from '@headframe/wire/whatsminer';
import { hash32, streamKey } from '../sim/counter-random.ts';
import { ASSUMED } from './sim-assumed.ts';

const SALT_LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Eight characters as `crypt` takes them. */
export function saltOf(key: number, counter: number): string {
  return Array.from({ length: 8 }, (_, place) =>
    SALT_LETTERS.charAt(hash32(streamKey(key, 'salt', counter), place) % SALT_LETTERS.length),
  ).join('');
}

/** How long a token lives: for ever, since it was given out, or since it was used last, ms. */
export type TokenLife =
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'sliding'; readonly ms: number }
  | { readonly kind: 'forever' };

/** 30 minutes from when it was given out (protocols.md 3.2). */
export const FIXED_LIFE: TokenLife = { kind: 'fixed', ms: 30 * 60_000 };

interface Token {
  readonly address: string;
  readonly time: string;
  readonly newsalt: string;
  since: number;
  sign: string | null;
}

export interface TokenPlan {
  readonly seed: number;
  readonly limits: { readonly addresses: number; readonly each: number };
  readonly life: TokenLife;
  /** Every place is held by strangers until their tokens end. */
  readonly takenAt: number | null;
  /** Every token has ended when it is used first. */
  readonly stillborn: boolean;
}

/** What `get_token` hands out. */
export interface TokenParts {
  /** Epoch seconds; the JSON form of the API prints the last four characters. */
  readonly epoch: string;
  readonly newsalt: string;
}

/** The tokens of the API on 4028 and the one password that they stand on (protocols.md 3.2). */
export class Tokens {
  readonly #plan: TokenPlan;
  #password: string;
  /** Of the password, and new with it. */
  #salt: string;
  #passwords = 0;
  #given = 0;
  #live: Token[] = [];
  #aesKey: Uint8Array | null = null;

  constructor(plan: TokenPlan, password: string) {
    this.#plan = plan;
    this.#password = password;
    this.#salt = saltOf(plan.seed, 0);
  }

  get salt(): string {
    return this.#salt;
  }

  isPassword(text: string): boolean {
    return text === this.#password;
  }

  /** All tokens are void with it. */
  setPassword(password: string): void {
    this.#password = password;
    this.#salt = saltOf(this.#plan.seed, ++this.#passwords);
    this.#aesKey = null;
    this.voidAll();
  }

  voidAll(): void {
    this.#live = [];
  }

  /** The key that requests are sealed with: it stands on the password and its salt alone. */
  get aesKey(): Uint8Array {
    this.#aesKey ??= tokenKeys({ password: this.#password, salt: this.#salt, newsalt: '', time: '' }).aesKey;
    return this.#aesKey;
  }

  /** Null: there are too many tokens, or too many addresses have one. */
  give(now: number, address: string, clockS: number): TokenParts | null {
    const { limits, takenAt, life } = this.#plan;
    this.#live = this.#live.filter((token) => this.#isAlive(token, now));
    if (takenAt !== null && (life.kind === 'forever' || now < takenAt + life.ms)) return null;
    const own = this.#live.filter((token) => token.address === address).length;
    const addresses = new Set(this.#live.map((token) => token.address)).size;
    if (own === 0 && addresses >= limits.addresses) return null;
    const inAll = limits.addresses === Number.POSITIVE_INFINITY;
    if ((inAll ? this.#live.length : own) >= limits.each) return null;
    const epoch = String(clockS);
    const newsalt = saltOf(streamKey(this.#plan.seed, 'newsalt'), this.#given++);
    this.#live.push({ address, time: epoch.slice(-4), newsalt, since: now, sign: null });
    return { epoch, newsalt };
  }

  #isAlive(token: Token, now: number): boolean {
    const { life } = this.#plan;
    return life.kind === 'forever' || now < token.since + life.ms;
  }

  /** Whether a command may go on with this `token`. */
  take(now: number, sign: unknown): boolean {
    if (typeof sign !== 'string' || this.#plan.stillborn) return false;
    // The newest first: it is nearly always the one, and every other costs two hashes the first time.
    for (let i = this.#live.length - 1; i >= 0; i--) {
      const token = this.#live[i];
      if (token === undefined || !this.#isAlive(token, now)) continue;
      const { time, newsalt } = token;
      token.sign ??= tokenKeys({ password: this.#password, salt: this.#salt, newsalt, time }).sign;
      if (token.sign !== sign) continue;
      if (this.#plan.life.kind === 'sliding') token.since = now;
      return true;
    }
    return false;
  }
}

/** `timeout` as the reply of get_token carries it; undefined where it does not. */
export function timeoutText(life: TokenLife): string | undefined {
  if (life.kind === 'fixed') return undefined;
  return life.kind === 'forever' ? '0' : String(life.ms / ASSUMED.timeoutUnitMs);
}
