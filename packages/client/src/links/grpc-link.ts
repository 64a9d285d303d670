import type { Transport } from '@connectrpc/connect';
import { asHeadframeError, type GrpcCall, type GrpcLink, HeadframeError } from '@headframe/model';
import type { Dial } from './dial.ts';
import { GrpcConnection } from './grpc-connection.ts';
import { GrpcExchange } from './grpc-exchange.ts';
import { bytesOf, sealed, streamingMethod, unaryMethod } from './grpc-methods.ts';
import { MIB, since, sizeInWords } from './limits.ts';

const MAX_BYTES = 4 * MIB;
const MOST_BYTES = 0xffff_ffff;

/** Loaded by the first call: most machines are no reason for it. */
const library = () => Promise.all([import('@connectrpc/connect'), import('@connectrpc/connect/protocol-grpc')]);

/**
 * The link to a gRPC port: HTTP/2 without TLS, all calls of a conversation over one connection that the first one opens
 * and the end of the conversation closes.
 *
 * Rejects as {@link GrpcLink} says. A peer that speaks something else is `protocol/malformed`, a web server
 * `protocol/wrong-shape`, a call that ends without its status `link/reset` or `protocol/truncated`.
 */
export function grpcLink(dial: Dial, port: number): GrpcLink & { close(): void } {
  const connection = new GrpcConnection(dial, port);
  return {
    close: () => connection.close(),
    unary: async (call, message) => {
      const method = unaryMethod(call.method);
      const began = performance.now();
      return talk(dial, connection, call, async (exchange, transport, header) => {
        exchange.expect();
        const reply = await transport.unary(method, undefined, undefined, header, sealed(message, call.method));
        const { headers } = exchange;
        return { message: bytesOf(reply.message), headers, at: dial.clock.now(), ms: since(began) };
      });
    },
    async *stream(call, message) {
      const method = streamingMethod(call.method, 'device');
      const exchange = new GrpcExchange(dial, connection, call);
      try {
        const transport = await transportOf(exchange, call);
        const ours = only(sealed(message, call.method));
        exchange.expect();
        const response = await transport.stream(method, undefined, undefined, metadataOf(call), ours);
        const messages = response.message[Symbol.asyncIterator]();
        for (let next = await messages.next(); next.done !== true; next = await messages.next()) {
          exchange.throwIfStopped();
          exchange.rest();
          yield bytesOf(next.value);
          exchange.expect();
        }
      } catch (thrown) {
        throw await errorOf(thrown, exchange, call);
      } finally {
        exchange.settle();
      }
    },
    upload: async (call, messages, onSent) => {
      const method = streamingMethod(call.method, 'us');
      const began = performance.now();
      return talk(dial, connection, call, async (exchange, transport, header) => {
        exchange.expect();
        const ours = uploaded(messages, exchange, call, onSent);
        const response = await transport.stream(method, undefined, undefined, header, ours);
        let reply: Uint8Array | null = null;
        for await (const message of response.message) {
          if (reply !== null) throw wrongShape(exchange, 'it sends more than one reply');
          reply = bytesOf(message);
        }
        if (reply === null) throw wrongShape(exchange, 'it says OK and sends no reply');
        return { message: reply, headers: exchange.headers, at: dial.clock.now(), ms: since(began) };
      });
    },
  };
}

/** One call with one reply. */
async function talk<T>(
  dial: Dial,
  connection: GrpcConnection,
  call: GrpcCall,
  ask: (exchange: GrpcExchange, transport: Transport, header: Headers) => Promise<T>,
): Promise<T> {
  const header = metadataOf(call);
  const exchange = new GrpcExchange(dial, connection, call);
  try {
    return await ask(exchange, await transportOf(exchange, call), header);
  } catch (thrown) {
    throw await errorOf(thrown, exchange, call);
  } finally {
    exchange.settle();
  }
}

/** gRPC as the library speaks it, over our own call of HTTP/2. Nothing is compressed: a small message must not become a large one. */
async function transportOf(exchange: GrpcExchange, { maxBytes = MAX_BYTES }: GrpcCall): Promise<Transport> {
  const [, { createTransport }] = await library();
  return createTransport({
    httpClient: exchange.request,
    baseUrl: '',
    useBinaryFormat: true,
    interceptors: [],
    acceptCompression: [],
    sendCompression: null,
    compressMinBytes: MOST_BYTES,
    readMaxBytes: maxBytes,
    writeMaxBytes: MOST_BYTES,
  });
}

async function* only<T>(message: T): AsyncGenerator<T> {
  yield message;
}

/** While a message of ours is waited for, the device is not late; it is, when it does not take it. */
async function* uploaded(
  messages: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  exchange: GrpcExchange,
  call: GrpcCall,
  onSent?: (bytes: number) => void,
) {
  const source = Symbol.asyncIterator in messages ? messages[Symbol.asyncIterator]() : messages[Symbol.iterator]();
  let sent = 0;
  let isOver = false;
  try {
    for (;;) {
      exchange.rest();
      let next: IteratorResult<Uint8Array>;
      let ours: ReturnType<typeof sealed> | null = null;
      try {
        next = await source.next();
        if (next.done !== true) ours = sealed(next.value, call.method);
      } catch (thrown) {
        // It is the caller's own: nothing is wrong with the device.
        exchange.fail(asHeadframeError(thrown));
        throw thrown;
      }
      exchange.expect();
      if (next.done === true || ours === null) {
        isOver = true;
        return;
      }
      yield ours;
      sent += next.value.length;
      onSent?.(sent);
    }
  } finally {
    if (!isOver) await source.return?.();
  }
}

const METADATA_NAME = /^[\da-z_.-]+$/;
const METADATA_VALUE = /^[\x20-\x7e]*$/;

/** @throws HeadframeError `usage/invalid`, without the value: it may be a token */
function metadataOf({ metadata = {} }: GrpcCall): Headers {
  for (const [name, value] of Object.entries(metadata)) {
    if (METADATA_NAME.test(name) && METADATA_VALUE.test(value)) continue;
    throw new HeadframeError('usage/invalid', { detail: `The metadata "${name}" cannot be sent` });
  }
  return new Headers(metadata);
}

const wrongShape = ({ context }: GrpcExchange, detail: string): HeadframeError =>
  new HeadframeError('protocol/wrong-shape', { ...context, detail });

/** What ended the exchange, else what the library found in its messages. */
async function errorOf(
  thrown: unknown,
  exchange: GrpcExchange,
  { maxBytes = MAX_BYTES }: GrpcCall,
): Promise<HeadframeError> {
  const { context, error } = exchange;
  if (error !== null) return error;
  if (thrown instanceof HeadframeError) return thrown;
  const [{ Code, ConnectError }] = await library();
  const found = ConnectError.from(thrown);
  if (found.cause instanceof HeadframeError) return found.cause;
  switch (found.code) {
    case Code.ResourceExhausted:
      return new HeadframeError('link/too-large', { ...context, limit: sizeInWords(maxBytes) });
    case Code.InvalidArgument:
      return new HeadframeError('protocol/truncated', { ...context, detail: found.rawMessage });
    case Code.Unknown:
    case Code.Unimplemented:
      return wrongShape(exchange, found.rawMessage);
    case Code.Internal:
      return new HeadframeError('protocol/malformed', { ...context, detail: found.rawMessage }, found.cause);
    default:
      return asHeadframeError(thrown, context);
  }
}
