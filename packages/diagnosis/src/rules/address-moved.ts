import { type Examination, seenValue } from '@headframe/model';
import { saidByDevice } from '../plain-text.ts';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf, unseen } from '../signs.ts';
import { steps } from '../steps.ts';

/** The name leads elsewhere than the machine was. */
function nameFault(seen: Examination): string | null {
  const name = seenValue(seen.name);
  if (name === null) return null;
  const given = saidByDevice(name.given);
  if (name.expected === null) return name.addresses.length === 0 ? `the name ${given} leads nowhere` : null;
  if (name.addresses.includes(name.expected)) return null;
  return name.addresses.length === 0
    ? `the name ${given} leads nowhere, and the machine answered at ${name.expected} before`
    : `the name ${given} leads to ${name.addresses.slice(0, 3).join(', ')}, and the machine answered at ${name.expected} before`;
}

/** Row 3. */
export const addressMoved: Rule = {
  code: 'address.moved',
  title: 'The machine has another address now',
  needs: ['name', 'neighbour', 'history'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const neighbour = seenValue(seen.neighbour);
    const { address } = seen.subject;
    const at = neighbour?.expectedMacAt ?? null;
    const moved = at !== null && at !== address;
    const byName = nameFault(seen);
    if (!moved && byName === null) {
      if (signs.macIsExpected === true) return { ruledOut: `the MAC ${signs.mac} is still at ${address}` };
      return null;
    }
    if (!moved && signs.failure === 'none') {
      return { ruledOut: 'the API answers in full at the address to which the name leads now' };
    }
    const isNowhere = seenValue(seen.name)?.addresses.length === 0;
    const here =
      signs.failure === 'none'
        ? `; another machine answers at ${address}`
        : signs.isAllDead
          ? `; nothing is at ${address} any more`
          : '';
    return {
      confidence: moved ? (signs.stranger === null ? 0.95 : 0.85) : 0.8,
      sentence: moved
        ? `The machine moved: its MAC ${neighbour?.expectedMac ?? ''} is at ${at} now${here}`
        : `The address is wrong: ${byName}`,
      because: linesOf(...(moved ? [seen.neighbour, seen.name] : [seen.name, seen.neighbour])),
      doubts: moved
        ? []
        : [
            ...(isNowhere ? ['the name server may be at fault: ask at the IP address of the machine'] : []),
            ...unseen({ 'neighbour table': seen.neighbour }),
          ],
      wouldChange: moved ? `No miner at ${at}` : 'The MAC of the machine, seen at the address that was asked',
    };
  },
  remedy: (seen) => steps(seen, 3, 6, 9),
};
