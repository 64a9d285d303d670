import { Fields } from '@headframe/wire/json';
import { type PoolDialect, TOKEN } from './pool-dialect.ts';
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
 * Braiins Pool, API of an access profile. Facts from academy.braiins.com/en/braiins-pool/monitoring and, under the older
 * names, help.braiins.com 77000433512 ("API configuration guide"):
 * - `GET https://pool.braiins.com/accounts/workers/json/btc/` with the header `Pool-Auth-Token` (before: SlushPool-Auth-Token);
 * - {"btc": {"workers": {"user.worker": {"state": "ok|low|off|dis", "last_share": epoch s, "hash_rate_unit": "Gh/s",
 *   "hash_rate_scoring", "hash_rate_5m", "hash_rate_60m", "hash_rate_24h", "shares_5m", "shares_60m", "shares_24h"}}}};
 * - one request in five seconds; who asks more often is ignored, and banned when it goes on.
 *
 * ASSUMED
 * | some replies have the workers directly, without "btc" or "workers" around them | all three forms are read        |
 * | `last_share` is null or 0 for a worker that never sent one                      | told as: no share of it         |
 * | `shares_24h` is what was accepted in the last day, in its own measure           | told as accepted                |
 */

export const braiinsPool: PoolDialect = {
  id: 'braiins-pool',
  title: 'Braiins Pool',
  url: 'https://pool.braiins.com',
  token: 'needed',
  request: () => ({ method: 'GET', path: '/accounts/workers/json/btc/', headers: { 'Pool-Auth-Token': TOKEN } }),
  read: (doc, account, now) => {
    const outer = recordOf(doc);
    const coin = recordOf(outer?.btc) ?? outer;
    const workers = recordOf(coin?.workers);
    const rows = Object.entries(workers ?? coin ?? {}).flatMap(([name, record]): WorkerRow<Fields>[] => {
      const fields = new Fields(record);
      // Without "workers" around them only what looks like a worker is one.
      const isWorker = workers === null ? fields.has('last_share') : recordOf(record) !== null;
      return isWorker ? [{ name, record: fields }] : [];
    });
    if (workers === null && rows.length === 0) return strangeReply(account, complaintOf(doc) ?? 'no "workers"');
    const found = rowsOf(rows, account);
    if (found === 'unknown') return unknownWorker(account, othersKnown(rows.length));
    if ('notSeen' in found) return found;
    const worker = found[0]?.record ?? new Fields(null);
    const unit = worker.str('hash_rate_unit') ?? 'Gh/s';
    const lastShare = worker.has('last_share') ? timeOf(worker.raw('last_share') ?? 0) : 'missing';
    return knownWorker(account, lastShare, now, {
      hashrateHs: hashrateOf(worker.raw('hash_rate_5m'), unit) ?? hashrateOf(worker.raw('hash_rate_scoring'), unit),
      accepted: countOf(worker.raw('shares_24h')),
      rejected: null,
    });
  },
};
