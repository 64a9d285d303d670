import { HeadframeError, type Links, type Memory, type ReadOptions, type Reply } from '@headframe/model';
import { slowFacts } from '@headframe/wire/cgminer';
import { PageVisit, withoutSecrets } from '@headframe/wire/http';
import { Fields } from '@headframe/wire/json';
import { CAPABILITIES_PATH } from './probe.ts';

/** By the names of their replies (protocols.md 10). */
const LIVE: Readonly<Record<string, string>> = {
  summary: '/summary',
  temps: '/temps',
  hashrate: '/hashrate',
  clocks: '/clocks',
};
const SLOW: Readonly<Record<string, string>> = { capabilities: CAPABILITIES_PATH, network: '/network' };
const SLOW_MS = 3_600_000;

/** What to ask: what changes at every poll, what the machine is once an hour. Reading takes no password. */
export async function readEpic(links: Links, memory: Memory, options: ReadOptions = {}): Promise<Map<string, Reply>> {
  const replies = new Map<string, Reply>();
  if (links.http === undefined) return replies;
  const { clock } = links;
  const visit = new PageVisit(links.http, clock, memory, options.fresh === true);
  const due = slowFacts.due(memory, Object.keys(SLOW), SLOW_MS, clock.now(), options);
  for (const [id, path] of Object.entries({ ...LIVE, ...SLOW })) {
    if (id in SLOW && !due.includes(id)) continue;
    // The configuration in /summary holds the pool passwords in clear.
    const redact = id === 'summary' ? { redact: withoutSecrets } : {};
    replies.set(id, asRefusal(await visit.page({ id, path, ...redact })));
  }
  return slowFacts.merge(memory, replies, Object.keys(SLOW));
}

/** A page that cannot be made is a 200 with `{"result":false,"error":"..."}`. */
function asRefusal(reply: Reply): Reply {
  const said = new Fields(reply.doc);
  if (said.bool('result') !== false) return reply;
  const text = said.str('error')?.slice(0, 200) ?? null;
  const vendor = text === null ? {} : { vendorText: text };
  const error = new HeadframeError('device/refused', { request: reply.meta.request, ...vendor });
  return { ...reply, meta: { ...reply.meta, error: error.summary }, doc: null, error };
}
