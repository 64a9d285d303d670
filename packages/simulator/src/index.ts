export { type FamilySimulator, simulators } from '@headframe/families/sim';
export * from './farm/index.ts';
export { type Capture, loadCapture } from './replay/capture.ts';
export { type Replay, type ReplayOptions, serveReplay } from './replay/serve-replay.ts';
export { type Served, type ServeOptions, serveDevice } from './serve.ts';
export { realTimers, type Timers } from './timers.ts';
