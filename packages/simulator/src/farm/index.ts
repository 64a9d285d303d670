// The door to farms alone: who only gives orders loads no device, no family and no HTTP.
export { FAULTS, type Fault, type FaultKind, parseFault } from '../faults/kinds.ts';
export { type Farm, type FarmOptions, startFarm } from './farm.ts';
export type { MachineLine } from './orders.ts';
