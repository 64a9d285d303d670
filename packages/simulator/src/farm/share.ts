import { type DeviceSeed, simulators } from '@headframe/families/sim';
import type { Clock } from '@headframe/model';
import { type Served, serveDevice } from '../serve.ts';
import { every, realTimers } from '../timers.ts';
import { addressFrom, addressIn, hostAndPort, type Ports } from './addresses.ts';
import { invalid } from './invalid.ts';
import { type PlannedMachine, planMachines, portsOf } from './machines.ts';
import type { FarmMix, MachineLine, Place, ServeOrder, ShareWorker, Survey } from './orders.ts';

/**
 * Serves machines of a farm in this process. They cost little until they are asked: one timer looks after all of them.
 */
export function shareHere(clock: Clock): ShareWorker {
  const looks = new Set<() => void>();
  const stop = every(realTimers, 1000, () => {
    for (const look of looks) look();
  });
  const everySecond = (look: () => void) => {
    looks.add(look);
    return () => looks.delete(look);
  };
  let served: Served[] = [];
  const clear = async () => {
    const closing = served;
    served = [];
    await Promise.all(closing.map((machine) => machine.close()));
  };
  const serve = async ({ mix, from, to, place, faults, www }: ServeOrder) => {
    const startedAt = clock.now();
    const lines: MachineLine[] = [];
    const machines = planMachines(simulators, mix).slice(from, to);
    try {
      for (const [i, machine] of machines.entries()) {
        const { profile, seed } = machine;
        const address = addressAt(place, from + i);
        const ports = portsAt(place, portsOf(profile));
        const recreate = (poweredAt: number) => profile.create(seedOf(machine, poweredAt));
        const device = recreate(startedAt - machine.ageMs);
        const one = await serveDevice(device, {
          address,
          ports,
          clock,
          faults,
          seed,
          recreate,
          everySecond,
          ...(www === undefined ? {} : { www }),
        });
        served.push(one);
        const { family, make, model, firmware } = profile.label;
        const [first] = 'address' in place ? Object.values(one.ports) : [];
        const reachable = first === undefined ? address : hostAndPort(address, first);
        lines.push({ address: reachable, ports: one.ports, family, make, model, firmware });
      }
    } catch (error) {
      await clear();
      throw error;
    }
    return lines;
  };
  const end = async () => {
    stop();
    await clear();
  };
  const work = async (at: number) => served.map((machine) => machine.work(at));
  return { survey: async (mix) => surveyOf(mix), serve, work, clear, end };
}

function surveyOf(mix: FarmMix): Survey {
  const all = planMachines(simulators, mix).map(({ profile }) => Object.values(portsOf(profile)));
  return { ports: [...new Set(all.flat())], listeners: all.flat().length };
}

function addressAt(place: Place, index: number): string {
  if ('address' in place) return place.address;
  if ('block' in place) return addressIn(place.block, index);
  const address = addressFrom(place.base, index);
  if (address === null) throw invalid(`There are too few loopback addresses behind ${place.base}`);
  return address;
}

function portsAt(place: Place, own: Ports): Ports {
  const standIns = new Map('address' in place ? [] : place.standIns);
  const port = (one: number) => ('address' in place ? 0 : (standIns.get(one) ?? one));
  return Object.fromEntries(Object.entries(own).map(([over, one]) => [over, port(one)]));
}

const seedOf = ({ seed, condition, quirks }: PlannedMachine, poweredAt: number): DeviceSeed => ({
  seed,
  poweredAt,
  quirks: { ...(condition === null ? {} : { [condition]: true }), ...quirks },
});
