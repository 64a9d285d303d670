import type { NetworkInterfaceInfo } from 'node:os';
import { type TestLooking, testLooking } from './device-look.testing.ts';
import type { OperatingSystem } from './operating-system.ts';

/** An examination from another computer: what is not told of it is not there. */
export function onComputer(system: Partial<OperatingSystem>, signal?: AbortSignal): TestLooking {
  const looking = testLooking(signal);
  return { ...looking, system: { ...looking.system, ...system } };
}

/** A program that says the same each time, or the next thing each time; the last one again. */
export function saying(...outputs: readonly (string | null)[]): OperatingSystem['run'] {
  let asked = 0;
  return async () => {
    const output = outputs[Math.min(asked++, outputs.length - 1)] ?? null;
    return output === null ? null : { code: 0, output };
  };
}

const of = (cidr: string, family: 'IPv4' | 'IPv6', internal: boolean): NetworkInterfaceInfo =>
  ({
    address: cidr.replace(/\/.*/, ''),
    cidr,
    family,
    internal,
    mac: '02:00:00:00:00:01',
    netmask: '',
  }) as NetworkInterfaceInfo;

/** In 10.0.4.0/24 and fd00:4::/64. */
export const INTERFACES: OperatingSystem['interfaces'] = () => ({
  lo: [of('127.0.0.1/8', 'IPv4', true), of('::1/128', 'IPv6', true)],
  eth0: [of('10.0.4.5/24', 'IPv4', false), of('fd00:4::5/64', 'IPv6', false)],
});
