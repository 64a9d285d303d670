import { newMemory, type Snapshot } from '@headframe/model';
import { expect } from 'vitest';
import { snapshotOf } from '../snapshot-of.ts';
import { antminer } from './index.ts';
import { Bench } from './links.testing.ts';
import { createAntminer } from './sim.ts';
import { type AntminerModel, MODELS } from './sim-models.ts';
import type { BoardState, Machine, MinerState } from './sim-state.ts';

/** 2026-11-20 08:00:00 UTC. */
export const NOW = 1_795_161_600_000;

const board = (rate: number, pcb: number[], errors: number, serial: string): BoardState => ({
  found: true,
  rate,
  pcb,
  errors,
  deadChips: [],
  serial,
});

/** A machine whose every reading was typed here; the expectations below were typed from it. */
export const STATE: MinerState = {
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

export function bench(name: string, state: Partial<MinerState>, quirks: Record<string, boolean> = {}): Bench {
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

export async function snapshot(on: Bench, ports: Ports, memory = newMemory()): Promise<Snapshot> {
  return snapshotOf(antminer, await antminer.read(on.links(ports), memory), '127.0.0.1');
}

export const EVERYTHING: Ports = { cgminer: true, http: true, monitor: true, password: 'root' };

/** What the three ways of reading an S19 Pro must agree on, every value from STATE. */
export function expectReadings(found: Snapshot, powerW: number | null = null): void {
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
  expect(found.powerW).toBe(powerW);
  // 3265 W at 109.5 TH/s.
  expect(found.efficiencyJTh?.toFixed(3) ?? null).toBe(powerW === null ? null : '29.817');
  expect([found.powerBasis, found.ambientTempC, found.psu]).toEqual([null, null, null]);
}
