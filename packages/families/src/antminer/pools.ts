import { blankPool, type Pool, type PoolState, type Replies, type Reply, type Shares } from '@headframe/model';
import { lastShareAt, poolFrom, section, sharesFrom, sinceShare } from '@headframe/wire/cgminer';
import { type Fields, positive } from '@headframe/wire/json';

export function poolsOf(replies: Replies): Pool[] {
  const asked = replies.get('pools');
  // The older web page has them in get_miner_status.cgi too, which is asked where nothing else answers.
  const reply = asked !== undefined && asked.doc !== null ? asked : replies.get('http:status');
  if (reply === undefined) return [];
  return [...section(reply.doc, 'POOLS'), ...section(reply.doc, 'pools')].map((record, position) =>
    record.has('url') ? fromCgi(record, position, reply) : fromApi(record, position, reply),
  );
}

function fromApi(record: Fields, position: number, reply: Reply): Pool {
  const pool = poolFrom(record, position);
  pool.difficulty =
    positive(record.num('Stratum Difficulty')) ??
    positive(record.num('Work Difficulty')) ??
    difficultyOf(record.str('Diff'), record.num('Last Share Difficulty'));
  pool.lastShareAt = lastShareAt(record, reply, null);
  return pool;
}

const CGI_STATES: ReadonlyMap<string, PoolState> = new Map([
  ['alive', 'alive'],
  ['dead', 'dead'],
  ['unreachable', 'dead'],
  ['disabled', 'disabled'],
  ['rejecting', 'rejecting'],
]);

/** pools.cgi does not say which pool is in use. */
function fromCgi(record: Fields, position: number, reply: Reply): Pool {
  const since = sinceShare(record.str('lstime'));
  return {
    ...blankPool(record.int('index') ?? position),
    url: record.str('url'),
    worker: record.str('user'),
    status: CGI_STATES.get(record.str('status')?.toLowerCase() ?? '') ?? 'unknown',
    priority: record.int('priority'),
    accepted: record.int('accepted'),
    rejected: record.int('rejected'),
    stale: record.int('stale'),
    difficulty: difficultyOf(record.str('diff'), record.num('lsdiff')),
    lastShareAt: since === null ? null : reply.meta.at - since * 1000,
  };
}

/**
 * The pool's difficulty. `Diff` is rounded for people (`524K`); the difficulty of the last share is exact, and is the
 * one in force as long as it rounds to the same. Where it does not, the pool has changed it since the last share.
 */
export function difficultyOf(rounded: string | null, ofLastShare: number | null): number | null {
  const exact = positive(ofLastShare);
  const [, digits = '', decimals = '', suffix = ''] =
    /^(\d+)(?:\.(\d+))?([KMGTPE]?)$/.exec(rounded?.trim() ?? '') ?? [];
  if (digits === '') return exact;
  const scale = 1000 ** ' KMGTPE'.indexOf(suffix || ' ');
  const told = Number(`${digits}.${decimals || '0'}`) * scale;
  const grain = scale / 10 ** decimals.length;
  return exact !== null && Math.abs(exact - told) < grain ? exact : positive(told);
}

/**
 * The counters of SUMMARY. summary.cgi has none of them but the best share, and the pools count for themselves;
 * get_miner_status.cgi has them under small letters.
 */
export function sharesOf(summary: Fields, pools: readonly Pool[]): Shares {
  if (!summary.has('bestshare')) return sharesFrom(summary);
  const sum = (name: 'accepted' | 'rejected' | 'stale'): number | null =>
    pools.reduce<number | null>((total, pool) => (pool[name] === null ? total : (total ?? 0) + pool[name]), null);
  return {
    accepted: summary.int('accepted') ?? sum('accepted'),
    rejected: summary.int('rejected') ?? sum('rejected'),
    stale: summary.int('stale') ?? sum('stale'),
    sessionBestDifficulty: summary.num('bestshare'),
    bestDifficulty: null,
  };
}
