import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { HeadframeError } from '@headframe/model';
import { linkError } from '../links/link-errors.ts';
import { suggestRanges } from '../targets/suggest-ranges.ts';
import { parseTargets } from '../targets/targets.ts';
import { tableOf } from './neighbour.ts';
import { type NeighbourEntry, parseMac } from './neighbour-table.ts';
import { answersNow } from './neighbours.ts';
import type { Looking } from './options.ts';
import { distanceOf } from './own-network.ts';

const MOST_ADDRESSES = 4096;
/** Some 200 questions a second: a network hardly notices, and Linux keeps 1024 neighbours at the most (arp(7), `gc_thresh3`). */
const AT_ONCE = 32;
const PAUSE_MS = 150;
/** Blocks of addresses between two looks at the table. */
const LOOK_EVERY = 4;
/** Behind the last packet the table may still wait for answers. */
const SETTLE_MS = 1500;
const MOST_CANDIDATES = 4;
/** `discard` (RFC 863): nobody listens there, and it need not: the question for the MAC goes out before the packet. */
const DISCARD_PORT = 9;

/**
 * The address in our own networks at which a MAC is now (step 6): one small UDP packet to each address makes the system ask
 * who has it, and its neighbour table keeps the answers.
 * @param ranges as for a scan; null: the networks of our interfaces, of larger ones the /22 around our own address
 * @returns null: nobody in them has it
 * @throws HeadframeError `usage/invalid` for a MAC or a range that cannot be, and for one that is in none of our networks; `link/unreachable` where no packet leaves
 */
export async function findMac(mac: string, ranges: string | null, looking: Looking): Promise<string | null> {
  const wanted = parseMac(mac);
  if (wanted === null) throw new HeadframeError('usage/invalid', { detail: `"${mac}" is no MAC address` });
  const addresses = addressesIn(ranges, looking);
  const known = await surelyAt(wanted, looking);
  if (known !== null) return known;
  const found = await knockAtAll(addresses, wanted, looking);
  if (found !== null) return found;
  await looking.wait(SETTLE_MS);
  // One that the table has from before may be gone: it is asked, and the others are not looked for any longer.
  for (const { address } of (await entriesOf(wanted, looking)).slice(0, MOST_CANDIDATES)) {
    if ((await answersNow(address, looking)) !== false) return address;
  }
  return null;
}

const entriesOf = async (mac: string, looking: Looking): Promise<NeighbourEntry[]> =>
  ((await tableOf(4, looking)) ?? []).filter((entry) => entry.mac === mac);

const surelyAt = async (mac: string, looking: Looking): Promise<string | null> =>
  (await entriesOf(mac, looking)).find(({ state }) => state === 'confirmed')?.address ?? null;

function addressesIn(ranges: string | null, { system }: Looking): string[] {
  const networks = ranges === null ? suggestRanges(system.interfaces()) : [ranges];
  if (networks.length === 0) return [];
  const targets = parseTargets(networks, { maxAddresses: MOST_ADDRESSES });
  const interfaces = system.interfaces();
  const near = [...targets].map(({ host }) => host).filter((host) => isIPv4(host) && isOurs(host, interfaces));
  if (near.length > 0) return near;
  const detail = `${networks.join(', ')} is in no IPv4 network of this computer: behind a router nobody shows a MAC`;
  throw new HeadframeError('usage/invalid', { detail });
}

/** Loopback stands in for a network where nothing is to leave this computer. */
const isOurs = (host: string, interfaces: ReturnType<Looking['system']['interfaces']>): boolean =>
  host.startsWith('127.') || distanceOf(host, interfaces) === 'near';

/** Until somebody has the MAC; null: nobody has. */
async function knockAtAll(addresses: readonly string[], mac: string, looking: Looking): Promise<string | null> {
  if (addresses.length === 0) return null;
  let failures = 0;
  for (let i = 0; i < addresses.length; i += AT_ONCE) {
    const errors = await knockAtBlock(addresses.slice(i, i + AT_ONCE), looking);
    failures += errors.length;
    if (failures === addresses.length) throw linkError(errors[0], false, { address: addresses[0] ?? '' });
    if ((i / AT_ONCE) % LOOK_EVERY !== 0) continue;
    const found = await surelyAt(mac, looking);
    if (found !== null) return found;
  }
  return null;
}

/** A socket of its own: packets that wait for a neighbour fill its buffer, and the next would wait with them. */
async function knockAtBlock(addresses: readonly string[], looking: Looking): Promise<Error[]> {
  const socket = createSocket('udp4');
  // A refusal by ICMP is an answer like any other: the table knows the MAC by then.
  socket.on('error', () => {});
  try {
    const sent = await Promise.all(addresses.map((address) => knock(socket, address)));
    await looking.wait(PAUSE_MS);
    return sent.filter((error) => error !== null);
  } finally {
    socket.close();
  }
}

const knock = (socket: Socket, address: string): Promise<Error | null> =>
  new Promise((sent) => socket.send('', DISCARD_PORT, address, (error) => sent(error)));
