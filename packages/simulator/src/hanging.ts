import type { Socket } from 'node:net';

/** Connections that hang for ever: the oldest goes when there are more, a device too runs out of descriptors. */
const MOST = 256;

/** Connections that are open, and what their clients send is never read. */
export class Hanging {
  readonly #sockets = new Set<Socket>();

  hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    const [oldest] = this.#sockets;
    if (this.#sockets.size > MOST) oldest?.destroy();
  }
}
