import { seenValue } from '@headframe/model';
import { saidByDevice } from '../plain-text.ts';
import type { Rule } from '../rule.ts';
import { firmwareChanged, linesOf, signsOf, unseen } from '../signs.ts';
import { steps } from '../steps.ts';

const HOW = {
  refused: 'refuses connections now',
  'closed-empty': 'closes connections without a byte now',
  silent: 'is silent now',
  denied: 'refuses commands now',
  locked: 'wants a login now',
  partial: 'answers in part now',
} as const;

/** What a person says of it, as a line of evidence. */
export const UPDATE_TOLD = 'told: it has been silent since a firmware update';

/** Row 13: it worked until the firmware was changed. */
export const firmwareUpdateBrokeApi: Rule = {
  code: 'firmware.update-broke-api',
  title: 'It worked until the firmware was changed',
  needs: ['history', 'told', 'api', 'ports'],
  weigh: (seen) => {
    const { failure, failed } = signsOf(seen);
    const changed = firmwareChanged(seen);
    const history = seenValue(seen.history);
    const isTold = seen.told.firmwareUpdated === true;
    if (changed === null && !isTold) {
      const { before, now } = history?.firmware ?? { before: null, now: null };
      return before !== null && now !== null ? { ruledOut: 'no other firmware has come since it answered last' } : null;
    }
    if (failure === 'none') return { ruledOut: 'the API answers in full with the new firmware' };
    if (!(failure in HOW)) return { ruledOut: 'an update does not make the network silent' };
    const how = HOW[failure as keyof typeof HOW];
    const answered = history?.lastAnswerAt ?? null;
    const common = {
      because: linesOf(seen.history, seen.ports[seen.subject.apiPort], failed.slice(0, 3)),
      doubts: [...(answered === null ? ['when it answered last is not known'] : []), ...unseen({ SSH: seen.shell })],
      wouldChange: 'The same failure before the update',
    };
    if (changed === null) {
      return {
        ...common,
        confidence: failure === 'partial' ? 0.25 : answered === null ? 0.7 : 0.8,
        sentence: `The firmware of ${seen.subject.address} was updated, as a person says, and its API, which worked before, ${how}`,
        because: [UPDATE_TOLD, ...common.because],
        doubts: ['the two versions are not known', ...common.doubts],
      };
    }
    const versions = `${saidByDevice(changed.before)} became ${saidByDevice(changed.now)}`;
    return {
      ...common,
      confidence: failure === 'partial' ? 0.3 : answered === null ? 0.75 : 0.88,
      sentence: `The firmware of ${seen.subject.address} was changed (${versions}), and its API, which worked before, ${how}`,
      because: [versions, ...common.because],
    };
  },
  remedy: (seen) => {
    const { failure } = signsOf(seen);
    return failure === 'silent' || failure === 'partial' ? steps(seen, 12, 15, 10) : steps(seen, 11, 15, 10);
  },
};
