import type { Fields } from '@headframe/wire/json';

/** A release of AxeOS by its second number: 4 is v2.4. What can be set, and how, is decided by it (protocols.md 6.2 to 6.4). */
export type Release = number;

const OLDEST: Release = 4;
/** The newest that is known; later ones are taken for it. */
export const NEWEST: Release = 15;

export const releaseName = (release: Release): string => `v2.${release}`;

/** From a version such as `v2.4.5-3-gb5d1e36-dirty`; null for one that is not of this series. */
export function releaseOfVersion(version: string | null): Release | null {
  const [, major, minor] = /^v?(\d{1,3})\.(\d{1,3})/.exec(version ?? '') ?? [];
  if (major === undefined || minor === undefined) return null;
  if (Number(major) > 2) return NEWEST;
  return Number(major) === 2 && Number(minor) >= OLDEST ? Number(minor) : null;
}

/** What a release was the first to show, newest first (protocols.md 6.3). v2.5 added nothing. */
const FIRST_SHOWN: readonly (readonly [release: Release, key: string])[] = [
  [15, 'primaryPoolIndex'],
  [14, 'miningPaused'],
  [13, 'showNewBlock'],
  [12, 'resetReason'],
  [11, 'manualFanSpeed'],
  [10, 'minFanSpeed'],
  [9, 'axeOSVersion'],
  [8, 'expectedHashrate'],
  [7, 'temptarget'],
  [6, 'wifiRSSI'],
];

/** By its version, and where that is none (somebody's own build) by what it shows. */
export const releaseOf = (info: Fields): Release =>
  releaseOfVersion(info.str('version')) ?? FIRST_SHOWN.find(([, key]) => info.has(key))?.[0] ?? OLDEST;
