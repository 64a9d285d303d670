import { HeadframeError, type Links, type Memory, type ReadOptions, type Reply, type TcpLink } from '@headframe/model';
import { type ReadPlan, readCommands, slowFacts } from '@headframe/wire/cgminer';
import { askFrames, dataIn, recordsIn } from '@headframe/wire/whatsminer';
import { FROM_INFO, FROM_STATUS, INFO } from './dialect.ts';

/** Three connections a poll: two joins of two, as more are not taken, and `status`, which joins with nothing (3.1). */
const EVERY_POLL: readonly ReadPlan[] = [
  { joined: ['summary', 'pools'] },
  { joined: ['edevs', 'devs'] },
  { joined: ['status'] },
];

/** What changes slowly, each in a connection of its own, and how often it is asked, ms. */
const SLOW: Readonly<Record<string, number>> = {
  get_version: 3_600_000,
  get_miner_info: 3_600_000,
  get_psu: 300_000,
  get_error_code: 60_000,
};
const SLOW_NAMES = Object.keys(SLOW);

/** What is looked at for a change: kept under this name, which is no reply's. */
const LAST = 'last:summary';

/** Reads over port 4028 where it answers, else over 4433: a machine that has both is asked at one. */
export async function readWhatsminer(
  links: Links,
  memory: Memory,
  options: ReadOptions = {},
): Promise<Map<string, Reply>> {
  const { cgminer, whatsminer } = links;
  const older = cgminer === undefined ? null : await readV2(cgminer, links, memory, options);
  if (older !== null && (whatsminer === undefined || !isClosed(older))) return older;
  if (whatsminer === undefined) return new Map();
  const newer = await readV3(whatsminer, links);
  return older !== null && [...newer.values()].every(({ doc }) => doc === null) ? older : newer;
}

const isClosed = (replies: ReadonlyMap<string, Reply>): boolean => endsPoll(replies.get('summary'));

async function readV2(
  link: TcpLink,
  { clock }: Links,
  memory: Memory,
  options: ReadOptions,
): Promise<Map<string, Reply>> {
  const replies = new Map<string, Reply>();
  const ask = async (plan: ReadPlan): Promise<void> => {
    const broken = [...replies.values()].find(endsPoll)?.error ?? null;
    const names = [...plan.joined, ...(plan.single ?? []).map(({ id }) => id)];
    const came = broken === null ? await readCommands(link, plan, memory, clock) : null;
    for (const name of names) {
      const reply = came?.get(name) ?? notAsked(name, broken, clock.now());
      replies.set(name, reply);
    }
  };
  for (const plan of EVERY_POLL) await ask(plan);

  const changed = noticeChange(memory, replies);
  for (const name of SLOW_NAMES) {
    const now = changed && name !== 'get_miner_info' ? { ...options, fresh: true } : options;
    const due = slowFacts.due(memory, [name], SLOW[name] ?? 0, clock.now(), now);
    if (due.length > 0) await ask({ joined: [], single: [{ id: name, command: name }] });
  }
  slowFacts.merge(memory, replies, SLOW_NAMES);
  const saysModel = dataIn(replies.get('get_version')?.doc).has('miner_type');
  // Only where get_version does not say the model (before API 2.0.3), and once.
  if (!saysModel && slowFacts.due(memory, ['devdetails'], SLOW.get_version ?? 0, clock.now(), options).length > 0) {
    await ask({ joined: [], single: [{ id: 'devdetails', command: 'devdetails' }] });
  }
  return slowFacts.merge(memory, replies, saysModel ? [] : ['devdetails']);
}

/**
 * A device whose connection failed is left alone for the rest of the poll. Not where it answered: with the mining
 * program gone the machine says in words that nothing listens behind it (protocols.md 1.11), and `status` still tells.
 */
const endsPoll = (reply: Reply | undefined): boolean =>
  reply?.error?.code.startsWith('link/') === true && reply.error.code !== 'link/too-large' && reply.raw === null;

function notAsked(id: string, broken: HeadframeError | null, at: number): Reply {
  const error = broken ?? new HeadframeError('protocol/wrong-shape', { request: id, detail: 'no reply came' });
  return {
    meta: { id, request: id, at, ms: 0, bytes: 0, repairs: [], error: error.summary },
    doc: null,
    raw: null,
    error,
  };
}

/**
 * Whether the slow questions are to be asked at once: the miner restarted, or the number of errors moved, or it went
 * off or on.
 */
function noticeChange(memory: Memory, replies: ReadonlyMap<string, Reply>): boolean {
  const reply = replies.get('summary');
  const record = recordsIn(reply?.doc, 'SUMMARY')[0];
  if (reply === undefined || record === undefined) return false;
  const status = dataIn(replies.get('status')?.doc);
  const signs = {
    errors: record.str('Error Code Count'),
    off: status.str('mineroff') ?? status.str('btmineroff'),
    stable: record.str('Hash Stable'),
  };
  const before = memory.kept.get(LAST);
  const startedAt = memory.startedAt;
  // The builds that wrap the data have no SUMMARY for it to find.
  slowFacts.noticeRestart(
    memory,
    new Map([['summary', { ...reply, doc: { SUMMARY: [{ Elapsed: record.num('Elapsed') }] } }]]),
  );
  const restarted = before !== undefined && startedAt !== null && !memory.kept.has(LAST);
  memory.kept.set(LAST, { ...reply, doc: signs, raw: null });
  if (before === undefined) return false;
  return restarted || JSON.stringify(before.doc) !== JSON.stringify(signs);
}

/** Two questions over one connection (protocols.md 3.6). */
async function readV3(link: TcpLink, { clock }: Links): Promise<Map<string, Reply>> {
  const asked = await askFrames(link, clock, [
    { id: 'get.device.info', cmd: 'get.device.info' },
    { id: 'get.miner.status', cmd: 'get.miner.status', param: 'summary+pools+edevs' },
  ]);
  const replies = new Map<string, Reply>();
  const put = (reply: Reply | undefined, names: readonly string[]): void => {
    if (reply !== undefined) for (const name of names) replies.set(name, reply);
  };
  put(asked.get('get.device.info'), [INFO, ...FROM_INFO]);
  put(asked.get('get.miner.status'), FROM_STATUS);
  return replies;
}
