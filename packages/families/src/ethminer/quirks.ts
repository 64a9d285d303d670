/** What is odd about a range of releases. `below` null: up to the last one, 0.19. */
export interface Quirk {
  readonly from: string | null;
  readonly below: string | null;
  readonly says: string;
}

/**
 * What differs between releases (protocols.md 5.1 to 5.7). Replies are read in every form wherever they come; this table
 * is what a person looks up, and what decides which methods there are.
 */
export const QUIRKS = {
  readOnly: {
    from: null,
    below: '0.15.0',
    says: 'the API has miner_getstat1, miner_getstathr, miner_restart and miner_reboot only',
  },
  withoutPools: {
    from: null,
    below: '0.16.0',
    says: 'no password, and no methods for connections, scrambler, single GPUs and verbosity',
  },
  withoutPrefix: {
    from: null,
    below: '0.16.0',
    says: 'the version is a bare number, without `ethminer-` before it',
  },
  withoutDetail: {
    from: null,
    below: '0.17.0',
    says: 'no miner_getstatdetail: a GPU that is paused does not say why',
  },
  olderShapes: {
    from: null,
    below: '0.18.0-alpha.3',
    says: 'miner_getstathr, and the older forms of miner_getstatdetail and miner_getscramblerinfo',
  },
  withoutUri: {
    from: null,
    below: '0.18.0-alpha.2',
    says: 'miner_setactiveconnection takes an index only',
  },
  shuffleForAll: {
    from: '0.15.0',
    below: '0.18.0-rc.0',
    says: 'miner_shuffle works in read-only mode too',
  },
  shortLines: {
    from: '0.18.0-alpha.3',
    below: null,
    says: 'lines and packets of up to three bytes hang the connection for good',
  },
  cutHashrate: {
    from: '0.18.0-alpha.3',
    below: null,
    says: 'hashrates in miner_getstatdetail are cut to 32 bits: over 4.29 GH/s they wrap',
  },
  longerLists: {
    from: '0.18.0-alpha.3',
    below: null,
    says: 'after miner_restart the lists per GPU of miner_getstat1 are longer by the number of GPUs',
  },
} as const satisfies Record<string, Quirk>;

/** Whether a release has a quirk; one that is not known is taken for the latest. */
export function hasQuirk(quirk: keyof typeof QUIRKS, version: string | null): boolean {
  const release = releaseOf(version) ?? LATEST;
  const { from, below }: Quirk = QUIRKS[quirk];
  const isBefore = (bound: string | null): boolean =>
    bound !== null && compare(release, releaseOf(bound) ?? LATEST) < 0;
  return !isBefore(from) && (below === null || isBefore(below));
}

const RELEASE = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?:-(alpha|beta|rc)\.(\d{1,4}))?/;
const STAGES = ['alpha', 'beta', 'rc'];
const RELEASED = STAGES.length;

/** Numbers that compare as the releases do: alpha, beta, rc, and then the release itself and its builds. */
function releaseOf(version: string | null): readonly number[] | null {
  const match = RELEASE.exec(version ?? '');
  if (match === null) return null;
  const [, major, minor, patch, stage, number] = match;
  const stageAt = stage === undefined ? RELEASED : STAGES.indexOf(stage);
  return [Number(major), Number(minor), Number(patch), stageAt, Number(number ?? 0)];
}

const LATEST: readonly number[] = [0, 19, 0, RELEASED, 0];

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) {
    const difference = value - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
