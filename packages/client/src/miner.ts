import { setTimeout } from 'node:timers/promises';
import { familyById, snapshotOf, sourcesOf } from '@headframe/families';
import {
  type Clock,
  type Credentials,
  type Family,
  type FindingCode,
  HeadframeError,
  type Identity,
  type Links,
  type Memory,
  newMemory,
  type Reply,
  readParameters,
  type Snapshot,
} from '@headframe/model';
import { parseAddress } from './address.ts';
import { type ApiAnswer, askApi } from './api.ts';
import type { CallOptions } from './call-options.ts';
import { systemClock } from './clock.ts';
import type { Conversation, SessionStore } from './control/conversation.ts';
import { type Capability, capabilitiesOf, findAction, wordsOf } from './control/find-action.ts';
import { type Plan, planAction } from './control/plan.ts';
import { asCredentialSource, type CredentialSource, type Login, loginFor } from './credentials.ts';
import { hostQueue } from './host-queue.ts';
import { Deadline } from './links/deadline.ts';
import { type LinkLimits, READ_LIMITS } from './links/limits.ts';
import { openLinks } from './links/open-links.ts';
import { addressOf, type Ports } from './ports.ts';
import { remedyFor } from './remedies.ts';

/** What is known of a machine that was identified before, so that it need not be asked again who it is. */
export interface MinerTarget {
  /** IP address or host name, without a port. */
  readonly host: string;
  /** The family or its id. */
  readonly family: Family | string;
  /** Where it answers; the family's own ports if absent. */
  readonly ports?: Ports;
  /** As it was last seen; a bare one of the family until the first read if absent. */
  readonly identity?: Identity;
}

export interface MinerOptions {
  /** For the parts that want a password, and only after the family is known. There are no defaults. */
  readonly credentials?: Credentials | CredentialSource;
  readonly clock?: Clock;
  /** The limit of a whole read, waiting for our turn included, ms; 10,000 if absent. */
  readonly timeoutMs?: number;
  /** How long one connection attempt may take, ms; 2,000 if absent. */
  readonly connectTimeoutMs?: number;
  /** How long one reply may take, ms; 5,000 if absent. */
  readonly replyTimeoutMs?: number;
  /** What was remembered of this device; a new one if absent. */
  readonly memory?: Memory;
  /** How to wait between two looks after an action; the system's timer if absent. Rejects when the signal comes. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Where the keys of open sessions are kept; in memory if absent, which a crash does not survive. */
  readonly sessions?: SessionStore;
}

export interface ReadMinerOptions extends CallOptions {
  /** Ask slow-changing facts again even if they are kept. */
  readonly fresh?: boolean;
  /** Say which reply and which field each value came from, in `sources`. */
  readonly sources?: boolean;
}

/** What one read of a machine gave. */
export interface Reading {
  readonly snapshot: Snapshot;
  readonly replies: ReadonlyMap<string, Reply>;
}

/**
 * A machine whose family is known. It holds no connection: nothing needs closing.
 * @throws HeadframeError `usage/invalid` for an unknown family or a wrong host
 */
export function createMiner(target: MinerTarget, options: MinerOptions = {}): Miner {
  return new Miner(target, options);
}

export class Miner {
  readonly host: string;
  /** How the machine is named: host, or `host:port` where not the family's own port. */
  readonly address: string;
  readonly family: Family;
  readonly ports: Ports;
  /** What was found while connecting, such as a password of the factory. */
  readonly findings: { readonly code: FindingCode; readonly detail: string }[] = [];
  readonly #memory: Memory;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #limits: LinkLimits;
  readonly #wait: Conversation['wait'];
  readonly #sessions: SessionStore;
  readonly #login: Login | undefined;
  #identity: Identity;

  constructor({ host, family, ports, identity }: MinerTarget, options: MinerOptions) {
    const endpoint = parseAddress(host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
    this.host = endpoint.host;
    this.family = typeof family === 'string' ? knownFamily(family) : family;
    this.ports = ports ?? this.family.ports;
    this.address = addressOf(this.host, this.family, this.ports);
    this.#identity = identity ?? this.family.identity(new Map());
    this.#memory = options.memory ?? newMemory();
    this.#clock = options.clock ?? systemClock;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#wait = options.wait ?? waitFor;
    this.#sessions = options.sessions ?? inMemory;
    this.#limits = {
      ...READ_LIMITS,
      connectMs: options.connectTimeoutMs ?? READ_LIMITS.connectMs,
      replyMs: options.replyTimeoutMs ?? READ_LIMITS.replyMs,
    };
    const credentials = asCredentialSource(options.credentials)(this.host, this.family.id);
    this.#login = credentials === null ? undefined : loginFor(credentials);
  }

  /** Who it is, as far as its last replies tell. */
  get identity(): Identity {
    return this.#identity;
  }

  /** What this very machine can do, and why it cannot do the rest. */
  get capabilities(): Capability[] {
    return capabilitiesOf(this.family, this.#identity);
  }

  /**
   * Looks what an action would send, without sending it: `plan.preview` for a person, `plan.run()` to do it.
   * @param name `setFan`, or `cgminer.poolquota` for what the family has beyond the common vocabulary
   * @throws HeadframeError `usage/invalid` (a parameter that does not fit, with its range), `support/unsupported`, and
   * what `read` rejects with; nothing was sent
   */
  async plan(
    name: string,
    parameters: Readonly<Record<string, unknown>> = {},
    options: CallOptions = {},
  ): Promise<Plan> {
    const named = findAction(name, this.family, this.#identity, this.address);
    const given = readParameters(wordsOf(name), named.action, parameters);
    const plan = await this.#planned(planAction(named, given, this.#identity, this.#conversation, options));
    const run: Plan['run'] = async (runOptions) => {
      try {
        return await plan.run(runOptions);
      } finally {
        // What was kept for an hour may be different now.
        this.#memory.kept.clear();
        this.#memory.absent.clear();
      }
    };
    return { ...plan, run };
  }

  /** What kept it from being planned, with what can be done about it. */
  async #planned(planning: Promise<Plan>): Promise<Plan> {
    try {
      return await planning;
    } catch (thrown) {
      if (!(thrown instanceof HeadframeError)) throw thrown;
      const { code, context } = thrown;
      const isOurs = code.startsWith('usage/') || code.startsWith('support/') || context.next !== undefined;
      throw thrown.with({ address: this.address, ...(isOurs ? {} : { next: remedyFor(code, this.family) }) });
    }
  }

  get #conversation(): Conversation {
    return {
      address: this.address,
      clock: this.#clock,
      sessions: this.#sessions,
      wait: this.#wait,
      withLinks: (options, talk) => this.withLinks(options, talk),
    };
  }

  /**
   * Reads the machine: on most of them one connection.
   * What could not be read is in `gaps`; only a machine that gave nothing at all rejects, with the most telling error.
   */
  async read(options: ReadMinerOptions = {}): Promise<Snapshot> {
    return (await this.readWhole(options)).snapshot;
  }

  /** The snapshot together with the replies that it is made from. Rejects like {@link read}. */
  async readWhole(options: ReadMinerOptions = {}): Promise<Reading> {
    const replies = await this.readReplies(options);
    const snapshot = snapshotOf(this.family, replies, this.address);
    this.#identity = snapshot.identity;
    if (options.sources === true) snapshot.sources = sourcesOf(this.family, replies, this.address);
    return { snapshot, replies };
  }

  /** The replies that a snapshot is made from, with their bytes. Rejects like {@link read}. */
  async readReplies(options: ReadMinerOptions = {}): Promise<Map<string, Reply>> {
    const { fresh = false } = options;
    return this.withLinks(options, async (links) => {
      // What is kept of earlier reads is no answer of this one.
      const kept = new Set(this.#memory.kept.values());
      const replies = await this.family.read(links, this.#memory, { fresh });
      const isAnswer = (reply: Reply) => reply.doc !== null && !kept.has(reply);
      if (![...replies.values()].some(isAnswer)) throw this.#whyNothing(replies);
      return replies;
    });
  }

  /**
   * One command of the API on port 4028, as it is: for looking closer, with the bytes of the answer.
   * Nothing is held back: a command that changes the machine changes it.
   * @throws HeadframeError when there is no answer; an answer that cannot be read is one
   */
  async api(command: string, parameter?: string, options: CallOptions = {}): Promise<ApiAnswer> {
    return this.withLinks(options, ({ cgminer }) => {
      if (cgminer !== undefined) return askApi(cgminer, command, parameter);
      const next = 'Only machines whose port 4028 is open have these commands.';
      throw new HeadframeError('support/unsupported', { address: this.address, request: command, next });
    });
  }

  #links(deadline: Deadline) {
    const dial = { host: this.host, clock: this.#clock, deadline, limits: this.#limits };
    return openLinks(dial, this.ports, this.#login);
  }

  /**
   * One conversation with the machine: its turn in the per-host queue, its links, one deadline over it all.
   * @throws HeadframeError what `talk` rejects with; `link/cancelled`, `link/timed-out-waiting` while waiting for our turn
   */
  async withLinks<T>({ signal, timeoutMs }: CallOptions, talk: (links: Links) => Promise<T>): Promise<T> {
    const deadline = new Deadline(timeoutMs ?? this.#timeoutMs, signal);
    try {
      const result = await hostQueue.run(this.address, deadline, () => talk(this.#links(deadline)));
      if (deadline.stopped === 'cancelled') throw new HeadframeError('link/cancelled', { address: this.address });
      return result;
    } finally {
      deadline.end();
    }
  }

  #whyNothing(replies: ReadonlyMap<string, Reply>): HeadframeError {
    const errors = [...replies.values()].flatMap(({ error }) => (error === null ? [] : [error]));
    const telling = errors.find((error) => !error.code.startsWith('support/')) ?? errors[0];
    const { address } = this;
    if (telling === undefined) {
      const detail = 'no port that this family can be read from is known';
      return new HeadframeError('support/unsupported', { address, detail });
    }
    return telling.with({ address, next: remedyFor(telling.code, this.family) });
  }
}

const openSessions = new Map<string, string>();
const inMemory: SessionStore = {
  recall: (address) => openSessions.get(address) ?? null,
  remember: (address, key) => {
    if (key === null) openSessions.delete(address);
    else openSessions.set(address, key);
  },
};

async function waitFor(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw new HeadframeError('link/cancelled', {}, error);
  }
}

function knownFamily(id: string): Family {
  const family = familyById(id);
  if (family !== undefined) return family;
  throw new HeadframeError('usage/invalid', { detail: `There is no device family "${id}"` });
}
