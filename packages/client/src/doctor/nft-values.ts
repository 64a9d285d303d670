import { isIP } from 'node:net';
import { isBetween, isInNetwork } from './address-blocks.ts';
import { allFit, anyFits, type Fits, negated, type OwnPacket } from './firewall-verdict.ts';

/*
 * The expressions of `nft -j` (libnftables-json(5)) against one packet: what it has at the left of a match, and whether that
 * is what stands at the right. Null stands for all that is not known or not read here.
 */

export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text or a number as text; all else as what no address and no number is. */
export const wordOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '?';

/** The elements of the named sets of a table, by their names. */
export type Sets = ReadonlyMap<string, readonly unknown[]>;

/** As deep as sets and names of sets lie in each other. */
const MOST_DEPTH = 8;

/** The packet is of another protocol: a match for it fits under no circumstances, a negated one neither. */
const OTHER_PROTOCOL = Symbol('another protocol');
type Value = string | number;
/** Of a concatenation (`ip daddr . tcp dport`) the value of each part. */
type Left = Value | readonly (Value | null)[] | typeof OTHER_PROTOCOL | null;

export function fitsMatch({ op, left, right }: Json, packet: OwnPacket, sets: Sets): Fits {
  const masked = isJson(left) && Array.isArray(left['&']) ? left['&'] : null;
  if (masked !== null) return fitsFlags(masked, op, right, packet);
  if (isTcpFlags(left)) return op === 'in' || op === '==' ? fitsAnyFlag(right, packet, op === '==') : null;
  const value = leftValue(left, packet);
  if (value === OTHER_PROTOCOL) return false;
  if (value === null) return null;
  switch (op) {
    case '==':
    case 'in':
      return fitsRight(value, right, sets);
    case '!=':
      return negated(fitsRight(value, right, sets), true);
    default:
      return typeof value === 'string' || typeof value === 'number' ? compared(value, op, right) : null;
  }
}

/** A value against what a rule or a set of elements has for it. */
export function leftFits(left: unknown, right: unknown, packet: OwnPacket, sets: Sets): Fits {
  const value = leftValue(left, packet);
  if (value === OTHER_PROTOCOL) return false;
  return value === null ? null : fitsRight(value, right, sets);
}

function compared(value: string | number, op: unknown, right: unknown): Fits {
  if (typeof value !== 'number' || typeof right !== 'number') return null;
  switch (op) {
    case '<':
      return value < right;
    case '>':
      return value > right;
    case '<=':
      return value <= right;
    case '>=':
      return value >= right;
    default:
      return null;
  }
}

const isTcpFlags = (left: unknown): boolean =>
  isJson(left) && isJson(left.payload) && left.payload.protocol === 'tcp' && left.payload.field === 'flags';

/** What a connection begins with, and what answers it. */
const flagsOf = ({ way }: OwnPacket): readonly string[] => (way === 'out' ? ['syn'] : ['syn', 'ack']);
/** Bits that some systems set in a first packet, and others do not. */
const NOT_SURE: readonly string[] = ['ecn', 'cwr', 'psh', 'urg'];

function namesOf(value: unknown, depth = 0): string[] | null {
  if (value === 0) return [];
  if (typeof value === 'string') return [value];
  const list = isJson(value) ? (value['|'] ?? value.set) : value;
  if (!Array.isArray(list) || depth > MOST_DEPTH) return null;
  const names = list.map((one) => namesOf(one, depth + 1));
  return names.some((one) => one === null) ? null : names.flatMap((one) => one ?? []);
}

/** `tcp flags & (fin | syn | rst | ack) == syn`. */
function fitsFlags([left, mask]: readonly unknown[], op: unknown, right: unknown, packet: OwnPacket): Fits {
  const [bits, wanted] = [namesOf(mask), namesOf(right)];
  if (!isTcpFlags(left) || bits === null || wanted === null || bits.some((name) => NOT_SURE.includes(name)))
    return null;
  const has = flagsOf(packet).filter((name) => bits.includes(name));
  const isSame = has.length === wanted.length && has.every((name) => wanted.includes(name));
  return op === '==' || op === '!=' ? negated(isSame, op === '!=') : null;
}

function fitsAnyFlag(right: unknown, packet: OwnPacket, isExact: boolean): Fits {
  const wanted = namesOf(right);
  if (wanted === null || wanted.some((name) => NOT_SURE.includes(name))) return null;
  const has = flagsOf(packet);
  return isExact ? null : wanted.some((name) => has.includes(name));
}

const OTHERS: readonly unknown[] = [
  'udp',
  'udplite',
  'icmp',
  'icmpv6',
  'igmp',
  'sctp',
  'dccp',
  'esp',
  'ah',
  'comp',
  'arp',
];

function concatenated(lefts: readonly unknown[], packet: OwnPacket): Left {
  const values: (Value | null)[] = [];
  for (const left of lefts) {
    const value = leftValue(left, packet, 1);
    if (value === OTHER_PROTOCOL) return OTHER_PROTOCOL;
    values.push(typeof value === 'string' || typeof value === 'number' ? value : null);
  }
  return values;
}

function leftValue(left: unknown, packet: OwnPacket, depth = 0): Left {
  if (!isJson(left)) return null;
  if (Array.isArray(left.concat) && depth === 0) return concatenated(left.concat, packet);
  if (isJson(left.payload)) return payloadValue(left.payload, packet);
  if (isJson(left.meta)) return metaValue(left.meta.key, packet);
  if (isJson(left.ct)) return left.ct.key === 'state' ? (packet.way === 'out' ? 'new' : 'established') : null;
  return null;
}

function payloadValue({ protocol, field }: Json, { way, host, port, source }: OwnPacket): Left {
  if (OTHERS.includes(protocol)) return OTHER_PROTOCOL;
  const isOut = way === 'out';
  if (protocol === 'tcp' || protocol === 'th') {
    // Our own port is chosen when the connection is made.
    return field === (isOut ? 'dport' : 'sport') ? port : null;
  }
  if (protocol !== 'ip' && protocol !== 'ip6') return null;
  if ((protocol === 'ip6') !== (isIP(host) === 6)) return OTHER_PROTOCOL;
  if (field === 'protocol' || field === 'nexthdr') return 'tcp';
  if (field === (isOut ? 'daddr' : 'saddr')) return host;
  return field === (isOut ? 'saddr' : 'daddr') ? source : null;
}

function metaValue(key: unknown, { way, host, interface: name }: OwnPacket): Left {
  switch (key) {
    case 'l4proto':
      return 'tcp';
    case 'nfproto':
      return isIP(host) === 6 ? 'ipv6' : 'ipv4';
    case 'protocol':
      return isIP(host) === 6 ? 'ip6' : 'ip';
    case 'oif':
    case 'oifname':
      return way === 'out' ? name : null;
    case 'iif':
    case 'iifname':
      return way === 'answer' ? name : null;
    default:
      return null;
  }
}

/** Numbers that are names elsewhere. */
const NUMBERS: Readonly<Record<string, number>> = { tcp: 6, ipv4: 2, ipv6: 10 };

function fitsRight(value: Value | readonly (Value | null)[], right: unknown, sets: Sets, depth = 0): Fits {
  if (depth > MOST_DEPTH) return null;
  const fits = (inner: unknown): Fits => fitsRight(value, inner, sets, depth + 1);
  if (Array.isArray(right)) return anyFits(right.map(fits));
  if (isJson(right)) {
    if (Array.isArray(right.set)) return fits(right.set);
    if (isJson(right.elem)) return fits(right.elem.val);
    if (typeof value !== 'string' && typeof value !== 'number') return fitsParts(value, right.concat, sets, depth + 1);
    if (isJson(right.prefix))
      return isInNetwork(String(value), wordOf(right.prefix.addr), Number(wordOf(right.prefix.len)));
    return Array.isArray(right.range) ? fitsRange(value, right.range) : null;
  }
  // What a set has for all that is not named in it.
  if (right === '*') return true;
  if (typeof right === 'string' && right.startsWith('@')) {
    const elements = sets.get(right.slice(1));
    return elements === undefined ? null : fits(elements);
  }
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  if (typeof right === 'number') return typeof value === 'number' ? value === right : NUMBERS[value] === right;
  if (typeof right !== 'string') return null;
  // A port by its name.
  if (typeof value === 'number') return /^\d{1,5}$/.test(right) ? value === Number(right) : null;
  if (isIP(value) !== 0) return isIP(right) === 0 ? null : isBetween(value, right, right);
  return right.endsWith('*') ? value.startsWith(right.slice(0, -1)) : value === right;
}

function fitsParts(values: readonly (Value | null)[], rights: unknown, sets: Sets, depth: number): Fits {
  if (!Array.isArray(rights) || rights.length !== values.length) return null;
  return allFit(values.map((value, i) => (value === null ? null : fitsRight(value, rights[i], sets, depth))));
}

function fitsRange(value: string | number, [from, to]: readonly unknown[]): Fits {
  if (typeof value === 'number') {
    const [first, last] = [Number(wordOf(from)), Number(wordOf(to))];
    return Number.isNaN(first) || Number.isNaN(last) ? null : value >= first && value <= last;
  }
  return isBetween(value, wordOf(from), wordOf(to));
}
