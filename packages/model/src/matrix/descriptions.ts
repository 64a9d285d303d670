import type { MatrixCommand } from './printed.ts';

/*
 * From "Miner API Command Reference" by D-Central, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).
 * Changed: told in our words.
 */

/** What each command does, as the page says it. */
export const DESCRIPTIONS: Readonly<Record<MatrixCommand, string>> = {
  version:
    'API and firmware version strings (miner version, API version such as 3.7, miner type, build time); the first call every tool uses to fingerprint a device',
  summary:
    'Whole-miner totals: uptime, hashrate averages (GHS or MHS fields), accepted, rejected, hardware errors, utility, blocks found, best share, error percentages',
  stats: 'Per-chain detail: chip counts, chain rates, chip status maps, temperatures, fan speeds, ideal rate, uptime',
  pools:
    'Configured pools with per-pool URL, status, priority, quota, share counters, worker, stratum state, last share data and percentages',
  devs: 'One record per hashboard: status, temperature, hashrate, share counts and hardware errors',
  devdetails:
    'Static hardware description per board: model, chips, cores, frequency, voltage, profile, serial; used to identify the model',
  config: 'Daemon configuration overview: device and pool counts, strategy, log interval, device code, OS',
  edevs: 'devs without blacklisted or zombie devices',
  estats: 'stats without zombie devices',
  coin: 'Current coin: hash method, block difficulty, network difficulty; a placeholder on many ASIC builds',
  lcd: 'Short one-shot status meant for small displays; a compatibility placeholder on most ASIC firmware',
  check: 'Whether a command exists and whether the caller may use it',
  asc: 'Full record of one hashboard by index',
  asccount: 'Number of hashboards detected',
  notify: 'Per-device event and error history',
  privileged: 'Whether the caller has write access under the API access list',
  pga: 'Legacy: record of FPGA device n; empty on ASIC-only miners',
  debug: 'Show or toggle daemon debug flags',
  lockstats: 'Write internal lock statistics to the log (only in builds that carry them)',
  switchpool: 'Make pool n the top priority',
  enablepool: 'Enable pool n',
  disablepool: 'Disable pool n',
  addpool: 'Add a pool to the first group (the page says LuxOS wants a leading session id)',
  removepool: 'Remove pool n',
  poolpriority: 'Set the order of all pools',
  poolquota: 'Set the load-balance quota of pool n',
  save: 'Write the running configuration to disk, optionally to a named file',
  restart: 'Restart the mining daemon without rebooting',
  quit: 'Stop the mining daemon',
  ascenable: 'Enable hashboard n',
  ascdisable: 'Disable hashboard n',
  ascset: "Set a vendor-specific option of a hashboard; on Avalon it carries the model's opcodes; not portable",
  pgaenable: 'Legacy: enable FPGA device n',
  pgadisable: 'Legacy: disable FPGA device n',
  pgaidentify: 'Legacy: blink the LED of FPGA device n',
  setconfig: 'Set a global daemon value such as queue, scantime or expiry',
  zero: 'Reset the named counters, optionally printing a summary first',
  hotplug: 'Set the device rescan interval; 0 disables it',
  'failover-only': 'Use backup pools only while the primary is dead',
  logon: 'Open the control session and get its id; only one session may exist; the id leads every changing command',
  logoff: 'Close the control session',
  session: 'Whether a control session is open',
  kill: 'End whatever session is open (frees a stuck lock)',
  fans: 'Per-fan RPM, speed percent and target percent',
  temps: 'Board and chip temperatures per chain',
  tempctrl: 'Temperature-control thresholds: target, hot, dangerous',
  power: 'Power draw in watts, measured or estimated',
  profiles: 'Available tuning profiles (frequency and voltage operating points)',
  profileset: 'Select the active tuning profile of the miner or a board',
  curtail: 'Put the miner to sleep or wake it for demand response',
};
