import { type Examination, seenValue } from '@headframe/model';
import { saidByDevice } from '../plain-text.ts';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf, unseen } from '../signs.ts';
import { step, steps } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';

/** Connections of this very computer to the API port: one of them may be the one that keeps everybody out. */
function ownHolders(seen: Examination): string[] {
  const connections = seenValue(seen.own)?.connections ?? [];
  return connections
    .filter(({ port, state }) => port === seen.subject.apiPort && /^(estab|close)/i.test(state))
    .map(
      ({ program, state }) =>
        `this computer holds a connection to it (${saidByDevice(program ?? 'program unknown')}, ${saidByDevice(state)})`,
    );
}

/** Row 10: it accepts, and neither answers nor closes. */
export const apiBlocked: Rule = {
  code: 'api.blocked',
  title: 'The API is blocked by an idle client, or stuck',
  needs: ['api', 'again', 'shell', 'own'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const { apiPort, address, family } = seen.subject;
    if (signs.failure !== 'silent') {
      return signs.answered.length > 0 ? { ruledOut: 'it answers, so its API is not blocked' } : null;
    }
    const ethminer = seenValue(seen.ethminer);
    if (signs.isAxe) return { ruledOut: 'its web server takes many clients at once: see its time-out' };
    if (ethminer?.pingAnswered === true)
      return { ruledOut: 'ethminer answers a ping: it wants its password for the rest' };
    const peers = seenValue(seen.shell)?.apiPeers ?? [];
    const held = ownHolders(seen);
    const oneThread = family !== 'whatsminer' && family !== 'elphapex' && family !== 'epic';
    const holder = peers.length > 0 ? `: ${saidByDevice(peers.slice(0, 3).join(', '))} holds a connection to it` : '';
    const once = signs.answered.length > 0 ? ' after it had answered once' : '';
    return {
      confidence: peers.length > 0 || held.length > 0 ? 0.95 : once !== '' ? 0.78 : oneThread ? 0.9 : 0.82,
      sentence: `The API of ${address} is blocked: port ${apiPort} accepts connections and stays silent${once}${holder}`,
      because: [...held.slice(0, 3), ...linesOf(signs.failed.slice(0, 4), seen.again.slice(-2), seen.shell)],
      doubts: [
        ...(seen.again.length === 0 ? ['it was not asked again after a wait'] : []),
        ...unseen({ SSH: seen.shell, 'own side': seen.own, 'earlier failures': seen.history }),
      ],
      wouldChange: 'An uptime of 60-96 h at each of its earlier failures would make it a leak',
    };
  },
  remedy: (seen) => [BEYOND.closeClients(seen), step(12, seen), BEYOND.reboot(), ...steps(seen, 5)],
};
