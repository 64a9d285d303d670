import { type Examination, seenValue } from '@headframe/model';
import { duration } from '../plain-text.ts';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf, unseen } from '../signs.ts';
import { steps } from '../steps.ts';

/** The window in which it comes back (step 5), s. */
const PERIOD = { from: 60 * 3600, to: 96 * 3600 } as const;
const isPeriod = (seconds: number) => seconds >= PERIOD.from && seconds <= PERIOD.to;

interface Period {
  /** Uptimes, or distances between failures, that lie in the window, s. */
  readonly inside: readonly number[];
  readonly outside: number;
}

/** By the uptime at each failure where it is known, else by the time between two of them. */
function periodOf(seen: Examination): Period {
  const failures = (seenValue(seen.history)?.failures ?? []).toSorted((a, b) => a.at - b.at);
  const uptimes = failures.flatMap(({ uptimeS }) => (uptimeS === null ? [] : [uptimeS]));
  const distances = failures.slice(1).map(({ at }, i) => (at - (failures[i]?.at ?? at)) / 1000);
  const count = (all: readonly number[]): Period => {
    const inside = all.filter(isPeriod);
    return { inside, outside: all.length - inside.length };
  };
  const [byUptime, byDistance] = [count(uptimes), count(distances)];
  return byUptime.inside.length >= byDistance.inside.length ? byUptime : byDistance;
}

/** Row 11. */
export const resourceLeakPeriodic: Rule = {
  code: 'resource.leak-periodic',
  title: 'A leak: it stops every 60-96 h',
  needs: ['history', 'shell', 'api'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const { inside, outside } = periodOf(seen);
    if (inside.length === 0) {
      return outside > 0 ? { ruledOut: 'its earlier failures do not lie 60-96 h apart' } : null;
    }
    if (signs.failure === 'none') return { ruledOut: 'the API answers in full now' };
    const fits = signs.failure === 'silent' || signs.failure === 'closed-empty' || signs.failure === 'refused';
    if (!fits && !(signs.isAxe && signs.failure === 'timed-out')) {
      return { ruledOut: 'it does not fail as a leak does: silent, or closed without a byte' };
    }
    const enough = inside.length >= 2 && inside.length > outside;
    const list = inside.slice(-4).map(duration).join(', ');
    const base = signs.failure === 'silent' ? 0.92 : signs.failure === 'refused' ? 0.8 : 0.82;
    return {
      confidence: enough ? base : inside.length >= 2 ? 0.5 : 0.35,
      sentence: `${seen.subject.address} leaks: its API stopped again after ${list} of uptime, and every 60-96 h is the mark of a leak`,
      because: [
        `earlier failures at ${list}; ${outside} outside of 60-96 h`,
        ...linesOf(seen.history, signs.failed.slice(0, 2), seen.shell),
      ],
      doubts: [...(enough ? [] : ['two intervals of 60-96 h would make it certain']), ...unseen({ SSH: seen.shell })],
      wouldChange: 'A failure at quite another uptime',
    };
  },
  remedy: (seen) => steps(seen, 5, 13, 14, 15),
};
