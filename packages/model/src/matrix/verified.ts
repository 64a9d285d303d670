import type { MatrixCommand } from './printed.ts';
import type { VerifiedCells } from './types.ts';

/*
 * What was found out about each command. cgminer: the real 4.11.1. Stock: the command table in the bmminer of an
 * Antminer S17, under its factory address list. Braiins and LuxOS: their makers' own command lists. DCENT_OS: its public
 * source (protocols.md 1.4, 1.7, 2.1, 7.1, 8, 9).
 *
 * Each row: cgminer (R read, W write, + may be joined, the kind of build it needs), stock, Braiins, LuxOS, DCENT_OS,
 * and remarks.
 */

const NEEDS_WRITE = 'page says read; in cgminer it needs write access';
const FPGA_ONLY = 'exists only in builds with an FPGA driver; otherwise code 14';
const BRAIINS_WRITES =
  'Braiins documents these on 4028 as partly working and lost at restart, so its 4028 was never strictly read-only';
const NO_SESSION = 'page says LuxOS needs a session; the vendor tool says it does not';
const NO_LUXOS_CONTROL = 'page says Control on LuxOS; not in the vendor command list';
const NO_LUXOS_READ = 'page says Read on LuxOS; not in the vendor command list';
const NOT_STOCK = 'page says Read on stock; the stock binary has no such command (code 14)';

export const VERIFIED: Readonly<Record<MatrixCommand, VerifiedCells>> = {
  version: ['R+', 'answers', 'documented', 'listed', 'answers'],
  summary: ['R+', 'answers', 'documented', 'listed', 'answers'],
  stats: ['R+', 'answers', 'documented', 'listed', 'answers'],
  pools: ['R+', 'answers', 'documented', 'listed', 'answers'],
  devs: ['R+', 'answers', 'documented', 'listed', 'answers'],
  devdetails: [
    'R+',
    'denied',
    'documented',
    'listed',
    'answers',
    'real cgminer fields are Name, ID, Driver, Kernel, Model, Device Path; Chips/Cores/Frequency/Voltage/Profile/Serial are LuxOS/BOSminer extras',
  ],
  config: ['R+', 'denied', 'documented', 'listed', 'answers'],
  edevs: ['R+', 'denied', 'documented', 'listed', 'unknown'],
  estats: ['R+', 'denied', 'documented', 'listed', 'unknown'],
  coin: ['R+', 'denied', 'documented', 'listed', 'answers'],
  lcd: ['R+', 'denied', 'documented', 'listed', 'unknown'],
  check: ['R', 'denied', 'documented', 'listed', 'answers'],
  asc: ['R asic', 'denied', 'documented', 'listed', 'unknown'],
  asccount: ['R+', 'denied', 'documented', 'listed', 'answers'],
  notify: ['R+', 'denied', 'not documented', 'not listed', 'answers', NO_LUXOS_READ],
  privileged: ['W', 'denied', 'not documented', 'not listed', 'unknown', NEEDS_WRITE, NO_LUXOS_READ],
  pga: ['R fpga', 'unknown', 'not documented', 'not listed', 'unknown', FPGA_ONLY],
  debug: ['W', 'denied', 'not documented', 'not listed', 'unknown', NEEDS_WRITE],
  lockstats: ['W+', 'denied', 'not documented', 'not listed', 'unknown', NEEDS_WRITE],
  switchpool: ['W', 'denied', 'documented, partly works', 'listed', 'not supported', BRAIINS_WRITES, NO_SESSION],
  enablepool: ['W', 'denied', 'documented, partly works', 'listed', 'not supported', BRAIINS_WRITES, NO_SESSION],
  disablepool: ['W', 'denied', 'documented, partly works', 'listed', 'not supported', BRAIINS_WRITES, NO_SESSION],
  addpool: [
    'W',
    'denied',
    'documented, partly works',
    'listed',
    'acts with session, not from the LAN',
    BRAIINS_WRITES,
    NO_SESSION,
  ],
  removepool: ['W', 'denied', 'documented, partly works', 'listed', 'not supported', BRAIINS_WRITES, NO_SESSION],
  poolpriority: ['W', 'denied', 'not documented', 'not listed', 'unknown', NO_LUXOS_CONTROL],
  poolquota: ['W', 'denied', 'not documented', 'not listed', 'unknown', NO_LUXOS_CONTROL],
  save: ['W', 'denied', 'not documented', 'not listed', 'unknown', NO_LUXOS_CONTROL],
  restart: ['W', 'denied', 'not documented', 'not listed', 'acts, not from the LAN', NO_LUXOS_CONTROL],
  quit: ['W', 'denied', 'not documented', 'not listed', 'refused', NO_LUXOS_CONTROL],
  ascenable: ['W asic', 'denied', 'not documented', 'not listed', 'unknown', NO_LUXOS_CONTROL],
  ascdisable: ['W asic', 'denied', 'not documented', 'not listed', 'unknown', NO_LUXOS_CONTROL],
  ascset: ['W asic', 'denied', 'not documented', 'not listed', 'unknown', NO_LUXOS_CONTROL],
  pgaenable: ['W fpga', 'unknown', 'not documented', 'not listed', 'unknown', FPGA_ONLY],
  pgadisable: ['W fpga', 'unknown', 'not documented', 'not listed', 'unknown', FPGA_ONLY],
  pgaidentify: ['W fpga', 'unknown', 'not documented', 'not listed', 'unknown', FPGA_ONLY],
  setconfig: [
    'W',
    'denied',
    'not documented',
    'not listed',
    'unknown',
    'deprecated: code 127 for queue/scantime/expiry followed by a second status; 83 for others',
    NO_LUXOS_CONTROL,
  ],
  zero: ['W', 'denied', 'not documented', 'not listed', 'unknown', NO_LUXOS_CONTROL],
  hotplug: ['W', 'denied', 'not documented', 'not listed', 'unknown', NO_LUXOS_CONTROL],
  'failover-only': [
    'W',
    'denied',
    'not documented',
    'not listed',
    'unknown',
    'dead: always code 127',
    NO_LUXOS_CONTROL,
  ],
  logon: ['-', 'unknown', 'not documented', 'listed', 'acts'],
  logoff: ['-', 'unknown', 'not documented', 'listed, with session', 'acts'],
  session: ['-', 'unknown', 'not documented', 'listed', 'acts'],
  kill: ['-', 'unknown', 'not documented', 'listed', 'acts, not from the LAN'],
  fans: ['-', 'unknown', 'used by clients', 'listed', 'unknown', NOT_STOCK],
  temps: ['-', 'unknown', 'used by clients', 'listed', 'unknown', NOT_STOCK],
  tempctrl: ['-', 'unknown', 'used by clients', 'listed', 'unknown'],
  power: ['-', 'unknown', 'not documented', 'listed', 'unknown'],
  profiles: ['-', 'unknown', 'not documented', 'listed', 'unknown'],
  profileset: ['-', 'unknown', 'not documented', 'listed, with session', 'acts, not from the LAN'],
  curtail: ['-', 'unknown', 'not documented', 'listed, with session', 'acts, not from the LAN'],
};

/** Commands beside those of the page, found in the same places. */
export const VERIFIED_NEIGHBOURS: Readonly<Record<string, VerifiedCells>> = {
  pgacount: ['R+', 'denied', 'not documented', 'not listed', 'unknown'],
  pgaset: ['W fpga', 'unknown', 'not documented', 'not listed', 'unknown'],
  ascidentify: ['W asic', 'denied', 'not documented', 'not listed', 'unknown'],
  usbstats: ['R+', 'denied', 'not documented', 'not listed', 'unknown'],
  dbgstats: ['R+', 'unknown', 'not documented', 'not listed', 'unknown'],
  noncenum: ['-', 'denied', 'not documented', 'not listed', 'unknown'],
  tunerstatus: ['-', 'unknown', 'used by clients', 'not listed', 'unknown'],
  pause: ['-', 'unknown', 'used by clients', 'not listed', 'unknown'],
  resume: ['-', 'unknown', 'used by clients', 'not listed', 'unknown'],
};
