import type { DescFile, DescMethod, DescService } from '@bufbuild/protobuf';
import { ActionsService } from './generated/braiins/bos/v1/actions_pb.ts';
import { AdvancedSettingsService } from './generated/braiins/bos/v1/advanced_settings_pb.ts';
import { AuthenticationService } from './generated/braiins/bos/v1/authentication_pb.ts';
import { ConfigurationService } from './generated/braiins/bos/v1/configuration_pb.ts';
import { CoolingService } from './generated/braiins/bos/v1/cooling_pb.ts';
import { LicenseService } from './generated/braiins/bos/v1/license_pb.ts';
import { MinerService } from './generated/braiins/bos/v1/miner_pb.ts';
import { NetworkService } from './generated/braiins/bos/v1/network_pb.ts';
import { PerformanceService } from './generated/braiins/bos/v1/performance_pb.ts';
import { PoolService } from './generated/braiins/bos/v1/pool_pb.ts';
import { UpgradeService } from './generated/braiins/bos/v1/upgrade_pb.ts';
import { ApiVersionService } from './generated/braiins/bos/version_pb.ts';

/** Every service of the machine, without reflection. */
export const contractServices: readonly DescService[] = [
  ApiVersionService,
  ActionsService,
  AdvancedSettingsService,
  AuthenticationService,
  ConfigurationService,
  CoolingService,
  LicenseService,
  MinerService,
  NetworkService,
  PerformanceService,
  PoolService,
  UpgradeService,
];

/**
 * The name under which a method is called: `callOf(ActionsService.method.start)` is `braiins.bos.v1.ActionsService/Start`.
 * The types of its messages are its `input` and `output`.
 */
export function callOf(method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

const byCall = new Map(contractServices.flatMap((one) => one.methods).map((method) => [callOf(method), method]));

/** The method of {@link contractServices} that is called so; undefined where there is none. */
export function methodNamed(call: string): DescMethod | undefined {
  return byCall.get(call);
}

/** The files of these services with all that they import, each once and behind its imports: what reflection tells of. */
export function filesBehind(services: readonly DescService[]): DescFile[] {
  const found = new Set<DescFile>();
  const visit = (file: DescFile) => {
    if (found.has(file)) return;
    file.dependencies.forEach(visit);
    found.add(file);
  };
  for (const service of services) visit(service.file);
  return [...found];
}
