import { HeadframeError, type Links, type Memory, type ReadOptions, type Reply } from '@headframe/model';
import { readCommands, section, slowFacts } from '@headframe/wire/cgminer';
import { PageVisit, withoutSecrets } from '@headframe/wire/http';
import { monitorReply } from './monitor.ts';
import { isHashing, isSetToSleep, SYSTEM_INFO_PATH, saysPower } from './view.ts';

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

/** The older web page passes port 4028's own replies through (protocols.md 2.4), broken comma included. */
const OLDER_PAGES: Readonly<Record<string, string>> = {
  summary: '/cgi-bin/miner_summary.cgi',
  stats: '/cgi-bin/miner_stats.cgi',
  pools: '/cgi-bin/miner_pools.cgi',
};
/** And has one page of its own making, which says a little of everything. */
const STATUS_PAGE = '/cgi-bin/get_miner_status.cgi';

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
  if (links.http !== undefined) {
    await readPages(new PageVisit(links.http, clock, memory, options.fresh), links, replies, memory, options);
  }
  await readMonitor(links, replies, memory, options);
  return slowFacts.merge(memory, replies, ['version', ...SLOW_PAGES, 'monitor:sn']);
}

async function readPages(
  visit: PageVisit,
  { clock }: Links,
  replies: Map<string, Reply>,
  memory: Memory,
  options: ReadOptions,
): Promise<void> {
  const page = (id: string): Promise<Reply> => visit.page({ id, path: PAGES[id] ?? id, ...secretsOf(id) });
  const silent = ['summary', 'stats', 'pools'].every((name) => (replies.get(name)?.doc ?? null) === null);
  const complaints = await page('http:summary');
  replies.set('http:summary', complaints);
  if (silent && complaints.error?.code === 'support/unsupported') await readOlderPages(visit, replies);
  else if (silent) {
    for (const name of ['stats', 'pools']) {
      const reply = await page(name);
      // What port 4028 said stands unless the page knows better: it is why the page was asked.
      if (reply.doc !== null || !replies.has(name)) replies.set(name, reply);
      // One page, which then need not be asked a second time for its serial numbers.
      if (name === 'stats') replies.set('http:boards', reply);
    }
  }
  const due = slowFacts.due(memory, SLOW_PAGES, SLOW_MS, clock.now(), options);
  for (const name of SLOW_PAGES) {
    const changing =
      name === 'http:miner_conf' ? modeMatters(replies, memory) : name === 'http:boards' && showsPower(memory);
    if (!replies.has(name) && (changing || due.includes(name))) replies.set(name, await page(name));
  }
}

/** get_miner_conf.cgi holds the pool passwords in clear (protocols.md 2.3): no part of the house ever sees them. */
const secretsOf = (id: string) => (id === 'http:miner_conf' ? { redact: withoutSecrets } : {});

async function readOlderPages(visit: PageVisit, replies: Map<string, Reply>): Promise<void> {
  let told = false;
  for (const [name, path] of Object.entries(OLDER_PAGES)) {
    const reply = await visit.page({ id: name, path });
    told ||= reply.doc !== null;
    if (reply.doc !== null || !replies.has(name)) replies.set(name, reply);
  }
  if (!told) replies.set('http:status', withoutZeros(await visit.page({ id: 'http:status', path: STATUS_PAGE })));
}

/** While the mining program does not answer it, the page shows zeros (protocols.md 2.4): they are no reading. */
function withoutZeros(reply: Reply): Reply {
  const summary = (reply.doc as { summary?: { elapsed?: unknown } } | null)?.summary;
  if (reply.doc === null || Number(summary?.elapsed ?? 0) > 0) return reply;
  const { request } = reply.meta;
  const error = new HeadframeError('device/restarting', { request, detail: 'its mining program does not answer' });
  return { ...reply, meta: { ...reply.meta, error: error.summary }, doc: null, error };
}

/** While nothing is hashed, the configured mode tells sleep from trouble; after sleep it must be seen to have ended. */
const modeMatters = (replies: Map<string, Reply>, memory: Memory): boolean =>
  !isHashing(replies) || isSetToSleep(memory.kept);

/** Newer liquid-cooled machines tell their power on this page only. */
const showsPower = (memory: Memory): boolean =>
  section(memory.kept.get('http:boards')?.doc, 'STATS').some((record) => record.has('watt'));

/**
 * Port 6060. Its serial number once an hour; the power at every poll, but only on machines that tell it and nowhere
 * else; the warning in place of summary.cgi, where that cannot be asked. Not while the machine is silent: the service is
 * part of the mining program.
 */
async function readMonitor(
  links: Links,
  replies: Map<string, Reply>,
  memory: Memory,
  options: ReadOptions,
): Promise<void> {
  const asked = [...replies.values()];
  if (asked.length > 0 && asked.every(({ error }) => error?.code.startsWith('link/') === true)) return;
  const ask = async (id: string, page: 'sn' | 'warning' | 'power'): Promise<void> => {
    const reply = await monitorReply(links, memory, id, page, options.fresh);
    if (reply !== null) replies.set(id, reply);
  };
  if (slowFacts.due(memory, ['monitor:sn'], SLOW_MS, links.clock.now(), options).length > 0)
    await ask('monitor:sn', 'sn');
  if (!saysPower(replies)) await ask('monitor:power', 'power');
  if ((replies.get('http:summary')?.doc ?? null) === null) await ask('monitor:warning', 'warning');
}
