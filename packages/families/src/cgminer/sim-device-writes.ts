import { type ApiCommand, type ApiReply, type ApiRequest, atoi, say, twoParts } from '@headframe/wire/cgminer-server';
import { DEVICE_CODES } from './sim-device-codes.ts';
import { kindsOf, withDevice } from './sim-device-reads.ts';
import type { CgminerMachine } from './sim-machine.ts';
import type { DeviceKind } from './sim-plan.ts';

type Write = (machine: CgminerMachine, kind: DeviceKind, request: ApiRequest) => ApiReply;

/**
 * The write commands about one device, for the kinds that the build has drivers for (`protocols.md` 1.4): `ascenable`,
 * `ascdisable`, `ascidentify`, `ascset`, and the same with `pga`.
 */
export function deviceWriteCommands(machine: CgminerMachine): ApiCommand[] {
  const writes = { enable, disable, identify, set };
  return kindsOf(machine).flatMap((kind) =>
    Object.entries(writes).map(([what, act]): ApiCommand => {
      const name = `${kind.toLowerCase()}${what}`;
      return { name, access: 'write', joinable: false, run: (request) => act(machine, kind, request) };
    }),
  );
}

/** How often it looks for devices that were plugged in, s (`protocols.md` 1.4); 0 switches it off. */
export const hotplugCommand = (machine: CgminerMachine): ApiCommand => ({
  name: 'hotplug',
  access: 'write',
  joinable: false,
  run: ({ parameter }) => {
    if (!machine.plan.usb) return say(102);
    if (parameter === null || parameter === '') return say(103);
    const value = atoi(parameter);
    if (value < 0 || value > 9999) return say(99, parameter);
    machine.hotplugS = value;
    return value === 0 ? say(101) : say(100, value);
  },
});

const enable: Write = (machine, kind, { parameter, now }) =>
  withDevice(machine, kind, parameter, (device) => {
    const codes = DEVICE_CODES[kind];
    if (device.disabledAt === null) return say(codes.alreadyEnabled, device.number);
    if (device.plan.dead === true) return say(codes.notWell, device.number);
    if (device.goneAt !== null) return say(codes.gone, device.number);
    machine.devices.setEnabled(now, device, true);
    return say(codes.enabled, device.number);
  });

const disable: Write = (machine, kind, { parameter, now }) =>
  withDevice(machine, kind, parameter, (device) => {
    const codes = DEVICE_CODES[kind];
    if (device.disabledAt !== null) return say(codes.alreadyDisabled, device.number);
    machine.devices.setEnabled(now, device, false);
    return say(codes.disabled, device.number);
  });

const identify: Write = (machine, kind, { parameter }) =>
  withDevice(machine, kind, parameter, (device) => {
    const codes = DEVICE_CODES[kind];
    if (device.plan.blinks !== true) return say(codes.cannotBlink, device.number);
    device.blinked++;
    return say(codes.blinks, device.number);
  });

/** The option is looked for before the number is checked. */
const set: Write = (machine, kind, { parameter, now }) => {
  const codes = DEVICE_CODES[kind];
  if (machine.devices.of(kind).length === 0) return say(codes.none);
  if (parameter === null || parameter === '') return say(15);
  const [number, rest] = twoParts(parameter);
  if (rest === null) return say(codes.noOption);
  return withDevice(machine, kind, number === '' ? '0' : number, (device) => {
    const { settings, number: place } = device;
    if (settings === null) return say(codes.nothingToSet, place);
    const [option, value] = twoParts(rest);
    const said = machine.devices.set(now, device, settings, option, value);
    if (said === null) return say(codes.set, place);
    // Whatever the driver says to `help` is its help.
    return say(option.toLowerCase() === 'help' ? codes.help : codes.setFailed, place, said);
  });
};
