import { Fields } from '@headframe/wire/json';
import { type PoolDialect, plain } from './pool-dialect.ts';
import { countOf, hashrateOf, timeOf } from './pool-values.ts';
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
 * The pages that ckpool writes for each user, `/users/<address>`, as solo.ckpool.org and many private pools serve them.
 * Facts:
 * - a user's page has `hashrate1m` ... `hashrate7d` as text with a suffix (`"85.4T"`, `"0"`), `lastshare` in epoch
 *   seconds, `workers` as a count and the list `worker` with the same fields per `workername`: a page of eusolo.ckpool.org
 *   kept as a test input in a public parser of these pages (USER_1: lastshare 1751962081, worker[0].hashrate1hr "4.57G")
 *   and one of pool.nerdminers.org in BitMaker-hub/NerdMiner_v2#739;
 * - `lastshare` is the second of the last share: ckpool, src/stratifier.c, `client->last_share.tv_sec`;
 * - a user that never sent a share has no file, and the web server says 404.
 *
 * ASSUMED
 * | `shares` is the sum of difficulties of what was accepted, not a number of shares | told as accepted all the same |
 * | the list may be called `workers` in forks that put the count elsewhere          | both are read                  |
 * | names are `address.worker`, or `address_worker`                                  | both fit (`rowsOf`)            |
 */

export const ckpool: PoolDialect = {
  id: 'ckpool',
  title: 'ckpool (solo.ckpool.org and its like)',
  url: 'https://solo.ckpool.org',
  token: 'none',
  request: ({ account }) => ({ method: 'GET', path: `/users/${encodeURIComponent(account)}`, headers: {} }),
  read: (doc, account, now) => {
    const user = recordOf(doc);
    if (user === null) return strangeReply(account, 'no object');
    const list = [user.worker, user.workers].find(Array.isArray);
    if (list === undefined) return strangeReply(account, 'no list "worker"');
    const rows = list.map((record: unknown): WorkerRow<Fields> => {
      const fields = new Fields(record);
      return { name: fields.str('workername') ?? '', record: fields };
    });
    const found = rowsOf(rows, account);
    if (found === 'unknown') return unknownWorker(account, othersKnown(rows.length));
    if ('notSeen' in found) return found;
    const worker = found[0]?.record ?? new Fields(null);
    return knownWorker(account, timeOf(worker.raw('lastshare')), now, {
      hashrateHs:
        hashrateOf(worker.raw('hashrate5m')) ??
        hashrateOf(worker.raw('hashrate1m')) ??
        hashrateOf(worker.raw('hashrate1hr')),
      accepted: countOf(worker.raw('shares')),
      rejected: null,
    });
  },
  notFound: ({ account }) => ({ notSeen: `ckpool knows no user ${plain(account)} (HTTP 404)` }),
};
