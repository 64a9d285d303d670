import { Fields } from '@headframe/wire/json';
import { type PoolAccount, type PoolAnswer, type PoolDialect, TOKEN } from './pool-dialect.ts';
import { hashrateOf, timeOf } from './pool-values.ts';
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
 * F2Pool. With a token version 2, without one version 1. Facts:
 * - v2 (api.f2pool.com/v2/doc/en.html): only POST with application/json, header `F2P-API-SECRET`, currency `bitcoin`;
 *   an error is {"code", "msg"}. `hash_rate/worker/list` takes {"mining_user_name", "currency"} and gives {"workers":
 *   [{"hash_rate_info": {"name", "hash_rate", "h1_hash_rate", "h24_hash_rate", "h1_stale_hash_rate", ...},
 *   "last_share_at": epoch s, "status": 0 online, 1 offline, 2 expired, "host"}]}, rates in H/s (types of public Go and
 *   JavaScript clients; tetherto/miningos-wrk-minerpool-f2pool);
 * - v1 (f2pool.com/developer/api): `GET /bitcoin/<user>` gives {"workers": [[name, hashrate, hashrate of 1 h, rejected of
 *   1 h, hashes of 24 h, stale of 24 h, time of the last share as ISO text, more]]}.
 *
 * ASSUMED
 * | `last_share_at` may be ISO text (so in tests of public clients)  | both are read                        |
 * | workers may stand in "data"                                       | read as well                         |
 * | a user that is unknown is an error with code and msg in v2        | told with its words                  |
 * | the "rejected" of v1 are hashes, no shares                        | not told as a number of shares       |
 */

interface Row {
  readonly lastShare: unknown;
  readonly hashrate: unknown;
}

export const f2pool: PoolDialect = {
  id: 'f2pool',
  title: 'F2Pool',
  url: 'https://api.f2pool.com',
  token: 'used',
  request: ({ account, token }) =>
    token === undefined
      ? { method: 'GET', path: `/bitcoin/${encodeURIComponent(account)}`, headers: {} }
      : {
          method: 'POST',
          path: '/v2/hash_rate/worker/list',
          headers: { 'Content-Type': 'application/json', 'F2P-API-SECRET': TOKEN },
          body: JSON.stringify({ mining_user_name: account, currency: 'bitcoin' }),
        },
  read: (doc, account, now) => {
    const outer = recordOf(doc);
    const list = [outer?.workers, recordOf(outer?.data)?.workers].find(Array.isArray);
    if (list === undefined) return refusal(doc, account);
    const rows = list.flatMap(rowOf);
    const found = rowsOf(rows, account);
    if (found === 'unknown') return unknownWorker(account, othersKnown(rows.length));
    if ('notSeen' in found) return found;
    const worker = found[0]?.record;
    return knownWorker(account, timeOf(worker?.lastShare), now, {
      hashrateHs: hashrateOf(worker?.hashrate),
      accepted: null,
      rejected: null,
    });
  },
};

function rowOf(record: unknown): WorkerRow<Row>[] {
  if (Array.isArray(record)) {
    const [name, hashrate] = record;
    return typeof name === 'string' ? [{ name, record: { lastShare: record[6], hashrate } }] : [];
  }
  const worker = new Fields(record);
  const info = new Fields(worker.raw('hash_rate_info'));
  const name = info.str('name') ?? worker.str('name') ?? '';
  return [{ name, record: { lastShare: worker.raw('last_share_at'), hashrate: info.raw('hash_rate') } }];
}

/** v2 has no list at all for a user without workers (`null` in Go), and its no's come with a code above or below 0. */
function refusal(doc: unknown, account: PoolAccount): PoolAnswer {
  const outer = new Fields(doc);
  if (outer.has('workers') && outer.raw('workers') === null) return unknownWorker(account);
  const said = complaintOf(doc);
  if (said === null) return strangeReply(account, 'no list "workers"');
  const code = outer.str('code')?.slice(0, 12) ?? null;
  return { notSeen: `f2pool says: ${said}${code === null ? '' : ` (code ${code})`}` };
}
