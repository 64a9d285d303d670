import type { Rule } from '../rule.ts';
import { linesOf, reachLines, signsOf, unseen } from '../signs.ts';
import { steps } from '../steps.ts';

/** Row 6: silent from several hosts, and the rest of the machine answers. */
export const networkFiltered: Rule = {
  code: 'network.filtered',
  title: 'Something in the network drops the request',
  needs: ['ports', 'vantage', 'own', 'pool'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const { apiPort, address } = seen.subject;
    const { failure, elsewhere, firewallRules, high, isAlive } = signs;
    if (failure === 'refused') {
      return { ruledOut: `port ${apiPort} was refused at once, and a filter is silent (nmap: closed, not filtered)` };
    }
    if (failure !== 'timed-out' && failure !== 'unreachable') {
      return { ruledOut: `port ${apiPort} accepts connections, so nothing on the way drops them` };
    }
    const hasOwnRule = (firewallRules?.length ?? 0) > 0;
    if (elsewhere === 'open') return { ruledOut: `another host gets through to port ${apiPort}` };
    if (!isAlive) {
      if (signs.share !== 'fresh') return null;
      return {
        confidence: 0.4,
        sentence: `Something in the network may keep ${address} away from here: nothing of it answers, and it hashes`,
        because: linesOf(seen.ports[apiPort], seen.pool),
        doubts: ['no port of it answers, so it may as well be its Wi-Fi, cable or our own side'],
        wouldChange: 'Any answer of the machine to another host',
      };
    }
    const others = signs.answering.length > 0 || signs.pageWorks;
    const base =
      elsewhere === 'silent'
        ? 0.95
        : elsewhere === 'refused'
          ? 0.65
          : hasOwnRule
            ? 0.2
            : firewallRules === null
              ? 0.7
              : 0.8;
    const confidence = signs.isAxe
      ? Math.min(base, elsewhere === null ? 0.2 : 0.3)
      : hasOwnRule && elsewhere !== null
        ? 0.8
        : others || high === 'refused'
          ? base
          : Math.min(base, 0.75);
    const contrast =
      high === 'refused'
        ? ', while a closed port of it answers with a refusal at once'
        : others
          ? ', while the rest of it answers'
          : ', while it answers a ping';
    return {
      confidence,
      sentence: `Something in the network drops what goes to port ${apiPort} of ${address}: silence (nmap: filtered)${contrast}`,
      because: [...linesOf(seen.ports[apiPort]), ...reachLines(seen, signs), ...linesOf(seen.own)],
      doubts: [
        ...(elsewhere === null ? ['nobody looked from another host'] : []),
        ...(firewallRules === null ? ['the rules of our own firewall cannot be read'] : []),
        ...(hasOwnRule ? ['a rule of our own firewall names the port'] : []),
        ...(high === null ? ['no closed port was tried beside it'] : []),
        ...unseen({ 'own side': seen.own }),
      ],
      wouldChange: `A try of port ${apiPort} from another host: open there blames this computer`,
    };
  },
  remedy: (seen) => steps(seen, 8, 4, 7),
};
