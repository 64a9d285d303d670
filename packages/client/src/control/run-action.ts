import {
  asHeadframeError,
  type ErrorCode,
  HeadframeError,
  type HttpReply,
  type Links,
  type OpenSession,
  type Outcome,
  type Prepared,
  type RawReply,
  type SentStep,
  type Step,
  type StepVerdict,
  type WriteRequest,
} from '@headframe/model';
import type { Conversation } from './conversation.ts';
import { readBackOf, type Silence } from './read-back.ts';
import { looksLike } from './requests.ts';
import type { RunOptions } from './run-options.ts';

export interface Run {
  /** Looks again, in the conversation that then sends. */
  readonly prepare: (links: Links) => Promise<Prepared>;
  /** What it looked like when it was shown: nothing else is sent. */
  readonly looked: string;
  readonly conversation: Conversation;
  readonly options: RunOptions;
}

/** How far it came. */
interface Sending {
  readonly prepared: Prepared | null;
  readonly sent: SentStep[];
  /** What ended it before the last step; null: all steps were accepted, or fell silent where that is fine. */
  readonly end: Outcome | null;
  /** A step got no answer. */
  readonly silent: Silence | null;
}

/** A conversation that sends: its steps, and what their replies may take. */
const STEP_MS = 10_000;
const MOST_SENDING_MS = 3_600_000;
const CLOSING_MS = 5_000;

/** Sends what was planned, and reads back. */
export async function runAction(run: Run): Promise<Outcome> {
  const { conversation, options } = run;
  const { prepared, sent, end, silent } = await sendPlanned(run);
  if (end !== null) return end;
  if (prepared === null) throw new HeadframeError('internal', { detail: 'an action that was not prepared' });
  return readBackOf({ prepared, sent, silent, conversation, options });
}

/** One conversation that looks again and sends, and one that closes what it opened. */
async function sendPlanned(run: Run): Promise<Sending> {
  const { conversation, options } = run;
  const made: { session: OpenSession | null; sending: Sending | null } = { session: null, sending: null };
  try {
    await conversation.withLinks({ timeoutMs: MOST_SENDING_MS, ...signalOf(options) }, async (links) => {
      const prepared = await run.prepare(links);
      if (looksLike(prepared) !== run.looked) made.sending = changedSince(prepared);
      else {
        made.session = await opened(prepared, links, run);
        const key = made.session?.key ?? '';
        made.sending =
          prepared.download === undefined
            ? await sendAll({ prepared, key, wait: conversation.wait }, links, options)
            : downloaded(prepared, await prepared.download(links));
      }
    });
  } catch (thrown) {
    // Cancelled while sending: what is known of that stands. Else nothing that changes the machine has left.
    made.sending ??= { prepared: null, sent: [], silent: null, end: beforeSending(thrown, conversation.address) };
  } finally {
    await release(made.session, conversation);
  }
  return made.sending ?? { prepared: null, sent: [], silent: null, end: null };
}

async function opened({ session }: Prepared, links: Links, run: Run): Promise<OpenSession | null> {
  if (session === undefined) return null;
  const { address, sessions } = run.conversation;
  const open = await session.open(links, {
    takeOver: run.options.takeOver === true,
    left: sessions.recall(address),
  });
  sessions.remember(address, open.key);
  return open;
}

const signalOf = ({ signal }: RunOptions) => (signal === undefined ? {} : { signal });

const changedSince = (prepared: Prepared): Sending => ({
  prepared,
  sent: [],
  silent: null,
  end: {
    result: 'failed',
    why: 'The machine changed since it was looked at: other requests would be needed now. Nothing was sent; plan it again.',
    sent: [],
  },
});

const downloaded = (prepared: Prepared, download: NonNullable<Outcome['download']>): Sending => ({
  prepared,
  sent: [],
  silent: null,
  end: { result: 'done', sent: [], download },
});

function beforeSending(thrown: unknown, address: string): Outcome {
  const error = asHeadframeError(thrown, { address });
  if (error.code.startsWith('usage/') || error.code === 'internal') throw error;
  return { result: saysNo(error) ? 'refused' : 'failed', ...failureOf(error), sent: [] };
}

/** The session must not stay open, whatever happened; with a limit of its own, as the other one may be over. */
async function release(session: OpenSession | null, conversation: Conversation): Promise<void> {
  if (session === null) return;
  if (session.kept === true) {
    conversation.sessions.remember(conversation.address, session.key);
    return;
  }
  try {
    await conversation.withLinks({ timeoutMs: CLOSING_MS }, (links) => session.close(links));
    conversation.sessions.remember(conversation.address, null);
  } catch {
    // It ends by itself; what was done stands.
  }
}

async function sendAll(
  { prepared, key, wait }: { readonly prepared: Prepared; readonly key: string; readonly wait: Conversation['wait'] },
  links: Links,
  options: RunOptions,
): Promise<Sending> {
  const { steps } = prepared;
  const sent: SentStep[] = [];
  let silent: Silence | null = null;
  const ended = (end: Outcome): Sending => ({ prepared, sent, silent, end });
  for (const [i, planned] of steps.entries()) {
    const waited = planned.afterMs === undefined || (await hasWaited(wait(planned.afterMs, options.signal)));
    if (!waited || options.signal?.aborted === true) {
      return ended({ result: 'failed', ...stopped(i, steps.length), sent });
    }
    const step = planned.renew === undefined ? planned : await renewed(planned, links);
    if (step === null) continue;
    if (step instanceof HeadframeError) return ended({ result: 'failed', ...failureOf(step, i, steps.length), sent });
    const request = step.request(key);
    const at = links.clock.now();
    options.onProgress?.({ phase: 'sending', step: i + 1, steps: steps.length });
    let reply: RawReply | HttpReply | StepVerdict;
    try {
      reply = await send(request, links, (sentBytes, ofBytes) =>
        options.onProgress?.({ phase: 'sending', step: i + 1, steps: steps.length, sentBytes, ofBytes }),
      );
    } catch (thrown) {
      const error = asHeadframeError(thrown);
      if (error.code.startsWith('usage/') || error.code === 'internal') throw error;
      if (NEVER_LEFT.has(error.code)) {
        return ended({ result: 'failed', ...failureOf(error, i, steps.length), sent });
      }
      sent.push({ shown: request.shown, at });
      if (saysNo(error)) return ended({ result: 'refused', ...failureOf(error, i, steps.length), sent });
      silent = { error, expected: step.silenceIsFine === true };
      // What follows would stand on something that may not have happened.
      if (step.silenceIsFine === undefined && i + 1 < steps.length) {
        return ended({ result: 'unknown', ...failureOf(error, i, steps.length), sent });
      }
      continue;
    }
    const said = 'accepted' in reply ? reply : judge(step, reply);
    if (said instanceof HeadframeError) {
      sent.push({ shown: request.shown, at });
      if (saysNo(said)) return ended({ result: 'refused', ...failureOf(said, i, steps.length), sent });
      // An answer that cannot be read is as good as none.
      silent = { error: said, expected: false };
      if (i + 1 < steps.length) return ended({ result: 'unknown', ...failureOf(said, i, steps.length), sent });
      continue;
    }
    sent.push({ shown: request.shown, at, ...said });
    if (!said.accepted) {
      const { vendorCode, vendorText } = said;
      const vendor = {
        ...(vendorCode === undefined ? {} : { vendorCode }),
        ...(vendorText === undefined ? {} : { vendorText }),
      };
      return ended({ result: 'refused', ...vendor, ...whichStep(i, steps.length), sent });
    }
  }
  return { prepared, sent, silent, end: null };
}

/** Errors that mean that no byte of the request has left. */
const NEVER_LEFT: ReadonlySet<ErrorCode> = new Set([
  'link/refused',
  'link/timed-out-connecting',
  'link/unreachable',
  'link/name-not-found',
]);

/** The device understood, and said no. */
const saysNo = ({ code, context }: HeadframeError): boolean =>
  code.startsWith('auth/') ||
  code.startsWith('support/') ||
  (code.startsWith('device/') && context.vendorCode !== undefined);

/** False: it was cancelled. */
const hasWaited = (waiting: Promise<void>): Promise<boolean> =>
  waiting.then(
    () => true,
    () => false,
  );

async function renewed(step: Step, links: Links): Promise<Step | HeadframeError | null> {
  try {
    return (await step.renew?.(links)) ?? null;
  } catch (thrown) {
    return asHeadframeError(thrown);
  }
}

function judge(step: Step, reply: RawReply | HttpReply) {
  try {
    return step.verdict(reply);
  } catch (thrown) {
    return asHeadframeError(thrown);
  }
}

function send(
  request: WriteRequest,
  links: Links,
  onSent: (bytes: number, of: number) => void,
): Promise<RawReply | HttpReply | StepVerdict> {
  if ('http' in request) {
    return links[request.over]?.http({ replyMs: STEP_MS, ...request.http, onSent }) ?? noLink(request.over);
  }
  if (links[request.over] === undefined) return noLink(request.over);
  if ('speak' in request) return request.speak(links, onSent);
  const link = links[request.over];
  if (link === undefined) return noLink(request.over);
  if ('converse' in request) return request.converse(link, onSent);
  const { maxBytes, replyMs = STEP_MS } = request;
  return link.exchange(request.bytes, { replyMs, ...(maxBytes === undefined ? {} : { maxBytes }) });
}

const noLink = (over: string): Promise<never> =>
  Promise.reject(new HeadframeError('link/refused', { detail: `its ${over} port is not open` }));

function failureOf(
  error: HeadframeError,
  step = 0,
  steps = 1,
): Pick<Outcome, 'error' | 'why' | 'vendorCode' | 'vendorText'> {
  const { vendorCode, vendorText } = error.context;
  return {
    error: error.summary,
    ...(vendorCode === undefined ? {} : { vendorCode }),
    ...(vendorText === undefined ? {} : { vendorText }),
    why: `${error.message}${step === 0 ? '' : ` ${partly(step, steps)}`}`,
  };
}

const whichStep = (step: number, steps: number): Pick<Outcome, 'why'> =>
  step === 0 ? {} : { why: partly(step, steps) };

const partly = (step: number, steps: number): string =>
  `${step} of ${steps} requests had been accepted before: the machine is changed in part.`;

const stopped = (step: number, steps: number): Pick<Outcome, 'why'> => ({
  why: step === 0 ? 'It was cancelled before anything was sent.' : `It was cancelled. ${partly(step, steps)}`,
});
