import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { grpcMessage } from '@headframe/families';
import type {
  GrpcSaid,
  SimulatedGrpcCall,
  SimulatedGrpcPort,
  SimulatedHttpReply,
  SimulatedHttpRequest,
} from '@headframe/families/sim';
import { parseLenient } from '@headframe/wire/json';

/*
 * The doors of BraiinsOS that want a login, from what was recorded (protocols.md 7.2, 7.3). A login is never recorded:
 * the replay has one of its own. Of a recording nothing can be changed: what changes a machine is not there.
 */

export interface RecordedDoors {
  /** What was recorded for a method of gRPC, for a path, or for `/graphql` and the name of a query. */
  readonly recorded: (ask: string) => Uint8Array | undefined;
  /** That of user `root`; null: every login is right, and none is needed. */
  readonly password: string | null;
}

const LOGIN = 'braiins.bos.v1.AuthenticationService/Login';
/** Needs no login (protocols.md 7.2). */
const OPEN_METHODS = 'braiins.bos.ApiVersionService/';
const OPEN_PAGES = '/api/v1/version';
const TOKEN = { token: 'replayed', timeout_s: 3600 } as const;
const UNAUTHENTICATED = 16;

/**
 * Port 50051: the message that was recorded for each method, UNIMPLEMENTED for all others.
 * @param methods the recorded ones, by their full names
 */
export function recordedCalls(port: number, methods: readonly string[], doors: RecordedDoors): SimulatedGrpcPort {
  return {
    port,
    // Of a stream its first message was kept: it ends behind that, as a unary call does.
    methods: Object.fromEntries([LOGIN, ...methods].map((method) => [method, 'unary'])),
    open: (method, metadata): SimulatedGrpcCall => ({
      receive: (message) => {
        if (method === LOGIN) return isLogin(fieldsOf(message), doors) ? said(grpcMessage(LOGIN, TOKEN)) : WRONG_LOGIN;
        if (!method.startsWith(OPEN_METHODS) && !isLoggedIn(metadata, doors)) return NO_TOKEN;
        return said(doors.recorded(method) ?? new Uint8Array());
      },
    }),
  };
}

/** REST and GraphQL: what was recorded for a GET, or for a query by its name. Null: this page is none of theirs. */
export function recordedPages(request: SimulatedHttpRequest, doors: RecordedDoors): SimulatedHttpReply | null {
  const path = request.path.replace(/\?.*$/, '');
  if (path === '/graphql') return graphql(request, doors);
  if (!path.startsWith('/api/v1/')) return null;
  if (request.method === 'POST' && path === '/api/v1/auth/login') {
    return isLogin(objectIn(request.body), doors) ? page(200, TOKEN) : page(401, { message: 'wrong login' });
  }
  if (!path.startsWith(OPEN_PAGES) && !isLoggedIn(request.headers, doors)) return page(401, { message: 'no token' });
  const recorded = request.method === 'GET' ? doors.recorded(path) : undefined;
  return recorded === undefined ? page(404, { message: 'not recorded' }) : page(200, recorded);
}

/** It is read without a login. A query that was not recorded is an error beside no data. */
function graphql({ body }: SimulatedHttpRequest, { recorded }: RecordedDoors): SimulatedHttpReply {
  const { operationName } = objectIn(body);
  const answer = typeof operationName === 'string' ? recorded(`/graphql ${operationName}`) : undefined;
  return page(200, answer ?? { data: null, errors: [{ message: 'not recorded' }] });
}

const said = (message: Uint8Array): GrpcSaid => ({ messages: [message], status: { code: 0, message: '' } });
const refused = (message: string): GrpcSaid => ({ messages: [], status: { code: UNAUTHENTICATED, message } });
const WRONG_LOGIN = refused('wrong login');
const NO_TOKEN = refused('no token');

const page = (status: number, body: Uint8Array | object): SimulatedHttpReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: body instanceof Uint8Array ? body : JSON.stringify(body),
});

const isLogin = ({ username, password }: Record<string, unknown>, doors: RecordedDoors): boolean =>
  doors.password === null || (username === 'root' && password === doors.password);

/** The token comes without a scheme word. */
const isLoggedIn = ({ authorization }: Readonly<Record<string, string>>, { password }: RecordedDoors): boolean =>
  password === null || authorization === TOKEN.token;

function objectIn(body: Uint8Array): Record<string, unknown> {
  try {
    const { value } = parseLenient(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A LoginRequest: username 1, password 2, both text. An empty text is not sent. */
function fieldsOf(message: Uint8Array): { username: string; password: string } {
  const fields = { username: '', password: '' };
  try {
    const reader = new BinaryReader(message);
    while (reader.pos < message.length) {
      const [no, type] = reader.tag();
      if (type === WireType.LengthDelimited && no === 1) fields.username = reader.string();
      else if (type === WireType.LengthDelimited && no === 2) fields.password = reader.string();
      else reader.skip(type, no);
    }
  } catch {
    return { username: '', password: '' };
  }
  return fields;
}
