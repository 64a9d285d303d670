import { type Case, save, th, w } from './case.testing.ts';
import type { State } from './double-state.testing.ts';
import type { Doc } from './wire.testing.ts';

const watts = ({ tuner }: State) => (tuner.power_target as Doc).watt;
const terahashes = ({ tuner }: State) => (tuner.hashrate_target as Doc).terahash_per_second;
const aimedAt140 = (state: State) => {
  state.tuner = { ...state.tuner, hashrate_target: th(140) };
};

export const POWER: readonly Case[] = [
  {
    name: 'setPowerLimit',
    given: { powerW: 2500 },
    method: 'SetPowerTarget',
    message: { ...save, power_target: w(2500) },
    rest: ['PUT /api/v1/performance/power-target', w(2500)],
    after: watts,
    is: 2500,
  },
  {
    name: 'setPowerPercent',
    given: { percent: 80 },
    method: 'SetRelativePowerTarget',
    message: { ...save, percentage: 80, reference: 1 },
    rest: ['PATCH /api/v1/performance/power-target/relative', { percentage: 80, reference: 1 }],
    after: watts,
    is: 2600,
  },
  {
    name: 'braiins.setdefaultpowertarget',
    method: 'SetDefaultPowerTarget',
    message: save,
    rest: ['PUT /api/v1/performance/power-target/default', null],
    after: watts,
    is: 3010,
  },
  {
    name: 'braiins.incrementpowertarget',
    given: { powerW: 150 },
    method: 'IncrementPowerTarget',
    message: { ...save, power_target_increment: w(150) },
    rest: ['PATCH /api/v1/performance/power-target/increment', w(150)],
    after: watts,
    is: 3150,
  },
  {
    name: 'braiins.decrementpowertarget',
    given: { powerW: 200 },
    method: 'DecrementPowerTarget',
    message: { ...save, power_target_decrement: w(200) },
    rest: ['PATCH /api/v1/performance/power-target/decrement', w(200)],
    after: watts,
    is: 2800,
  },
  {
    name: 'braiins.setrelativepowertarget',
    given: { percent: 85.5, reference: 'max' },
    method: 'SetRelativePowerTarget',
    message: { ...save, percentage: 85.5, reference: 3 },
    rest: ['PATCH /api/v1/performance/power-target/relative', { percentage: 85.5, reference: 3 }],
    after: watts,
    is: 5558,
  },
  {
    name: 'braiins.sethashratetarget',
    given: { hashrateTHs: 120.5 },
    method: 'SetHashrateTarget',
    message: { ...save, hashrate_target: th(120.5) },
    rest: ['PUT /api/v1/performance/hashrate-target', th(120.5)],
    after: terahashes,
    is: 120.5,
  },
  {
    name: 'braiins.setdefaulthashratetarget',
    method: 'SetDefaultHashrateTarget',
    message: save,
    rest: ['PUT /api/v1/performance/hashrate-target/default', null],
    after: terahashes,
    is: 140,
  },
  {
    name: 'braiins.incrementhashratetarget',
    given: { hashrateTHs: 2.5 },
    before: aimedAt140,
    method: 'IncrementHashrateTarget',
    message: { ...save, hashrate_target_increment: th(2.5) },
    rest: ['PATCH /api/v1/performance/hashrate-target/increment', th(2.5)],
    after: terahashes,
    is: 142.5,
  },
  {
    name: 'braiins.decrementhashratetarget',
    given: { hashrateTHs: 10 },
    before: aimedAt140,
    method: 'DecrementHashrateTarget',
    message: { ...save, hashrate_target_decrement: th(10) },
    rest: ['PATCH /api/v1/performance/hashrate-target/decrement', th(10)],
    after: terahashes,
    is: 130,
  },
  {
    name: 'braiins.setrelativehashratetarget',
    given: { percent: 90, reference: 'current' },
    before: aimedAt140,
    method: 'SetRelativeHashrateTarget',
    message: { ...save, percentage: 90, reference: 4 },
    rest: ['PATCH /api/v1/performance/hashrate-target/relative', { percentage: 90, reference: 4 }],
    after: terahashes,
    is: 126,
  },
];
