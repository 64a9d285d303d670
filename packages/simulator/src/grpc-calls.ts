import {
  create,
  createFileRegistry,
  type DescMessage,
  type DescMethodBiDiStreaming,
  type Message,
  toBinary,
} from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { EmptySchema, FileDescriptorProtoSchema, file_google_protobuf_empty } from '@bufbuild/protobuf/wkt';
import type { ContextValues, HandlerContext } from '@connectrpc/connect';
import { Code, ConnectError, createConnectRouter, createContextKey, createContextValues } from '@connectrpc/connect';
import type { UniversalHandler } from '@connectrpc/connect/protocol';
import type { GrpcKind, SimulatedGrpcCall } from '@headframe/families/sim';
import type { Timers } from './timers.ts';

/*
 * The calls of every simulated gRPC port, as one handler of Connect: it knows gRPC's framing, headers and status, the
 * device knows the messages. To Connect all of them are one method that takes and gives `google.protobuf.Empty`: its
 * fields are all unknown and therefore kept byte for byte. How a method talks is looked at here.
 */

/** The largest message that is taken, bytes: what gRPC servers take unless they are told otherwise. */
const MOST_MESSAGE_BYTES = 4 << 20;

/** One call on its way, as the port sees it. */
export interface CallUnderWay {
  readonly kind: GrpcKind;
  readonly open: () => SimulatedGrpcCall;
  readonly now: () => number;
  readonly timers: Timers;
  /** How long the client waits for it, ms; null: for ever. */
  readonly timeoutMs: number | null;
  /** Set when the device breaks it off: no status is sent then. */
  breaks: 'rst' | 'goaway' | null;
}

const UNDER_WAY = createContextKey<CallUnderWay | null>(null);

/** What {@link grpcHandler} has to be given beside the request. */
export const withCall = (call: CallUnderWay): ContextValues => createContextValues().set(UNDER_WAY, call);

/** The handler of all calls. */
export const grpcHandler: UniversalHandler = handlerOf(rawMethod());

function rawMethod(): DescMethodBiDiStreaming {
  const empty = `.${EmptySchema.typeName}`;
  const call = { name: 'Call', inputType: empty, outputType: empty, clientStreaming: true, serverStreaming: true };
  const file = create(FileDescriptorProtoSchema, {
    name: 'raw.proto',
    syntax: 'proto3',
    dependency: [file_google_protobuf_empty.proto.name],
    service: [{ name: 'Raw', method: [call] }],
  });
  const method = createFileRegistry(file, () => file_google_protobuf_empty.proto).getService('Raw')?.methods[0];
  // Both ends stream: it says so a few lines above.
  return method as DescMethodBiDiStreaming;
}

function handlerOf(method: DescMethodBiDiStreaming): UniversalHandler {
  // Compression is not offered: a request that is compressed all the same is UNIMPLEMENTED, as the rules of gRPC say.
  const router = createConnectRouter({ grpcWeb: false, connect: false, readMaxBytes: MOST_MESSAGE_BYTES });
  const [handler] = router.rpc(method, talk).handlers;
  if (handler === undefined) throw new TypeError('no handler for the method');
  return handler;
}

/** What a call has to react to. */
type Happening =
  | { readonly is: 'message'; readonly message: Uint8Array }
  | { readonly is: 'end' | 'tick' | 'gone' }
  | { readonly is: 'failure'; readonly cause: unknown };

/**
 * The conversation of one call. It goes on once what was said has left: a slow reader slows the device, and one message
 * waits at most.
 */
async function* talk(requests: AsyncIterable<Message>, context: HandlerContext): AsyncGenerator<Message> {
  const under = context.values.get(UNDER_WAY);
  if (under === null) throw new ConnectError('not a call of a simulated device', Code.Internal);
  const { timers, now, timeoutMs } = under;
  const happenings = queueOf<Happening>();
  const gone = () => happenings.put({ is: 'gone' });
  context.signal.addEventListener('abort', gone, { once: true });
  const late = { is: 'failure', cause: new ConnectError('deadline exceeded', Code.DeadlineExceeded) } as const;
  const callOffDeadline = timeoutMs === null ? null : timers.after(timeoutMs, () => happenings.put(late));
  let callOffTick: (() => void) | null = null;
  const tickAfter = (ms: number) => timers.after(ms, () => happenings.put({ is: 'tick' }));
  const listen = ears(requests, under.kind, happenings.put);
  const call = under.open();
  try {
    listen();
    for (;;) {
      const happening = await happenings.next();
      if (happening.is === 'gone') return;
      if (happening.is === 'failure') throw happening.cause;
      const said = tell(call, happening, now());
      for (const [name, value] of Object.entries(said?.headers ?? {})) context.responseHeader.set(name, value);
      for (const message of said?.messages ?? []) yield asMessage(message);
      under.breaks = said?.breaks ?? null;
      if (under.breaks !== null || said?.status?.code === 0) return;
      if (said?.status !== undefined) throw new ConnectError(said.status.message, said.status.code);
      if (happening.is === 'message') listen();
      // A stream that goes on by itself begins to do so with the first message that it was sent.
      const ticks = happening.is === 'tick' || (happening.is === 'message' && callOffTick === null);
      if (ticks && call.everyMs !== undefined) callOffTick = tickAfter(call.everyMs);
    }
  } finally {
    context.signal.removeEventListener('abort', gone);
    callOffDeadline?.();
    callOffTick?.();
    call.closed?.();
  }
}

function tell(call: SimulatedGrpcCall, happening: Happening, now: number) {
  if (happening.is === 'message') return call.receive(happening.message, now);
  return happening.is === 'end' ? call.end?.(now) : call.next?.(now);
}

/** Listens for the next message each time it is called: what a client sends meanwhile waits with the client. */
function ears(requests: AsyncIterable<Message>, kind: GrpcKind, put: (happening: Happening) => void): () => void {
  const messages = requests[Symbol.asyncIterator]();
  const onlyOne = kind === 'unary' || kind === 'server-stream';
  let heard = false;
  const next = async (): Promise<Happening> => {
    const { done, value } = await messages.next();
    // Other than one message where one is due is UNIMPLEMENTED in the table of gRPC's own status codes.
    if (done) {
      if (onlyOne && !heard) throw new ConnectError('no message in the request', Code.Unimplemented);
      return { is: 'end' };
    }
    heard = true;
    if (onlyOne && (await messages.next()).done !== true) {
      throw new ConnectError('more than one message in the request', Code.Unimplemented);
    }
    return { is: 'message', message: toBinary<DescMessage>(EmptySchema, value) };
  };
  return () => void next().then(put, (cause: unknown) => put({ is: 'failure', cause }));
}

/**
 * The bytes of a message as one unknown field: only the tag in front is looked at, and what stands behind may be no
 * message at all. Bytes that do not begin with a tag cannot be said; the call is INTERNAL then.
 */
function asMessage(bytes: Uint8Array): Message {
  const message = create(EmptySchema);
  if (bytes.length === 0) return message;
  const reader = new BinaryReader(bytes);
  const tag = reader.uint32();
  message.$unknown = [{ no: tag >>> 3, wireType: tag & 7, data: bytes.subarray(reader.pos) }];
  return message;
}

function queueOf<T>(): { readonly put: (one: T) => void; readonly next: () => Promise<T> } {
  const waiting: T[] = [];
  let wake = () => {};
  return {
    put: (one) => {
      waiting.push(one);
      wake();
    },
    next: async () => {
      for (;;) {
        const one = waiting.shift();
        if (one !== undefined) return one;
        await new Promise<void>((woken) => {
          wake = woken;
        });
      }
    },
  };
}
