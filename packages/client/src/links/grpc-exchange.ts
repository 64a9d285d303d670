import { Buffer } from 'node:buffer';
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import type { UniversalClientFn } from '@connectrpc/connect/protocol';
import { asHeadframeError, type ErrorContext, type GrpcCall, HeadframeError } from '@headframe/model';
import type { StopReason } from './deadline.ts';
import type { Dial } from './dial.ts';
import { conversationOver, type GrpcConnection } from './grpc-connection.ts';
import { type SaidStatus, statusIn } from './grpc-status.ts';
import { errnoOf, linkError } from './link-errors.ts';

/** What may wait for a reader; behind it the flow control of HTTP/2 stops the sender. */
const MOST_WAITING = 64 * 1024;

/** Error codes of HTTP/2 by their number (RFC 9113, 7). */
const RESETS = [
  ...['NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT', 'STREAM_CLOSED'],
  ...['FRAME_SIZE_ERROR', 'REFUSED_STREAM', 'CANCEL', 'COMPRESSION_ERROR', 'CONNECT_ERROR', 'ENHANCE_YOUR_CALM'],
  ...['INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED'],
];

/**
 * One call as HTTP/2 sees it: a request and a response, each a stream of bytes, and the status at the end. The library
 * has what is gRPC about it. What came before a connection broke is delivered before the error is; a deadline, a
 * cancellation and our own limit end it at once.
 */
export class GrpcExchange {
  readonly context: ErrorContext;
  /** Of the response; empty before it has begun. */
  headers: Readonly<Record<string, string>> = {};
  readonly #dial: Dial;
  readonly #connection: GrpcConnection;
  readonly #call: GrpcCall;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #stream: ClientHttp2Stream | null = null;
  /** How it ended; null while it runs. */
  #end: SaidStatus | null = null;
  /** It was ended by us: what waits is of no use any more. */
  #isStopped = false;
  #hasResponse = false;
  #wake: (() => void) | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isTimed = false;

  constructor(dial: Dial, connection: GrpcConnection, call: GrpcCall) {
    this.#dial = dial;
    this.#connection = connection;
    this.#call = call;
    this.context = { address: connection.address, request: call.method };
    dial.deadline.watch(this.#stop);
  }

  /** Why it ended before its time; null while it runs, or where it ended well. */
  get error(): HeadframeError | null {
    return this.#end?.error ?? null;
  }

  /** @throws HeadframeError its deadline is over, it was cancelled, or it took too long */
  throwIfStopped(): void {
    if (this.#isStopped && this.error !== null) throw this.error;
  }

  /** From now on the device is waited for: a reply, a message, or that it takes one of ours. */
  expect(): void {
    this.#isTimed = true;
    clearTimeout(this.#timer);
    // The limit of the connection attempt is its own.
    if (this.#stream === null) return;
    const { replyMs = this.#dial.limits.replyMs } = this.#call;
    this.#timer = setTimeout(() => this.#late(replyMs), replyMs);
  }

  /** The device is not waited for: somebody else has to move first. */
  rest(): void {
    this.#isTimed = false;
    clearTimeout(this.#timer);
  }

  /** Ends it if it runs still, and releases what it holds. */
  settle(): void {
    this.rest();
    this.#dial.deadline.unwatch(this.#stop);
    this.#abandon();
  }

  /** Ends it. */
  fail(error: HeadframeError): void {
    if (this.#end !== null) return;
    this.#end = { error };
    this.#isStopped = true;
    this.#abandon();
    this.#wake?.();
  }

  readonly request: UniversalClientFn = async ({ header, body, signal }) => {
    const { stream, bytesRead } = await this.#connection.call(this.#call.method, Object.fromEntries(header));
    this.#stream = stream;
    this.#listen(stream, bytesRead);
    signal?.addEventListener('abort', () => this.#abandon(), { once: true });
    if (signal?.aborted === true || this.#end !== null) this.#abandon();
    if (this.#isTimed) this.expect();
    void this.#send(stream, body);
    while (!this.#hasResponse) {
      if (this.error !== null) throw this.error;
      await this.#somethingNew();
    }
    // Where there is no body, the status stands in the headers.
    const said = statusIn(this.headers, this.#call.metadata ?? {}, this.context);
    if (said !== null) this.#end ??= said;
    if (this.error !== null) throw this.error;
    return { status: 200, header: new Headers(known(this.headers)), body: this.#body(stream), trailer: OK };
  };

  async *#body(stream: ClientHttp2Stream): AsyncGenerator<Uint8Array> {
    for (;;) {
      this.throwIfStopped();
      if (this.#waiting.length > 0) {
        const [first] = this.#waiting;
        const bytes = this.#waiting.length === 1 && first !== undefined ? first : Buffer.concat(this.#waiting);
        this.#waiting.length = 0;
        this.#waitingBytes = 0;
        yield bytes;
      } else if (this.#end === null) {
        stream.resume();
        await this.#somethingNew();
      } else {
        if (this.error !== null) throw this.error;
        return;
      }
    }
  }

  /** Its pieces are asked for when the one before has left. */
  async #send(stream: ClientHttp2Stream, body: AsyncIterable<Uint8Array> | undefined): Promise<void> {
    try {
      for await (const bytes of body ?? []) {
        if (stream.closed) return;
        await new Promise<void>((resolve) => stream.write(bytes, () => resolve()));
      }
      if (!stream.closed) stream.end();
    } catch (thrown) {
      this.fail(asHeadframeError(thrown, this.context));
    }
  }

  #listen(stream: ClientHttp2Stream, bytesRead: () => number): void {
    let trailers: Readonly<Record<string, string>> = {};
    let why: Error | null = null;
    const keep = (bytes: Uint8Array): void => {
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
    };
    const over = (end: SaidStatus): void => {
      this.#end ??= end;
      this.#wake?.();
    };
    const said = () => statusIn(trailers, this.#call.metadata ?? {}, this.context);
    stream.on('response', (headers) => {
      this.headers = plain(headers);
      const strange = strangeness(headers, this.context);
      if (strange !== null) {
        this.fail(strange);
        return;
      }
      this.#hasResponse = true;
      stream.on('data', (bytes: Uint8Array) => {
        keep(bytes);
        if (this.#waitingBytes >= MOST_WAITING) stream.pause();
        // Later: what else lies in the same packet comes along.
        if (this.#waiting.length === 1) setImmediate(() => this.#wake?.());
      });
      this.#wake?.();
    });
    stream.on('trailers', (headers: IncomingHttpHeaders) => {
      trailers = plain(headers);
    });
    stream.on('end', () => {
      const status = said();
      if (status !== null) over(status);
    });
    stream.on('error', (error: Error) => {
      why = error;
    });
    // The last word: without a status it is none of the device's.
    stream.on('close', () => {
      for (let rest: unknown = stream.read(); rest instanceof Uint8Array; rest = stream.read()) keep(rest);
      const cut = () =>
        this.#connection.isOver
          ? conversationOver(this.#connection.address)
          : broken(why, stream, bytesRead(), this.context);
      if (this.#end === null) over(said() ?? { error: cut() });
    });
  }

  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }

  readonly #stop = (reason: StopReason): void => {
    if (reason === 'late') this.#late(this.#dial.deadline.limitMs);
    else this.fail(new HeadframeError('link/cancelled', this.context));
  };

  #late(afterMs: number): void {
    this.fail(new HeadframeError('link/timed-out-waiting', { ...this.context, afterMs }));
  }

  /** Tells the device that nobody listens any more; no word where it is over for both. */
  #abandon(): void {
    const stream = this.#stream;
    if (stream === null || stream.closed || (this.#end !== null && !this.#isStopped && stream.writableEnded)) return;
    stream.close(constants.NGHTTP2_CANCEL);
  }
}

/** The status has been read where the library looks for it. */
const OK = new Headers({ 'grpc-status': '0' });

/** What the library reads of the headers of a response. */
const known = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    ['content-type', 'grpc-encoding'].flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Repeated ones joined, those of HTTP/2 itself left out. A Map in between: a header may be called `__proto__`. */
function plain(headers: IncomingHttpHeaders): Record<string, string> {
  const flat = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':') || value === undefined) continue;
    flat.set(name, typeof value === 'string' ? value : value.join(', '));
  }
  return Object.fromEntries(flat);
}

/** Why this is no response of gRPC; null: it is one. */
function strangeness(headers: IncomingHttpHeaders, context: ErrorContext): HeadframeError | null {
  const status = headers[':status'] as unknown;
  const type = headers['content-type'] ?? '';
  if (Number(status) === 200 && /^application\/grpc(?:\+proto)?(?:;|$)/i.test(type)) return null;
  const detail = `it answers with HTTP status ${String(status)} and not in gRPC`;
  return new HeadframeError('protocol/wrong-shape', { ...context, detail });
}

/** Why a call ended without its status. */
function broken(
  error: Error | null,
  stream: ClientHttp2Stream,
  bytes: number,
  context: ErrorContext,
): HeadframeError | null {
  const code = error === null ? '' : errnoOf(error);
  if (code === 'ERR_HTTP2_ERROR') {
    const detail = `it does not speak HTTP/2 (${error?.message})`;
    return new HeadframeError('protocol/malformed', { ...context, bytes, detail }, error);
  }
  if (error !== null && !code.startsWith('ERR_')) {
    const reset = linkError(error, true, { ...context, bytes });
    // Closed or reset without a byte: which of the two is a matter of timing, as on all links.
    return reset.code === 'link/reset' && bytes === 0 ? new HeadframeError('link/closed-empty', context, error) : reset;
  }
  if (bytes === 0) return new HeadframeError('link/closed-empty', context, error ?? undefined);
  const number = stream.rstCode ?? 0;
  if (error === null && number === 0) return new HeadframeError('protocol/truncated', { ...context, bytes });
  const detail = `it ended the call (${RESETS[number] ?? number})`;
  return new HeadframeError('link/reset', { ...context, bytes, detail }, error ?? undefined);
}
