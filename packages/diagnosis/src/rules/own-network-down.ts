import { type Examination, seenValue } from '@headframe/model';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf } from '../signs.ts';
import { step } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';

/** How sure it is that our own side is broken; 0: it works, or nobody looked. */
export function ownSideBroken(seen: Examination): number {
  const own = seenValue(seen.own);
  const signs = signsOf(seen);
  if (own === null || signs.isAlive) return 0;
  if (!own.hasRoute) return 0.95;
  const others = own.neighboursAnswering;
  const noNeighbours = others !== null && others.of > 0 && others.answered === 0;
  if (own.gatewayAnswers === false && noNeighbours) return 0.92;
  if (noNeighbours && own.gatewayAnswers === null && (others?.of ?? 0) >= 2) return 0.6;
  // A gateway may well keep silent when it is pinged.
  if (own.gatewayAnswers === false && others === null) return 0.35;
  return 0;
}

export const ownNetworkDown: Rule = {
  code: 'own-network.down',
  title: 'Our own side is at fault: no way to the machine',
  needs: ['own'],
  weigh: (seen) => {
    const own = seenValue(seen.own);
    if (own === null) return null;
    const confidence = ownSideBroken(seen);
    if (confidence === 0) {
      return {
        ruledOut: signsOf(seen).isAlive
          ? 'the machine can be reached from here'
          : 'our own side has a route, and others answer',
      };
    }
    const why = own.hasRoute
      ? `${own.neighboursAnswering === null ? '' : `none of ${own.neighboursAnswering.of} other addresses answers`}${
          own.gatewayAnswers === false ? `${own.neighboursAnswering === null ? '' : ', and '}the gateway is silent` : ''
        }`
      : `there is no route, or the interface ${own.interface ?? ''} is down`;
    return {
      confidence,
      sentence: `Our own network is down: ${why}; nothing can be said of ${seen.subject.address} from here`,
      because: linesOf(seen.own, seen.ports[seen.subject.apiPort], seen.ping),
      doubts: [
        ...(own.neighboursAnswering === null && own.hasRoute ? ['no other address was asked'] : []),
        ...(confidence < 0.5 ? ['a gateway may keep silent when it is pinged'] : []),
      ],
      wouldChange: 'One other machine that answers from here',
    };
  },
  remedy: (seen) => [BEYOND.ownNetwork(), step(4, seen), BEYOND.lookAgain(seen)],
};
