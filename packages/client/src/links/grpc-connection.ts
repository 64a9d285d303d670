import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { HeadframeError } from '@headframe/model';
import { formatAddress } from '../address.ts';
import { type StopReason, stoppedBefore } from './deadline.ts';
import type { Dial } from './dial.ts';
import { since } from './limits.ts';
import { linkError } from './link-errors.ts';

/** A connection that is open. */
interface Open {
  readonly session: ClientHttp2Session;
  readonly socket: Socket;
  /** The device said that it takes no new calls here (GOAWAY); those that run may end. */
  leaving: boolean;
}

/** A call on it. */
export interface OpenCall {
  readonly stream: ClientHttp2Stream;
  /** How many bytes have come over the connection, ever. */
  readonly bytesRead: () => number;
}

/**
 * The HTTP/2 connection of one conversation, without TLS: opened by the first call, and again by the next one where the
 * device closed it in between. The conversation closes it, whatever ends that.
 */
export class GrpcConnection {
  readonly address: string;
  readonly #dial: Dial;
  readonly #port: number;
  #opening: Promise<Open> | null = null;
  /** All that are not closed: one, or a leaving one beside it. */
  readonly #open = new Set<Open>();
  #isOver = false;

  constructor(dial: Dial, port: number) {
    this.#dial = dial;
    this.#port = port;
    this.address = formatAddress(dial.host, port);
    dial.deadline.atEnd(() => this.close());
  }

  /** The conversation is over: nothing can be asked any more, and what still ran was ended by us. */
  get isOver(): boolean {
    return this.#isOver;
  }

  close(): void {
    this.#isOver = true;
    for (const open of this.#open) destroy(open);
  }

  /** Rejects with `link/*`: it cannot be opened, or the conversation is over. */
  async call(method: string, headers: Readonly<Record<string, string>>): Promise<OpenCall> {
    const { session, socket } = await this.#opened();
    const stream = session.request({
      ':method': 'POST',
      ':path': `/${method}`,
      ':scheme': 'http',
      ':authority': this.address,
      ...headers,
    });
    return { stream, bytesRead: () => socket.bytesRead };
  }

  async #opened(): Promise<Open> {
    for (;;) {
      const { deadline } = this.#dial;
      if (deadline.stopped !== null) throw stoppedBefore(deadline, deadline.stopped, this.address);
      if (this.#isOver) throw conversationOver(this.address);
      const opening = this.#opening ?? this.#connect();
      this.#opening = opening;
      const forget = () => {
        if (this.#opening === opening) this.#opening = null;
      };
      let open: Open;
      try {
        open = await opening;
      } catch (error) {
        forget();
        throw error;
      }
      if (!open.leaving && !open.session.closed && !open.session.destroyed) return open;
      forget();
    }
  }

  #connect(): Promise<Open> {
    const { host, deadline, limits } = this.#dial;
    const { address } = this;
    return new Promise((resolve, reject) => {
      const began = performance.now();
      const socket = connect({ host, port: this.#port });
      // The name is never looked up here: the socket is ours, and each call says its own authority.
      const session = connectHttp2('http://device', {
        createConnection: () => socket,
        settings: { enablePush: false },
      });
      const open: Open = { session, socket, leaving: false };
      this.#open.add(open);
      const settle = (): void => {
        clearTimeout(limit);
        deadline.unwatch(stop);
      };
      const fail = (error: HeadframeError): void => {
        settle();
        destroy(open);
        reject(error);
      };
      const late = () => fail(new HeadframeError('link/timed-out-connecting', { address, afterMs: since(began) }));
      const stop = (reason: StopReason) =>
        reason === 'late' ? late() : fail(new HeadframeError('link/cancelled', { address }));
      const limit = setTimeout(late, limits.connectMs);
      deadline.watch(stop);
      // Once it is open each call has the error too, and tells it.
      session.on('error', (error) => fail(linkError(error, false, { address })));
      session.on('goaway', () => {
        open.leaving = true;
      });
      session.once('close', () => {
        settle();
        this.#open.delete(open);
        reject(conversationOver(address));
      });
      session.once('connect', () => {
        settle();
        resolve(open);
      });
    });
  }
}

/** What a call says that our own end of the conversation cut off. */
export const conversationOver = (address: string): HeadframeError =>
  new HeadframeError('link/reset', { address, detail: 'the conversation is over' });

/** A session waits for a connection attempt to end by itself: it is not asked. */
function destroy({ session, socket }: Open): void {
  if (socket.connecting) socket.destroy();
  session.destroy();
}
