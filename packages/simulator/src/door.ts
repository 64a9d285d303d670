import { createServer, type Server, type Socket } from 'node:net';
import type { Peer } from '@headframe/families/sim';
import { HeadframeError } from '@headframe/model';
import { type BlackHole, openBlackHole } from './faults/black-hole.ts';

/** cgminer listens with this backlog (`protocols.md` 1.1). */
const BACKLOG = 100;

export type DoorState = 'open' | 'closed' | 'black-hole';

/** One port of one device: open, really closed so that connections are refused, or a black hole. */
export class Door {
  readonly host: string;
  readonly #take: (socket: Socket, peer: Peer) => void;
  #port: number;
  #server: Server | null = null;
  #hole: BlackHole | null = null;
  readonly #sockets = new Set<Socket>();
  #changing: Promise<void> = Promise.resolve();

  /** @param port 0 for any free one: it is chosen when the door first opens, and kept */
  constructor(host: string, port: number, take: (socket: Socket, peer: Peer) => void) {
    this.host = host;
    this.#port = port;
    this.#take = take;
  }

  get port(): number {
    return this.#port;
  }

  get state(): DoorState {
    return this.#server !== null ? 'open' : this.#hole !== null ? 'black-hole' : 'closed';
  }

  /**
   * Changes the state, behind changes that are under way. Connections end when the door closes, as they do when the
   * program behind them ends.
   * @throws HeadframeError `usage/port-in-use` (the `cause` has the system's code), `usage/invalid` for other failures to listen
   */
  to(state: DoorState): Promise<void> {
    const change = this.#changing.then(() => this.#change(state));
    this.#changing = change.catch(() => {});
    return change;
  }

  async #change(state: DoorState): Promise<void> {
    if (state === this.state) return;
    await this.#hole?.close();
    this.#hole = null;
    if (this.#server !== null) await this.#close(this.#server);
    try {
      if (state === 'open') await this.#open();
      if (state === 'black-hole') {
        this.#hole = await openBlackHole(this.host, this.#port);
        this.#port = this.#hole.port;
      }
    } catch (cause) {
      throw cannotListen(this.host, this.#port, cause as NodeJS.ErrnoException);
    }
  }

  #open(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      this.#take(socket, { address: (socket.remoteAddress ?? '').replace(/^::ffff:/, '') });
    });
    return new Promise((opened, failed) => {
      server.once('error', failed);
      server.listen({ host: this.host, port: this.#port, backlog: BACKLOG }, () => {
        server.off('error', failed);
        // A listener that fails later (out of descriptors in `accept`) loses that connection only.
        server.on('error', () => {});
        const address = server.address();
        if (address !== null && typeof address === 'object') this.#port = address.port;
        this.#server = server;
        opened();
      });
    });
  }

  #close(server: Server): Promise<void> {
    this.#server = null;
    const closed = new Promise<void>((done) => server.close(() => done()));
    for (const socket of this.#sockets) socket.destroy();
    return closed;
  }
}

function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): HeadframeError {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  if (cause.code === 'EADDRINUSE') return new HeadframeError('usage/port-in-use', { address }, cause);
  const why =
    cause.code === 'EACCES'
      ? 'ports below 1024 are for the system'
      : cause.code === 'EADDRNOTAVAIL'
        ? 'this machine has no such address'
        : cause.message;
  return new HeadframeError('usage/invalid', { address, detail: `Cannot listen on ${address}: ${why}` }, cause);
}
