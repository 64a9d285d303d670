import type { Replies, Reply } from '@headframe/model';
import { NONCES, uint64 } from '@headframe/wire/ethminer';
import { Fields } from '@headframe/wire/json';

export const SCRAMBLER = 'miner_getscramblerinfo';

/**
 * Which nonces a rig searches: GPU i those from `startNonce + i * 2^width` on, 2^width of them, modulo 2^64
 * (protocols.md 5.5). Exact: never through a floating-point number.
 */
export interface RigSegments {
  readonly startNonce: bigint;
  /** Exponent of two. */
  readonly width: number;
  readonly gpus: number;
}

/** The nonce segments that a rig told, or null. Without GPUs it searches none. */
export const segmentsOf = (replies: Replies): RigSegments | null => segmentsIn(replies.get(SCRAMBLER));

export function segmentsIn(reply: Pick<Reply, 'doc'> | undefined): RigSegments | null {
  const result = new Fields(reply?.doc).sub('result');
  // From 0.18.0-alpha.3 on, and before it (5.7), where the list is absent without GPUs.
  const startNonce = uint64(result.raw('start_nonce')) ?? uint64(result.raw('noncescrambler'));
  const width = result.int('device_width') ?? result.int('segmentwidth');
  const gpus = result.int('device_count') ?? result.list('segments').length;
  if (startNonce === null || width === null || width < 0 || width > 64 || gpus < 0) return null;
  return { startNonce, width, gpus };
}

/** A rig under the name that a person knows. */
export interface NamedSegments {
  readonly name: string;
  readonly segments: RigSegments;
}

/** Two rigs that search the same nonces. */
export interface SegmentOverlap {
  readonly rigs: readonly [string, string];
  /** The first nonce of one of the runs that both search. */
  readonly from: bigint;
  /** How many there are in that run. */
  readonly nonces: bigint;
}

/**
 * The pairs of rigs whose segments overlap (protocols.md 5.5): work that is done twice.
 * This holds where the pool gives no extranonce. With one, the pool keeps the rigs apart, and what ethminer tells of its
 * segments says nothing. Rigs of different pools or jobs do not disturb each other either: give only those of one pool.
 */
export function overlappingSegments(rigs: readonly NamedSegments[]): SegmentOverlap[] {
  const sorted = rigs
    .filter(({ segments }) => segments.gpus > 0)
    .sort(({ segments: a }, { segments: b }) =>
      a.startNonce < b.startNonce ? -1 : a.startNonce > b.startNonce ? 1 : 0,
    );
  const found: SegmentOverlap[] = [];
  for (const [i, one] of sorted.entries()) {
    const length = lengthOf(one.segments);
    // Round the circle from here, until the first that begins behind the end of this one.
    for (let step = 1; step < sorted.length; step++) {
      const at = (i + step) % sorted.length;
      const other = sorted[at] as NamedSegments;
      const distance = (((other.segments.startNonce - one.segments.startNonce) % NONCES) + NONCES) % NONCES;
      if (distance >= length) break;
      // Two that begin together, or each within the other, are one pair.
      if (at < i && reaches(other.segments, one.segments)) continue;
      const left = length - distance;
      const theirs = lengthOf(other.segments);
      found.push({
        rigs: [one.name, other.name],
        from: other.segments.startNonce,
        nonces: left < theirs ? left : theirs,
      });
    }
  }
  return found;
}

/** How many nonces a rig covers; all there are at the most. */
function lengthOf({ width, gpus }: RigSegments): bigint {
  const length = BigInt(gpus) << BigInt(width);
  return length < NONCES ? length : NONCES;
}

/** Whether the second begins within what the first covers. */
const reaches = (first: RigSegments, second: RigSegments): boolean =>
  (((second.startNonce - first.startNonce) % NONCES) + NONCES) % NONCES < lengthOf(first);
