import {
  asHeadframeError,
  type Clock,
  type ErrorCode,
  HeadframeError,
  type Reply,
  type TcpLink,
} from '@headframe/model';
import { rpcRefusal } from './refusals.ts';
import { type RpcReply, RpcTalk } from './talk.ts';

/**
 * Asks methods one after the other over one connection, which is opened with the first; over one for each where the rig
 * closes it behind a reply. Never rejects: what goes wrong is in the replies. When a connection fails, or the password is
 * wrong, nothing more is asked and the rest gets that error. The document of a reply is the whole JSON-RPC object.
 */
export class Questions {
  readonly #link: TcpLink;
  readonly #clock: Clock;
  readonly #password: string | null;
  #talk: RpcTalk | null = null;
  /** How many replies the open connection has brought. */
  #heard = 0;
  #broken: HeadframeError | null = null;

  constructor(link: TcpLink, clock: Clock, password: string | null = null) {
    this.#link = link;
    this.#clock = clock;
    this.#password = password;
  }

  async ask(method: string, maxBytes?: number): Promise<Reply> {
    const began = this.#clock.now();
    const meta = { id: method, request: method };
    try {
      if (this.#broken !== null) throw this.#broken;
      const { doc, raw, repairs, error: no, result } = await this.#say(method, maxBytes);
      const at = this.#clock.now();
      const error = no === null ? (result === undefined ? withoutResult(method) : null) : rpcRefusal(no, method);
      // The rest would be refused the same.
      if (error?.code === 'auth/required') this.#broken = error;
      return {
        meta: { ...meta, at, ms: at - began, bytes: raw.length, repairs, error: error?.summary ?? null },
        doc: error === null ? doc : null,
        raw,
        error,
      };
    } catch (thrown) {
      const error = asHeadframeError(thrown, { request: method });
      if (!error.code.startsWith('protocol/')) this.#broken ??= error;
      const at = this.#clock.now();
      return {
        meta: { ...meta, at, ms: at - began, bytes: 0, repairs: [], error: error.summary },
        doc: null,
        raw: null,
        error,
      };
    }
  }

  async #say(method: string, maxBytes: number | undefined): Promise<RpcReply> {
    const options = maxBytes === undefined ? {} : { maxBytes };
    this.#talk ??= await RpcTalk.open(this.#link, this.#password);
    try {
      const reply = await this.#talk.say({ method }, options);
      this.#heard++;
      return reply;
    } catch (thrown) {
      // The server of 0.14 and 0.15 is another one (protocols.md 5.7). What is asked here changes nothing.
      const isClosed = thrown instanceof HeadframeError && CLOSED.has(thrown.code);
      if (!isClosed || this.#heard === 0) throw thrown;
      this.end();
      this.#heard = 0;
      return this.#say(method, maxBytes);
    }
  }

  end(): void {
    this.#talk?.end();
    this.#talk = null;
  }
}

const CLOSED: ReadonlySet<ErrorCode> = new Set(['link/closed-empty', 'link/reset']);

const withoutResult = (request: string): HeadframeError =>
  new HeadframeError('protocol/wrong-shape', { request, detail: 'neither a result nor an error' });

/** Asks these methods over one connection and ends it. Never rejects. */
export async function askMethods(
  link: TcpLink,
  clock: Clock,
  methods: readonly string[],
  options: { readonly password?: string | null; readonly maxBytes?: number } = {},
): Promise<Map<string, Reply>> {
  const questions = new Questions(link, clock, options.password ?? null);
  const replies = new Map<string, Reply>();
  try {
    for (const method of methods) replies.set(method, await questions.ask(method, options.maxBytes));
  } finally {
    questions.end();
  }
  return replies;
}
