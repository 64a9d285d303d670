import { iso, json, type PoolBooks, type PoolDialect } from './dialect.ts';
import type { Worker } from './ledger.ts';

/*
 * A small JSON of the sort that people put beside a pool of their own: `/workers.json` with all, `/workers/<name>.json`
 * with one. No standard stands behind it: rates in TH/s, times as ISO 8601.
 */

const record = (worker: Worker, books: PoolBooks) => ({
  worker: worker.name,
  online: worker.isWithin(books.at, 600),
  hashrate_ths: Number((worker.hashrateHs(books.at, 600) / 1e12).toFixed(3)),
  accepted: worker.accepted,
  rejected: worker.rejected,
  last_share: worker.lastShareAt === null ? null : iso(books, worker.lastShareAt),
});

export const plain: PoolDialect = {
  unauthorized: json({ error: 'unauthorized' }, 401),
  answer: ({ method, segments: [first = '', second, ...more] }, books) => {
    if (method !== 'GET' || more.length > 0) return json({ error: 'not found' }, 404);
    if (first === 'workers.json' && second === undefined) {
      return json({ updated: iso(books, books.at), workers: books.workers.map((worker) => record(worker, books)) });
    }
    const name = first === 'workers' ? /^(.+)\.json$/.exec(second ?? '')?.[1] : undefined;
    const worker = books.workers.find((one) => one.name === name);
    return worker === undefined ? json({ error: 'not found' }, 404) : json(record(worker, books));
  },
};
