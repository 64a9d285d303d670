import type { Socket } from 'node:net';
import type { Peer, SimulatedStreamPort } from '@headframe/families/sim';
import type { FaultedConnection } from './faults/apply.ts';
import { closeLikeC, say } from './say.ts';
import type { TcpPortContext } from './tcp-port.ts';

/** The kept connections of a raw TCP port of a device, several beside each other. */
export class StreamPort {
  #port: SimulatedStreamPort;
  readonly #context: TcpPortContext;
  readonly #open = new Set<Socket>();

  constructor(port: SimulatedStreamPort, context: TcpPortContext) {
    this.#port = port;
    this.#context = context;
  }

  /** The program behind the port ended: its connections are gone. Another device may take its place. */
  reset(port = this.#port): void {
    this.#port = port;
    for (const socket of this.#open) socket.destroy();
    this.#open.clear();
  }

  take(socket: Socket, peer: Peer): void {
    const fault = this.#context.fault(peer);
    socket.on('error', () => socket.destroy());
    if (fault.connection === 'close' || this.#open.size >= this.#port.most) {
      closeLikeC(socket);
      return;
    }
    this.#open.add(socket);
    socket.on('close', () => this.#open.delete(socket));
    if (fault.connection === 'serve') this.#serve(socket, peer, fault);
  }

  #serve(socket: Socket, peer: Peer, fault: FaultedConnection): void {
    const { now, timers } = this.#context;
    const conversation = this.#port.connect(peer, now());
    if (conversation === null) {
      closeLikeC(socket);
      return;
    }
    const { idleMs } = this.#port;
    let callOff = () => {};
    const waitForMore = () => {
      callOff();
      if (idleMs !== undefined) callOff = timers.after(idleMs, () => closeLikeC(socket));
    };
    const waiting: Uint8Array[] = [];
    let speaking = false;
    const next = (): void => {
      const bytes = waiting.shift();
      if (bytes === undefined || speaking || socket.destroyed) return;
      speaking = true;
      const receive = (request: Uint8Array) => conversation.receive(request, now());
      say(socket, fault.answer(bytes, receive), timers, () => {
        speaking = false;
        next();
      });
    };
    waitForMore();
    socket.on('data', (bytes: Buffer) => {
      waitForMore();
      waiting.push(bytes);
      next();
    });
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      callOff();
      conversation.closed?.();
    });
  }
}
