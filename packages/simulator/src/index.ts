export { type FamilySimulator, simulators } from '@headframe/families/sim';
export * from './farm/index.ts';
export * from './pools/index.ts';
export { type Capture, loadCapture } from './replay/capture.ts';
export { type Replay, type ReplayOptions, serveReplay } from './replay/serve-replay.ts';
export { type Served, type ServeOptions, serveDevice } from './serve.ts';
export * from './shell/index.ts';
export * from './strangers/index.ts';
export { realTimers, type Timers } from './timers.ts';
