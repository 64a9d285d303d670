import { CONDITIONS } from '../sim/conditions.ts';
import type { DeviceProfile, DeviceSeed, FamilySimulator, SimulatedDevice } from '../sim/device.ts';
import { DcentMachine } from './sim-machine.ts';
import { type DcentPlan, S9, S19J_PRO } from './sim-plan.ts';
import { answer } from './sim-server.ts';

/** So many bytes of a request, so many connections, and so long without a byte (`protocols.md` 9). */
const MAX_REQUEST_BYTES = 4096;
const MOST_CONNECTIONS = 32;
const IDLE_MS = 5000;

const QUIRKS = {
  ...CONDITIONS,
  'bind-lan': {
    does: 'cgminer_bind_lan is set: port 4028 listens for the LAN. Off, as shipped, it listens on the machine itself only, which other hosts see as a closed port',
    on: true,
  },
  'lan-writes': {
    does: 'cgminer_lan_writes is set: the LAN may change things. Off, as shipped, changing commands and kill are denied with 45',
    on: true,
  },
  'observer-only': { does: 'The daemon only observes: changing and session commands are denied with 45', on: false },
  'unproven-hardware': {
    does: 'The daemon is not sure of the hardware: what changes it is refused with 28 in spite of a valid session',
    on: false,
  },
  'restart-refused': { does: 'restart is refused with 28, as newer builds do', on: false },
  'no-fan-broker': { does: 'fanset is refused with 28, as newer builds do', on: false },
  'no-tuner': { does: 'No tuner runs: autotunerset and powertargetset are accepted, and nothing happens', on: false },
  'foreign-session': {
    does: 'Another program holds the session and keeps it alive until somebody kills it',
    on: false,
  },
  'no-pools': { does: 'It came up without a pool', on: false },
} as const;

function dcentDevice(plan: DcentPlan, seed: DeviceSeed): SimulatedDevice {
  const on = (name: keyof typeof QUIRKS): boolean => seed.quirks?.[name] ?? QUIRKS[name].on;
  const quirks = {
    deadBoard: on('dead-board'),
    stalledFan: on('stalled-fan'),
    deadPool: on('dead-pool'),
    asleep: on('asleep'),
    bindLan: on('bind-lan'),
    lanWrites: on('lan-writes'),
    observerOnly: on('observer-only'),
    unprovenHardware: on('unproven-hardware'),
    restartRefused: on('restart-refused'),
    noFanBroker: on('no-fan-broker'),
    noTuner: on('no-tuner'),
    foreignSession: on('foreign-session'),
    noPools: on('no-pools'),
  };
  const machine = new DcentMachine(plan, quirks, seed);
  return {
    label: plan.label,
    cgminer: {
      port: 4028,
      admits: () => true,
      maxRequestBytes: MAX_REQUEST_BYTES,
      idleMs: IDLE_MS,
      lines: { most: MOST_CONNECTIONS },
      receive: (bytes, _peer, now) => {
        const reply = bytes.length === 0 ? null : answer(machine, bytes, now);
        return { chunks: reply === null ? [] : [{ bytes: reply, afterMs: 0 }], end: 'fin' };
      },
    },
    work: (now) => machine.workDone(now),
    listening: (protocol, now) => protocol === 'cgminer' && quirks.bindLan && machine.listening(now),
  };
}

const profile = (name: string, plan: DcentPlan): DeviceProfile => ({
  name,
  label: plan.label,
  quirks: QUIRKS,
  create: (seed) => dcentDevice(plan, seed),
});

/**
 * The other end of the wire of machines under DCENT_OS (`protocols.md` 9): port 4028. Whoever asks is taken for a host
 * of the LAN, also from loopback, where the real one would let everything through.
 */
export const dcentSimulator: FamilySimulator = {
  id: 'dcent',
  profiles: [profile('s9', S9), profile('s19j-pro', S19J_PRO)],
};
