import type { Socket } from 'node:net';
import type { Peer, SimulatedTcpPort } from '@headframe/families/sim';
import type { FaultedConnection } from './faults/apply.ts';
import { OpenConnections } from './open-connections.ts';
import { closeLikeC, say } from './say.ts';
import type { TcpPortContext } from './tcp-port.ts';

const LF = 0x0a;

/** The connections of a raw port that serves several at once and reads a request until its end (`lines` of the port). */
export class LinePort {
  #port: SimulatedTcpPort;
  readonly #context: TcpPortContext;
  readonly #open = new OpenConnections();

  constructor(port: SimulatedTcpPort, context: TcpPortContext) {
    this.#port = port;
    this.#context = context;
  }

  /** The program behind the port ended: its connections are gone. Another device may take its place. */
  reset(port = this.#port): void {
    this.#port = port;
    this.#open.endAll();
  }

  take(socket: Socket, peer: Peer): void {
    const fault = this.#context.fault(peer);
    if (!this.#open.admit(socket, fault, this.#port.lines?.most ?? 1)) return;
    this.#read(socket, peer, fault);
  }

  #read(socket: Socket, peer: Peer, fault: FaultedConnection): void {
    const { timers, now } = this.#context;
    const { maxRequestBytes, idleMs } = this.#port;
    let request = Buffer.alloc(0);
    let over = false;
    let callOff = () => {};
    const listen = () => {
      callOff();
      if (idleMs !== undefined) callOff = timers.after(idleMs, () => leave(() => closeLikeC(socket)));
    };
    const leave = (how: () => void) => {
      over = true;
      callOff();
      how();
    };
    const answer = (bytes: Uint8Array) => {
      const receive = (asked: Uint8Array) => this.#port.receive(asked, peer, now());
      say(socket, fault.answer(bytes, receive), timers, () => {});
    };
    listen();
    socket.on('data', (bytes: Buffer) => {
      if (over) return;
      request = Buffer.concat([request, bytes]);
      const end = request.indexOf(LF);
      if (end >= 0 && end < maxRequestBytes) leave(() => answer(request.subarray(0, end + 1)));
      // What lies unread makes the difference between FIN and RST.
      else if (request.length > maxRequestBytes) leave(() => socket.resetAndDestroy());
      else if (request.length === maxRequestBytes) leave(() => closeLikeC(socket));
      else listen();
    });
    socket.on('end', () => {
      if (!over) leave(() => (request.length === 0 ? closeLikeC(socket) : answer(request)));
    });
    socket.on('close', () => leave(() => {}));
  }
}
