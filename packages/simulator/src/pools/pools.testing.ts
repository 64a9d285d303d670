import type { WorkDone } from '@headframe/families/sim';
import { onTestFinished } from 'vitest';
import { type Pool, type PoolOptions, startPool } from './index.ts';

/** 2026-11-18T08:26:40Z, at a full minute. */
export const NOW = 1_795_005_600_000 - (1_795_005_600_000 % 60_000);

/**
 * A rig that finds a share of difficulty 100,000 every ten seconds, 42.95 TH/s, on a clock that a test sets; one share in
 * a hundred is rejected.
 */
export class Rig {
  readonly worker: string;
  readonly startedAt: number;
  stoppedAt = Number.POSITIVE_INFINITY;

  constructor(worker: string, startedAt = NOW - 10 * 86_400_000) {
    this.worker = worker;
    this.startedAt = startedAt;
  }

  readonly work = (now: number): WorkDone[] => {
    const until = Math.min(now, this.stoppedAt);
    const accepted = Math.max(0, Math.floor((until - this.startedAt) / 10_000));
    if (accepted === 0) return [];
    const url = 'stratum+tcp://pool.example:3333';
    const hashrateHs = now - until > 600_000 ? 0 : (100_000 * 2 ** 32) / 10;
    const lastShareAt = this.startedAt + accepted * 10_000;
    const rejected = Math.floor(accepted / 100);
    return [{ url, worker: this.worker, accepted, rejected, difficulty: 100_000, lastShareAt, hashrateHs }];
  };
}

/** A pool on a free port that ends with the test, and its clock. */
export async function pool(
  kind: PoolOptions['kind'],
  machines: readonly { readonly work: (now: number) => readonly WorkDone[] }[],
  more: Partial<PoolOptions> = {},
): Promise<{ readonly pool: Pool; readonly clock: { at: number } }> {
  const clock = { at: NOW };
  const started = await startPool({
    kind,
    address: '127.0.0.1',
    machines: () => machines,
    clock: { now: () => clock.at },
    ...more,
  });
  onTestFinished(() => started.close());
  return { pool: started, clock };
}

export async function get(of: Pool, path: string, init: RequestInit = {}) {
  const reply = await fetch(`${of.url}${path}`, init);
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, text };
}

export async function ask<T = Record<string, unknown>>(of: Pool, path: string, init: RequestInit = {}): Promise<T> {
  const { status, text } = await get(of, path, init);
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}
