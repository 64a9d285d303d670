import { type ActionName, HeadframeError, type Outcome } from '@headframe/model';
import type { Miner } from '../../miner.ts';
import type { Done } from './fix.ts';

/** What became of an action of the family, in the words of a fix. */
export function doneOf(what: string, outcome: Outcome): Done {
  const { sent, error, vendorText } = outcome;
  const why = outcome.why ?? vendorText ?? error?.message ?? '';
  const rest = { sent, ...(error === undefined ? {} : { error }) };
  const because = why === '' ? '.' : `: ${/[.!?]$/.test(why) ? why : `${why}.`}`;
  const begun = `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
  switch (outcome.result) {
    case 'done':
      return { result: 'done', said: `${begun} was done, and reading it back shows it.`, isSeen: true, ...rest };
    case 'accepted-unverified':
      return { result: 'unknown', said: `The machine accepted ${what}${because}`, ...rest };
    case 'refused':
      return { result: 'refused', said: `The machine refused ${what}${because}`, ...rest };
    case 'failed':
      return { result: 'not-done', said: `${begun} was not done${because}`, ...rest };
    case 'unknown':
      return { result: 'unknown', said: `${begun} was sent, and no answer came${because}`, ...rest };
  }
}

/** Runs an action of the machine's own; null where its firmware has none. */
export async function byAction(
  miner: Miner,
  name: ActionName,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<Outcome | null> {
  try {
    return await (await miner.plan(name, parameters)).run();
  } catch (thrown) {
    if (thrown instanceof HeadframeError && thrown.code === 'support/unsupported') return null;
    throw thrown;
  }
}
