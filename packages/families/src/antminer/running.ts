import { HeadframeError, type Links, type Pool, type PoolSetting, type Reply, type Seen } from '@headframe/model';
import { askCommand, first } from '@headframe/wire/cgminer';
import { askHttp } from '@headframe/wire/http';
import { poolsOf } from './pools.ts';
import { hashes, num } from './view.ts';
import type { PageKind } from './web-page.ts';

/*
 * What the mining program does right now, for reading back: port 4028 first, which the factory settings allow to
 * everybody, else the web page.
 */

const PAGES = {
  newer: { summary: '/cgi-bin/summary.cgi', pools: '/cgi-bin/pools.cgi' },
  older: { summary: '/cgi-bin/miner_summary.cgi', pools: '/cgi-bin/miner_pools.cgi' },
} as const;

/** @throws HeadframeError why neither port tells it: while the program restarts, for one */
async function ask(links: Links, kind: PageKind | null, what: 'summary' | 'pools'): Promise<Reply> {
  const { cgminer, http, clock } = links;
  let failure: HeadframeError | null = null;
  if (cgminer !== undefined) {
    const reply = await askCommand(cgminer, clock, { id: what, command: what });
    if (reply.error === null) return reply;
    failure = reply.error;
  }
  if (http !== undefined && kind !== null) {
    const reply = await askHttp(http, clock, { id: what, path: PAGES[kind][what] });
    if (reply.error === null) return reply;
    failure ??= reply.error;
  }
  throw failure ?? new HeadframeError('link/refused', { detail: 'neither its port 4028 nor its web page is open' });
}

export interface Running {
  /** When the mining program started, epoch ms; null in sleep mode, which tells nothing (protocols.md 2.3). */
  readonly startedAt: number | null;
  readonly uptimeS: number | null;
  readonly hashing: boolean;
}

/** @throws HeadframeError as long as the machine does not tell */
export async function runningNow(links: Links, kind: PageKind | null): Promise<Running> {
  const reply = await ask(links, kind, 'summary');
  const summary = first(reply.doc, 'SUMMARY');
  const uptimeS = num(summary, 'Elapsed', 'elapsed');
  return { startedAt: uptimeS === null ? null : reply.meta.at - uptimeS * 1000, uptimeS, hashing: hashes(summary) };
}

/** `Elapsed` counts whole seconds. */
const GRAIN_MS = 2_000;

export const startedSince = ({ startedAt }: Running, sentAt: number): boolean =>
  startedAt !== null && startedAt > sentAt - GRAIN_MS;

/** Whether the mining program has been started again. */
export async function lookForStart(links: Links, kind: PageKind | null, sentAt: number): Promise<Seen> {
  const running = await runningNow(links, kind);
  return { done: startedSince(running, sentAt), values: { minerUptimeS: running.uptimeS } };
}

/** The pools that are used, in the order of their numbers. */
export async function poolsNow(links: Links, kind: PageKind | null): Promise<Pool[]> {
  const reply = await ask(links, kind, 'pools');
  return poolsOf(new Map([['pools', reply]]))
    .filter(({ url }) => url !== null)
    .sort((a, b) => a.index - b.index);
}

/** Whether the machine works with exactly these pools, in this order. */
export async function lookForPools(links: Links, kind: PageKind | null, wanted: readonly PoolSetting[]): Promise<Seen> {
  const pools = await poolsNow(links, kind);
  return {
    done:
      pools.length === wanted.length &&
      wanted.every(({ url, worker }, i) => pools[i]?.url === url && pools[i]?.worker === worker),
    values: { pools: pools.map(({ url, worker, status }) => ({ url, worker, status })) },
  };
}
