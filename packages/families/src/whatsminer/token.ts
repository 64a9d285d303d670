import { asHeadframeError, HeadframeError, type Session, type TcpLink } from '@headframe/model';
import { parseLenient } from '@headframe/wire/json';
import { dataIn, envelope, sealedRefusal, type TokenKeys, tokenKeys } from '@headframe/wire/whatsminer';

/*
 * The token of port 4028. A machine hands out few of them (100 from V2.2 on, 32 to an address before), and each lives
 * for half an hour or longer (protocols.md 3.2): one is shared by all writes to a machine, kept between actions, and
 * replaced once when the machine does not take it any more.
 */

/** What `get_token` answers. No secret: it went over the wire in clear, and is worth nothing without the password. */
interface Told {
  readonly time: string;
  readonly salt: string;
  readonly newsalt: string;
}

const encoder = new TextEncoder();
const GET_TOKEN = '{"cmd":"get_token"}';

export class Token {
  readonly #password: string;
  #told: Told | null = null;
  /** It was taken from an earlier action, or a command that it signed was accepted. */
  #mayBeOld = false;

  constructor(password: string) {
    this.#password = password;
  }

  /** What signs and seals, from the password and the token. Slow once per token, 2 ms. */
  get keys(): TokenKeys {
    if (this.#told === null) throw new HeadframeError('internal', { detail: 'a command before its token' });
    return derived(this.#told, this.#password);
  }

  /**
   * The token as a session of an action: nothing has to be closed, and what is left of it is gone on with.
   * @param link where it is asked for
   */
  session(link: TcpLink): Session {
    return {
      name: 'WhatsMiner token',
      shown: { open: [`${GET_TOKEN} (only where no token of an earlier action is left)`], close: [] },
      open: async (_, { left }) => {
        const kept = left === null ? null : toldIn(left);
        if (kept === null) await this.fetch(link);
        else {
          this.#told = kept;
          this.#mayBeOld = true;
        }
        const key = (): string => JSON.stringify(this.#told);
        return {
          get key() {
            return key();
          },
          kept: true,
          close: async () => {},
        };
      },
    };
  }

  /**
   * Asks for a new one.
   * @throws HeadframeError `device/busy` over the limit (136), `auth/address-not-allowed`, `protocol/wrong-shape`
   */
  async fetch(link: TcpLink): Promise<void> {
    this.#told = await askForToken(link);
    this.#mayBeOld = false;
  }

  /** Whether a new one can help: not where this one is new, as then it is the password that is wrong. */
  get canBeRenewed(): boolean {
    return this.#mayBeOld;
  }

  wasAccepted(): void {
    this.#mayBeOld = true;
  }
}

async function askForToken(link: TcpLink): Promise<Told> {
  const request = 'get_token';
  let bytes: Uint8Array;
  try {
    ({ bytes } = await link.exchange(encoder.encode(GET_TOKEN)));
  } catch (thrown) {
    const error = asHeadframeError(thrown, { request });
    if (error.code !== 'link/closed-empty') throw error;
    // It serves nobody from here, which is no matter of the password.
    throw new HeadframeError('auth/address-not-allowed', { request, detail: 'it closes the connection' }, error);
  }
  const { value } = parseLenient(bytes);
  const told = toldFrom(value);
  if (told !== null) return told;
  const refusal = sealedRefusal(envelope(value), request);
  if (refusal === null) {
    const missing = ['time', 'salt', 'newsalt'].filter((name) => dataIn(value).str(name) === null);
    const detail =
      missing.length === 0 ? 'the token reply is of no use' : `the token reply has no ${missing.join(', ')}`;
    throw new HeadframeError('protocol/wrong-shape', { request, detail });
  }
  if (refusal.code !== 'auth/writes-off') throw refusal;
  const { next: _, ...context } = refusal.context;
  throw new HeadframeError('auth/address-not-allowed', context);
}

/** A salt goes into a hash that ends it at `$`, and into a file of ours. */
const FITS = /^[^\s$]{1,64}$/;

function toldFrom(doc: unknown): Told | null {
  const data = dataIn(doc);
  const [time, salt, newsalt] = [data.str('time'), data.str('salt'), data.str('newsalt')];
  const fits = (text: string | null): text is string => text !== null && FITS.test(text);
  return fits(time) && fits(salt) && fits(newsalt) ? { time, salt, newsalt } : null;
}

function toldIn(left: string): Told | null {
  try {
    return toldFrom(JSON.parse(left));
  } catch {
    return null;
  }
}

/** Several actions in a row share a token: what two md5crypts made of it is worth keeping. Bounded, oldest out first. */
const DERIVED = new Map<string, TokenKeys>();
const MOST_DERIVED = 1_000;

function derived(told: Told, password: string): TokenKeys {
  const name = JSON.stringify([told.salt, told.newsalt, told.time, password]);
  const known = DERIVED.get(name);
  if (known !== undefined) return known;
  const keys = tokenKeys({ ...told, password });
  const oldest = DERIVED.keys().next();
  if (DERIVED.size >= MOST_DERIVED && oldest.done !== true) DERIVED.delete(oldest.value);
  DERIVED.set(name, keys);
  return keys;
}
