import {
  constants,
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
} from 'node:http2';
import type { Socket } from 'node:net';
import { universalRequestFromNodeRequest } from '@connectrpc/connect-node';
import type { Peer, SimulatedGrpcPort } from '@headframe/families/sim';
import { type CallUnderWay, grpcHandler, withCall } from './grpc-calls.ts';
import { type CallWire, sendPage, sendReply, sendUnimplemented } from './grpc-reply.ts';
import { OpenConnections } from './open-connections.ts';
import type { TcpPortContext } from './tcp-port.ts';

/** Connections that one device takes at once, and calls beside each other on each of them. */
const MOST_CONNECTIONS = 32;
const MOST_CALLS = 100;

/**
 * The gRPC port of a device. The rules of gRPC are Connect's (grpc-calls.ts), and so is what it makes of a request of
 * Node. The listener that it has for Node, `connectNodeAdapter`, is not used: what devices and faults break (RST_STREAM,
 * GOAWAY, half a message) is below of it, it does not wait until a message has left, it counts deadlines by the real
 * time, and it prints errors. All devices share one server and one handler: a farm has a thousand.
 */
export class GrpcPort {
  #port: SimulatedGrpcPort;
  readonly #context: TcpPortContext;
  readonly #open = new OpenConnections();

  constructor(port: SimulatedGrpcPort, context: TcpPortContext) {
    this.#port = port;
    this.#context = context;
  }

  /** The program behind the port ended: its connections are gone. Another device may take its place. */
  reset(port = this.#port): void {
    this.#port = port;
    this.#open.endAll();
  }

  take(socket: Socket, peer: Peer): void {
    const fault = this.#context.fault(peer);
    if (!this.#open.admit(socket, fault, MOST_CONNECTIONS)) return;
    // HTTP/2 knows no half of a connection, and doors leave the other half open.
    socket.on('end', () => socket.destroy());
    serveSession(socket, (request, response) => this.#answer(request, peer, { response, socket, fault: fault.grpc }));
  }

  #answer(request: Http2ServerRequest, peer: Peer, wire: CallWire): void {
    const { response, fault } = wire;
    const { now, timers } = this.#context;
    const port = this.#port;
    const method = request.url.slice(1);
    response.sendDate = false;
    const kind = Object.hasOwn(port.methods, method) ? port.methods[method] : undefined;
    if (fault.page !== null || kind === undefined) {
      if (fault.page !== null) sendPage(fault.page, wire);
      else sendUnimplemented(response);
      return;
    }
    const timeoutMs = timeoutOf(request);
    const open = () => port.open(method, metadataOf(request), peer, now());
    const call: CallUnderWay = { kind, open, now, timers, timeoutMs, breaks: null };
    // A request that HTTP itself does not allow, such as one without an authority, is all that can fail here.
    answer(request, call, wire).catch(() => response.stream.close(constants.NGHTTP2_PROTOCOL_ERROR));
  }
}

async function answer(request: Http2ServerRequest, call: CallUnderWay, wire: CallWire): Promise<void> {
  const asked = universalRequestFromNodeRequest(request, undefined, withCall(call));
  // The simulator counts it by its own timers; one that it cannot read is left for Connect to refuse.
  if (call.timeoutMs !== null) asked.header.delete(TIMEOUT);
  await sendReply(await grpcHandler(asked), call, wire);
}

const TIMEOUT = 'grpc-timeout';
const MS_PER_UNIT: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** How long the client waits, ms: up to eight digits and a unit. */
function timeoutOf({ headers }: Http2ServerRequest): number | null {
  const [, digits, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(String(headers[TIMEOUT] ?? '')) ?? [];
  return digits === undefined ? null : Math.ceil(Number(digits) * (MS_PER_UNIT[unit] ?? 0));
}

const metadataOf = ({ headers }: Http2ServerRequest): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !name.startsWith(':'))
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );

type Answer = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** The devices behind the sessions of the one server. */
const owners = new WeakMap<Http2Session, Answer>();
let shared: Http2Server | undefined;

function server(): Http2Server {
  shared ??= createServer({ settings: { maxConcurrentStreams: MOST_CALLS } }, (request, response) => {
    const { session } = request.stream;
    const owner = session === undefined ? undefined : owners.get(session);
    owner?.(request, response);
    // What is not HTTP/2, and what ends in the middle: the session is gone by then.
  }).on('sessionError', () => {});
  return shared;
}

/** HTTP/2 on a connection that was accepted elsewhere. */
function serveSession(socket: Socket, owner: Answer): void {
  const own = (session: Http2Session) => owners.set(session, owner);
  server().once('session', own).emit('connection', socket);
  // The session begins within that call, or not at all.
  server().off('session', own);
}
