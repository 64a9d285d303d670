import { type DeviceSeed, simulators } from '@headframe/families/sim';
import type { Clock } from '@headframe/model';
import type { Fault } from '../faults/kinds.ts';
import { type Served, serveDevice } from '../serve.ts';
import { every, realTimers } from '../timers.ts';
import type { Ports } from './addresses.ts';
import type { PlannedMachine } from './machines.ts';

/** A machine with its place. Plain data. */
export interface PlacedMachine extends PlannedMachine {
  readonly address: string;
  /** Where it listens: 0 for any free port. */
  readonly ports: Ports;
}

export interface Share {
  /** The ports of each machine, in order. */
  readonly ports: readonly Ports[];
  close(): Promise<void>;
}

/**
 * Serves some machines of a farm in this process. Machines are made when they are served, and cost next to nothing
 * until they are asked: one timer looks after all of them.
 * @throws HeadframeError `usage/port-in-use`, `usage/invalid`: then none is left open
 */
export async function serveShare(
  machines: readonly PlacedMachine[],
  { clock, faults }: { clock: Clock; faults: readonly Fault[] },
): Promise<Share> {
  const looks = new Set<() => void>();
  const stop = every(realTimers, 1000, () => {
    for (const look of looks) look();
  });
  const everySecond = (look: () => void) => {
    looks.add(look);
    return () => looks.delete(look);
  };
  const served: Served[] = [];
  const close = async () => {
    stop();
    await Promise.all(served.map((machine) => machine.close()));
  };
  const startedAt = clock.now();
  try {
    for (const machine of machines) {
      const { address, ports, seed } = machine;
      const create = (poweredAt: number) => deviceOf(machine, poweredAt);
      const device = create(startedAt - machine.ageMs);
      served.push(await serveDevice(device, { address, ports, clock, faults, seed, recreate: create, everySecond }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { ports: served.map((machine) => machine.ports), close };
}

function deviceOf({ family, profile, seed, condition, quirks }: PlannedMachine, poweredAt: number) {
  const found = simulators.find((s) => s.id === family)?.profiles.find((p) => p.name === profile);
  if (found === undefined) throw new Error(`no profile ${profile} of ${family}`);
  const plan: DeviceSeed = {
    seed,
    poweredAt,
    quirks: { ...(condition === null ? {} : { [condition]: true }), ...quirks },
  };
  return found.create(plan);
}
