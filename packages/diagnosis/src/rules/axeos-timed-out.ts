import { seenValue } from '@headframe/model';
import type { Rule } from '../rule.ts';
import { linesOf, reachLines, signsOf, unseen } from '../signs.ts';
import { steps } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';

/** Weaker than this a Wi-Fi loses connections, dBm. */
const WEAK_DBM = -75;

/** Row 17: curl says (28). */
export const axeosTimedOut: Rule = {
  code: 'axeos.timed-out',
  title: 'AxeOS does not answer in time',
  needs: ['ports', 'axe', 'ping', 'vantage', 'own'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    if (!signs.isAxe) return null;
    const { apiPort, address } = seen.subject;
    const { failure } = signs;
    const isSilence = failure === 'timed-out' || failure === 'unreachable';
    if (!isSilence && failure !== 'silent') {
      return failure === 'none' ? { ruledOut: 'it answers in time' } : null;
    }
    if (signs.elsewhere === 'open') return { ruledOut: 'it answers another host' };
    if ((signs.firewallRules?.length ?? 0) > 0) return { ruledOut: 'a rule of our own firewall stops the request' };
    const rssi = seenValue(seen.axe)?.rssiDbm ?? null;
    const isWeak = rssi !== null && rssi < WEAK_DBM;
    // A board whose shares arrive has its Wi-Fi: where not even its MAC is seen, something stands between here and it.
    const base = !signs.isAlive ? (signs.mac !== null ? 0.6 : 0.25) : isSilence ? 0.85 : 0.82;
    return {
      confidence: signs.share === 'gone' && !signs.isAlive ? 0.2 : base + (isWeak ? 0.07 : 0),
      sentence: `${address} does not answer on port ${apiPort} in time (curl: 28): ${
        isWeak ? `its Wi-Fi is weak (${rssi} dBm)` : 'its Wi-Fi is weak, or its sockets are used up'
      }`,
      because: [
        ...linesOf(seen.ports[apiPort], signs.failed.slice(0, 2), seen.axe, seen.ping),
        ...reachLines(seen, signs),
        ...linesOf(seen.pool),
      ],
      doubts: [
        ...(rssi === null ? ['the strength of its Wi-Fi could not be read'] : []),
        ...(isSilence && signs.elsewhere === null ? ['nobody looked from another host: the network may drop it'] : []),
        ...unseen({ pool: seen.pool }),
      ],
      wouldChange: 'An answer to another host would blame our own side',
    };
  },
  remedy: (seen) => [BEYOND.improveSignal(), ...steps(seen, 5, 4)],
};
