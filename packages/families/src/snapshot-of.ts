import type { Family, Gap, GapReason, Replies, Reply, Snapshot } from '@headframe/model';

/**
 * The finished snapshot: what the family's map makes of the replies, and why the rest is not there.
 * @param address host, or `host:port` where not the family's own port
 */
export function snapshotOf(family: Family, replies: Replies, address: string): Snapshot {
  const mapped = family.map(replies, { address });
  // One reply can stand under two names.
  const used = [...new Set(replies.values())];
  const answers = used.filter((reply) => reply.doc !== null);
  const snapshot: Snapshot = {
    schemaVersion: 1,
    address,
    at: (answers.length > 0 ? answers : used).reduce((latest, reply) => Math.max(latest, reply.meta.at), 0),
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
  for (const { name, paths } of feedsOf(family)) {
    const reply = replies.get(name);
    const reason = gapReason(reply);
    if (reason === null) continue;
    // One for all its gaps: an error is dear to make, and a fleet keeps thousands of gaps.
    const error = reply?.error?.with({ address: snapshot.address }).summary ?? null;
    for (const keys of paths) {
      eachMissing(snapshot, keys, 0, '', (path) => {
        const known = gaps.get(path);
        if (known === undefined || STRENGTH[reason] > STRENGTH[known.reason as GapReason]) {
          gaps.set(path, { path, reason, error });
        }
      });
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

interface Feed {
  readonly name: string;
  readonly paths: readonly (readonly string[])[];
}

/** The `feeds` of a family with its paths taken apart once: this runs at every poll of every machine. */
const compiled = new WeakMap<Family, readonly Feed[]>();

function feedsOf(family: Family): readonly Feed[] {
  let feeds = compiled.get(family);
  if (feeds === undefined) {
    feeds = Object.entries(family.feeds).map(([name, paths]) => ({
      name,
      paths: paths.map((path) => path.split('/').slice(1)),
    }));
    compiled.set(family, feeds);
  }
  return feeds;
}

/** Calls back with each path that leads to nothing. A star stands for each element; a missing hashboard has none. */
function eachMissing(at: unknown, keys: readonly string[], from: number, path: string, call: (path: string) => void) {
  const key = keys[from];
  if (key === undefined) {
    if (isMissing(at)) call(path);
  } else if (key === '*') {
    if (!Array.isArray(at)) return;
    for (let i = 0; i < at.length; i++) {
      if (!isMissingBoard(at[i])) eachMissing(at[i], keys, from + 1, `${path}/${i}`, call);
    }
  } else {
    const inner = at === null || typeof at !== 'object' ? undefined : (at as Record<string, unknown>)[key];
    if (Array.isArray(at) && (inner === undefined || isMissingBoard(inner))) return;
    eachMissing(inner, keys, from + 1, `${path}/${key}`, call);
  }
}

/** A hashboard that is not there exposes nothing, and that is said by its state. */
const isMissingBoard = (element: unknown): boolean => (element as { state?: unknown } | null)?.state === 'missing';

const isMissing = (value: unknown): boolean =>
  value === null || value === undefined || value === 'unknown' || (Array.isArray(value) && value.length === 0);
