import type { Protocol } from '@headframe/model';
import type { DeviceLabel, DeviceProfile, DeviceSeed, FamilySimulator, SimulatedDevice } from '../sim/device.ts';
import { cgminerDoor } from './sim-cgminer.ts';
import { grpcPort } from './sim-grpc.ts';
import { BraiinsMachine } from './sim-machine.ts';
import { BMM_100, type BraiinsPlan, S9, S19, S19_XP, S19J_PRO, S21, S21_PLUS } from './sim-plan.ts';
import { QUIRKS } from './sim-quirks.ts';
import { type BosRelease, RELEASES, servesGrpc } from './sim-releases.ts';
import { DOOR_QUIRKS, httpDoor } from './sim-web.ts';

/** What can be odd about one of these machines: the machine itself, and its doors but gRPC. */
const ALL_QUIRKS = { ...QUIRKS, ...DOOR_QUIRKS } as const;

function braiinsDevice(plan: BraiinsPlan, release: BosRelease, label: DeviceLabel, seed: DeviceSeed): SimulatedDevice {
  const has = (quirk: keyof typeof ALL_QUIRKS): boolean => seed.quirks?.[quirk] ?? ALL_QUIRKS[quirk].on;
  const machine = new BraiinsMachine(plan, release, has, seed);
  // Port 50051 alone is not there in every release.
  const serves = (protocol: Protocol): boolean => protocol !== 'grpc' || servesGrpc(machine.release);
  return {
    label,
    cgminer: cgminerDoor(machine),
    http: httpDoor(machine, has),
    grpc: grpcPort(machine),
    work: (now) => machine.workDone(now),
    listening: (protocol, now) => machine.listening(now) && serves(protocol),
  };
}

function profile(name: string, plan: BraiinsPlan, release: BosRelease, rare = false): DeviceProfile {
  const { label } = plan;
  return {
    name,
    label,
    ...(rare && { rare }),
    quirks: ALL_QUIRKS,
    create: (seed) => braiinsDevice(plan, release, label, seed),
  };
}

/**
 * The other end of the wire of machines under BraiinsOS (protocols.md 7). Model and release go together as in captures (S9,
 * S21+, S19 XP) and public reports (S21, BMM 100); the others run releases that there are for them.
 */
export const braiinsSimulator: FamilySimulator = {
  id: 'braiins',
  profiles: [
    profile('s19-xp-25.07', S19_XP, RELEASES['25.07']),
    profile('s9-21.09', S9, RELEASES['21.09']),
    profile('s9-22.08', S9, RELEASES['22.08']),
    // The limits that a 23.12.1 tells of its power target.
    profile('s19j-pro-23.12', { ...S19J_PRO, power: { default: 3068, min: 1700, max: 6500 } }, RELEASES['23.12']),
    profile('s21-24.09', S21, RELEASES['24.09']),
    profile('s21-plus-25.03', S21_PLUS, RELEASES['25.03']),
    profile('s19-26.04', S19, RELEASES['26.04']),
    profile('s19j-pro-26.05', S19J_PRO, RELEASES['26.05']),
    profile('bmm-100-26.04', BMM_100, RELEASES['26.04'], true),
  ],
};
