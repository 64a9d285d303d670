import { type LuxRecord, real, rounded } from './sim-json.ts';
import type { LuxosMachine } from './sim-machine.ts';
import { jobs } from './sim-records.ts';
import type { WorkGroup, WorkPool } from './sim-work.ts';

const BLOCK_VERSION = 0x2000_0000;

/** `00:57:33` */
function clockTime(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  return [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

const percent = (part: number, of: number) => rounded(of > 0 ? (100 * part) / of : 0, 4);

export function poolRecord(machine: LuxosMachine, now: number, pool: WorkPool): LuxRecord {
  const { work, run } = machine;
  const { url, user, group, difficulty } = pool;
  const shares = work.shares(now, { pool });
  const all = shares.accepted + shares.rejected + shares.stale;
  const active = work.isActive(now, pool);
  const last = work.lastShare(now, { pool })?.at ?? null;
  const used = active || all > 0;
  return {
    POOL: work.pools.indexOf(pool),
    GROUP: work.groups.indexOf(group),
    URL: url,
    User: user,
    // In the published reply every pool without a connection of its own is Dead, also one that was never tried.
    Status: !pool.enabled ? 'Disabled' : active ? 'Alive' : 'Dead',
    Priority: pool.priority,
    // A float, as the quota of a group is: taken to be that.
    Quota: real(group.quota),
    // Sic: not `Long Poll`.
    'Long Pool': 'N',
    Getworks: active ? jobs(machine, now) : 0,
    Accepted: shares.accepted,
    Rejected: shares.rejected,
    Works: 0,
    Discarded: 0,
    Stale: shares.stale,
    'Get Failures': 0,
    'Remote Failures': 0,
    // The time since the last share; of a pool that never had one, since the start (`protocols.md` 8).
    'Last Share Time': clockTime(last === null ? run.elapsedS(now) : (now - last) / 1000),
    Diff: used ? `${difficulty / 1024}K` : '0',
    'Diff1 Shares': all * difficulty,
    'Proxy Type': '',
    Proxy: '',
    'Difficulty Accepted': shares.accepted * difficulty,
    'Difficulty Rejected': shares.rejected * difficulty,
    'Difficulty Stale': shares.stale * difficulty,
    'Last Share Difficulty': last === null ? 0 : difficulty,
    'Work Difficulty': used ? difficulty : 0,
    'Has Stratum': true,
    'Stratum Active': active,
    'Stratum URL': url.replace(/^[^/]*\/\//, ''),
    'Stratum Difficulty': used ? difficulty : 0,
    AsicBoost: true,
    'Has Vmask': true,
    'Has GBT': false,
    // Never above the pool's own difficulty in the published reply.
    'Best Share': last === null ? 0 : difficulty,
    'Pool Rejected%': percent(shares.rejected, all),
    'Pool Stale%': percent(shares.stale, all),
    'Bad Work': 0,
    'Current Block Height': 0,
    'Current Block Version': used ? BLOCK_VERSION : 0,
  };
}

/** One group as Luxor's own tool shows it in its tests (LuxorLabs/luxos-tooling). */
export const groupRecord = (group: WorkGroup, number: number): LuxRecord => ({
  GROUP: number,
  Name: group.name,
  Quota: real(group.quota),
});
