import { BlockList, isIP } from 'node:net';

/** A packet that we would send: the first of a TCP connection. */
export interface OwnPacket {
  readonly host: string;
  readonly port: number;
  /** The interface that it leaves by; null: not known. */
  readonly interface: string | null;
}

/** Yes, no, or not to be decided from what is written. */
export type Fits = boolean | null;

export type FirewallVerdict =
  | { readonly kind: 'accept' | 'drop' | 'reject' | 'return' | 'none' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

export interface FirewallRule {
  readonly fits: Fits;
  readonly verdict: FirewallVerdict;
  /** As a person would write it. */
  readonly text: string;
}

export interface FirewallChain {
  readonly rules: readonly FirewallRule[];
  /** Of a base chain; null: none. */
  readonly policy: 'accept' | 'drop' | null;
}

type Way = 'accepted' | 'stopped' | 'through';

const MOST_DEPTH = 8;
const MOST_TOLD = 10;

/**
 * The rules of a chain of outgoing packets that stop the packet; where it cannot be decided whether a rule fits, it is told as
 * `perhaps: ...`.
 */
export function stoppedBy(name: string, chains: ReadonlyMap<string, FirewallChain>): string[] {
  const told: string[] = [];
  const chain = chains.get(name);
  const way = follow(name, chains, told, 0);
  if (way === 'through' && chain?.policy === 'drop') told.push(`the policy of chain ${name} is drop`);
  return told.slice(0, MOST_TOLD);
}

function follow(name: string, chains: ReadonlyMap<string, FirewallChain>, told: string[], depth: number): Way {
  for (const { fits, verdict, text } of chains.get(name)?.rules ?? []) {
    if (fits === false || verdict.kind === 'none') continue;
    if (verdict.kind === 'drop' || verdict.kind === 'reject') {
      told.push(fits === null ? `perhaps: ${text}` : text);
      if (fits === true) return 'stopped';
    } else if (verdict.kind === 'jump' || verdict.kind === 'goto') {
      const before = told.length;
      const way = depth < MOST_DEPTH ? follow(verdict.chain, chains, told, depth + 1) : 'through';
      if (fits === true && way !== 'through') return way;
      if (fits === true && verdict.kind === 'goto') return 'through';
      // Nobody knows whether the packet goes there: what would stop it there is a perhaps.
      if (fits === null) {
        const there = told.splice(before).map((line) => (line.startsWith('perhaps: ') ? line : `perhaps: ${line}`));
        told.push(...there);
      }
    } else if (fits === true) return verdict.kind === 'accept' ? 'accepted' : 'through';
  }
  return 'through';
}

/** All of them: one no is a no, else one not-known makes it not known. */
export const allFit = (parts: readonly Fits[]): Fits =>
  parts.includes(false) ? false : parts.includes(null) ? null : true;

export const isIn = (host: string, network: string, bits: number): Fits => {
  const [a, b] = [isIP(host), isIP(network)];
  if (a === 0 || b === 0) return null;
  if (a !== b) return false;
  if (!(bits >= 0 && bits <= (b === 4 ? 32 : 128))) return null;
  const list = new BlockList();
  list.addSubnet(network, bits, b === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, a === 4 ? 'ipv4' : 'ipv6');
};

export const negated = (fits: Fits, isNegated: boolean): Fits => (fits === null || !isNegated ? fits : !fits);
