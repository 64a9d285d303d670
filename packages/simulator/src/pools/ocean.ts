import { ASSUMED } from './assumed.ts';
import { epochS, json, lastShareOf, ofAccount, type PoolBooks, type PoolDialect, partsOf, sumOf } from './dialect.ts';
import type { Worker } from './ledger.ts';

/*
 * OCEAN: `/v1/statsnap/<address>[.<worker>]`, `/v1/user_hashrate/<address>`, `/v1/user_hashrate_full/<address>` and
 * `/v1/userinfo_full/<address>`, without a login.
 * Source: ocean.xyz/docs/api as retold in the git repository Retropex/custom-ocean.xyz-dashboard, and fields that clients
 * published as read off live replies: everything in `{"result": ...}` or `{"error": ...}`, numbers as strings, epoch
 * seconds, H/s, `lastest_share_ts` in OCEAN's own spelling, shares of difficulty 1. In `user_hashrate_full` a worker's
 * name leads to a list of one object, without the time of its last share; in `userinfo_full` workers are a list of objects
 * with one name each.
 */

const WINDOWS = [60, 300, 600, 1800, 3600, 10_800, 43_200, 86_400] as const;
const NO_SUCH_USER = 'No such user or user has no active workers';

const whole = (value: number): string => value.toFixed(0);
const btc = (value: number): string => value.toFixed(8);

const rate = (workers: readonly Worker[], at: number, windowS: number): string =>
  whole(sumOf(workers, (worker) => worker.hashrateHs(at, windowS)));

const rates = (workers: readonly Worker[], at: number): Record<string, string> =>
  Object.fromEntries(WINDOWS.map((windowS) => [`hashrate_${windowS}s`, rate(workers, at, windowS)]));

function snapshot(type: 'user' | 'worker', workers: readonly Worker[], books: PoolBooks) {
  const { at } = books;
  const shares = (windowS: number) => whole(sumOf(workers, (worker) => worker.workWithin(at, windowS)));
  const earn = btc(
    (sumOf(workers, (worker) => worker.workWithin(at, 86_400)) / ASSUMED.ocean.networkDifficulty) *
      ASSUMED.ocean.blockBtc,
  );
  return {
    snap_type: type,
    snap_ts: whole(epochS(books, at)),
    shares_60s: shares(60),
    shares_300s: shares(300),
    hashrate_60s: rate(workers, at, 60),
    hashrate_300s: rate(workers, at, 300),
    lastest_share_ts: whole(epochS(books, lastShareOf(workers))),
    shares_in_tides: shares(86_400),
    estimated_earn_next_block: earn,
    estimated_bonus_earn_next_block: btc(0),
    estimated_total_earn_next_block: earn,
    estimated_payout_next_block: btc(0),
    unpaid: btc(0),
  };
}

const rigOf = ({ name }: Worker): string => partsOf(name).rig || ASSUMED.namelessWorker.ocean;

/** The counted workers of an address by their own names: two machines of one name are one worker. */
const listed = (books: PoolBooks, address: string): readonly Worker[] =>
  ofAccount(books, address).filter((worker) => worker.isWithin(books.at, ASSUMED.ocean.listedS));

const isActive = (worker: Worker, at: number): boolean => worker.workWithin(at, 300) > 0;

const QUESTIONS: Readonly<Record<string, (workers: readonly Worker[], books: PoolBooks) => unknown>> = {
  user_hashrate: (workers, books) => ({
    snap_ts: whole(epochS(books, books.at)),
    db_ts: whole(epochS(books, books.at)),
    ...rates(workers, books.at),
    active_worker_count: workers.filter((worker) => isActive(worker, books.at)).length,
    lastest_share_ts: whole(epochS(books, lastShareOf(workers))),
  }),
  user_hashrate_full: (workers, books) => ({
    snap_ts: whole(epochS(books, books.at)),
    user_hashrate: rates(workers, books.at),
    workers: Object.fromEntries(workers.map((worker) => [rigOf(worker), [rates([worker], books.at)]])),
  }),
  userinfo_full: (workers, books) => ({
    user_full: snapshot('user', workers, books),
    workers: workers.map((worker) => ({ [rigOf(worker)]: snapshot('worker', [worker], books) })),
  }),
};

export const ocean: PoolDialect = {
  unauthorized: json({ error: 'Unauthorized' }, 401),
  answer: ({ method, segments: [version, question = '', user, ...more] }, books) => {
    if (method !== 'GET' || version !== 'v1' || more.length > 0) return json({ error: 'Not found' }, 404);
    if (question === 'ping' && user === undefined) return { status: 200, body: 'PONG', contentType: 'text/plain' };
    const known = question === 'statsnap' || Object.hasOwn(QUESTIONS, question);
    if (!known || user === undefined) return json({ error: 'Not found' }, 404);
    const { account, rig } = partsOf(user);
    const all = listed(books, account);
    const workers = rig === null ? all : all.filter((worker) => rigOf(worker) === rig);
    if (workers.length === 0 || (rig !== null && question !== 'statsnap')) {
      return json({ error: NO_SUCH_USER }, ASSUMED.ocean.noSuchUserStatus);
    }
    const tell = QUESTIONS[question];
    return json({ result: tell?.(workers, books) ?? snapshot(rig === null ? 'user' : 'worker', workers, books) });
  },
};
