import type { PrintedRow } from './types.ts';

/*
 * From "Miner API Command Reference" by D-Central, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).
 * Changed: put back into columns, the dashes restored, a star behind every cell that had to be inferred.
 */

// Each row: command, parameters, access, category, then the cells of stock, Braiins, LuxOS and DCENT_OS.

/** The 50 commands in the page's order and with its words, right or wrong. */
export const PRINTED = [
  ['version', '', 'read', 'Identity', 'Read', 'Read', 'Read', 'Beta'],
  ['summary', '', 'read', 'Status', 'Read', 'Read', 'Read', 'Beta'],
  ['stats', '', 'read', 'Status', 'Read', 'Read', 'Read', 'Beta'],
  ['pools', '', 'read', 'Pools', 'Read', 'Read', 'Read', 'Beta'],
  ['devs', '', 'read', 'Devices', 'Read', 'Read', 'Read', 'Beta'],
  ['devdetails', '', 'read', 'Devices', 'Read', 'Read', 'Read', 'Beta'],
  ['config', '', 'read', 'Config', 'Read', 'Read', 'Read', 'Beta'],
  ['edevs', 'none (legacy [old] argument accepted)', 'read', 'Devices', 'Read', 'Read', 'Read', 'Beta'],
  ['estats', 'none (legacy [old] argument accepted)', 'read', 'Status', 'Read', 'Read', 'Read', 'Beta'],
  ['coin', '', 'read', 'Status', 'Read', 'Read', 'Read', 'Beta'],
  ['lcd', '', 'read', 'Status', '—*', 'Read*', 'Read*', 'TBD'],
  ['check', 'command_name', 'read', 'Meta', 'Read', 'Read', 'Read', 'Beta'],
  ['asc', 'board_id (n)', 'read', 'Devices', 'Read', 'Read', 'Read', 'Beta'],
  ['asccount', '', 'read', 'Devices', 'Read', 'Read', 'Read', 'Beta'],
  ['notify', '', 'read', 'Status', 'Read', 'Read', 'Read', 'Beta'],
  ['privileged', '', 'read', 'Meta', 'Read', 'Read', 'Read', 'Beta'],
  ['pga', 'n', 'read', 'Devices', 'Read*', '—*', 'Read*', 'TBD'],
  ['debug', 'setting', 'read', 'Meta', 'Read*', '—*', 'Read*', 'TBD'],
  ['lockstats', '', 'read', 'Meta', 'Read*', '—*', '—*', 'TBD'],
  ['switchpool', 'n (pool index)', 'control', 'Pools', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['enablepool', 'n', 'control', 'Pools', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['disablepool', 'n', 'control', 'Pools', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['addpool', 'url,user,password', 'control', 'Pools', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['removepool', 'n', 'control', 'Pools', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['poolpriority', 'n,n,n,... (priority order)', 'control', 'Pools', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['poolquota', 'n,q (pool,quota)', 'control', 'Pools', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['save', '[file]', 'control', 'Config', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['restart', '', 'control', 'System', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['quit', '', 'control', 'System', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['ascenable', 'n', 'control', 'Devices', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['ascdisable', 'n', 'control', 'Devices', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['ascset', 'n,opt[,val] (vendor-specific opcodes)', 'control', 'Devices', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['pgaenable', 'n', 'control', 'Devices', 'HTTP CGI', '—*', '—*', 'TBD'],
  ['pgadisable', 'n', 'control', 'Devices', 'HTTP CGI', '—*', '—*', 'TBD'],
  ['pgaidentify', 'n', 'control', 'Devices', 'HTTP CGI', '—*', '—*', 'TBD'],
  ['setconfig', 'name,value', 'control', 'Config', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['zero', 'which,summary (true/false)', 'control', 'Stats', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['hotplug', 'n (seconds)', 'control', 'System', 'HTTP CGI', '—*', 'Control*', 'TBD'],
  ['failover-only', 'true|false', 'control', 'Pools', 'HTTP CGI', 'gRPC', 'Control', 'TBD'],
  ['logon', '', 'control', 'Session', '—*', 'gRPC', 'Control*', 'TBD'],
  ['logoff', 'session_id', 'control', 'Session', '—*', 'gRPC', 'Control*', 'TBD'],
  ['session', '', 'read', 'Session', '—*', '—*', 'Read*', 'TBD'],
  ['kill', '', 'control', 'Session', '—*', '—*', 'Control*', 'TBD'],
  ['fans', '', 'read', 'Cooling', 'Read', 'Read', 'Read', 'Beta'],
  ['temps', '', 'read', 'Cooling', 'Read', 'Read', 'Read', 'Beta'],
  ['tempctrl', '', 'read', 'Cooling', '—*', '—*', 'Read*', 'TBD'],
  ['power', '', 'read', 'Power', '—*', 'gRPC', 'Read*', 'Beta'],
  ['profiles', '', 'read', 'Tuning', '—*', 'gRPC', 'Read*', 'Beta'],
  [
    'profileset',
    'session_id,profile_name[,frequency_step,voltage_step,update_atm]',
    'control',
    'Tuning',
    '—*',
    'gRPC',
    'Control*',
    'TBD',
  ],
  [
    'curtail',
    'session_id,sleep|wakeup[,voltage_step,frequency_step,mode]',
    'control',
    'Power',
    '—*',
    'gRPC',
    'Control*',
    'TBD',
  ],
] as const satisfies readonly PrintedRow[];

/** A command of the page. */
export type MatrixCommand = (typeof PRINTED)[number][0];
