import ipaddr from 'ipaddr.js';
import type { OperatingSystem } from './operating-system.ts';

/** `here`: loopback, or an address of this computer; `near`: in a network of one of its interfaces; `far`: elsewhere. */
export type Distance = 'here' | 'near' | 'far';

/** An address without the zone that may follow it (`fe80::1%eth0`). */
export const withoutZone = (host: string): string => host.replace(/%.*$/, '').toLowerCase();

/** By the addresses of our interfaces; routes that say otherwise are not looked at. */
export function distanceOf(host: string, interfaces: ReturnType<OperatingSystem['interfaces']>): Distance {
  const address = parsed(host);
  if (address === null) return 'far';
  if (address.range() === 'loopback') return 'here';
  const own = Object.values(interfaces).flatMap((list) => list ?? []);
  if (own.some((one) => parsed(one.address)?.toNormalizedString() === address.toNormalizedString())) return 'here';
  // Link-local addresses are in the network by what they are, whatever prefix the interface has.
  if (address.kind() === 'ipv6' && address.range() === 'linkLocal') return 'near';
  return own.some(({ cidr, internal }) => !internal && cidr !== null && holds(cidr, address)) ? 'near' : 'far';
}

function parsed(host: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const bare = withoutZone(host);
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null;
}

function holds(cidr: string, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (!ipaddr.isValidCIDR(cidr)) return false;
  const [network, bits] = ipaddr.parseCIDR(cidr);
  // One address alone is no network: nobody else is in it.
  if (network.kind() !== address.kind() || bits === (network.kind() === 'ipv4' ? 32 : 128)) return false;
  return address.match(network, bits);
}
