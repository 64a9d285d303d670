import type { AvalonPlan, PoolPlan, WorkMode } from './sim-plan.ts';

/*
 * The models. Sources: the published replies of an Avalon Q and the field names in `protocols.md` 4; Canaan's A10 API
 * manual (long record and VERSION of the 1066, key by key); published replies of the Nano 3S and of A-series machines.
 * Rates and power are those of the data sheets.
 */

const pool = (host: string, difficulty: number): PoolPlan => ({ url: `stratum+tcp://${host}:3333`, difficulty });

const mode = (
  value: number,
  [ghs, wallW, mhz]: readonly [number, number, number],
  clocks: WorkMode['clocks'],
  setCentivolts: number,
  chipVolts: number,
): WorkMode => ({ value, ghs, wallW, mhz, clocks, setCentivolts, chipVolts });

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
  upApi: false,
  macWithColons: true,
  ver: 'Q-25052801_14a19a2',
  record: 'q',
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
  chips: 160,
  fans: 4,
  maxRpm: 3900,
  fansStop: true,
  targetC: 65,
  riseC: 30,
  idleW: 17,
  modes: [
    mode(0, [55_050, 800, 283], [258, 276, 297, 318], 2245, 276),
    mode(1, [80_000, 1300, 411], [378, 402, 426, 450], 2296, 283),
    mode(2, [90_000, 1674, 463], [426, 453, 480, 507], 2360, 291),
  ],
  startMode: 1,
  modeSwitch: 'restart',
  opcodes:
    'help voltage fan-spd lcd hash-sn-read hash-sn-write volt-tuning workmode worklevel work_mode_lvl reboot softon softoff filter-clean facopts faclock activate solo-allowed frequency loop password qr_auth time'.split(
      ' ',
    ),
  pools: [pool('pool.example.com', 524_288), pool('backup.example.com', 524_288)],
  bootMs: 25_000,
  initS: 45,
  recordAheadS: 31,
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
  opcodes:
    'help voltage fan-spd target-temp lcd nightlamp ledset workmode worklevel reboot softon softoff frequency password time wifi'.split(
      ' ',
    ),
  pools: [pool('pool.example.com', 65_536), pool('backup.example.com', 65_536)],
  recordAheadS: 17,
};

/** What the machines of the A-series share: three boards, a clock that nobody sets, a window of 30 s. */
const A_SERIES = {
  upApi: true,
  macWithColons: false,
  statsId: 'AVA100',
  device: { name: 'AVA10', driver: 'avalon10' },
  devTemperatureC: -273,
  logIntervalS: 30,
  foundBlocksFirst: false,
  poolPassword: false,
  wholeStratumUrl: false,
  liteStats: false,
  whenUptime: true,
  boards: 3,
  fans: 4,
  maxRpm: 6700,
  fansStop: false,
  riseC: 30,
  idleW: 45,
  modeSwitch: 'reboot',
  pools: [
    pool('pool-a.example.com', 262_144),
    pool('pool-b.example.com', 262_144),
    pool('pool-c.example.com', 262_144),
  ],
  bootMs: 11_000,
  initS: 60,
  recordAheadS: 1,
} as const;

/** AvalonMiner 1066, of 2019. */
export const A1066: AvalonPlan = {
  ...A_SERIES,
  label: { family: 'avalon', make: 'Canaan', model: 'Avalon 1066', firmware: 'stock' },
  build: '19101244_fe411a8_71edeca',
  version: [
    ['PROD', 'AvalonMiner 1066'],
    ['MODEL', '1066'],
    ['HWTYPE', 'MM3v2_X3'],
    ['SWTYPE', 'MM310'],
    ['VERSION', '19101244_fe411a8_71edeca'],
  ],
  ver: '1066-19101244_fe411a8_71edeca',
  record: 'a10',
  chips: 114,
  targetC: 66,
  modes: [
    mode(0, [43_500, 2700, 540], [475, 500, 525, 550], 1240, 318),
    mode(1, [51_060, 3250, 633], [575, 600, 625, 650], 1280, 325),
  ],
  startMode: 1,
  opcodes: 'help reboot led workmode setpool ip dns hashpower frequency voltage password upgrade'.split(' '),
};

/** AvalonMiner 1246, of 2021. */
export const A1246: AvalonPlan = {
  ...A_SERIES,
  label: { family: 'avalon', make: 'Canaan', model: 'Avalon 1246', firmware: 'stock' },
  build: '21042001_4ec6bb0_211fc83',
  version: [
    ['STM8', '20.08.01'],
    ['PROD', 'AvalonMiner 1246'],
    ['MODEL', '1246'],
    ['HWTYPE', 'MM3v2_X3'],
    ['SWTYPE', 'MM314'],
    ['VERSION', '21042001_4ec6bb0_211fc83'],
    ['LOADER', 'd0d779de.00'],
  ],
  ver: '1246-21042001_4ec6bb0_211fc83',
  record: 'a12',
  chips: 120,
  targetC: 72,
  modes: [
    mode(0, [85_000, 3250, 600], [550, 575, 600, 625], 1290, 322),
    mode(1, [90_000, 3420, 635], [585, 610, 635, 660], 1300, 326),
  ],
  startMode: 1,
  opcodes: 'help reboot led workmode setpool ip dns softon softoff fan-spd frequency voltage password upgrade'.split(
    ' ',
  ),
};
