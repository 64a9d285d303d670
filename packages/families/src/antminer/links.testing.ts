import { type Clock, HeadframeError, type HttpLink, type Links, type TcpLink } from '@headframe/model';
import { DigestSession, parseChallenge } from '@headframe/wire/http';
import type { SimulatedDevice } from '../sim/device.ts';

/** A simulated device on the other end of links without sockets, with a clock that stands still until it is moved. */
export class Bench {
  now: number;
  readonly clock: Clock = { now: () => this.now };
  /** What was sent, in order: commands, and requests with the status that came back. */
  readonly sent: string[] = [];
  readonly device: SimulatedDevice;

  constructor(device: SimulatedDevice, now: number) {
    this.device = device;
    this.now = now;
  }

  /** Links to the ports that are named, with a password for the web page or without. */
  links(protocols: { cgminer?: boolean; http?: boolean; monitor?: boolean; password?: string }): Links {
    return {
      clock: this.clock,
      ...(protocols.cgminer === true ? { cgminer: this.#tcp() } : {}),
      ...(protocols.http === true ? { http: this.#http('http', protocols.password) } : {}),
      ...(protocols.monitor === true ? { monitor: this.#http('monitor') } : {}),
    };
  }

  #tcp(): TcpLink {
    return {
      exchange: async (request) => {
        this.sent.push(JSON.parse(new TextDecoder().decode(request)).command);
        const port = this.device.cgminer;
        if (port === undefined || !this.device.listening('cgminer', this.now)) throw new HeadframeError('link/refused');
        const { chunks } = port.receive(request, { address: '127.0.0.1' }, this.now);
        const bytes = Uint8Array.from(chunks.flatMap((chunk) => [...chunk.bytes]));
        return { bytes, at: this.now, ms: 1, ended: 'fin' };
      },
    };
  }

  #http(over: 'http' | 'monitor', password?: string): HttpLink {
    const session = password === undefined ? null : new DigestSession('root', password, () => '1234');
    const once = (method: string, path: string) => {
      const port = this.device[over];
      if (port === undefined || !this.device.listening(over, this.now)) throw new HeadframeError('link/refused');
      const authorization = session?.answer(method, path) ?? null;
      const headers = { host: '127.0.0.1', ...(authorization === null ? {} : { authorization }) };
      const request = { method, path, headers, body: new Uint8Array() };
      const reply = port.respond(request, { address: '127.0.0.1' }, this.now);
      const body = typeof reply.body === 'string' ? new TextEncoder().encode(reply.body) : reply.body;
      this.sent.push(`${method} ${path} ${reply.status}`);
      return { status: reply.status, headers: reply.headers, body, at: this.now, ms: 1 };
    };
    return {
      hasCredentials: session !== null,
      http: async ({ method, path }) => {
        let reply = once(method, path);
        while (reply.status === 401 && session?.accept(parseChallenge(reply.headers['www-authenticate'] ?? ''))) {
          reply = once(method, path);
        }
        return reply;
      },
    };
  }
}
