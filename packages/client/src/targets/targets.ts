import { HeadframeError } from '@headframe/model';
import { type Endpoint, formatAddress, parseAddress } from '../address.ts';
import { addressesOf, bySubnet, merged, numberOf, type Span, sizeOf, without } from './spans.ts';

/** More than this is refused: a mistyped prefix length should not become a flood. */
export const MAX_ADDRESSES = 65_536;

const invalid = (detail: string) => new HeadframeError('usage/invalid', { detail });

/**
 * What to scan: ranges as numbers, and what cannot be one (host names, `host:port`, addresses with a zone).
 * Nothing is enumerated until it is asked for.
 */
export class Targets {
  readonly #spans: readonly Span[];
  readonly #named: readonly Endpoint[];
  /** How many addresses there are; a host name counts as one. */
  readonly count: number;

  constructor(spans: readonly Span[], named: readonly Endpoint[]) {
    this.#spans = spans;
    this.#named = named;
    this.count = Number(spans.reduce((sum, span) => sum + sizeOf(span), 0n)) + named.length;
  }

  /** Whether an address or a host name is among them; ports do not count. */
  includes(host: string): boolean {
    return isIn(this.#spans, host) || this.#named.some((endpoint) => endpoint.host === host.toLowerCase());
  }

  /** All of them, each once: ranges in order, then names and `host:port`. Lazy. */
  *[Symbol.iterator](): Generator<Endpoint> {
    for (const block of this.blocks()) yield* block;
  }

  /** The same in blocks that lie in one subnet (/24, /120), for limits per subnet. Lazy. */
  *blocks(): Generator<Iterable<Endpoint>> {
    for (const span of bySubnet(this.#spans)) yield endpointsOf(span);
    if (this.#named.length > 0) yield this.#named;
  }
}

function* endpointsOf(span: Span): Generator<Endpoint> {
  for (const host of addressesOf(span)) yield { host, port: null };
}

export interface TargetOptions {
  /** Left out of the result; the same forms as the ranges. */
  readonly exclude?: string | readonly string[];
  /** The most addresses that are allowed; 65,536 if absent. */
  readonly maxAddresses?: number;
}

/**
 * Reads ranges: `10.0.0.0/24` (without its network and broadcast address), `10.0.0.1-10.0.0.50`, `10.0.0.1-50`,
 * `10.0.0.5`, `fd00::/120`, `miner-7.local`, `10.0.0.5:4028`, `[fd00::5]:80`; lists with commas or blanks;
 * `!10.0.0.5` leaves out. What is named twice comes once.
 * @throws HeadframeError `usage/invalid` with a sentence that says what is wrong and what is allowed
 */
export function parseTargets(ranges: string | readonly string[], options: TargetOptions = {}): Targets {
  const wanted = collect(words(ranges).filter((word) => !word.startsWith('!')));
  const excluded = collect([
    ...words(ranges)
      .filter((word) => word.startsWith('!'))
      .map((word) => word.slice(1)),
    ...words(options.exclude ?? []),
  ]);
  if (wanted.spans.length === 0 && wanted.named.size === 0) {
    throw invalid('A range is missing: give addresses such as 10.0.0.0/24, 10.0.0.1-50 or miner-7.local');
  }
  const holes = merged(excluded.spans);
  const spans = without(merged(wanted.spans), holes);
  const named = [...wanted.named].filter(([key, { host }]) => !excluded.named.has(key) && !isIn(holes, host));
  const targets = new Targets(
    spans,
    named.map(([, endpoint]) => endpoint),
  );
  const most = options.maxAddresses ?? MAX_ADDRESSES;
  if (targets.count > most) {
    // A /64 has more addresses than a plain number can count.
    const exact = spans.reduce((sum, span) => sum + sizeOf(span), BigInt(named.length));
    const [given, limit] = [exact, most].map((n) => n.toLocaleString('en-US'));
    throw invalid(`${given} addresses are more than ${limit}, the most that one scan takes; give smaller ranges`);
  }
  if (targets.count === 0) throw invalid('The exclusions leave no address of the ranges');
  return targets;
}

const words = (text: string | readonly string[]): string[] =>
  (typeof text === 'string' ? [text] : text).flatMap((part) => part.split(/[\s,]+/)).filter((word) => word !== '');

interface Collected {
  readonly spans: Span[];
  readonly named: Map<string, Endpoint>;
}

function collect(list: readonly string[]): Collected {
  const collected: Collected = { spans: [], named: new Map() };
  for (const word of list) {
    const span = word.includes('/') && !word.includes('://') ? cidr(word) : rangeOrAddress(word);
    if (span !== null) collected.spans.push(span);
    else {
      const endpoint = parseAddress(word);
      collected.named.set(formatAddress(endpoint.host, endpoint.port), endpoint);
    }
  }
  return collected;
}

function cidr(word: string): Span {
  const slash = word.indexOf('/');
  const base = numberOf(word.slice(0, slash).replace(/^\[(.*)\]$/, '$1'));
  const length = word.slice(slash + 1);
  if (base === null) throw invalid(`"${word}" has no IP address before its slash, such as 10.0.0.0/24`);
  const bits = base.version === 4 ? 32 : 128;
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits) {
    const colon = length.includes(':') ? ' (a port goes with one address, not with a range)' : '';
    throw invalid(`The prefix length in "${word}" is not a number from 0 to ${bits}${colon}`);
  }
  const free = BigInt(bits - Number(length));
  const first = (base.value >> free) << free;
  const last = first + (1n << free) - 1n;
  // Nobody has the first and the last address of an IPv4 network; /31 and /32 have none to spare.
  const isNetwork = base.version === 4 && free >= 2n;
  return { version: base.version, first: isNetwork ? first + 1n : first, last: isNetwork ? last - 1n : last };
}

/** Null: neither a range nor a bare IP address. */
function rangeOrAddress(word: string): Span | null {
  const single = numberOf(word);
  if (single !== null) return { version: single.version, first: single.value, last: single.value };
  const dash = word.indexOf('-');
  const from = dash < 0 ? null : numberOf(word.slice(0, dash));
  if (from === null) return null;

  const end = word.slice(dash + 1);
  const isOctet = from.version === 4 && /^\d{1,3}$/.test(end) && Number(end) <= 255;
  const to = isOctet ? { version: 4, value: (from.value & ~0xffn) | BigInt(end) } : numberOf(end);
  if (to === null || to.version !== from.version) {
    throw invalid(`The end of "${word}" is not an address; ranges look like 10.0.0.1-10.0.0.50 or 10.0.0.1-50`);
  }
  if (to.value < from.value) throw invalid(`The range "${word}" ends before it begins`);
  return { version: from.version, first: from.value, last: to.value };
}

function isIn(spans: readonly Span[], host: string): boolean {
  const at = numberOf(host);
  return at !== null && spans.some((s) => s.version === at.version && s.first <= at.value && at.value <= s.last);
}
