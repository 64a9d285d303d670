/** What is odd about a range of API versions. `from` and `below` are versions of the API, not of the firmware. */
export interface Quirk {
  /** `null`: also where the version is not known. */
  readonly from: string | null;
  readonly below: string | null;
  readonly says: string;
}

/**
 * What differs between API versions (protocols.md 3.4). The reading takes every form wherever it comes; this table is
 * what a person looks up, and what decides where a form alone cannot.
 */
export const QUIRKS = {
  offLies: {
    from: null,
    below: '2.0.0',
    says: 'status says btmineroff "true" while the machine hashes at full rate (seen with API 1.4)',
  },
  poolsFromZero: {
    from: null,
    below: '1.4.0',
    says: 'POOL starts at 0 in the manual of V1.3.8, at 1 from API 1.4 on: it is a label',
  },
  wrappedData: {
    from: '2.0.5',
    below: null,
    says: 'some builds put what stood under SUMMARY, POOLS or DEVS into Msg, with code 131',
  },
  colonList: {
    from: '2.0.4',
    below: '2.0.5',
    says: 'get_error_code sends a list with colons, which is no JSON',
  },
  modelInDevdetails: {
    from: null,
    below: '2.0.3',
    says: 'get_version does not say the model; devdetails does',
  },
  clockDownByTen: {
    from: '1.0.0',
    below: '2.0.0',
    says: 'set_target_freq goes down to -10 % in the manual of V1.3.8, to -100 % from V2 on',
  },
  quotedVersion: {
    from: null,
    below: '2.0.0',
    says: 'Firmware Version stands in quotes of its own',
  },
  boardsInTerahash: {
    from: '2.2.2',
    below: null,
    says: 'on firmware of 2026 the rates of edevs are TH/s under names that say MH/s; those of summary are MH/s',
  },
} as const satisfies Record<string, Quirk>;

/** Whether a quirk is to be reckoned with on a machine of this API version. */
export function hasQuirk(name: keyof typeof QUIRKS, apiVersion: string | null): boolean {
  const { from, below } = QUIRKS[name] as Quirk;
  if (apiVersion === null) return from === null;
  const version = numbersOf(apiVersion);
  return (
    (from === null || compare(version, numbersOf(from)) >= 0) &&
    (below === null || compare(version, numbersOf(below)) < 0)
  );
}

const numbersOf = (version: string): number[] => version.split('.').map((part) => Number.parseInt(part, 10) || 0);

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The first number of an API version; 0 where it is not known. */
export const majorOf = (apiVersion: string | null): number => numbersOf(apiVersion ?? '0')[0] ?? 0;

/** `whatsminer v1.4.0` and `2.0.3` alike, as the numbers alone; null when there are none. */
export const versionIn = (said: string | null): string | null => /\d+(?:\.\d+)+/.exec(said ?? '')?.[0] ?? null;

/** `'20200725.18.REL'` with the inner quotes, and without (protocols.md 3.4). */
export const firmwareIn = (said: string | null): string | null => said?.replaceAll("'", '').trim() || null;
