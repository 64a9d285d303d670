import type { HttpLink, HttpRequest, Links, Protocol, TcpLink } from '@headframe/model';
import { redactMessage } from './messages.ts';
import type { Redactor } from './redact.ts';
import { watchCalls } from './watch-calls.ts';
import { watchFrames } from './watch-frames.ts';
import { watchLines } from './watch-lines.ts';

/** One answer, as it is written. */
export interface Note {
  readonly over: Protocol;
  readonly ask: string;
  readonly bytes: Uint8Array;
  readonly ms: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What was asked and answered. */
export class Notes {
  readonly commands = new Set<string>();
  /** What was asked and answered over JSON-RPC, be it with a refusal. */
  readonly methods = new Set<string>();
  /** The same of frames. */
  readonly framed = new Set<string>();
  /** The same of gRPC, by the full names of the methods. */
  readonly called = new Set<string>();
  readonly #notes = new Map<string, Note>();
  readonly #redactor: Redactor | null;

  constructor(redactor: Redactor | null) {
    this.#redactor = redactor;
  }

  get size(): number {
    return this.#notes.size;
  }

  [Symbol.iterator](): IterableIterator<Note> {
    return this.#notes.values();
  }

  has(over: Protocol, ask: string): boolean {
    return this.#notes.has(`${over} ${ask}`);
  }

  add(note: Note): void {
    const bytes = this.#redactor === null ? note.bytes : withoutOwner(note, this.#redactor);
    if (bytes !== null) this.#notes.set(`${note.over} ${note.ask}`, { ...note, bytes });
  }

  /** The same links, with every page, line and frame kept and every command noted: a joined request by its parts. */
  watching(links: Links): Links {
    const { clock, credentials = null, tokens, cgminer, http, whatsminer, ethminer, grpc } = links;
    const heard = (ask: string, bytes: Uint8Array | null, ms: number) => {
      this.methods.add(ask);
      if (bytes !== null) this.add({ over: 'ethminer', ask, bytes, ms });
    };
    const heardFrame = (ask: string, bytes: Uint8Array | null, ms: number) => {
      this.framed.add(ask);
      if (bytes !== null) this.add({ over: 'whatsminer', ask, bytes, ms });
    };
    const heardCall = (ask: string, bytes: Uint8Array | null, ms: number) => {
      this.called.add(ask);
      if (bytes !== null) this.add({ over: 'grpc', ask, bytes, ms });
    };
    return {
      clock,
      credentials,
      ...(tokens === undefined ? {} : { tokens }),
      ...(grpc === undefined ? {} : { grpc: watchCalls(grpc, clock, heardCall) }),
      ...(whatsminer === undefined ? {} : { whatsminer: watchFrames(whatsminer, clock, heardFrame) }),
      ...(ethminer === undefined ? {} : { ethminer: watchLines(ethminer, clock, heard) }),
      ...(cgminer === undefined ? {} : { cgminer: this.#tcp(cgminer) }),
      ...(http === undefined ? {} : { http: this.#http(http) }),
    };
  }

  #tcp(link: TcpLink): TcpLink {
    return {
      exchange: (request, options) => {
        const { command = '', parameter } = JSON.parse(Buffer.from(request).toString('utf8')) as Record<string, string>;
        for (const part of command.split('+'))
          this.commands.add(parameter === undefined ? part : `${part}|${parameter}`);
        return link.exchange(request, options);
      },
    };
  }

  #http(link: HttpLink): HttpLink {
    return {
      hasCredentials: link.hasCredentials,
      http: async (request) => {
        const reply = await link.http(request);
        const { status, body, ms } = reply;
        const type = reply.headers['content-type'];
        const headers = type === undefined ? {} : { 'content-type': type };
        if (status < 400 && !isLogin(request))
          this.add({ over: 'http', ask: askOf(request), bytes: body, ms, status, headers });
        return reply;
      },
    };
  }
}

/** Its reply holds a token, and is of use to nobody else. */
const isLogin = ({ method, path }: HttpRequest): boolean => method !== 'GET' && /login|auth|password|luci/i.test(path);

/** All queries of GraphQL have one path: their names tell them apart. */
function askOf({ path, body }: HttpRequest): string {
  if (path !== '/graphql' || typeof body !== 'string') return path;
  const name = /"operationName"\s*:\s*"(\w+)"/.exec(body)?.[1];
  return name === undefined ? path : `${path} ${name}`;
}

/** Null: what belongs to its owner cannot be told from the rest, so nothing of it is kept. */
function withoutOwner({ over, ask, bytes }: Note, redactor: Redactor): Uint8Array | null {
  if (over === 'grpc') return redactMessage(ask, bytes, redactor);
  return Buffer.from(redactor.text(Buffer.from(bytes).toString('latin1')), 'latin1');
}
