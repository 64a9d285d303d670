import type { DescMethod } from '@bufbuild/protobuf';
import { type CommonMethod, METHODS } from './door-methods.ts';

/*
 * What a poll asks at the two doors with a login: the same messages at both (protocols.md 7.2, 7.3). Each reply stands
 * under its own id (`grpc:MinerService.GetMinerStats`, `rest:miner/stats`) and under the name that `feeds` knows it by,
 * whichever door it came through.
 */

export interface Question {
  /** The name in `feeds`. */
  readonly name: ApiName;
  readonly method: CommonMethod;
  /** The release that brought it to the REST API, where that is later than the API itself. */
  readonly restSince?: string;
  /** It changes when somebody changes it: asked once an hour. */
  readonly slow?: true;
  /** It holds the passwords of the pools: they are taken out before anything is kept. */
  readonly hasSecrets?: true;
}

export type ApiName =
  | 'api:details'
  | 'api:stats'
  | 'api:hashboards'
  | 'api:cooling'
  | 'api:pools'
  | 'api:tuner'
  | 'api:errors'
  | 'api:configuration'
  | 'api:constraints'
  | 'api:network'
  | 'api:network-configuration'
  | 'api:license'
  | 'api:locate'
  | 'api:performance'
  | 'api:auto-upgrade';

export const QUESTIONS: readonly Question[] = [
  { name: 'api:details', method: METHODS.GetMinerDetails },
  { name: 'api:stats', method: METHODS.GetMinerStats },
  { name: 'api:hashboards', method: METHODS.GetHashboards },
  { name: 'api:cooling', method: METHODS.GetCoolingState },
  { name: 'api:pools', method: METHODS.GetPoolGroups },
  { name: 'api:tuner', method: METHODS.GetTunerState },
  { name: 'api:errors', method: METHODS.GetErrors },
  { name: 'api:configuration', method: METHODS.GetMinerConfiguration, slow: true, hasSecrets: true },
  { name: 'api:constraints', method: METHODS.GetConstraints, slow: true },
  { name: 'api:network', method: METHODS.GetNetworkInfo, slow: true },
  { name: 'api:network-configuration', method: METHODS.GetNetworkConfiguration, slow: true },
  { name: 'api:license', method: METHODS.GetLicenseState, slow: true },
  { name: 'api:locate', method: METHODS.GetLocateDeviceStatus, slow: true },
  { name: 'api:performance', method: METHODS.GetActivePerformanceMode, slow: true },
  // The published description has it in 26.04 and not in 25.07; the service came with 25.11 (contract 1.8.0).
  { name: 'api:auto-upgrade', method: METHODS.GetAutoUpgradeStatus, restSince: '25.11', slow: true },
];

/** `braiins.bos.v1.MinerService/GetMinerStats` is `grpc:MinerService.GetMinerStats`. */
export const grpcId = ({ parent, name }: DescMethod): string => `grpc:${parent.name}.${name}`;

export const restId = (path: string): string => `rest:${path}`;
