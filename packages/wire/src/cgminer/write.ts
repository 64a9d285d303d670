import {
  HeadframeError,
  type HttpReply,
  type Links,
  type RawReply,
  type Seen,
  type Step,
  type StepVerdict,
} from '@headframe/model';
import { askCommand } from './conversation.ts';
import { decodeReply, first, type StatusRecord } from './reply.ts';
import { encodeRequest } from './request.ts';

export interface CommandStep {
  readonly command: string;
  readonly parameter?: string;
  /** The parameter as it is shown, where it holds a secret. */
  readonly shown?: string;
  readonly silenceIsFine?: true;
  /** How long the reply may take, ms. */
  readonly replyMs?: number;
  /** Instead of {@link commandVerdict}, where a dialect has codes of its own. */
  readonly judge?: (status: StatusRecord) => boolean;
}

/** One command of the API on port 4028 as a step of an action. */
export function commandStep(step: CommandStep): Step {
  const { command, parameter, shown = parameter, silenceIsFine, replyMs, judge } = step;
  return {
    request: () => ({
      over: 'cgminer',
      bytes: encodeRequest(command, parameter),
      shown: new TextDecoder().decode(encodeRequest(command, shown)).trimEnd(),
      ...(replyMs === undefined ? {} : { replyMs }),
    }),
    verdict: (reply) => commandVerdict(command, reply, judge),
    ...(silenceIsFine === undefined ? {} : { silenceIsFine }),
  };
}

/**
 * What a reply of the API says of a write: S and I are a yes (`already enabled` is one), W, E and F a no
 * (protocols.md 1.6: the warnings among them say that the device cannot). Of several statuses all must be a yes.
 * `BYE` and `RESTART` stand in the place of a letter (1.3).
 * @throws HeadframeError as {@link decodeReply}: it cannot be read
 */
export function commandVerdict(
  command: string,
  reply: RawReply | HttpReply,
  judge: (status: StatusRecord) => boolean = isYes,
): StepVerdict {
  const bytes = 'bytes' in reply ? reply.bytes : reply.body;
  const { parts, repairs } = decodeReply(bytes, { asked: command });
  const status = [...parts.values()].flatMap((part) => part.status);
  const telling = status.find((one) => !judge(one)) ?? status[0];
  if (telling === undefined) return { accepted: false };
  // Cut short before its code: what it would have said is not known.
  if (telling.code === null && repairs.some(({ kind }) => kind === 'truncated')) {
    throw new HeadframeError('protocol/truncated', { request: command, bytes: bytes.length });
  }
  return {
    accepted: judge(telling),
    ...(telling.code === null ? {} : { vendorCode: String(telling.code) }),
    ...(telling.msg === '' ? {} : { vendorText: telling.msg }),
  };
}

const isYes = ({ letter }: StatusRecord): boolean => ['S', 'I', 'BYE', 'RESTART'].includes(letter);

/** A start that lies this much before the request is told apart from one behind it: `Elapsed` counts whole seconds. */
const GRAIN_MS = 2_000;

/**
 * Whether the mining program has started since a time, by `Elapsed` of `summary`: how a restart is read back.
 * Rejects while the machine does not answer.
 */
export async function lookForRestart(links: Links, sentAt: number): Promise<Seen> {
  const elapsedS = await elapsedOf(links);
  if (elapsedS === null) return { done: false, values: {} };
  const startedAt = links.clock.now() - elapsedS * 1000;
  return { done: startedAt > sentAt - GRAIN_MS, values: { minerUptimeS: elapsedS } };
}

async function elapsedOf(links: Links): Promise<number | null> {
  if (links.cgminer === undefined) return null;
  const reply = await askCommand(links.cgminer, links.clock, { id: 'summary', command: 'summary' });
  if (reply.error !== null) throw reply.error;
  return first(reply.doc, 'SUMMARY').num('Elapsed');
}
