import { ASSUMED } from './assumed.ts';
import {
  iso,
  json,
  type PoolBooks,
  type PoolDialect,
  type PoolReply,
  type PoolRequest,
  partsOf,
  sumOf,
} from './dialect.ts';
import type { Worker } from './ledger.ts';
import { numberOf, uuidOf } from './own-numbers.ts';

/*
 * Luxor's REST API v2: GET `/api/v2/pool/workers/BTC` and `/api/v2/pool/summary/BTC`, with the key in `Authorization`.
 * Source: docs.luxor.tech, Mining, API v2, Reporting (get-workers, get-summary), as clients published its fields:
 * `last_share_time` as ISO 8601, rates in H/s, status ACTIVE or INACTIVE, 403 for a subaccount that the key does not see.
 * Pages have 10 workers unless told; the smallest `page_size` is 1, a largest one is not named, and clients ask for 1,000.
 * The key stands there as it is; clients with `Bearer` before it are served too. The older GraphQL API is not here. It
 * counts stale and rejected shares, not accepted ones.
 */

const PAGE = 10;

const subaccountOf = ({ name }: Worker): string => partsOf(name).account;
const rigOf = ({ name }: Worker): string => partsOf(name).rig || ASSUMED.namelessWorker.luxor;
const isActive = (worker: Worker, at: number): boolean => worker.isWithin(at, ASSUMED.luxor.inactiveS);

/** Part of its shares that counted, 0 to 1. */
const efficiency = (workers: readonly Worker[]): number => {
  const accepted = sumOf(workers, (worker) => worker.accepted);
  const all = accepted + sumOf(workers, (worker) => worker.rejected);
  return all === 0 ? 0 : Number((accepted / all).toFixed(4));
};

const subaccount = (name: string, books: PoolBooks) => ({
  id: numberOf('subaccount', name) % 1_000_000,
  name,
  site: { id: uuidOf('site', name), name: 'Site' },
  created_at: iso(books, Date.UTC(2024, 0, 1)),
  url: `/pool/subaccounts/${name}`,
});

/** A whole number from 1; null: it is none. */
function pageNumber(query: URLSearchParams, name: string, otherwise: number): number | null {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 1 ? value : null;
}

/** The workers of the subaccounts that are asked for, all without any; null: one that the key does not see. */
function wanted({ query }: PoolRequest, books: PoolBooks): readonly Worker[] | null {
  const names = query
    .getAll('subaccount_names')
    .flatMap((list) => list.split(','))
    .filter((name) => name !== '');
  const known = new Set(books.workers.map(subaccountOf));
  if (names.some((name) => !known.has(name))) return null;
  return names.length === 0 ? books.workers : books.workers.filter((worker) => names.includes(subaccountOf(worker)));
}

function workerPage(request: PoolRequest, all: readonly Worker[], books: PoolBooks): PoolReply {
  const { query, segments, origin } = request;
  const size = pageNumber(query, 'page_size', PAGE);
  const number = pageNumber(query, 'page_number', 1);
  if (size === null || number === null) return json({ error: 'invalid pagination' }, 400);
  const status = query.get('status');
  const workers = all.filter(
    (worker) => status === null || (isActive(worker, books.at) ? 'ACTIVE' : 'INACTIVE') === status,
  );
  const pageUrl = (page: number): string => {
    const search = new URLSearchParams(query);
    search.set('page_number', String(page));
    return `${origin}/${segments.join('/')}?${search}`;
  };
  const active = workers.filter((worker) => isActive(worker, books.at)).length;
  return json({
    currency_type: 'BTC',
    subaccounts: [...new Set(workers.map(subaccountOf))].map((name) => subaccount(name, books)),
    total_inactive: workers.length - active,
    total_active: active,
    workers: workers.slice((number - 1) * size, number * size).map((worker) => ({
      currency_type: 'BTC',
      id: uuidOf('worker', worker.name),
      subaccount_name: subaccountOf(worker),
      name: rigOf(worker),
      firmware: '',
      hashrate: Math.round(worker.hashrateHs(books.at, ASSUMED.luxor.rateS)),
      efficiency: efficiency([worker]),
      stale_shares: 0,
      rejected_shares: worker.rejected,
      last_share_time: iso(books, worker.lastShareAt ?? worker.since),
      status: isActive(worker, books.at) ? 'ACTIVE' : 'INACTIVE',
    })),
    pagination: {
      page_number: number,
      page_size: size,
      item_count: workers.length,
      previous_page_url: number > 1 ? pageUrl(number - 1) : null,
      next_page_url: number * size < workers.length ? pageUrl(number + 1) : null,
    },
  });
}

/** Rates of all together are texts, unlike those of a worker. */
function summary(workers: readonly Worker[], books: PoolBooks) {
  const hs = (windowS: number) => String(Math.round(sumOf(workers, (worker) => worker.hashrateHs(books.at, windowS))));
  return {
    currency_type: 'BTC',
    hashrate_5m: hs(300),
    hashrate_24h: hs(86_400),
    efficiency_5m: efficiency(workers),
    efficiency_24h: efficiency(workers),
    active_miners: workers.filter((worker) => isActive(worker, books.at)).length,
  };
}

export const luxor: PoolDialect = {
  keyOf: ({ headers }) => headers.authorization?.replace(/^Bearer /i, '') ?? null,
  unauthorized: json({ error: 'Unauthorized' }, ASSUMED.luxor.unauthorizedStatus),
  answer: (request, books) => {
    const [api, version, pool, question, currency, ...more] = request.segments;
    const known = api === 'api' && version === 'v2' && pool === 'pool' && more.length === 0;
    if (request.method !== 'GET' || !known || (question !== 'workers' && question !== 'summary')) {
      return json({ error: 'Not found' }, 404);
    }
    if (currency !== 'BTC') return json({ error: 'invalid currency type' }, 400);
    const workers = wanted(request, books);
    if (workers === null) return json({ error: 'Forbidden' }, 403);
    return question === 'workers' ? workerPage(request, workers, books) : json(summary(workers, books));
  },
};
