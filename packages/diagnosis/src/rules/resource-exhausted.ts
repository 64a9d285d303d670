import { type Examination, seenValue } from '@headframe/model';
import { duration, saidByDevice } from '../plain-text.ts';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf, unseen, uptimeNow } from '../signs.ts';
import { steps } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';

/** The marks of step 13 and of row 12. */
export const MARKS = {
  freeMemoryMb: 20,
  tmpUsedPercent: 90,
  uptimeS: 60 * 86_400,
  weeksS: 14 * 86_400,
  pollS: 60,
} as const;

const EXHAUSTED =
  /too many open files|out of memory|oom[-_]?(killer|reaper)|killed process|cannot allocate|no space left/i;

/** What a shell on the machine shows of it, as parts of a sentence. */
export function shortages(seen: Examination): string[] {
  const shell = seenValue(seen.shell);
  if (shell === null) return [];
  const { freeMemoryMb, tmpUsedPercent, logLines } = shell;
  const line = logLines.find((text) => EXHAUSTED.test(text));
  return [
    ...(freeMemoryMb !== null && freeMemoryMb < MARKS.freeMemoryMb
      ? [`${freeMemoryMb} MB of memory are free (under 20 MB)`]
      : []),
    ...(tmpUsedPercent !== null && tmpUsedPercent > MARKS.tmpUsedPercent
      ? [`/tmp is ${tmpUsedPercent} % full (over 90 %)`]
      : []),
    ...(line === undefined ? [] : [`its log says: ${saidByDevice(line, 80)}`]),
  ];
}

/** Row 12. */
export const resourceExhausted: Rule = {
  code: 'resource.exhausted',
  title: 'Its memory or descriptors are used up',
  needs: ['shell', 'history', 'uptimeS'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const short = shortages(seen);
    const uptime = uptimeNow(seen);
    if (signs.failure === 'none') return short.length > 0 ? { ruledOut: 'the API answers in full all the same' } : null;
    const fits =
      signs.failure === 'silent' ||
      signs.failure === 'closed-empty' ||
      signs.failure === 'refused' ||
      (signs.failure === 'partial' && signs.failed.some(({ value }) => value.outcome === 'closed-empty')) ||
      (signs.isAxe && signs.failure === 'timed-out');
    if (!fits) return short.length > 0 ? { ruledOut: 'it does not fail as a machine without memory does' } : null;
    const { address } = seen.subject;
    if (short.length > 0) {
      return {
        confidence: 0.95,
        sentence: `${address} has used up its resources: ${short.join('; ')}`,
        because: [...short, ...linesOf(seen.shell, signs.failed.slice(0, 2))],
        doubts: [],
        wouldChange: 'The same failure right after a reboot',
      };
    }
    if (uptime === null) return null;
    const pollS = seenValue(seen.history)?.pollEveryS ?? null;
    const isLong = uptime.seconds > MARKS.uptimeS;
    const isPolled =
      uptime.seconds > MARKS.weeksS && pollS !== null && pollS <= MARKS.pollS && signs.failure !== 'refused';
    if (!isLong && !isPolled)
      return { ruledOut: `it has been up for ${duration(uptime.seconds)}, and not over 60 days` };
    if (seenValue(seen.shell) !== null) {
      return {
        ruledOut: `memory and /tmp are within their marks, though it has been up for ${duration(uptime.seconds)}`,
      };
    }
    const since = uptime.basis === 'read' ? '' : ' (reckoned from its last answer)';
    return {
      confidence: isLong ? (signs.failure === 'refused' ? 0.4 : 0.78) : 0.55,
      sentence: isLong
        ? `${address} has probably used up its memory or descriptors: it stopped answering after ${duration(uptime.seconds)} of uptime, over 60 days${since}`
        : `${address} has probably used up its descriptors: it fails after weeks of being asked every ${pollS} s${since}`,
      because: [
        `uptime ${duration(uptime.seconds)}${since}`,
        ...linesOf(seen.history, seen.uptimeS, signs.failed.slice(0, 2)),
      ],
      doubts: unseen({ SSH: seen.shell }),
      wouldChange: 'Free memory over 20 MB and /tmp under 90 %, seen in a shell',
    };
  },
  remedy: (seen) => [...steps(seen, 13), BEYOND.reboot(), ...steps(seen, 5, 14)],
};
