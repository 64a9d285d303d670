import type { MatrixCommand } from './printed.ts';
import type { CallCells } from './types.ts';

/*
 * What stands behind the page's `HTTP CGI` and `gRPC`: the stock web interface's call and Braiins' method for each command,
 * null where it has none of its own (protocols.md 2.6, 7.4). ` | ` parts the newer and the older web interface, ` + ` joins
 * calls that are needed together. That a call has the effect of the command is a reading of what it changes: tried on
 * no device.
 *
 * Each row: CGI, gRPC, a note.
 */

export const CALLS: Readonly<Record<MatrixCommand, CallCells>> = {
  version: [
    'GET /cgi-bin/summary.cgi + GET /cgi-bin/miner_type.cgi | GET /cgi-bin/get_system_info.cgi',
    'ApiVersionService.GetApiVersion + MinerService.GetMinerDetails',
    'CGI: INFO miner_version, CompileTime, type; subtype and fw_version from miner_type. gRPC: bos_version, miner_identity',
  ],
  summary: [
    'GET /cgi-bin/summary.cgi | GET /cgi-bin/miner_summary.cgi',
    'MinerService.GetMinerStats',
    'older UI also get_miner_status.cgi (all values strings)',
  ],
  stats: [
    'GET /cgi-bin/stats.cgi | GET /cgi-bin/miner_stats.cgi',
    'MinerService.GetHashboards + CoolingService.GetCoolingState',
    'older UI passes the 4028 reply through, missing comma included',
  ],
  pools: ['GET /cgi-bin/pools.cgi | GET /cgi-bin/miner_pools.cgi', 'PoolService.GetPoolGroups', ''],
  devs: [
    'GET /cgi-bin/stats.cgi | GET /cgi-bin/get_miner_status.cgi',
    'MinerService.GetHashboards',
    'CGI: STATS[0].chain[] (newer), devs[] (older)',
  ],
  devdetails: [
    'GET /cgi-bin/miner_type.cgi + GET /cgi-bin/stats.cgi | GET /cgi-bin/get_system_info.cgi',
    'MinerService.GetMinerDetails + MinerService.GetHashboards',
    'model per unit, serial per chain; no cores or voltage per board by CGI',
  ],
  config: [
    'GET /cgi-bin/get_miner_conf.cgi',
    'ConfigurationService.GetMinerConfiguration',
    'CGI shows pool passwords in clear; strategy and log interval are in neither',
  ],
  edevs: [
    'GET /cgi-bin/stats.cgi | GET /cgi-bin/get_miner_status.cgi',
    'MinerService.GetHashboards',
    'as devs; no zombie filter',
  ],
  estats: [
    'GET /cgi-bin/stats.cgi | GET /cgi-bin/miner_stats.cgi',
    'MinerService.GetHashboards + CoolingService.GetCoolingState',
    'as stats; no zombie filter',
  ],
  coin: [null, null, 'nearest by CGI: Algorithm in get_system_info.cgi of newer builds'],
  lcd: [
    'GET /cgi-bin/summary.cgi | GET /cgi-bin/get_miner_status.cgi',
    'MinerService.GetMinerStats',
    'same figures, other shape',
  ],
  check: [null, null, ''],
  asc: [
    'GET /cgi-bin/stats.cgi | GET /cgi-bin/get_miner_status.cgi',
    'MinerService.GetHashboards',
    'pick the board by index (CGI) or id (gRPC)',
  ],
  asccount: [
    'GET /cgi-bin/stats.cgi | GET /cgi-bin/get_miner_status.cgi',
    'MinerService.GetHashboards',
    'CGI: chain_num or the length of chain[]; gRPC: length of hashboards',
  ],
  notify: [
    'GET /cgi-bin/summary.cgi',
    'MinerService.GetErrors',
    'CGI newer UI only: SUMMARY[0].status[] (rate, network, fans, temp) = present state, no history',
  ],
  privileged: [null, null, 'a CGI login is full access; gRPC: a valid token'],
  pga: [null, null, 'FPGA builds only'],
  debug: [null, null, ''],
  lockstats: [null, null, ''],
  switchpool: [
    'POST /cgi-bin/set_miner_conf.cgi',
    'PoolService.UpdatePoolGroup',
    'whole pool list with the wanted pool first; CGI restarts the miner',
  ],
  enablepool: [
    null,
    'PoolService.UpdatePoolGroup',
    'CGI config has no enabled flag: put the pool back with set_miner_conf.cgi. gRPC: PoolConfiguration.enabled = true',
  ],
  disablepool: [
    null,
    'PoolService.UpdatePoolGroup',
    'CGI config has no enabled flag: leave the pool out with set_miner_conf.cgi. gRPC: PoolConfiguration.enabled = false',
  ],
  addpool: [
    'POST /cgi-bin/set_miner_conf.cgi',
    'PoolService.UpdatePoolGroup',
    'CGI: three slots, whole config, miner restarts. gRPC: append to the group, or CreatePoolGroup',
  ],
  removepool: [
    'POST /cgi-bin/set_miner_conf.cgi',
    'PoolService.UpdatePoolGroup',
    'whole list without the pool. gRPC: RemovePoolGroup when the group goes too',
  ],
  poolpriority: [
    'POST /cgi-bin/set_miner_conf.cgi',
    'PoolService.UpdatePoolGroup',
    'order of the list; gRPC order = priority is inferred',
  ],
  poolquota: [null, 'PoolService.UpdatePoolGroup', 'gRPC quota belongs to the group, not to a pool'],
  save: [null, null, 'every set_*.cgi writes to flash; every gRPC write carries SaveAction'],
  restart: [
    null,
    'ActionsService.Restart',
    'CGI: side effect of set_miner_conf.cgi; reboot.cgi restarts the whole unit',
  ],
  quit: [
    'none | /cgi-bin/kill_bmminer.cgi',
    'ActionsService.Stop',
    'older UI only, HTTP method not established; newer UI nearest: miner-mode 1 (sleep) by set_miner_conf.cgi',
  ],
  ascenable: [null, 'MinerService.EnableHashboards', 'hashboard_ids, save_action'],
  ascdisable: [null, 'MinerService.DisableHashboards', 'hashboard_ids, save_action'],
  ascset: [
    null,
    null,
    'CGI in part: frequency, voltage, work mode, fan by set_miner_conf.cgi, LED by blink.cgi. gRPC in part: PerformanceService.SetPerformanceMode, CoolingService.SetCoolingMode, ActionsService.SetLocateDeviceStatus',
  ],
  pgaenable: [null, null, 'FPGA builds only'],
  pgadisable: [null, null, 'FPGA builds only'],
  pgaidentify: [null, null, 'nearest, whole unit: blink.cgi, ActionsService.SetLocateDeviceStatus'],
  setconfig: [null, null, 'dead in cgminer too (127)'],
  zero: [null, null, ''],
  hotplug: [null, null, ''],
  'failover-only': [null, null, 'dead in cgminer too (127)'],
  logon: [null, 'AuthenticationService.Login', 'CGI: HTTP digest on every request, no session'],
  logoff: [null, null, 'gRPC token idles out (3600 s, sliding)'],
  session: [null, null, ''],
  kill: [null, null, ''],
  fans: [
    'GET /cgi-bin/stats.cgi | GET /cgi-bin/miner_stats.cgi',
    'CoolingService.GetCoolingState',
    'CGI: fan[] (newer), fan1.. (older)',
  ],
  temps: [
    'GET /cgi-bin/stats.cgi | GET /cgi-bin/miner_stats.cgi',
    'MinerService.GetHashboards + CoolingService.GetCoolingState',
    'CGI: temp_pic, temp_pcb, temp_chip per chain. gRPC: board_temp, highest_chip_temp, inlet and outlet per board, highest_temperature of the unit',
  ],
  tempctrl: [
    null,
    'ConfigurationService.GetMinerConfiguration',
    'gRPC: temperature (target, hot, dangerous of the mode); written by CoolingService.SetCoolingMode',
  ],
  power: [
    null,
    'MinerService.GetMinerStats',
    'CGI: watt in stats.cgi on newer hydro units only. gRPC: power_stats.approximated_consumption, an estimate',
  ],
  profiles: [
    null,
    'PerformanceService.ListTargetProfiles',
    'CGI nearest: get_multi_option.cgi (work modes, some newer builds)',
  ],
  profileset: [
    null,
    'PerformanceService.SetPowerTarget',
    'no named profile to set: or SetHashrateTarget, SetPerformanceMode. CGI nearest: miner-mode, freq-level by set_miner_conf.cgi',
  ],
  curtail: [
    'POST /cgi-bin/set_miner_conf.cgi',
    'ActionsService.PauseMining + ActionsService.ResumeMining',
    'CGI newer UI: miner-mode 1 sleep, 0 normal (254 = sleep on some S17 builds); the whole config is sent, the miner restarts',
  ],
};
