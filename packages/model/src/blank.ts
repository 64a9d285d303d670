import type { Chip, Fan, Fault, Hashboard, Identity, Pool, Psu } from './snapshot.ts';

/*
 * Records with everything "not exposed", for maps to fill: a map then names only what its device really says,
 * and a field that a family does not know can never be forgotten as undefined.
 */

export const blankIdentity = (family: string): Identity => ({
  family,
  make: null,
  model: null,
  hardwareRevision: null,
  firmware: null,
  firmwareVersion: null,
  apiVersion: null,
  mac: null,
  serial: null,
  hostname: null,
  controlBoard: null,
  algorithm: null,
});

export const blankHashboard = (slot: number): Hashboard => ({
  slot,
  label: null,
  state: 'unknown',
  hashrateHs: null,
  nominalHs: null,
  tempC: null,
  inletTempC: null,
  outletTempC: null,
  chipTempMinC: null,
  chipTempMaxC: null,
  frequencyMHz: null,
  voltageV: null,
  powerW: null,
  chipsWorking: null,
  chipsExpected: null,
  hardwareErrors: null,
  serial: null,
  chips: [],
});

export const blankChip = (index: number): Chip => ({
  index,
  state: 'unknown',
  tempC: null,
  frequencyMHz: null,
  voltageV: null,
  hashrateHs: null,
});

export const blankFan = (slot: number): Fan => ({ slot, label: null, rpm: null, percent: null });

export const blankPsu = (): Psu => ({
  model: null,
  serial: null,
  firmwareVersion: null,
  inputVoltageV: null,
  inputCurrentA: null,
  inputPowerW: null,
  outputVoltageV: null,
  outputCurrentA: null,
  fanRpm: null,
  tempC: null,
});

export const blankPool = (index: number): Pool => ({
  index,
  url: null,
  worker: null,
  status: 'unknown',
  active: null,
  priority: null,
  accepted: null,
  rejected: null,
  stale: null,
  difficulty: null,
  lastShareAt: null,
});

export const blankFault = (code: string): Fault => ({
  code,
  vendorCode: null,
  text: null,
  severity: 'warning',
  component: null,
  at: null,
});
