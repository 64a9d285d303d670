import type { Links, Memory, ReadOptions, Reply } from '@headframe/model';
import { readCommands, section, slowFacts } from '@headframe/wire/cgminer';
import { doorsOf } from './doors.ts';

/**
 * Asked at every poll, in one connection. `config` is small and says whether the machine is asleep; `atm` has the power
 * target, `events` the complaints. Older firmware has neither of the two, and is not asked for them again.
 */
const JOINED = ['summary', 'stats', 'pools', 'devs', 'fans', 'temps', 'power', 'config', 'atm', 'events'];

/** 28 KB a board: chips and voltages are asked on the slow cadence, never in the poll of every few seconds. */
const SLOW_MS = 600_000;
const VERSION_MS = 3_600_000;

/** What to ask a LuxOS machine: one connection a poll, three more per board every ten minutes. */
export async function readLuxos(links: Links, memory: Memory, options: ReadOptions = {}): Promise<Map<string, Reply>> {
  const { cgminer, clock } = doorsOf(links).links;
  if (cgminer === undefined) return new Map();
  const versionDue = slowFacts.due(memory, ['version'], VERSION_MS, clock.now(), options);
  const replies = await readCommands(cgminer, { joined: [...versionDue, ...JOINED] }, memory, clock);
  slowFacts.noticeRestart(memory, replies);

  const boards = section(replies.get('devs')?.doc, 'DEVS').flatMap((dev) => dev.int('ASC') ?? []);
  const perBoard = boards.flatMap((board) => [`voltageget_${board}`, `healthchipget_${board}`]);
  const due = slowFacts.due(memory, perBoard, SLOW_MS, clock.now(), options);
  if (due.length > 0) {
    const single = due.map((id) => {
      const [command = '', parameter = ''] = id.split('_');
      return { id, command, parameter };
    });
    for (const [id, reply] of await readCommands(cgminer, { joined: [], single }, memory, clock)) {
      replies.set(id, id.startsWith('healthchipget_') ? { ...reply, doc: chipsOnly(reply.doc) } : reply);
    }
  }
  return slowFacts.merge(memory, replies, ['version', ...perBoard]);
}

/** What is read of a chip. A record has sixteen fields, a machine 231 chips, and the list is kept for ten minutes. */
const CHIP_FIELDS = ['Chip', 'Healthy', 'HashCount', 'Frequency', 'GHS 1m'];

function chipsOnly(doc: unknown): unknown {
  if (doc === null) return null;
  const chips = section(doc, 'CHIPS').map((chip) =>
    Object.fromEntries(CHIP_FIELDS.filter((name) => chip.has(name)).map((name) => [name, chip.raw(name)])),
  );
  return { ...(doc as object), CHIPS: chips };
}
