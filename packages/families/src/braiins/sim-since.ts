import type { DescField, DescMessage, DescMethod, Message } from '@bufbuild/protobuf';
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect';

/*
 * What a release knows of the contract, from the change log of braiins/bos-plus-api up to its version 1.9.0 (OS 26.01) and the
 * table of versions in its README. What is newer than that log and in the REST description of 26.04 is put at 26.04, what is
 * in the contract of 26.05 alone at 26.05. Without an entry: as old as the API. Messages that 23.12 had in another form than
 * the contract of 26.05 are not known; it speaks the newer form.
 */

/** Release, by service and method or by the service alone. */
const METHOD_SINCE: Readonly<Record<string, number>> = {
  LicenseService: 23.04,
  'LicenseService/ApplyContractKey': 25.05,
  'AuthenticationService/SetPassword': 23.05,
  'ActionsService/SetLocateDeviceStatus': 23.05,
  'ActionsService/GetLocateDeviceStatus': 23.05,
  'ActionsService/FactoryReset': 26.01,
  'MinerService/GetSupportArchive': 23.05,
  'MinerService/EnableHashboards': 23.08,
  'MinerService/DisableHashboards': 23.08,
  'MinerService/GetMinerStatus': 23.08,
  'MinerService/GetErrors': 24.06,
  'MinerService/GetLog': 26.04,
  'PoolService/CreatePoolGroup': 23.08,
  'PoolService/RemovePoolGroup': 23.08,
  'PoolService/SetPoolGroups': 24.06,
  PerformanceService: 23.08,
  'PerformanceService/RemoveTunedProfiles': 23.1,
  'PerformanceService/SetQuickRamping': 25.07,
  'PerformanceService/SetDefaultQuickRamping': 25.07,
  'PerformanceService/SetRelativePowerTarget': 25.11,
  'PerformanceService/SetRelativeHashrateTarget': 25.11,
  'PerformanceService/GetMinerEfficiencyProfile': 26.05,
  NetworkService: 24.02,
  'NetworkService/GetNetworkInfo': 24.04,
  'CoolingService/SetCoolingMode': 25.01,
  UpgradeService: 25.11,
  'UpgradeService/SystemUpgrade': 26.04,
  'UpgradeService/RestoreStock': 26.04,
  AdvancedSettingsService: 26.05,
};

export function knowsMethod(os: number, method: DescMethod): boolean {
  const service = method.parent.name;
  return os >= (METHOD_SINCE[`${service}/${method.name}`] ?? METHOD_SINCE[service] ?? 0);
}

/** Release, by message and field. */
const FIELD_SINCE: Readonly<Record<string, number>> = {
  'LoginResponse.token': 24.04,
  'LoginResponse.timeout_s': 24.04,
  'MinerIdentity.miner_model': 23.1,
  'GetMinerDetailsResponse.sticker_hashrate': 23.05,
  'GetMinerDetailsResponse.bosminer_uptime_s': 23.1,
  'GetMinerDetailsResponse.system_uptime_s': 23.1,
  'GetMinerDetailsResponse.status': 24.03,
  'GetMinerDetailsResponse.kernel_version': 24.04,
  'GetMinerDetailsResponse.psu_info': 25.03,
  'GetMinerDetailsResponse.control_board_soc_family': 25.03,
  'GetMinerDetailsResponse.serial_number': 25.03,
  'Hashboard.enabled': 23.08,
  'Hashboard.model': 24.06,
  'Hashboard.lowest_inlet_temp': 25.03,
  'Hashboard.highest_outlet_temp': 25.03,
  'Hashboard.serial_number': 25.03,
  'Hashboard.board_name': 25.03,
  'Hashboard.chip_type': 25.03,
  'Hashboard.lowest_water_inlet_temp': 26.05,
  'Hashboard.highest_water_outlet_temp': 26.05,
  'WorkSolverStats.best_share_str': 26.04,
  'PoolStats.best_share_str': 26.04,
  'PoolStats.last_share_time': 24.04,
  'PoolGroup.uid': 25.11,
  'TunerConstraints.enabled': 24.03,
  'TunerConstraints.default_mode': 24.03,
  'DPSConfiguration.enabled': 24.03,
  'DPSConfiguration.mode': 25.01,
  'DPSConfiguration.on_start_target_percent': 26.01,
  'DPSConstraints.enabled': 24.03,
  'DPSConstraints.mode': 25.01,
  'DPSConstraints.on_start_target_percent': 26.01,
  'SetDPSRequest.mode': 25.01,
  'SetDPSRequest.on_start_target_percent': 26.01,
  'SetDPSResponse.mode': 25.01,
  'SetDPSResponse.on_start_target_percent': 26.01,
  'HashboardPerformanceConfiguration.quick_ramping_time_up_s': 25.07,
  'HashboardPerformanceConfiguration.quick_ramping_time_down_s': 25.07,
  'HashboardConstraints.quick_ramping_time_s': 25.07,
  'CoolingConfiguration.immersion': 25.01,
  'CoolingConfiguration.hydro': 25.01,
  'CoolingAutoMode.min_fan_speed': 25.01,
  'CoolingAutoMode.max_fan_speed': 25.01,
  'CoolingAutoMode.minimum_required_fans': 25.01,
  'CoolingAutoMode.pause_mode': 25.05,
  'CoolingManualMode.target_temperature': 25.01,
  'CoolingManualMode.minimum_required_fans': 25.01,
  'CoolingManualMode.pause_mode': 25.05,
  'ManualPauseMode.fan_pause_runtime': 26.04,
  'CoolingConstraints.min_fan_speed': 25.01,
  'CoolingConstraints.max_fan_speed': 25.01,
  'CoolingConstraints.pause_cooldown_fan_speed_ratio': 25.05,
  'CoolingConstraints.default_fan_pause_mode': 25.07,
  'CoolingConstraints.default_fan_pause_runtime': 26.04,
  'CoolingConstraints.fan_pause_runtime_limited_duration_s': 26.04,
};

const sinceOf = (field: DescField): number => FIELD_SINCE[`${field.parent.name}.${field.name}`] ?? 0;

/** Takes from a message what a release does not know: from a request as from a reply. The message itself is changed. */
export function forget(schema: DescMessage, message: Message, os: number): void {
  prune(reflect(schema, message), os);
}

function prune(message: ReflectMessage, os: number): void {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    if (sinceOf(field) > os) message.clear(field);
    else if (field.fieldKind === 'message') prune(message.get(field), os);
    else if (field.fieldKind === 'list' && field.listKind === 'message') {
      for (const item of message.get(field)) prune(item as ReflectMessage, os);
    }
  }
}
