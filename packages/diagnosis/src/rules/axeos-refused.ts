import type { Rule } from '../rule.ts';
import { linesOf, reachLines, signsOf } from '../signs.ts';
import { steps } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';

/** Row 16: curl says (7). */
export const axeosRefused: Rule = {
  code: 'axeos.refused',
  title: 'AxeOS refuses the connection',
  needs: ['ports', 'again', 'neighbour'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    if (!signs.isAxe) return null;
    const { apiPort, address } = seen.subject;
    if (signs.failure !== 'refused' && signs.failure !== 'closed-empty') {
      return signs.connect === 'open' ? { ruledOut: `port ${apiPort} accepts connections` } : null;
    }
    if ((signs.firewallRules?.length ?? 0) > 0 && signs.failure === 'refused') {
      return { ruledOut: 'a rule of our own firewall answers in its place' };
    }
    const refused = signs.failure === 'refused';
    const isOther = signs.macIsExpected === false || signs.stranger !== null;
    return {
      confidence: isOther ? 0.3 : refused ? (signs.macIsExpected === true ? 0.92 : 0.88) : 0.65,
      sentence: refused
        ? `${address} refuses port ${apiPort} (curl: 7): it is starting, its web server is down, or the address is not its own any more`
        : `${address} closes connections to port ${apiPort} before the first byte: it is starting, or its sockets are used up`,
      because: [
        ...linesOf(seen.ports[apiPort], signs.failed.slice(0, 2), seen.ping, seen.neighbour),
        ...reachLines(seen, signs),
      ],
      doubts: [
        ...(seen.again.length === 0 ? ['it was not asked again after 30 s'] : []),
        ...(signs.macIsExpected === null
          ? ['whether it is the same machine is not known: its MAC was not compared']
          : []),
      ],
      wouldChange: 'An answer when it is asked again after 30 s, or the MAC of something else',
    };
  },
  remedy: (seen) => [BEYOND.waitForAxe(seen), ...steps(seen, 3, 6, 5)],
};
