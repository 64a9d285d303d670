import { HeadframeError, type Repair, type StreamReadOptions, type TcpLink, type TcpStream } from '@headframe/model';
import { MAX_BYTES } from '../json/index.ts';
import { rpcRefusal } from './refusals.ts';
import { decodeLine, lineLength, type RpcError, type RpcMessage } from './reply.ts';
import { encodeCall, type RpcCall } from './request.ts';

/** Between two replies so many lines that answer nothing of ours are skipped; more is no conversation any more. */
const MOST_STRAYS = 16;

/** The reply to one request. */
export interface RpcReply {
  readonly doc: Readonly<Record<string, unknown>>;
  readonly error: RpcError | null;
  readonly result: unknown;
  readonly raw: Uint8Array;
  readonly repairs: Repair[];
}

/**
 * One kept connection: a request, its reply, the next request (protocols.md 5.1). Whoever opens it ends it.
 *
 * The password is used only where it is asked for: a rig that has none takes the attempt for a wrong password, and locks
 * the session that needed none (5.3).
 */
export class RpcTalk {
  readonly #stream: TcpStream;
  readonly #password: string | null;
  #asked = 0;
  #authorised = false;

  private constructor(stream: TcpStream, password: string | null) {
    this.#stream = stream;
    this.#password = password;
  }

  /** @throws HeadframeError `link/*` */
  static async open(link: TcpLink, password: string | null = null): Promise<RpcTalk> {
    if (link.open === undefined) throw new HeadframeError('internal', { detail: 'this link keeps no connection' });
    return new RpcTalk(await link.open(), password);
  }

  /**
   * Says one request and hears its reply. Where the rig wants the password it is given, and the request said again.
   * A no is in the reply, also that the password is wanted and not known.
   * @throws HeadframeError `link/*`, `protocol/*`, `usage/invalid` (see {@link encodeCall}); `auth/rejected` when the
   * password is wrong: the request was surely not obeyed
   */
  async say(call: RpcCall, options?: StreamReadOptions): Promise<RpcReply> {
    const reply = await this.#once(call, options);
    if (reply.error?.code !== '-403' || this.#password === null || this.#password === '' || this.#authorised) {
      return reply;
    }
    await this.#authorise(this.#password, options);
    return this.#once(call, options);
  }

  async #authorise(password: string, options?: StreamReadOptions): Promise<void> {
    this.#authorised = true;
    const request = 'api_authorize';
    if (!PASSWORD.test(password)) {
      const detail = 'a password of ethminer has printable characters and no spaces; it was not sent';
      throw new HeadframeError('usage/invalid', { request, detail });
    }
    // Success carries neither result nor error, though the document says true (protocols.md 5.3).
    const { error } = await this.#once({ method: request, params: { psw: password } }, options);
    if (error !== null) throw rpcRefusal(error, request);
  }

  async #once(call: RpcCall, options: StreamReadOptions = {}): Promise<RpcReply> {
    const id = this.#asked + 1;
    const request = encodeCall(id, call);
    this.#asked = id;
    await this.#stream.write(request);
    for (let strays = 0; strays <= MOST_STRAYS; strays++) {
      const raw = await this.#stream.read(lineLength, options);
      const message = decodeLine(raw, { maxBytes: options.maxBytes ?? MAX_BYTES });
      if (answers(message, id)) {
        const { doc, error, result, repairs } = message;
        return { doc, error, result, raw, repairs };
      }
      if (!isStray(message, id)) {
        const detail = `an answer to ${JSON.stringify(message.id)}, and ${id} was asked`;
        throw new HeadframeError('protocol/wrong-shape', { request: call.method, detail });
      }
    }
    throw new HeadframeError('protocol/wrong-shape', { request: call.method, detail: 'it answers nothing of ours' });
  }

  end(): void {
    this.#stream.end();
  }
}

/** --api-password: printable and without spaces (the document); it need not be ASCII. */
const PASSWORD = /^[^\s\p{C}]+$/u;

/** The reply has our id; or none, because the request could not be read (protocols.md 5.4). */
const answers = ({ id, error }: RpcMessage, asked: number): boolean => id === asked || (id === null && error !== null);

/** A notification, or the reply to something that was asked before. */
const isStray = ({ id }: RpcMessage, asked: number): boolean =>
  id === undefined || (typeof id === 'number' && id > 0 && id < asked);
