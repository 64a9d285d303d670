import type { Links, Memory, ReadOptions, Reply } from '@headframe/model';
import { first, readCommands, slowFacts } from '@headframe/wire/cgminer';
import { macOf } from './identity.ts';
import { modulesOf } from './modules.ts';
import { MINER_INFO_ID, minerInfoReply } from './web-login.ts';

const VERSION_MS = 3_600_000;

/**
 * What to ask an Avalon: one connection a poll, never two at a time ("no concurrency", protocols.md 4).
 * `stats` can come without the long record; then `estats` or `litestats` have it. The web page is asked for what the
 * port does not tell, with the password that is known, once an hour.
 */
export async function readAvalon(links: Links, memory: Memory, options: ReadOptions = {}): Promise<Map<string, Reply>> {
  if (links.cgminer === undefined) return new Map();
  const { cgminer, clock } = links;
  const due = slowFacts.due(memory, ['version'], VERSION_MS, clock.now(), options);
  const joined = [...due, 'summary', 'pools', 'stats'];
  const replies = await readCommands(cgminer, { joined }, memory, clock);
  slowFacts.noticeRestart(memory, replies);

  for (const command of ['estats', 'litestats']) {
    if (replies.get('stats')?.doc == null || modulesOf(replies).length > 0) break;
    const more = await readCommands(cgminer, { joined: [command] }, memory, clock);
    for (const [id, reply] of more) replies.set(id, reply);
  }
  withoutPoolPasswords(replies);
  slowFacts.merge(memory, replies, ['version']);
  const version = replies.get('version');
  const told = version?.doc == null || macOf(first(version.doc, 'VERSION').str('MAC')) !== null;
  // A fresh read also shows whether the login is taken, which is asked for when those of the factory are tried.
  if (told && (version?.doc == null || options.fresh !== true)) return replies;
  const page = await minerInfoReply(links, memory, options);
  if (page !== null) replies.set(MINER_INFO_ID, page);
  return replies;
}

/** POOLS carries the pool's `Password` in clear: it goes no further than here (protocols.md 4). */
function withoutPoolPasswords(replies: Map<string, Reply>): void {
  const pools = replies.get('pools');
  if (pools?.doc == null) return;
  const doc = structuredCloneWithoutPassword(pools.doc);
  // The parts of a joined reply share its bytes, and the password is in them.
  for (const [id, reply] of replies)
    replies.set(id, id === 'pools' ? { ...reply, doc, raw: null } : { ...reply, raw: null });
}

function structuredCloneWithoutPassword(doc: unknown): unknown {
  if (Array.isArray(doc)) return doc.map(structuredCloneWithoutPassword);
  if (doc === null || typeof doc !== 'object') return doc;
  const kept = Object.entries(doc).filter(([key]) => key !== 'Password');
  return Object.fromEntries(kept.map(([key, value]) => [key, structuredCloneWithoutPassword(value)]));
}
