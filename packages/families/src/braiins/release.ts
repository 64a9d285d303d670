/*
 * A release of BraiinsOS is a year and a month, `25.07`, with a patch where there was one. The machine says it at the
 * end of a longer name: `2025-08-06-0-3881c51d-25.07-plus` (captures).
 */

export interface Release {
  /** As people say it: `25.07`, `25.05.1`. */
  readonly text: string;
  readonly year: number;
  readonly month: number;
  readonly patch: number;
}

const RELEASE = /(?:^|-)(\d{2})\.(\d{2})(?:\.(\d{1,3}))?(?:-|$)/;

/** The release in the machine's own name for its version; null where there is none, as in a nightly build. */
export function releaseIn(version: string | null): Release | null {
  const [match, year = '', month = '', patch = ''] = RELEASE.exec(version ?? '') ?? [];
  if (match === undefined) return null;
  const text = patch === '' ? `${year}.${month}` : `${year}.${month}.${patch}`;
  return { text, year: Number(year), month: Number(month), patch: Number(patch) };
}

/** @param since `24.09` or `25.05.1` */
export function isSince(release: Release, since: string): boolean {
  const [year = 0, month = 0, patch = 0] = since.split('.').map(Number);
  if (release.year !== year) return release.year > year;
  return release.month === month ? release.patch >= patch : release.month > month;
}
