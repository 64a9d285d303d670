import { ASSUMED } from './assumed.ts';
import { iso, json, type PoolBooks, type PoolDialect, sumOf } from './dialect.ts';
import type { Worker } from './ledger.ts';
import { numberOf } from './own-numbers.ts';

/*
 * public-pool: `/api/client/<address>` and `/api/client/<address>/<worker>`, without a login.
 * Source: `src/controllers/client/client.controller.ts` of the git repository benjamin-wilson/public-pool, without what
 * newer versions add of payouts. An address that nobody uses is no error: it has no workers. Nothing counts shares there.
 */

/** `CLIENT_REPORT_ACTIVE_WINDOW_MS`: who was silent for longer is not listed. */
const ACTIVE_S = 30 * 60;
/** `hashRateLast10Minutes`. */
const RATE_S = 600;
/** A point of the chart stands for so long. */
const CHART_S = 600;
const CHART_POINTS = 144;

/** The name is cut at dots: address, worker, and what is behind is lost. */
function nameOf(worker: Worker): readonly [address: string, name: string] {
  const [address = '', name] = worker.name.split('.');
  return [address, name ?? ASSUMED.namelessWorker['public-pool']];
}

const active = (books: PoolBooks, address: string): readonly Worker[] =>
  books.workers.filter((worker) => nameOf(worker)[0] === address && worker.isWithin(books.at, ACTIVE_S));

const best = (workers: readonly Worker[]): number => Math.max(0, ...workers.map(({ bestShare }) => bestShare));

function client(address: string, books: PoolBooks) {
  const workers = active(books, address);
  return {
    bestDifficulty: best(books.workers.filter((worker) => nameOf(worker)[0] === address)),
    workersCount: workers.length,
    workers: workers.map((worker) => ({
      sessionId: numberOf('session', worker.name).toString(16).padStart(8, '0'),
      name: nameOf(worker)[1],
      bestDifficulty: worker.bestShare.toFixed(2),
      hashRate: worker.hashrateHs(books.at, RATE_S),
      startTime: iso(books, worker.since),
      lastSeen: iso(books, worker.lastShareAt ?? worker.since),
    })),
  };
}

/** All machines that call themselves so. */
function group(address: string, name: string, books: PoolBooks) {
  const workers = active(books, address).filter((worker) => nameOf(worker)[1] === name);
  const end = Math.floor(books.at / (CHART_S * 1000)) * CHART_S * 1000;
  return {
    name,
    bestDifficulty: Math.floor(best(workers)),
    chartData: Array.from({ length: CHART_POINTS }, (_, i) => {
      const at = end - (CHART_POINTS - 1 - i) * CHART_S * 1000;
      return { label: iso(books, at), data: sumOf(workers, (worker) => worker.hashrateHs(at, CHART_S)) };
    }).filter(({ data }) => data > 0),
  };
}

const notFound = (path: string) => json({ statusCode: 404, message: `Cannot GET ${path}`, error: 'Not Found' }, 404);

export const publicPool: PoolDialect = {
  unauthorized: json({ statusCode: 401, message: 'Unauthorized' }, 401),
  answer: ({ method, segments }, books) => {
    const [api, kind, address, name, ...more] = segments;
    const known = method === 'GET' && api === 'api' && kind === 'client' && more.length === 0;
    if (!known || address === undefined) return notFound(`/${segments.join('/')}`);
    return json(name === undefined ? client(address, books) : group(address, name, books));
  },
};
