import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { HeadframeError } from '@headframe/model';
import ipaddr from 'ipaddr.js';
import { linkError } from '../links/link-errors.ts';
import { parseTargets } from '../targets/targets.ts';
import { tableOf } from './neighbour.ts';
import { parseMac } from './neighbour-table.ts';
import type { Looking } from './options.ts';

/** Of one network of ours: larger ones take too long to be asked address by address, and a person can name a range. */
const LARGEST_BITS = 22;
const MOST_ADDRESSES = 4096;
const AT_ONCE = 64;
const PAUSE_MS = 20;
/** Behind the last packet the table may still wait for answers. */
const SETTLE_MS = 1500;
/** `discard` (RFC 863): nobody listens there, and it need not: the question for the MAC goes out before the packet. */
const DISCARD_PORT = 9;

/**
 * The address in our own networks at which a MAC is now (step 6): one small UDP packet to each address makes the system ask
 * who has it, and its neighbour table keeps the answers.
 * @param ranges as for a scan; null: the networks of our interfaces, as far as they are no larger than a /22
 * @returns null: nobody in them has it
 * @throws HeadframeError `usage/invalid` for a MAC or a range that cannot be; `link/unreachable` where no packet leaves
 */
export async function findMac(mac: string, ranges: string | null, looking: Looking): Promise<string | null> {
  const wanted = parseMac(mac);
  if (wanted === null) throw new HeadframeError('usage/invalid', { detail: `"${mac}" is no MAC address` });
  const known = await entryOf(wanted, looking);
  if (known?.state === 'confirmed') return known.address;
  await knockAtAll(addressesIn(ranges, looking), looking);
  await looking.wait(SETTLE_MS);
  return (await entryOf(wanted, looking))?.address ?? null;
}

async function entryOf(mac: string, looking: Looking) {
  const entries = ((await tableOf(4, looking)) ?? []).filter((entry) => entry.mac === mac);
  return entries.find(({ state }) => state === 'confirmed') ?? entries[0];
}

function addressesIn(ranges: string | null, { system }: Looking): string[] {
  const networks = ranges === null ? ownNetworks(system.interfaces()) : [ranges];
  if (networks.length === 0) return [];
  const targets = parseTargets(networks, { maxAddresses: MOST_ADDRESSES });
  return [...targets].map(({ host }) => host).filter(isIPv4);
}

function ownNetworks(interfaces: ReturnType<Looking['system']['interfaces']>): string[] {
  return Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .flatMap(({ cidr, family, internal }) => {
      if (internal || cidr === null || family !== 'IPv4') return [];
      const [, bits] = ipaddr.parseCIDR(cidr);
      return bits < LARGEST_BITS || bits > 30 ? [] : [cidr];
    });
}

async function knockAtAll(addresses: readonly string[], looking: Looking): Promise<void> {
  if (addresses.length === 0) return;
  const socket = createSocket('udp4');
  // A refusal by ICMP is an answer like any other: the table knows the MAC by then.
  socket.on('error', () => {});
  try {
    let failures = 0;
    for (let i = 0; i < addresses.length; i += AT_ONCE) {
      const block = addresses.slice(i, i + AT_ONCE);
      const errors = await Promise.all(block.map((address) => knock(socket, address)));
      failures += errors.filter((error) => error !== null).length;
      if (failures === addresses.length) throw linkError(errors[0], false, { address: addresses[0] ?? '' });
      await looking.wait(PAUSE_MS);
    }
  } finally {
    socket.close();
  }
}

const knock = (socket: Socket, address: string): Promise<Error | null> =>
  new Promise((sent) => socket.send('', DISCARD_PORT, address, (error) => sent(error)));
