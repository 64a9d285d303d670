import { HeadframeError, type Links, type Step, type StepVerdict } from '@headframe/model';
import { type RpcCall, type RpcReply, RpcTalk, requestText, rpcRefusal } from '@headframe/wire/ethminer';
import { masked, passwordIn } from './pool-uri.ts';
import { passwordOf } from './read.ts';

export interface CallStep extends RpcCall {
  /** A URI among the parameters, whose password is never shown. */
  readonly uri?: string;
  /** Every release has it: one that does not know it is read-only, which those before 0.16 say in the same words. */
  readonly inEvery?: true;
  /** What a result other than true means; without it, it cannot be read. */
  readonly judge?: (result: unknown) => StepVerdict | null;
}

/** One method that changes something, over a connection of its own. */
export function callStep(links: Links, step: CallStep): Step {
  const { uri = '', inEvery: _, judge, ...call } = step;
  const password = passwordOf(links);
  const hidden = passwordIn(uri);
  return {
    request: () => ({
      over: 'ethminer',
      shown: masked(requestText(1, call), hidden),
      converse: async (link) => {
        const talk = await RpcTalk.open(link, password);
        try {
          return verdictOn(await talk.say(call, { replyMs: REPLY_MS }), step);
        } catch (thrown) {
          throw thrown instanceof HeadframeError && hidden !== null ? withoutBytes(thrown) : thrown;
        } finally {
          talk.end();
        }
      },
    }),
    verdict: conversing,
  };
}

const REPLY_MS = 10_000;

/**
 * What a reply says of a change.
 * @throws HeadframeError `auth/*`, `support/unsupported`, `device/busy`; `protocol/wrong-shape`: nobody knows
 */
function verdictOn({ error, result }: RpcReply, { method, uri = '', inEvery, judge }: CallStep): StepVerdict {
  if (error !== null) {
    const refusal = rpcRefusal(error, method);
    if (inEvery && refusal.code === 'support/unsupported') throw new HeadframeError('auth/writes-off', refusal.context);
    if (refusal.code !== 'device/refused') throw refusal;
    const { vendorCode, vendorText } = refusal.context;
    return {
      accepted: false,
      ...(vendorCode === undefined ? {} : { vendorCode }),
      // `Bad URI : ...` repeats what was sent.
      ...(vendorText === undefined ? {} : { vendorText: masked(vendorText, passwordIn(uri)) }),
    };
  }
  // Before 0.16 the methods that write may have no result (protocols.md 5.7 does not say).
  if (result === true || result === null) return { accepted: true };
  const judged = judge?.(result) ?? null;
  if (judged !== null) return judged;
  const detail = result === undefined ? 'neither a result nor an error' : 'a result that is not true';
  throw new HeadframeError('protocol/wrong-shape', { request: method, detail });
}

/** The first bytes of a broken answer may repeat what was sent, cut anywhere. */
function withoutBytes({ code, context }: HeadframeError): HeadframeError {
  const { firstBytes: _, ...rest } = context;
  return new HeadframeError(code, rest);
}

/** The verdict of a step that converses comes from the conversation. */
function conversing(): never {
  throw new HeadframeError('internal', { detail: 'a conversation has its own verdict' });
}
