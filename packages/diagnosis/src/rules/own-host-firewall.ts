import { saidByDevice } from '../plain-text.ts';
import type { Rule } from '../rule.ts';
import { linesOf, reachLines, signsOf, unseen } from '../signs.ts';
import { steps } from '../steps.ts';

/** Row 5: silent here, open from another host. */
export const ownHostFirewall: Rule = {
  code: 'own-host.firewall',
  title: 'This computer keeps the request from leaving',
  needs: ['own', 'vantage', 'ports'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const { apiPort, address } = seen.subject;
    const { failure, elsewhere, firewallRules } = signs;
    const isStopped = failure === 'timed-out' || failure === 'unreachable' || failure === 'refused';
    if (!isStopped) return { ruledOut: `port ${apiPort} of ${address} can be reached from here` };
    const rule = firewallRules?.[0];
    const facts = (confidence: number, sentence: string, doubts: string[]) => ({
      confidence,
      sentence,
      because: [
        ...(rule === undefined ? [] : [`our own rule: ${saidByDevice(rule, 100)}`]),
        ...linesOf(seen.ports[apiPort], seen.own),
        ...reachLines(seen, signs),
      ],
      doubts,
      wouldChange:
        elsewhere === 'open'
          ? 'The same silence from the other host'
          : `A try of port ${apiPort} from another host: open there blames this computer, silent there the network`,
    });
    if (rule !== undefined) {
      const blame = `This computer stops its own request: a rule of its firewall is on the way to port ${apiPort} of ${address}`;
      return facts(
        elsewhere === 'silent' ? 0.9 : 0.95,
        blame,
        elsewhere === 'silent' ? ['it is silent from elsewhere too'] : [],
      );
    }
    if (elsewhere === 'open') {
      const blame = `This computer is at fault: port ${apiPort} of ${address} is ${failure === 'refused' ? 'refused' : 'silent'} here and open from another host`;
      // A refusal that only we get can also be a rule of the network for our address.
      const sure = failure === 'refused' ? 0.8 : firewallRules === null ? 0.87 : 0.9;
      return facts(sure, `${blame} (antivirus, VPN routing, MDM profile or firewall)`, [
        ...unseen({ 'own side': seen.own }),
        ...(firewallRules === null
          ? ['the rules of our own firewall cannot be read']
          : ['no rule of our own firewall names it']),
      ]);
    }
    if (elsewhere === 'silent' || (elsewhere === 'refused' && failure === 'refused')) {
      return { ruledOut: `another host sees port ${apiPort} ${elsewhere} too` };
    }
    if (failure === 'refused' || signs.isAxe || !signs.isAlive) return null;
    const blame = `This computer may stop its own request to port ${apiPort} of ${address}`;
    return facts(firewallRules === null ? 0.25 : 0.15, blame, [
      ...unseen({ 'own side': seen.own }),
      elsewhere === null ? 'nobody looked from another host' : 'another host is refused, which is an answer',
    ]);
  },
  remedy: (seen) => steps(seen, 4, 7, 2),
};
