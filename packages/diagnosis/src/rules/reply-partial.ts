import { type Exchange, type Sight, seenValue } from '@headframe/model';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf, unseen } from '../signs.ts';
import { steps } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';

const HOW: Readonly<Record<Exchange['outcome'], string>> = {
  answered: 'is empty',
  denied: 'is denied',
  'refused-by-code': 'is refused',
  'closed-empty': 'ends before its first byte',
  silent: 'does not come',
  partial: 'is cut',
  malformed: 'cannot be read',
  foreign: 'is of another protocol',
};

const told = ({ value }: Sight<Exchange>) => `${value.request} ${HOW[value.outcome]} (${value.bytes} bytes)`;

/** Row 14. */
export const replyPartial: Rule = {
  code: 'reply.partial',
  title: 'Some replies are empty or cut',
  needs: ['api', 'state'],
  weigh: (seen) => {
    const { failure, failed, answered } = signsOf(seen);
    if (failure !== 'partial') return failure === 'none' ? { ruledOut: 'all replies came whole' } : null;
    const cut = failed.filter(({ value }) => ['partial', 'malformed'].includes(value.outcome));
    const isClear = cut.length > 0 || failed.some(({ value }) => value.outcome === 'answered');
    const base = cut.length > 0 ? 0.9 : isClear ? 0.82 : 0.6;
    const names = failed.slice(0, 3).map(told).join('; ');
    const fine = answered.length > failed.length ? ', while the others come whole' : '';
    return {
      confidence: answered.length > 0 ? base : Math.min(base, 0.8),
      sentence: `${seen.subject.address} answers in part: ${names}${fine}`,
      because: linesOf(failed.slice(0, 4), answered.slice(0, 2), seen.state),
      doubts: [
        ...unseen({ state: seen.state }),
        ...(seenValue(seen.state) === 'unknown' ? ['whether it sleeps or starts is not known'] : []),
        ...(isClear ? [] : ['no reply was cut: they are missing']),
      ],
      wouldChange: 'Whole replies once it is awake and has started',
    };
  },
  remedy: (seen) => [BEYOND.readToTheEnd(seen), ...steps(seen, 12)],
};
