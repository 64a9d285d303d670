import { hash32, streamKey } from '../sim/counter-random.ts';
import { ASSUMED } from './sim-assumed.ts';

/*
 * One-time passwords (protocols.md 6.6): RFC 6238 with SHA-1, six digits, steps of 30 s; sessions of 24 hours; after five
 * failures within a minute nothing is taken for five minutes.
 */

const STEP_MS = 30_000;
const SESSION_MS = 86_400_000;
const FAILURES = 5;
const WINDOW_MS = 60_000;
const BLOCK_MS = 300_000;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const rotate = (x: number, n: number): number => (x << n) | (x >>> (32 - n));

/** RFC 3174. */
function sha1(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array((((message.length + 8) >> 6) + 1) << 6);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, message.length * 8);
  const h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const w = new Int32Array(80);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 80; i++) {
      w[i] =
        i < 16
          ? view.getInt32(at + i * 4)
          : rotate((w[i - 3] ?? 0) ^ (w[i - 8] ?? 0) ^ (w[i - 14] ?? 0) ^ (w[i - 16] ?? 0), 1);
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = h;
    for (let i = 0; i < 80; i++) {
      const [f, k] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const next = (rotate(a, 5) + f + e + k + (w[i] ?? 0)) | 0;
      e = d;
      d = c;
      c = rotate(b, 30);
      b = a;
      a = next;
    }
    for (const [i, value] of [a, b, c, d, e].entries()) h[i] = ((h[i] ?? 0) + value) | 0;
  }
  const out = new Uint8Array(20);
  const words = new DataView(out.buffer);
  for (const [i, value] of h.entries()) words.setInt32(i * 4, value);
  return out;
}

function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const pad = (byte: number, ...rest: readonly Uint8Array[]): Uint8Array => {
    const block = new Uint8Array(64 + rest.reduce((sum, part) => sum + part.length, 0));
    for (let i = 0; i < 64; i++) block[i] = (key[i] ?? 0) ^ byte;
    let at = 64;
    for (const part of rest) {
      block.set(part, at);
      at += part.length;
    }
    return sha1(block);
  };
  return pad(0x5c, pad(0x36, message));
}

function base32(text: string): Uint8Array {
  const out: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    value = ((value << 5) | BASE32.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push((value >>> bits) & 0xff);
    }
  }
  return Uint8Array.from(out);
}

/** The code of a moment. @param secret base32, without padding @param now epoch ms */
export function totp(secret: string, now: number): string {
  const counter = new Uint8Array(8);
  new DataView(counter.buffer).setUint32(4, Math.floor(now / STEP_MS));
  const digest = hmac(base32(secret), counter);
  const at = (digest[19] ?? 0) & 15;
  const code = new DataView(digest.buffer).getUint32(at) & 0x7fffffff;
  return String(code % 1_000_000).padStart(6, '0');
}

/** One device's guard. */
export class OneTimePasswords {
  enabled: boolean;
  /** A QR code is on the screen. */
  isEnrolling = false;
  readonly #seed: number;
  #failures: number[] = [];
  #blockedUntil = 0;
  #sessions = new Map<string, number>();
  #minted = 0;

  constructor(seed: number, enabled: boolean) {
    this.#seed = seed;
    this.enabled = enabled;
  }

  isCode(code: string | undefined, now: number): boolean {
    const { otpSecret, otpWindow } = ASSUMED;
    if (code === undefined || code.length > 15) return false;
    for (let step = -otpWindow; step <= otpWindow; step++) {
      if (totp(otpSecret, now + step * STEP_MS) === code) return true;
    }
    return false;
  }

  /** Why a write is not let in; null: it is. @param codeOnly a session does not do, nor that they are switched off */
  refusal(headers: Readonly<Record<string, string>>, now: number, codeOnly = false): string | null {
    if (now < this.#blockedUntil) return 'blocked for 5 minutes';
    if (!codeOnly && !this.enabled) return null;
    if (!codeOnly && (this.#sessions.get(headers['x-otp-session'] ?? '') ?? 0) > now) return null;
    if (this.isCode(headers['x-totp'], now)) return null;
    if (this.#blockedUntil !== 0) {
      this.#blockedUntil = 0;
      this.#failures = [];
    }
    this.#failures = [...this.#failures, now].slice(-FAILURES);
    const [oldest = now] = this.#failures;
    if (this.#failures.length === FAILURES && now - oldest < WINDOW_MS) {
      this.#blockedUntil = now + BLOCK_MS;
      this.#failures = [];
    }
    return 'OTP/Session required';
  }

  /** 20 letters, a point, 52 letters. */
  newSession(now: number): { token: string; ttlMs: number; expiresAt: number } {
    const key = streamKey(this.#seed, 'otp', this.#minted++);
    const letter = (i: number): string => BASE32[hash32(key, i) & 31] ?? 'A';
    const letters = Array.from({ length: 72 }, (_, i) => letter(i)).join('');
    const token = `${letters.slice(0, 20)}.${letters.slice(20)}`;
    const expiresAt = now + SESSION_MS;
    // A device of this size keeps a handful.
    if (this.#sessions.size >= 16) this.#sessions.clear();
    this.#sessions.set(token, expiresAt);
    return { token, ttlMs: SESSION_MS, expiresAt };
  }

  restarted(): void {
    this.#sessions.clear();
    this.isEnrolling = false;
  }
}
