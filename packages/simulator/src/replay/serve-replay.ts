import type { SimulatedDevice } from '@headframe/families/sim';
import type { Clock, Protocol } from '@headframe/model';
import { serveDevice } from '../serve.ts';
import { type Capture, missingReplies } from './capture.ts';
import { replayedDevice } from './replayed-device.ts';

export interface ReplayOptions {
  /** Where to listen; `127.0.0.1` if absent. */
  readonly address?: string;
  /** The port of the door that `address` of the result names; any free one if absent. */
  readonly port?: number;
  /** Ask for this password: of user `root` on HTTP and gRPC, or of JSON-RPC; no password is asked for if absent. */
  readonly password?: string;
  readonly clock?: Clock;
}

export interface Replay {
  /** `host:port` of the door at which most was recorded. */
  readonly address: string;
  readonly ports: Readonly<Partial<Record<Protocol, number>>>;
  /** Replies that a read of this family asks for and that were not recorded. */
  readonly missing: readonly string[];
  close(): Promise<void>;
}

/**
 * Serves a capture on real ports.
 * @throws HeadframeError `usage/port-in-use`
 */
export async function serveReplay(capture: Capture, options: ReplayOptions = {}): Promise<Replay> {
  const { address = '127.0.0.1', port = 0, password = null, clock = { now: Date.now } } = options;
  const device = replayedDevice(capture, password);
  const main = mainDoor(capture, device);
  const ports = { cgminer: 0, http: 0, whatsminer: 0, ethminer: 0, grpc: 0, [main]: port };
  const served = await serveDevice(device, { address, ports, clock });
  const host = address.includes(':') ? `[${address}]` : address;
  const family = capture.identification?.family;
  return {
    address: `${host}:${served.ports[main]}`,
    ports: served.ports,
    missing: family === undefined ? [] : missingReplies(capture, family),
    close: () => served.close(),
  };
}

/** The door with the most recorded answers; 4028 before others that have as many. */
function mainDoor({ answers }: Capture, device: SimulatedDevice): Protocol {
  const count = (over: Protocol) => [...answers.values()].filter((answer) => answer.over === over).length;
  const doors = DOORS.filter((over) => device[over] !== undefined);
  return doors.reduce<Protocol>((most, over) => (count(over) > count(most) ? over : most), doors[0] ?? 'cgminer');
}

const DOORS = ['cgminer', 'http', 'whatsminer', 'ethminer', 'grpc'] as const;
