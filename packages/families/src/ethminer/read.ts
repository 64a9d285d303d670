import type { Links, Memory, ReadOptions, Reply } from '@headframe/model';
import { slowFacts } from '@headframe/wire/cgminer';
import { Questions } from '@headframe/wire/ethminer';
import { versionIn } from './identity.ts';
import { CONNECTIONS, connectionsIn, isOutdated } from './pools.ts';
import { SCRAMBLER, segmentsIn } from './scrambler.ts';
import { type RigStats, STATS, statsIn } from './stats.ts';

const CONNECTIONS_MS = 300_000;
const SCRAMBLER_MS = 3_600_000;
/** Some releases tell their time in minutes. */
const RESTART_GRAIN_MS = 65_000;

/** Only the password counts: there is no user. */
export const passwordOf = ({ credentials }: Links): string | null => credentials?.password ?? null;

/**
 * One connection a poll, two requests one behind the other: miner_getstat1, which every release has, and the one that
 * tells the most. The list of connections and the scrambler are kept, until what is told at every poll does not fit to
 * them any more.
 */
export async function readEthminer(
  links: Links,
  memory: Memory,
  options: ReadOptions = {},
): Promise<Map<string, Reply>> {
  const { ethminer, clock } = links;
  const replies = new Map<string, Reply>();
  if (ethminer === undefined) return replies;
  const questions = new Questions(ethminer, clock, passwordOf(links));
  const ask = async (method: string): Promise<Reply> => {
    const reply = memory.absent.get(method) ?? (await questions.ask(method));
    if (reply.error?.code === 'support/unsupported') memory.absent.set(method, reply);
    replies.set(method, reply);
    return reply;
  };
  try {
    const list = await ask('miner_getstat1');
    noticeVersion(memory, list);
    const stats = await askStats(ask, list);
    replies.set(STATS, stats);
    noticeRestart(memory, stats);
    const told = statsIn(stats);
    const now = clock.now();
    for (const [method, everyMs] of [
      [CONNECTIONS, CONNECTIONS_MS],
      [SCRAMBLER, SCRAMBLER_MS],
    ] as const) {
      const again = { fresh: options.fresh === true || movedOn(memory.kept.get(method), told) };
      if (slowFacts.due(memory, [method], everyMs, now, again).length > 0) await ask(method);
    }
  } finally {
    questions.end();
  }
  return slowFacts.merge(memory, replies, [CONNECTIONS, SCRAMBLER]);
}

/** From 0.18 on miner_getstatdetail has it all, in 0.17 too; before, miner_getstathr has more than the list. */
async function askStats(ask: (method: string) => Promise<Reply>, list: Reply): Promise<Reply> {
  for (const method of ['miner_getstatdetail', 'miner_getstathr']) {
    const reply = await ask(method);
    if (reply.error?.code !== 'support/unsupported') return reply;
  }
  return list;
}

const VERSION = 'last:version';

/** Another release has other methods. */
function noticeVersion(memory: Memory, list: Reply): void {
  const version = versionIn(list.doc);
  if (version === null) return;
  if (versionIn(memory.kept.get(VERSION)?.doc) !== version) forget(memory);
  memory.kept.set(VERSION, { ...list, raw: null });
}

/** Pools that were added, and the scrambler, are gone with the process. */
function noticeRestart(memory: Memory, stats: Reply): void {
  const uptimeS = statsIn(stats)?.uptimeS ?? null;
  if (uptimeS === null) return;
  const startedAt = stats.meta.at - uptimeS * 1000;
  const version = memory.kept.get(VERSION);
  if (memory.startedAt !== null && startedAt - memory.startedAt > RESTART_GRAIN_MS) forget(memory);
  if (version !== undefined) memory.kept.set(VERSION, version);
  memory.startedAt = startedAt;
}

function forget(memory: Memory): void {
  memory.kept.clear();
  memory.absent.clear();
}

/** Somebody switched, or shuffled: what is told at every poll shows it. */
function movedOn(kept: Reply | undefined, told: RigStats | null): boolean {
  if (kept === undefined || told === null) return false;
  if (kept.meta.id === CONNECTIONS) return isOutdated(connectionsIn(kept), told);
  const start = told.gpus[0]?.startNonce ?? null;
  return start !== null && segmentsIn(kept)?.startNonce !== start;
}
