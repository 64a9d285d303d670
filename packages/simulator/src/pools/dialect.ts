import type { Worker } from './ledger.ts';

/** A request to the statistics API of a pool. */
export interface PoolRequest {
  readonly method: string;
  /** Of the path, decoded, without empty ones. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `http://127.0.0.1:8080`, as it was asked. */
  readonly origin: string;
}

export interface PoolReply {
  readonly status: number;
  /** A text is sent as it is, anything else as JSON. */
  readonly body: unknown;
  /** `application/json` when left out. */
  readonly contentType?: string;
}

/** What the pool knows when it is asked. */
export interface PoolBooks {
  /** Until when statistics count, epoch ms. */
  readonly at: number;
  readonly workers: readonly Worker[];
  /** A time as the pool's own clock shows it, epoch ms. */
  readonly clock: (at: number) => number;
}

/** The statistics API of one kind of pool. */
export interface PoolDialect {
  /** Statistics are renewed every so many seconds; at every question when left out. */
  readonly renewedEveryS?: number;
  /** The key that a request carries, where the pool wants one; null: none. */
  readonly keyOf?: (request: PoolRequest) => string | null;
  /** What somebody gets who has no key, or a wrong one. */
  readonly unauthorized: PoolReply;
  readonly answer: (request: PoolRequest, books: PoolBooks) => PoolReply;
}

export const json = (body: unknown, status = 200): PoolReply => ({ status, body });

/** Epoch seconds by the pool's clock. */
export const epochS = ({ clock }: PoolBooks, at: number | null): number =>
  at === null ? 0 : Math.floor(clock(at) / 1000);

export const iso = ({ clock }: PoolBooks, at: number): string => new Date(clock(at)).toISOString();

/** A worker's name in its two parts: account, and what stands behind the first dot; null where there is none. */
export function partsOf(name: string): { readonly account: string; readonly rig: string | null } {
  const dot = name.indexOf('.');
  return dot < 0 ? { account: name, rig: null } : { account: name.slice(0, dot), rig: name.slice(dot + 1) };
}

/** Those of one account. */
export const ofAccount = ({ workers }: PoolBooks, account: string): readonly Worker[] =>
  workers.filter(({ name }) => partsOf(name).account === account);

export const sumOf = (workers: readonly Worker[], value: (worker: Worker) => number): number =>
  workers.reduce((sum, worker) => sum + value(worker), 0);

export const lastShareOf = (workers: readonly Worker[]): number | null =>
  workers.reduce<number | null>(
    (last, { lastShareAt }) => (lastShareAt === null ? last : Math.max(last ?? lastShareAt, lastShareAt)),
    null,
  );
