import { seenValue } from '@headframe/model';
import type { Rule } from '../rule.ts';
import { linesOf, shareWords, signsOf } from '../signs.ts';
import { steps } from '../steps.ts';
import { uartPatterns } from './board-boot-storage.ts';

/** Row 21, by the rule of step 16: only all three together end self-repair. */
export const boardToRepair: Rule = {
  code: 'board.to-repair',
  title: 'The control board belongs on a bench',
  needs: ['ports', 'pool', 'uart', 'told'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const uart = seenValue(seen.uart);
    const isDead = signs.isAllDead && signs.share !== 'fresh';
    const isConsole =
      uart !== null && !uart.booted && ((uart.isSilent && !uart.isNoise) || uartPatterns(uart).length > 0);
    const isFlashed = seen.told.reflashFailed === true;
    const met = [isDead && signs.share === 'gone', isConsole, isFlashed].filter(Boolean).length;
    if (!isConsole && !isFlashed) return null;
    if (!isDead) return { ruledOut: 'something of it answers, or it hashes: (a) of step 16 is not met' };
    if (!isConsole) return { ruledOut: 'no serial log shows a failed boot: (b) of step 16 is not met' };
    if (!isFlashed) return { ruledOut: 'no reflash has failed: (c) of step 16 is not met' };
    const isWhole = met === 3;
    return {
      confidence: isWhole ? 0.96 : 0.7,
      sentence: `The control board of ${seen.subject.address} belongs on a bench: everything is dead (${shareWords(seen)}), its serial console shows no boot, and a reflash did not help`,
      because: [...linesOf(seen.pool, seen.uart, seen.ping), 'told: a reflash did not bring it back'],
      doubts: isWhole ? [] : ['that the pool has no shares was not seen'],
      wouldChange: 'A reflash that brings the boot back',
    };
  },
  remedy: (seen) => steps(seen, 16, 17, 18),
};
