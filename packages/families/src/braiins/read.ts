import {
  type ErrorCode,
  HeadframeError,
  type Links,
  type Memory,
  type Protocol,
  type ReadOptions,
  type Reply,
} from '@headframe/model';
import { readCommands, slowFacts } from '@headframe/wire/cgminer';
import { askFirst, askGrpc, askGrpcOpenly, askRest, askRestVersion, failed } from './ask.ts';
import { CLOSED_MS, REFUSAL_MS } from './assumed.ts';
import { MinerService } from './contract/index.ts';
import { LOGIN, METHODS } from './door-methods.ts';
import { isClosed } from './doors.ts';
import {
  askGraphql,
  type GraphqlAnswer,
  gqlId,
  isUnknownField,
  QUERIES,
  QUERY_EVERY_MS,
  type QueryName,
} from './graphql.ts';
import { askLuciNetwork, LUCI_NETWORK } from './luci.ts';
import { type ApiName, grpcId, QUESTIONS, type Question, restId } from './questions.ts';
import { isSince, type Release, releaseIn } from './release.ts';
import { LOGIN_AT, wasRefused } from './session.ts';
import { minerStatusOf, releaseNameOf } from './view.ts';

/** Facts that change with an update or with a visit to the settings. */
const SLOW_MS = 3_600_000;

/** Port 4028 in one connection; `version` is kept. */
const COMMANDS = ['summary', 'devs', 'pools', 'fans', 'temps', 'tempctrl', 'tunerstatus', 'devdetails'];

const GRPC_VERSION = grpcId(METHODS.GetApiVersion.rpc);
const REST_VERSION = restId(METHODS.GetApiVersion.rest.path);
/** The last reply to `system` that told the release: by it the next poll asks at once for all that it tells. */
const RELEASE = `${gqlId('system')} of last time`;
const STATUS = grpcId(MinerService.method.getMinerStatus);

/** Which of the common names a GraphQL query stands for; `feeds` of the family speaks of those. */
const STANDS_FOR: Readonly<Record<QueryName, readonly ApiName[]>> = {
  system: ['api:details'],
  miner: ['api:stats', 'api:cooling'],
  boards: ['api:hashboards'],
  pools: ['api:pools'],
  tuning: ['api:tuner', 'api:configuration'],
  events: ['api:errors'],
};

/**
 * Port 4028 in one connection, and then the best of the other doors that is open: gRPC, REST, or the GraphQL of older
 * releases. A door that is closed or filtered is left alone for a while, unless it was the last one.
 */
export async function readBraiins(
  links: Links,
  memory: Memory,
  options: ReadOptions = {},
): Promise<Map<string, Reply>> {
  return new Poll(links, memory, options).run();
}

type WithWeb = Links & Required<Pick<Links, 'http'>>;
type Door = Extract<Protocol, 'cgminer' | 'grpc' | 'http'>;

class Poll {
  readonly #links: Links;
  readonly #memory: Memory;
  readonly #options: ReadOptions;
  readonly #replies = new Map<string, Reply>();
  readonly #doorsClosed = new Set<Door>();

  constructor(links: Links, memory: Memory, options: ReadOptions) {
    this.#links = links;
    this.#memory = memory;
    this.#options = options;
  }

  async run(): Promise<Map<string, Reply>> {
    await this.#readCommands();
    await this.#readApi();
    // What nobody went around is tried again: the machine may just have been off.
    if (![...this.#replies.values()].some(({ doc, meta }) => doc !== null && this.#isNew(meta.at))) {
      for (const door of this.#doorsClosed) this.#memory.absent.delete(doorKey(door));
    }
    return this.#replies;
  }

  /** A reply of this poll, as opposed to one that was kept. */
  #isNew(at: number): boolean {
    return this.#links.clock.now() - at < CLOSED_MS / 2;
  }

  async #readCommands(): Promise<void> {
    const { cgminer, clock } = this.#links;
    if (cgminer === undefined) return;
    const closed = this.#closed('cgminer');
    if (closed !== null) {
      for (const name of COMMANDS) this.#replies.set(name, closed);
      slowFacts.merge(this.#memory, this.#replies, ['version']);
      return;
    }
    const version = this.#isDue('version') ? ['version'] : [];
    const came = await readCommands(cgminer, { joined: [...version, ...COMMANDS] }, this.#memory, clock);
    for (const [name, reply] of came) this.#replies.set(name, reply);
    slowFacts.noticeRestart(this.#memory, this.#replies);
    slowFacts.merge(this.#memory, this.#replies, ['version']);
    this.#noteIfClosed('cgminer', came.get('summary'));
  }

  async #readApi(): Promise<void> {
    const why = await this.#readGrpc();
    if (why === 'read') return;
    const { http } = this.#links;
    const closed = http === undefined ? null : this.#closed('http');
    if (http === undefined || closed !== null) {
      const locked = why ?? closed;
      if (locked !== null) this.#putAll(locked);
      return;
    }
    const links = { ...this.#links, http };
    const version = this.#remembered(REST_VERSION) ?? (await this.#slowly(REST_VERSION, () => askRestVersion(links)));
    this.#noteIfClosed('http', version);
    if (version.error !== null) return this.#putAll(isLocked(why) ? why : version);
    if (version.doc === null) {
      // That it is not there is remembered, too: the web server of a release before 25.07.
      this.#memory.absent.set(REST_VERSION, version);
      return this.#readGraphql(links, why);
    }
    this.#replies.set(REST_VERSION, version);
    if (isLocked(why)) return this.#putAll(why);
    const locked = this.#lock(restId(LOGIN.rest.path), LOGIN_AT.rest);
    return locked === null ? this.#ask('rest') : this.#putAll(locked);
  }

  /** Read, or the reply that says why not; null where there is no such port. */
  async #readGrpc(): Promise<'read' | Reply | null> {
    const { grpc } = this.#links;
    if (grpc === undefined) return null;
    const closed = this.#closed('grpc');
    if (closed !== null) return closed;
    const links = { ...this.#links, grpc };
    const version = await this.#slowly(GRPC_VERSION, () => askGrpcOpenly(links, METHODS.GetApiVersion.rpc));
    if (version.error?.code.startsWith('link/') === true) {
      this.#noteIfClosed('grpc', version);
      return version;
    }
    this.#replies.set(GRPC_VERSION, version);
    const locked = this.#lock(grpcId(LOGIN.rpc), LOGIN_AT.grpc);
    if (locked !== null) return locked;
    await this.#ask('grpc');
    const details = this.#replies.get('api:details');
    if (details === undefined || details.doc !== null) return 'read';
    // A port that is gone, or a password that is not taken: the next door may tell more.
    const code = details.error?.code ?? '';
    const isNone = code.startsWith('link/') || code.startsWith('auth/');
    if (isNone) this.#noteIfClosed('grpc', details);
    return isNone ? details : 'read';
  }

  /** Why nothing can be asked behind the login; null: it can. */
  #lock(id: string, request: string): Reply | null {
    const { credentials, clock } = this.#links;
    const at = clock.now();
    if (credentials == null) return failed(id, request, new HeadframeError('auth/required', { request }), { at });
    if (this.#options.fresh === true || !wasRefused(this.#links)) return null;
    return failed(id, request, new HeadframeError('auth/rejected', { request }), { at });
  }

  /** The questions behind a login, one after the other; the first that shows that it is of no use ends them. */
  async #ask(door: 'grpc' | 'rest'): Promise<void> {
    let unasked: Reply | null = null;
    for (const question of QUESTIONS) {
      const { rpc, rest } = question.method;
      const id = door === 'grpc' ? grpcId(rpc) : restId(rest.path);
      if (door === 'rest' && !this.#restHas(question)) continue;
      const ask = (): Promise<Reply> =>
        door === 'grpc' ? askGrpc(this.#links, rpc, question) : askRest(this.#links, rest.path, question);
      const known = this.#remembered(id);
      const reply = known ?? unasked ?? (question.slow ? await this.#slowly(id, ask) : await ask());
      this.#put(id, reply, [question.name]);
      const { error } = reply;
      if (error === null || known !== null || unasked !== null) continue;
      if (error.code === 'support/unsupported') this.#memory.absent.set(id, reply);
      if (ENDS.has(error.code)) unasked = failed(`${id} and more`, reply.meta.request, error, { at: reply.meta.at });
    }
    const details = this.#replies.get('api:details')?.doc ?? null;
    // Before 24.03 the status is told by its stream only.
    if (door === 'grpc' && unasked === null && details !== null && minerStatusOf(details) === null) {
      const reply = this.#remembered(STATUS) ?? (await askFirst(this.#links, MinerService.method.getMinerStatus));
      if (reply.error?.code === 'support/unsupported') this.#memory.absent.set(STATUS, reply);
      this.#replies.set(STATUS, reply);
    }
  }

  #restHas({ restSince }: Question): boolean {
    const release = releaseIn(releaseNameOf(this.#replies.get('api:details')?.doc));
    return restSince === undefined || release === null || isSince(release, restSince);
  }

  /** @param why why the doors behind a login told nothing */
  async #readGraphql(links: WithWeb, why: Reply | null): Promise<void> {
    const { reply: system, beside } = await this.#querySystem(links);
    this.#put(gqlId('system'), system, STANDS_FOR.system, beside ?? system);
    const code = system.error?.code;
    if (code === 'support/unsupported') {
      this.#memory.absent.set(gqlId('system'), system);
      this.#putAll(isLocked(why) ? why : system);
      return;
    }
    // Neither this nor REST: a web server of somebody else, or a door with a lock of its own.
    const unasked = code !== undefined && ENDS.has(code) ? system : null;
    const release = releaseIn(releaseNameOf(system.doc));
    for (const name of QUERIES) if (name !== 'system') await this.#readQuery(links, name, release, unasked);
    if (unasked === null && (release === null || !isSince(release, '24.09'))) await this.#readMac(links);
  }

  /** The query that tells the release: asked once more where that is a newer one, which tells more (the MAC, from 24.09 on). */
  async #querySystem(links: WithWeb): Promise<GraphqlAnswer> {
    const refused = this.#remembered(gqlId('system'));
    if (refused !== null) return { reply: refused, beside: null };
    const known = releaseIn(releaseNameOf(this.#memory.kept.get(RELEASE)?.doc));
    const answer = await this.#query(links, 'system', known);
    const told = releaseIn(releaseNameOf(answer.reply.doc));
    if (told === null) return answer;
    this.#memory.kept.set(RELEASE, { ...answer.reply, raw: null });
    if (known !== null || !isSince(told, '24.09')) return answer;
    const full = await this.#query(links, 'system', told);
    return full.reply.doc === null ? answer : full;
  }

  /** @param unasked why nothing more is asked; null: it is */
  async #readQuery(links: WithWeb, name: QueryName, release: Release | null, unasked: Reply | null): Promise<void> {
    const id = gqlId(name);
    if (!this.#isDue(id, QUERY_EVERY_MS[name] ?? 0)) {
      const kept = this.#memory.kept.get(id);
      if (kept !== undefined) this.#put(id, kept, STANDS_FOR[name]);
      return;
    }
    const known = this.#remembered(id) ?? unasked;
    const { reply, beside } = known === null ? await this.#query(links, name, release) : { reply: known, beside: null };
    this.#put(id, reply, STANDS_FOR[name], beside ?? reply);
    if (QUERY_EVERY_MS[name] !== undefined && reply.doc !== null) {
      this.#memory.kept.set(id, { ...reply, raw: null });
    }
  }

  async #query(links: WithWeb, name: QueryName, release: Release | null) {
    const key = `gql ${name} of a release`;
    const plain = this.#memory.refusedJoins.has(key);
    const answer = await askGraphql(links, name, plain ? null : release);
    if (plain || release === null || !isUnknownField(answer.reply)) return answer;
    this.#memory.refusedJoins.add(key);
    return askGraphql(links, name, null);
  }

  /** Before 24.09 only the older web page has it, behind its login. */
  async #readMac(links: WithWeb): Promise<void> {
    const reply =
      this.#remembered(LUCI_NETWORK) ??
      this.#lock(LUCI_NETWORK, 'POST /cgi-bin/luci') ??
      (await this.#slowly(LUCI_NETWORK, () => askLuciNetwork(links)));
    const code = reply.error?.code;
    if (code === 'support/unsupported' || code === 'auth/rejected') this.#memory.absent.set(LUCI_NETWORK, reply);
    this.#put(LUCI_NETWORK, reply, ['api:network']);
  }

  /** What is kept for an hour, or asked for now. */
  async #slowly(id: string, ask: () => Promise<Reply>): Promise<Reply> {
    const kept = this.#memory.kept.get(id);
    if (!this.#isDue(id) && kept !== undefined) return kept;
    const reply = await ask();
    if (reply.doc === null) return kept ?? reply;
    this.#memory.kept.set(id, { ...reply, raw: null });
    return reply;
  }

  #isDue(id: string, everyMs = SLOW_MS): boolean {
    return slowFacts.due(this.#memory, [id], everyMs, this.#links.clock.now(), this.#options).length > 0;
  }

  /** Under its id, and under the names that `feeds` knows. */
  #put(id: string, reply: Reply, names: readonly ApiName[], standsFor: Reply = reply): void {
    this.#replies.set(id, reply);
    for (const name of names) this.#replies.set(name, standsFor);
  }

  #putAll(reply: Reply): void {
    for (const { name } of QUESTIONS) this.#replies.set(name, reply);
  }

  /** A refusal that is still believed. */
  #remembered(key: string, forMs = REFUSAL_MS): Reply | null {
    const reply = this.#memory.absent.get(key);
    const isOld = reply === undefined || this.#links.clock.now() - reply.meta.at >= forMs;
    return isOld || this.#options.fresh === true ? null : reply;
  }

  #closed(door: Door): Reply | null {
    const reply = this.#remembered(doorKey(door), CLOSED_MS);
    if (reply !== null) this.#doorsClosed.add(door);
    return reply;
  }

  #noteIfClosed(door: Door, reply: Reply | undefined): void {
    if (reply === undefined || reply.error === null || !isClosed(reply.error)) return;
    this.#memory.absent.set(doorKey(door), reply);
    this.#doorsClosed.add(door);
  }
}

const doorKey = (door: Door): string => `door:${door}`;

const isLocked = (reply: Reply | null): reply is Reply => reply?.error?.code.startsWith('auth/') === true;

/** Errors after which the same door is not asked on: the connection, or the login. */
const ENDS: ReadonlySet<ErrorCode> = new Set([
  'link/refused',
  'link/timed-out-connecting',
  'link/timed-out-waiting',
  'link/reset',
  'link/closed-empty',
  'link/unreachable',
  'link/name-not-found',
  'link/cancelled',
  'auth/required',
  'auth/rejected',
  'device/restarting',
]);
