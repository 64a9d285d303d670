import { CONDITIONS } from '../sim/conditions.ts';
import type { DeviceProfile, DeviceSeed, FamilySimulator, SimulatedDevice } from '../sim/device.ts';
import { LuxosMachine } from './sim-machine.ts';
import { type LuxosPlan, S19J_PRO, S19K_PRO } from './sim-plan.ts';
import { answer, MAX_REQUEST_BYTES } from './sim-server.ts';

const QUIRKS = {
  ...CONDITIONS,
  'dead-chip': { does: 'One chip of the first board does not hash', on: false },
  'refuse-joins': { does: 'Joined commands are an invalid command', on: false },
} as const;

function luxosDevice(plan: LuxosPlan, seed: DeviceSeed): SimulatedDevice {
  const on = (name: keyof typeof QUIRKS): boolean => seed.quirks?.[name] ?? QUIRKS[name].on;
  const quirks = {
    deadBoard: on('dead-board'),
    deadChip: on('dead-chip'),
    stalledFan: on('stalled-fan'),
    deadPool: on('dead-pool'),
    asleep: on('asleep'),
    refuseJoins: on('refuse-joins'),
  };
  const machine = new LuxosMachine(plan, quirks, seed);
  return {
    label: plan.label,
    cgminer: {
      port: 4028,
      admits: () => true,
      maxRequestBytes: MAX_REQUEST_BYTES,
      receive: (bytes, _peer, now) => ({
        // A client that ends without a word gets none.
        chunks: bytes.length === 0 ? [] : [{ bytes: answer(machine, bytes, now), afterMs: 0 }],
        end: bytes.length > MAX_REQUEST_BYTES ? 'rst' : 'fin',
      }),
    },
    listening: (protocol, now) => protocol === 'cgminer' && machine.listening(now),
  };
}

const profile = (name: string, plan: LuxosPlan): DeviceProfile => ({
  name,
  label: plan.label,
  quirks: QUIRKS,
  create: (seed) => luxosDevice(plan, seed),
});

/**
 * The other end of the wire of machines under LuxOS (`protocols.md` 8).
 * The mirror on HTTP 8080 is left out: nothing is known of its paths.
 */
export const luxosSimulator: FamilySimulator = {
  id: 'luxos',
  profiles: [profile('s19k-pro', S19K_PRO), profile('s19j-pro', S19J_PRO)],
};
