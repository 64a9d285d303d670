import type { Links, Memory, ReadOptions, Reply } from '@headframe/model';
import { readCommands, slowFacts } from '@headframe/wire/cgminer';

const VERSION_MS = 3_600_000;

/** What to ask: one connection a poll, with the version once an hour and after a restart. */
export async function readSealminer(
  links: Links,
  memory: Memory,
  options: ReadOptions = {},
): Promise<Map<string, Reply>> {
  if (links.cgminer === undefined) return new Map();
  const { cgminer, clock } = links;
  const version = slowFacts.due(memory, ['version'], VERSION_MS, clock.now(), options);
  const replies = await readCommands(cgminer, { joined: [...version, 'summary', 'stats', 'pools'] }, memory, clock);
  slowFacts.noticeRestart(memory, replies);
  return slowFacts.merge(memory, replies, ['version']);
}
