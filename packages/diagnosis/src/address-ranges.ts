/*
 * Addresses as numbers, so that forty of them can be said as one range. Pure, as no package of Node may be used here.
 */

interface Numbered {
  readonly bits: 32 | 128;
  readonly number: bigint;
}

/** The host of `10.0.0.5:4028`, `[fd00::5]:80`, `fd00::5%eth0`. */
function hostOf(address: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(address);
  if (bracketed !== null) return bracketed[1] ?? '';
  const parts = address.split(':');
  return parts.length === 2 ? (parts[0] ?? '') : address;
}

function ipv4(host: string): bigint | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function ipv6(host: string): bigint | null {
  if (!/^[0-9a-f:.]{2,45}$/i.test(host) || !host.includes(':')) return null;
  // The last 32 bits may be written as an IPv4 address.
  const tail = /[^:]*\.[^:]*$/.exec(host)?.[0];
  const last = tail === undefined ? null : ipv4(tail);
  if (tail !== undefined && last === null) return null;
  const text =
    last === null
      ? host
      : `${host.slice(0, -(tail ?? '').length)}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}`;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = groups.reduce((sum, { length }) => sum + length, 0);
  if (halves.length === 2 ? given > 7 : given !== 8) return null;
  const [head = [], rest = []] = groups;
  const all = [...head, ...Array.from({ length: 8 - given }, () => '0'), ...rest];
  if (all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return null;
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function numbered(host: string): Numbered | null {
  const four = ipv4(host);
  if (four !== null) return { bits: 32, number: four };
  const six = ipv6(host);
  return six === null ? null : { bits: 128, number: six };
}

const inIpv4 = (number: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.');

/** `10.0.4.0/24`, `fd00:0:0:1::/64`; null for a name, or an address with a zone, whose network nobody can tell. */
export function subnetOf(address: string): string | null {
  const found = numbered(hostOf(address));
  if (found === null) return null;
  if (found.bits === 32) return `${inIpv4(found.number & ~0xffn)}/24`;
  const groups = [112n, 96n, 80n, 64n].map((shift) => ((found.number >> shift) & 0xffffn).toString(16));
  return `${groups.join(':')}::/64`;
}

/**
 * `10.0.4.1-40` instead of forty addresses, in the form in which ranges are given to every command; what is no address
 * alone (a name, one with a port) stands behind, in its order.
 */
export function addressRanges(addresses: readonly string[]): string[] {
  const found = new Map<string, Numbered & { readonly text: string }>();
  const others = new Set<string>();
  for (const text of addresses) {
    const number = numbered(text);
    if (number === null) others.add(text);
    else found.set(`${number.bits} ${number.number}`, { ...number, text });
  }
  const sorted = [...found.values()].sort((a, b) => a.bits - b.bits || (a.number < b.number ? -1 : 1));
  const ranges: (typeof sorted)[] = [];
  for (const one of sorted) {
    const range = ranges.at(-1);
    const last = range?.at(-1);
    if (range !== undefined && last?.bits === one.bits && last.number + 1n === one.number) range.push(one);
    else ranges.push([one]);
  }
  return [...ranges.flatMap(inWords), ...others];
}

function inWords(range: readonly (Numbered & { readonly text: string })[]): string[] {
  const [first] = range;
  const last = range.at(-1);
  if (first === undefined || last === undefined) return [];
  if (range.length < 3) return range.map(({ text }) => text);
  const isShort = first.bits === 32 && first.number >> 8n === last.number >> 8n;
  return [`${first.text}-${isShort ? last.number & 255n : last.text}`];
}
