import {
  type Credentials,
  type GrpcLink,
  HeadframeError,
  type HttpLink,
  type HttpReply,
  type Links,
  type TcpLink,
} from '@headframe/model';
import { fromDoc, methodNamed } from './contract/index.ts';
import { API, COMMANDS, NOW, PATHS } from './replies.testing.ts';

/*
 * A BraiinsOS machine in memory for the reading end. It does nothing by itself: a test says what it shows, and which of
 * its doors are open.
 */

export const ROOT: Credentials = { username: 'root', password: 'opensesame' };

type Doc = Record<string, unknown>;
type Answer = unknown | HeadframeError | Uint8Array | ((times: number) => unknown);

export interface Doors {
  readonly cgminer?: boolean;
  readonly grpc?: boolean;
  readonly http?: boolean;
}

export class Machine {
  now = NOW;
  /** What each door was asked, in order: `4028 summary+devs`, `grpc GetMinerStats`, `http GET /api/v1/version/`. */
  readonly heard: string[] = [];
  /** In the place of what the machine says; a function is asked each time, with how often it was. */
  readonly api: Record<string, Answer> = { ...API };
  readonly commands: Record<string, Answer> = { ...COMMANDS };
  /** Bodies of GraphQL by the name of the query; without one for `system` there is no such door. */
  readonly graphql: Record<string, Answer> = {};
  /** Other pages, by method and path. */
  readonly pages: Record<string, Answer> = {};
  /** What connecting to a door ends with. */
  readonly closed: Partial<Record<keyof Doors, HeadframeError>> = {};
  hasRest = true;
  /** Where the token stands: releases before 24.04 gave it in a header only. */
  tokenIn: 'message' | 'header' = 'message';
  password = ROOT.password;
  /** Tokens that are taken now; a login adds one. */
  readonly valid = new Set<string>();
  /** Every token is refused, however new. */
  takesNoToken = false;
  logins = 0;
  /** Its clock, which nobody has set, in seconds. */
  clockBehindS = 0;
  readonly tokens = new Map<string, string>();
  readonly #times = new Map<string, number>();

  links(credentials: Credentials | null = ROOT, doors: Doors = { cgminer: true, grpc: true, http: true }): Links {
    return {
      clock: { now: () => this.now },
      credentials,
      tokens: this.tokens,
      ...(doors.cgminer ? { cgminer: this.#cgminer } : {}),
      ...(doors.grpc ? { grpc: this.#grpc } : {}),
      ...(doors.http ? { http: this.#http } : {}),
    };
  }

  /** The summary grows with the time, as every reply has the time of the machine. */
  #command(name: string): unknown {
    const said = this.#answer(this.commands, name) as Doc | undefined;
    if (said === undefined) return INVALID;
    const passedS = Math.trunc((this.now - NOW) / 1000);
    const when = (records: unknown) =>
      (records as Doc[]).map((one) => ({ ...one, When: NOW / 1000 + passedS - this.clockBehindS }));
    const grown = (records: unknown) =>
      (records as Doc[]).map((one) => ({ ...one, Elapsed: Number(one.Elapsed) + passedS }));
    return {
      ...said,
      STATUS: when(said.STATUS),
      ...('SUMMARY' in said ? { SUMMARY: grown(said.SUMMARY) } : {}),
    };
  }

  #answer(from: Record<string, Answer>, name: string): unknown {
    const times = (this.#times.get(name) ?? 0) + 1;
    this.#times.set(name, times);
    const answer = from[name];
    const said = typeof answer === 'function' ? (answer as (times: number) => unknown)(times) : answer;
    if (said instanceof HeadframeError) throw said;
    return said;
  }

  #connect(door: keyof Doors): void {
    const error = this.closed[door];
    if (error !== undefined) throw error;
  }

  #login(body: Doc): string | null {
    this.logins++;
    if (body.username !== 'root' || body.password !== this.password) return null;
    const token = `token${this.logins}`;
    this.valid.add(token);
    return token;
  }

  #isIn(token: string | undefined): boolean {
    return !this.takesNoToken && token !== undefined && this.valid.has(token);
  }

  readonly #cgminer: TcpLink = {
    exchange: async (request) => {
      this.#connect('cgminer');
      const { command } = JSON.parse(new TextDecoder().decode(request)) as { command: string };
      this.heard.push(`4028 ${command}`);
      const names = command.split('+');
      const parts = names.map((name) => [name, this.#command(name)] as const);
      const doc =
        names.length === 1 ? { ...(parts[0]?.[1] as Doc), id: 1 } : { ...Object.fromEntries(parts.map(joined)), id: 1 };
      return { bytes: encode(`${JSON.stringify(doc)}\0`), at: this.now, ms: 1, ended: 'fin' };
    },
  };

  readonly #grpc: GrpcLink = {
    unary: async ({ method, metadata = {} }, message) => {
      this.#connect('grpc');
      const name = method.slice(method.indexOf('/') + 1);
      this.heard.push(`grpc ${name}`);
      const rpc = methodNamed(method);
      if (rpc === undefined) throw new HeadframeError('support/unsupported', { request: method });
      const reply = (bytes: Uint8Array, headers = {}) => ({ message: bytes, headers, at: this.now, ms: 1 });
      if (name === 'Login') {
        const [username, password] = strings(message);
        const token = this.#login({ username, password: password ?? '' });
        if (token === null) {
          const vendorText = `no such user ${username}`;
          throw new HeadframeError('auth/required', { vendorCode: 'UNAUTHENTICATED', vendorText });
        }
        return this.tokenIn === 'header'
          ? reply(new Uint8Array(), { authorization: token })
          : reply(fromDoc(rpc.output, { token, timeout_s: 3600 }));
      }
      if (name !== 'GetApiVersion' && !this.#isIn(metadata.authorization)) throw UNAUTHENTICATED(method);
      const said = this.#answer(this.api, name);
      if (said === undefined) throw new HeadframeError('support/unsupported', { request: method });
      return reply(said instanceof Uint8Array ? said : fromDoc(rpc.output, said as Doc));
    },
    stream: (call) => this.#stream(call.method, call.metadata?.authorization),
    upload: async ({ method, metadata = {} }, messages) => {
      this.heard.push(`grpc ${method.slice(method.indexOf('/') + 1)}`);
      if (!this.#isIn(metadata.authorization)) throw UNAUTHENTICATED(method);
      for await (const _ of messages);
      return { message: new Uint8Array(), headers: {}, at: this.now, ms: 1 };
    },
  };

  async *#stream(method: string, token: string | undefined): AsyncIterable<Uint8Array> {
    const name = method.slice(method.indexOf('/') + 1);
    this.heard.push(`grpc ${name}`);
    if (!this.#isIn(token)) throw UNAUTHENTICATED(method);
    const rpc = methodNamed(method);
    if (rpc === undefined) return;
    for (let i = 0; i < 3; i++) yield fromDoc(rpc.output, this.#answer(this.api, name) as Doc);
  }

  readonly #http: HttpLink = {
    hasCredentials: true,
    http: async ({ method, path, headers = {}, body }) => {
      this.#connect('http');
      this.heard.push(`http ${method} ${path}`);
      const page = `${method} ${path}`;
      if (page in this.pages) return this.#page(this.#answer(this.pages, page));
      const sent = typeof body === 'string' && body.startsWith('{') ? (JSON.parse(body) as Doc) : {};
      if (path === '/graphql') {
        const said = this.#answer(this.graphql, String(sent.operationName));
        return said === undefined ? this.#reply(404, 'no') : this.#page(said);
      }
      if (!path.startsWith('/api/v1/') || !this.hasRest) return this.#reply(404, 'no');
      if (path === '/api/v1/auth/login') {
        const token = this.#login(sent);
        return token === null ? this.#reply(401, '') : this.#page({ token, timeout_s: 3600 });
      }
      if (path !== '/api/v1/version/' && !this.#isIn(headers.authorization)) return this.#reply(401, '');
      const name = PATHS[path.slice('/api/v1/'.length)] ?? '';
      const said = this.#answer(this.api, name);
      return said === undefined ? this.#reply(404, '') : this.#page(asRest(name, said));
    },
  };

  #page(said: unknown): HttpReply {
    if (typeof said === 'object' && said !== null && 'status' in said && 'body' in said) return said as HttpReply;
    return this.#reply(200, typeof said === 'string' ? said : JSON.stringify(said));
  }

  #reply(code: number, body: string): HttpReply {
    return { status: code, headers: {}, body: encode(body), at: this.now, ms: 1 };
  }
}

const UNAUTHENTICATED = (request: string): HeadframeError =>
  new HeadframeError('auth/required', { request, vendorCode: 'UNAUTHENTICATED' });

/** REST gives these bare. */
function asRest(name: string, said: unknown): unknown {
  const doc = said as Doc;
  if (name === 'GetPoolGroups') return doc.pool_groups ?? said;
  return name === 'GetLocateDeviceStatus' ? (doc.enabled ?? said) : said;
}

const INVALID = { STATUS: [{ STATUS: 'E', When: NOW / 1000, Code: 14, Msg: 'Invalid command', Description: 'BOSer' }] };
const joined = ([name, part]: readonly [string, unknown]) => [name, [part]] as const;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The two strings of a LoginRequest, read by hand: field 1 and 2, counted bytes of less than 128. */
function strings(message: Uint8Array): string[] {
  const found: string[] = [];
  for (let at = 0; at < message.length; ) {
    const [tag = 0, length = 0] = message.subarray(at, at + 2);
    found[(tag >> 3) - 1] = new TextDecoder().decode(message.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return found;
}
