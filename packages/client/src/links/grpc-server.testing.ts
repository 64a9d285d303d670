import { createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { tcpServer } from './loopback.testing.ts';

/*
 * The device's end of gRPC, made by hand of HTTP/2 (grpc/doc/PROTOCOL-HTTP2.md): each message behind a flag and four
 * bytes of length, and the status in the trailers.
 */

/** A message as it stands on the wire. */
export function framed(message: Uint8Array | string): Buffer {
  const bytes = Buffer.from(message);
  const length = Buffer.alloc(5);
  length.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([length, bytes]);
}

/** So many turns of the event loop: what has come by then has been seen. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** The messages in what came. */
export function unframed(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt32BE(at + 1)) {
    messages.push(bytes.subarray(at + 5, at + 5 + bytes.readUInt32BE(at + 1)));
  }
  return messages;
}

const HEADERS = { ':status': 200, 'content-type': 'application/grpc' };

/** One call, as the device sees it. */
export class Called {
  readonly headers: IncomingHttpHeaders;
  readonly stream: ServerHttp2Stream;
  readonly #came: Promise<Buffer>;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    this.stream = stream;
    this.headers = headers;
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    this.#came = new Promise((resolve) => {
      stream.on('end', () => resolve(Buffer.concat(parts)));
      stream.on('close', () => resolve(Buffer.concat(parts)));
    });
  }

  get method(): string {
    return String(this.headers[':path']).slice(1);
  }

  /** All that the client says, when it has said it. */
  async said(): Promise<Buffer[]> {
    return unframed(await this.#came);
  }

  begin(headers: Record<string, string> = {}): ServerHttp2Stream {
    this.stream.respond({ ...HEADERS, ...headers }, { waitForTrailers: true });
    return this.stream;
  }

  /** Messages, and the status. */
  answer(messages: readonly (Uint8Array | string)[], trailers: Record<string, string> = {}): void {
    if (!this.stream.headersSent) this.begin();
    this.stream.on('wantTrailers', () => this.stream.sendTrailers({ 'grpc-status': '0', ...trailers }));
    this.stream.end(Buffer.concat(messages.map(framed)));
  }

  /** A status and nothing else. */
  refuse(status: string, message?: string): void {
    const text = message === undefined ? {} : { 'grpc-message': message };
    this.stream.respond({ ...HEADERS, 'grpc-status': status, ...text }, { endStream: true });
  }
}

export interface GrpcServer {
  readonly port: number;
  /** Every connection there ever was. */
  readonly sessions: readonly ServerHttp2Session[];
  /** Resolves when none of them is open any more. */
  readonly allClosed: () => Promise<void>;
}

/** A gRPC server on loopback for one test. */
export async function grpcServer(onCall: (call: Called) => void, host = '127.0.0.1', port = 0): Promise<GrpcServer> {
  const sessions: ServerHttp2Session[] = [];
  const server = createServer();
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => {});
  });
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {});
    onCall(new Called(stream, headers));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.destroy();
      }),
  );
  const allClosed = async () => {
    const open = sessions.filter((session) => !session.destroyed);
    await Promise.all(open.map((session) => new Promise<void>((resolve) => session.once('close', () => resolve()))));
  };
  return { port: (server.address() as AddressInfo).port, sessions, allClosed };
}

const TYPE = { data: 0, headers: 1, reset: 3, settings: 4, goaway: 7 } as const;

/** A frame of HTTP/2 (RFC 9113, 4.1). */
export function frame(type: keyof typeof TYPE, stream: number, payload: Uint8Array | string = '', flags = 0): Buffer {
  const bytes = Buffer.from(payload);
  const head = Buffer.alloc(9);
  head.writeUIntBE(bytes.length, 0, 3);
  head.writeUInt8(TYPE[type], 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, bytes]);
}

export const number32 = (...numbers: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [i, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * i);
  return bytes;
};

/** `:status: 200` by its index, `content-type` (31) with a literal value (RFC 7541, 6.1, 6.2.2, A). */
const RESPONSE = Buffer.concat([Buffer.from([0x88, 0x0f, 0x10, 16]), Buffer.from('application/grpc')]);
const END_HEADERS = 4;

/**
 * A device that speaks HTTP/2 in frames of our own making: its response to the first call begins, and these follow.
 * @param then what the connection does behind them; nothing if absent
 */
export function frameServer(frames: readonly Buffer[], then: (socket: Socket) => void = () => {}): Promise<number> {
  return tcpServer((socket) => {
    let came = Buffer.alloc(0);
    const onData = (bytes: Buffer): void => {
      came = Buffer.concat([came, bytes]);
      // The first call is there when its empty path of frames is: its headers have a type of their own.
      if (!hasFrame(came, TYPE.headers)) return;
      socket.off('data', onData);
      socket.resume();
      const settings = [frame('settings', 0), frame('settings', 0, '', 1)];
      socket.write(Buffer.concat([...settings, frame('headers', 1, RESPONSE, END_HEADERS), ...frames]), () =>
        then(socket),
      );
    };
    socket.on('data', onData);
  });
}

const PREFACE_BYTES = 24;

function hasFrame(bytes: Buffer, type: number): boolean {
  for (let at = PREFACE_BYTES; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
    if (bytes.readUInt8(at + 3) === type) return true;
  }
  return false;
}
