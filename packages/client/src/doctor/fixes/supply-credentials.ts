import { familyById } from '@headframe/families';
import { type ErrorSummary, type Gap, HeadframeError, type Snapshot } from '@headframe/model';
import type { FixKind } from './fix.ts';
import { minerOf, readOnce } from './one-read.ts';

/** Row 15: what was read of the machine is asked again, with the login that a person gives. */
export const supplyCredentials: FixKind = {
  fix: 'supply-credentials',
  needs: ['family', 'askCredentials'],
  changes: false,
  does: ({ host }) =>
    `Asks for the user name and the password of ${host} and tries them with one read. It changes nothing; some machines lock for a while after several wrong passwords.`,
  run: async (target, fixing) => {
    if (familyById(target.family ?? '')?.credentials === undefined) {
      return {
        result: 'not-done',
        said: 'Machines of its family are read without a login; nothing was asked.',
        sent: [],
      };
    }
    const credentials = (await fixing.askCredentials?.()) ?? null;
    if (credentials === null) return { result: 'not-done', said: 'No login was given; nothing was sent.', sent: [] };
    const answer = await readOnce(target, fixing, minerOf({ ...target, credentials }, fixing));
    const error = answer instanceof HeadframeError ? answer.summary : deniedIn(answer.gaps);
    if (error !== null) {
      return isOfLogin(error)
        ? { result: 'refused', said: `The machine does not take this login: ${error.message}`, error, sent: [] }
        : { result: 'not-done', said: `Whether it takes the login is not known: ${error.message}`, error, sent: [] };
    }
    // Many are read without a login: a wrong one then shows only when something is to be changed.
    const { credentials: _, ...plain } = target;
    if (untold(await readOnce(plain, fixing)) > untold(answer)) {
      return { result: 'done', said: 'The machine takes this login.', sent: [] };
    }
    const said = 'The machine tells as much without this login: whether it is right shows when something is changed.';
    return { result: 'not-done', said, sent: [] };
  },
  check: { how: 'one read with the login leaves nothing out for want of a password', reads: 0, everyMs: 0 },
};

/** A list of addresses says no as well, whatever the login: that is another cause. */
const isOfLogin = ({ code }: ErrorSummary): boolean => code === 'auth/required' || code === 'auth/rejected';

/** How much of it could not be read. */
const untold = (answer: Snapshot | HeadframeError): number =>
  answer instanceof HeadframeError ? Number.POSITIVE_INFINITY : answer.gaps.length;

const deniedIn = (gaps: readonly Gap[]): ErrorSummary | null =>
  gaps.flatMap(({ error }) => (error !== null && isOfLogin(error) ? [error] : []))[0] ?? null;
