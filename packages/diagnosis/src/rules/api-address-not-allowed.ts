import { seenValue } from '@headframe/model';
import { saidByDevice } from '../plain-text.ts';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf, unseen, uptimeNow } from '../signs.ts';
import { steps } from '../steps.ts';

/** Where a list of addresses is the only known reason to close a connection before a byte. */
const HAS_ADDRESS_LIST: readonly string[] = ['antminer', 'cgminer', 'avalon', 'sealminer'];
/** `0/0` is every address (`protocols.md` 1.7). */
const EVERYBODY = /(^|[,:\s])0\/0($|[,\s])/;
/** Beyond so much uptime a leak closes connections as well. */
const WEEKS_S = 14 * 86_400;

/** Row 8: the connection is accepted and closed at once. */
export const apiAddressNotAllowed: Rule = {
  code: 'api.address-not-allowed',
  title: 'Our address is not in its list',
  needs: ['api', 'shell', 'history'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const { apiPort, address, family } = seen.subject;
    if (signs.isAxe) return null;
    if (signs.failure !== 'closed-empty') {
      if (signs.answered.length > 0) return { ruledOut: 'it answers us, so our address is allowed' };
      return null;
    }
    const allow = seenValue(seen.shell)?.config?.allow ?? null;
    const uptime = uptimeNow(seen);
    const isOld = uptime !== null && uptime.seconds > WEEKS_S;
    const listed = family === null || HAS_ADDRESS_LIST.includes(family);
    const base = listed ? 0.9 : family === 'whatsminer' ? 0.65 : 0.75;
    if (allow !== null && EVERYBODY.test(allow))
      return { ruledOut: `its list lets everybody in: ${saidByDevice(allow)}` };
    return {
      confidence: allow !== null ? 0.95 : isOld ? base - 0.3 : base,
      sentence: `${address} does not let our address ask: port ${apiPort} accepts the connection and closes it at once with 0 bytes`,
      because: [
        ...(allow === null ? [] : [`its list: ${saidByDevice(allow, 100)}`]),
        ...linesOf(signs.latest.slice(0, 3)),
        ...reachLinesOf(seen.vantage.length, signs.elsewhere),
      ],
      doubts: [
        ...(family === 'whatsminer'
          ? ['a WhatsMiner closes connections over its limit of addresses and tokens too']
          : []),
        ...(listed || family === 'whatsminer' ? [] : ['no address list is documented for this firmware']),
        ...(isOld ? ['it has been up for weeks: used-up descriptors close connections too'] : []),
        ...unseen({ SSH: seen.shell }),
      ],
      wouldChange: 'The same closed connection from an address that its list allows',
    };
  },
  remedy: (seen) => steps(seen, 11, 12, 4),
};

const reachLinesOf = (asked: number, elsewhere: string | null) =>
  asked > 0 && elsewhere !== null ? [`from elsewhere the port is ${elsewhere}`] : [];
