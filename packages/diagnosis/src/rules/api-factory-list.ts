import { isFactoryFive } from '../exchanges.ts';
import type { Rule } from '../rule.ts';
import { linesOf, signsOf } from '../signs.ts';
import { steps } from '../steps.ts';
import { BEYOND } from '../steps-beyond.ts';

/** Row 9: code 45 on what lies beyond the five. */
export const apiFactoryList: Rule = {
  code: 'api.factory-list',
  title: 'Its list allows some commands only',
  needs: ['api'],
  weigh: (seen) => {
    const signs = signsOf(seen);
    const denied = signs.failed.filter(({ value }) => value.outcome === 'denied' && value.vendorCode === '45');
    if (denied.length === 0) {
      if (signs.excused.some(({ value }) => value.vendorCode === '45')) {
        return { ruledOut: 'code 45 outside the five commands is how the factory ships it, and no fault' };
      }
      return signs.answered.length > 0 ? { ruledOut: 'no command that reads was refused with code 45' } : null;
    }
    const isTheList =
      denied.every(({ value }) => !isFactoryFive(value.request)) &&
      signs.answered.some(({ value }) => isFactoryFive(value.request));
    const names = denied
      .slice(0, 4)
      .map(({ value }) => value.request)
      .join(', ');
    return {
      confidence: isTheList ? 0.92 : 0.75,
      sentence: isTheList
        ? `${seen.subject.address} allows everybody a list of commands and refuses the rest with code 45: ${names}`
        : `${seen.subject.address} refuses ${names} with code 45: the group of our address does not have them`,
      because: linesOf(denied.slice(0, 4), signs.answered.slice(0, 3)),
      doubts: isTheList ? [] : ['commands are refused that even the factory list allows'],
      wouldChange: 'An answer to the same commands after our address was added to its list',
    };
  },
  remedy: (seen) => [BEYOND.useAnotherDoor(), ...steps(seen, 11, 14)],
};
