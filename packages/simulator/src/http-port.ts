import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Peer, SimulatedHttpPort, SimulatedHttpReply } from '@headframe/families/sim';
import type { FaultedConnection } from './faults/apply.ts';
import { ownPage } from './own-page.ts';
import { closeLikeC, say } from './say.ts';
import type { Timers } from './timers.ts';
import { serveFeed } from './web-socket-feed.ts';

/** How much of a request is taken; what is larger gets 413. In bytes. */
export interface BodyLimits {
  readonly plain: number;
  /** The largest thing that is sent to a miner in earnest is a firmware file: a form with a file, or nothing but bytes. */
  readonly file: number;
  /** What all files that are on their way take together beyond `plain` each, whatever device they go to. */
  readonly files: number;
}

const LIMITS: BodyLimits = { plain: 1 << 20, file: 64 << 20, files: 256 << 20 };
const FILE = /^(?:multipart\/form-data|application\/octet-stream)\b/i;
/** The slowest answer of a real device takes half a minute (`set_miner_conf.cgi`, `protocols.md` 2.4). */
const IDLE_LIMIT_MS = 120_000;
/** Connections that one device takes at once; miners run small web servers. */
const MOST_CONNECTIONS = 32;

export interface HttpPortContext {
  readonly now: () => number;
  readonly timers: Timers;
  readonly fault: (peer: Peer) => FaultedConnection;
  /** A folder with a built web page that stands in front of the device's own. */
  readonly www?: string | undefined;
}

/** The HTTP port of a device. All of them share one parser: a farm has a thousand. */
export class HttpPort {
  #port: SimulatedHttpPort;
  readonly #context: HttpPortContext;
  readonly #limits: BodyLimits;
  #open = 0;

  constructor(port: SimulatedHttpPort, context: HttpPortContext, limits = LIMITS) {
    this.#port = port;
    this.#context = context;
    this.#limits = limits;
  }

  /** The device was replaced: it rebooted. */
  replace(port: SimulatedHttpPort): void {
    this.#port = port;
  }

  take(socket: Socket, peer: Peer): void {
    const fault = this.#context.fault(peer);
    if (this.#open >= MOST_CONNECTIONS) return void socket.destroy();
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_LIMIT_MS, () => socket.destroy());
    if (fault.connection === 'close') closeLikeC(socket);
    if (fault.connection !== 'serve') return;
    this.#open++;
    socket.once('close', () => this.#open--);
    owners.set(socket, {
      answer: (request, response) => void this.#answer(request, response, peer, fault),
      upgrade: (request, head) => this.#upgrade(request, socket, head, peer, fault),
    });
    parser().emit('connection', socket);
  }

  /** A WebSocket is asked for: the device's feed, or the page that it answers instead. */
  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer, peer: Peer, { instead }: FaultedConnection): void {
    if (instead !== null) {
      socket.end(rawReply(instead));
      return;
    }
    const { now, timers } = this.#context;
    const { method = 'GET', url: path = '/' } = request;
    const asked = { method, path, headers: headersOf(request), body: new Uint8Array() };
    const feed = this.#port.subscribe?.(asked, peer, now()) ?? this.#port.respond(asked, peer, now());
    if ('status' in feed) {
      socket.end(rawReply(feed));
      return;
    }
    serveFeed(request, socket, head, feed, { now, timers });
  }

  async #answer(request: IncomingMessage, response: ServerResponse, peer: Peer, fault: FaultedConnection) {
    const body = await bodyOf(request, this.#limits);
    if (response.destroyed) return;
    if (body === null) return send(response, { status: 413, headers: {}, body: '' });
    const { now, timers } = this.#context;
    const headers = headersOf(request);
    const { method = 'GET', url: path = '/' } = request;
    const asked = { method, path, headers, body };
    const { www } = this.#context;
    const reply =
      fault.instead ?? (www === undefined ? null : ownPage(www, asked)) ?? this.#port.respond(asked, peer, now());
    const respond = () => {
      const { socket } = request;
      if (response.destroyed || socket.destroyed) return;
      if (reply.end === 'reset') return void socket.resetAndDestroy();
      const reaction = fault.respond(path, reply, rawReply);
      if (reaction === null) return send(response, reply);
      say(socket, reaction, timers, () => {});
    };
    if (reply.afterMs === undefined || reply.afterMs <= 0) return respond();
    const callOff = timers.after(reply.afterMs, respond);
    response.once('close', callOff);
  }
}

const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));

/** The devices behind the connections of the one parser. */
const owners = new WeakMap<
  Socket,
  {
    readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
    readonly upgrade: (request: IncomingMessage, head: Buffer) => void;
  }
>();
let shared: Server | undefined;

function parser(): Server {
  shared ??= createServer({ keepAlive: false, maxHeaderSize: 16 * 1024 }, (request, response) =>
    owners.get(request.socket)?.answer(request, response),
  )
    .on('upgrade', (request, _, head) => owners.get(request.socket)?.upgrade(request, head))
    .on('clientError', (_, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      else socket.destroy();
    });
  return shared;
}

/** What `files` of the limits is held against. */
let filesBytes = 0;

/** Null when it is too large, or too much is held already. */
async function bodyOf(request: IncomingMessage, limits: BodyLimits): Promise<Uint8Array | null> {
  const most = FILE.test(request.headers['content-type'] ?? '') ? limits.file : limits.plain;
  // What announces itself as too large is not read at all.
  if (Number(request.headers['content-length'] ?? 0) > most) return null;
  const parts: Uint8Array[] = [];
  let size = 0;
  let held = 0;
  try {
    for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      size += part.length;
      const more = Math.max(0, size - limits.plain) - held;
      if (size > most || filesBytes + more > limits.files) return null;
      held += more;
      filesBytes += more;
      parts.push(part);
    }
    return Buffer.concat(parts, size);
  } catch {
    // The client went away in the middle: nobody waits for an answer.
    return null;
  } finally {
    filesBytes -= held;
  }
}

function send(response: ServerResponse, reply: SimulatedHttpReply): void {
  response.sendDate = false;
  response.shouldKeepAlive = reply.headers.connection?.toLowerCase() === 'keep-alive';
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, { 'content-length': body.length, ...reply.headers });
  response.end(body);
}

/** A reply as the bytes that {@link send} puts on the wire, for faults that change bytes. */
function rawReply(reply: SimulatedHttpReply): Uint8Array {
  const body = Buffer.from(reply.body);
  const headers = { 'content-length': String(body.length), ...reply.headers, connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${reply.status} \r\n${lines.join('')}\r\n`, 'latin1'), body]);
}
