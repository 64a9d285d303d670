import { isIP } from 'node:net';
import { numberOf, type Span } from '../targets/spans.ts';
import type { Fits } from './firewall-verdict.ts';

/** Whether an address is in a network, given as `10.0.4.0` and 24 bits or a mask; null: one of them is none. */
export function isInNetwork(host: string, network: string, bits: number): Fits {
  const base = numberOf(network);
  const width = base?.version === 4 ? 32 : 128;
  if (base === null || !Number.isInteger(bits) || bits < 0 || bits > width) return null;
  const free = BigInt(width - bits);
  const first = (base.value >> free) << free;
  return isInSpan(host, { version: base.version, first, last: first + (1n << free) - 1n });
}

/** Whether an address lies between two others, both included; null: one of them is none. */
export function isBetween(host: string, from: string, to: string): Fits {
  const [first, last] = [numberOf(from), numberOf(to)];
  if (first === null || last === null || first.version !== last.version) return null;
  return isInSpan(host, { version: first.version, first: first.value, last: last.value });
}

function isInSpan(host: string, { version, first, last }: Span): Fits {
  const address = numberOf(host);
  if (address === null) return null;
  return address.version === version && address.value >= first && address.value <= last;
}

/** `255.255.255.0` is 24; null: it is no mask without gaps. */
export function bitsOfMask(mask: string): number | null {
  if (isIP(mask) !== 4) return null;
  const bits = mask
    .split('.')
    .map((byte) => Number(byte).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : null;
}
