import { isIP } from 'node:net';

/**
 * How sure an entry is. `confirmed`: lately, by the neighbour itself; `unconfirmed`: it was so, and may not be any more;
 * `told`: the table does not say; `none`: nobody answers for the address.
 */
export type EntryState = 'confirmed' | 'unconfirmed' | 'told' | 'none';

/** One line of the neighbour table of this computer. */
export interface NeighbourEntry {
  readonly address: string;
  /** In lower case with colons; null where the state is `none`. */
  readonly mac: string | null;
  readonly state: EntryState;
}

/** As many as Linux keeps by far. */
const MOST_ENTRIES = 16_384;
const MOST_LINES = 65_536;

/** Six bytes with colons or dashes, leading zeros missing or not; null also for those that name no single card. */
export function parseMac(text: string): string | null {
  if (!/^[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){5}$/i.test(text)) return null;
  const bytes = text
    .toLowerCase()
    .split(/[:-]/)
    .map((byte) => byte.padStart(2, '0'));
  const isGroup = (Number.parseInt(bytes[0] ?? '', 16) & 1) === 1;
  return isGroup || bytes.every((byte) => byte === '00') ? null : bytes.join(':');
}

function entryOf(address: string, macText: string | null, stateOfMac: EntryState): NeighbourEntry[] {
  const bare = address.toLowerCase();
  if (isIP(bare) === 0) return [];
  const mac = macText === null || stateOfMac === 'none' ? null : parseMac(macText);
  return [{ address: bare, mac, state: mac === null ? 'none' : stateOfMac }];
}

/** `include/uapi/linux/neighbour.h`: NUD_*. An entry that is failed or incomplete may still name the last MAC. */
const STATES: Readonly<Record<string, EntryState>> = {
  REACHABLE: 'confirmed',
  PERMANENT: 'confirmed',
  NOARP: 'confirmed',
  STALE: 'unconfirmed',
  DELAY: 'unconfirmed',
  PROBE: 'unconfirmed',
};

/** As long as Linux itself believes an entry at least (half of `base_reachable_time`), s. */
const LATELY_S = 15;

/**
 * `ip -j -s neigh` of iproute2; null: no such output.
 *
 *     [{"dst":"10.0.4.21","dev":"eth0","lladdr":"02:...","used":1,"confirmed":3,"updated":9,"state":["REACHABLE"]}]
 *
 * With `-s` each entry says how many seconds ago it was confirmed: an old one that is in use again keeps its state for 5 s
 * more, also when its neighbour has just answered.
 */
export function parseIpNeigh(text: string): NeighbourEntry[] | null {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(list)) return null;
  return list.slice(0, MOST_ENTRIES).flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { dst, lladdr, state, confirmed } = entry as Readonly<Record<string, unknown>>;
    if (typeof dst !== 'string') return [];
    const names = Array.isArray(state) ? state : [];
    const known = names.find((name): name is string => typeof name === 'string' && Object.hasOwn(STATES, name));
    const told = (known && STATES[known]) || 'none';
    const isFresh = told === 'unconfirmed' && typeof confirmed === 'number' && confirmed <= LATELY_S;
    return entryOf(dst, typeof lladdr === 'string' ? lladdr : null, isFresh ? 'confirmed' : told);
  });
}

/** `ATF_COM` of `include/uapi/linux/if_arp.h`: the entry is complete. */
const COMPLETE = 0x02;

/** `/proc/net/arp` of Linux: IPv4 alone, and how old an entry is it does not say. */
export function parseProcArp(text: string): NeighbourEntry[] {
  return linesOf(text).flatMap((line) => {
    const [address = '', , flags = '', mac = ''] = line.trim().split(/\s+/, 4);
    if (isIP(address) !== 4 || !/^0x[0-9a-f]{1,4}$/i.test(flags)) return [];
    return entryOf(address, mac, (Number.parseInt(flags, 16) & COMPLETE) === 0 ? 'none' : 'told');
  });
}

/** `arp -an` of macOS and the BSDs: `? (10.0.4.21) at 2:a1:b2:c3:d4:e5 on en0 ifscope [ethernet]`. */
export function parseArpAn(text: string): NeighbourEntry[] {
  return linesOf(text).flatMap((line) => {
    const [, address, mac] = /\(([0-9.]{7,15})\) at (\S{1,40})/.exec(line) ?? [];
    return address === undefined || mac === undefined ? [] : entryOf(address, mac, 'told');
  });
}

/** `arp -a` of Windows: `  10.0.4.21    02-a1-b2-c3-d4-e5    dynamic`, under headings in the language of the system. */
export function parseArpWindows(text: string): NeighbourEntry[] {
  return linesOf(text).flatMap((line) => {
    const [, address, mac] = /^\s{0,8}([0-9.]{7,15})\s{1,40}([0-9a-f]{2}(?:-[0-9a-f]{2}){5})\s/i.exec(`${line} `) ?? [];
    if (address === undefined || mac === undefined || parseMac(mac) === null) return [];
    return entryOf(address, mac, 'told');
  });
}

const linesOf = (text: string): string[] => text.split('\n', MOST_LINES).map((line) => line.slice(0, 200));
