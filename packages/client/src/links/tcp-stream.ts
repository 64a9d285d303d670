import { connect } from 'node:net';
import { HeadframeError, printable, type StreamReadOptions, type TcpStream } from '@headframe/model';
import { formatAddress } from '../address.ts';
import { type StopReason, stoppedBefore } from './deadline.ts';
import type { Dial } from './dial.ts';
import { MIB, since, sizeInWords } from './limits.ts';
import { linkError } from './link-errors.ts';

/** A piece of what is written: small enough that its progress can be seen. */
const PIECE_BYTES = 64 * 1024;

/**
 * Opens a connection that is kept for several messages. Every read and write has its own limit, and the deadline of the
 * conversation is over them all.
 *
 * Rejects with the `link/*` classes; so do reads and writes on it.
 */
export function openStream(dial: Dial, port: number): Promise<TcpStream> {
  const { host, deadline, limits } = dial;
  const address = formatAddress(host, port);
  if (deadline.stopped !== null) return Promise.reject(stoppedBefore(deadline, deadline.stopped, address));
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const socket = connect({ host, port, allowHalfOpen: true });
    const fail = (error: HeadframeError): void => {
      clearTimeout(limit);
      deadline.unwatch(stop);
      socket.destroy();
      reject(error);
    };
    const late = () => fail(new HeadframeError('link/timed-out-connecting', { address, afterMs: since(began) }));
    const stop = (reason: StopReason) =>
      reason === 'late' ? late() : fail(new HeadframeError('link/cancelled', { address }));
    const limit = setTimeout(late, limits.connectMs);
    const refused = (error: Error) => fail(linkError(error, false, { address }));
    deadline.watch(stop);
    socket.once('error', refused);
    socket.once('connect', () => {
      clearTimeout(limit);
      deadline.unwatch(stop);
      socket.off('error', refused);
      resolve(new OpenStream(socket, dial, address));
    });
  });
}

/** Who waits for bytes. */
interface Reader {
  /** Looks whether there is enough now. */
  readonly look: () => void;
  readonly fail: (error: HeadframeError) => void;
}

class OpenStream implements TcpStream {
  readonly #socket: ReturnType<typeof connect>;
  readonly #dial: Dial;
  readonly #address: string;
  #bytes: Buffer = Buffer.alloc(0);
  /** Why nothing more will come; null while the connection stands. */
  #over: HeadframeError | null = null;
  #ended = false;
  #reader: Reader | null = null;

  constructor(socket: ReturnType<typeof connect>, dial: Dial, address: string) {
    this.#socket = socket;
    this.#dial = dial;
    this.#address = address;
    const stop = (reason: StopReason) => {
      const code = reason === 'late' ? 'link/timed-out-waiting' : 'link/cancelled';
      this.#break(new HeadframeError(code, { address, afterMs: dial.deadline.limitMs, bytes: this.#bytes.length }));
    };
    dial.deadline.watch(stop);
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
      // Nobody reads: what a device sends unasked must not fill our memory.
      if (this.#reader === null && this.#bytes.length > MIB) socket.pause();
      this.#reader?.look();
    });
    socket.on('end', () => {
      this.#ended = true;
      this.#reader?.look();
    });
    socket.on('error', (error) => this.#break(linkError(error, true, { address, bytes: this.#bytes.length })));
    socket.on('close', () => {
      dial.deadline.unwatch(stop);
      this.#break(new HeadframeError('link/reset', { address, detail: 'the connection is closed' }));
    });
  }

  #break(error: HeadframeError): void {
    this.#over ??= error;
    this.#socket.destroy();
    this.#reader?.fail(this.#over);
  }

  read(
    frame: (bytes: Uint8Array, ended: boolean) => number | null,
    options: StreamReadOptions = {},
  ): Promise<Uint8Array> {
    const { maxBytes = MIB, replyMs = this.#dial.limits.replyMs } = options;
    const address = this.#address;
    return new Promise((resolve, reject) => {
      const began = performance.now();
      const settle = (): void => {
        clearTimeout(limit);
        this.#reader = null;
      };
      const fail = (error: HeadframeError): void => {
        settle();
        reject(error);
      };
      const late = (): void => {
        const bytes = this.#bytes.length;
        const firstBytes = bytes === 0 ? {} : { firstBytes: printable(this.#bytes) };
        const error = new HeadframeError('link/timed-out-waiting', {
          address,
          afterMs: since(began),
          bytes,
          ...firstBytes,
        });
        this.#break(error);
      };
      const look = (): void => {
        let length: number | null;
        try {
          length = frame(this.#bytes, this.#ended);
        } catch (error) {
          this.#break(error as HeadframeError);
          return;
        }
        if (length !== null && length <= this.#bytes.length) {
          const message = this.#bytes.subarray(0, length);
          this.#bytes = this.#bytes.subarray(length);
          settle();
          resolve(message);
        } else if (this.#bytes.length > maxBytes || (length ?? 0) > maxBytes) {
          this.#break(new HeadframeError('link/too-large', { address, limit: sizeInWords(maxBytes) }));
        } else if (this.#ended) {
          this.#break(
            this.#bytes.length === 0
              ? new HeadframeError('link/closed-empty', { address })
              : new HeadframeError('protocol/truncated', { address, bytes: this.#bytes.length }),
          );
        } else this.#socket.resume();
      };
      const limit = setTimeout(late, replyMs);
      this.#reader = { look, fail };
      if (this.#over === null) look();
      else fail(this.#over);
    });
  }

  async write(bytes: Uint8Array, onSent?: (sent: number, of: number) => void): Promise<void> {
    for (let sent = 0; sent < bytes.length; ) {
      if (this.#over !== null) throw this.#over;
      const piece = bytes.subarray(sent, sent + PIECE_BYTES);
      await new Promise<void>((resolve, reject) => {
        this.#socket.write(piece, (error) =>
          error ? reject(this.#over ?? linkError(error, true, { address: this.#address })) : resolve(),
        );
      });
      sent += piece.length;
      onSent?.(sent, bytes.length);
    }
  }

  end(): void {
    this.#over ??= new HeadframeError('link/reset', { address: this.#address, detail: 'the connection is closed' });
    this.#socket.destroy();
  }
}
