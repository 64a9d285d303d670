import type { Family, Gap, GapReason, Replies, Reply, Snapshot } from '@headframe/model';
import { valueAt } from '@headframe/model';

/**
 * The finished snapshot: what the family's map makes of the replies, and why the rest is not there.
 * @param address host, or `host:port` where not the family's own port
 */
export function snapshotOf(family: Family, replies: Replies, address: string): Snapshot {
  const mapped = family.map(replies, { address });
  const used = [...replies.values()];
  const snapshot: Snapshot = {
    schemaVersion: 1,
    address,
    at: used.reduce((latest, reply) => Math.max(latest, reply.meta.at), 0),
    ...mapped,
    gaps: [],
    replies: used.map((reply) => reply.meta),
  };
  snapshot.gaps = gapsOf(family, replies, snapshot);
  return snapshot;
}

/** The stronger reason wins where several replies feed one path: a failure says more than a question not asked. */
const STRENGTH: Record<GapReason, number> = { failed: 2, denied: 1, 'not-read': 0 };

function gapsOf(family: Family, replies: Replies, snapshot: Snapshot): Gap[] {
  const gaps = new Map<string, Gap>();
  for (const [name, paths] of Object.entries(family.feeds)) {
    const reply = replies.get(name);
    const reason = gapReason(reply);
    if (reason === null) continue;
    for (const path of paths.flatMap((p) => expand(snapshot, p))) {
      if (!isMissing(valueAt(snapshot, path))) continue;
      const known = gaps.get(path);
      if (known === undefined || STRENGTH[reason] > STRENGTH[known.reason as GapReason]) {
        gaps.set(path, { path, reason, error: reply?.error?.summary ?? null });
      }
    }
  }
  return [...gaps.values()];
}

/** Null: no gap. A command that the firmware does not have is "not exposed", which is no gap either. */
function gapReason(reply: Reply | undefined): GapReason | null {
  if (reply === undefined) return 'not-read';
  if (reply.doc !== null) return null;
  if (reply.error === null) return 'not-read';
  if (reply.error.code === 'support/unsupported') return null;
  return reply.error.code.startsWith('auth/') ? 'denied' : 'failed';
}

const isMissing = (value: unknown): boolean =>
  value === null || value === undefined || value === 'unknown' || (Array.isArray(value) && value.length === 0);

/** A path with a star is one path per element of that list: the voltage of each hashboard that the snapshot has. */
function expand(snapshot: Snapshot, path: string): string[] {
  const star = path.indexOf('/*');
  if (star < 0) return [path];
  const list = valueAt(snapshot, path.slice(0, star));
  if (!Array.isArray(list)) return [];
  return list.flatMap((_, index) => expand(snapshot, `${path.slice(0, star)}/${index}${path.slice(star + 2)}`));
}
