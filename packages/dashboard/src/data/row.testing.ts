import type { MinerRow } from '@headframe/api';

/** The row of a healthy machine, but for what is said. */
export const aRow = (id: string, more: Partial<MinerRow> = {}): MinerRow => ({
  id,
  address: '10.0.0.1',
  family: 'antminer',
  make: 'Bitmain',
  model: 'Antminer S19 Pro',
  firmware: 'stock',
  firmwareVersion: '2022-07-26',
  simulated: false,
  state: 'mining',
  link: 'ok',
  severity: null,
  reasons: [],
  hashrateHs: 110e12,
  hashrateWindowS: 5,
  nominalHs: 110e12,
  boardTempMaxC: 64,
  chipTempMaxC: 80,
  powerW: 3250,
  pool: 'stratum+tcp://pool.example:3333',
  worker: 'farm.a1',
  lastAnswerAt: 1_000_000,
  polls: 1,
  ...more,
});
