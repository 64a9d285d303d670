import {
  type Action,
  HeadframeError,
  type Links,
  type OpenSession,
  type Prepared,
  readParameters,
  type StepVerdict,
} from '@headframe/model';

/* Runs an action step by step as the client does, on a clock that a test moves. */

export interface Performed {
  /** What was shown before it ran. */
  readonly prepared: Prepared;
  readonly verdicts: readonly (StepVerdict | HeadframeError)[];
  readonly session: OpenSession | null;
  /** Whether the read-back saw it; null where it is not read back. */
  readonly done: boolean | null;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Bench {
  readonly links: Links;
  readonly pass: (ms: number) => void;
}

const MOST_LOOKS = 200;

/** @param left the key that an earlier session left */
export async function perform(
  { links, pass }: Bench,
  action: Action | undefined,
  given: Record<string, unknown> = {},
  left: string | null = null,
): Promise<Performed> {
  if (action === undefined) throw new Error('no such action');
  const prepared = await action.prepare(links, readParameters('it', action, given));
  const session = (await prepared.session?.open(links, { takeOver: false, left })) ?? null;
  const verdicts: (StepVerdict | HeadframeError)[] = [];
  let sentAt = links.clock.now();
  for (const planned of prepared.steps) {
    const step = planned.renew === undefined ? planned : await planned.renew(links);
    if (step === null) continue;
    const request = step.request(session?.key ?? '');
    if (!('http' in request) || links.http === undefined) throw new Error('all its steps go to the web server');
    sentAt = links.clock.now();
    try {
      const said = step.verdict(await links.http.http(request.http));
      verdicts.push(said);
      if (!said.accepted) return { prepared, verdicts, session, done: false, values: {} };
    } catch (thrown) {
      if (!(thrown instanceof HeadframeError)) throw thrown;
      verdicts.push(thrown);
      if (step.silenceIsFine === undefined || !thrown.code.startsWith('link/')) {
        return { prepared, verdicts, session, done: false, values: {} };
      }
    }
  }
  const { readBack } = prepared;
  if ('never' in readBack) return { prepared, verdicts, session, done: null, values: {} };
  let values: Readonly<Record<string, unknown>> = {};
  const looks = Math.min(MOST_LOOKS, 1 + Math.floor((readBack.withinMs - readBack.afterMs) / readBack.everyMs));
  for (let i = 0; i < looks; i++) {
    pass(i === 0 ? readBack.afterMs : readBack.everyMs);
    try {
      const seen = await readBack.look(links, sentAt);
      values = seen.values;
      if (seen.done) return { prepared, verdicts, session, done: true, values };
    } catch (thrown) {
      if (!(thrown instanceof HeadframeError) || readBack.restarts === undefined) throw thrown;
    }
  }
  return { prepared, verdicts, session, done: false, values };
}

export const shownBy = ({ steps }: Prepared): string[] => steps.map((step) => step.request('').shown);

/** The code of what a promise rejects with. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof HeadframeError) return error.code;
    throw error;
  }
  return 'none';
}
