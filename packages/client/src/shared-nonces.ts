import { overlappingSegments, segmentsOf } from '@headframe/families';
import type { FindingCode, Pool } from '@headframe/model';
import { hex64 } from '@headframe/wire/ethminer';
import type { Reading } from './miner.ts';

/** Rigs of GPUs that search the same nonces for one pool: what no rig shows by itself. */
export interface SharedNonces {
  readonly code: FindingCode;
  /** Host of the pool that they all work for. */
  readonly pool: string;
  /** Addresses of the rigs, each once. */
  readonly addresses: readonly string[];
  readonly overlaps: readonly {
    readonly addresses: readonly [string, string];
    /** The first nonce that both search, `0x` and 16 digits. */
    readonly from: string;
    /** How many in a row, in decimal: more than a number holds exactly. */
    readonly nonces: string;
  }[];
}

/**
 * Compares machines that were read (protocols.md 5.5): the rigs of each pool with one another, since at different pools
 * the same nonces are different work. A pool that gives each connection an extranonce keeps its rigs apart whatever they
 * tell, and none of them tells whether it does. Of a reading only the segments are kept.
 */
export class NonceComparison {
  readonly #byPool = new Map<string, Map<string, Segments>>();

  /** A machine that tells no segments, or no pool that it works for, is not compared; one that was read twice counts once. */
  add({ snapshot, replies }: Reading): void {
    const segments = segmentsOf(replies);
    const pool = hostOf(snapshot.pools.find(({ active }) => active === true));
    if (segments === null || pool === null) return;
    const rigs = this.#byPool.get(pool) ?? new Map();
    this.#byPool.set(pool, rigs.set(snapshot.address, segments));
  }

  /** One for each pool at which segments overlap. */
  shared(): SharedNonces[] {
    return [...this.#byPool].flatMap(([pool, rigs]) => {
      const named = [...rigs].map(([name, segments]) => ({ name, segments }));
      const overlaps = overlappingSegments(named).map(({ rigs: addresses, from, nonces }) => ({
        addresses,
        from: hex64(from),
        nonces: String(nonces),
      }));
      if (overlaps.length === 0) return [];
      const addresses = [...new Set(overlaps.flatMap((overlap) => overlap.addresses))];
      return [{ code: 'nonce.segments-overlap' as const, pool, addresses, overlaps }];
    });
  }
}

type Segments = NonNullable<ReturnType<typeof segmentsOf>>;

/** Several ports of a host are one pool. */
function hostOf(pool: Pool | undefined): string | null {
  const [, host = null] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(\[[^\]]+\]|[^:/?#]+)/i.exec(pool?.url ?? '') ?? [];
  return host?.toLowerCase() ?? null;
}
