import type { Memory, ReadOptions, Replies, Reply } from '@headframe/model';
import { first } from './reply.ts';

/**
 * Facts that change slowly (versions, MAC address, configuration) are asked now and then, not at every poll:
 * most of these machines are single-threaded, and each request costs them. Kept replies stay in the snapshot's
 * `replies` with their older `at`, so that the age of every value can be seen.
 */
export const slowFacts = {
  /** Which of these are to be asked now: never answered, older than `everyMs`, or asked for afresh. */
  due(memory: Memory, names: readonly string[], everyMs: number, now: number, options: ReadOptions): string[] {
    return names.filter((name) => {
      const kept = memory.kept.get(name);
      return options.fresh === true || kept === undefined || now - kept.meta.at >= everyMs;
    });
  },

  /** Keeps what came, and completes the replies with what is kept. A failed question does not undo an older answer. */
  merge(memory: Memory, replies: Map<string, Reply>, names: readonly string[]): Map<string, Reply> {
    for (const name of names) {
      const reply = replies.get(name);
      // Without the bytes, which a joined reply's parts share: they would be kept for an hour for one small part.
      if (reply !== undefined && reply.doc !== null) memory.kept.set(name, { ...reply, raw: null });
      const kept = memory.kept.get(name);
      if (kept !== undefined) replies.set(name, kept);
    }
    return replies;
  },

  /**
   * After a restart everything may be different (a firmware update restarts too): forget what was learned.
   * A restart shows as a start time that moved by more than the grain of `Elapsed` and the time on the way.
   */
  noticeRestart(memory: Memory, replies: Replies): void {
    const reply = replies.get('summary');
    const elapsedS = first(reply?.doc, 'SUMMARY').num('Elapsed');
    if (reply === undefined || elapsedS === null) return;
    const startedAt = reply.meta.at - elapsedS * 1000;
    const restarted = memory.startedAt !== null && startedAt - memory.startedAt > RESTART_GRAIN_MS;
    memory.startedAt = startedAt;
    if (!restarted) return;
    memory.kept.clear();
    memory.absent.clear();
    memory.refusedJoins.clear();
  },
};

const RESTART_GRAIN_MS = 5_000;
