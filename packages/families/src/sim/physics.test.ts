import { describe, expect, test } from 'vitest';
import { Outages } from './outages.ts';
import { MiningSession, type SessionPlan } from './physics.ts';

const T0 = 1_795_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const plan: SessionPlan = {
  seed: 7,
  startedAt: T0,
  boards: [1, 2, 3].map(() => ({ nominalHs: 36.6e12, powerW: 1050 })),
  pools: [{ difficulty: 524_288, outagesPerDay: 2 }, { difficulty: 65_536 }],
  cooling: { fans: 4, maxRpm: 6000, minPercent: 20, targetC: 68, riseC: 24 },
  idleW: 60,
};

/** Everything that can be read of a machine at one time. */
const readAll = (session: MiningSession, at: number) => ({
  hashrate: [5, 60, 300, 900, 1800].map((s) => session.hashrateHs(at, s)),
  fading: session.fadingHs(at, 60),
  average: session.averageHs(at),
  boards: [0, 1, 2].map((b) => [
    session.hashrateHs(at, 5, b),
    session.boardC(at, b),
    session.sensorC(at, b, 1.2),
    session.hardwareErrors(at, b),
    session.shares(at, { board: b }),
  ]),
  shares: session.shares(at),
  pools: [0, 1].map((p) => [
    session.shares(at, { pool: p }),
    session.lastShareAt(at, { pool: p }),
    session.bestShare(at, p),
  ]),
  pool: session.currentPool(at),
  power: session.powerW(at),
  fans: [0, 1, 2, 3].map((f) => session.fanRpm(at, f)),
});

describe('a mining session', () => {
  test('is the same at the same time whether it was asked once, a thousand times, or backwards', () => {
    const times = Array.from({ length: 100 }, (_, i) => T0 + i * 11 * MINUTE + 777);
    const often = new MiningSession(plan);
    for (let at = T0; at < T0 + 18 * HOUR; at += 65_000) readAll(often, at);
    const backwards = new MiningSession(plan);
    const reversed = [...times]
      .reverse()
      .map((at) => readAll(backwards, at))
      .reverse();
    expect(times.map((at) => readAll(often, at))).toEqual(reversed);
    expect(readAll(new MiningSession(plan), times[50]!)).toEqual(reversed[50]);
  });

  test('differs from one seed to another and from one run to the next', () => {
    const at = T0 + HOUR;
    const one = readAll(new MiningSession(plan), at);
    expect(readAll(new MiningSession({ ...plan, seed: 8 }), at)).not.toEqual(one);
    expect(readAll(new MiningSession({ ...plan, run: 1 }), at)).not.toEqual(one);
  });

  test('hashes around its nominal rate, quieter over longer windows', () => {
    const session = new MiningSession(plan);
    const times = Array.from({ length: 200 }, (_, i) => T0 + HOUR + i * 7 * MINUTE).filter(
      (at) => session.currentPool(at) !== null,
    );
    const spread = (windowS: number) => {
      const rates = times.map((at) => session.hashrateHs(at, windowS) / 109.8e12);
      for (const rate of rates) expect(Math.abs(rate - 1)).toBeLessThan(0.15);
      return Math.max(...rates) - Math.min(...rates);
    };
    expect(spread(900)).toBeLessThan(spread(60));
    expect(spread(60)).toBeLessThan(spread(5));
  });

  test('has averages that agree: two halves of a window make the whole, and boards make the machine', () => {
    const session = new MiningSession(plan);
    const at = T0 + 5 * HOUR;
    const halves = (session.hashrateHs(at, 450) + session.hashrateHs(at - 450_000, 450)) / 2;
    expect(halves / session.hashrateHs(at, 900)).toBeCloseTo(1, 9);
    const boards = [0, 1, 2].reduce((sum, b) => sum + session.hashrateHs(at, 300, b), 0);
    expect(boards / session.hashrateHs(at, 300)).toBeCloseTo(1, 9);
    expect(session.averageHs(at) * 5 * 3600).toBeCloseTo(session.totalHashes(at), -6);
  });

  test('counts shares that make up its hashrate: 109.8 TH/s is 2.9 shares a minute of difficulty 524288', () => {
    const session = new MiningSession({ ...plan, pools: [{ difficulty: 524_288, outagesPerDay: 0 }] });
    const { accepted, rejected, stale } = session.shares(T0 + 48 * HOUR);
    expect(accepted + rejected + stale).toBeGreaterThan(0.95 * 2.92 * 60 * 48);
    expect(accepted + rejected + stale).toBeLessThan(1.05 * 2.95 * 60 * 48);
    expect(rejected / accepted).toBeLessThan(0.01);
    expect(session.bestShare(T0 + 48 * HOUR)).toBeGreaterThan(524_288);
  });

  test('has counters that never fall and sums that agree, pool by pool and board by board', () => {
    const session = new MiningSession(plan);
    let before = { accepted: 0, rejected: 0, stale: 0, errors: 0, hashes: 0, best: 0, last: 0 };
    for (let at = T0; at < T0 + 24 * HOUR; at += 13 * MINUTE) {
      const counts = session.shares(at);
      const now = {
        ...counts,
        errors: session.hardwareErrors(at),
        hashes: session.totalHashes(at),
        best: session.bestShare(at),
        last: session.lastShareAt(at) ?? 0,
      };
      for (const key of Object.keys(now) as (keyof typeof now)[]) expect(now[key]).toBeGreaterThanOrEqual(before[key]);
      expect(now.last).toBeLessThanOrEqual(at);
      before = now;
      const byPool = [0, 1].map((pool) => session.shares(at, { pool }).accepted);
      const byBoard = [0, 1, 2].map((board) => session.shares(at, { board }).accepted);
      expect(byPool.reduce((a, b) => a + b)).toBe(counts.accepted);
      expect(byBoard.reduce((a, b) => a + b)).toBe(counts.accepted);
    }
    expect(before.errors).toBeGreaterThan(0);
  });

  test('starts cold and still, hashes after its start delay, and is warm and at its rate some minutes later', () => {
    const session = new MiningSession(plan);
    expect(session.isHashing(T0 + 10_000)).toBe(false);
    expect(session.totalHashes(T0 + 10_000)).toBe(0);
    expect(session.powerW(T0 + 10_000)).toBe(60);
    expect(session.boardC(T0 + 1000, 0)).toBeCloseTo(session.ambientC(T0 + 1000), 5);
    const ramping = session.hashrateHs(T0 + 80_000, 5);
    expect(ramping).toBeGreaterThan(30e12);
    expect(ramping).toBeLessThan(80e12);
    expect(session.hashrateHs(T0 + 5 * MINUTE, 5)).toBeGreaterThan(100e12);
    expect(session.boardC(T0 + 15 * MINUTE, 0)).toBeGreaterThan(60);
    expect(session.boardC(T0 + 15 * MINUTE, 0)).toBeLessThan(78);
  });

  test('stops when it is told to, cools down, and its fans slow down', () => {
    const session = new MiningSession(plan);
    const at = T0 + 2 * HOUR;
    const hot = session.boardC(at, 0);
    const fast = session.fanPercent(at);
    session.setLevel(at, 0);
    expect(session.isHashing(at + 1000)).toBe(false);
    expect(session.hashrateHs(at + MINUTE, 60)).toBe(0);
    expect(session.fadingHs(at + MINUTE, 60)).toBeGreaterThan(30e12);
    expect(session.fadingHs(at + 10 * MINUTE, 60)).toBeLessThan(0.1e12);
    expect(session.powerW(at + MINUTE)).toBe(60);
    expect(session.boardC(at + 2 * MINUTE, 0)).toBeLessThan(hot - 10);
    expect(session.boardC(at + 20 * MINUTE, 0) - session.ambientC(at + 20 * MINUTE)).toBeLessThan(1);
    expect(session.fanPercent(at + 20 * MINUTE)).toBeLessThan(fast);
    const shares = session.shares(at + MINUTE).accepted;
    expect(session.shares(at + HOUR).accepted).toBe(shares);
    session.setLevel(at + HOUR, 1);
    expect(session.hashrateHs(at + HOUR + 5 * MINUTE, 60)).toBeGreaterThan(100e12);
  });

  test('that is paused and resumed ten thousand times remembers its sums, and not every change', () => {
    const calm = { ...plan, pools: plan.pools.map((pool) => ({ ...pool, outagesPerDay: 0 })) };
    const session = new MiningSession(calm);
    let before = { first: 0, second: 0, worked: 0 };
    for (let i = 1; i <= 10_000; i++) {
      const at = T0 + HOUR + i * 1000;
      session.setLevel(at, i % 2, 0);
      if (i === 10) session.setPools(at, [1]);
      if (i % 500 !== 0) continue;
      const now = {
        first: session.shares(at, { pool: 0 }).accepted,
        second: session.shares(at, { pool: 1 }).accepted,
        worked: session.operation.worked(at),
      };
      expect(now.first).toBeGreaterThan(100);
      expect(now.first).toBeGreaterThanOrEqual(before.first);
      expect(now.second).toBeGreaterThan(before.second);
      expect(now.worked).toBeGreaterThan(before.worked);
      before = now;
    }
    // Half of 10000 s, and the first hour without its start delay and half of its ramp.
    expect(before.worked).toBeCloseTo(3600 - 20 - 60 + 5000, -1);
  });

  test('with a dead board hashes two thirds and leaves that board cold', () => {
    const boards = plan.boards.map((board, i) => (i === 2 ? { ...board, dead: true } : board));
    const session = new MiningSession({ ...plan, boards });
    const at = T0 + HOUR;
    expect(session.hashrateHs(at, 300) / 73.2e12).toBeCloseTo(1, 1);
    expect(session.hashrateHs(at, 300, 2)).toBe(0);
    expect(session.boardC(at, 2)).toBeCloseTo(session.ambientC(at), 5);
  });

  test('with a stalled fan reads 0 rpm there and turns the others faster', () => {
    const healthy = new MiningSession(plan);
    const sick = new MiningSession({ ...plan, cooling: { ...plan.cooling, stalledFan: 0 } });
    const at = T0 + HOUR;
    expect(sick.fanRpm(at, 0)).toBe(0);
    expect(sick.fanRpm(at, 1)).toBeGreaterThan(healthy.fanRpm(at, 1));
  });
});

describe('pools', () => {
  test('an outage lasts 2 to 25 minutes, about as often as asked for', () => {
    const outages = new Outages(3, 0, 1);
    let at = T0;
    let count = 0;
    const end = T0 + 100 * 24 * HOUR;
    while (at < end) {
      const next = outages.nextLook(at);
      if (outages.aliveSince(at) !== null && outages.aliveSince(next) === null) {
        const over = outages.nextLook(next);
        expect(outages.aliveSince(over)).toBe(over);
        expect(over - next).toBeGreaterThanOrEqual(2 * MINUTE - 1);
        expect(over - next).toBeLessThanOrEqual(25 * MINUTE + 1);
        count++;
      }
      at = next;
    }
    expect(count).toBeGreaterThan(70);
    expect(count).toBeLessThan(130);
  });

  test('work goes to the next pool in an outage and comes back after the fallback time', () => {
    const session = new MiningSession(plan);
    const outages = new Outages(plan.seed, 0, 2);
    let from = outages.nextLook(T0 + HOUR);
    if (outages.aliveSince(from) !== null) from = outages.nextLook(from);
    const to = outages.nextLook(from);
    expect(session.currentPool(from - 1)).toBe(0);
    expect(session.currentPool(from)).toBe(1);
    expect(session.poolAlive(from, 0)).toBe(false);
    expect(session.currentPool(to + 119_000)).toBe(1);
    expect(session.currentPool(to + 120_000)).toBe(0);
    const shares = session.shares(from, { pool: 0 });
    expect(session.shares(to + 60_000, { pool: 0 })).toEqual(shares);
    expect(session.shares(to, { pool: 1 }).accepted).toBeGreaterThan(0);
  });

  test('without any pool alive nothing is hashed', () => {
    const session = new MiningSession({ ...plan, pools: [{ difficulty: 1024, dead: true }] });
    const at = T0 + HOUR;
    expect(session.currentPool(at)).toBeNull();
    expect(session.isHashing(at)).toBe(false);
    expect(session.totalHashes(at)).toBe(0);
    expect(session.lastShareAt(at)).toBeNull();
    expect(session.bestShare(at)).toBe(0);
  });

  test('a pool moved to the top takes over after the fallback time, a pool taken away is left at once', () => {
    const session = new MiningSession({ ...plan, pools: plan.pools.map((p) => ({ ...p, outagesPerDay: 0 })) });
    const at = T0 + HOUR;
    session.setPools(at, [1, 0]);
    expect(session.currentPool(at + 119_000)).toBe(0);
    expect(session.currentPool(at + 120_000)).toBe(1);
    session.setPools(at + HOUR, [0]);
    expect(session.currentPool(at + HOUR)).toBe(0);
    session.setPools(at + 2 * HOUR, []);
    expect(session.currentPool(at + 2 * HOUR)).toBeNull();
  });
});
