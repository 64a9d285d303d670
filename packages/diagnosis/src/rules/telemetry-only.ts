import type { Rule } from '../rule.ts';
import { linesOf, shareWords, signsOf } from '../signs.ts';
import { steps } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';

/** Row 1. The general case: whatever tells more of the cause goes before it. */
export const telemetryOnly: Rule = {
  code: 'telemetry.only',
  title: 'Only the telemetry is at fault: it hashes',
  needs: ['pool'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    if (signs.share === 'unseen') return null;
    if (signs.share === 'gone') return { ruledOut: `${shareWords(seen)}, so it is not the telemetry alone` };
    if (signs.failure === 'none') return { ruledOut: 'the API answers in full, so no telemetry is missing' };
    const { address } = seen.subject;
    const isFresh = signs.share === 'fresh';
    return {
      confidence: isFresh ? 0.85 : 0.4,
      sentence: signs.isAllDead
        ? `Nothing of ${address} answers from here, and yet ${shareWords(seen)}: it hashes, and something between here and it is at fault`
        : `The API of ${address} does not answer as it should, and ${shareWords(seen)}: only its telemetry is at fault`,
      because: linesOf(seen.pool, signs.failed),
      doubts: isFresh ? [] : ['a share younger than 2 min would be certain; it is older'],
      wouldChange: signs.isAllDead
        ? 'An answer from another host would blame our own side; none from anywhere the network or its Wi-Fi'
        : 'What the API port does on a second try from another host',
    };
  },
  remedy: (seen) => {
    const network = signsOf(seen).isAllDead ? [...steps(seen, 4, 6, 8)] : [...steps(seen, 4)];
    return [...steps(seen, 1, 2, 3), ...network, BEYOND.lookAgain(seen)];
  },
};
