import {
  asHeadframeError,
  HeadframeError,
  type Outcome,
  type Prepared,
  type ReadBack,
  type Seen,
  type SentStep,
} from '@headframe/model';
import type { Conversation } from './conversation.ts';
import type { RunOptions } from './run-options.ts';

/** What one look may take. */
const LOOK_MS = 10_000;
/** A request that was answered late may be obeyed late as well (protocols.md 1.1: one thread, one queue). */
const AFTER_SILENCE: Pick<ReadBack, 'afterMs' | 'everyMs' | 'withinMs'> = {
  afterMs: 1_000,
  everyMs: 5_000,
  withinMs: 30_000,
};

export interface Silence {
  readonly error: HeadframeError;
  readonly expected: boolean;
}

export interface Sent {
  readonly prepared: Prepared;
  readonly sent: readonly SentStep[];
  /** The last step got no answer; `expected`: a machine that obeys may not answer it. */
  readonly silent: Silence | null;
  readonly conversation: Conversation;
  readonly options: RunOptions;
}

/** Tells what was accepted from what was done, by reading. */
export async function readBackOf({ prepared, sent, silent, conversation, options }: Sent): Promise<Outcome> {
  const { readBack } = prepared;
  const vendor = vendorOf(sent);
  if ('never' in readBack) {
    if (silent?.expected === false) {
      return { result: 'unknown', why: silent.error.message, error: silent.error.summary, sent };
    }
    return { result: 'accepted-unverified', ...vendor, why: readBack.never, sent };
  }
  const times = silent === null || readBack.restarts === true ? readBack : { ...readBack, ...longer(readBack) };
  const { seen, error } = await look(times, sent, conversation, options);
  const values = seen === null ? {} : { readBack: seen.values };
  if (seen?.done === true) {
    const why = silent === null || readBack.restarts === true ? {} : { why: 'No answer came, but it shows.' };
    return { result: 'done', ...vendor, ...values, ...why, sent };
  }
  if (silent !== null && readBack.restarts === undefined) {
    return { result: 'unknown', why: silent.error.message, error: silent.error.summary, ...values, sent };
  }
  const unverified =
    error ??
    new HeadframeError('device/unverified', {
      address: conversation.address,
      detail: `looked at ${readBack.looksAt} for ${Math.round(times.withinMs / 1000)} s`,
    });
  const result = silent === null ? 'accepted-unverified' : 'unknown';
  return { result, ...vendor, ...values, why: unverified.message, error: unverified.summary, sent };
}

const longer = (readBack: ReadBack) => ({
  afterMs: Math.max(readBack.afterMs, AFTER_SILENCE.afterMs),
  everyMs: Math.max(readBack.everyMs, AFTER_SILENCE.everyMs),
  withinMs: Math.max(readBack.withinMs, AFTER_SILENCE.withinMs),
});

async function look(
  readBack: ReadBack,
  sent: readonly SentStep[],
  conversation: Conversation,
  { signal, onProgress }: RunOptions,
): Promise<{ readonly seen: Seen | null; readonly error: HeadframeError | null }> {
  const { afterMs, everyMs, withinMs } = readBack;
  const sentAt = sent.at(-1)?.at ?? conversation.clock.now();
  const looks = 1 + Math.max(0, Math.floor((withinMs - afterMs) / Math.max(1, everyMs)));
  const cancellable = signal === undefined ? {} : { signal };
  let seen: Seen | null = null;
  let error: HeadframeError | null = null;
  for (let i = 0; i < looks; i++) {
    onProgress?.({ phase: 'reading back', step: i + 1, steps: looks });
    try {
      await conversation.wait(i === 0 ? afterMs : everyMs, signal);
      seen = await conversation.withLinks({ timeoutMs: LOOK_MS, ...cancellable }, (links) =>
        readBack.look(links, sentAt),
      );
      error = null;
      if (seen.done) break;
    } catch (thrown) {
      error = asHeadframeError(thrown, { address: conversation.address });
      if (error.code === 'link/cancelled' || error.code === 'internal') break;
    }
  }
  return { seen, error };
}

function vendorOf(sent: readonly SentStep[]): Pick<Outcome, 'vendorCode' | 'vendorText'> {
  const last = sent.at(-1);
  return {
    ...(last?.vendorCode === undefined ? {} : { vendorCode: last.vendorCode }),
    ...(last?.vendorText === undefined ? {} : { vendorText: last.vendorText }),
  };
}
