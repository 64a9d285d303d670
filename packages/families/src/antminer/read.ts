import type { HeadframeError, HttpLink, Links, Memory, ReadOptions, Reply } from '@headframe/model';
import { readCommands, section, slowFacts } from '@headframe/wire/cgminer';
import { askHttp } from '@headframe/wire/http';
import { SLEEP_MODES } from './quirks.ts';
import { isHashing, SYSTEM_INFO_PATH, workMode } from './view.ts';

/** Facts that change with a restart or a visit to the web page. */
const SLOW_MS = 3_600_000;

/**
 * The pages of the newer web page (protocols.md 2.3) by the names of their replies. `http:boards` and `stats` are one
 * page: the first is asked for what does not change (serial numbers), the second for what does.
 */
const PAGES: Readonly<Record<string, string>> = {
  'http:system_info': SYSTEM_INFO_PATH,
  'http:miner_type': '/cgi-bin/miner_type.cgi',
  'http:miner_conf': '/cgi-bin/get_miner_conf.cgi',
  'http:boards': '/cgi-bin/stats.cgi',
  'http:summary': '/cgi-bin/summary.cgi',
  stats: '/cgi-bin/stats.cgi',
  pools: '/cgi-bin/pools.cgi',
};
const SLOW_PAGES = ['http:system_info', 'http:miner_type', 'http:miner_conf', 'http:boards'];

/**
 * What to ask a stock Antminer: one connection to port 4028 a poll, which the factory settings allow, and one page for
 * the machine's own complaints; the facts that hardly change once an hour. `devs` is not asked: it holds zero rates
 * and what SUMMARY says anyway. Where 4028 is closed or silent the pages carry the whole reading.
 */
export async function readAntminer(
  links: Links,
  memory: Memory,
  options: ReadOptions = {},
): Promise<Map<string, Reply>> {
  const { clock } = links;
  let replies = new Map<string, Reply>();
  if (links.cgminer !== undefined) {
    const version = slowFacts.due(memory, ['version'], SLOW_MS, clock.now(), options);
    replies = await readCommands(links.cgminer, { joined: [...version, 'summary', 'stats', 'pools'] }, memory, clock);
    slowFacts.noticeRestart(memory, replies);
  }
  if (links.http !== undefined) await readPages(links.http, links, replies, memory, options);
  return slowFacts.merge(memory, replies, ['version', ...SLOW_PAGES]);
}

async function readPages(
  link: HttpLink,
  { clock }: Links,
  replies: Map<string, Reply>,
  memory: Memory,
  options: ReadOptions,
): Promise<void> {
  const visit = new Visit(link, clock, memory, options);
  const silent = ['summary', 'stats', 'pools'].every((name) => (replies.get(name)?.doc ?? null) === null);
  for (const name of silent ? ['http:summary', 'stats', 'pools'] : ['http:summary']) {
    const reply = await visit.page(name);
    // What port 4028 said stands unless the page knows better: it is why the page was asked.
    if (reply.doc !== null || !replies.has(name)) replies.set(name, reply);
    // One page, which then need not be asked a second time for its serial numbers.
    if (name === 'stats') replies.set('http:boards', reply);
  }
  const due = slowFacts.due(memory, SLOW_PAGES, SLOW_MS, clock.now(), options);
  for (const name of SLOW_PAGES) {
    const changing =
      name === 'http:miner_conf' ? modeMatters(replies, memory) : name === 'http:boards' && showsPower(memory);
    if (!replies.has(name) && (changing || due.includes(name))) replies.set(name, await visit.page(name));
  }
}

/** While nothing is hashed, the configured mode tells sleep from trouble; after sleep it must be seen to have ended. */
const modeMatters = (replies: Map<string, Reply>, memory: Memory): boolean =>
  !isHashing(replies) || SLEEP_MODES.includes(workMode(memory.kept) ?? 0);

/** Newer liquid-cooled machines tell their power on this page only. */
const showsPower = (memory: Memory): boolean =>
  section(memory.kept.get('http:boards')?.doc, 'STATS').some((record) => record.has('watt'));

/** The key of {@link Memory.absent} under which the refusal of the whole web page is remembered. */
const DOOR = 'http';

/** The requests of one poll to the web page: stops at the first broken link and at a closed door. */
class Visit {
  readonly #link: HttpLink;
  readonly #clock: Links['clock'];
  readonly #memory: Memory;
  readonly #fresh: boolean;
  #broken: HeadframeError | null = null;

  constructor(link: HttpLink, clock: Links['clock'], memory: Memory, options: ReadOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#memory = memory;
    this.#fresh = options.fresh === true;
  }

  async page(id: string): Promise<Reply> {
    const path = PAGES[id] ?? id;
    const request = `GET ${path}`;
    const remembered = this.#remembered(DOOR) ?? this.#remembered(request);
    if (remembered !== null) return { ...remembered, meta: { ...remembered.meta, id, request } };
    if (this.#broken !== null) return unasked(id, request, this.#clock.now(), this.#broken);

    const redact = id === 'http:miner_conf' ? { redact: withoutPasswords } : {};
    const reply = await askHttp(this.#link, this.#clock, { id, path, ...redact });
    const code = reply.error?.code ?? '';
    if (code.startsWith('link/')) this.#broken = reply.error;
    if (code.startsWith('auth/')) this.#memory.absent.set(DOOR, reply);
    if (code === 'support/unsupported') this.#memory.absent.set(request, reply);
    return reply;
  }

  /** A refusal holds for an hour, or until somebody asks afresh or gives the password that was wanted. */
  #remembered(key: string): Reply | null {
    const reply = this.#memory.absent.get(key);
    if (reply === undefined || this.#fresh || this.#clock.now() - reply.meta.at >= SLOW_MS) return null;
    return reply.error?.code === 'auth/required' && this.#link.hasCredentials ? null : reply;
  }
}

function unasked(id: string, request: string, at: number, error: HeadframeError): Reply {
  return { meta: { id, request, at, ms: 0, bytes: 0, repairs: [], error: error.summary }, doc: null, raw: null, error };
}

/** get_miner_conf.cgi holds the pool passwords in clear (protocols.md 2.3): no part of the house ever sees them. */
function withoutPasswords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPasswords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !/pass|pwd|pw$|secret|token/i.test(key))
      .map(([key, inner]) => [key, withoutPasswords(inner)]),
  );
}
