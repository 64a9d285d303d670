import { Buffer } from 'node:buffer';
import { type ClientRequest, type IncomingMessage, type RequestOptions, request as startRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { HeadframeError, type HttpLink, type HttpReply, type HttpRequest, printable } from '@headframe/model';
import { type DigestSession, parseChallenge } from '@headframe/wire/http';
import { formatAddress } from '../address.ts';
import { type StopReason, stoppedBefore } from './deadline.ts';
import type { Dial } from './dial.ts';
import { MIB, since, sizeInWords } from './limits.ts';
import { errnoOf, linkError } from './link-errors.ts';
import { subscribe } from './web-socket.ts';

const MAX_HEADER_BYTES = 32 * 1024;

/**
 * The link to a web server: one connection per request, redirects not followed, headers and body with a limit.
 * A 401 is answered when a digest challenge came and credentials are known; else it is a reply like any other.
 *
 * Rejects with `link/*`, `protocol/malformed` (no HTTP) and `protocol/truncated` (the body ends in the middle).
 * @param digest the digest state towards this device, kept between polls so that the nonce is used again; undefined: no
 * credentials are known
 */
export function httpLink(dial: Dial, port: number, digest?: DigestSession): HttpLink {
  const send = (request: HttpRequest, authorization: string | null): Promise<HttpReply> =>
    new Promise((resolve, reject) => exchange(dial, port, request, authorization, resolve, reject));
  return {
    hasCredentials: digest !== undefined,
    subscribe: (request, onMessage) => subscribe(dial, port, request, onMessage),
    http: async (request) => {
      let reply = await send(request, digest?.answer(request.method, request.path) ?? null);
      while (digest !== undefined && reply.status === 401) {
        if (!digest.accept(parseChallenge(reply.headers['www-authenticate'] ?? ''))) break;
        reply = await send(request, digest.answer(request.method, request.path));
      }
      return reply;
    },
  };
}

function exchange(
  dial: Dial,
  port: number,
  asked: HttpRequest,
  authorization: string | null,
  resolve: (reply: HttpReply) => void,
  reject: (error: HeadframeError) => void,
): void {
  const { host, clock, deadline, limits } = dial;
  const maxBytes = asked.maxBytes ?? MIB;
  const replyMs = asked.replyMs ?? limits.replyMs;
  const context = { address: formatAddress(host, port), request: nameOf(asked) };
  if (deadline.stopped !== null) {
    reject(stoppedBefore(deadline, deadline.stopped, context.address));
    return;
  }

  const began = performance.now();
  let connectedAt = 0;
  let done = false;
  let size = 0;
  const chunks: Uint8Array[] = [];
  let socket: Socket | undefined;
  let request: ClientRequest | undefined;

  const finish = (): boolean => {
    if (done) return false;
    done = true;
    clearTimeout(limit);
    deadline.unwatch(stop);
    request?.destroy();
    socket?.destroy();
    return true;
  };
  const fail = (error: HeadframeError): void => {
    if (finish()) reject(error);
  };
  const late = (): void => {
    if (connectedAt === 0) fail(new HeadframeError('link/timed-out-connecting', { ...context, afterMs: since(began) }));
    else {
      const bytes = socket?.bytesRead ?? size;
      fail(new HeadframeError('link/timed-out-waiting', { ...context, afterMs: since(connectedAt), bytes }));
    }
  };
  const stop = (reason: StopReason): void => {
    if (reason === 'late') late();
    else fail(new HeadframeError('link/cancelled', context));
  };
  const look = (): void => {
    const now = performance.now();
    const left = connectedAt === 0 ? limits.connectMs - (now - began) : replyMs - (now - connectedAt);
    if (left > 1) limit = setTimeout(look, left);
    else late();
  };
  let limit = setTimeout(look, Math.min(limits.connectMs, replyMs));
  deadline.watch(stop);

  const read = (response: IncomingMessage): void => {
    response.on('data', (chunk: Uint8Array) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else fail(new HeadframeError('link/too-large', { ...context, bytes: size, limit: sizeInWords(maxBytes) }));
    });
    response.on('end', () => {
      if (!finish()) return;
      resolve({
        status: response.statusCode ?? 0,
        headers: headersOf(response.rawHeaders),
        body: Buffer.concat(chunks, size),
        at: clock.now(),
        ms: since(began),
      });
    });
    response.on('error', (error) => fail(bodyError(error, size, context)));
  };

  try {
    request = startRequest(
      requestOptions(host, port, asked, authorization, (opened) => {
        socket = opened;
        opened.once('connect', () => {
          connectedAt = performance.now();
        });
      }),
    );
  } catch (error) {
    const detail = `"${nameOf(asked)}" cannot be sent as an HTTP request`;
    fail(new HeadframeError('usage/invalid', { detail }, error));
    return;
  }
  request.on('response', read);
  request.on('error', (error) => fail(requestError(error, connectedAt !== 0, socket?.bytesRead ?? 0, context)));
  // The last word where neither an end nor an error came: a close in the middle, an upgrade that nobody asked for.
  request.on('close', () => fail(hangUp(socket?.bytesRead ?? 0, context)));
  sendBody(request, asked);
}

/** Without the query: some machines want passwords there, and errors travel into logs. */
const nameOf = ({ method, path }: HttpRequest): string => `${method} ${path.split('?', 1)[0]}`;

/** A piece of a body that is told of: small enough that its progress can be seen, large enough to be quick. */
const PIECE_BYTES = 64 * 1024;

/** In pieces, each when the one before has left: a firmware file is not copied into the socket's buffer at once. */
function sendBody(request: ClientRequest, { body, onSent }: HttpRequest): void {
  if (body === undefined || typeof body === 'string' || onSent === undefined) {
    request.end(body);
    return;
  }
  let sent = 0;
  const next = (): void => {
    if (request.destroyed) return;
    onSent(sent, body.length);
    if (sent === body.length) {
      request.end();
      return;
    }
    const piece = body.subarray(sent, sent + PIECE_BYTES);
    sent += piece.length;
    request.write(piece, () => next());
  };
  next();
}

function requestOptions(
  host: string,
  port: number,
  asked: HttpRequest,
  authorization: string | null,
  onSocket: (socket: Socket) => void,
): RequestOptions {
  return {
    host,
    port,
    method: asked.method,
    path: asked.path,
    headers: {
      Host: formatAddress(host, port === 80 ? null : port),
      Accept: '*/*',
      ...asked.headers,
      ...(asked.body === undefined ? {} : { 'Content-Length': Buffer.byteLength(asked.body) }),
      ...(authorization === null ? {} : { Authorization: authorization }),
    },
    maxHeaderSize: MAX_HEADER_BYTES,
    // Shell scripts of miners write headers as they like; on a connection of one request nothing can be smuggled.
    insecureHTTPParser: true,
    // Instead of an agent: the connection ends with the reply.
    createConnection: () => {
      const socket = connect({ host, port });
      onSocket(socket);
      return socket;
    },
  };
}

type Context = { readonly address: string; readonly request: string };

function requestError(error: Error, connected: boolean, bytes: number, context: Context): HeadframeError {
  const code = errnoOf(error);
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new HeadframeError('link/too-large', { ...context, limit: `${sizeInWords(MAX_HEADER_BYTES)} of headers` });
  }
  if (code.startsWith('HPE_')) return malformed(error, code, context);
  if (code !== 'ECONNRESET' || !connected) return linkError(error, connected, { ...context, bytes });
  // Node says ECONNRESET ("socket hang up") for a close as well as for a reset.
  return hangUp(bytes, context, error);
}

const hangUp = (bytes: number, context: Context, cause?: Error): HeadframeError =>
  bytes === 0
    ? new HeadframeError('link/closed-empty', context, cause)
    : new HeadframeError('protocol/truncated', { ...context, bytes }, cause);

function malformed(error: Error, code: string, context: Context): HeadframeError {
  const { rawPacket, reason } = error as { rawPacket?: Uint8Array; reason?: string };
  const detail = `it is not HTTP${reason === undefined ? '' : ` (${reason})`}`;
  if (code === 'HPE_INVALID_EOF_STATE') return new HeadframeError('protocol/truncated', context, error);
  const firstBytes = rawPacket === undefined ? {} : { firstBytes: printable(rawPacket) };
  return new HeadframeError('protocol/malformed', { ...context, detail, ...firstBytes });
}

function bodyError(error: Error, size: number, context: Context): HeadframeError {
  const code = errnoOf(error);
  if (code.startsWith('HPE_')) return malformed(error, code, context);
  if (code === 'ECONNRESET') return new HeadframeError('protocol/truncated', { ...context, bytes: size }, error);
  return linkError(error, true, { ...context, bytes: size });
}

/** Names in lower case, repeated ones joined by `, `. A Map in between: a header may be called `__proto__`. */
function headersOf(raw: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    const value = raw[i + 1] as string;
    const known = headers.get(name);
    headers.set(name, known === undefined ? value : `${known}, ${value}`);
  }
  return Object.fromEntries(headers);
}
