import type { WorkDone } from '@headframe/families/sim';
import { describe, expect, test } from 'vitest';
import { Ledger, type Worker } from './ledger.ts';

const MINUTE = 60_000;
const NOW = 1_795_000_000_000;

const work = (more: Partial<WorkDone>): WorkDone => ({
  url: 'stratum+tcp://pool.example:3333',
  worker: 'account.rig3',
  accepted: 0,
  rejected: 0,
  difficulty: 1000,
  lastShareAt: null,
  hashrateHs: 0,
  ...more,
});

/** A machine whose counters a test sets. */
function machine(...done: WorkDone[]) {
  const state = { done };
  return { state, work: () => state.done };
}

function workerOf(ledger: Ledger, name = 'account.rig3'): Worker {
  const found = ledger.workers.find((worker) => worker.name === name);
  if (found === undefined) throw new Error(`nobody is ${name}`);
  return found;
}

describe('the ledger of a pool', () => {
  test('begins with what a machine has on its counters, as the pool was there all along', () => {
    const ledger = new Ledger(() => true);
    ledger.count(NOW, [machine(work({ accepted: 500, rejected: 2, lastShareAt: NOW - 4000 }))]);
    const worker = workerOf(ledger);
    expect([worker.accepted, worker.rejected, worker.work, worker.lastShareAt]).toEqual([500, 2, 500_000, NOW - 4000]);
  });

  test('keeps its totals when a machine restarts and counts from zero', () => {
    const ledger = new Ledger(() => true);
    const rig = machine(work({ accepted: 500, rejected: 2, lastShareAt: NOW }));
    ledger.count(NOW, [rig]);
    rig.state.done = [work({ accepted: 20, lastShareAt: NOW + MINUTE })];
    ledger.count(NOW + MINUTE, [rig]);
    rig.state.done = [work({ accepted: 25, rejected: 1, lastShareAt: NOW + 2 * MINUTE })];
    ledger.count(NOW + 2 * MINUTE, [rig]);
    const worker = workerOf(ledger);
    expect([worker.accepted, worker.rejected, worker.work]).toEqual([525, 3, 525_000]);
  });

  test('keeps them too when the machine has nothing to tell in between', () => {
    const ledger = new Ledger(() => true);
    const rig = machine(work({ accepted: 500 }));
    ledger.count(NOW, [rig]);
    rig.state.done = [];
    ledger.count(NOW + MINUTE, [rig]);
    rig.state.done = [work({ accepted: 600 })];
    ledger.count(NOW + 2 * MINUTE, [rig]);
    expect(workerOf(ledger).accepted).toBe(1100);
  });

  test('adds up machines that call themselves by one name', () => {
    const ledger = new Ledger(() => true);
    ledger.count(NOW, [
      machine(work({ accepted: 10, lastShareAt: NOW - 9000 })),
      machine(work({ accepted: 7, lastShareAt: NOW - 2000 })),
    ]);
    expect(workerOf(ledger)).toMatchObject({ accepted: 17, lastShareAt: NOW - 2000 });
  });

  test('takes the pools of one machine together, unless it stands for one of them', () => {
    const rig = machine(work({ accepted: 10 }), work({ url: 'stratum+tcp://backup.example:3333', accepted: 3 }));
    const all = new Ledger(() => true);
    all.count(NOW, [rig]);
    const one = new Ledger(({ url }) => url.includes('backup'));
    one.count(NOW, [rig]);
    expect([workerOf(all).accepted, workerOf(one).accepted]).toEqual([13, 3]);
  });

  test('makes rates from shares: 1 share of difficulty 1000 a second is 4.295 TH/s in every window', () => {
    const ledger = new Ledger(() => true);
    const rig = machine();
    for (let s = 0; s <= 600; s += 10) {
      rig.state.done = [work({ accepted: 3600 + s, hashrateHs: 1000 * 2 ** 32 })];
      ledger.count(NOW + s * 1000, [rig]);
    }
    for (const windowS of [60, 300, 3600]) {
      expect(workerOf(ledger).hashrateHs(NOW + 600_000, windowS) / 1e12).toBeCloseTo(4.294967, 5);
    }
    // It began an hour before the pool looked first: half of a window of 140 minutes is empty.
    expect(workerOf(ledger).hashrateHs(NOW + 600_000, 8400) / 1e12).toBeCloseTo(4.294967 / 2, 5);
  });

  test('a machine that stops fades out of each window in its time', () => {
    const ledger = new Ledger(() => true);
    const rig = machine(work({ accepted: 3600, hashrateHs: 1000 * 2 ** 32 }));
    ledger.count(NOW, [rig]);
    ledger.count(NOW + 4 * MINUTE, [rig]);
    const worker = workerOf(ledger);
    const at = NOW + 4 * MINUTE;
    expect(worker.hashrateHs(at, 60)).toBe(0);
    expect(worker.hashrateHs(at, 300) / 1e12).toBeCloseTo(4.294967 / 5, 5);
  });

  test('what a machine did before it came does not show as a burst of shares', () => {
    const ledger = new Ledger(() => true);
    const old = machine(work({ accepted: 3600, hashrateHs: 1000 * 2 ** 32 }));
    ledger.count(NOW, [old]);
    old.state.done = [work({ accepted: 3660, hashrateHs: 1000 * 2 ** 32 })];
    ledger.count(NOW + MINUTE, [old, machine(work({ accepted: 900_000, hashrateHs: 1000 * 2 ** 32 }))]);
    const worker = workerOf(ledger);
    expect(worker.accepted).toBe(903_660);
    expect(worker.hashrateHs(NOW + MINUTE, 60) / 1e12).toBeCloseTo(4.294967, 5);
  });

  test('remembers a week of samples within bounds, and still knows the rate of a day', () => {
    const ledger = new Ledger(() => true);
    const rig = machine();
    const minutes = 7 * 24 * 60;
    for (let m = 0; m <= minutes; m++) {
      rig.state.done = [work({ accepted: m * 60 })];
      ledger.count(NOW + m * MINUTE, [rig]);
    }
    expect(workerOf(ledger).hashrateHs(NOW + minutes * MINUTE, 86_400) / 1e12).toBeCloseTo(4.294967, 4);
  });

  test('never goes back in time', () => {
    const ledger = new Ledger(() => true);
    const rig = machine(work({ accepted: 5 }));
    ledger.count(NOW, [rig]);
    rig.state.done = [work({ accepted: 4 })];
    ledger.count(NOW - MINUTE, [rig]);
    expect([workerOf(ledger).accepted, ledger.at]).toEqual([5, NOW]);
  });
});
