import { newMemory } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { Bench } from './links.testing.ts';
import { bench, EVERYTHING, expectReadings, NOW, STATE, snapshot } from './machines.testing.ts';
import type { BoardState, MinerState } from './sim-state.ts';

describe('a simulated S19 Pro that is not well', () => {
  test('asleep has no boards and no rate, and is paused, not idle', async () => {
    const on = bench('s19-pro', { asleep: true });
    const found = await snapshot(on, EVERYTHING);
    expect(found.state).toBe('paused');
    expect(found.hashrate.currentHs).toBeNull();
    expect(found.hashboards).toEqual([]);
    expect((await snapshot(on, { cgminer: true })).state).toBe('idle');
  });

  test('woken up is seen to mine at the next poll', async () => {
    let state: Partial<MinerState> = { asleep: true };
    const on = bench('s19-pro', {});
    const awake = bench('s19-pro', {});
    const memory = newMemory();
    const asleep = bench('s19-pro', state);
    expect((await snapshot(asleep, EVERYTHING, memory)).state).toBe('paused');
    state = {};
    awake.now = on.now + 60_000;
    expect((await snapshot(awake, EVERYTHING, memory)).state).toBe('mining');
  });

  test('with a board that does not answer shows it as missing on either port', async () => {
    const boards = [...STATE.boards.slice(0, 2), { ...(STATE.boards[2] as BoardState), found: false }];
    for (const ports of [{ cgminer: true }, { http: true, password: 'root' }]) {
      const found = await snapshot(bench('s19-pro', { boards }), ports);
      expect(found.hashboards.map((b) => b.state)).toEqual(['ok', 'ok', 'missing']);
      expect(found.hashboards[2]).toMatchObject({ hashrateHs: null, tempC: null, hardwareErrors: null, chips: [] });
    }
  });

  test('with dead chips counts and shows them', async () => {
    const boards = STATE.boards.map((b, i) => (i === 1 ? { ...b, deadChips: [0, 17, 113] } : b));
    for (const ports of [{ cgminer: true }, { http: true, password: 'root' }]) {
      const found = await snapshot(bench('s19-pro', { boards }), ports);
      expect(found.hashboards.map((b) => b.chipsWorking)).toEqual([114, 111, 114]);
      expect(found.hashboards[1]?.chips.filter((c) => c.state === 'dead').map((c) => c.index)).toEqual([0, 17, 113]);
    }
  });

  test('with a fan that stands still shows it at 0, and its own complaint', async () => {
    const on = bench('s19-pro', { fans: [0, 4380, 4440, 4500], complaints: { fans: 'fan lost' } });
    const found = await snapshot(on, EVERYTHING);
    expect(found.fans.map((fan) => [fan.label, fan.rpm])).toEqual([
      ['fan1', 0],
      ['fan2', 4380],
      ['fan3', 4440],
      ['fan4', 4500],
    ]);
    expect(found.faults).toEqual([
      { code: 'fan.fault', vendorCode: '1', text: 'fan lost', severity: 'error', component: 'fans', at: null },
    ]);
  });

  test('whose boards stand still is idle, or at fault when it says why; in its first minutes it is starting', async () => {
    const still = { rate5s: 0, boards: STATE.boards.map((b) => ({ ...b, rate: 0 })) };
    const states = await Promise.all(
      [{}, { complaints: { temp: 'too hot' } }, { complaints: { fans: 'fan lost' } }, { elapsed: 90 }].map(
        async (more) => (await snapshot(bench('s19-pro', { ...still, ...more }), EVERYTHING)).state,
      ),
    );
    expect(states).toEqual(['idle', 'idle', 'fault', 'starting']);
  });

  test('with one board of three that does not hash has a faulty board', async () => {
    const boards = STATE.boards.map((b, i) => (i === 0 ? { ...b, rate: 0 } : b));
    const found = await snapshot(bench('s19-pro', { boards }), { cgminer: true });
    expect(found.hashboards.map((b) => b.state)).toEqual(['fault', 'ok', 'ok']);
  });

  test('whose mining program is down is unknown, whatever was kept of it', async () => {
    const on = bench('s19-pro', {});
    const memory = newMemory();
    await snapshot(on, EVERYTHING, memory);
    const gone = new Bench({ ...on.device, listening: () => false }, NOW + 60_000);
    const found = await snapshot(gone, EVERYTHING, memory);
    expect(found.state).toBe('unknown');
    expect(found.hashrate.currentHs).toBeNull();
    expect(found.identity.mac).toBe('02:ab:cd:ef:01:23');
    expect(found.gaps.find((gap) => gap.path === '/hashrate/currentHs')).toMatchObject({
      reason: 'failed',
      error: { code: 'link/refused' },
    });
  });

  test('whose port 4028 is dead is read from its page', async () => {
    const on = bench('s19-pro', {});
    const half = new Bench({ ...on.device, listening: (protocol) => protocol === 'http' }, NOW);
    const found = await snapshot(half, EVERYTHING);
    expectReadings(found);
    expect(found.replies.find((reply) => reply.id === 'summary')?.error?.code).toBe('link/refused');
  });
});

describe('other generations', () => {
  test('an S9 numbers its boards 6, 7 and 8 and its fans 3 and 6, and its page has no summary', async () => {
    const on = bench('s9', {
      rate5s: 13.5e12,
      rateAverage: 13.25e12,
      boards: STATE.boards.map((b) => ({ ...b, rate: 4.5e12 })),
      fans: [5880, 4320],
    });
    const found = await snapshot(on, EVERYTHING);
    expect(found.identity).toMatchObject({ model: 'Antminer S9', firmwareVersion: '2017-11-17', controlBoard: null });
    expect(found.hashrate).toMatchObject({ currentHs: 13.5e12, averageHs: 13.25e12, nominalHs: 13.5e12 });
    expect(found.hashrate.windows).toHaveLength(1);
    expect(found.hashboards.map((b) => [b.slot, b.label, b.state, b.hashrateHs, b.nominalHs, b.tempC])).toEqual([
      [5, 'chain 6', 'ok', 4.5e12, 4.5e12, 62],
      [6, 'chain 7', 'ok', 4.5e12, 4.5e12, 64],
      [7, 'chain 8', 'ok', 4.5e12, 4.5e12, 66],
    ]);
    expect(found.hashboards.map((b) => [b.chipTempMinC, b.chipTempMaxC, b.chipsWorking, b.frequencyMHz])).toEqual([
      [67, 67, 63, 637],
      [69, 69, 63, 637],
      [71, 71, 63, 637],
    ]);
    expect(found.fans.map((fan) => [fan.slot, fan.label, fan.rpm])).toEqual([
      [2, 'fan3', 5880],
      [5, 'fan6', 4320],
    ]);
    expect(found.gaps).toEqual([]);
  });

  test('an S9 with a dead board and a stalled fan shows which', async () => {
    const boards = STATE.boards.map((b, i) => ({ ...b, rate: 4.5e12, found: i !== 1 }));
    const found = await snapshot(bench('s9', { boards, fans: [0, 4320] }), { cgminer: true });
    expect(found.hashboards.map((b) => [b.slot, b.state])).toEqual([
      [5, 'ok'],
      [6, 'missing'],
      [7, 'ok'],
    ]);
    expect(found.fans.map((fan) => [fan.slot, fan.rpm])).toEqual([
      [2, 0],
      [5, 4320],
    ]);
  });

  test('an L7 writes MH/s under keys called GHS', async () => {
    const on = bench('l7', {
      rate5s: 9.529e9,
      rateAverage: 9.5e9,
      boards: STATE.boards.map((b) => ({ ...b, rate: 3.17e9 })),
    });
    for (const ports of [{ cgminer: true }, { http: true, password: 'root' }]) {
      const found = await snapshot(on, ports);
      expect(found.identity).toMatchObject({ model: 'Antminer L7', algorithm: 'scrypt' });
      expect(found.hashrate).toMatchObject({ currentHs: 9.529e9, averageHs: 9.5e9, nominalHs: 9.5e9 });
      expect(found.hashboards[0]).toMatchObject({ hashrateHs: 3.17e9, chipsExpected: 120 });
    }
  });

  test('an S21 tells its power on port 4028 and its firmware on the page', async () => {
    const found = await snapshot(bench('s21', { power: 3540 }), EVERYTHING);
    expect(found.identity).toMatchObject({ firmwareVersion: 'FR-1.12(251009-S21)', controlBoard: 'AMLCtrl' });
    expect(found.powerW).toBe(3540);
    expect(found.efficiencyJTh).toBeCloseTo(32.33, 2);
  });

  test('a liquid-cooled S21 has no fans, and tells its power on the page, at every poll', async () => {
    let power = 5400;
    const on = bench('s21-hyd', { fans: [] });
    const memory = newMemory();
    const device = () => bench('s21-hyd', { fans: [], power }).device;
    for (const watts of [5400, 5300]) {
      power = watts;
      const found = await snapshot(new Bench(device(), on.now + (5400 - watts) * 600), EVERYTHING, memory);
      expect(found.identity.model).toBe('Antminer S21 Hydro');
      expect(found.fans).toEqual([]);
      expect(found.powerW).toBe(watts);
    }
  });
});
