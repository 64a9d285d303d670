import type { Socket } from 'node:net';
import type { FaultedConnection } from './faults/apply.ts';
import { Hanging } from './hanging.ts';
import { closeLikeC } from './say.ts';

/** The connections of a port that serves several beside each other. */
export class OpenConnections {
  readonly #open = new Set<Socket>();
  readonly #hanging = new Hanging();

  /** Whether a connection is to be served; one that is not hangs or is closed. */
  admit(socket: Socket, { connection }: FaultedConnection, most: number): boolean {
    socket.on('error', () => socket.destroy());
    if (connection === 'hang') {
      this.#hanging.hold(socket);
      return false;
    }
    if (connection === 'close' || this.#open.size >= most) {
      closeLikeC(socket);
      return false;
    }
    this.#open.add(socket);
    socket.on('close', () => this.#open.delete(socket));
    return true;
  }

  /** The program behind them ended. */
  endAll(): void {
    for (const socket of this.#open) socket.destroy();
    this.#open.clear();
  }
}
