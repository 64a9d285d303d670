import {
  asHeadframeError,
  type Clock,
  type ErrorCode,
  HeadframeError,
  type Memory,
  type Reply,
  type TcpLink,
} from '@headframe/model';
import { type CgminerReply, type DecodedReply, decodeReply } from './reply.ts';
import { encodeRequest, joinCommands } from './request.ts';

/** One command asked on its own. */
export interface SingleCommand {
  /** What its reply is called. */
  readonly id: string;
  readonly command: string;
  readonly parameter?: string;
}

export interface ReadPlan {
  /** Asked together in one connection where the device allows it. Their replies are called like them. */
  readonly joined: readonly string[];
  /** Asked one after the other, each in its own connection. */
  readonly single?: readonly SingleCommand[];
  /** Largest reply of one connection, in bytes; 1 MiB when not given. */
  readonly maxBytes?: number;
}

/**
 * Asks a device for the replies of a plan in as few connections as it allows, one at a time. Never rejects.
 *
 * - A command that a join under one status leaves out (protocols.md 9) is asked alone.
 * - A join that the device refuses as a whole, closes on or garbles is asked one by one, and remembered as refused
 *   (`memory.refusedJoins`) when that brings an answer.
 * - A command that the firmware does not have (14) or does not allow us (45) is remembered in `memory.absent` and not
 *   asked again until the owner of the memory forgets it; until then its reply is the remembered one.
 * - When a connection fails (refused, timed out, closed empty, ...) nothing more is asked: the rest gets that error.
 */
export async function readCommands(
  link: TcpLink,
  plan: ReadPlan,
  memory: Memory,
  clock: Clock,
): Promise<Map<string, Reply>> {
  const conversation = new Conversation(link, plan.maxBytes, memory, clock);
  await conversation.together(plan.joined);
  await conversation.oneByOne(plan.single ?? []);
  return conversation.replies;
}

/**
 * Asks for one reply in one connection. Never rejects: what goes wrong is in the reply.
 * A parameter that is a plain number is named in `meta.request`; any other may hold a password and is not.
 */
export async function askCommand(
  link: TcpLink,
  clock: Clock,
  ask: SingleCommand & { readonly maxBytes?: number | undefined },
): Promise<Reply> {
  const exchange = await exchangeOnce(link, clock, ask.command, ask.parameter, ask.maxBytes);
  return replyOf(ask.id, exchange, exchange.decoded?.parts.get(''));
}

class Conversation {
  readonly replies = new Map<string, Reply>();
  private readonly link: TcpLink;
  private readonly maxBytes: number | undefined;
  private readonly memory: Memory;
  private readonly clock: Clock;
  /** The failure of a connection, after which nothing more is asked. */
  private broken: HeadframeError | null = null;

  constructor(link: TcpLink, maxBytes: number | undefined, memory: Memory, clock: Clock) {
    this.link = link;
    this.maxBytes = maxBytes;
    this.memory = memory;
    this.clock = clock;
  }

  async together(names: readonly string[]): Promise<void> {
    const { memory } = this;
    const wanted = names.filter((name) => !memory.absent.has(name));
    const join = wanted.length > 1 ? joinCommands(wanted) : '';
    if (join !== '' && !memory.refusedJoins.has(join)) {
      const exchange = await exchangeOnce(this.link, this.clock, join, undefined, this.maxBytes);
      if (answersJoin(exchange, wanted) || endsConversation(exchange.error, SPLIT_AFTER)) {
        if (endsConversation(exchange.error)) this.broken = exchange.error;
        for (const name of names) await this.takeOut(name, exchange);
        return;
      }
    }
    await this.oneByOne(names.map((name) => ({ id: name, command: name })));
    const answered = wanted.some((name) => this.replies.get(name)?.error === null);
    if (join !== '' && answered && this.broken === null) memory.refusedJoins.add(join);
  }

  /** One reply of a joined one. Where nobody says why it is not there, the command is asked alone and says it itself. */
  private async takeOut(name: string, exchange: Exchange): Promise<void> {
    const part = exchange.decoded?.parts.get(name);
    const isUntold = part === undefined && exchange.decoded?.merged === true;
    if (isUntold) await this.oneByOne([{ id: name, command: name }]);
    else this.keep(name, this.memory.absent.get(name) ?? replyOf(name, exchange, part));
  }

  async oneByOne(commands: readonly SingleCommand[]): Promise<void> {
    for (const command of commands) {
      const reply = this.memory.absent.get(command.id) ?? (await this.ask(command));
      if (endsConversation(reply.error)) this.broken = reply.error;
      this.keep(command.id, reply);
    }
  }

  private async ask(command: SingleCommand): Promise<Reply> {
    if (this.broken === null) return askCommand(this.link, this.clock, { ...command, maxBytes: this.maxBytes });
    const request = requestText(command.command, command.parameter);
    return replyOf(command.id, { ...NOT_SENT, request, at: this.clock.now(), error: this.broken }, undefined);
  }

  private keep(id: string, reply: Reply): void {
    if (reply.error !== null && ABSENT.has(reply.error.code)) this.memory.absent.set(id, reply);
    this.replies.set(id, reply);
  }
}

/** What may be the join's fault and not the line's: then the commands are tried one by one. */
const SPLIT_AFTER: ReadonlySet<ErrorCode> = new Set(['link/closed-empty', 'link/reset']);

const ABSENT: ReadonlySet<ErrorCode> = new Set(['support/unsupported', 'auth/address-not-allowed']);

/** Whether a failure is one of the connection, so that asking on would only cost the device and us more of them. */
const endsConversation = (error: HeadframeError | null, except: ReadonlySet<ErrorCode> = NONE): boolean =>
  error?.code.startsWith('link/') === true && error.code !== 'link/too-large' && !except.has(error.code);

const NONE: ReadonlySet<ErrorCode> = new Set();

/** One connection: what was asked and what came of it. */
interface Exchange {
  readonly request: string;
  readonly at: number;
  readonly ms: number;
  readonly bytes: number;
  readonly raw: Uint8Array | null;
  readonly decoded: DecodedReply | null;
  readonly error: HeadframeError | null;
}

const NOT_SENT = { ms: 0, bytes: 0, raw: null, decoded: null };

async function exchangeOnce(
  link: TcpLink,
  clock: Clock,
  command: string,
  parameter: string | undefined,
  maxBytes: number | undefined,
): Promise<Exchange> {
  const request = requestText(command, parameter);
  const startedAt = clock.now();
  const limit = maxBytes === undefined ? {} : { maxBytes };
  try {
    const { bytes, at, ms } = await link.exchange(encodeRequest(command, parameter), limit);
    const came = { request, at, ms, bytes: bytes.length, raw: bytes };
    if (bytes.length === 0) {
      return { ...came, raw: null, decoded: null, error: new HeadframeError('link/closed-empty', { request }) };
    }
    try {
      return { ...came, decoded: decodeReply(bytes, { asked: command, ...limit }), error: null };
    } catch (thrown) {
      return { ...came, decoded: null, error: asHeadframeError(thrown, { request }) };
    }
  } catch (thrown) {
    const error = asHeadframeError(thrown, { request });
    const at = clock.now();
    return { ...NOT_SENT, request, at, ms: at - startedAt, bytes: error.context.bytes ?? 0, error };
  }
}

/** Whether a join was understood: a part that was cut short counts as not. */
const answersJoin = ({ decoded }: Exchange, wanted: readonly string[]): boolean =>
  decoded?.joined === true &&
  wanted.some((name) => decoded.parts.has(name)) &&
  !decoded.repairs.some((repair) => repair.kind === 'truncated');

function replyOf(id: string, exchange: Exchange, part: CgminerReply | undefined): Reply {
  const { request, at, ms, bytes, raw, decoded } = exchange;
  const error = exchange.error ?? refusal(id, part);
  const repairs = decoded?.repairs ?? [];
  return {
    meta: { id, request, at, ms, bytes, repairs, error: error?.summary ?? null },
    doc: error === null ? part?.doc : null,
    raw,
    error,
  };
}

/** The device's own no, by its code (protocols.md 1.6), or null. */
function refusal(request: string, part: CgminerReply | undefined): HeadframeError | null {
  if (part === undefined) {
    return new HeadframeError('protocol/wrong-shape', { request, detail: 'the reply has no part for this command' });
  }
  const status = part.status[0];
  if (status === undefined || (status.letter !== 'E' && status.letter !== 'F')) return null;
  const vendor = { vendorText: status.msg, ...(status.code === null ? {} : { vendorCode: String(status.code) }) };
  const code: ErrorCode =
    status.code === 14 ? 'support/unsupported' : status.code === 45 ? 'auth/address-not-allowed' : 'device/refused';
  return new HeadframeError(code, { request, ...vendor });
}

const requestText = (command: string, parameter: string | undefined): string =>
  parameter === undefined ? command : `${command}|${/^\d{1,4}$/.test(parameter) ? parameter : '…'}`;
