import type { Links, Memory, ReadOptions, Reply } from '@headframe/model';
import { readCommands, slowFacts } from '@headframe/wire/cgminer';

/** Who it is and how it is set up: changes with a restart, which is noticed. */
const SLOW = ['version', 'config', 'devdetails', 'coin'];
const SLOW_MS = 3_600_000;

/**
 * Asked at every poll, in one connection with the slow ones that are due. `lcd` is small and alone says which pool is
 * really worked for (`protocols.md` 1.4); `notify` holds the faults; `stats` has the fans of those drivers that know any.
 */
const JOINED = ['summary', 'devs', 'pools', 'lcd', 'notify', 'stats'];

/** What to ask a machine that answers like cgminer: one connection a poll. */
export async function readCgminer(
  links: Links,
  memory: Memory,
  options: ReadOptions = {},
): Promise<Map<string, Reply>> {
  if (links.cgminer === undefined) return new Map();
  const due = slowFacts.due(memory, SLOW, SLOW_MS, links.clock.now(), options);
  const replies = await readCommands(links.cgminer, { joined: [...due, ...JOINED] }, memory, links.clock);
  for (const [name, reply] of replies) replies.set(name, withoutDevices(reply));
  slowFacts.noticeRestart(memory, replies);
  return slowFacts.merge(memory, replies, SLOW);
}

/** `No ASCs`, `No ASCs/PGAs`, `No PGAs` (`protocols.md` 1.6): the list is empty, and that is the answer. */
const NO_DEVICES: ReadonlySet<string> = new Set(['10', '56']);

function withoutDevices(reply: Reply): Reply {
  if (!NO_DEVICES.has(reply.error?.context.vendorCode ?? '')) return reply;
  return { ...reply, meta: { ...reply.meta, error: null }, doc: {}, error: null };
}
