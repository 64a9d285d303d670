import { newMemory, type Snapshot } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot-of.ts';
import { antminer } from './index.ts';
import { Bench } from './links.testing.ts';
import { createAntminer } from './sim.ts';
import { type AntminerModel, MODELS } from './sim-models.ts';
import type { BoardState, Machine, MinerState } from './sim-state.ts';

/** 2026-11-20 08:00:00 UTC. */
const NOW = 1_795_161_600_000;

const board = (rate: number, pcb: number[], errors: number, serial: string): BoardState => ({
  found: true,
  rate,
  pcb,
  errors,
  deadChips: [],
  serial,
});

/** A machine whose every reading was typed here; the expectations below were typed from it. */
const STATE: MinerState = {
  elapsed: 90_061,
  asleep: false,
  rate5s: 109.5e12,
  rate30m: 110.25e12,
  rateAverage: 110.125e12,
  boards: [
    board(36.5e12, [41, 43, 62, 60], 12, 'SNAAA'),
    board(36.75e12, [42, 44, 64, 61], 3, 'SNBBB'),
    board(36.25e12, [40, 45, 66, 63], 7, 'SNCCC'),
  ],
  fans: [4320, 4380, 4440, 4500],
  pools: [
    {
      url: 'stratum+tcp://a.example.org:3333',
      user: 'account.one',
      password: 'very secret',
      alive: true,
      accepted: 4000,
      rejected: 9,
      stale: 2,
      difficulty: 524_288,
      lastShare: 63,
      best: 9_876_543_210,
    },
    {
      url: 'stratum+tcp://b.example.org:443',
      user: 'account.two',
      password: 'also secret',
      alive: false,
      accepted: 5,
      rejected: 0,
      stale: 0,
      difficulty: 65_536,
      lastShare: null,
      best: 77_777,
    },
  ],
  currentPool: 0,
  power: 3265,
  complaints: {},
};

const modelNamed = (name: string): AntminerModel => MODELS.find((model) => model.name === name) as AntminerModel;

function bench(name: string, state: Partial<MinerState>, quirks: Record<string, boolean> = {}): Bench {
  const machine: Machine = {
    nameplate: { mac: '02:AB:CD:EF:01:23', serial: 'SIM0001', hostname: 'shelf-7' },
    webFrom: 0,
    programFrom: 0,
    rateAt: () => 0,
    stateAt: (now) => ({ ...STATE, ...state, elapsed: (state.elapsed ?? STATE.elapsed) + (now - NOW) / 1000 }),
  };
  return new Bench(createAntminer(modelNamed(name), { seed: 1, poweredAt: 0, quirks }, { machine }), NOW);
}

type Ports = Parameters<Bench['links']>[0];

async function snapshot(on: Bench, ports: Ports, memory = newMemory()): Promise<Snapshot> {
  return snapshotOf(antminer, await antminer.read(on.links(ports), memory), '127.0.0.1');
}

const EVERYTHING: Ports = { cgminer: true, http: true, password: 'root' };

/** What the three ways of reading an S19 Pro must agree on, every value from STATE. */
function expectReadings(found: Snapshot): void {
  expect(found.state).toBe('mining');
  expect(found.minerUptimeS).toBe(90_061);
  expect(found.hashrate).toEqual({
    currentHs: 109.5e12,
    currentWindowS: 5,
    averageHs: 110.125e12,
    nominalHs: 110e12,
    windows: [
      { seconds: 5, hs: 109.5e12 },
      { seconds: 1800, hs: 110.25e12 },
    ],
  });
  expect(found.hashboards.map((b) => [b.slot, b.state, b.hashrateHs, b.tempC, b.chipTempMinC, b.chipTempMaxC])).toEqual(
    [
      [0, 'ok', 36.5e12, 62, 46, 67],
      [1, 'ok', 36.75e12, 64, 47, 69],
      [2, 'ok', 36.25e12, 66, 45, 71],
    ],
  );
  expect(found.hashboards.map((b) => [b.hardwareErrors, b.frequencyMHz, b.chipsWorking, b.chipsExpected])).toEqual([
    [12, 525, 114, 114],
    [3, 525, 114, 114],
    [7, 525, 114, 114],
  ]);
  expect(found.fans.map((fan) => [fan.slot, fan.rpm])).toEqual([
    [0, 4320],
    [1, 4380],
    [2, 4440],
    [3, 4500],
  ]);
  expect(found.pools.map(({ active, ...pool }) => pool)).toEqual([
    {
      index: 0,
      url: 'stratum+tcp://a.example.org:3333',
      worker: 'account.one',
      status: 'alive',
      priority: 0,
      accepted: 4000,
      rejected: 9,
      stale: 2,
      difficulty: 524_288,
      lastShareAt: 1_795_161_537_000,
    },
    {
      index: 1,
      url: 'stratum+tcp://b.example.org:443',
      worker: 'account.two',
      status: 'dead',
      priority: 1,
      accepted: 5,
      rejected: 0,
      stale: 0,
      difficulty: null,
      lastShareAt: null,
    },
  ]);
  expect(found.shares).toEqual({
    accepted: 4005,
    rejected: 9,
    stale: 2,
    sessionBestDifficulty: 9_876_543_210,
    bestDifficulty: null,
  });
  expect(found.hardwareErrors).toBe(22);
  expect([found.powerW, found.powerBasis, found.efficiencyJTh, found.ambientTempC, found.psu]).toEqual(
    Array(5).fill(null),
  );
}

const IDENTITY = {
  family: 'antminer',
  make: 'Bitmain',
  model: 'Antminer S19 Pro',
  hardwareRevision: 'BHB42XXX',
  firmware: 'stock',
  firmwareVersion: '2022-12-06',
  apiVersion: '3.1',
  mac: '02:ab:cd:ef:01:23',
  serial: 'SIM0001',
  hostname: 'shelf-7',
  controlBoard: 'zynq7007',
  algorithm: 'sha256d',
};

describe('a simulated S19 Pro', () => {
  test('with both ports open leaves nothing unsaid', async () => {
    const on = bench('s19-pro', {});
    const found = await snapshot(on, EVERYTHING);
    expectReadings(found);
    expect(found.identity).toEqual(IDENTITY);
    expect(found.pools.map((pool) => pool.active)).toEqual([true, false]);
    expect(found.hashboards.map((b) => [b.label, b.serial, b.nominalHs === 36_666.67e9])).toEqual([
      ['chain 1', 'SNAAA', true],
      ['chain 2', 'SNBBB', true],
      ['chain 3', 'SNCCC', true],
    ]);
    expect(found.faults).toEqual([]);
    expect(found.gaps).toEqual([]);
    expect(found.replies.find((reply) => reply.id === 'stats')?.repairs).toHaveLength(1);
  });

  test('with port 4028 alone under the factory settings gives all its readings and names the rest', async () => {
    const on = bench('s19-pro', {});
    const found = await snapshot(on, { cgminer: true });
    expectReadings(found);
    expect(on.sent).toEqual(['version+summary+stats+pools']);
    expect(found.identity).toEqual({
      ...IDENTITY,
      hardwareRevision: null,
      mac: null,
      serial: null,
      hostname: null,
      controlBoard: null,
    });
    expect(found.gaps.every((gap) => gap.reason === 'not-read')).toBe(true);
    expect(found.gaps.map((gap) => gap.path)).toContain('/identity/mac');
  });

  test('with the web page alone gives all its readings', async () => {
    const on = bench('s19-pro', {});
    const found = await snapshot(on, { http: true, password: 'root' });
    expectReadings(found);
    expect(found.identity).toEqual({ ...IDENTITY, apiVersion: null });
    expect(found.pools.map((pool) => pool.active)).toEqual([null, null]);
    expect(found.hashboards.map((b) => b.serial)).toEqual(['SNAAA', 'SNBBB', 'SNCCC']);
    expect(found.gaps.map((gap) => [gap.path, gap.reason])).toEqual([['/identity/apiVersion', 'not-read']]);
  });

  test('whose page wants a password says so once an hour and keeps being read on port 4028', async () => {
    const on = bench('s19-pro', {});
    const memory = newMemory();
    const found = await snapshot(on, { cgminer: true, http: true }, memory);
    expectReadings(found);
    expect(on.sent.filter((line) => line.startsWith('GET'))).toEqual(['GET /cgi-bin/summary.cgi 401']);
    expect(found.gaps.find((gap) => gap.path === '/identity/mac')).toMatchObject({
      reason: 'denied',
      error: { code: 'auth/required' },
    });
    on.now += 60_000;
    await snapshot(on, { cgminer: true, http: true }, memory);
    expect(on.sent.filter((line) => line.startsWith('GET'))).toHaveLength(1);
    await snapshot(on, EVERYTHING, memory);
    expect(on.sent.filter((line) => line.startsWith('GET')).length).toBeGreaterThan(4);
  });

  test('refuses a wrong password, and is not asked with it again and again', async () => {
    const on = bench('s19-pro', {});
    const memory = newMemory();
    const wrong = { cgminer: true, http: true, password: 'guess' };
    const found = await snapshot(on, wrong, memory);
    expect(found.gaps.find((gap) => gap.path === '/faults')?.error?.code).toBe('auth/rejected');
    await snapshot(on, wrong, memory);
    expect(on.sent.filter((line) => line.endsWith(' 401'))).toHaveLength(2);
  });

  test('costs one connection and one page a poll, and its slow facts once an hour', async () => {
    const on = bench('s19-pro', {});
    const memory = newMemory();
    await snapshot(on, EVERYTHING, memory);
    on.sent.length = 0;
    on.now += 30_000;
    const second = await antminer.read(on.links({ cgminer: true, http: true, password: 'root' }), memory);
    // The link of this poll is new and knows no nonce yet: a page is two requests.
    expect(on.sent).toEqual(['summary+stats+pools', 'GET /cgi-bin/summary.cgi 401', 'GET /cgi-bin/summary.cgi 200']);
    expect(second.get('version')?.meta.at).toBe(NOW);
    on.now += 3_600_000;
    on.sent.length = 0;
    await antminer.read(on.links(EVERYTHING), memory);
    expect(on.sent).toContain('version+summary+stats+pools');
    expect(on.sent).toContain('GET /cgi-bin/get_system_info.cgi 200');
  });

  test('that restarted is asked for everything again: its firmware may be another', async () => {
    const memory = newMemory();
    await snapshot(bench('s19-pro', {}), EVERYTHING, memory);
    const restarted = bench('s19-pro', { elapsed: 20 });
    restarted.now += 60_000;
    await snapshot(restarted, EVERYTHING, memory);
    expect(restarted.sent).toContain('GET /cgi-bin/get_system_info.cgi 200');
    restarted.sent.length = 0;
    restarted.now += 60_000;
    await snapshot(restarted, EVERYTHING, memory);
    expect(restarted.sent[0]).toBe('version+summary+stats+pools');
  });

  test('never hands out the pool passwords of its configuration', async () => {
    const on = bench('s19-pro', {});
    const replies = await antminer.read(on.links(EVERYTHING), newMemory());
    const conf = replies.get('http:miner_conf');
    expect(conf?.doc).toMatchObject({ 'bitmain-work-mode': '0', pools: [{ user: 'account.one' }, {}] });
    expect(JSON.stringify(conf?.doc)).not.toContain('secret');
    expect(new TextDecoder().decode(conf?.raw ?? new Uint8Array())).not.toContain('secret');
  });
});

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
