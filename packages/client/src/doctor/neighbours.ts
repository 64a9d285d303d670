import { isIP } from 'node:net';
import { type OwnSide, seenValue } from '@headframe/model';
import { inTime } from './in-time.ts';
import { Lately } from './lately.ts';
import { tableOf } from './neighbour.ts';
import type { NeighbourEntry } from './neighbour-table.ts';
import type { Looking } from './options.ts';
import { distanceOf } from './own-network.ts';
import { pingHost } from './ping.ts';

/** Who is asked when the table itself does not say that somebody answers. */
const MOST_ASKED = 3;
const READ_MS = 5000;
/** A whole farm has few gateways, ms. */
const SHARED_MS = 5000;
const answers = new Lately<boolean | null>(SHARED_MS);
const LOOK_AGAIN_MS = 500;
/** An old entry is believed for 5 s more, then its neighbour is asked three times (arp(7), `delay_first_probe_time`). */
const SETTLED_MS = 8500;

/**
 * Whether an address of our own network answers now: a ping, and, as many drop pings, what the neighbour table says of it
 * in the end. Null: neither tells.
 */
export function answersNow(address: string, looking: Looking): Promise<boolean | null> {
  return answers.read(looking, address, () => ask(address, looking));
}

async function ask(address: string, looking: Looking): Promise<boolean | null> {
  // The ping makes the system ask its neighbour, whatever becomes of the ping.
  if (seenValue(await pingHost(address, looking)) === true) return true;
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    const table = await inTime(tableOf(isIP(address), looking), READ_MS, looking.deadline);
    if (table === null || table === 'late' || table === 'ended') return null;
    const entry = table.find((one) => one.address === address);
    if (entry === undefined || entry.state === 'told') return null;
    if (entry.state !== 'unconfirmed') return entry.state === 'confirmed';
    if (waited >= SETTLED_MS) return null;
    try {
      await looking.wait(LOOK_AGAIN_MS);
    } catch {
      return null;
    }
  }
}

/**
 * Whether others of the network answer: those that the neighbour table vouches for, else at most three of those that were
 * there, until the first answers. An address at which nobody ever was counts for nothing.
 * @param except the machine itself, and the gateway
 */
export async function askNeighbours(
  table: readonly NeighbourEntry[],
  except: readonly (string | null)[],
  looking: Looking,
): Promise<OwnSide['neighboursAnswering']> {
  const interfaces = looking.system.interfaces();
  const others = table.filter(({ address, mac }) => {
    return mac !== null && !except.includes(address) && distanceOf(address, interfaces) === 'near';
  });
  const confirmed = others.filter(({ state }) => state === 'confirmed').length;
  if (confirmed > 0) return { answered: confirmed, of: confirmed };
  const asked = others.slice(0, MOST_ASKED).map(({ address }) => answersNow(address, looking));
  if (asked.length === 0) return null;
  const told: (boolean | null)[] = [];
  await new Promise<void>((resolve) => {
    for (const one of asked) {
      void one.then((answer) => {
        told.push(answer);
        if (answer === true || told.length === asked.length) resolve();
      });
    }
  });
  const known = told.filter((one) => one !== null);
  return known.length === 0 ? null : { answered: known.filter(Boolean).length, of: known.length };
}
