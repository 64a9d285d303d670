import type { Links, Memory, ReadOptions, Reply } from '@headframe/model';
import { readCommands, slowFacts } from '@headframe/wire/cgminer';

/** Who it is: changes with a restart, which is noticed. */
const SLOW = ['version', 'coin'];
const SLOW_MS = 3_600_000;

/**
 * Asked at every poll, in one connection with the slow ones that are due: joins are answered in one object under one
 * status (protocols.md 9), which the codec takes apart. `metrics` alone has the power. What else it reads repeats these
 * (`devdetails`, `healthchipget`, `notify`, `asccount`), is fixed text (`config`) or a log (`events`, `systemaudit`).
 */
const JOINED = ['summary', 'stats', 'devs', 'pools', 'metrics'];

/** What to ask a DCENT_OS machine: one connection a poll. */
export async function readDcent(
  { cgminer, clock }: Links,
  memory: Memory,
  options: ReadOptions = {},
): Promise<Map<string, Reply>> {
  if (cgminer === undefined) return new Map();
  const due = slowFacts.due(memory, SLOW, SLOW_MS, clock.now(), options);
  const replies = await readCommands(cgminer, { joined: [...due, ...JOINED] }, memory, clock);
  slowFacts.noticeRestart(memory, replies);
  return slowFacts.merge(memory, replies, SLOW);
}
