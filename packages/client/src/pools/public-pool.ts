import { Fields } from '@headframe/wire/json';
import type { PoolDialect } from './pool-dialect.ts';
import { countOf, hashrateOf, type TimeRead, timeOf } from './pool-values.ts';
import {
  knownWorker,
  othersKnown,
  recordOf,
  rowsOf,
  strangeReply,
  unknownWorker,
  type WorkerRow,
} from './worker-rows.ts';

/*
 * public-pool (benjamin-wilson/public-pool), also as it runs in many houses. Facts from its source,
 * src/controllers/client/client.controller.ts:
 * - `GET api/client/:address` gives {bestDifficulty, workersCount, workers: [{sessionId, name, bestDifficulty, hashRate,
 *   startTime, lastSeen}]}, one entry per session: a worker that connected twice is there twice;
 * - `hashRate` is in H/s, `lastSeen` the time of the latest share, a date and so ISO text in JSON;
 * - only sessions of the last 30 minutes (CLIENT_REPORT_ACTIVE_WINDOW_MS) with a hashrate above 0 are listed: a worker
 *   that is dead for longer is not there, and an address without workers has an empty list, not a 404;
 * - `GET api/client/:address/:worker` has no lastSeen: the list is what must be asked;
 * - the API of public-pool.io is at https://public-pool.io:40557 (so in many public clients); of a pool in the house the
 *   URL must be given.
 *
 * ASSUMED
 * | older versions update `lastSeen` about once a minute, not at each share | an age is up to a minute too old         |
 * | a worker without a name is called `worker`                              | so it is looked for, where none is named |
 */

/** Sessions that were seen so long before the newest one are those of an earlier connection, ms. */
const SAME_TIME_MS = 300_000;

interface Session {
  readonly lastSeen: TimeRead;
  readonly hashrateHs: number | null;
}

const seenAt = ({ lastSeen }: Session): number => (typeof lastSeen === 'object' ? lastSeen.at : 0);

export const publicPool: PoolDialect = {
  id: 'public-pool',
  title: 'Public Pool',
  url: 'https://public-pool.io:40557',
  token: 'none',
  request: ({ account }) => ({ method: 'GET', path: `/api/client/${encodeURIComponent(account)}`, headers: {} }),
  read: (doc, account, now) => {
    const list = recordOf(doc)?.workers;
    if (!Array.isArray(list)) return strangeReply(account, 'no list "workers"');
    const rows = list.map((record: unknown): WorkerRow<Session> => {
      const fields = new Fields(record);
      const session = { lastSeen: timeOf(fields.raw('lastSeen')), hashrateHs: hashrateOf(fields.raw('hashRate')) };
      return { name: fields.str('name') ?? '', record: session };
    });
    const found = rowsOf(rows, account, ['worker']);
    if (found === 'unknown') {
      const others = othersKnown(new Set(rows.map((row) => row.name)).size);
      return unknownWorker(
        account,
        `it forgets one 30 min after its last share${others === null ? '' : `; ${others}`}`,
      );
    }
    if ('notSeen' in found) return found;
    const sessions = found.map((row) => row.record).sort((a, b) => seenAt(b) - seenAt(a));
    const newest = sessions[0];
    if (newest === undefined) return unknownWorker(account);
    const rates = sessions
      .filter((session) => seenAt(newest) - seenAt(session) <= SAME_TIME_MS)
      .flatMap(({ hashrateHs }) => (hashrateHs === null ? [] : [hashrateHs]));
    return knownWorker(account, newest.lastSeen, now, {
      hashrateHs: rates.length === 0 ? null : countOf(rates.reduce((sum, rate) => sum + rate, 0)),
      accepted: null,
      rejected: null,
    });
  },
};
