export { type FamilySimulator, simulators } from '@headframe/families/sim';
export { type Farm, type FarmOptions, startFarm } from './farm/farm.ts';
export type { MachineLine } from './farm/orders.ts';
export { FAULTS, type Fault, type FaultKind, parseFault } from './faults/kinds.ts';
export { type Capture, loadCapture } from './replay/capture.ts';
export { type Replay, type ReplayOptions, serveReplay } from './replay/serve-replay.ts';
export { type Served, type ServeOptions, serveDevice } from './serve.ts';
export { realTimers, type Timers } from './timers.ts';
