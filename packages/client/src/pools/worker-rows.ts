import type { NotSeen } from '@headframe/model';
import { type PoolAccount, type PoolAnswer, plain, workerName } from './pool-dialect.ts';
import type { TimeRead } from './pool-values.ts';

/** A worker as a pool lists it. */
export interface WorkerRow<T> {
  readonly name: string;
  readonly record: T;
}

/** A time of the last share may be so far ahead of the pool's clock (its servers differ), ms; then it is now. */
const AHEAD_MS = 60_000;

/**
 * The rows of the wanted worker, which pools name in full or without the account; letters may differ in case where
 * only one name fits so.
 * @param also further names that mean the worker without a name
 * @returns rows of one name; `unknown`: none has it; a reason where no worker was named and there are several
 */
export function rowsOf<T>(
  rows: readonly WorkerRow<T>[],
  account: PoolAccount,
  also: readonly string[] = [],
): readonly WorkerRow<T>[] | 'unknown' | NotSeen {
  for (const name of namesOf(account, also)) {
    const exact = rows.filter((row) => row.name === name);
    if (exact.length > 0) return exact;
    const alike = rows.filter((row) => row.name.toLowerCase() === name.toLowerCase());
    if (new Set(alike.map((row) => row.name)).size === 1) return alike;
  }
  if (account.worker !== null) return 'unknown';
  const names = new Set(rows.map((row) => row.name));
  if (names.size > 1) {
    return { notSeen: `${account.pool} knows ${names.size} workers of this account, and none of them was named` };
  }
  return rows.length === 1 || names.size === 1 ? rows : 'unknown';
}

function namesOf(account: PoolAccount, also: readonly string[]): string[] {
  if (account.worker === null) return [account.account, ...also];
  return [workerName(account), account.worker, `${account.account}_${account.worker}`];
}

/** What is known of a worker beside the time of its last share. */
export interface WorkerFacts {
  readonly hashrateHs: number | null;
  readonly accepted: number | null;
  readonly rejected: number | null;
}

/** A worker that the pool does not know. @param note a part of a sentence: why that may be, what else is known */
export const unknownWorker = (account: PoolAccount, note: string | null = null): PoolAnswer => ({
  view: viewOf(account, null, { hashrateHs: null, accepted: null, rejected: null }),
  note: `the pool does not know this worker${note === null ? '' : `: ${note}`}`,
});

/** The answer for a worker that the pool knows. @param now the pool's clock, epoch ms */
export function knownWorker(account: PoolAccount, lastShare: TimeRead, now: number, facts: WorkerFacts): PoolAnswer {
  if (lastShare === 'never') {
    return { view: viewOf(account, null, facts), note: 'the pool knows this worker and has no share of it' };
  }
  if (lastShare === 'missing') return noTime(account, 'does not say when it sent its last share');
  if (lastShare === 'unreadable') return noTime(account, 'gives a time of its last share that cannot be one');
  return agedWorker(account, (now - lastShare.at) / 1000, facts);
}

/** The same with the age itself, s. */
export function agedWorker(account: PoolAccount, ageS: number, facts: WorkerFacts): PoolAnswer {
  if (!Number.isFinite(ageS)) return noTime(account, 'gives an age of its last share that cannot be one');
  if (ageS * 1000 < -AHEAD_MS) return noTime(account, 'puts its last share into the future, so that the clocks differ');
  return { view: viewOf(account, Math.round(Math.max(0, ageS)), facts), note: null };
}

const noTime = (account: PoolAccount, what: string): NotSeen => ({
  notSeen: `${account.pool} knows worker ${plain(workerName(account))} and ${what}`,
});

const viewOf = (account: PoolAccount, lastShareAgeS: number | null, facts: WorkerFacts) => ({
  pool: account.pool,
  worker: plain(workerName(account)),
  lastShareAgeS,
  ...facts,
});

/** `2 other workers of the account are known to it`; null for none. */
export const othersKnown = (count: number): string | null => {
  if (count === 0) return null;
  return count === 1 ? 'one other worker of the account is known' : `${count} other workers of the account are known`;
};

/** A reply whose form is not the pool's. */
export const strangeReply = (account: PoolAccount, what: string): NotSeen => ({
  notSeen: `${account.pool} answered in another form than its documentation has: ${what}`,
});

/** The text with which a pool says no, in a reply of any form; null where it has none. */
export function complaintOf(doc: unknown): string | null {
  const record = recordOf(doc);
  if (record === null) return null;
  for (const key of ['msg', 'message', 'error', 'detail']) {
    const said = record[key];
    const text = typeof said === 'string' ? said : recordOf(said)?.message;
    if (typeof text === 'string' && text.trim() !== '') return plain(text);
  }
  return null;
}

export const recordOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
