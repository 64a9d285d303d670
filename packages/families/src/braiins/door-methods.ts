import type { DescMessage, DescMethodUnary } from '@bufbuild/protobuf';
import type { HttpRequest } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import {
  ActionsService,
  AdvancedSettingsService,
  ApiVersionService,
  AuthenticationService,
  ConfigurationService,
  CoolingService,
  LicenseService,
  MinerService,
  NetworkService,
  PerformanceService,
  PoolService,
  UpgradeService,
} from './contract/index.ts';

/*
 * What can be asked and told, under the names of both doors (protocols.md 7.2, 7.3). A request is written once, as the
 * message of gRPC in the form of the contract's documents. REST takes the same without the SaveAction, which it applies
 * by itself, and as a rule one level less deep.
 */

export type Doc = Readonly<Record<string, unknown>>;

/** How the REST API has a method. */
export interface RestForm {
  readonly verb: HttpRequest['method'];
  /** Behind `/api/v1/`; `{uid}` stands for a field of the message. */
  readonly path: string;
  /** The body for a message; no body if absent. */
  readonly body?: (message: Doc) => unknown;
  /** The reply as the message of gRPC has it; the same if absent. */
  readonly reply?: (doc: unknown) => unknown;
}

export interface Method {
  readonly rpc: DescMethodUnary<DescMessage, DescMessage>;
  /** Null: the REST API has nothing like it. */
  readonly rest: RestForm | null;
}

/** A method that both doors have. */
export interface CommonMethod extends Method {
  readonly rest: RestForm;
}

const method = (
  rpc: Method['rpc'],
  place: `${RestForm['verb']} ${string}`,
  form: Pick<RestForm, 'body' | 'reply'> = {},
): CommonMethod => {
  const [verb, path] = place.split(' ') as [RestForm['verb'], string];
  return { rpc, rest: { verb, path, ...form } };
};

const grpcOnly = (rpc: Method['rpc']): Method => ({ rpc, rest: null });

/** The one field of a message that REST takes, bare. */
const only = (name: string) => (message: Doc) => message[name];

/** A message without the fields that REST does not take. */
const without =
  (...names: readonly string[]) =>
  (message: Doc) =>
    Object.fromEntries(Object.entries(message).filter(([name]) => !names.includes(name)));

/** What REST answers bare stands in a field of the gRPC reply. */
const within = (name: string) => (doc: unknown) => ({ [name]: doc });

const SAVE = 'save_action';

export const METHODS = {
  GetApiVersion: method(ApiVersionService.method.getApiVersion, 'GET version/'),

  Start: method(ActionsService.method.start, 'PUT actions/start', { reply: within('already_running') }),
  Stop: method(ActionsService.method.stop, 'PUT actions/stop', { reply: within('already_stopped') }),
  PauseMining: method(ActionsService.method.pauseMining, 'PUT actions/pause', { reply: within('already_paused') }),
  ResumeMining: method(ActionsService.method.resumeMining, 'PUT actions/resume', { reply: within('already_mining') }),
  Restart: method(ActionsService.method.restart, 'PUT actions/restart', { reply: within('already_running') }),
  Reboot: method(ActionsService.method.reboot, 'PUT actions/reboot'),
  FactoryReset: method(ActionsService.method.factoryReset, 'PUT actions/factory-reset'),
  SetLocateDeviceStatus: method(ActionsService.method.setLocateDeviceStatus, 'PUT actions/locate', {
    body: only('enable'),
    reply: within('enabled'),
  }),
  GetLocateDeviceStatus: method(ActionsService.method.getLocateDeviceStatus, 'GET actions/locate', {
    reply: within('enabled'),
  }),

  SetPassword: method(AuthenticationService.method.setPassword, 'PUT auth/password', {
    // Null removes it.
    body: ({ password = null }) => ({ password }),
  }),

  GetMinerConfiguration: method(ConfigurationService.method.getMinerConfiguration, 'GET configuration/miner'),
  GetConstraints: method(ConfigurationService.method.getConstraints, 'GET configuration/constraints'),

  GetCoolingState: method(CoolingService.method.getCoolingState, 'GET cooling/state'),
  SetCoolingMode: method(CoolingService.method.setCoolingMode, 'PUT cooling/mode', {
    body: only('mode'),
    reply: within('mode'),
  }),
  SetImmersionMode: grpcOnly(CoolingService.method.setImmersionMode),

  GetLicenseState: method(LicenseService.method.getLicenseState, 'GET license/license'),
  ApplyContractKey: method(LicenseService.method.applyContractKey, 'PUT license/apply-contract-key', {
    body: (message) => message,
  }),

  GetMinerDetails: method(MinerService.method.getMinerDetails, 'GET miner/details'),
  GetMinerStats: method(MinerService.method.getMinerStats, 'GET miner/stats'),
  GetErrors: method(MinerService.method.getErrors, 'GET miner/errors'),
  GetHashboards: method(MinerService.method.getHashboards, 'GET miner/hw/hashboards'),
  EnableHashboards: method(MinerService.method.enableHashboards, 'PATCH miner/hw/hashboards', {
    body: ({ hashboard_ids }) => ({ enable: true, hashboard_ids }),
  }),
  DisableHashboards: method(MinerService.method.disableHashboards, 'PATCH miner/hw/hashboards', {
    body: ({ hashboard_ids }) => ({ enable: false, hashboard_ids }),
  }),

  GetNetworkInfo: method(NetworkService.method.getNetworkInfo, 'GET network/'),
  GetNetworkConfiguration: method(NetworkService.method.getNetworkConfiguration, 'GET network/configuration', {
    reply: within('network'),
  }),
  SetNetworkConfiguration: method(NetworkService.method.setNetworkConfiguration, 'PATCH network/configuration', {
    body: (message) => message,
    reply: within('network'),
  }),

  GetTunerState: method(PerformanceService.method.getTunerState, 'GET performance/tuner-state'),
  ListTargetProfiles: method(PerformanceService.method.listTargetProfiles, 'GET performance/target-profiles'),
  GetMinerEfficiencyProfile: grpcOnly(PerformanceService.method.getMinerEfficiencyProfile),
  SetPowerTarget: method(PerformanceService.method.setPowerTarget, 'PUT performance/power-target', {
    body: only('power_target'),
    reply: within('power_target'),
  }),
  SetDefaultPowerTarget: method(
    PerformanceService.method.setDefaultPowerTarget,
    'PUT performance/power-target/default',
    { reply: within('power_target') },
  ),
  IncrementPowerTarget: method(
    PerformanceService.method.incrementPowerTarget,
    'PATCH performance/power-target/increment',
    { body: only('power_target_increment'), reply: within('power_target') },
  ),
  DecrementPowerTarget: method(
    PerformanceService.method.decrementPowerTarget,
    'PATCH performance/power-target/decrement',
    { body: only('power_target_decrement'), reply: within('power_target') },
  ),
  SetRelativePowerTarget: method(
    PerformanceService.method.setRelativePowerTarget,
    'PATCH performance/power-target/relative',
    { body: without(SAVE), reply: within('power_target') },
  ),
  SetHashrateTarget: method(PerformanceService.method.setHashrateTarget, 'PUT performance/hashrate-target', {
    body: only('hashrate_target'),
    reply: within('hashrate_target'),
  }),
  SetDefaultHashrateTarget: method(
    PerformanceService.method.setDefaultHashrateTarget,
    'PUT performance/hashrate-target/default',
    { reply: within('hashrate_target') },
  ),
  IncrementHashrateTarget: method(
    PerformanceService.method.incrementHashrateTarget,
    'PATCH performance/hashrate-target/increment',
    { body: only('hashrate_target_increment'), reply: within('hashrate_target') },
  ),
  DecrementHashrateTarget: method(
    PerformanceService.method.decrementHashrateTarget,
    'PATCH performance/hashrate-target/decrement',
    { body: only('hashrate_target_decrement'), reply: within('hashrate_target') },
  ),
  SetRelativeHashrateTarget: method(
    PerformanceService.method.setRelativeHashrateTarget,
    'PATCH performance/hashrate-target/relative',
    { body: without(SAVE), reply: within('hashrate_target') },
  ),
  // 25.07 wants the SaveAction here; later releases do not look at it.
  SetDPS: method(PerformanceService.method.setDPS, 'PUT performance/dps', { body: (message) => message }),
  SetPerformanceMode: method(PerformanceService.method.setPerformanceMode, 'PUT performance/mode', {
    body: ({ mode }) => new Fields(mode).raw('mode'),
    reply: within('mode'),
  }),
  GetActivePerformanceMode: method(PerformanceService.method.getActivePerformanceMode, 'GET performance/mode', {
    reply: within('mode'),
  }),
  RemoveTunedProfiles: method(PerformanceService.method.removeTunedProfiles, 'DELETE performance/tuned-profiles'),
  SetQuickRamping: method(PerformanceService.method.setQuickRamping, 'PUT performance/quick-ramping', {
    body: without(SAVE),
  }),
  SetDefaultQuickRamping: method(
    PerformanceService.method.setDefaultQuickRamping,
    'PUT performance/quick-ramping/default',
  ),

  GetPoolGroups: method(PoolService.method.getPoolGroups, 'GET pools/', { reply: within('pool_groups') }),
  CreatePoolGroup: method(PoolService.method.createPoolGroup, 'POST pools/', {
    body: only('group'),
    reply: within('group'),
  }),
  // Which group is meant stands in the path, and must not stand in the body.
  UpdatePoolGroup: method(PoolService.method.updatePoolGroup, 'PUT pools/{uid}', {
    body: ({ group }) => without('uid')(group as Doc),
    reply: within('group'),
  }),
  RemovePoolGroup: method(PoolService.method.removePoolGroup, 'DELETE pools/{uid}'),
  SetPoolGroups: method(PoolService.method.setPoolGroups, 'PUT pools/batch', {
    body: only('pool_groups'),
    reply: within('pool_groups'),
  }),

  UpdateAutoUpgradeConfig: method(UpgradeService.method.updateAutoUpgradeConfig, 'PATCH upgrade/auto-upgrade', {
    body: (message) => message,
  }),
  GetAutoUpgradeStatus: method(UpgradeService.method.getAutoUpgradeStatus, 'GET upgrade/auto-upgrade'),
  // REST answers with an empty body once it has begun.
  RestoreStock: method(UpgradeService.method.restoreStock, 'POST upgrade/restore-stock', {
    reply: () => ({ successful: true }),
  }),

  GetSettingsSchema: grpcOnly(AdvancedSettingsService.method.getSettingsSchema),
  GetSettings: grpcOnly(AdvancedSettingsService.method.getSettings),
  SetSettings: grpcOnly(AdvancedSettingsService.method.setSettings),
  ResetAllSettings: grpcOnly(AdvancedSettingsService.method.resetAllSettings),
} as const satisfies Readonly<Record<string, Method>>;

export type MethodName = keyof typeof METHODS;

/** The path of the REST API: `restPath('miner/stats')` is `/api/v1/miner/stats`. */
export const restPath = (path: string): string => `/api/v1/${path}`;

/** The login, which no command asks for by itself. */
export const LOGIN = method(AuthenticationService.method.login, 'POST auth/login');
