import type { Socket } from 'node:net';
import type { Peer, SimulatedTcpPort } from '@headframe/families/sim';
import { type AcceptQueue, createAcceptQueue, type QueueStep } from '@headframe/wire/cgminer-server';
import type { FaultedConnection } from './faults/apply.ts';
import { Hanging } from './hanging.ts';
import { closeLikeC, say } from './say.ts';
import type { Timers } from './timers.ts';

export interface TcpPortContext {
  readonly now: () => number;
  readonly timers: Timers;
  /** What goes wrong with the next connection. */
  readonly fault: (peer: Peer) => FaultedConnection;
}

/** A client that never speaks. Not a socket: nothing has to be kept open, and every address list lets it in. */
const IDLE_CLIENT = Symbol('idle client');
const IDLE_ADDRESS = 'idle client';
type Id = Socket | typeof IDLE_CLIENT;

/**
 * The connections of a raw TCP port of a device, one conversation at a time.
 * While one client is served or idles, the others wait with what they have sent; a request is executed even when its
 * sender gave up (`protocols.md` 1.1 and the transcripts, surprise 5).
 */
export class TcpPort {
  #port: SimulatedTcpPort;
  readonly #context: TcpPortContext;
  readonly #faults = new WeakMap<Socket, FaultedConnection>();
  /** Conversations that were answered and go on: `keep` takes the next request, `silence` waits for the client to go. */
  readonly #open = new Map<Socket, 'keep' | 'silence'>();
  readonly #hanging = new Hanging();
  #queue: AcceptQueue<Id>;
  #wedged = false;

  constructor(port: SimulatedTcpPort, context: TcpPortContext) {
    this.#port = port;
    this.#context = context;
    this.#queue = this.#newQueue();
  }

  #newQueue(): AcceptQueue<Id> {
    return createAcceptQueue<Id>({
      admits: (address) => address === IDLE_ADDRESS || this.#port.admits({ address }),
      maxRequestBytes: this.#port.maxRequestBytes,
    });
  }

  /** The program behind the port ended: what waited is lost. Another device may take its place. */
  reset(port = this.#port): void {
    this.#port = port;
    this.#queue = this.#newQueue();
    this.#open.clear();
    if (this.#wedged) this.#queue.connected(IDLE_CLIENT, IDLE_ADDRESS);
  }

  /** An idle client comes and stays, or goes. */
  wedge(held: boolean): void {
    if (held === this.#wedged) return;
    this.#wedged = held;
    this.#run(held ? this.#queue.connected(IDLE_CLIENT, IDLE_ADDRESS) : this.#queue.ended(IDLE_CLIENT));
  }

  take(socket: Socket, peer: Peer): void {
    const fault = this.#context.fault(peer);
    if (fault.connection === 'close') closeLikeC(socket);
    this.#faults.set(socket, fault);
    socket.on('error', () => this.#run(this.#queue.reset(socket)));
    if (fault.connection === 'hang') this.#hanging.hold(socket);
    if (fault.connection !== 'serve') return;
    const heard = this.#untilIdle(socket);
    let received = 0;
    socket.on('data', (bytes: Buffer) => {
      heard();
      const open = this.#open.get(socket);
      if (open !== undefined) {
        if (open === 'keep') this.#answer(socket, peer, bytes);
        return;
      }
      received += bytes.length;
      // What lies behind one `recv` only makes the difference between FIN and RST: the kernel may keep the rest.
      if (received > this.#port.maxRequestBytes) socket.pause();
      this.#run(this.#queue.data(socket, bytes));
    });
    socket.on('end', () => (this.#open.has(socket) ? socket.destroy() : this.#run(this.#queue.ended(socket))));
    socket.on('close', () => {
      heard();
      if (this.#open.delete(socket)) this.#run(this.#queue.closed(socket));
    });
    this.#run(this.#queue.connected(socket, peer.address));
  }

  /** Closes who says nothing for too long, whether it is served or waits. Gives what calls that off. */
  #untilIdle(socket: Socket): () => void {
    const { idleMs } = this.#port;
    if (idleMs === undefined) return () => {};
    return this.#context.timers.after(idleMs, () => {
      // Nothing lies unread, so this is a FIN; for the queue such a client went away.
      socket.destroy();
      this.#run(this.#queue.ended(socket));
    });
  }

  #run(steps: readonly QueueStep<Id>[]): void {
    for (const { kind, id, ...step } of steps) {
      if (id === IDLE_CLIENT) {
        if (kind === 'receive') this.#run(this.#queue.closed(id));
      } else if (kind === 'deny') this.#port.denies === 'rst' ? id.resetAndDestroy() : closeLikeC(id);
      else if (kind === 'drop') id.resetAndDestroy();
      else if ('bytes' in step) this.#answer(id, { address: step.peer }, step.bytes);
    }
  }

  #answer(socket: Socket, peer: Peer, bytes: Uint8Array): void {
    const { now, timers } = this.#context;
    const receive = (request: Uint8Array) => this.#port.receive(request, peer, now());
    const reaction = this.#faults.get(socket)?.answer(bytes, receive) ?? receive(bytes);
    const end = this.#queue.hasUnread(socket) ? 'rst' : reaction.end;
    say(socket, { chunks: reaction.chunks, end }, timers, () => {
      if (socket.destroyed) {
        this.#open.delete(socket);
        return this.#run(this.#queue.closed(socket));
      }
      this.#open.set(socket, end === 'keep' ? 'keep' : 'silence');
      socket.resume();
    });
  }
}
