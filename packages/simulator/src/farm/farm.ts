import { type DeviceProfile, simulators } from '@headframe/families/sim';
import { type Clock, HeadframeError, type Protocol } from '@headframe/model';
import type { Fault } from '../faults/kinds.ts';
import { addressFrom, addressIn, BLOCK_SIZE, BLOCKS, hasLoopbackRange, type Ports, probeBlock } from './addresses.ts';
import { processesFor } from './descriptors.ts';
import { type FarmMix, invalid, type PlannedMachine, planMachines } from './machines.ts';
import { spawnShare } from './processes.ts';
import { type PlacedMachine, type Share, serveShare } from './share.ts';

export interface FarmOptions extends FarmMix {
  /** The first address, 127.x.y.z; a free block is chosen when left out. */
  readonly base?: string;
  /** Listen on this address, with own ports for each machine, instead of on loopback. */
  readonly bind?: string;
  /** Faults of every machine. */
  readonly faults?: readonly Fault[];
  /** Serve everything in this process: for tests and small farms. */
  readonly inProcess?: boolean;
  /** The simulated time of a farm in this process; the real time otherwise. */
  readonly clock?: Clock;
}

/** What `headframe sim --json` prints of a machine. */
export interface MachineLine {
  /** IP address, or `host:port` where it has ports of its own. */
  readonly address: string;
  readonly ports: Ports;
  readonly family: string;
  readonly make: string;
  readonly model: string;
  readonly firmware: string;
}

export interface Farm {
  readonly machines: readonly MachineLine[];
  /** Ports that this user may not bind, with what is served instead: `{80: 10080}`. Empty as a rule. */
  readonly standIns: Readonly<Record<number, number>>;
  /** Processes beside this one. */
  readonly pids: readonly number[];
  close(): Promise<void>;
}

/**
 * Starts a farm of simulated machines, each on a loopback address of its own where the system has them.
 * @throws HeadframeError `usage/invalid` (too many machines for the descriptors, unknown family, wrong address), `usage/port-in-use`
 */
export async function startFarm(options: FarmOptions): Promise<Farm> {
  if (!Number.isInteger(options.count) || options.count < 1 || options.count > BLOCK_SIZE) {
    throw invalid(`A farm has 1 to ${BLOCK_SIZE} machines, not ${options.count}`);
  }
  if (options.base !== undefined && !isLoopback(options.base)) {
    throw invalid(`A farm begins at a loopback address such as 127.20.0.1, not at ${JSON.stringify(options.base)}`);
  }
  const planned = planMachines(simulators, options).map((plan) => new Machine(plan));
  const ports = planned.reduce((sum, machine) => sum + Object.keys(machine.ports).length, 0);
  const processes = processesFor(options.count, ports / options.count);
  if (options.bind !== undefined || !(await hasLoopbackRange())) {
    const address = options.bind ?? '127.0.0.1';
    const placed = planned.map((machine) => machine.at(address, new Map(), true));
    return farm(planned, placed, await serve(placed, processes, options), {});
  }
  return onAddresses(planned, processes, options);
}

const isLoopback = (address: string) =>
  /^127(\.(0|[1-9]\d{0,2})){3}$/.test(address) && address.split('.').every((byte) => Number(byte) < 256);

/** A planned machine with what its profile says of it. */
class Machine {
  readonly plan: PlannedMachine;
  readonly label: DeviceProfile['label'];
  readonly ports: Ports;

  constructor(plan: PlannedMachine) {
    this.plan = plan;
    const family = simulators.find((simulator) => simulator.id === plan.family);
    const profile = family?.profiles.find((one) => one.name === plan.profile);
    if (profile === undefined) throw new HeadframeError('internal', { detail: `no profile ${plan.profile}` });
    this.label = profile.label;
    this.ports = portsOf(profile);
  }

  at(address: string, standIns: ReadonlyMap<number, number>, ownPorts = false): PlacedMachine {
    const entries = Object.entries(this.ports).map(([over, port]) => [
      over,
      ownPorts ? 0 : (standIns.get(port) ?? port),
    ]);
    return { ...this.plan, address, ports: Object.fromEntries(entries) };
  }
}

/** The ports of each profile, from a device that is made for this question alone. */
const knownPorts = new Map<DeviceProfile, Ports>();

function portsOf(profile: DeviceProfile): Ports {
  let ports = knownPorts.get(profile);
  if (ports === undefined) {
    const { cgminer, http } = profile.create({ seed: 0, poweredAt: 0 });
    ports = { ...(cgminer && { cgminer: cgminer.port }), ...(http && { http: http.port }) };
    knownPorts.set(profile, ports);
  }
  return ports;
}

/** Every machine on an address of its own, in the first block that is free. */
async function onAddresses(machines: readonly Machine[], processes: number, options: FarmOptions): Promise<Farm> {
  const needed = new Set(machines.flatMap(({ ports }) => Object.values(ports)));
  let taken = 0;
  for (let block = 0; block < (options.base === undefined ? BLOCKS : 1); block++) {
    const place = (index: number) =>
      options.base === undefined
        ? addressIn(block, index)
        : (addressFrom(options.base, index) ?? outside(options.base));
    const found = await probeBlock(place(0), needed);
    if (found.taken !== null) {
      taken = found.taken;
      continue;
    }
    const placed = machines.map((machine, index) => machine.at(place(index), found.standIns));
    try {
      return farm(machines, placed, await serve(placed, processes, options), Object.fromEntries(found.standIns));
    } catch (error) {
      // Somebody came in between: the next block.
      if (!(error instanceof HeadframeError) || error.code !== 'usage/port-in-use' || options.base !== undefined)
        throw error;
    }
  }
  const where = options.base ?? 'every loopback block of the simulator';
  throw new HeadframeError('usage/port-in-use', {
    address: `Port ${taken} on ${where}`,
    next: 'Choose another block with --base 127.x.y.z, or end the program that listens there.',
  });
}

const outside = (base: string): never => {
  throw invalid(`There are too few loopback addresses behind ${base}`);
};

async function serve(placed: readonly PlacedMachine[], processes: number, options: FarmOptions): Promise<Share[]> {
  const faults = options.faults ?? [];
  if (options.inProcess === true) {
    return [await serveShare(placed, { clock: options.clock ?? { now: Date.now }, faults })];
  }
  const size = Math.ceil(placed.length / processes);
  const shares = Array.from({ length: processes }, (_, i) => placed.slice(i * size, (i + 1) * size));
  const started = await Promise.allSettled(shares.map((machines) => spawnShare({ machines, faults })));
  const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed === undefined) return running;
  await Promise.all(running.map((share) => share.close()));
  throw failed.reason;
}

function farm(
  machines: readonly Machine[],
  placed: readonly PlacedMachine[],
  shares: readonly (Share & { readonly pid?: number })[],
  standIns: Record<number, number>,
): Farm {
  const ports = shares.flatMap((share) => share.ports);
  return {
    machines: machines.map(({ label }, i) => {
      const own = ports[i] ?? {};
      const { address, ports: asked } = placed[i] as PlacedMachine;
      const { family, make, model, firmware } = label;
      return { address: addressOf(address, asked, own), ports: own, family, make, model, firmware };
    }),
    standIns,
    pids: shares.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    close: async () => {
      await Promise.all(shares.map((share) => share.close()));
    },
  };
}

/** `host:port` of its first port where ports were chosen freely. */
function addressOf(host: string, asked: Ports, got: Ports): string {
  const [first] = Object.entries(asked) as [Protocol, number][];
  if (first === undefined || first[1] !== 0) return host;
  return host.includes(':') ? `[${host}]:${got[first[0]]}` : `${host}:${got[first[0]]}`;
}
