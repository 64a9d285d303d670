import { Fields } from '@headframe/wire/json';
import { type PoolAccount, type PoolDialect, type PoolRequest, TOKEN } from './pool-dialect.ts';
import { countOf, hashrateOf, timeOf } from './pool-values.ts';
import {
  complaintOf,
  knownWorker,
  recordOf,
  rowsOf,
  strangeReply,
  unknownWorker,
  type WorkerRow,
} from './worker-rows.ts';

/*
 * Luxor, REST. Facts from docs.luxor.tech/mining/api ("Get workers", v1 there and v2 beside it, the same fields):
 * - `GET https://app.luxor.tech/api/v2/pool/workers/BTC?subaccount_names=...&page_number=1&page_size=...`, the key in the
 *   header `authorization` as it is;
 * - {"currency_type", "subaccounts", "total_inactive", "total_active", "workers": [{"id", "subaccount_name", "name",
 *   "firmware", "hashrate", "efficiency", "stale_shares", "rejected_shares", "last_share_time": ISO text, "status":
 *   "ACTIVE"}], "pagination": {"page_number", "page_size", "item_count", "previous_page_url", "next_page_url"}};
 * - pages begin at 1; active are workers with a share in the last 2 min, dead those without one for 5 min
 *   (docs.luxor.tech/mining/monitoring).
 *
 * ASSUMED
 * | `hashrate` is in H/s, as `hashrate_5m` of the summary            | the example of the page is a placeholder       |
 * | 1,000 workers on a page are allowed (public clients ask for so)  | a smaller page is followed by the next one     |
 * | `rejected_shares` is a number of shares                          | told as rejected                               |
 */

const PAGE = 1000;
/** Pages that are asked for at the most: 8,000 workers. */
const MOST_PAGES = 8;

const page = ({ account }: PoolAccount, number: number): PoolRequest => ({
  method: 'GET',
  path: `/api/v2/pool/workers/BTC?subaccount_names=${encodeURIComponent(account)}&page_number=${number}&page_size=${PAGE}`,
  headers: { authorization: TOKEN },
});

const pageNumber = ({ path }: PoolRequest): number => Number(/page_number=(\d+)/.exec(path)?.[1] ?? 1);

export const luxor: PoolDialect = {
  id: 'luxor',
  title: 'Luxor',
  url: 'https://app.luxor.tech',
  token: 'needed',
  request: (account) => page(account, 1),
  read: (doc, account, now, asked) => {
    const outer = recordOf(doc);
    const list = outer?.workers;
    if (!Array.isArray(list)) return strangeReply(account, complaintOf(doc) ?? 'no list "workers"');
    const rows = list.flatMap((record: unknown): WorkerRow<Fields>[] => {
      const fields = new Fields(record);
      const owner = fields.str('subaccount_name');
      return owner === null || owner.toLowerCase() === account.account.toLowerCase()
        ? [{ name: fields.str('name') ?? '', record: fields }]
        : [];
    });
    const found = rowsOf(rows, account);
    const number = pageNumber(asked);
    const follows = new Fields(outer?.pagination).str('next_page_url') !== null && list.length > 0;
    if (found === 'unknown' && follows && number < MOST_PAGES) return { next: page(account, number + 1) };
    if (found === 'unknown' && follows) {
      return {
        notSeen: `luxor has more workers than the ${number} pages that were read, and this one is on none of them`,
      };
    }
    if (found === 'unknown') return unknownWorker(account);
    if ('notSeen' in found) return found;
    const worker = found[0]?.record ?? new Fields(null);
    return knownWorker(account, timeOf(worker.raw('last_share_time')), now, {
      hashrateHs: hashrateOf(worker.raw('hashrate')),
      accepted: null,
      rejected: countOf(worker.raw('rejected_shares')),
    });
  },
};
