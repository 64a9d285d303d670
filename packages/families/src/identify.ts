import type { Family, Identity, Probe, Protocol, Replies, Reply } from '@headframe/model';
import { families } from './registry.ts';

/** The name under which the reply to a probe's question is kept: `cgminer version`, `http /`. */
export const probeKey = (probe: { over: Protocol; ask: string }): string => `${probe.over} ${probe.ask}`;

/** The questions of one tier over one protocol, each once, for all families together. */
export function questions(over: Protocol, tier: 0 | 1, among: readonly Family[] = families): string[] {
  const asks = new Set<string>();
  for (const family of among) {
    for (const probe of family.probes) if (probe.over === over && (probe.tier ?? 0) === tier) asks.add(probe.ask);
  }
  return [...asks];
}

export interface Identification {
  readonly family: Family;
  readonly identity: Identity;
}

/**
 * Who this is, from the replies to the probes that were asked.
 * A family is a candidate when one of its probes says yes and none says no; the most specific candidate wins, so that
 * third-party firmware is not taken for the stock firmware whose habits it copies. Null: nobody knows it.
 * @param probed replies by {@link probeKey}
 */
export function identify(
  probed: ReadonlyMap<string, Reply>,
  among: readonly Family[] = families,
): Identification | null {
  let best: Family | null = null;
  for (const family of among) {
    if (isCandidate(family.probes, probed) && (best === null || family.specificity > best.specificity)) best = family;
  }
  return best === null ? null : { family: best, identity: best.identity(asFamilyReplies(best, probed)) };
}

function isCandidate(probes: readonly Probe[], probed: ReadonlyMap<string, Reply>): boolean {
  let yes = false;
  for (const probe of probes) {
    const reply = probed.get(probeKey(probe));
    if (reply === undefined) continue;
    const verdict = probe.is(reply);
    if (verdict === false) return false;
    if (verdict === true) yes = true;
  }
  return yes;
}

/** Probe replies under the names that `identity` of a family looks for: a cgminer command by its own name. */
function asFamilyReplies(family: Family, probed: ReadonlyMap<string, Reply>): Replies {
  const replies = new Map<string, Reply>();
  for (const probe of family.probes) {
    const reply = probed.get(probeKey(probe));
    if (reply !== undefined) replies.set(probe.over === 'cgminer' ? probe.ask : `${probe.over}:${probe.ask}`, reply);
  }
  return replies;
}
