/*
 * What chains of firewall rules do to one packet, whoever wrote them: nftables and iptables walk them alike. What cannot
 * be decided from what is written is followed both ways.
 */

/** A packet of a TCP connection that we would make. */
export interface OwnPacket {
  /** `out`: its first one, which we send. `answer`: what comes back, which we must let in. */
  readonly way: 'out' | 'answer';
  /** The other end. */
  readonly host: string;
  readonly port: number;
  /** Our own address; null: not known. */
  readonly source: string | null;
  /** The interface between; null: not known. */
  readonly interface: string | null;
}

/** Yes, no, or not to be decided from what is written. */
export type Fits = boolean | null;

/** `rewritten`: it goes on with another address; `unknown`: what becomes of it, only the system knows. */
export type FirewallVerdict =
  | { readonly kind: 'accept' | 'drop' | 'reject' | 'return' | 'none' | 'rewritten' | 'unknown' }
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

/** Before what is not sure: it may stop the packet, and may not. */
export const PERHAPS = 'perhaps: ';

/** As deep as the kernel lets chains call each other. */
const MOST_DEPTH = 16;
const MOST_STEPS = 100_000;
const MOST_TOLD = 10;

/** What may become of the packet in a chain or a rule; more than one where it cannot be decided. */
interface Ends {
  /** It comes through, or is sent elsewhere: nothing here stops it any more. */
  readonly passes: boolean;
  /** The chain is left before its end. */
  readonly leaves: boolean;
  /** The next rule is looked at. */
  readonly goesOn: boolean;
}

const STOPPED: Ends = { passes: false, leaves: false, goesOn: false };

/** One walk over the rules. */
interface Walk {
  readonly chains: ReadonlyMap<string, FirewallChain>;
  readonly told: string[];
  steps: number;
}

/**
 * The rules of a base chain that stop the packet, each after {@link PERHAPS} where it cannot be decided. Empty: it comes
 * through for sure.
 */
export function stoppedBy(name: string, chains: ReadonlyMap<string, FirewallChain>): string[] {
  const walk: Walk = { chains, told: [], steps: MOST_STEPS };
  const { passes, leaves } = follow(name, walk, 0, false);
  if (leaves && chains.get(name)?.policy === 'drop') tell(walk, `the policy of chain ${name} is drop`, passes);
  return walk.told.slice(0, MOST_TOLD);
}

const tell = ({ told }: Walk, text: string, isUnsure: boolean): void => {
  if (told.length < MOST_TOLD) told.push(isUnsure ? `${PERHAPS}${text}` : text);
};

/** @param isUnsure it may not come as far as this chain: an earlier rule may have let it pass */
function follow(name: string, walk: Walk, depth: number, isUnsure: boolean): Ends {
  let passes = false;
  let leaves = false;
  for (const rule of walk.chains.get(name)?.rules ?? []) {
    if (rule.fits === false || rule.verdict.kind === 'none') continue;
    if (--walk.steps < 0 || depth > MOST_DEPTH) {
      tell(walk, `chain ${name}, which leads on and on`, true);
      return { passes: true, leaves: true, goesOn: false };
    }
    const ends = act(rule, walk, depth, isUnsure || passes || leaves || rule.fits === null);
    passes ||= ends.passes;
    leaves ||= ends.leaves;
    if (rule.fits === true && !ends.goesOn) return { passes, leaves, goesOn: false };
  }
  return { passes, leaves: true, goesOn: false };
}

/** What becomes of it where a rule fits. */
function act({ verdict, text }: FirewallRule, walk: Walk, depth: number, isUnsure: boolean): Ends {
  switch (verdict.kind) {
    case 'accept':
      return { ...STOPPED, passes: true };
    case 'drop':
    case 'reject':
      tell(walk, text, isUnsure);
      return STOPPED;
    case 'return':
      return { ...STOPPED, leaves: true };
    case 'jump': {
      const { passes, leaves } = follow(verdict.chain, walk, depth + 1, isUnsure);
      return { passes, leaves: false, goesOn: leaves };
    }
    case 'goto':
      return follow(verdict.chain, walk, depth + 1, isUnsure);
    case 'rewritten':
      tell(walk, text, true);
      return { ...STOPPED, passes: true };
    case 'unknown':
      tell(walk, text, true);
      return { passes: true, leaves: false, goesOn: true };
    case 'none':
      return { ...STOPPED, goesOn: true };
  }
}

/** All of them: one no is a no, else one not-known makes it not known. */
export const allFit = (parts: readonly Fits[]): Fits =>
  parts.includes(false) ? false : parts.includes(null) ? null : true;

/** Any of them: one yes is a yes, else one not-known makes it not known. */
export const anyFits = (parts: readonly Fits[]): Fits =>
  parts.includes(true) ? true : parts.includes(null) ? null : false;

export const negated = (fits: Fits, isNegated: boolean): Fits => (fits === null || !isNegated ? fits : !fits);
