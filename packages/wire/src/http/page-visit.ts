import type { Clock, HeadframeError, HttpLink, Memory, Reply } from '@headframe/model';
import { askHttp, type HttpQuestion } from './ask.ts';

/** How long a refusal is believed, ms: until then a page that is locked or not there is not asked for again. */
const REFUSAL_MS = 3_600_000;

/** The key of {@link Memory.absent} under which the refusal of all pages is remembered. */
const DOOR = 'http';

/**
 * The pages of one poll of a machine that is read by its web server. It stops at the first broken link, leaves a door
 * alone that wants a password nobody gave, and does not ask again for a page that the firmware does not have. What was
 * refused is tried again after an hour, when somebody asks afresh, or when the password that was wanted is known.
 */
export class PageVisit {
  readonly #link: HttpLink;
  readonly #clock: Clock;
  readonly #memory: Memory;
  readonly #fresh: boolean;
  #broken: HeadframeError | null = null;

  constructor(link: HttpLink, clock: Clock, memory: Memory, fresh = false) {
    this.#link = link;
    this.#clock = clock;
    this.#memory = memory;
    this.#fresh = fresh;
  }

  /** Never rejects, see {@link askHttp}. */
  async page(question: HttpQuestion): Promise<Reply> {
    const { id } = question;
    const request = `GET ${question.path}`;
    const remembered = this.#remembered(DOOR) ?? this.#remembered(request);
    if (remembered !== null) return { ...remembered, meta: { ...remembered.meta, id, request } };
    if (this.#broken !== null) return unasked(id, request, this.#clock.now(), this.#broken);
    const reply = await askHttp(this.#link, this.#clock, question);
    const code = reply.error?.code ?? '';
    if (code.startsWith('link/')) this.#broken = reply.error;
    if (code.startsWith('auth/')) this.#memory.absent.set(DOOR, reply);
    if (code === 'support/unsupported') this.#memory.absent.set(request, reply);
    return reply;
  }

  #remembered(key: string): Reply | null {
    const reply = this.#memory.absent.get(key);
    if (reply === undefined || this.#fresh || this.#clock.now() - reply.meta.at >= REFUSAL_MS) return null;
    return reply.error?.code === 'auth/required' && this.#link.hasCredentials ? null : reply;
  }
}

function unasked(id: string, request: string, at: number, error: HeadframeError): Reply {
  return { meta: { id, request, at, ms: 0, bytes: 0, repairs: [], error: error.summary }, doc: null, raw: null, error };
}
