import { Fields } from '@headframe/wire/json';
import {
  type PoolAccount,
  type PoolAnswer,
  type PoolDialect,
  type PoolRequest,
  plain,
  workerName,
} from './pool-dialect.ts';
import { countOf, hashrateOf, timeOf } from './pool-values.ts';
import {
  complaintOf,
  knownWorker,
  othersKnown,
  recordOf,
  rowsOf,
  strangeReply,
  unknownWorker,
  type WorkerRow,
} from './worker-rows.ts';

/*
 * Ocean, https://api.ocean.xyz/v1, without a key. Facts from its list of methods as public clients cite it, and from
 * replies in their tests:
 * - `/statsnap/{username}[.{workername}]`: the latest snapshot of a user or of one worker: {"result": {"snap_ts",
 *   "shares_60s", "shares_300s", "hashrate_60s", "hashrate_300s", "lastest_share_ts", ...}}; it is spelled `lastest`;
 * - all numbers are text, times epoch seconds, hashrates H/s;
 * - `/userinfo_full/{username}`: {"result": {"user_full": {...}, "workers": [{"<workername>": snapshot}, ...]}};
 * - `/user_hashrate_full/{username}` has hashrates of workers, and no time of a share;
 * - {"error": "No such user or user has no active workers"} for what it does not know.
 *
 * ASSUMED
 * | a worker that is unknown or idle gets the same {"error"} or a 404   | then userinfo_full is asked, and decides   |
 * | `workers` may be an object by name, or name a list of one snapshot  | read as well                               |
 * | fields may stand without "result" around them, and `latest_share_ts`| read as well                               |
 * | `shares_300s` counts what was accepted in five minutes              | told as accepted                           |
 */

const ALL = '/v1/userinfo_full/';
const get = (path: string): PoolRequest => ({ method: 'GET', path, headers: {} });
const askAll = ({ account }: PoolAccount): PoolRequest => get(`${ALL}${encodeURIComponent(account)}`);
const isAll = (asked: PoolRequest): boolean => asked.path.startsWith(ALL);

export const ocean: PoolDialect = {
  id: 'ocean',
  title: 'Ocean',
  url: 'https://api.ocean.xyz',
  token: 'none',
  request: (account) =>
    account.worker === null ? askAll(account) : get(`/v1/statsnap/${encodeURIComponent(workerName(account))}`),
  read: (doc, account, now, asked) => {
    const outer = recordOf(doc);
    if (outer === null) return strangeReply(account, 'no object');
    const error = outer.error ? (complaintOf(doc) ?? 'an error') : null;
    if (error !== null && !/no such user|no active workers|not found/i.test(error)) {
      return { notSeen: `ocean says: ${error}` };
    }
    if (error !== null) return notThere(account, asked);
    const result = recordOf(outer.result) ?? outer;
    if (!isAll(asked)) return readSnapshot(new Fields(result), account, now);

    const rows = snapshotsOf(result.workers);
    if (rows === null) return strangeReply(account, 'no "workers"');
    const found = rowsOf(rows, account);
    if (found === 'unknown') return unknownWorker(account, othersKnown(rows.length));
    if ('notSeen' in found) return found;
    return readSnapshot(found[0]?.record ?? new Fields(null), account, now);
  },
  notFound: (account, asked) => notThere(account, asked),
};

/** One worker is asked for first; what all workers are says then whether it is the worker or the user that is unknown. */
function notThere(account: PoolAccount, asked: PoolRequest): PoolAnswer {
  if (!isAll(asked)) return { next: askAll(account) };
  if (account.worker === null) {
    return { notSeen: `ocean knows no user ${plain(account.account)}, or none with an active worker` };
  }
  return unknownWorker(account, 'there is no such user, or none of its workers is active');
}

function readSnapshot(snapshot: Fields, account: PoolAccount, now: number): PoolAnswer {
  const lastShare = snapshot.raw('lastest_share_ts') ?? snapshot.raw('latest_share_ts');
  return knownWorker(account, timeOf(lastShare), now, {
    hashrateHs: hashrateOf(snapshot.raw('hashrate_300s')) ?? hashrateOf(snapshot.raw('hashrate_60s')),
    accepted: countOf(snapshot.raw('shares_300s')),
    rejected: null,
  });
}

function snapshotsOf(workers: unknown): WorkerRow<Fields>[] | null {
  const single = recordOf(workers);
  const records = Array.isArray(workers) ? workers : single === null ? null : [single];
  if (records === null) return null;
  return records.flatMap((record: unknown) =>
    Object.entries(recordOf(record) ?? {}).map(([name, value]) => ({
      name,
      record: new Fields(Array.isArray(value) ? value[0] : value),
    })),
  );
}
