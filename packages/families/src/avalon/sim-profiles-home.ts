import type { AvalonPlan } from './sim-plan.ts';
import { LOGIN, mode, POOL_COMMANDS, PROGRAM, pool, words } from './sim-profile-words.ts';

/*
 * The home machines. Sources: the published replies of an Avalon Q and the field names in `protocols.md` 4; published
 * replies of the Nano 3S and Nano 3, and Canaan's published source of the Nano 3S. Rates and power are those of the data
 * sheets.
 */

/** Avalon Q: one board of 160 chips for the living room. */
export const Q: AvalonPlan = {
  label: { family: 'avalon', make: 'Canaan', model: 'Avalon Q', firmware: 'stock' },
  build: '25052801_14a19a2',
  version: [
    ['PROD', 'Avalon Q'],
    ['MODEL', 'Q'],
    ['HWTYPE', 'Q_MM1v1_X1'],
    ['SWTYPE', 'MM319'],
    ['LVERSION', '25052801_14a19a2'],
    ['BVERSION', '25052801_14a19a2'],
    ['CGVERSION', '25052801_14a19a2'],
    ['HBMCUVERSION', 'Q_hb_v1.1'],
    ['FANMCUVERSION', 'Q_fb_v1.2'],
  ],
  program: PROGRAM,
  dnaAndMac: true,
  upApi: false,
  macWithColons: true,
  ver: 'Q-25052801_14a19a2',
  record: 'q',
  driver: 'home',
  statsId: 'AVALON0',
  device: { name: 'AVALON', driver: 'avalon' },
  devTemperatureC: 0,
  logIntervalS: 5,
  foundBlocksFirst: true,
  poolPassword: true,
  wholeStratumUrl: true,
  liteStats: true,
  whenUptime: false,
  boards: 1,
  modules: 1,
  chips: 160,
  fans: 4,
  maxRpm: 3900,
  fansStop: true,
  targetC: 65,
  riseC: 30,
  idleW: 17,
  wallPower: true,
  modes: [
    mode(0, [55_050, 800, 283], [258, 276, 297, 318], 2245, 276),
    mode(1, [80_000, 1300, 411], [378, 402, 426, 450], 2296, 283),
    mode(2, [90_000, 1674, 463], [426, 453, 480, 507], 2360, 291),
  ],
  startMode: 1,
  modeOpcode: 'workmode',
  modeSwitch: 'restart',
  levels: [-1, 0],
  voltage: [2150, 2600],
  opcodes: words(
    'help voltage fan-spd lcd hash-sn-read hash-sn-write volt-tuning workmode worklevel work_mode_lvl reboot softon softoff filter-clean facopts faclock activate solo-allowed frequency loop password qr_auth time',
  ),
  privileged: false,
  commands: [...POOL_COMMANDS, 'setpool', 'time'],
  web: 'home',
  login: LOGIN,
  pools: [pool('pool.example.com', 524_288), pool('backup.example.com', 524_288)],
  bootMs: 25_000,
  initS: 45,
  recordAheadS: 31,
  bootBy: 1,
};

/** Avalon Nano 3S: twelve chips and a fan. */
export const NANO_3S: AvalonPlan = {
  ...Q,
  label: { family: 'avalon', make: 'Canaan', model: 'Avalon Nano 3S', firmware: 'stock' },
  build: '25021401_56abae7',
  version: [
    ['PROD', 'Avalon Nano3s'],
    ['MODEL', 'Nano3s'],
    ['HWTYPE', 'N_MM1v1_X1'],
    ['SWTYPE', 'MM319'],
    ['LVERSION', '25021401_56abae7'],
    ['BVERSION', '25021401_56abae7'],
    ['CGVERSION', '56abae7'],
  ],
  upApi: true,
  macWithColons: false,
  ver: 'Nano3s-25021401_56abae7',
  record: 'nano-3s',
  statsId: 'AVANANO0',
  device: { name: 'AVANANO', driver: 'avalonnano' },
  devTemperatureC: -273,
  chips: 12,
  fans: 1,
  maxRpm: 4600,
  targetC: 90,
  riseC: 45,
  idleW: 6,
  modes: [
    mode(0, [3100, 70, 212], [192, 206, 220, 236], 3420, 286),
    mode(1, [4700, 100, 322], [294, 312, 332, 352], 3590, 294),
    mode(2, [6780, 140, 465], [432, 450, 471, 492], 3756, 302),
  ],
  startMode: 2,
  voltage: [3000, 3900],
  // The published source's list, and target-temp of section 4.
  opcodes: words(
    'help voltage fan-spd target-temp ledmode ledset lcd nightlamp wallpaper hash-sn-read volt-adjust-switch workmode worklevel work_mode_lvl reboot filter-clean facopts faclock frequency loop password qr_auth',
  ),
  pools: [pool('pool.example.com', 65_536), pool('backup.example.com', 65_536)],
  recordAheadS: 17,
};

/** Avalon Nano 3: the first of them, whose `worklevel` is its mode. */
export const NANO_3: AvalonPlan = {
  ...NANO_3S,
  label: { family: 'avalon', make: 'Canaan', model: 'Avalon Nano 3', firmware: 'stock' },
  build: '24071801_42c628d',
  version: [
    ['PROD', 'Avalonnano'],
    ['MODEL', 'nano3'],
    ['HWTYPE', 'PMMv1_X1'],
    ['SWTYPE', 'MM318_X2'],
    ['VERSION', '24071801_42c628d'],
    ['HVERSION', '24071801_b906c52_6223725'],
  ],
  dnaAndMac: false,
  ver: 'nano3-24071801_42c628d',
  record: 'nano-3',
  chips: 10,
  maxRpm: 6400,
  modes: [
    mode(0, [2000, 65, 200], [181, 194, 206, 219], 300, 286),
    mode(1, [3000, 100, 300], [281, 294, 306, 319], 315, 294),
    mode(2, [4000, 140, 400], [381, 394, 406, 419], 330, 302),
  ],
  modeOpcode: 'worklevel',
  levels: [0, 2],
  // No list of this model is published: what section 4 and its clients name.
  opcodes: words(
    'help fan-spd led ledset lcd nightlamp worklevel reboot filter-clean frequency loop password time wifi',
  ),
};

/** Avalon Mini 3: a heater. */
export const MINI_3: AvalonPlan = {
  ...Q,
  label: { family: 'avalon', make: 'Canaan', model: 'Avalon Mini 3', firmware: 'stock' },
  build: '25022401_cb28ba7',
  version: [
    ['PROD', 'Avalon Mini3'],
    ['MODEL', 'Mini3'],
    ['HWTYPE', 'M_MM1v1_X1'],
    ['SWTYPE', 'MM319'],
    ['LVERSION', '25022401_cb28ba7'],
    ['BVERSION', '25022401_cb28ba7'],
    ['CGVERSION', '25022401_cb28ba7'],
  ],
  macWithColons: false,
  ver: 'Mini3-25022401_cb28ba7',
  record: 'mini-3',
  chips: 66,
  fans: 1,
  maxRpm: 3000,
  targetC: 75,
  riseC: 40,
  idleW: 15,
  modes: [
    mode(0, [25_000, 500, 318], [290, 309, 328, 345], 2030, 290),
    mode(1, [32_000, 650, 407], [376, 398, 417, 437], 2080, 297),
    mode(2, [37_500, 800, 477], [446, 467, 488, 507], 2140, 304),
  ],
  voltage: [2000, 2600],
  // No list of this model is published: what section 4 names for home machines and no other model has.
  opcodes: words(
    'help voltage fan-spd target-temp lcd wallpaper audio wifi hash-sn-read volt-tuning workmode worklevel work_mode_lvl reboot softon softoff filter-clean facopts faclock solo-allowed frequency loop password qr_auth time',
  ),
  pools: [pool('pool.example.com', 131_072), pool('backup.example.com', 131_072)],
};
