import { apiPort, createApiServer } from '@headframe/wire/cgminer-server';
import type { DeviceLabel, DeviceSeed, SimulatedDevice } from '../sim/device.ts';
import { CgminerMachine } from './sim-machine.ts';
import type { CgminerPlan } from './sim-plan.ts';
import { poolCommands } from './sim-pool-writes.ts';
import { readCommands } from './sim-reads.ts';
import { writeCommands } from './sim-writes.ts';

/** The oddities of the real program, each a switch (`protocols.md` 1.8). */
export const CGMINER_QUIRKS = {
  'join-double-reply': { does: 'After a join, JSON without a readable command is answered twice', on: true },
  'setconfig-two-status': { does: 'setconfig of a deprecated name sends two statuses back to back', on: true },
  'no-nul': { does: 'Replies end without the NUL byte', on: false },
} as const;

type Quirks = Readonly<Record<string, boolean>>;

/** A machine that runs cgminer 4.11.1, with its API on port 4028. */
export function cgminerDevice(plan: CgminerPlan, seed: DeviceSeed, label: DeviceLabel): SimulatedDevice {
  const quirks: Quirks = { 'join-double-reply': true, 'setconfig-two-status': true, ...seed.quirks };
  const machine = new CgminerMachine(plan, seed);
  const server = createApiServer({
    description: `cgminer ${plan.version}`,
    access: plan.access,
    commands: [
      ...readCommands(machine),
      ...writeCommands(machine, quirks['setconfig-two-status'] === true),
      ...poolCommands(machine),
    ],
    quirks: { joinDoubleReply: quirks['join-double-reply'] === true, noNul: quirks['no-nul'] === true },
  });
  const port = apiPort(server, 4028);
  return {
    label,
    cgminer: {
      ...port,
      receive: (bytes, peer, now) => {
        machine.settle(now);
        return port.receive(bytes, peer, now);
      },
    },
    listening: (protocol, now) => protocol === 'cgminer' && machine.listening(now),
  };
}
