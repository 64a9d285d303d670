import { ASSUMED } from './assumed.ts';
import { epochS, json, ofAccount, type PoolBooks, type PoolDialect, type PoolReply, partsOf } from './dialect.ts';
import type { Worker } from './ledger.ts';

/*
 * F2Pool API v2: POST `/v2/hash_rate/worker/list` and `/v2/hash_rate/info` with `{"currency", "mining_user_name"}` and the
 * header `F2P-API-SECRET`.
 * Source: api.f2pool.com/v2/doc/en.html, as Go and JavaScript clients published its fields: rates in H/s, `last_share_at`
 * in epoch seconds, `status` 0 online, 1 offline, 2 expired; a refusal is `{"code", "msg"}` with status 200: 5001 for wrong
 * parameters, 5010 for an account that is not the key's. Nothing there counts shares.
 */

const CURRENCIES: ReadonlySet<string> = new Set(['bitcoin', 'bitcoin-cash', 'litecoin']);

const STATUS = { online: 0, offline: 1, expired: 2 } as const;

function statusOf(worker: Worker, at: number): number {
  if (worker.isWithin(at, ASSUMED.f2pool.offlineS)) return STATUS.online;
  return worker.isWithin(at, ASSUMED.f2pool.expiredS) ? STATUS.offline : STATUS.expired;
}

/** Of several, their sum. */
function rates(name: string, workers: readonly Worker[], at: number) {
  const sum = (windowS: number, part: (worker: Worker) => number = () => 1) =>
    workers.reduce((all, worker) => all + worker.hashrateHs(at, windowS) * part(worker), 0);
  const refused = ({ accepted, rejected }: Worker) => rejected / Math.max(1, accepted);
  return {
    name,
    hash_rate: sum(900),
    h1_hash_rate: sum(3600),
    h24_hash_rate: sum(86_400),
    h1_stale_hash_rate: sum(3600, refused),
    h24_stale_hash_rate: sum(86_400, refused),
    h24_delay_hash_rate: 0,
    local_hash_rate: 0,
    h24_local_hash_rate: 0,
  };
}

const workerList = (workers: readonly Worker[], books: PoolBooks) => ({
  workers: workers.map((worker) => ({
    hash_rate_info: rates(partsOf(worker.name).rig || ASSUMED.namelessWorker.f2pool, [worker], books.at),
    last_share_at: epochS(books, worker.lastShareAt),
    status: statusOf(worker, books.at),
    host: '127.0.0.1',
  })),
});

const refusal = (code: number, msg: string): PoolReply => json({ code, msg });

function parameters(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

export const f2pool: PoolDialect = {
  keyOf: ({ headers }) => headers['f2p-api-secret'] ?? null,
  unauthorized: json({ code: 401, msg: 'unauthorized' }, ASSUMED.f2pool.unauthorizedStatus),
  answer: ({ method, segments, body }, books) => {
    const path = segments.join('/');
    if (path !== 'v2/hash_rate/worker/list' && path !== 'v2/hash_rate/info') {
      return { status: 404, body: '404 page not found\n', contentType: 'text/plain' };
    }
    if (method !== 'POST') return { status: 405, body: 'Method Not Allowed\n', contentType: 'text/plain' };
    const { currency, mining_user_name: account } = parameters(body);
    if (typeof currency !== 'string' || !CURRENCIES.has(currency)) {
      return refusal(5001, `params error: currency=${JSON.stringify(currency ?? '')}`);
    }
    const workers = typeof account === 'string' ? ofAccount(books, account) : [];
    if (workers.length === 0) {
      return refusal(5010, `permission denied: permission denied name=${JSON.stringify(account ?? '')}`);
    }
    if (path === 'v2/hash_rate/worker/list') return json(workerList(workers, books));
    return json({ info: rates(String(account), workers, books.at), currency });
  },
};
