import type { DescMessage, DescMethodServerStreaming, DescMethodUnary } from '@bufbuild/protobuf';
import {
  asHeadframeError,
  type Credentials,
  type GrpcCall,
  type GrpcLink,
  type GrpcReply,
  HeadframeError,
  type HttpLink,
  type HttpReply,
  type HttpRequest,
  type Links,
} from '@headframe/model';
import { statusError } from '@headframe/wire/http';
import { parseLenient } from '@headframe/wire/json';
import { callOf, fromDoc, toDoc } from './contract/index.ts';
import { type Doc, LOGIN, restPath } from './door-methods.ts';

/*
 * The login of BraiinsOS and the two doors behind it (protocols.md 7.2, 7.3). A login gives a token, which goes with
 * every request as `authorization: <token>`, without a scheme word, and lives for an hour after its last use. It is
 * kept in `links.tokens`, taken until the machine refuses it, and then replaced once for that request: a machine that
 * refuses the new one too has refused the login. A login's own reply is never kept, and no error quotes it.
 */

type Door = 'grpc' | 'rest';

/** Where a token is kept. Whether one door takes the other's is not known: each has its own. */
const TOKEN: Readonly<Record<Door, string>> = { grpc: 'braiins grpc', rest: 'braiins rest' };

/** When the machine last refused the password, epoch ms: forgotten with the credentials, as the tokens are. */
const REFUSED = 'braiins refused';

/** How long a refused password is not tried again by itself, ms. */
const REFUSAL_MS = 3_600_000;

/** Whether this very password was refused within the last hour: then a poll leaves the login alone. */
export function wasRefused({ tokens, clock }: Links): boolean {
  const at = Number(tokens?.get(REFUSED) ?? Number.NaN);
  return clock.now() - at < REFUSAL_MS;
}

/**
 * Port 50051 behind its login: the same calls, each with the token. A stream is asked for again only while nothing of
 * it has come. An upload logs in anew beforehand, as what has gone up cannot be taken back.
 * @throws HeadframeError `link/refused` where the port is not known; from its calls also `auth/required` (no password
 * is known, nothing was sent), `auth/rejected`
 */
export function grpcDoor(links: Links): GrpcLink {
  const { grpc } = links;
  if (grpc === undefined) throw new HeadframeError('link/refused', { detail: 'its port 50051 is not open' });
  const signed = new SignedIn(links, 'grpc', (credentials) => loginOverGrpc(grpc, credentials));
  const withToken = (call: GrpcCall, token: string): GrpcCall => ({
    ...call,
    metadata: { ...call.metadata, authorization: token },
  });
  return {
    unary: (call, message) => signed.speak(call.method, (token) => grpc.unary(withToken(call, token), message)),
    async *stream(call, message) {
      let begun = false;
      const messages = await signed.speak(call.method, async (token) => {
        const iterator = grpc.stream(withToken(call, token), message)[Symbol.asyncIterator]();
        return { iterator, first: await iterator.next() };
      });
      try {
        for (let next = messages.first; next.done !== true; next = await messages.iterator.next()) {
          begun = true;
          yield next.value;
        }
      } catch (thrown) {
        const error = asHeadframeError(thrown);
        throw begun && isLoggedOut(error) ? new HeadframeError('auth/expired', { request: call.method }, error) : error;
      } finally {
        await messages.iterator.return?.();
      }
    },
    upload: async (call, messages, onSent) => {
      const token = await signed.login();
      return grpc.upload(withToken(call, token), messages, onSent).catch((thrown) => {
        const error = asHeadframeError(thrown, { request: call.method });
        throw isLoggedOut(error) ? new HeadframeError('auth/rejected', { request: call.method }, error) : error;
      });
    },
  };
}

/**
 * The web server behind the login of its REST API: the same requests, each with the token. A reply of 401 is never
 * given: it renews the token, and the second one is `auth/rejected`.
 * @throws HeadframeError as {@link grpcDoor}
 */
export function restDoor(links: Links): HttpLink {
  const { http } = links;
  if (http === undefined) throw new HeadframeError('link/refused', { detail: 'its port 80 is not open' });
  const signed = new SignedIn(links, 'rest', (credentials) => loginOverRest(http, credentials));
  return {
    hasCredentials: (links.credentials ?? null) !== null,
    http: (request) =>
      signed.speak(`${request.method} ${request.path}`, async (token) => {
        const reply = await http.http({ ...request, headers: { ...request.headers, authorization: token } });
        if (reply.status === 401) throw new HeadframeError('auth/required', { request: request.path });
        return reply;
      }),
  };
}

/** A machine that does not take the token, or none: UNAUTHENTICATED and 401. */
const isLoggedOut = (error: HeadframeError): boolean => error.code === 'auth/required';

class SignedIn {
  readonly #links: Links;
  readonly #door: Door;
  readonly #tokens: Map<string, string>;
  readonly #ask: (credentials: Credentials) => Promise<string>;

  constructor(links: Links, door: Door, ask: (credentials: Credentials) => Promise<string>) {
    this.#links = links;
    this.#door = door;
    this.#tokens = links.tokens ?? new Map();
    this.#ask = ask;
  }

  /** Says it with the token that is there, and once more with a new one if that is over. */
  async speak<T>(request: string, say: (token: string) => Promise<T>): Promise<T> {
    const kept = this.#tokens.get(TOKEN[this.#door]);
    if (kept !== undefined) {
      try {
        return await say(kept);
      } catch (thrown) {
        const error = asHeadframeError(thrown, { request });
        if (!isLoggedOut(error)) throw error;
        // Somebody else may have renewed it meanwhile.
        if (this.#tokens.get(TOKEN[this.#door]) === kept) this.#tokens.delete(TOKEN[this.#door]);
      }
    }
    const token = this.#tokens.get(TOKEN[this.#door]) ?? (await this.login());
    try {
      return await say(token);
    } catch (thrown) {
      const error = asHeadframeError(thrown, { request });
      if (!isLoggedOut(error)) throw error;
      this.#tokens.delete(TOKEN[this.#door]);
      throw new HeadframeError('auth/rejected', { request }, error);
    }
  }

  /** A new token, kept. */
  async login(): Promise<string> {
    const { credentials, clock } = this.#links;
    if (credentials == null) throw new HeadframeError('auth/required', { request: LOGIN_AT[this.#door] });
    try {
      const token = await this.#ask(credentials);
      this.#tokens.set(TOKEN[this.#door], token);
      this.#tokens.delete(REFUSED);
      return token;
    } catch (thrown) {
      const error = asHeadframeError(thrown);
      if (error.code === 'auth/rejected') this.#tokens.set(REFUSED, String(clock.now()));
      throw error;
    }
  }
}

/** The request that logs in. */
export const LOGIN_AT: Readonly<Record<Door, string>> = {
  grpc: callOf(LOGIN.rpc),
  rest: `${LOGIN.rest.verb} ${restPath(LOGIN.rest.path)}`,
};

async function loginOverGrpc(link: GrpcLink, { username, password }: Credentials): Promise<string> {
  const { input, output } = LOGIN.rpc;
  const request = LOGIN_AT.grpc;
  let reply: GrpcReply;
  try {
    reply = await link.unary({ method: request }, fromDoc(input, { username, password }));
  } catch (thrown) {
    throw refusedLogin(asHeadframeError(thrown, { request }));
  }
  // Older releases gave it in a header of the reply (protocols.md 7.2).
  return usable(tokenIn(() => toDoc(output, reply.message)) ?? reply.headers.authorization, request);
}

/** A wrong password is UNAUTHENTICATED; what the device says about it may repeat the name, and is not kept. */
function refusedLogin(error: HeadframeError): HeadframeError {
  const { request = LOGIN_AT.grpc } = error.context;
  const isRefusal = error.code.startsWith('auth/') || error.context.vendorCode === 'INVALID_ARGUMENT';
  return isRefusal ? new HeadframeError('auth/rejected', { request }) : error;
}

async function loginOverRest(link: HttpLink, { username, password }: Credentials): Promise<string> {
  const request = LOGIN_AT.rest;
  const reply = await link.http({
    method: LOGIN.rest.verb,
    path: restPath(LOGIN.rest.path),
    headers: JSON_BODY,
    body: JSON.stringify({ username, password }),
  });
  const error = statusError(reply, true, request, false);
  if (error !== null) throw error;
  return usable(tokenIn(() => parseLenient(reply.body).value) ?? reply.headers.authorization, request);
}

function tokenIn(read: () => unknown): string | undefined {
  try {
    const doc = read();
    const token = typeof doc === 'object' && doc !== null ? (doc as Record<string, unknown>).token : undefined;
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    return undefined;
  }
}

/** A token becomes the value of a header: nothing else may be one. */
function usable(token: string | undefined, request: string): string {
  if (token !== undefined && /^[\x21-\x7e]{1,4096}$/.test(token)) return token;
  throw new HeadframeError('protocol/wrong-shape', { request, detail: 'the login was answered without a token' });
}

/** The largest real reply is below 64 KiB; millions of tiny fields would be dear to read. */
const MOST_REPLY_BYTES = 1 << 20;

const JSON_BODY = { 'content-type': 'application/json' };

/** A reply, read: its document and what came. */
export interface GrpcAnswer {
  readonly doc: Doc;
  readonly reply: GrpcReply;
}

export interface CallOptions {
  readonly maxBytes?: number;
  readonly replyMs?: number;
}

/**
 * One call of port 50051, logged in: `callGrpc(links, PerformanceService.method.setPowerTarget, { save_action: 2, ... })`.
 * @param request the message as a document, see `fromDoc`
 * @throws HeadframeError as {@link grpcDoor} and the link; `usage/invalid` for a request that does not fit its type;
 * `protocol/malformed` for a reply that is none
 */
export async function callGrpc<I extends DescMessage, O extends DescMessage>(
  links: Links,
  method: DescMethodUnary<I, O>,
  request: Doc = {},
  options: CallOptions = {},
): Promise<GrpcAnswer> {
  const reply = await grpcDoor(links).unary(
    { method: callOf(method), maxBytes: MOST_REPLY_BYTES, ...options },
    fromDoc(method.input, request),
  );
  return { doc: toDoc(method.output, reply.message), reply };
}

/**
 * A stream of port 50051, logged in, as documents. Whoever stops reading early ends it.
 * @throws HeadframeError as {@link callGrpc}; `auth/expired` when the token ends in the middle of it
 */
export async function* streamGrpc<I extends DescMessage, O extends DescMessage>(
  links: Links,
  method: DescMethodServerStreaming<I, O>,
  request: Doc = {},
  options: CallOptions = {},
): AsyncGenerator<Doc, void, undefined> {
  const call = { method: callOf(method), ...options };
  for await (const message of grpcDoor(links).stream(call, fromDoc(method.input, request))) {
    yield toDoc(method.output, message);
  }
}

export interface RestAnswer {
  /** The JSON of the body; null where there is none (204). */
  readonly doc: unknown;
  readonly reply: HttpReply;
}

export interface RestRequest extends CallOptions {
  readonly method: HttpRequest['method'];
  /** Behind `/api/v1/`: `performance/power-target`. */
  readonly path: string;
  /** Sent as JSON; no body if absent. */
  readonly body?: unknown;
}

/**
 * One request to the REST API, logged in.
 * @throws HeadframeError as {@link restDoor} and the link; for a status other than 200 to 299: 403 `auth/rejected`, 404
 * `support/unsupported`, 503 `device/busy`, all others `device/refused` with status and body; `protocol/malformed` for
 * a body that is no JSON
 */
export async function callRest(links: Links, { method, path, body, ...options }: RestRequest): Promise<RestAnswer> {
  const request = `${method} ${restPath(path)}`;
  const sent = body === undefined ? {} : { headers: JSON_BODY, body: JSON.stringify(body) };
  const reply = await restDoor(links).http({ method, path: restPath(path), ...sent, ...options });
  const error = statusError(reply, true, request, true);
  if (error !== null) throw error;
  if (reply.body.length === 0) return { doc: null, reply };
  try {
    return { doc: parseLenient(reply.body).value, reply };
  } catch (thrown) {
    throw asHeadframeError(thrown, { request });
  }
}
