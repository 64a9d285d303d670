import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import type { GrpcKind, GrpcSaid, SimulatedDevice, SimulatedGrpcCall } from '@headframe/families/sim';
import { onTestFinished } from 'vitest';
import type { Fault } from './faults/kinds.ts';
import { type Served, serveDevice } from './serve.ts';
import type { Timers } from './timers.ts';

/*
 * A device with a few methods, and a client that is HTTP/2 and no more: frames, headers and trailers are put together
 * and taken apart here, from gRPC's own description of them.
 */

export const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
export const hex = (message: Uint8Array): string => Buffer.from(message).toString('hex');

/** A call of a test: what it says, and what happened to it. */
export interface Script extends Partial<Omit<SimulatedGrpcCall, 'closed'>> {
  readonly kind?: GrpcKind;
}

export const OK = { code: 0, message: '' };
export const said = (...messages: readonly Uint8Array[]): GrpcSaid => ({ messages, status: OK });

export interface Opened {
  readonly method: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly peer: string;
}

export interface ServedScripts {
  readonly served: Served;
  readonly port: number;
  readonly opened: Opened[];
  /** Calls that are over, by method, in that order. */
  readonly closed: string[];
  /** Done when so many calls are over. */
  until(closed: number): Promise<void>;
}

/** Serves methods of a service `test.Machine`; a call that says nothing of how it answers gives its message back. */
export async function serveScripts(
  scripts: Readonly<Record<string, Script>>,
  options: { timers?: Timers; faults?: readonly Fault[]; listening?: () => boolean } = {},
): Promise<ServedScripts> {
  const opened: Opened[] = [];
  const closed: string[] = [];
  let told = () => {};
  const full = (name: string) => `test.Machine/${name}`;
  const device: SimulatedDevice = {
    label: { family: 'test', make: 'Test', model: 'Machine', firmware: '1' },
    listening: options.listening ?? (() => true),
    grpc: {
      port: 50051,
      methods: Object.fromEntries(Object.entries(scripts).map(([name, { kind }]) => [full(name), kind ?? 'unary'])),
      open: (method, metadata, peer) => {
        opened.push({ method, metadata, peer: peer.address });
        const call = scripts[method.slice(full('').length)] ?? {};
        return {
          receive: (message) => said(message),
          ...call,
          closed: () => {
            closed.push(method);
            told();
          },
        };
      },
    },
  };
  const served = await serveDevice(device, {
    address: '127.0.0.1',
    ports: { grpc: 0 },
    clock: { now: () => 1_000_000 },
    everySecond: () => () => {},
    ...(options.timers && { timers: options.timers }),
    ...(options.faults && { faults: options.faults }),
  });
  onTestFinished(() => served.close());
  const until = async (count: number) => {
    while (closed.length < count) await new Promise<void>((done) => (told = done));
  };
  return { served, port: served.ports.grpc ?? 0, opened, closed, until };
}

export interface Reply {
  readonly headers: IncomingHttpHeaders;
  /** Nothing comes behind the headers: their frame says so itself. */
  readonly headersOnly: boolean;
  readonly trailers: IncomingHttpHeaders | null;
  /** Everything between headers and trailers. */
  readonly body: Buffer;
  /** How HTTP/2 ended the stream: 0 in order, 8 when the connection went away in the middle. */
  readonly rst: number;
}

export class Client {
  readonly session: ClientHttp2Session;
  /** The code of a GOAWAY; null until one comes. */
  goaway: number | null = null;
  /** Done when the connection is gone; the code of the system's error, if there was one. */
  readonly gone: Promise<string | null>;

  constructor(port: number) {
    this.session = connect(`http://127.0.0.1:${port}`);
    let error: string | null = null;
    this.session.on('error', (cause: NodeJS.ErrnoException) => {
      error = cause.code ?? cause.message;
    });
    this.session.on('goaway', (code) => {
      this.goaway = code;
    });
    this.gone = new Promise((done) => this.session.on('close', () => done(error)));
    onTestFinished(() => this.session.destroy());
  }

  /** Begins a call; the client has not sent anything but headers. */
  begin(method: string, headers: Readonly<Record<string, string>> = {}): ClientHttp2Stream {
    const stream = this.session.request({
      ':method': 'POST',
      ':path': `/${method.includes('/') ? method : `test.Machine/${method}`}`,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    stream.on('error', () => {});
    return stream;
  }

  /** A whole call with one message. */
  call(method: string, message: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<Reply> {
    const stream = this.begin(method, headers);
    stream.end(frame(message));
    return replyOf(stream);
  }
}

/** Not compressed, its length, and the message itself. */
export function frame(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** The messages of a body, as hex; what does not make a message is named. */
export function messagesIn(body: Buffer): string[] {
  const messages: string[] = [];
  let at = 0;
  while (at < body.length) {
    const end = at + 5 + (body.length >= at + 5 ? body.readUInt32BE(at + 1) : Number.POSITIVE_INFINITY);
    if (body[at] !== 0 || end > body.length) return [...messages, `broken: ${hex(body.subarray(at))}`];
    messages.push(hex(body.subarray(at + 5, end)));
    at = end;
  }
  return messages;
}

const END_STREAM = 1;

export function replyOf(stream: ClientHttp2Stream): Promise<Reply> {
  let headers: IncomingHttpHeaders = {};
  let headersOnly = false;
  let trailers: IncomingHttpHeaders | null = null;
  const parts: Buffer[] = [];
  stream.on('response', (got, flags) => {
    headers = got;
    headersOnly = (flags & END_STREAM) !== 0;
  });
  stream.on('trailers', (got) => {
    trailers = got;
  });
  stream.on('data', (part: Buffer) => parts.push(part));
  return new Promise((done) =>
    stream.on('close', () => done({ headers, headersOnly, trailers, body: Buffer.concat(parts), rst: stream.rstCode })),
  );
}
