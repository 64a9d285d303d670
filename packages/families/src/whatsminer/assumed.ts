/** What no document says and no device has shown; each is a guess that the read-back shows to be right or wrong. */
export const ASSUMED = {
  /** `update_pools` always has its three places; one that is left empty takes the pool away that was there. */
  emptyPool: '',
  /** What `set.fan.*` and the other switches of port 4433 take as numbers, those of port 4028 take as text. */
  sealedFlag: (on: boolean): string => (on ? '1' : '0'),
  signedFlag: (on: boolean): number => (on ? 1 : 0),
} as const;
