import { createMiner, type Miner, type MinerOptions, type SessionStore } from '@headframe/client';
import { type DeviceSeed, type SimulatedDevice, simulators } from '@headframe/families/sim';
import { type Served, serveDevice } from '@headframe/simulator';
import { FREE_PORTS } from './free-ports.ts';

/** A simulated machine on real ports, whose time the test moves: waiting is moving it. */
export interface Controlled {
  readonly miner: Miner;
  readonly device: () => SimulatedDevice;
  readonly served: Served;
  readonly now: () => number;
  /** Lets so much time pass on the device. */
  readonly pass: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export const POWERED = Date.UTC(2026, 5, 1);
const SETTLED_MS = 48 * 3_600_000;

export interface ControlledOptions {
  readonly quirks?: Readonly<Record<string, boolean>>;
  readonly miner?: MinerOptions;
  /** Protocols whose port is not told to the miner. */
  readonly without?: readonly string[];
}

/** @param name the profile of the family's simulator */
export async function control(family: string, name: string, options: ControlledOptions = {}): Promise<Controlled> {
  const profile = simulators.find(({ id }) => id === family)?.profiles.find((one) => one.name === name);
  if (profile === undefined) throw new Error(`no profile ${family}/${name}`);
  let now = POWERED + SETTLED_MS;
  const clock = { now: () => now };
  const seed: DeviceSeed = { seed: 4028, poweredAt: POWERED, ...(options.quirks && { quirks: options.quirks }) };
  const device = profile.create(seed);
  const idle = [device.cgminer, device.whatsminer, device.ethminer].map((port) => port?.idleMs);
  const served = await serveDevice(device, {
    address: '127.0.0.1',
    ports: FREE_PORTS,
    clock,
    // The clock stands still by itself: nothing has to be looked at every second.
    everySecond: () => () => {},
    // A device that takes half a minute to answer lets that time pass, and nobody waits for it.
    timers: {
      after: (ms, then) => {
        // The limits of idle connections are not for a clock that stands still between two requests.
        if (idle.includes(ms)) return () => {};
        let wanted = true;
        void pass(ms).then(() => wanted && then());
        return () => {
          wanted = false;
        };
      },
    },
  });
  async function pass(ms: number): Promise<void> {
    now += ms;
    await served.look();
  }
  const ports = Object.fromEntries(
    Object.entries(served.ports).filter(([protocol]) => options.without?.includes(protocol) !== true),
  );
  const miner = createMiner(
    { host: '127.0.0.1', family, ports },
    { clock, connectTimeoutMs: 1000, replyTimeoutMs: 3000, wait: (ms) => pass(ms), ...options.miner },
  );
  return { miner, device: () => device, served, now: () => now, pass, close: () => served.close() };
}

/** A command of port 4028 asked by the test itself, as the device's own state: never through our client. */
export function ask(
  device: SimulatedDevice,
  now: number,
  command: string,
  parameter?: string,
): Record<string, unknown> {
  const request = JSON.stringify(parameter === undefined ? { command } : { command, parameter });
  const reaction = device.cgminer?.receive(Buffer.from(request), { address: '127.0.0.1' }, now);
  const bytes = Buffer.concat(reaction?.chunks.map((chunk) => chunk.bytes) ?? []);
  return JSON.parse(bytes.toString('utf8').replaceAll('\0', '')) as Record<string, unknown>;
}

/** Where the keys of open sessions are kept, to be looked into. */
export function keptSessions(): SessionStore & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    recall: (address) => kept.get(address) ?? null,
    remember: (address, key) => void (key === null ? kept.delete(address) : kept.set(address, key)),
  };
}
