import { seenValue } from '@headframe/model';
import { saidByDevice } from '../plain-text.ts';
import type { Rule } from '../rule.ts';
import { lessFor, linesOf, signsOf, unseen } from '../signs.ts';
import { steps } from '../steps.ts';

/** Row 4. */
export const addressTaken: Rule = {
  code: 'address.taken',
  title: 'The address belongs to something else now',
  needs: ['page', 'neighbour'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const page = seenValue(seen.page);
    const neighbour = seenValue(seen.neighbour);
    const isOther = signs.macIsExpected === false || (neighbour?.expectedMacAt ?? null) !== null;
    if (signs.failure === 'none')
      return isOther || page?.isMiner === false ? { ruledOut: 'the API of a miner answers here' } : null;
    if (signs.stranger === null && signs.macIsExpected !== false) {
      if (page?.isMiner === true) return { ruledOut: 'the web page is that of a miner' };
      if (signs.macIsExpected === true) return { ruledOut: `the MAC ${signs.mac} is the expected one` };
      return null;
    }
    if (!signs.isAlive && signs.mac === null) return null;
    const byPage = page?.isMiner === false;
    const who = saidByDevice(signs.stranger ?? `a device with the MAC ${signs.mac}`);
    const missing = [seen.neighbour].filter((look) => seenValue(look) === null);
    const known = byPage
      ? isOther
        ? 0.97
        : 0.9
      : signs.stranger !== null
        ? 0.85
        : page?.isMiner === true
          ? 0.4
          : (neighbour?.expectedMacAt ?? null) !== null
            ? 0.45
            : 0.65;
    return {
      confidence: signs.macIsExpected === true ? 0.4 : lessFor(known, missing, 0.02),
      sentence: `The address belongs to something else: ${who} answers at ${seen.subject.address}`,
      because: linesOf(seen.page, seen.neighbour, seen.ports[seen.subject.apiPort]),
      doubts: [
        ...unseen({ 'web page': seen.page, 'neighbour table': seen.neighbour }),
        ...(signs.macIsExpected === true ? ['the MAC is that of the machine'] : []),
      ],
      wouldChange: 'The MAC of the machine, seen at this address',
    };
  },
  remedy: (seen) => steps(seen, 6, 3, 9),
};
