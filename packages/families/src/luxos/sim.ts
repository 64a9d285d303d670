import { CONDITIONS } from '../sim/conditions.ts';
import type { DeviceProfile, DeviceSeed, FamilySimulator, SimulatedDevice } from '../sim/device.ts';
import { LuxosMachine } from './sim-machine.ts';
import { type LuxosPlan, S19J_PRO, S19K_PRO } from './sim-plan.ts';
import { answer, MAX_REQUEST_BYTES } from './sim-server.ts';
import { mirror } from './sim-web.ts';

const QUIRKS = {
  ...CONDITIONS,
  'dead-chip': { does: 'One chip of the first board does not hash', on: false },
  'refuse-joins': { does: 'Joined commands are an invalid command', on: false },
  'foreign-session': {
    does: 'Another program holds the session, keeps it alive, and has it again 5 s after it was ended',
    on: false,
  },
  'session-stolen': {
    does: 'Every other session is killed between logon and the first command that uses it',
    on: false,
  },
  'no-autosave': { does: 'Settings and pools are lost at a restart; sleep is not', on: false },
  'no-luxupdate': { does: 'The program that updates does not run: updaterun is refused with 334', on: false },
  'no-pools': { does: 'It came up without a pool', on: false },
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
    foreignSession: on('foreign-session'),
    sessionStolen: on('session-stolen'),
    noAutosave: on('no-autosave'),
    noLuxupdate: on('no-luxupdate'),
    noPools: on('no-pools'),
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
    http: mirror(machine),
    work: (now) => machine.workDone(now),
    listening: (protocol, now) => (protocol === 'cgminer' || protocol === 'http') && machine.listening(now),
  };
}

const profile = (name: string, plan: LuxosPlan): DeviceProfile => ({
  name,
  label: plan.label,
  quirks: QUIRKS,
  create: (seed) => luxosDevice(plan, seed),
});

/** The other end of the wire of machines under LuxOS (`protocols.md` 8): port 4028 and its mirror on HTTP 8080. */
export const luxosSimulator: FamilySimulator = {
  id: 'luxos',
  profiles: [profile('s19k-pro', S19K_PRO), profile('s19j-pro', S19J_PRO)],
};
