import {
  type Action,
  blankIdentity,
  HeadframeError,
  type Links,
  type OpenSession,
  type Prepared,
  readParameters,
  type Seen,
  type StepVerdict,
} from '@headframe/model';
import { actionsOfWhatsminer, ownOfWhatsminer } from './commands.ts';
import { NOW } from './reads.testing.ts';

/* Runs an action step by step, as the client does. */

/** Under the names that a person gives. */
export const ACTIONS_BY_NAME: Readonly<Record<string, Action>> = {
  ...actionsOfWhatsminer(blankIdentity('whatsminer')),
  ...Object.fromEntries(
    Object.entries(ownOfWhatsminer(blankIdentity('whatsminer'))).map(([name, one]) => [`whatsminer.${name}`, one]),
  ),
};

export async function prepare(links: Links, name: string, given: Record<string, unknown> = {}): Promise<Prepared> {
  const one = ACTIONS_BY_NAME[name];
  if (one === undefined) throw new Error(`no action ${name}`);
  return one.prepare(links, readParameters(name, one, given));
}

export interface Performed {
  readonly prepared: Prepared;
  readonly verdicts: readonly StepVerdict[];
  readonly session: OpenSession | null;
}

/** Runs the steps of an action as the client does, with a token that an earlier one left. */
export async function perform(
  links: Links,
  name: string,
  given: Record<string, unknown> = {},
  left: string | null = null,
): Promise<Performed> {
  const prepared = await prepare(links, name, given);
  const session = (await prepared.session?.open(links, { takeOver: false, left })) ?? null;
  const verdicts: StepVerdict[] = [];
  for (const planned of prepared.steps) {
    const step = planned.renew === undefined ? planned : await planned.renew(links);
    if (step === null) continue;
    const request = step.request(session?.key ?? '');
    if (!('converse' in request)) throw new Error('all its steps converse');
    const link = links[request.over];
    if (link === undefined) throw new Error('no link');
    verdicts.push(await request.converse(link, () => {}));
  }
  return { prepared, verdicts, session };
}

export async function look(links: Links, { readBack }: Prepared, sentAt = NOW): Promise<Seen> {
  if ('never' in readBack) throw new Error(readBack.never);
  return readBack.look(links, sentAt);
}

export const shownBy = ({ steps }: Prepared): string[] => steps.map((step) => step.request('').shown);

/** The code of what a promise rejects with. */
export async function codeOf(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof HeadframeError) return error.code;
    throw error;
  }
  return 'none';
}
