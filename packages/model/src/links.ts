import type { HeadframeError } from './errors.ts';

/*
 * What a family may use to talk: it receives a clock and links, and cannot reach a socket.
 */

/**
 * The protocols that families of today speak. A link exists per protocol. `monitor` is the small HTTP service without a
 * login beside the web page, port 6060 of a stock Antminer (protocols.md 2.5); `whatsminer` is the framed API of port 4433
 * (3.6), `ethminer` JSON-RPC in lines (5), `grpc` the calls over HTTP/2 without TLS of BraiinsOS, port 50051 (7.2).
 */
export type Protocol = 'cgminer' | 'http' | 'monitor' | 'whatsminer' | 'ethminer' | 'grpc';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The bytes of one exchange, before anybody read them. */
export interface RawReply {
  readonly bytes: Uint8Array;
  /** When the last byte came, epoch ms. */
  readonly at: number;
  /** From connecting to the last byte, ms. */
  readonly ms: number;
  /** How the reply ended: the peer closed, reset after sending, or fell silent behind a NUL. */
  readonly ended: 'fin' | 'reset' | 'silence';
}

/** One connection, one request, one reply. Rejects with a `link/*` {@link HeadframeError}. */
export interface TcpLink {
  /** @param options `replyMs`: how long the reply may take once connected, instead of the link's own limit */
  exchange(request: Uint8Array, options?: { readonly maxBytes?: number; readonly replyMs?: number }): Promise<RawReply>;
  /** A connection that is kept for several messages; whoever opens it ends it. Absent where the link cannot. */
  open?(): Promise<TcpStream>;
}

export interface StreamReadOptions {
  /** Largest message, bytes; 1 MiB if absent. */
  readonly maxBytes?: number;
  /** How long the message may take, ms; the link's own limit if absent. */
  readonly replyMs?: number;
}

/** A connection that is open. Reads and writes reject with `link/*`, and after that for ever. */
export interface TcpStream {
  /** @param onSent told how much has left, in bytes */
  write(bytes: Uint8Array, onSent?: (sent: number, of: number) => void): Promise<void>;
  /**
   * The next message; one read at a time.
   * @param frame how many of the bytes that are there make up the message; null: more are needed. What it throws ends
   * the connection
   */
  read(frame: (bytes: Uint8Array, ended: boolean) => number | null, options?: StreamReadOptions): Promise<Uint8Array>;
  end(): void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with query, such as `/cgi-bin/summary.cgi`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly maxBytes?: number;
  /** How long sending the body and the reply may take once connected, ms; the link's own limit if absent. */
  readonly replyMs?: number;
  /** Told how much of the body has left, in bytes. */
  readonly onSent?: (bytes: number, of: number) => void;
}

export interface HttpReply {
  readonly status: number;
  /** Names in lower case; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly at: number;
  readonly ms: number;
}

/**
 * One HTTP request. Answers a digest challenge when credentials are known, keeping the nonce between requests.
 * Any status is a reply, also 401 and 500; only a broken link rejects (`link/*`, `protocol/malformed`).
 */
export interface HttpLink {
  http(request: HttpRequest): Promise<HttpReply>;
  /** Whether a user name and password are known for this device. */
  readonly hasCredentials: boolean;
  /**
   * Opens a WebSocket and tells of its text messages as they come. Rejects with `link/*`, `auth/rejected` and
   * `protocol/wrong-shape` (a page answered). Absent where the link cannot.
   */
  subscribe?(request: SubscribeRequest, onMessage: (message: string) => void): Promise<Subscription>;
}

export interface SubscribeRequest {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Largest message, bytes; 1 MiB if absent. */
  readonly maxBytes?: number;
  /** How long to listen, ms: then it is closed in order. Until the deadline if absent. */
  readonly forMs?: number;
}

/** A WebSocket that is open. It ends with the deadline of its conversation at the latest. */
export interface Subscription {
  /** Why it ended; null when either side closed it in order. Never rejects. */
  readonly ended: Promise<HeadframeError | null>;
  close(): void;
}

export interface GrpcCall {
  /** Full name: `braiins.bos.v1.ActionsService/Start`. */
  readonly method: string;
  /** Sent beside the message, names in lower case: a token belongs here. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Largest message of the reply, bytes; 4 MiB if absent. */
  readonly maxBytes?: number;
  /** How long the reply may take, ms, each message of a stream for itself; the link's own limit if absent. */
  readonly replyMs?: number;
}

export interface GrpcReply {
  /** As it came, before anybody read it. */
  readonly message: Uint8Array;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly at: number;
  readonly ms: number;
}

/**
 * Calls of gRPC, all of a conversation over one connection, which ends with it. The messages are bytes of Protobuf: who
 * knows their types is the family. Rejects with `link/*`, `protocol/*`; a status that is not OK is an error too:
 * UNAUTHENTICATED is `auth/required`, PERMISSION_DENIED `auth/rejected`, UNIMPLEMENTED `support/unsupported`,
 * RESOURCE_EXHAUSTED `device/busy`, DEADLINE_EXCEEDED `link/timed-out-waiting`, UNAVAILABLE from the device itself
 * `device/restarting`, all others `device/refused`, with the name of the status as `vendorCode` and its message as
 * `vendorText`.
 */
export interface GrpcLink {
  unary(call: GrpcCall, message: Uint8Array): Promise<GrpcReply>;
  /** A stream of the device. The next message is taken from the wire when it is asked for: a slow reader slows it. */
  stream(call: GrpcCall, message: Uint8Array): AsyncIterable<Uint8Array>;
  /** A stream of ours, one reply. @param onSent told how much has left, in bytes of messages */
  upload(
    call: GrpcCall,
    messages: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    onSent?: (bytes: number) => void,
  ): Promise<GrpcReply>;
}

/** A user name and its password. Never in an error, a reply that is kept, or anything that is shown. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What a family may use. A protocol whose port is closed or unknown is absent. Deadline and cancellation are built in. */
export interface Links {
  readonly clock: Clock;
  /** For the logins that are no HTTP digest, such as a password within a command. Null: none are known. */
  readonly credentials?: Credentials | null;
  readonly cgminer?: TcpLink;
  readonly http?: HttpLink;
  readonly monitor?: HttpLink;
  readonly whatsminer?: TcpLink;
  readonly ethminer?: TcpLink;
  readonly grpc?: GrpcLink;
  /**
   * What logins gave, by the family's own names, kept with the credentials between conversations and forgotten with
   * them. Never in an error, a reply that is kept, or anything that is shown.
   */
  readonly tokens?: Map<string, string>;
  /** The same links with another login: how a new password is tried. */
  readonly as?: (credentials: Credentials) => Links;
}
