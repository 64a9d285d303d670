/*
 * What no document and no recorded reply tells of these pools, and what was chosen instead.
 */
export const ASSUMED = {
  /** A worker without a part behind its account. Braiins Pool alone says what it makes of it: `[auto]`. */
  namelessWorker: { ocean: 'default', f2pool: 'default', luxor: 'default', 'public-pool': 'worker' },
  /** ckpool means shorten exponentially; here every rate is that of the shares within its window. */
  ckpool: {
    /** Counted among `workers` when a share came within this time: ckpool's own mark of an idle client, s. */
    connectedS: 600,
    /** Listed in `worker` when a share came within this time, s. */
    listedS: 7 * 86_400,
    /** A file without a name that ends in something: how web servers of such pools send it is not known. */
    contentType: 'text/plain',
  },
  braiinsPool: {
    /** `low` is a rate below a threshold that the owner set; here the hour is set against the day. */
    lowPart: 0.5,
    unauthorizedStatus: 401,
  },
  ocean: {
    /** Listed when a share came within this time, s: the longest of its windows. */
    listedS: 86_400,
    noSuchUserStatus: 404,
    /** Difficulty of the network, and satoshis of a block: estimates want some number. */
    networkDifficulty: 1.3e14,
    blockBtc: 3.125,
  },
  f2pool: {
    /** Offline and expired behind so many seconds without a share. */
    offlineS: 1800,
    expiredS: 86_400,
    unauthorizedStatus: 401,
  },
  luxor: {
    /** INACTIVE behind so many seconds without a share. */
    inactiveS: 900,
    /** `hashrate` of a worker is the mean of so many seconds. */
    rateS: 300,
    unauthorizedStatus: 401,
  },
  rateLimitedRetryS: 60,
  /** The best share is of the order of the work behind it, times some luck that a worker keeps. */
  luck: { least: 0.2, spread: 2 },
} as const;
