import { HIGH_CLOSED_PORT } from '@headframe/model';
import type { Rule } from '../rule.ts';
import { linesOf, shareWords, signsOf, unseen } from '../signs.ts';
import { steps } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';
import { ownSideBroken } from './own-network-down.ts';

/** Row 19: nothing of it answers, and it does not hash. */
export const machineDead: Rule = {
  code: 'machine.dead',
  title: 'The machine is dead: nothing of it answers, and it has no shares',
  needs: ['ports', 'ping', 'neighbour', 'pool', 'own'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const { address } = seen.subject;
    if (!signs.isAllDead) return signs.isAlive ? { ruledOut: 'something at its address answers' } : null;
    if (signs.share === 'fresh') return { ruledOut: `it hashes: ${shareWords(seen)}` };
    if (signs.elsewhere === 'open') return { ruledOut: 'it answers another host' };
    const own = seen.own;
    const near = 'notSeen' in own ? null : own.value.sameNetwork;
    const looked = !('notSeen' in seen.neighbour);
    const isGone = looked && signs.mac === null && near !== false;
    const byPool = signs.share === 'gone' ? 0.92 : signs.share === 'doubtful' ? 0.5 : 0.6;
    const byArp = isGone ? 0 : signs.mac !== null ? -0.1 : -0.05;
    const byOwn =
      ownSideBroken(seen) >= 0.6 ? -0.5 : (signs.firewallRules?.length ?? 0) > 0 ? -0.4 : near === null ? -0.05 : 0;
    const confidence = Math.max(0.1, Math.round((byPool + byArp + byOwn) * 100) / 100);
    return {
      confidence,
      sentence: `${address} is dead: none of its ports answers${isGone ? ', its network port is not to be seen' : ''}, and ${shareWords(seen)}`,
      because: [
        ...linesOf(seen.pool, seen.neighbour, seen.ping, seen.ports[seen.subject.apiPort]),
        ...[80, 22, HIGH_CLOSED_PORT].flatMap((port) => linesOf(seen.ports[port])),
        ...linesOf(own, ...seen.vantage),
      ],
      doubts: [
        ...unseen({ pool: seen.pool, 'neighbour table': seen.neighbour, ping: seen.ping, 'own side': own }),
        ...(near === false ? ['it is behind a router: the network between may be down'] : []),
        ...(signs.mac !== null ? ['its network port answers ARP'] : []),
      ],
      wouldChange: 'A fresh share at the pool: it would hash then, and only the network be at fault',
    };
  },
  remedy: (seen) => [...steps(seen, 1, 5), BEYOND.lookAtCable(), BEYOND.serialConsole(), ...steps(seen, 16)],
};
