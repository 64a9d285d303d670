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
    for (const feed of paths) {
      forMissing(snapshot, feed, (path) => {
        const known = gaps.get(path);
        if (known === undefined || STRENGTH[reason] > STRENGTH[known.reason as GapReason]) {
          gaps.set(path, { path, reason, error });
        }
      });
    }
  }
  for (const text of family.unread?.(snapshot.identity) ?? []) {
    forMissing(snapshot, feedFrom(text), (path) => {
      if (!gaps.has(path)) gaps.set(path, { path, reason: 'not-read', error: null });
    });
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

/** A path taken apart. With a star it is a list, and what is looked for in each of its elements. */
interface Feed {
  readonly text: string;
  readonly keys: readonly string[];
  readonly each: readonly string[] | null;
}

/** The `feeds` of a family with its paths taken apart once: this runs at every poll of every machine. */
const compiled = new WeakMap<Family, readonly { name: string; paths: readonly Feed[] }[]>();

function feedsOf(family: Family): readonly { name: string; paths: readonly Feed[] }[] {
  let feeds = compiled.get(family);
  if (feeds === undefined) {
    feeds = Object.entries(family.feeds).map(([name, paths]) => ({ name, paths: paths.map(feedFrom) }));
    compiled.set(family, feeds);
  }
  return feeds;
}

function feedFrom(text: string): Feed {
  const [list = '', each] = text.split('/*');
  return { text: list, keys: keysOf(list), each: each === undefined ? null : keysOf(each) };
}

const keysOf = (path: string): string[] => path.split('/').slice(1);

/** Calls back with each path of a feed that leads to nothing. Texts are made only for those. */
function forMissing(snapshot: Snapshot, { text, keys, each }: Feed, call: (path: string) => void): void {
  const value = follow(snapshot, keys);
  if (each === null) {
    if (value !== NOT_THERE && isMissing(value)) call(text);
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      if (!isMissingBoard(value[i]) && isMissing(follow(value[i], each))) call(`${text}/${i}/${each.join('/')}`);
    }
  }
}

/** An element that a list does not have, or a hashboard that is missing: nothing was to be said of it. */
const NOT_THERE = Symbol('not there');

function follow(from: unknown, keys: readonly string[]): unknown {
  let at = from;
  for (const key of keys) {
    if (at === null || typeof at !== 'object') return undefined;
    const inner = (at as Record<string, unknown>)[key];
    if (Array.isArray(at) && (inner === undefined || isMissingBoard(inner))) return NOT_THERE;
    at = inner;
  }
  return at;
}

/** A hashboard that is not there exposes nothing, and that is said by its state. */
const isMissingBoard = (element: unknown): boolean => (element as { state?: unknown } | null)?.state === 'missing';

const isMissing = (value: unknown): boolean =>
  value === null || value === undefined || value === 'unknown' || (Array.isArray(value) && value.length === 0);
