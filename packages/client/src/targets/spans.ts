import ipaddr from 'ipaddr.js';

/** A run of IP addresses of one version, both ends included. Numbers, so that a /8 costs no more than one address. */
export interface Span {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

export const sizeOf = (span: Span): bigint => span.last - span.first + 1n;

/** An address as a number; null where the text is none. Short and octal IPv4 forms (`10.1`, `010.0.0.1`) are none. */
export function numberOf(text: string): { version: 4 | 6; value: bigint } | null {
  const version = ipaddr.IPv4.isValidFourPartDecimal(text) ? 4 : ipaddr.IPv6.isValid(text) ? 6 : null;
  if (version === null) return null;
  let value = 0n;
  for (const byte of ipaddr.parse(text).toByteArray()) value = (value << 8n) | BigInt(byte);
  return { version, value };
}

/** A number as an address, IPv6 in its short form. */
export function textOf(version: 4 | 6, value: bigint): string {
  const bytes = new Array<number>(version === 4 ? 4 : 16);
  let rest = value;
  for (let i = bytes.length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return version === 4 ? bytes.join('.') : ipaddr.fromByteArray(bytes).toString();
}

/** The same addresses in order, none twice. */
export function merged(spans: readonly Span[]): Span[] {
  const sorted = [...spans].sort(
    (a, b) => a.version - b.version || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0),
  );
  const out: Span[] = [];
  for (const span of sorted) {
    const before = out.at(-1);
    if (before !== undefined && before.version === span.version && span.first <= before.last + 1n) {
      if (span.last > before.last) out[out.length - 1] = { ...before, last: span.last };
    } else out.push(span);
  }
  return out;
}

/** The addresses of `spans` that are in none of `holes`. Both merged; so is the result. */
export function without(spans: readonly Span[], holes: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    let { first } = span;
    for (const hole of holes) {
      if (hole.version !== span.version || hole.last < first || hole.first > span.last) continue;
      if (hole.first > first) out.push({ ...span, first, last: hole.first - 1n });
      first = hole.last + 1n;
    }
    if (first <= span.last) out.push({ ...span, first });
  }
  return out;
}

/** Bits of an address that tell devices of one subnet apart: a /24 of IPv4, a /120 of IPv6. */
const SUBNET_BITS = 8n;

/** The same addresses cut at the borders of subnets (/24, /120), lazily. */
export function* bySubnet(spans: Iterable<Span>): Generator<Span> {
  for (const span of spans) {
    let { first } = span;
    while (first <= span.last) {
      const border = ((first >> SUBNET_BITS) + 1n) << SUBNET_BITS;
      const last = border - 1n < span.last ? border - 1n : span.last;
      yield { ...span, first, last };
      first = last + 1n;
    }
  }
}

/** The addresses of a span in order, lazily. */
export function* addressesOf(span: Span): Generator<string> {
  for (let value = span.first; value <= span.last; value++) yield textOf(span.version, value);
}
