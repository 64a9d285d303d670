import { HeadframeError, type Links, type ReadBack, type Reply, type Seen } from '@headframe/model';
import { Questions } from '@headframe/wire/ethminer';
import { passwordOf } from './read.ts';
import { type RigStats, statsIn } from './stats.ts';

/* What is looked at before and behind a change: with reads only. */

/**
 * The reply to one method.
 * @throws HeadframeError when the rig does not tell
 */
export const tell = (links: Links, method: string): Promise<Reply> =>
  withQuestions(links, async (questions) => orThrow(await questions.ask(method)));

/**
 * How the rig does, by the method that tells the most of what it has.
 * @throws HeadframeError when it does not tell
 */
export const tellStats = (links: Links): Promise<RigStats> =>
  withQuestions(links, async (questions) => {
    const detail = await questions.ask('miner_getstatdetail');
    const isOlder = detail.error?.code === 'support/unsupported';
    const reply = orThrow(isOlder ? await questions.ask('miner_getstathr') : detail);
    const stats = statsIn(reply);
    if (stats !== null) return stats;
    throw new HeadframeError('protocol/wrong-shape', { request: reply.meta.request, detail: 'no GPUs are told' });
  });

async function withQuestions<T>(links: Links, talk: (questions: Questions) => Promise<T>): Promise<T> {
  const { ethminer, clock } = links;
  if (ethminer === undefined) throw new HeadframeError('link/refused', { detail: 'its API port is not open' });
  const questions = new Questions(ethminer, clock, passwordOf(links));
  try {
    return await talk(questions);
  } finally {
    questions.end();
  }
}

function orThrow(reply: Reply): Reply {
  if (reply.error !== null) throw reply.error;
  return reply;
}

/** ethminer does what it is told at once, or within the next job of the pool. */
export const shows = (looksAt: string, look: (links: Links) => Promise<Seen>, withinMs = 10_000): ReadBack => ({
  looksAt,
  afterMs: 500,
  everyMs: 2_000,
  withinMs,
  look,
});

/** Until when a change lasts (protocols.md 5.5). */
export const IN_PROCESS = 'until ethminer is started again: its command line counts then';
