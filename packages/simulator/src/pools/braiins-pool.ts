import { ASSUMED } from './assumed.ts';
import { epochS, json, type PoolBooks, type PoolDialect, partsOf, sumOf } from './dialect.ts';
import type { Worker } from './ledger.ts';

/*
 * Braiins Pool: `/accounts/workers/json/btc/` and `/accounts/profile/json/btc/`, with the token of an access profile.
 * Source: academy.braiins.com, Braiins Pool, Monitoring, API configuration (header `Pool-Auth-Token` or
 * `X-Pool-Auth-Token`; states ok, low, off, dis; rates in `hash_rate_unit`); the older page of help.braiins.com names
 * `SlushPool-Auth-Token`; published replies have `Gh/s` and four decimals. A worker without a name is `user.[auto]`.
 * The token is that of an account, and all workers are shown whose user it is; here it is that of all accounts.
 */

const UNIT_HS = 1e9;
const HEADERS = ['pool-auth-token', 'x-pool-auth-token', 'slushpool-auth-token', 'x-slushpool-auth-token'] as const;

const rate = (hs: number): number => Number((hs / UNIT_HS).toFixed(4));

function stateOf(worker: Worker, at: number): 'ok' | 'low' | 'off' {
  // "No hash rate detected": none in the shortest window.
  if (worker.workWithin(at, 300) === 0) return 'off';
  return worker.hashrateHs(at, 3600) < ASSUMED.braiinsPool.lowPart * worker.hashrateHs(at, 86_400) ? 'low' : 'ok';
}

function figures(workers: readonly Worker[], at: number) {
  const hs = (windowS: number): number => rate(sumOf(workers, (worker) => worker.hashrateHs(at, windowS)));
  // A share there is one of difficulty 1.
  const shares = (windowS: number): number => Math.round(sumOf(workers, (worker) => worker.workWithin(at, windowS)));
  return {
    hash_rate_unit: 'Gh/s',
    hash_rate_scoring: hs(3600),
    hash_rate_5m: hs(300),
    hash_rate_60m: hs(3600),
    hash_rate_24h: hs(86_400),
    shares_5m: shares(300),
    shares_60m: shares(3600),
    shares_24h: shares(86_400),
  };
}

const shown = ({ name }: Worker): string => {
  const { account, rig } = partsOf(name);
  return `${account}.${rig || '[auto]'}`;
};

const workers = (books: PoolBooks) => ({
  btc: {
    workers: Object.fromEntries(
      books.workers.map((worker) => [
        shown(worker),
        {
          state: stateOf(worker, books.at),
          last_share: epochS(books, worker.lastShareAt),
          ...figures([worker], books.at),
        },
      ]),
    ),
  },
});

function profile(books: PoolBooks) {
  const states = books.workers.map((worker) => stateOf(worker, books.at));
  const [first] = books.workers;
  return {
    username: first === undefined ? '' : partsOf(first.name).account,
    btc: {
      all_time_reward: '0.00000000',
      ...figures(books.workers, books.at),
      ...Object.fromEntries(
        (['low', 'off', 'ok', 'dis'] as const).map((state) => [
          `${state}_workers`,
          states.filter((one) => one === state).length,
        ]),
      ),
      current_balance: '0.00000000',
      today_reward: '0.00000000',
      estimated_reward: '0.00000000',
    },
  };
}

export const braiinsPool: PoolDialect = {
  keyOf: ({ headers }) => HEADERS.map((name) => headers[name]).find((value) => value !== undefined) ?? null,
  unauthorized: json({ detail: 'Unauthorized' }, ASSUMED.braiinsPool.unauthorizedStatus),
  answer: ({ method, segments }, books) => {
    const path = segments.join('/');
    if (method === 'GET' && path === 'accounts/workers/json/btc') return json(workers(books));
    if (method === 'GET' && path === 'accounts/profile/json/btc') return json(profile(books));
    return { status: 404, body: '<h1>Not Found</h1>\n', contentType: 'text/html' };
  },
};
