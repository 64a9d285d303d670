import { createHash } from 'node:crypto';
import { createMiner, type Miner, type MinerOptions } from '@headframe/client';
import type { FamilySimulator, SimulatedDevice } from '@headframe/families/sim';
import type { Family, Outcome } from '@headframe/model';
import { type Served, serveDevice } from '@headframe/simulator';
import { FREE_PORTS } from './free-ports.ts';

/* A simulated Bitaxe or NerdQAxe on a real port, whose time the test moves: waiting is moving it. */

const POWERED = Date.UTC(2026, 5, 1);
const SETTLED_MS = 48 * 3_600_000;

export interface AxeOnPort {
  readonly miner: Miner;
  readonly device: SimulatedDevice;
  readonly now: () => number;
  readonly pass: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
  /** A page asked by the test itself, as the device's own state: never through our client. */
  readonly told: (path: string) => Record<string, unknown>;
}

export async function axeOnPort(
  family: Family,
  simulator: FamilySimulator,
  name: string,
  quirks: Record<string, boolean> = {},
  options: MinerOptions = {},
): Promise<AxeOnPort> {
  const profile = simulator.profiles.find((one) => one.name === name);
  if (profile === undefined) throw new Error(`no profile ${name}`);
  let now = POWERED + SETTLED_MS;
  const clock = { now: () => now };
  const device = profile.create({ seed: 4028, poweredAt: POWERED, quirks });
  const served: Served = await serveDevice(device, {
    address: '127.0.0.1',
    ports: FREE_PORTS,
    clock,
    // The clock stands still by itself: what takes its time lets it pass, and nobody waits for it. The other side gets its
    // turn in between, as a WebSocket goes on telling until it is closed.
    everySecond: () => () => {},
    timers: {
      after: (ms, then) => {
        let wanted = true;
        void pass(ms).then(() => setImmediate(() => wanted && then()));
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
  const miner = createMiner(
    { host: '127.0.0.1', family, ports: served.ports },
    { clock, connectTimeoutMs: 1000, replyTimeoutMs: 3000, wait: (ms) => pass(ms), ...options },
  );
  const told = (path: string): Record<string, unknown> => {
    const request = { method: 'GET', path, headers: { host: '192.168.1.50' }, body: new Uint8Array() };
    const reply = device.http?.respond(request, { address: '192.168.1.9' }, now);
    const { body = '' } = reply ?? {};
    return JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8')) as Record<string, unknown>;
  };
  return { miner, device, now: () => now, pass, close: () => served.close(), told };
}

export async function run(miner: Miner, name: string, given: Record<string, unknown> = {}): Promise<Outcome> {
  const plan = await miner.plan(name, given);
  return plan.run();
}

export const fileOf = (name: string, bytes: Uint8Array) => ({
  file: { name, bytes },
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
