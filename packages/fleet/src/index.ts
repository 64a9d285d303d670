export {
  type DaemonFile,
  daemonFilePath,
  readDaemonFile,
  runningDaemon,
  type StopResult,
  stopDaemon,
} from './adapters/pid-file.ts';
export type { Fleet } from './daemon.ts';
export { type FleetOptions, openApiDocument, startFleet } from './main.ts';
export type { Clock, Target } from './ports.ts';
