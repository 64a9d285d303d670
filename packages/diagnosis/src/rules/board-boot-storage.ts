import { seenValue, type UartSeen } from '@headframe/model';
import { saidByDevice } from '../plain-text.ts';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf } from '../signs.ts';
import { steps } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';

/** The patterns that were found, each with how often. */
export const uartPatterns = ({ patterns }: UartSeen): string[] =>
  Object.entries(patterns)
    .filter(([, count]) => count > 0)
    .map(([pattern, count]) => `${saidByDevice(pattern, 40)} (${count} times)`);

/** Row 20: the boot fails. */
export const boardBootStorage: Rule = {
  code: 'board.boot-storage',
  title: 'The control board does not boot',
  needs: ['uart', 'ports', 'pool'],
  weigh: (seen) => {
    const uart = seenValue(seen.uart);
    if (uart === null) return null;
    const signs = signsOf(seen);
    const found = uartPatterns(uart);
    const isLoop = uart.brokenStarts >= 2;
    if (found.length === 0 && !uart.isSilent && !isLoop) {
      return { ruledOut: 'its serial console shows none of the patterns of a failed boot' };
    }
    if (signs.failure === 'none') return { ruledOut: 'its API answers in full: the log is of another time' };
    const isWorking = signs.isAlive || signs.share === 'fresh';
    const { address } = seen.subject;
    if (found.length === 0) {
      const silence = signs.share === 'gone' ? 0.75 : 0.6;
      return {
        confidence: isWorking ? 0.1 : uart.isNoise ? 0.3 : silence,
        sentence: `The control board of ${address} does not boot: its serial console at 115200 baud ${
          isLoop
            ? `began ${uart.starts} times and did not come to an end`
            : uart.isNoise
              ? 'gives noise alone'
              : 'is silent'
        }`,
        because: linesOf(seen.uart, seen.pool, seen.ping),
        doubts: [
          ...(isLoop ? [] : ['a silent console may also be a wrong wire, plug or speed']),
          ...(uart.isNoise ? ['noise is most often another speed than 115200 baud'] : []),
          ...(isWorking ? ['something of it answers'] : []),
        ],
        wouldChange: 'A boot at 115200 baud that comes to its login prompt',
      };
    }
    const base = uart.booted ? 0.6 : 0.93;
    return {
      confidence: isWorking ? Math.min(base, 0.5) : base,
      sentence: `The control board of ${address} fails to boot from its storage: ${found.slice(0, 4).join(', ')} on its serial console`,
      because: [
        ...found.slice(0, 4),
        ...Object.values(uart.examples)
          .slice(0, 2)
          .map((line) => `console: ${saidByDevice(line, 100)}`),
        ...linesOf(seen.uart, seen.pool),
      ],
      doubts: [
        ...(uart.booted ? ['the log shows that it came as far as a login or the mining program'] : []),
        ...(isWorking ? ['something of it answers'] : []),
        ...(seen.told.reflashFailed === undefined ? ['whether a reflash brings it back was not told'] : []),
      ],
      wouldChange: 'A reflash that brings the boot back',
    };
  },
  remedy: (seen) => [BEYOND.reflash(seen), ...steps(seen, 15, 16, 17)],
};
