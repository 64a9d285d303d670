export type { Credentials } from '@headframe/model';
export { type Endpoint, formatAddress, parseAddress } from './address.ts';
export type { ApiAnswer } from './api.ts';
export type { CallOptions } from './call-options.ts';
export { type ConnectOptions, connect } from './connect.ts';
export type { SessionStore } from './control/conversation.ts';
export { type Capability, isActionWord, nameOf, wordsOf } from './control/find-action.ts';
export type { Plan } from './control/plan.ts';
export type { Progress, RunOptions } from './control/run-options.ts';
export {
  type CredentialOptions,
  type CredentialSource,
  credentialsFromEnvironment,
  loadCredentials,
} from './credentials.ts';
export type { ExtraPorts } from './discovery/doors.ts';
export type { Found, FoundKind, ProbeEvidence } from './discovery/found.ts';
export { discoverByMulticast, type MulticastFound, type MulticastOptions } from './discovery/multicast.ts';
export { type ScanOptions, type ScanProgress, scan } from './discovery/scan.ts';
export { examine } from './doctor/examine.ts';
export { applyFix, type FixOptions, type FixOutcome, type Proposal } from './doctor/fixes/apply-fix.ts';
export type { Check, Done, FixKind, FixTarget, Need } from './doctor/fixes/fix.ts';
export { FIXES } from './doctor/fixes/index.ts';
export { fixTargetOf } from './doctor/fixes/target-of.ts';
export type { OperatingSystem } from './doctor/operating-system.ts';
export type {
  ExamineOptions,
  HistoryStore,
  Looking,
  PoolReader,
  Remembered,
  SshAccess,
  Vantage,
} from './doctor/options.ts';
export { openShell } from './doctor/shell/open-shell.ts';
export type { Ran, RunLimits, Shell } from './doctor/shell/shell.ts';
export { vantageOf } from './doctor/vantage.ts';
export {
  createMiner,
  type Miner,
  type MinerOptions,
  type MinerTarget,
  type Reading,
  type ReadMinerOptions,
} from './miner.ts';
export { type PoolAccountOptions, type PoolAccountSource, poolAccountsFrom } from './pools/pool-accounts.ts';
export type { JsonPaths, PoolAccount, PoolDialect, PoolId } from './pools/pool-dialect.ts';
export { POOL_DIALECTS } from './pools/pool-dialects.ts';
export { poolReader } from './pools/read-pool.ts';
export { addressOf, type Ports } from './ports.ts';
export { askRaw, type RawAnswer, type RawOptions } from './raw.ts';
export { type RecordedRequest, type Recording, type RecordOptions, record } from './recorder/recorder.ts';
export { NonceComparison, type SharedNonces } from './shared-nonces.ts';
export { suggestRanges } from './targets/suggest-ranges.ts';
export { MAX_ADDRESSES, parseTargets, type TargetOptions, type Targets } from './targets/targets.ts';
