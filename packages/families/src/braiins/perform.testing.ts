import {
  type Action,
  blankIdentity,
  HeadframeError,
  type Links,
  type Prepared,
  readParameters,
  type Seen,
  type StepVerdict,
} from '@headframe/model';
import { actionsOfBraiins, ownOfBraiins } from './commands.ts';
import type { BraiinsDouble } from './double.testing.ts';

/* Runs an action step by step, as the client does. */

const IDENTITY = blankIdentity('braiins');

/** Under the names that a person gives. */
export const ACTIONS_BY_NAME: Readonly<Record<string, Action>> = {
  ...actionsOfBraiins(IDENTITY),
  ...Object.fromEntries(Object.entries(ownOfBraiins(IDENTITY)).map(([name, one]) => [`braiins.${name}`, one])),
};

export async function prepare(links: Links, name: string, given: Record<string, unknown> = {}): Promise<Prepared> {
  const one = ACTIONS_BY_NAME[name];
  if (one === undefined) throw new Error(`no action ${name}`);
  return one.prepare(links, readParameters(name, one, given));
}

export interface Performed {
  readonly prepared: Prepared;
  readonly shown: readonly string[];
  readonly verdicts: readonly StepVerdict[];
  /** What showed afterwards; null where it cannot be read back. */
  readonly seen: Seen | null;
}

/** Prepares, sends and looks. @param between what happens between the preparing and the sending */
export async function perform(
  machine: BraiinsDouble,
  name: string,
  given: Record<string, unknown> = {},
  between: () => void = () => {},
): Promise<Performed> {
  const links = machine.links();
  const prepared = await prepare(links, name, given);
  between();
  const shown: string[] = [];
  const verdicts: StepVerdict[] = [];
  for (const step of prepared.steps) {
    const request = step.request('');
    shown.push(request.shown);
    if ('speak' in request) verdicts.push(await request.speak(links, () => {}));
    else if ('bytes' in request && links.cgminer !== undefined) {
      verdicts.push(step.verdict(await links.cgminer.exchange(request.bytes)));
    } else throw new Error('a step that nobody can send');
  }
  const { readBack } = prepared;
  if ('never' in readBack) return { prepared, shown, verdicts, seen: null };
  const sentAt = machine.now;
  machine.now += readBack.afterMs;
  const seen = await readBack.look(machine.links(), sentAt);
  return { prepared, shown, verdicts, seen };
}

/** The error that a promise rejects with. */
export async function errorOf(attempt: () => Promise<unknown>): Promise<HeadframeError> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof HeadframeError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
