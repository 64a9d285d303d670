import type { Exchange, Reply, Sight } from '@headframe/model';
import { type Asking, turn } from './asking.ts';
import { type Asked, connectClassOf, exchangeOf, inMs, isDeaf } from './exchanges.ts';

/** Before the second look, ms: longer than a hiccup, and short for a person who waits. */
const AGAIN_MS = 1500;
/** cgminer tries to bind its port for 61 s (protocols.md 1.1); row 7 waits so long. */
const BIND_MS = 90_000;

/**
 * The requests on the main API, one connection at a time. What stays silent is asked once more after a wait, and then
 * left alone; so is what refuses or closes. Nobody waits five times for a device that is deaf.
 */
export class Requests {
  readonly api: Sight<Exchange>[] = [];
  readonly again: Sight<Exchange>[] = [];
  readonly #asking: Asking;
  #closed = 0;
  #hasWaited = false;
  #isOver = false;

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  /** Nothing more is asked: it was deaf twice. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Asks; the reply to the second look where the first brought nothing. Null: it is not asked any more. */
  async ask(asked: Asked, send: () => Promise<Reply>): Promise<Reply | null> {
    if (this.#isOver) return null;
    return this.settle(asked, send, await turn(this.#asking, send));
  }

  /** As {@link ask}, with the first reply already there. */
  async settle(asked: Asked, send: () => Promise<Reply>, reply: Reply): Promise<Reply> {
    const found = connectClassOf(reply);
    if (found === 'open') this.api.push(exchangeOf(reply, asked));
    if (!isDeaf(reply)) return reply;
    // An address list closes on every command: the next one shows it, and costs milliseconds.
    if (reply.error?.code === 'link/closed-empty' && ++this.#closed === 1) return reply;
    const isLookedAtAgain = found === 'open' || found === 'refused';
    if (this.#asking.isQuick || this.#hasWaited || !isLookedAtAgain) {
      this.#isOver = true;
      return reply;
    }
    this.#hasWaited = true;
    // What was asked elsewhere meanwhile was a wait as well.
    const sinceMs = Math.max(0, this.#asking.looking.clock.now() - reply.meta.at);
    let second = await this.#askAgain(asked, send, AGAIN_MS, sinceMs);
    if (this.#asking.isPatient && connectClassOf(second) === 'refused') {
      this.#asking.onStep('90 s until it may have bound its port');
      second = await this.#askAgain(asked, send, BIND_MS);
    }
    this.#isOver = isDeaf(second);
    return second;
  }

  async #askAgain(asked: Asked, send: () => Promise<Reply>, waitMs: number, sinceMs = 0): Promise<Reply> {
    const { wait } = this.#asking.looking;
    if (sinceMs < waitMs) await wait(waitMs - sinceMs);
    const reply = await turn(this.#asking, send);
    const seen = exchangeOf(reply, asked);
    this.again.push({ ...seen, line: `${seen.line}, asked again after ${inMs(Math.max(waitMs, sinceMs))}` });
    return reply;
  }
}
