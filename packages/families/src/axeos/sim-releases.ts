/** A release of AxeOS, from what its version says. */
export interface Release {
  /** As the device says it: `v2.9.0`. */
  readonly version: string;
  /** The second number: 4 to 15. */
  readonly minor: number;
  readonly patch: number;
  readonly idfVersion: string;
}

/** The releases that are known; whatever is newer behaves as the last of them. */
const FIRST = 4;
const LAST = 15;

/** Null: no version of AxeOS. */
export function releaseOf(version: string, idfVersion?: string): Release | null {
  const [, minor, patch] = /^v2\.(\d{1,2})\.(\d{1,2})/.exec(version) ?? [];
  if (minor === undefined || patch === undefined || Number(minor) < FIRST) return null;
  const known = Math.min(Number(minor), LAST);
  return { version, minor: known, patch: Number(patch), idfVersion: idfVersion ?? (known < 11 ? 'v5.4' : 'v5.5.1') };
}
