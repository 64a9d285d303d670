import type { Doc } from './wire.testing.ts';

/*
 * The paths of the published REST descriptions (25.07 and 26.04), each with the method of gRPC that it stands for, how a
 * body becomes its message, and how its reply becomes a body. Null: the reply has no body (204).
 */

interface Route {
  readonly method: string;
  readonly message?: (body: unknown, uid: string) => Doc;
  readonly reply?: (doc: Doc) => unknown;
}

const bare = (name: string) => (body: unknown) => ({ [name]: body });
const whole = (body: unknown) => body as Doc;
const field = (name: string) => (doc: Doc) => doc[name];
const nothing = () => null;

const target = (method: string, name: string, of: 'power' | 'hashrate'): Route => ({
  method,
  message: name === '' ? () => ({}) : bare(name),
  reply: field(`${of}_target`),
});

export const ROUTES: Readonly<Record<string, Route>> = {
  'GET version/': { method: 'GetApiVersion' },
  'PUT auth/password': { method: 'SetPassword', message: whole, reply: nothing },
  'PUT actions/start': { method: 'Start', reply: field('already') },
  'PUT actions/stop': { method: 'Stop', reply: field('already') },
  'PUT actions/pause': { method: 'PauseMining', reply: field('already') },
  'PUT actions/resume': { method: 'ResumeMining', reply: field('already') },
  'PUT actions/restart': { method: 'Restart', reply: field('already') },
  'PUT actions/reboot': { method: 'Reboot', reply: nothing },
  'PUT actions/factory-reset': { method: 'FactoryReset', reply: nothing },
  'GET actions/locate': { method: 'GetLocateDeviceStatus', reply: field('enabled') },
  'PUT actions/locate': { method: 'SetLocateDeviceStatus', message: bare('enable'), reply: field('enabled') },
  'GET configuration/miner': { method: 'GetMinerConfiguration' },
  'GET configuration/constraints': { method: 'GetConstraints' },
  'GET cooling/state': { method: 'GetCoolingState' },
  'PUT cooling/mode': { method: 'SetCoolingMode', message: bare('mode'), reply: field('mode') },
  'GET license/license': { method: 'GetLicenseState' },
  'PUT license/apply-contract-key': { method: 'ApplyContractKey', message: whole },
  'GET miner/details': { method: 'GetMinerDetails' },
  'GET miner/hw/hashboards': { method: 'GetHashboards' },
  'PATCH miner/hw/hashboards': { method: 'PatchHashboards', message: whole },
  'GET network/': { method: 'GetNetworkInfo' },
  'GET network/configuration': { method: 'GetNetworkConfiguration', reply: field('network') },
  'PATCH network/configuration': { method: 'SetNetworkConfiguration', message: whole, reply: field('network') },
  'GET performance/tuner-state': { method: 'GetTunerState' },
  'GET performance/target-profiles': { method: 'ListTargetProfiles' },
  'PUT performance/power-target': target('SetPowerTarget', 'power_target', 'power'),
  'PUT performance/power-target/default': target('SetDefaultPowerTarget', '', 'power'),
  'PATCH performance/power-target/increment': target('IncrementPowerTarget', 'power_target_increment', 'power'),
  'PATCH performance/power-target/decrement': target('DecrementPowerTarget', 'power_target_decrement', 'power'),
  'PATCH performance/power-target/relative': {
    method: 'SetRelativePowerTarget',
    message: whole,
    reply: field('power_target'),
  },
  'PUT performance/hashrate-target': target('SetHashrateTarget', 'hashrate_target', 'hashrate'),
  'PUT performance/hashrate-target/default': target('SetDefaultHashrateTarget', '', 'hashrate'),
  'PATCH performance/hashrate-target/increment': target(
    'IncrementHashrateTarget',
    'hashrate_target_increment',
    'hashrate',
  ),
  'PATCH performance/hashrate-target/decrement': target(
    'DecrementHashrateTarget',
    'hashrate_target_decrement',
    'hashrate',
  ),
  'PATCH performance/hashrate-target/relative': {
    method: 'SetRelativeHashrateTarget',
    message: whole,
    reply: field('hashrate_target'),
  },
  'PUT performance/dps': { method: 'SetDPS', message: whole },
  'GET performance/mode': { method: 'GetActivePerformanceMode', reply: field('mode') },
  'PUT performance/mode': {
    method: 'SetPerformanceMode',
    message: (mode) => ({ mode: { mode } }),
    reply: field('mode'),
  },
  'DELETE performance/tuned-profiles': { method: 'RemoveTunedProfiles', reply: nothing },
  'PUT performance/quick-ramping': { method: 'SetQuickRamping', message: whole },
  'PUT performance/quick-ramping/default': { method: 'SetDefaultQuickRamping' },
  'GET pools/': { method: 'GetPoolGroups', reply: field('pool_groups') },
  'POST pools/': { method: 'CreatePoolGroup', message: bare('group'), reply: field('group') },
  'PUT pools/batch': { method: 'SetPoolGroups', message: bare('pool_groups'), reply: field('pool_groups') },
  'PUT pools/{uid}': {
    method: 'UpdatePoolGroup',
    message: (group, uid) => ({ group: { ...(group as Doc), uid } }),
    reply: field('group'),
  },
  'DELETE pools/{uid}': { method: 'RemovePoolGroup', message: (_, uid) => ({ uid }), reply: nothing },
  'GET upgrade/auto-upgrade': { method: 'GetAutoUpgradeStatus' },
  'PATCH upgrade/auto-upgrade': { method: 'UpdateAutoUpgradeConfig', message: whole },
  'POST upgrade/restore-stock': { method: 'RestoreStock', reply: nothing },
};

/** The route of a path behind `/api/v1/`, and the uid in it. */
export function routeOf(
  verb: string,
  path: string,
): { readonly name: string; readonly route: Route; readonly uid: string } | null {
  const plain = `${verb} ${path}`;
  const [, uid = ''] = /^pools\/([^/]+)$/.exec(path) ?? [];
  const name = ROUTES[plain] === undefined && uid !== '' ? `${verb} pools/{uid}` : plain;
  const route = ROUTES[name];
  return route === undefined ? null : { name, route, uid: decodeURIComponent(uid) };
}
