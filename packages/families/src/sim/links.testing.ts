import { HeadframeError, type HttpLink, type Links } from '@headframe/model';
import { DigestSession, parseChallenge } from '@headframe/wire/http';
import type { SimulatedDevice } from './device.ts';

const PEER = { address: '127.0.0.1' };

/** A simulated device on the other end of links without sockets; what was asked is noted. */
export function linksTo(device: SimulatedDevice, at: { now: number }, login?: { user: string; password: string }) {
  const asked: string[] = [];
  const { cgminer, http } = device;
  const links: Links = {
    clock: { now: () => at.now },
    ...(cgminer && {
      cgminer: {
        exchange: async (request) => {
          asked.push((JSON.parse(new TextDecoder().decode(request)) as { command: string }).command);
          if (!device.listening('cgminer', at.now)) throw new HeadframeError('link/refused');
          const { chunks } = cgminer.receive(request, PEER, at.now);
          const bytes = Uint8Array.from(chunks.flatMap((chunk) => [...chunk.bytes]));
          return { bytes, at: at.now, ms: 1, ended: 'fin' };
        },
      },
    }),
    ...(http && { http: httpTo(device, http, at, asked, login) }),
  };
  return { links, asked };
}

function httpTo(
  device: SimulatedDevice,
  port: NonNullable<SimulatedDevice['http']>,
  at: { now: number },
  asked: string[],
  login?: { user: string; password: string },
): HttpLink {
  const session = login === undefined ? null : new DigestSession(login.user, login.password, () => '1234');
  const once = (method: string, path: string) => {
    if (!device.listening('http', at.now)) throw new HeadframeError('link/refused');
    const authorization = session?.answer(method, path) ?? null;
    const headers: Record<string, string> = authorization === null ? {} : { authorization };
    const reply = port.respond({ method, path, headers, body: new Uint8Array() }, PEER, at.now);
    const body = typeof reply.body === 'string' ? new TextEncoder().encode(reply.body) : reply.body;
    asked.push(`${method} ${path} ${reply.status}`);
    return { status: reply.status, headers: reply.headers, body, at: at.now, ms: 1 };
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
