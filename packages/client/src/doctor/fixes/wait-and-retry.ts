import { HeadframeError } from '@headframe/model';
import type { FixKind } from './fix.ts';
import { readOnce } from './one-read.ts';

const TIMES = 3;
const EVERY_S = 30;

/** Steps 2 and 5 in their mildest form: a machine that starts, and a bind that is tried again, need up to 90 s. */
export const waitAndRetry: FixKind = {
  fix: 'wait-and-retry',
  needs: [],
  changes: false,
  does: ({ host }) =>
    `Waits ${EVERY_S} s and asks ${host} again, up to ${TIMES} times. It changes nothing and interrupts nothing.`,
  run: async (target, fixing) => {
    let last: HeadframeError | null = null;
    for (let i = 1; i <= TIMES; i++) {
      await fixing.wait(EVERY_S * 1000);
      const answer = await readOnce(target, fixing);
      if (!(answer instanceof HeadframeError)) {
        return { result: 'done', said: `The API answers again after ${i * EVERY_S} s.`, sent: [] };
      }
      last = answer;
    }
    return {
      result: 'not-done',
      said: `The API does not answer after ${TIMES * EVERY_S} s either.`,
      ...(last === null ? {} : { error: last.summary }),
      sent: [],
    };
  },
  check: { how: 'the API answers one read', reads: 0, everyMs: 0 },
};
