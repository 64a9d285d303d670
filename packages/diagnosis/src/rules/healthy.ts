import { type Examination, seenValue, wasSeen } from '@headframe/model';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf, unseen } from '../signs.ts';
import { FROZEN_FROM, stillness } from './telemetry-frozen.ts';

function isFrozen(seen: Examination): boolean {
  const state = seenValue(seen.state);
  const mustMove = state === null || state === 'mining' || state === 'unknown';
  return mustMove && (stillness(seen)?.confidence ?? 0) >= FROZEN_FROM;
}

/** No row: the API answers in full. Whether it hashes is another matter: asleep is healthy too. */
export const healthy: Rule = {
  code: 'healthy',
  title: 'Nothing is wrong with its API',
  needs: ['api', 'state', 'samples'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const { address } = seen.subject;
    if (signs.failure !== 'none') return null;
    const state = seenValue(seen.state);
    if (state === 'fault') return { ruledOut: 'the machine reports a fault itself' };
    if (isFrozen(seen)) return { ruledOut: 'it answers with values that do not move' };
    const at = seenValue(seen.neighbour)?.expectedMacAt ?? address;
    if (at !== address) return { ruledOut: 'the machine that belongs here is elsewhere' };
    const missing = [wasSeen(seen.state), wasSeen(seen.samples)].filter((isSeen) => !isSeen).length;
    const short = stillness(seen)?.confidence ? 0.1 : 0;
    const odd = signs.cameBack || signs.macIsExpected === false ? 0.15 : 0;
    const words = state === null || state === 'unknown' ? '' : `, and it is ${state}`;
    return {
      confidence: Math.round((0.97 - 0.05 * missing - short - odd) * 100) / 100,
      sentence: `Nothing is wrong with the API of ${address}: it answers in full${words}`,
      because: linesOf(signs.latest.slice(0, 5), seen.state, seen.samples, seen.pool),
      doubts: unseen({ state: seen.state, samples: seen.samples }),
      wouldChange: 'A request that fails when the monitor asks it',
    };
  },
  remedy: () => [],
};
