import {
  type ApiCode,
  apiPort,
  controlCommands,
  createApiServer,
  multicastPort,
  poolCommands,
  privilegedCommand,
} from '@headframe/wire/cgminer-server';
import type { DeviceLabel, DeviceSeed, SimulatedDevice } from '../sim/device.ts';
import { deviceReadCommands } from './sim-device-reads.ts';
import { deviceWriteCommands, hotplugCommand } from './sim-device-writes.ts';
import { CgminerMachine } from './sim-machine.ts';
import type { CgminerPlan } from './sim-plan.ts';
import { quirksOf } from './sim-quirks.ts';
import { readCommands } from './sim-reads.ts';

/** A machine that runs cgminer 4.11.1, with its API on port 4028. */
export function cgminerDevice(plan: CgminerPlan, seed: DeviceSeed, label: DeviceLabel): SimulatedDevice {
  const quirks = quirksOf(seed.quirks);
  const machine = new CgminerMachine(plan, seed, quirks);
  const server = createApiServer({
    description: `cgminer ${plan.version}`,
    access: quirks['open-acl'] ? { listen: true, allow: 'W:0/0' } : plan.access,
    commands: [
      ...readCommands(machine),
      ...deviceReadCommands(machine),
      privilegedCommand,
      ...controlCommands(machine, {
        setconfigTwoStatus: quirks['setconfig-two-status'],
        setconfigCrash: quirks['setconfig-crash'],
        failoverOnlyDeprecated: quirks['failover-only-deprecated'],
        lockTracking: plan.lockTracking,
      }),
      hotplugCommand(machine),
      ...deviceWriteCommands(machine),
      ...poolCommands(machine, { disableKeepsCounter: quirks['disablepool-keeps-counter'] }),
    ],
    codes: { ...DEVICE_COUNTS[plan.drivers], ...(quirks['usbstats-informational'] ? {} : NO_USB_STATISTICS) },
    quirks: { joinDoubleReply: quirks['join-double-reply'], noNul: quirks['no-nul'] },
  });
  const port = apiPort(server, 4028);
  return {
    label,
    cgminer: {
      ...port,
      denies: quirks['denied-reset'] ? 'rst' : 'fin',
      receive: (bytes, peer, now) => {
        machine.settle(now);
        return port.receive(bytes, peer, now);
      },
    },
    ...(quirks.multicast && { multicast: multicastPort(server, plan.multicast ?? {}) }),
    work: (now) => machine.workDone(now),
    listening: (protocol, now) => protocol === 'cgminer' && machine.listening(now),
  };
}

/** Codes 9 and 10 name the classes of drivers that were built in (`protocols.md` 1.6; FPGAs alone: from the source). */
const DEVICE_COUNTS: Readonly<Record<CgminerPlan['drivers'], Readonly<Record<number, ApiCode>>>> = {
  asic: {},
  fpga: { 9: { severity: 'S', message: '%d PGA(s)' }, 10: { severity: 'E', message: 'No PGAs' } },
  mixed: { 9: { severity: 'S', message: '%d ASC(s) - %d PGA(s)' }, 10: { severity: 'E', message: 'No ASCs/PGAs' } },
};

const NO_USB_STATISTICS: Readonly<Record<number, ApiCode>> = { 88: { severity: 'E', message: 'No USB Statistics' } };
