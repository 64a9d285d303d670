import { seenValue } from '@headframe/model';
import { isLocked } from '../exchanges.ts';
import { saidByDevice } from '../plain-text.ts';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf } from '../signs.ts';
import { step } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';

/** Row 15: a login is wanted, or our address or Origin is not taken. */
export const httpLocked: Rule = {
  code: 'http.locked',
  title: 'It wants a login, or does not take our address',
  needs: ['api', 'page', 'axe', 'ethminer'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const { address } = seen.subject;
    const ethminer = seenValue(seen.ethminer);
    if (signs.failure === 'silent' && ethminer?.pingAnswered === true && !ethminer.statAnswered) {
      return {
        confidence: 0.75,
        sentence: `ethminer on ${address} wants its password: it answers a ping and stays silent when asked for its state`,
        because: linesOf(seen.ethminer, signs.failed.slice(0, 2)),
        doubts: ['it does not say so in words'],
        wouldChange: 'The same silence with the right password',
      };
    }
    const locked = signs.failed.filter(({ value }) => isLocked(value));
    const [first] = locked;
    if (first === undefined) {
      return signs.answered.length > 0
        ? { ruledOut: 'it answers without a login, or with the one that was given' }
        : null;
    }
    const axe = seenValue(seen.axe);
    const page = seenValue(seen.page);
    const { error, vendorCode } = first.value;
    const how =
      axe?.statusWithoutOrigin === 200
        ? 'it answers without an Origin header, and refuses the one of a page'
        : error === 'auth/address-not-allowed' || signs.isAxe
          ? 'it takes only addresses of private networks'
          : error === 'auth/rejected'
            ? 'the login that was given is not taken'
            : 'no login was given';
    const realm = page?.realm ? ` (realm ${saidByDevice(page.realm)})` : '';
    return {
      confidence: error?.startsWith('auth/') === true || vendorCode === '401' ? 0.93 : 0.85,
      sentence: `${address} is locked: ${saidByDevice(first.value.request)} is answered with ${saidByDevice(vendorCode ?? 'a refusal')}${realm}; ${how}`,
      because: linesOf(locked.slice(0, 3), seen.axe, seen.page),
      doubts: signs.answered.length > 0 ? ['other requests were answered'] : [],
      wouldChange:
        'The same refusal with a login that is known to be right, from a private address and without an Origin',
    };
  },
  remedy: (seen) =>
    signsOf(seen).isAxe
      ? [BEYOND.dropOrigin(seen), BEYOND.supplyCredentials(seen)]
      : [BEYOND.supplyCredentials(seen), step(10, seen)],
};
