import { constants, type Http2ServerResponse, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { UniversalServerResponse } from '@connectrpc/connect/protocol';
import type { FaultedCall } from './faults/apply.ts';
import type { CallUnderWay } from './grpc-calls.ts';
import { closeLikeC } from './say.ts';
import type { Timers } from './timers.ts';

/** Where the reply of a call goes to. */
export interface CallWire {
  readonly response: Http2ServerResponse;
  /** The connection below. */
  readonly socket: Socket;
  readonly fault: FaultedCall;
}

/**
 * Writes the reply of a call: each message is asked for when the one before has left.
 * Done when the reply is over or has nobody left to read it.
 */
export async function sendReply(answer: UniversalServerResponse, call: CallUnderWay, wire: CallWire): Promise<void> {
  const { response, socket, fault } = wire;
  const { stream } = response;
  response.writeHead(answer.status, Object.fromEntries(answer.header ?? []));
  for await (const frame of answer.body ?? []) {
    const { chunks, end } = fault.frame(frame);
    for (const { bytes, afterMs } of chunks) {
      await pause(stream, afterMs, call.timers);
      if (!(await hasLeft(stream, bytes))) return;
    }
    if (end === 'fin') return closeLikeC(socket);
    if (end === 'rst') return resetConnection(socket);
  }
  if (call.breaks === 'rst') return stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  // A GOAWAY goes out, and all calls of the connection end with it.
  if (call.breaks === 'goaway') {
    stream.session?.destroy(undefined, constants.NGHTTP2_NO_ERROR);
    return;
  }
  response.addTrailers(Object.fromEntries(answer.trailer ?? []));
  if (fault.resetBehind) stream.once('close', () => resetConnection(socket));
  // A client that is still sending is told that nobody listens, once the status has gone out.
  stream.once('wantTrailers', () => {
    if (!stream.readableEnded) setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR));
  });
  response.end();
}

/** Something of HTTP in the place of gRPC's reply. */
export function sendPage(page: string, { response, socket, fault }: CallWire): void {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.write(page);
  if (fault.resetBehind) response.stream.once('close', () => resetConnection(socket));
  response.end();
}

/** A method that is not there: its status stands in the headers, which are all that comes. Not even an empty body may. */
export function sendUnimplemented(response: Http2ServerResponse): void {
  response.setHeader('content-type', 'application/grpc');
  response.setHeader('grpc-status', String(UNIMPLEMENTED));
  response.end();
}

const UNIMPLEMENTED = 12;

function resetConnection(socket: Socket): void {
  socket.resetAndDestroy();
}

/** Whether the bytes went out, which takes as long as the client takes them; false when it is gone. */
const hasLeft = (stream: ServerHttp2Stream, bytes: Uint8Array): Promise<boolean> =>
  new Promise((done) => {
    stream.write(bytes, (error) => done(!error && !stream.destroyed));
  });

/** Waits, but not for a client that is gone. */
async function pause(stream: ServerHttp2Stream, ms: number, timers: Timers): Promise<void> {
  if (ms <= 0) return;
  await new Promise<void>((done) => {
    const callOff = timers.after(ms, over);
    function over() {
      callOff();
      stream.off('close', over);
      done();
    }
    stream.once('close', over);
  });
}
