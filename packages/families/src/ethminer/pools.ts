import { blankPool, type Pool, type Replies, type Reply } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import { splitUri } from './pool-uri.ts';
import type { RigStats } from './stats.ts';

export const CONNECTIONS = 'miner_getconnections';

/** One connection as the rig lists it. */
export interface Connection {
  readonly index: number;
  readonly uri: string;
  readonly active: boolean;
}

/** The connections that a reply tells, in its order; none where it is another reply. */
export function connectionsIn(reply: Pick<Reply, 'doc'> | undefined): Connection[] {
  return new Fields(reply?.doc).list('result').map((value, place) => {
    const record = new Fields(value);
    return {
      index: record.int('index') ?? place,
      uri: record.str('uri') ?? '',
      active: record.bool('active') ?? false,
    };
  });
}

/**
 * Whether a list that is kept is to be asked for again: it says that another connection is in use than the one that is
 * told at every poll.
 */
export function isOutdated(connections: readonly Connection[], stats: RigStats | null): boolean {
  // The older methods tell a host only, and not whether it is connected.
  if (stats?.uri == null || stats.connected === null || connections.length === 0) return false;
  return !connections.some(({ uri, active }) => active && uri === stats.uri);
}

export function poolsOf(replies: Replies, stats: RigStats | null, lastShareAt: number | null): Pool[] {
  const connections = connectionsIn(replies.get(CONNECTIONS));
  if (connections.length === 0) return inUse(stats, lastShareAt);
  return connections.map((connection) => {
    const { index, uri, active } = connection;
    const { url, worker } = splitUri(uri);
    return { ...blankPool(index), url, worker, ...(active ? used(stats, lastShareAt) : { active: false }) };
  });
}

/** Releases that have no list, and those that did not tell it: the one that is in use. */
function inUse(stats: RigStats | null, lastShareAt: number | null): Pool[] {
  if (stats?.uri == null) return [];
  const { url, worker } = splitUri(stats.uri);
  return [{ ...blankPool(0), url, worker, ...used(stats, lastShareAt) }];
}

function used(stats: RigStats | null, lastShareAt: number | null) {
  const connected = stats?.connected ?? null;
  const status = connected === null ? ('unknown' as const) : connected ? ('alive' as const) : ('dead' as const);
  return { active: true, status, difficulty: connected === false ? null : (stats?.difficulty ?? null), lastShareAt };
}
