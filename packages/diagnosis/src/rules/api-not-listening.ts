import { seenValue } from '@headframe/model';
import { familyFacts } from '../by-family.ts';
import { listening } from '../listening.ts';
import { saidByDevice } from '../plain-text.ts';
import type { Rule } from '../rule.ts';
import { firmwareChanged, linesOf, reachLines, signsOf, unseen } from '../signs.ts';
import { steps } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';

/** Row 7. */
export const apiNotListening: Rule = {
  code: 'api.not-listening',
  title: 'Nothing listens on the API port',
  needs: ['ports', 'page', 'shell', 'again'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const { apiPort, address, family } = seen.subject;
    if (signs.failure !== 'refused') {
      if (signs.connect === 'open') return { ruledOut: `port ${apiPort} accepts connections, so something listens` };
      if (signs.connect === null) return null;
      if (signs.elsewhere === 'refused' && !signs.isAxe) {
        return {
          confidence: 0.6,
          sentence: `Nothing listens on port ${apiPort} of ${address} as another host sees it, which is refused; from here it is silent`,
          because: [...linesOf(...seen.vantage, seen.ports[apiPort])],
          doubts: ['something between here and it drops the request as well'],
          wouldChange: 'A connection from the other host',
        };
      }
      return { ruledOut: `port ${apiPort} was silent and not refused, as a machine does on which nothing listens` };
    }
    if (signs.isAxe) return { ruledOut: 'it has one web server for everything: see the refusal there' };
    if ((signs.firewallRules?.length ?? 0) > 0) return { ruledOut: 'a rule of our own firewall answers in its place' };
    if (signs.elsewhere === 'open') return { ruledOut: `port ${apiPort} is open from another host` };
    const shell = seenValue(seen.shell);
    const found = shell === null ? null : listening(shell, apiPort);
    if (found?.listens === true) {
      return { ruledOut: `it listens on ${found.words}: what refuses stands between` };
    }
    const why =
      found !== null
        ? `: ${found.words}`
        : family === 'dcent'
          ? ': as shipped DCENT_OS listens on 127.0.0.1 alone'
          : family === 'ethminer'
            ? ': ethminer has no API unless it was started with --api-bind'
            : '';
    const isMachine = signs.open.length > 0 || signs.pageWorks || family === 'ethminer';
    const changed = firmwareChanged(seen);
    // A machine that is asked over HTTP alone has nothing on 4028, and behind its login it does not say what it is.
    const isLockedStranger = seen.subject.by === 'assumed' && [401, 403].includes(seenValue(seen.page)?.status ?? 0);
    const isSure = (isMachine && !isLockedStranger) || signs.macIsExpected === true;
    return {
      confidence: found !== null ? 0.97 : isSure ? 0.9 : 0.7,
      sentence: `Nothing listens on port ${apiPort} of ${address}: it refuses at once (nmap: closed)${
        signs.pageWorks ? ', and its web page answers' : ''
      }${why}`,
      because: [
        ...(shell?.logLines ?? []).slice(0, 3).map((line) => `log: ${saidByDevice(line, 100)}`),
        ...linesOf(seen.ports[apiPort]),
        ...reachLines(seen, signs),
        ...linesOf(seen.shell, seen.pool),
      ],
      doubts: [
        ...(isMachine ? [] : ['no other port of it is open, so it may be something else, or still starting']),
        ...(isLockedStranger
          ? ['nobody knows what it is, and its web page wants a login: some machines have no API but their web page']
          : []),
        ...(seen.again.length === 0
          ? ['it was not asked again after 90 s: a program that starts opens its API late']
          : []),
        ...unseen({ SSH: seen.shell }),
      ],
      wouldChange:
        changed === null
          ? 'An answer when it is asked again after 90 s: it was starting'
          : 'An answer after the firmware went back one version',
    };
  },
  remedy: (seen) => {
    const { isOneProgram } = familyFacts(seen.subject.family);
    const last = isOneProgram === false ? steps(seen, 12) : steps(seen, 12, 5);
    return [BEYOND.waitAndRetry(seen), ...steps(seen, 1, 11), ...last];
  },
};
