import { isIP } from 'node:net';
import type { Look, NeighbourSeen } from '@headframe/model';
import { since } from '../links/limits.ts';
import { type CardMaker, isLocallyAdministered, makerOf } from './card-maker.ts';
import { cleaned, notSeen } from './exchanges.ts';
import { inTime } from './in-time.ts';
import { Lately } from './lately.ts';
import {
  type NeighbourEntry,
  parseArpAn,
  parseArpWindows,
  parseIpNeigh,
  parseMac,
  parseProcArp,
} from './neighbour-table.ts';
import type { OperatingSystem } from './operating-system.ts';
import type { Looking } from './options.ts';
import { distanceOf, withoutZone } from './own-network.ts';

const READ_MS = 5000;
const LOOK_AGAIN_MS = 500;
/** Three questions a second apart, and none of them answered: then Linux gives up (arp(7), `mcast_solicit`). */
const NOBODY_MS = 3500;
/** An old entry is believed for 5 s more, then its neighbour is asked three times (arp(7), `delay_first_probe_time`). */
const OLD_MS = 8500;

/**
 * What the neighbour table of this computer says of an address, after somebody knocked there: the table learns a MAC only
 * from a conversation, so an address of our own network is waited for as long as the system looks for it.
 * @param expectedMac the MAC of the machine that is meant; null: not known
 */
export async function lookAtNeighbour(
  host: string,
  expectedMac: string | null,
  looking: Looking,
): Promise<Look<NeighbourSeen>> {
  const { clock, deadline, system } = looking;
  if (isIP(host) === 0) return notSeen('the name leads to no address');
  const distance = distanceOf(host, system.interfaces());
  if (distance === 'here') return notSeen('it is an address of this computer itself');
  const began = performance.now();
  const table = await settled(host, distance === 'near', looking);
  if (deadline.stopped === 'cancelled') return notSeen('the examination ended before');
  if (table === null) return notSeen('the neighbour table of this computer cannot be read');
  const entry = entryOf(table, host);
  if (entry?.mac == null && distance === 'far') {
    return notSeen('it is in no network of this computer: a router stands between, which shows no MAC but its own');
  }
  const expected = expectedMac === null ? null : parseMac(expectedMac);
  const mac = entry?.mac ?? null;
  const maker = mac === null ? { vendor: null, isMinerVendor: null } : await makerOf(mac);
  const vendor = maker.vendor === null ? null : cleaned(maker.vendor);
  const expectedMacAt = expected === null ? null : elsewhere(table, expected, host, entry);
  const value = { mac, vendor, isMinerVendor: maker.isMinerVendor, expectedMac: expected, expectedMacAt };
  return {
    value,
    at: clock.now(),
    ms: since(began),
    bytes: 0,
    line: inWords(value, entry, host),
    command: commandOf(host, system.platform),
  };
}

const entryOf = (table: readonly NeighbourEntry[], host: string): NeighbourEntry | undefined => {
  const entries = table.filter(({ address }) => address === withoutZone(host));
  return entries.find(({ mac }) => mac !== null) ?? entries[0];
};

/** The table once it knows what became of the address; as it is when the time for that is over. Null: it cannot be read. */
async function settled(host: string, isNear: boolean, looking: Looking): Promise<readonly NeighbourEntry[] | null> {
  let hadMac = false;
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    const table = await inTime(tableOf(isIP(host), looking), READ_MS, looking.deadline);
    if (table === null || table === 'late' || table === 'ended') return null;
    const entry = entryOf(table, host);
    const isOld = entry?.state === 'unconfirmed';
    const isKnown = entry?.mac != null && !isOld;
    if (isKnown || !isNear || waited >= (isOld || hadMac ? OLD_MS : NOBODY_MS)) return table;
    // It was asked, and did not answer: the system has given it up.
    if (hadMac && entry?.mac == null) return table;
    hadMac ||= isOld;
    try {
      await looking.wait(LOOK_AGAIN_MS);
    } catch {
      return table;
    }
  }
}

/** The table of a whole farm that is examined at once, ms: less than between two looks at it. */
const SHARED_MS = 200;

type Table = readonly NeighbourEntry[] | null;
const tables = new Lately<Table>(SHARED_MS);

/** The neighbour table of this computer for IPv4 or IPv6; null: it cannot be read. */
export const tableOf = (version: number, looking: Looking): Promise<Table> =>
  tables.read(looking, String(version), () => readTable(version, looking.system));

async function readTable(version: number, system: OperatingSystem): Promise<Table> {
  if (system.platform === 'linux') {
    const said = await system.run('ip', ['-j', '-s', version === 6 ? '-6' : '-4', 'neigh', 'show']);
    const entries = said?.code === 0 ? parseIpNeigh(said.output) : null;
    if (entries !== null) return entries;
    // BusyBox has another `ip`, and some systems have none.
    const table = version === 4 ? await system.readFile('/proc/net/arp') : null;
    return table === null ? null : parseProcArp(table);
  }
  if (version === 6) return null;
  const said = await system.run('arp', [system.platform === 'win32' ? '-a' : '-an']);
  // Windows ends with 1 where the table is empty.
  if (said === null) return null;
  return system.platform === 'win32' ? parseArpWindows(said.output) : parseArpAn(said.output);
}

/** How well an entry is known, best first. */
const SURENESS = ['confirmed', 'told', 'unconfirmed', 'none'] as const;

/**
 * Where the expected MAC is, when that is another address. A machine may have several: as long as it answers at this one
 * it has not moved. An old entry of this one says little when the MAC answers elsewhere.
 */
function elsewhere(
  table: readonly NeighbourEntry[],
  expected: string,
  host: string,
  own: NeighbourEntry | undefined,
): string | null {
  const others = table
    .filter(({ address, mac }) => mac === expected && address !== withoutZone(host) && !address.startsWith('fe80:'))
    .toSorted((a, b) => SURENESS.indexOf(a.state) - SURENESS.indexOf(b.state));
  const [best] = others;
  if (best === undefined) return null;
  if (own?.mac === expected && !(own.state === 'unconfirmed' && best.state === 'confirmed')) return null;
  return best.address;
}

function inWords(
  { mac, vendor, expectedMac, expectedMacAt }: NeighbourSeen,
  entry: NeighbourEntry | undefined,
  host: string,
): string {
  const moved = expectedMacAt === null ? '' : `; the expected MAC ${expectedMac} is at ${expectedMacAt}`;
  if (mac === null) return `no MAC: nobody in our own network answers for ${cleaned(host)}${moved}`;
  const parts = [
    `MAC ${mac} (${makerInWords(mac, vendor)})`,
    ...(entry?.state === 'unconfirmed' ? ['not confirmed since it was asked'] : []),
    ...(expectedMac === null ? [] : [mac === expectedMac ? 'the expected one' : `not the expected ${expectedMac}`]),
  ];
  return `${parts.join(', ')}${expectedMacAt === null ? '' : `, which is at ${expectedMacAt}`}`;
}

function makerInWords(mac: string, vendor: CardMaker['vendor']): string {
  if (isLocallyAdministered(mac)) return 'locally administered: it names no maker';
  return vendor ?? 'of an unknown maker';
}

function commandOf(host: string, platform: NodeJS.Platform): string {
  const bare = withoutZone(host);
  if (platform === 'linux') return `ip neigh show ${bare}`;
  return platform === 'win32' ? `arp -a ${bare}` : `arp -n ${bare}`;
}
