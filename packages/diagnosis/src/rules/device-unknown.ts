import { type Examination, seenValue } from '@headframe/model';
import type { Rule, Weighed } from '../rule.ts';
import { linesOf, signsOf, unseen } from '../signs.ts';
import { steps } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';

/** What is said when no rule holds. */
export function unknownDevice(seen: Examination): Weighed {
  const signs = signsOf(seen);
  const { address, apiPort } = seen.subject;
  const isFault = signs.failure === 'none' && seenValue(seen.state) === 'fault';
  const sentence = isFault
    ? `The API of ${address} works, and the machine itself reports a fault: look at its findings`
    : signs.failure === 'foreign'
      ? `What answers on port ${apiPort} of ${address} does not speak as a miner does`
      : signs.isAlive
        ? `Something at ${address} answers, and nothing that was seen tells what is wrong`
        : `Nothing that was seen of ${address} tells what is wrong`;
  return {
    confidence: isFault ? 0.8 : signs.failure === 'foreign' ? 0.7 : 0.3,
    sentence,
    because: linesOf(signs.latest.slice(0, 4), seen.ports[apiPort], seen.page, seen.state),
    doubts: unseen({ pool: seen.pool, 'own side': seen.own, 'neighbour table': seen.neighbour }),
    wouldChange: isFault
      ? 'A reading without a fault'
      : 'Anything that tells what the device is: its web page, its MAC',
  };
}

/** No row: what is there is no miner that is known. */
export const deviceUnknown: Rule = {
  code: 'device.unknown',
  title: 'Nothing that is known fits',
  needs: ['api', 'page'],
  weigh: (seen) => {
    const { failure, stranger } = signsOf(seen);
    if (failure === 'foreign') {
      const found = unknownDevice(seen);
      return stranger === null ? found : { ...found, confidence: 0.2 };
    }
    return failure === 'none' && seenValue(seen.state) === 'fault' ? unknownDevice(seen) : null;
  },
  remedy: (seen) => [...steps(seen, 1, 6), BEYOND.lookAgain(seen)],
};
