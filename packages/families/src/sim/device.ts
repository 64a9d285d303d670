import type { Protocol } from '@headframe/model';

/**
 * The contract of a simulated device: a state machine that is given bytes and the time and says what it does.
 * Its state depends on seed, simulated time and writes, never on how often it was asked.
 * It cannot reach a socket or a timer: the simulator package serves it on real ports.
 */

/** Who is talking to the device. */
export interface Peer {
  /** IP address, IPv4 or IPv6, without a port. */
  readonly address: string;
}

export interface Chunk {
  readonly bytes: Uint8Array;
  /** Milliseconds after the chunk before it (or after the request). */
  readonly afterMs: number;
}

/** What a device does with a request on a raw TCP port. */
export interface Reaction {
  readonly chunks: readonly Chunk[];
  /**
   * How the connection ends behind the last chunk: closed; reset (the chunks still arrive);
   * kept open for another request; kept open in silence for ever.
   */
  readonly end: 'fin' | 'rst' | 'keep' | 'silence';
}

export const sayAndClose = (bytes: Uint8Array): Reaction => ({ chunks: [{ bytes, afterMs: 0 }], end: 'fin' });

export interface SimulatedHttpRequest {
  readonly method: string;
  /** Path with query, as sent. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface SimulatedHttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  /** Milliseconds until the reply starts. */
  readonly afterMs?: number;
  /** `reset`: the connection is reset instead of answered. */
  readonly end?: 'reset';
}

/** A raw TCP port with one conversation at a time: while one client is served, or idles, all others wait. */
export interface SimulatedTcpPort {
  readonly port: number;
  /** False: this peer's connection is closed without a byte (an address list says no). */
  readonly admits: (peer: Peer) => boolean;
  /** The bytes of one `recv` (at most `maxRequestBytes`); empty when the client half-closed without data. */
  readonly receive: (bytes: Uint8Array, peer: Peer, now: number) => Reaction;
  /** How many bytes one `recv` takes; a client that sent more finds its connection reset behind the reply. */
  readonly maxRequestBytes: number;
  /**
   * Given: so many conversations beside each other, one more is closed at once. Each is read until a LF or until the
   * client half-closes, and `receive` gets the whole request, LF included; one that has more than `maxRequestBytes`, or
   * so many without a LF, ends without a reply. `idleMs` then counts from the last bytes. `receive` ends with `fin`.
   */
  readonly lines?: { readonly most: number };
  /** How the connection of a peer ends that is not admitted: `fin` when left out (`protocols.md` 1.1). */
  readonly denies?: 'fin' | 'rst';
  /** A connection that has sent nothing for so long is closed, ms; never if absent. */
  readonly idleMs?: number;
}

/** A raw TCP port whose connections are kept, several beside each other. */
export interface SimulatedStreamPort {
  readonly port: number;
  /** Connections at the same time; one more is closed at once. */
  readonly most: number;
  /** A connection without a byte for so long is closed, ms; never if absent. */
  readonly idleMs?: number;
  /** Somebody connected; null: closed without a byte. */
  readonly connect: (peer: Peer, now: number) => SimulatedConversation | null;
}

/** One kept connection. Its bytes come as the network cut them: putting them together is the device's own work. */
export interface SimulatedConversation {
  readonly receive: (bytes: Uint8Array, now: number) => Reaction;
  /** The client went away. */
  readonly closed?: () => void;
}

/** A UDP listener in a multicast group: how some machines answer who looks for them (`protocols.md` 1.9). */
export interface SimulatedMulticastPort {
  readonly group: string;
  readonly port: number;
  /** How long it sleeps between two packets, ms; what comes meanwhile waits in the socket. */
  readonly pauseMs: number;
  /**
   * What goes back to the sender, to which of its ports; null: nothing.
   * @param apiPort where the device's raw port really listens
   */
  readonly receive: (
    bytes: Uint8Array,
    peer: Peer,
    apiPort: number,
  ) => { readonly bytes: Uint8Array; readonly port: number } | null;
}

export interface SimulatedHttpPort {
  readonly port: number;
  readonly respond: (request: SimulatedHttpRequest, peer: Peer, now: number) => SimulatedHttpReply;
  /** A WebSocket is asked for: what it tells, or the page that is answered instead. Absent: none is offered. */
  readonly subscribe?: (request: SimulatedHttpRequest, peer: Peer, now: number) => SimulatedFeed | SimulatedHttpReply;
}

/** What a WebSocket of a device tells. */
export interface SimulatedFeed {
  /** Sent behind the handshake in place of frames, and the end: some servers grant first and refuse then. */
  readonly insteadOfFrames?: Uint8Array;
  /** Between two looks for something new, ms. */
  readonly everyMs: number;
  /** What is new since the look before; null ends it. */
  readonly next: (now: number) => readonly string[] | null;
  readonly closed?: () => void;
}

/** How a method of gRPC talks: who sends one message, who sends many. */
export type GrpcKind = 'unary' | 'server-stream' | 'client-stream' | 'both-stream';

/** A gRPC port: HTTP/2 without TLS, any number of calls beside each other. */
export interface SimulatedGrpcPort {
  readonly port: number;
  /** What it serves, by full name: `braiins.bos.v1.ActionsService/Start`. All else is UNIMPLEMENTED. */
  readonly methods: Readonly<Record<string, GrpcKind>>;
  /** A call begins. @param metadata names in lower case */
  readonly open: (
    method: string,
    metadata: Readonly<Record<string, string>>,
    peer: Peer,
    now: number,
  ) => SimulatedGrpcCall;
}

/** One call. What its functions give is sent in this order; a status ends it. */
export interface SimulatedGrpcCall {
  /** A message of the client, as bytes of Protobuf. */
  readonly receive: (message: Uint8Array, now: number) => GrpcSaid;
  /** The client sent its last message. */
  readonly end?: (now: number) => GrpcSaid;
  /** Between two calls of `next`, ms: a stream that goes on by itself. */
  readonly everyMs?: number;
  /** What is new. Not asked while what was said before has not left: a slow reader slows it. */
  readonly next?: (now: number) => GrpcSaid;
  readonly closed?: () => void;
}

export interface GrpcSaid {
  readonly messages: readonly Uint8Array[];
  /** Before the first message. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the call: 0 is OK, 16 UNAUTHENTICATED ... Absent: it goes on. */
  readonly status?: { readonly code: number; readonly message: string };
  /** Ends it roughly, behind the messages: the stream is reset, or the connection goes away (GOAWAY). */
  readonly breaks?: 'rst' | 'goaway';
}

/** What `headframe sim --json` prints of a device: what stands on its label. */
export interface DeviceLabel {
  readonly family: string;
  readonly make: string;
  readonly model: string;
  readonly firmware: string;
}

/** The work of a machine for one pool, from the pool's side of the wire. */
export interface WorkDone {
  /** As the machine has it: `stratum+tcp://pool.example:3333`. */
  readonly url: string;
  readonly worker: string;
  /** Shares since the mining process started. */
  readonly accepted: number;
  readonly rejected: number;
  /** Difficulty of its shares; null where the family counts none. */
  readonly difficulty: number | null;
  /** Epoch ms of the simulated clock; null: none yet. */
  readonly lastShareAt: number | null;
  /** By its shares, H/s. */
  readonly hashrateHs: number;
}

export interface SimulatedDevice {
  readonly label: DeviceLabel;
  readonly cgminer?: SimulatedTcpPort;
  readonly http?: SimulatedHttpPort;
  readonly monitor?: SimulatedHttpPort;
  readonly whatsminer?: SimulatedStreamPort;
  readonly ethminer?: SimulatedStreamPort;
  readonly grpc?: SimulatedGrpcPort;
  /** What it has done for its pools until now, as the pools would count it; one for each that it ever worked for. */
  readonly work?: (now: number) => readonly WorkDone[];
  /** Listens as long as the raw port does. */
  readonly multicast?: SimulatedMulticastPort;
  /**
   * Whether the ports listen at this time; while false, connections are refused. A device that boots or restarts says
   * so here. The simulator asks at every connection attempt it can see and at least once a second.
   */
  readonly listening: (protocol: Protocol, now: number) => boolean;
}

/** What a simulated device is made from. */
export interface DeviceSeed {
  /** Decides everything that is random about the device. */
  readonly seed: number;
  /** When its power came on, epoch ms of the simulated clock. */
  readonly poweredAt: number;
  /** Quirk switches by name; a profile has its own defaults, this overrides them. */
  readonly quirks?: Readonly<Record<string, boolean>>;
}

/** One kind of machine that a family's simulator can be. */
export interface DeviceProfile {
  /** Name on the command line: `s19-pro`. Unique within the family. */
  readonly name: string;
  readonly label: DeviceLabel;
  /** Only there when it is asked for by name: a machine that no farm has. */
  readonly rare?: true;
  /** The quirk switches that this profile understands, with what each does and its default. */
  readonly quirks: Readonly<Record<string, { readonly does: string; readonly on: boolean }>>;
  readonly create: (seed: DeviceSeed) => SimulatedDevice;
}

/** The simulated side of a family: the same folder, the other end of the wire. */
export interface FamilySimulator {
  readonly id: string;
  readonly profiles: readonly DeviceProfile[];
}
