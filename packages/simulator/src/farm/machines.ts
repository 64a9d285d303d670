import {
  CONDITIONS,
  type Condition,
  type DeviceProfile,
  type FamilySimulator,
  streamKey,
  uniform,
} from '@headframe/families/sim';
import type { Ports } from './addresses.ts';
import { invalid } from './invalid.ts';
import type { FarmMix } from './orders.ts';

/** One machine of a farm before it has an address. */
export interface PlannedMachine {
  readonly profile: DeviceProfile;
  readonly seed: number;
  /** How long it has been powered when the farm starts, in ms. */
  readonly ageMs: number;
  readonly condition: Condition | null;
  readonly quirks: Readonly<Record<string, boolean>>;
}

/** How common a family is among miners: mostly stock machines, few generic ones. Others count as one. */
const WEIGHTS: Readonly<Record<string, number>> = {
  antminer: 10,
  whatsminer: 8,
  avalon: 6,
  braiins: 4,
  luxos: 3,
  dcent: 1,
  axeos: 2,
  nerdqaxe: 1,
  ethminer: 1,
  cgminer: 1,
};

/** About one machine in fourteen has something wrong with it. */
const SICK = 0.07;

const HOUR = 3_600_000;

/**
 * Which machines a farm has: a function of its seed alone, whatever its size (the first hundred of two hundred are
 * those of a farm of one hundred).
 * @throws HeadframeError `usage/invalid` for a family or profile that does not exist
 */
export function planMachines(simulators: readonly FamilySimulator[], mix: FarmMix): PlannedMachine[] {
  const kinds = kindsOf(simulators, mix);
  const total = kinds.reduce((sum, kind) => sum + kind.weight, 0);
  return Array.from({ length: mix.count }, (_, i) => {
    const key = streamKey(mix.seed, 'machine', i);
    const profile = pick(kinds, uniform(key, 0) * total);
    return {
      profile,
      seed: key,
      // Most machines have run for days, some were just started.
      ageMs: Math.round(0.1 * HOUR + 30 * 24 * HOUR * uniform(key, 1) ** 2.5),
      condition: conditionOf(profile, key),
      quirks: quirksOf(profile, mix.quirks ?? {}),
    };
  });
}

interface Kind {
  readonly profile: DeviceProfile;
  readonly weight: number;
}

/** The kind at a place on the line of all weights. */
function pick(kinds: readonly Kind[], place: number): DeviceProfile {
  let left = place;
  for (const { profile, weight } of kinds) {
    left -= weight;
    if (left < 0) return profile;
  }
  return (kinds[kinds.length - 1] as Kind).profile;
}

function kindsOf(simulators: readonly FamilySimulator[], { families, profile, quirks = {} }: FarmMix): Kind[] {
  for (const id of families ?? []) {
    if (!simulators.some((simulator) => simulator.id === id)) {
      throw invalid(
        `There is no simulated family ${JSON.stringify(id)}; there are ${listed(simulators.map((s) => s.id))}`,
      );
    }
  }
  const wanted = simulators.filter((simulator) => families === undefined || families.includes(simulator.id));
  const all = wanted.flatMap(({ id, profiles }) =>
    profiles.map((p) => ({ profile: p, weight: (WEIGHTS[id] ?? 1) / profiles.length })),
  );
  const usual = all.filter(({ profile: one }) => one.rare !== true);
  // A family that has only rare machines was asked for by its name.
  const named = usual.length > 0 ? usual : all;
  const kinds = profile === undefined ? named : all.filter(({ profile: one }) => one.name === profile);
  for (const quirk of Object.keys(quirks)) {
    if (kinds.length > 0 && !kinds.some((kind) => Object.hasOwn(kind.profile.quirks, quirk))) {
      const known = listed(kinds.flatMap((kind) => Object.keys(kind.profile.quirks)));
      throw invalid(`There is no quirk ${JSON.stringify(quirk)} of these machines; there are ${known}`);
    }
  }
  if (kinds.length > 0) return kinds;
  const known = listed(all.map((kind) => kind.profile.name));
  throw invalid(
    profile === undefined
      ? 'No family has a simulator'
      : `There is no profile ${JSON.stringify(profile)}; there are ${known}`,
  );
}

const listed = (names: readonly string[]): string => [...new Set(names)].sort().join(', ');

/** A farm of several kinds: each machine takes the switches that it has. */
const quirksOf = (profile: DeviceProfile, wanted: Readonly<Record<string, boolean>>): Record<string, boolean> =>
  Object.fromEntries(Object.entries(wanted).filter(([name]) => Object.hasOwn(profile.quirks, name)));

function conditionOf(profile: DeviceProfile, key: number): Condition | null {
  const possible = (Object.keys(CONDITIONS) as Condition[]).filter((name) => Object.hasOwn(profile.quirks, name));
  if (possible.length === 0 || uniform(key, 2) >= SICK) return null;
  return possible[Math.floor(uniform(key, 3) * possible.length)] ?? null;
}

/** The ports of each profile, from a device that is made for this question alone. */
const knownPorts = new Map<DeviceProfile, Ports>();

export function portsOf(profile: DeviceProfile): Ports {
  let ports = knownPorts.get(profile);
  if (ports === undefined) {
    const { cgminer, http, monitor, whatsminer, ethminer, grpc } = profile.create({ seed: 0, poweredAt: 0 });
    ports = {
      ...(cgminer && { cgminer: cgminer.port }),
      ...(http && { http: http.port }),
      ...(monitor && { monitor: monitor.port }),
      ...(whatsminer && { whatsminer: whatsminer.port }),
      ...(ethminer && { ethminer: ethminer.port }),
      ...(grpc && { grpc: grpc.port }),
    };
    knownPorts.set(profile, ports);
  }
  return ports;
}
