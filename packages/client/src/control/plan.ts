import { HeadframeError, type Identity, type Outcome } from '@headframe/model';
import type { CallOptions } from '../call-options.ts';
import { checkFiles } from './checksum.ts';
import type { Conversation } from './conversation.ts';
import { type NamedAction, wordsOf } from './find-action.ts';
import { previewOf } from './preview.ts';
import { looksLike, requestsOf } from './requests.ts';
import { runAction } from './run-action.ts';
import type { RunOptions } from './run-options.ts';

/** What would be done to one machine: to be shown, and then run or not. */
export interface Plan {
  /** `setFan`, `cgminer.poolquota`. */
  readonly name: string;
  readonly address: string;
  /** What will be sent, what it does to hashing, how long, what cannot be undone: some lines of text. */
  readonly preview: string;
  /** Exactly what would leave, secrets masked. */
  readonly requests: readonly string[];
  /** Why it wants to be allowed in so many words; null for most. */
  readonly guarded: string | null;
  /**
   * Does it. What a device says or does not say is in the outcome.
   * @throws HeadframeError `usage/*` only: nothing was sent
   */
  readonly run: (options?: RunOptions) => Promise<Outcome>;
}

/** What `prepare` may take: it only reads. */
const PREPARE_MS = 20_000;

/**
 * Looks what would have to be sent.
 * @throws HeadframeError what keeps it from being done; nothing was sent
 */
export async function planAction(
  named: NamedAction,
  given: Readonly<Record<string, unknown>>,
  identity: Identity,
  conversation: Conversation,
  options: CallOptions = {},
): Promise<Plan> {
  const { name, action } = named;
  const { address } = conversation;
  checkFiles(wordsOf(name), action, given);
  const limits = { timeoutMs: PREPARE_MS, ...options };
  const prepared = await conversation.withLinks(limits, (links) => action.prepare(links, given));
  const requests = requestsOf(prepared);
  const looked = looksLike(prepared);
  return {
    name,
    address,
    requests,
    preview: previewOf(named, prepared, requests, identity, address),
    guarded: action.guarded ?? null,
    run: async (run = {}) => {
      if (action.guarded !== undefined && run.guarded?.typedAddress !== address) {
        const detail = `${wordsOf(name)} is guarded: ${action.guarded}; it wants to be allowed on purpose, with the address ${address} typed once more; nothing was sent`;
        throw new HeadframeError('usage/not-allowed', { address, detail });
      }
      return runAction({ prepare: (links) => action.prepare(links, given), looked, conversation, options: run });
    },
  };
}
