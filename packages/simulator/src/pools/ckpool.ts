import { ASSUMED } from './assumed.ts';
import { epochS, lastShareOf, type PoolBooks, type PoolDialect, type PoolReply, sumOf } from './dialect.ts';
import type { Worker } from './ledger.ts';

/*
 * ckpool writes a file for each user once a minute, and a web server hands it out: `/users/<address>`.
 * Source: `statsupdate`, `worker_stats`, `user_by_workername` and `suffix_string` in ckpool's own stratifier.c and
 * libckpool.c (git repository ckolivas/ckpool); the names `lastshare`, `authorised`, `bestever` and the list `worker`
 * from files of solo.ckpool.org as parsers published them.
 */

/** ckpool splits a name at the first dot or underscore. */
const userOf = (name: string): string => name.split(/[._]/, 1)[0] || name;

const SUFFIXES = ['', 'K', 'M', 'G', 'T', 'P', 'E'] as const;

/**
 * A rate as `suffix_string` prints it with `%.3g`: `110T`, `4.57G`, a whole number below a thousand, and `1e+03T` just
 * below the next suffix.
 */
export function suffixed(hs: number): string {
  let power = 0;
  while (power < SUFFIXES.length - 1 && hs >= 1000 ** (power + 1)) power++;
  if (power === 0) return String(Math.floor(hs));
  const three = Number((hs / 1000 ** power).toPrecision(3));
  return (three >= 1000 ? '1e+03' : String(three)) + SUFFIXES[power];
}

const WINDOWS = {
  hashrate1m: 60,
  hashrate5m: 300,
  hashrate1hr: 3600,
  hashrate1d: 86_400,
  hashrate7d: 604_800,
} as const;

const rates = (workers: readonly Worker[], at: number): Record<string, string> =>
  Object.fromEntries(
    Object.entries(WINDOWS).map(([name, windowS]) => [
      name,
      suffixed(sumOf(workers, (worker) => worker.hashrateHs(at, windowS))),
    ]),
  );

/** `shares` is the sum of their difficulties, not their number. */
function counts(workers: readonly Worker[], books: PoolBooks) {
  const best = Math.max(0, ...workers.map(({ bestShare }) => bestShare));
  return {
    lastshare: epochS(books, lastShareOf(workers)),
    shares: Math.round(sumOf(workers, ({ work }) => work)),
    bestshare: best,
    bestever: Math.floor(best),
  };
}

function userFile(user: string, books: PoolBooks): PoolReply {
  const { at } = books;
  const workers = books.workers.filter(({ name }) => userOf(name) === user);
  if (workers.length === 0) return { status: 404, body: NOT_FOUND, contentType: 'text/html' };
  const { lastshare, shares, bestshare, bestever } = counts(workers, books);
  const file = {
    ...rates(workers, at),
    lastshare,
    workers: workers.filter((worker) => worker.isWithin(at, ASSUMED.ckpool.connectedS)).length,
    shares,
    bestshare,
    bestever,
    authorised: epochS(books, Math.min(...workers.map(({ since }) => since))),
    worker: workers
      .filter((worker) => worker.isWithin(at, ASSUMED.ckpool.listedS))
      .map((worker) => ({ workername: worker.name, ...rates([worker], at), ...counts([worker], books) })),
  };
  return { status: 200, body: `${JSON.stringify(file, null, 1)}\n`, contentType: ASSUMED.ckpool.contentType };
}

const NOT_FOUND = '<html>\n<head><title>404 Not Found</title></head>\n<body><h1>404 Not Found</h1></body>\n</html>\n';

export const ckpool: PoolDialect = {
  // 32 times 1,875 ms (`statsupdate`).
  renewedEveryS: 60,
  unauthorized: {
    status: 401,
    body: '<html><body><h1>401 Authorization Required</h1></body></html>\n',
    contentType: 'text/html',
  },
  answer: ({ method, segments: [folder, user, ...more] }, books) =>
    method === 'GET' && folder === 'users' && user !== undefined && more.length === 0
      ? userFile(user, books)
      : { status: 404, body: NOT_FOUND, contentType: 'text/html' },
};
