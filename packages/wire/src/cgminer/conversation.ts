import {
  asHeadframeError,
  type Clock,
  HeadframeError,
  type Memory,
  type RawReply,
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
 * - A join that the device refuses as a whole, closes on or garbles is asked one by one, and remembered as refused in
 *   `memory` when that brings more.
 * - A command that the firmware does not have (14) or does not allow us (45) is remembered in `memory.absent` and not
 *   asked again until the owner of the memory forgets it; its reply is the remembered one.
 * - When a connection fails (refused, timed out, closed empty, ...) nothing more is asked: the rest gets that error.
 */
export async function readCommands(
  link: TcpLink,
  plan: ReadPlan,
  memory: Memory,
  clock: Clock,
): Promise<Map<string, Reply>> {
  const conversation = new Conversation(link, plan.maxBytes, memory, clock);
  await conversation.joined(plan.joined);
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
  ask: SingleCommand & { readonly maxBytes?: number },
): Promise<Reply> {
  const exchange = await exchangeOnce(link, clock, ask.command, ask.parameter, ask.maxBytes);
  const parts = exchange.decoded?.parts;
  return replyOf(ask.id, exchange, parts?.get('') ?? parts?.get(ask.command));
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

  async joined(names: readonly string[]): Promise<void> {
    const wanted = names.filter((name) => !this.memory.absent.has(name));
    const join = joinCommands(wanted);
    const single = names.map((name) => ({ id: name, command: name }));
    if (!join.includes('+') || this.memory.refusedJoins.has(join)) return this.oneByOne(single);

    const exchange = await exchangeOnce(this.link, this.clock, join, undefined, this.maxBytes);
    if (answersJoin(exchange, wanted) || breaksOff(exchange, SPLIT_AFTER)) {
      if (breaksOff(exchange, SPLIT_AFTER)) this.broken = exchange.error;
      for (const name of names) this.keep(name, replyOf(name, exchange, exchange.decoded?.parts.get(name)));
      return;
    }
    await this.oneByOne(single);
    if (this.broken === null && wanted.some((name) => this.replies.get(name)?.doc != null)) {
      this.memory.refusedJoins.add(join);
    }
  }

  async oneByOne(commands: readonly SingleCommand[]): Promise<void> {
    for (const { id, command, parameter } of commands) {
      if (this.memory.absent.has(id)) this.keep(id);
      else if (this.broken !== null) this.keep(id, replyOf(id, this.notSent(command, parameter, this.broken)));
      else {
        const exchange = await exchangeOnce(this.link, this.clock, command, parameter, this.maxBytes);
        if (breaksOff(exchange)) this.broken = exchange.error;
        const parts = exchange.decoded?.parts;
        this.keep(id, replyOf(id, exchange, parts?.get('') ?? parts?.get(command)));
      }
    }
  }
}
