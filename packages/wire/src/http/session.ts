import { HeadframeError } from '@headframe/model';
import { type DigestChallenge, hasControls } from './challenge.ts';
import { digestHeader } from './digest.ts';

/**
 * The digest state of one client towards one server: keeps the nonce between requests, so that a request costs one
 * exchange and not two, and knows when to give up. Pure; requests of one session are sent one after the other.
 *
 * ```
 * let reply = await send(session.answer('GET', path));
 * while (reply.status === 401 && session.accept(challengeOf(reply))) reply = await send(session.answer('GET', path));
 * ```
 */
export class DigestSession {
  readonly #user: string;
  readonly #password: string;
  readonly #cnonce: () => string;
  #challenge: DigestChallenge | null = null;
  /** Answers given with the nonce at hand. */
  #uses = 0;
  #renewed = false;

  /**
   * @param cnonce random text, asked for once per answer
   * @throws HeadframeError `usage/invalid` when the user name cannot stand in a header
   */
  constructor(user: string, password: string, cnonce: () => string) {
    if (hasControls(user))
      throw new HeadframeError('usage/invalid', { detail: 'A user name has no control characters' });
    this.#user = user;
    this.#password = password;
    this.#cnonce = cnonce;
  }

  /** The `Authorization` value for a request; null as long as no challenge is known. */
  answer(method: string, path: string): string | null {
    if (this.#challenge === null) return null;
    this.#uses++;
    return digestHeader({
      user: this.#user,
      password: this.#password,
      method,
      uri: path,
      challenge: this.#challenge,
      nc: this.#uses,
      cnonce: this.#cnonce(),
    });
  }

  /**
   * Takes the challenge of a 401.
   * @returns whether to ask again. False: the very first answer to a nonce was refused (the password is wrong), or the
   * server calls every nonce stale, or there is no challenge that can be answered.
   */
  accept(challenge: DigestChallenge | null): boolean {
    const firstAnswerRefused = this.#uses === 1;
    const hopeless = firstAnswerRefused && (challenge?.stale !== true || this.#renewed);
    if (challenge === null || hopeless) {
      this.#challenge = null;
      this.#uses = 0;
      this.#renewed = false;
      return false;
    }
    // A nonce that served before may be forgotten by the server with or without `stale`: once more with the new one.
    this.#renewed = firstAnswerRefused;
    this.#challenge = challenge;
    this.#uses = 0;
    return true;
  }
}
