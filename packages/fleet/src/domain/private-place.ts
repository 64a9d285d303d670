import { BlockList, isIP } from 'node:net';

/** The networks that nobody reaches over the internet: RFC 1918, 4193, 3927, 6598, link-local. */
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv4');
}
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Where clouds tell their machines secrets: on no farm. */
const METADATA = new BlockList();
METADATA.addAddress('169.254.169.254', 'ipv4');
METADATA.addAddress('fd00:ec2::254', 'ipv6');

/**
 * The address of a private network, with its port where it has one, written in the one way that nobody reads otherwise:
 * an IP address, never a name, which anybody can point anywhere.
 * @param withLoopback whether the computer of the daemon itself is meant too
 * @returns null: it is none
 */
export function privatePlace(text: string, withLoopback: boolean): string | null {
  const [, bracketed, plain = text, portText] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = (bracketed ?? plain).toLowerCase();
  const kind = isIP(host);
  if (kind === 0 || (bracketed !== undefined && kind !== 6)) return null;
  const port = portText === undefined ? null : Number(portText);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  // The zone says over which interface, not who it is.
  const bare = host.replace(/%.*$/, '');
  const isIn = (list: BlockList) => list.check(bare, kind === 4 ? 'ipv4' : 'ipv6');
  if (isIn(METADATA) || !(isIn(PRIVATE) || (withLoopback && isIn(LOOPBACK)))) return null;
  if (port === null) return host;
  return kind === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
