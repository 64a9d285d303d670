import type { SimulatedHttpReply } from '../sim/device.ts';
import { AT, device, type Made } from './sim.testing.ts';

/*
 * Talking to a simulated machine under BraiinsOS over port 80 and port 4028 without a socket.
 */

const PEER = { address: '10.0.0.9' };

type Json = ReturnType<typeof JSON.parse>;

export const textOf = (body: Uint8Array | string | undefined): string =>
  typeof body === 'string' ? body : new TextDecoder().decode(body);

/** Somebody at the doors of one machine, at a time that moves when it is told to. */
export class Caller {
  readonly device;
  now = AT;
  token: string | null = null;
  cookie: string | null = null;

  constructor(made: Made = {}) {
    this.device = device(made);
  }

  after(ms: number): this {
    this.now += ms;
    return this;
  }

  http(
    method: string,
    path: string,
    body: Uint8Array | string = '',
    headers: Record<string, string> = {},
  ): SimulatedHttpReply {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const own = {
      ...(this.token !== null && { authorization: this.token }),
      ...(this.cookie !== null && { cookie: this.cookie }),
    };
    const reply = this.device.http?.respond(
      { method, path, headers: { ...own, ...headers }, body: bytes },
      PEER,
      this.now,
    );
    if (reply === undefined) throw new Error('no port 80');
    return reply;
  }

  /** Status and body of a REST call; the body as JSON where it is that. */
  rest(method: string, path: string, body?: unknown): readonly [status: number, body: Json] {
    const reply = this.http(method, `/api/v1/${path}`, body === undefined ? '' : JSON.stringify(body));
    const text = textOf(reply.body);
    return [reply.status, reply.headers['Content-Type'] === 'application/json' ? JSON.parse(text) : text];
  }

  login(password = ''): this {
    this.token = this.rest('POST', 'auth/login', { username: 'root', password })[1].token;
    return this;
  }

  /** The text of a reply of GraphQL. */
  query(query: string, variables?: unknown): string {
    const reply = this.http('POST', '/graphql', JSON.stringify({ query, variables }));
    const [session] = (reply.headers['Set-Cookie'] ?? '').split(';');
    if (session !== undefined && session !== '') this.cookie = session;
    return textOf(reply.body);
  }

  graphql(query: string, variables?: unknown): Json {
    return JSON.parse(this.query(query, variables));
  }

  graphqlLogin(password = ''): this {
    const login =
      'mutation($password: String!) { auth { login(username: "root", password: $password) { __typename } } }';
    this.query(login, { password });
    return this;
  }

  /** The text of a reply of port 4028, without its NUL. */
  say(command: string, parameter?: string | number): string {
    const request = new TextEncoder().encode(
      JSON.stringify({ command, ...(parameter !== undefined && { parameter }) }),
    );
    return textOf(this.device.cgminer?.receive(request, PEER, this.now).chunks[0]?.bytes).replace(/\0$/, '');
  }

  command(command: string, parameter?: string | number): Json {
    return JSON.parse(this.say(command, parameter));
  }
}

/** Somebody who is logged in already. */
export const caller = (made: Made = {}): Caller => new Caller(made).login();
