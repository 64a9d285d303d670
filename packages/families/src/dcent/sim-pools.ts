import { ASSUMED } from './sim-assumed.ts';
import { lastShareS } from './sim-chains.ts';
import { type PoolEntry, poolsIn, withoutLogin } from './sim-config.ts';
import { float, type JsonRecord } from './sim-json.ts';
import type { DcentMachine } from './sim-machine.ts';
import { accept, type DcentReply } from './sim-reply.ts';
import { bestShare } from './sim-shares.ts';

/*
 * `pools` reads the configuration file, the miner works for what was in it when the daemon started. A pool that was
 * just written is shown at once, and until the restart with the counts of the pool that is really worked for.
 */

export function pools(machine: DcentMachine, now: number): DcentReply {
  const { run } = machine;
  const configured = poolsIn(machine.config);
  const current = run.session.currentPool(now);
  const live = run.pools[current ?? 0]?.url ?? '';
  // Without a pool in the file the one that the miner works for is told.
  const shown: readonly PoolEntry[] =
    configured.length > 0 ? configured : [run.pools[current ?? 0] ?? { url: '', worker: '', password: '' }];
  const same = shown.findIndex(({ url }) => live !== '' && url === live);
  const active = same >= 0 ? same : (current ?? 0);
  const status = run.pools.length === 0 ? 'none' : current === null ? 'away' : 'alive';
  return accept(7, 'Pools', {
    POOLS: shown.map((pool, place) =>
      place === active
        ? record(place, pool, ASSUMED.poolStatus[status], activeCounts(machine, now))
        : record(place, pool, 'Standby', STANDBY),
    ),
  });
}

interface Counts {
  readonly active: boolean;
  readonly accepted: number;
  readonly rejected: number;
  readonly lastShareS: number;
  readonly difficulty: number;
  readonly best: number;
}

const STANDBY: Counts = { active: false, accepted: 0, rejected: 0, lastShareS: 0, difficulty: 0, best: 0 };

/** Those of the machine, whichever pool they went to. */
function activeCounts(machine: DcentMachine, now: number): Counts {
  const { session } = machine.run;
  const { accepted, rejected, stale } = session.shares(now);
  const difficulty = session.currentPool(now) === null ? 0 : ASSUMED.difficulty;
  return {
    active: true,
    accepted,
    rejected: rejected + stale,
    lastShareS: lastShareS(machine, now),
    difficulty,
    best: bestShare(machine, now),
  };
}

const UNSUPPORTED_COUNTS = [
  'Getworks',
  'Works',
  'Discarded',
  'Stale',
  'Get Failures',
  'Remote Failures',
  'Diff1 Shares',
] as const;
const UNSUPPORTED_FLOATS = ['Difficulty Stale', 'Last Share Difficulty', 'Pool Rejected%', 'Pool Stale%'] as const;

function record(place: number, { url, worker }: PoolEntry, status: string, counts: Counts): JsonRecord {
  const shown = withoutLogin(url);
  return {
    POOL: place,
    URL: shown,
    Status: status,
    Priority: place,
    Quota: 1,
    'Long Poll': 'N',
    Accepted: counts.accepted,
    Rejected: counts.rejected,
    User: masked(worker),
    'Last Share Time': counts.lastShareS,
    'Proxy Type': '',
    Proxy: '',
    'Difficulty Accepted': float(counts.accepted),
    'Difficulty Rejected': float(counts.rejected),
    'Work Difficulty': float(counts.difficulty),
    'Has Stratum': true,
    'Stratum Active': counts.active && status === ASSUMED.poolStatus.alive,
    'Stratum URL': shown,
    'Stratum Difficulty': float(counts.difficulty),
    'Has GBT': false,
    'Best Share': float(counts.best),
    ...Object.fromEntries(UNSUPPORTED_COUNTS.map((key) => [key, 0])),
    ...Object.fromEntries(UNSUPPORTED_FLOATS.map((key) => [key, float(0)])),
    _DCENTUnsupported: [
      ...UNSUPPORTED_COUNTS,
      ...UNSUPPORTED_FLOATS,
      'Has GBT',
      ...(counts.active ? [] : ['Best Share']),
    ],
    _DCENTFieldSources: { User: 'config[pool*].worker, masked', Priority: 'slot in config' },
  };
}

/** Shorter names are shown whole. */
const MASKED_FROM = 12;

/** The name of a worker as it is shown: a long one, which may be a wallet, by its first six and last four letters. */
function masked(worker: string): string {
  const letters = [...worker];
  if (new TextEncoder().encode(worker).length < MASKED_FROM || letters.length < MASKED_FROM) return worker;
  return `${letters.slice(0, 6).join('')}…${letters.slice(-4).join('')}`;
}
