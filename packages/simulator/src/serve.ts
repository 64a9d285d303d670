import type { Socket } from 'node:net';
import { type Peer, type SimulatedDevice, uniform, type WorkDone } from '@headframe/families/sim';
import type { Clock, Protocol } from '@headframe/model';
import { Door, type DoorState } from './door.ts';
import { faultConnection } from './faults/apply.ts';
import { Frozen } from './faults/contents.ts';
import type { Fault } from './faults/kinds.ts';
import type { GrpcPort } from './grpc-port.ts';
import { HttpPort } from './http-port.ts';
import { LinePort } from './line-port.ts';
import { MulticastPort } from './multicast-port.ts';
import { StreamPort } from './stream-port.ts';
import { TcpPort } from './tcp-port.ts';
import { every, realTimers, type Timers } from './timers.ts';

export interface ServeOptions {
  /** Where to listen, an IP address. */
  readonly address: string;
  /** Other ports than the device's own; 0 is any free one. */
  readonly ports?: Readonly<Partial<Record<Protocol, number>>>;
  /** Another UDP port for its multicast listener than the group's own, where it has one. */
  readonly multicastPort?: number;
  /** The simulated time. */
  readonly clock: Clock;
  readonly timers?: Timers;
  readonly faults?: readonly Fault[];
  /** A folder with a built web page that stands in front of the device's own; its API stays the device's. */
  readonly www?: string;
  /** Decides what is random about faults. */
  readonly seed?: number;
  /** Makes the device anew when it reboots; without it only its ports go away for a while. */
  readonly recreate?: (poweredAt: number) => SimulatedDevice;
  /** Calls a function once a second until its result is called; a farm shares one timer. A timer of its own otherwise. */
  readonly everySecond?: (look: () => void) => () => void;
}

/** A device on real ports. */
export interface Served {
  readonly address: string;
  /** The ports that it listens on, or would while it does not. */
  readonly ports: Readonly<Partial<Record<Protocol, number>>>;
  /** Other faults from now on. */
  setFaults(faults: readonly Fault[]): Promise<void>;
  /** Restarts the machine: refused for so many milliseconds of simulated time, then it boots and opens when it does. */
  reboot(downMs: number): Promise<void>;
  /** Brings the ports to what they should be at this moment. Done once a second and at every connection. */
  look(): Promise<void>;
  /**
   * What its pools would count until a time of the simulated clock, now when left out. Faults are on the wire between a
   * machine and its client: it hashes on behind them. While it restarts it does nothing.
   */
  work(now?: number): readonly WorkDone[];
  close(): Promise<void>;
}

/**
 * Serves a simulated device on real ports.
 * @throws HeadframeError `usage/port-in-use`, `usage/invalid`
 */
export async function serveDevice(device: SimulatedDevice, options: ServeOptions): Promise<Served> {
  // HTTP/2 and Protobuf are loaded where a machine has them.
  const grpc = device.grpc === undefined ? null : await import('./grpc-port.ts');
  const served = new ServedDevice(device, options, grpc?.GrpcPort ?? null);
  await served.start();
  return served;
}

/** Who talks to the clients of a port. */
interface Host {
  take(socket: Socket, peer: Peer): void;
}

interface Ends {
  /** Another device takes the place of the one before: it restarted. */
  readonly become: (device: SimulatedDevice) => void;
  /** The program behind the port ended. */
  readonly stop?: () => void;
}

interface Port extends Ends {
  readonly over: Protocol;
  readonly door: Door;
}

class ServedDevice implements Served {
  readonly address: string;
  #device: SimulatedDevice;
  readonly #options: ServeOptions;
  readonly #timers: Timers;
  readonly #ports: Port[] = [];
  readonly #multicast: MulticastPort | null;
  #faults: readonly Fault[];
  /** What the ports know of the faults before begins anew. */
  readonly #onFaults: (() => void)[] = [];
  /** Refused from then until then, simulated time. */
  #downSince = Number.NEGATIVE_INFINITY;
  #downUntil = Number.NEGATIVE_INFINITY;
  #nextReboot = Number.POSITIVE_INFINITY;
  #stop = () => {};
  /** An idle client comes to the raw port and stays, or goes. */
  #wedge = (_held: boolean): void => {};
  #closed = false;

  constructor(device: SimulatedDevice, options: ServeOptions, Grpc: typeof GrpcPort | null) {
    this.address = options.address;
    this.#device = device;
    this.#options = options;
    this.#timers = options.timers ?? realTimers;
    this.#faults = [];
    const now = () => options.clock.now();
    const context = (over: Protocol) => {
      // Connections are counted per port: every third one is every third one of this port.
      let n = 0;
      const seed = options.seed ?? 0;
      const frozen = new Frozen();
      this.#onFaults.push(() => {
        n = 0;
        frozen.thaw();
      });
      const fault = () => faultConnection(this.#faults, over, n++, { seed, now, frozen });
      return { now, timers: this.#timers, fault };
    };
    const { multicast, cgminer, grpc } = device;
    if (cgminer !== undefined) {
      const port = new (cgminer.lines === undefined ? TcpPort : LinePort)(cgminer, context('cgminer'));
      if (port instanceof TcpPort) this.#wedge = (held) => port.wedge(held);
      this.#add('cgminer', cgminer.port, port, {
        become: (next) => port.reset(next.cgminer),
        stop: () => port.reset(),
      });
    }
    for (const over of ['whatsminer', 'ethminer'] as const) {
      const kept = device[over];
      if (kept === undefined) continue;
      const port = new StreamPort(kept, context(over));
      this.#add(over, kept.port, port, { become: (next) => port.reset(next[over]), stop: () => port.reset() });
    }
    for (const over of ['http', 'monitor'] as const) {
      const web = device[over];
      if (web === undefined) continue;
      const port = new HttpPort(web, { ...context(over), www: options.www });
      this.#add(over, web.port, port, { become: (next) => port.replace(next[over] ?? web) });
    }
    if (grpc !== undefined && Grpc !== null) {
      const port = new Grpc(grpc, context('grpc'));
      this.#add('grpc', grpc.port, port, { become: (next) => port.reset(next.grpc), stop: () => port.reset() });
    }
    this.#multicast =
      multicast === undefined
        ? null
        : new MulticastPort(multicast, {
            port: options.multicastPort,
            address: options.address,
            apiPort: () => this.ports.cgminer ?? cgminer?.port ?? 0,
            timers: this.#timers,
          });
  }

  #add(over: Protocol, own: number, host: Host, ends: Ends): void {
    const take = (socket: Socket, peer: Peer) => {
      if (this.#wanted(over, this.#now()) === 'open') return host.take(socket, peer);
      // Too late for a refusal, which is what it stands for.
      socket.resetAndDestroy();
      void this.look();
    };
    this.#ports.push({ over, door: new Door(this.address, this.#options.ports?.[over] ?? own, take), ...ends });
  }

  get ports(): Partial<Record<Protocol, number>> {
    return Object.fromEntries(this.#ports.map(({ over, door }) => [over, door.port]));
  }

  async start(): Promise<void> {
    try {
      // Every door opens once, so that a taken port shows at the start and a free one has its number.
      for (const { door } of this.#ports) await door.to('open');
      await this.#multicast?.to('open');
      await this.setFaults(this.#options.faults ?? []);
    } catch (error) {
      await this.close();
      throw error;
    }
    const look = () => void this.look();
    this.#stop = this.#options.everySecond?.(look) ?? every(this.#timers, 1000, look);
  }

  async setFaults(faults: readonly Fault[]): Promise<void> {
    this.#faults = faults;
    for (const forget of this.#onFaults) forget();
    const reboot = faults.find((fault) => fault.kind === 'reboot');
    // Machines of a farm do not all restart in one moment.
    const phase = 0.5 + uniform(this.#options.seed ?? 0, 0xb007) / 2;
    this.#nextReboot = reboot === undefined ? Number.POSITIVE_INFINITY : this.#now() + reboot.everyS * 1000 * phase;
    this.#wedge(faults.some((fault) => fault.kind === 'wedge'));
    await this.look();
  }

  async reboot(downMs: number): Promise<void> {
    this.#restart(this.#now(), downMs);
    for (const { door } of this.#ports) await door.to('closed');
    await this.#multicast?.to('closed');
    await this.look();
  }

  #restart(at: number, downMs: number): void {
    this.#downSince = at;
    this.#downUntil = at + downMs;
    this.#device = this.#options.recreate?.(this.#downUntil) ?? this.#device;
    const device = this.#device;
    for (const { become } of this.#ports) become(device);
    if (device.multicast !== undefined) this.#multicast?.replace(device.multicast);
  }

  async look(): Promise<void> {
    const now = this.#now();
    const fault = this.#faults.find((f) => f.kind === 'reboot');
    while (fault !== undefined && this.#nextReboot <= now) {
      this.#restart(this.#nextReboot, fault.downS * 1000);
      this.#nextReboot += fault.everyS * 1000;
    }
    await Promise.all(
      this.#ports.map(({ over, door, stop }) => {
        const wanted = this.#wanted(over, now);
        if (wanted !== 'open' && door.state === 'open') stop?.();
        // A port that cannot be opened again just now (somebody else took it) is tried at the next look.
        return door.to(wanted).catch(() => {});
      }),
    );
    await this.#multicast?.to(this.#wanted('cgminer', now) === 'open' ? 'open' : 'closed').catch(() => {});
  }

  work(now = this.#now()): readonly WorkDone[] {
    // A device that is not made anew knows nothing of its restart.
    const stands = this.#options.recreate === undefined && now < this.#downUntil;
    return this.#device.work?.(stands ? Math.min(now, this.#downSince) : now) ?? [];
  }

  #wanted(over: Protocol, now: number): DoorState {
    if (this.#closed) return 'closed';
    const has = (kind: Fault['kind']) => this.#faults.some((f) => f.kind === kind && (f.over ?? over) === over);
    if (has('black-hole')) return 'black-hole';
    return !has('refuse') && now >= this.#downUntil && this.#device.listening(over, now) ? 'open' : 'closed';
  }

  #now(): number {
    return this.#options.clock.now();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    await Promise.all([this.#multicast?.to('closed'), ...this.#ports.map(({ door }) => door.to('closed'))]);
  }
}
