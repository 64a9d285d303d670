import type { Links, Memory, ReadOptions, Reply } from '@headframe/model';
import { slowFacts } from '@headframe/wire/cgminer';
import { PageVisit, withoutSecrets } from '@headframe/wire/http';
import { SYSTEM_INFO_PATH } from './probes.ts';
import { isHashing, sleeps } from './view.ts';

/** The pages by the names of their replies (protocols.md 2.3). */
const LIVE: Readonly<Record<string, string>> = {
  summary: '/cgi-bin/summary.cgi',
  stats: '/cgi-bin/stats.cgi',
  pools: '/cgi-bin/pools.cgi',
};
const SLOW: Readonly<Record<string, string>> = {
  system_info: SYSTEM_INFO_PATH,
  miner_conf: '/cgi-bin/get_miner_conf.cgi',
};
const SLOW_MS = 3_600_000;

/**
 * What to ask: three pages a poll, what the machine is once an hour. The configuration, which alone tells sleep from
 * trouble, also as long as nothing is hashed.
 */
export async function readElphapex(
  links: Links,
  memory: Memory,
  options: ReadOptions = {},
): Promise<Map<string, Reply>> {
  const replies = new Map<string, Reply>();
  if (links.http === undefined) return replies;
  const { clock } = links;
  const visit = new PageVisit(links.http, clock, memory, options.fresh === true);
  for (const [id, path] of Object.entries(LIVE)) replies.set(id, await visit.page({ id, path }));
  const due = slowFacts.due(memory, Object.keys(SLOW), SLOW_MS, clock.now(), options);
  for (const [id, path] of Object.entries(SLOW)) {
    const matters = id === 'miner_conf' && (!isHashing(replies) || sleeps(memory.kept));
    if (!matters && !due.includes(id)) continue;
    const redact = id === 'miner_conf' ? { redact: withoutSecrets } : {};
    replies.set(id, await visit.page({ id, path, ...redact }));
  }
  return slowFacts.merge(memory, replies, Object.keys(SLOW));
}
