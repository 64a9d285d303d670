import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import type { SimulatedMulticastPort } from '@headframe/families/sim';
import { HeadframeError } from '@headframe/model';
import type { Timers } from './timers.ts';

export interface MulticastPortContext {
  /** Another UDP port than the group's own. */
  readonly port?: number | undefined;
  /** The machine's own address: the interface that joins the group, and where answers come from. */
  readonly address: string;
  /** Where the machine's raw port listens. */
  readonly apiPort: () => number;
  readonly timers: Timers;
}

/** Packets that wait for a sleeping listener: about what the kernel keeps for one socket. */
const MOST_WAITING = 256;

interface Packet {
  readonly bytes: Uint8Array;
  readonly from: RemoteInfo;
}

/** The UDP listener of one device. Several of them share a port: each packet to the group reaches all of them. */
export class MulticastPort {
  #device: SimulatedMulticastPort;
  readonly #context: MulticastPortContext;
  readonly #port: number;
  #socket: Socket | null = null;
  #waiting: Packet[] = [];
  /** Calls off the pause behind the last packet; null while it listens. */
  #wake: (() => void) | null = null;
  #changing: Promise<void> = Promise.resolve();

  constructor(device: SimulatedMulticastPort, context: MulticastPortContext) {
    this.#device = device;
    this.#context = context;
    this.#port = context.port ?? device.port;
  }

  /** The device was replaced: it rebooted. */
  replace(device: SimulatedMulticastPort): void {
    this.#device = device;
  }

  /**
   * Opens or closes it, behind changes that are under way.
   * @throws HeadframeError `usage/port-in-use`, `usage/invalid` when the group cannot be joined at this address
   */
  to(state: 'open' | 'closed'): Promise<void> {
    const change = this.#changing.then(() => this.#change(state));
    this.#changing = change.catch(() => {});
    return change;
  }

  async #change(state: 'open' | 'closed'): Promise<void> {
    if (state === 'closed') return this.#close();
    if (this.#socket !== null) return;
    const { address } = this.#context;
    const { group } = this.#device;
    if (!isIPv4(address)) throw cannotListen(group, this.#port, `${address} is no IPv4 address`);
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    try {
      await bound(socket, this.#port, group);
      socket.addMembership(group, address);
    } catch (cause) {
      socket.close();
      throw cannotListen(group, this.#port, (cause as Error).message, cause);
    }
    socket.on('error', () => {});
    socket.on('message', (bytes, from) => this.#take({ bytes, from }));
    // Whoever serves the device keeps the process alive; this socket does not.
    socket.unref();
    this.#socket = socket;
  }

  async #close(): Promise<void> {
    this.#wake?.();
    this.#wake = null;
    this.#waiting = [];
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null) await new Promise<void>((closed) => socket.close(() => closed()));
  }

  #take(packet: Packet): void {
    if (this.#socket === null || this.#waiting.length >= MOST_WAITING) return;
    this.#waiting.push(packet);
    if (this.#wake === null) this.#next();
  }

  #next(): void {
    this.#wake = null;
    const packet = this.#waiting.shift();
    if (packet === undefined) return;
    this.#wake = this.#context.timers.after(this.#device.pauseMs, () => this.#next());
    this.#answer(packet);
  }

  /** From a socket of its own, as the real program does; what cannot be sent is lost, as UDP is. */
  #answer({ bytes, from }: Packet): void {
    const reply = this.#device.receive(bytes, { address: from.address }, this.#context.apiPort());
    if (reply === null) return;
    const socket = createSocket('udp4');
    socket.on('error', () => socket.close());
    socket.bind({ address: this.#context.address, port: 0 }, () => {
      socket.send(reply.bytes, reply.port, from.address, () => socket.close());
    });
  }
}

/** Bound to the group's address where the system can: then only packets to the group come in. */
function bound(socket: Socket, port: number, group: string): Promise<void> {
  return new Promise((opened, failed) => {
    socket.once('error', failed);
    socket.bind({ port, ...(process.platform === 'win32' ? {} : { address: group }) }, () => {
      socket.off('error', failed);
      opened();
    });
  });
}

function cannotListen(group: string, port: number, why: string, cause?: unknown): HeadframeError {
  const address = `${group}:${port}`;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'EADDRINUSE') return new HeadframeError('usage/port-in-use', { address }, cause);
  return new HeadframeError(
    'usage/invalid',
    { address, detail: `Cannot listen in the group ${address}: ${why}` },
    cause,
  );
}
