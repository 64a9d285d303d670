import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { numberOf, textOf } from './spans.ts';

/** Bridges of containers and virtual machines, tunnels and the like: never a place where miners hang. */
const VIRTUAL =
  /^(?:lo\d*|docker|br-|veth|cni|virbr|vmnet|vboxnet|podman|lxc|lxd|flannel|cali|kube|tun|tap|utun|wg|zt|tailscale)/i;
const VIRTUAL_WINDOWS = /^(?:vEthernet|VirtualBox|VMware|Loopback)/i;

/** A larger network of an interface is proposed as the /22 around this computer's own address. */
const LARGEST_PREFIX = 22;

/**
 * Ranges worth scanning: the private IPv4 networks that this computer is in, such as `192.168.1.0/24`.
 * Loopback and the bridges of containers are never among them.
 */
export function suggestRanges(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces()): string[] {
  const ranges = new Set<string>();
  for (const [name, addresses] of Object.entries(interfaces)) {
    if (VIRTUAL.test(name) || VIRTUAL_WINDOWS.test(name)) continue;
    for (const { address, family, cidr, internal } of addresses ?? []) {
      if (family !== 'IPv4' || internal || cidr === null) continue;
      if (ipaddr.IPv4.parse(address).range() !== 'private') continue;
      const length = Math.max(Number(cidr.split('/')[1]), LARGEST_PREFIX);
      if (length <= 30) ranges.add(`${networkOf(address, length)}/${length}`);
    }
  }
  return [...ranges];
}

function networkOf(address: string, length: number): string {
  const free = BigInt(32 - length);
  return textOf(4, ((numberOf(address)?.value ?? 0n) >> free) << free);
}
