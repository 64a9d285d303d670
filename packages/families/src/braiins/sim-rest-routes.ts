import type { DescMethod } from '@bufbuild/protobuf';
import {
  ActionsService,
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
 * The paths of the REST API below /api/v1, each with the call of the contract that it stands for (protocols.md 7.3; published
 * descriptions of 25.07 and 26.04). Since when there is a path, the call says.
 */

/** REST has no SaveAction: what is written is saved and in force. */
const APPLY = { save_action: 2 } as const;

export interface RestRoute {
  readonly verb: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** `pools/{uid}` */
  readonly path: string;
  /** The call; which of two, the body says. */
  readonly method: DescMethod | ((body: Doc) => DescMethod);
  /** The request of the call, as a document; absent: an empty one. */
  readonly request?: (body: Doc, uid: string) => Doc;
  /** There is no body to make it of. */
  readonly bodiless?: true;
  /** Which member of the call's reply is the body; absent: all of it. */
  readonly reply?: string;
  /** 200 when absent; 204 has no body. */
  readonly status?: 201 | 204;
}

/** What JSON can be. */
export type Doc = Readonly<Record<string, unknown>>;

const asIs = (body: Doc): Doc => body;
const applied = (body: Doc): Doc => ({ ...APPLY, ...body });
const only = (): Doc => APPLY;
/** The body is one member of the request. */
const under = (name: string) => ({ request: (body: Doc): Doc => ({ ...APPLY, [name]: body }) });

const { method: action } = ActionsService;
const { method: miner } = MinerService;
const { method: performance } = PerformanceService;
const { method: pool } = PoolService;
const { method: upgrade } = UpgradeService;

const ON_OFF = ['already_running', 'already_stopped', 'already_paused', 'already_mining'] as const;
const [RUNNING, STOPPED, PAUSED, MINING] = ON_OFF;

const actions: readonly RestRoute[] = [
  { verb: 'PUT', path: 'actions/start', method: action.start, reply: RUNNING },
  { verb: 'PUT', path: 'actions/stop', method: action.stop, reply: STOPPED },
  { verb: 'PUT', path: 'actions/pause', method: action.pauseMining, reply: PAUSED },
  { verb: 'PUT', path: 'actions/resume', method: action.resumeMining, reply: MINING },
  { verb: 'PUT', path: 'actions/restart', method: action.restart, reply: RUNNING },
  { verb: 'PUT', path: 'actions/reboot', method: action.reboot, status: 204 },
  { verb: 'PUT', path: 'actions/factory-reset', method: action.factoryReset, status: 204 },
  { verb: 'GET', path: 'actions/locate', method: action.getLocateDeviceStatus, reply: 'enabled' },
  {
    verb: 'PUT',
    path: 'actions/locate',
    method: action.setLocateDeviceStatus,
    request: (body) => ({ enable: body }),
    reply: 'enabled',
  },
];

const { method: auth } = AuthenticationService;
const { method: license } = LicenseService;
const { method: network } = NetworkService;

const system: readonly RestRoute[] = [
  { verb: 'POST', path: 'auth/login', method: auth.login, request: asIs },
  { verb: 'PUT', path: 'auth/password', method: auth.setPassword, request: asIs, status: 204 },
  { verb: 'GET', path: 'license/license', method: license.getLicenseState },
  { verb: 'PUT', path: 'license/apply-contract-key', method: license.applyContractKey, request: asIs },
  { verb: 'GET', path: 'network/', method: network.getNetworkInfo },
  { verb: 'GET', path: 'network/configuration', method: network.getNetworkConfiguration, reply: 'network' },
  {
    verb: 'PATCH',
    path: 'network/configuration',
    method: network.setNetworkConfiguration,
    request: asIs,
    reply: 'network',
  },
  { verb: 'GET', path: 'upgrade/auto-upgrade', method: upgrade.getAutoUpgradeStatus },
  { verb: 'PATCH', path: 'upgrade/auto-upgrade', method: upgrade.updateAutoUpgradeConfig, request: asIs },
  { verb: 'POST', path: 'upgrade/restore-stock', method: upgrade.restoreStock, status: 204 },
];

const machine: readonly RestRoute[] = [
  { verb: 'GET', path: 'configuration/miner', method: ConfigurationService.method.getMinerConfiguration },
  { verb: 'GET', path: 'configuration/constraints', method: ConfigurationService.method.getConstraints },
  { verb: 'GET', path: 'cooling/state', method: CoolingService.method.getCoolingState },
  {
    verb: 'PUT',
    path: 'cooling/mode',
    method: CoolingService.method.setCoolingMode,
    ...under('mode'),
    reply: 'mode',
  },
  { verb: 'GET', path: 'miner/details', method: miner.getMinerDetails },
  { verb: 'GET', path: 'miner/errors', method: miner.getErrors },
  { verb: 'GET', path: 'miner/stats', method: miner.getMinerStats },
  { verb: 'GET', path: 'miner/hw/hashboards', method: miner.getHashboards },
  {
    verb: 'PATCH',
    path: 'miner/hw/hashboards',
    method: ({ enable }) => (enable === true ? miner.enableHashboards : miner.disableHashboards),
    request: ({ enable: _, ...body }) => applied(body),
  },
  { verb: 'GET', path: 'pools/', method: pool.getPoolGroups, reply: 'pool_groups' },
  { verb: 'POST', path: 'pools/', method: pool.createPoolGroup, ...under('group'), reply: 'group', status: 201 },
  { verb: 'PUT', path: 'pools/batch', method: pool.setPoolGroups, ...under('pool_groups'), reply: 'pool_groups' },
  {
    verb: 'PUT',
    path: 'pools/{uid}',
    method: pool.updatePoolGroup,
    request: (body, uid) => ({ ...APPLY, group: { ...body, uid } }),
    reply: 'group',
  },
  {
    verb: 'DELETE',
    path: 'pools/{uid}',
    method: pool.removePoolGroup,
    request: (_, uid) => ({ ...APPLY, uid }),
    bodiless: true,
    status: 204,
  },
];

const power = { reply: 'power_target' } as const;
const hashrate = { reply: 'hashrate_target' } as const;

const tuning: readonly RestRoute[] = [
  {
    verb: 'GET',
    path: 'performance/mode',
    method: performance.getActivePerformanceMode,
    reply: 'mode',
  },
  {
    verb: 'PUT',
    path: 'performance/mode',
    method: performance.setPerformanceMode,
    request: (mode) => ({ ...APPLY, mode: { mode } }),
    reply: 'mode',
  },
  { verb: 'GET', path: 'performance/tuner-state', method: performance.getTunerState },
  { verb: 'GET', path: 'performance/target-profiles', method: performance.listTargetProfiles },
  { verb: 'PUT', path: 'performance/dps', method: performance.setDPS, request: applied },
  {
    verb: 'PUT',
    path: 'performance/power-target',
    method: performance.setPowerTarget,
    ...under('power_target'),
    ...power,
  },
  {
    verb: 'PUT',
    path: 'performance/power-target/default',
    method: performance.setDefaultPowerTarget,
    request: only,
    bodiless: true,
    ...power,
  },
  {
    verb: 'PATCH',
    path: 'performance/power-target/increment',
    method: performance.incrementPowerTarget,
    ...under('power_target_increment'),
    ...power,
  },
  {
    verb: 'PATCH',
    path: 'performance/power-target/decrement',
    method: performance.decrementPowerTarget,
    ...under('power_target_decrement'),
    ...power,
  },
  {
    verb: 'PATCH',
    path: 'performance/power-target/relative',
    method: performance.setRelativePowerTarget,
    request: applied,
    ...power,
  },
  {
    verb: 'PUT',
    path: 'performance/hashrate-target',
    method: performance.setHashrateTarget,
    ...under('hashrate_target'),
    ...hashrate,
  },
  {
    verb: 'PUT',
    path: 'performance/hashrate-target/default',
    method: performance.setDefaultHashrateTarget,
    request: only,
    bodiless: true,
    ...hashrate,
  },
  {
    verb: 'PATCH',
    path: 'performance/hashrate-target/increment',
    method: performance.incrementHashrateTarget,
    ...under('hashrate_target_increment'),
    ...hashrate,
  },
  {
    verb: 'PATCH',
    path: 'performance/hashrate-target/decrement',
    method: performance.decrementHashrateTarget,
    ...under('hashrate_target_decrement'),
    ...hashrate,
  },
  {
    verb: 'PATCH',
    path: 'performance/hashrate-target/relative',
    method: performance.setRelativeHashrateTarget,
    request: applied,
    ...hashrate,
  },
  { verb: 'PUT', path: 'performance/quick-ramping', method: performance.setQuickRamping, request: applied },
  {
    verb: 'PUT',
    path: 'performance/quick-ramping/default',
    method: performance.setDefaultQuickRamping,
    request: only,
    bodiless: true,
  },
  { verb: 'DELETE', path: 'performance/tuned-profiles', method: performance.removeTunedProfiles, status: 204 },
];

/** Paths with one message in and one out. */
export const restRoutes: readonly RestRoute[] = [...actions, ...system, ...machine, ...tuning];
