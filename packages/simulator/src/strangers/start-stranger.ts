import { createServer } from 'node:http';
import { Door } from '../door.ts';
import { realTimers, type Timers } from '../timers.ts';
import { answerHostile } from './hostile.ts';
import { type StrangerKind, strangerReply } from './pages.ts';

/** Who asks for nothing for so long is let go. */
const IDLE_MS = 60_000;

export interface StrangerOptions {
  /** `hostile`: one that means harm to its reader, with terminal escapes and a page without end. */
  readonly kind: StrangerKind | 'hostile';
  /** Where to listen, an IP address: that of a machine which is elsewhere now. */
  readonly address: string;
  /** 80 when left out, 0 for any free one. */
  readonly port?: number;
  /** Of what comes in drops. */
  readonly timers?: Timers;
}

/** A device that is no miner. */
export interface Stranger {
  readonly kind: StrangerOptions['kind'];
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts a printer, a lamp or a NAS: a web server and nothing else, so that a miner's ports are refused there.
 * @throws HeadframeError `usage/port-in-use`, `usage/invalid` for an address that is not ours
 */
export async function startStranger({
  kind,
  address,
  port = 80,
  timers = realTimers,
}: StrangerOptions): Promise<Stranger> {
  const server = createServer((request, response) => {
    if (kind === 'hostile') return answerHostile(request, timers);
    const { status, headers, body } = strangerReply(kind, request.method ?? 'GET', request.url ?? '/');
    request.resume();
    response.writeHead(status, { ...headers }).end(body);
  });
  const door = new Door(address, port, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    server.emit('connection', socket);
  });
  await door.to('open');
  return { kind, address, port: door.port, close: () => door.to('closed') };
}
