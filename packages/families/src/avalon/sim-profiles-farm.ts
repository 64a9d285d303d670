import type { AvalonPlan } from './sim-plan.ts';
import { LOGIN, mode, POOL_COMMANDS, PROGRAM, pool, words } from './sim-profile-words.ts';

/*
 * The A-series from the A10 on. Sources: Canaan's A10 API manual (long record and VERSION of the 1066, key by key), and
 * published replies of A-series machines. Rates and power are those of the data sheets.
 */

/** What the machines of the A-series share: three boards, a clock that nobody sets, a window of 30 s. */
const A_SERIES = {
  program: PROGRAM,
  dnaAndMac: true,
  upApi: true,
  macWithColons: false,
  driver: 'farm',
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
  modules: 1,
  fans: 4,
  maxRpm: 6700,
  fansStop: false,
  riseC: 30,
  idleW: 45,
  wallPower: false,
  modeOpcode: 'workmode',
  modeSwitch: 'reboot',
  levels: [0, 0],
  voltage: [1200, 1388],
  privileged: false,
  commands: POOL_COMMANDS,
  web: 'farm',
  login: LOGIN,
  pools: [
    pool('pool-a.example.com', 262_144),
    pool('pool-b.example.com', 262_144),
    pool('pool-c.example.com', 262_144),
  ],
  bootMs: 11_000,
  initS: 60,
  recordAheadS: 1,
  bootBy: 4,
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
  opcodes: words('help reboot led workmode setpool ip dns hashpower frequency password restore bootby upgrade'),
  privileged: true,
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
  opcodes: words(
    'help reboot led workmode setpool ip dns softon softoff fan-spd frequency password restore bootby upgrade',
  ),
};

/** AvalonMiner 1346, of 2022: another controller, and the supply tells what it draws. */
export const A1346: AvalonPlan = {
  ...A_SERIES,
  label: { family: 'avalon', make: 'Canaan', model: 'Avalon 1346-110', firmware: 'stock' },
  build: '24041001_08b0955_0196aba',
  version: [
    ['PROD', 'AvalonMiner 1346-110'],
    ['MODEL', '1346-110'],
    ['HWTYPE', 'MM4v1_X3'],
    ['SWTYPE', 'MM317'],
    ['VERSION', '24041001_08b0955_0196aba'],
  ],
  ver: '1346-110-24041001_08b0955_0196aba',
  record: 'a12',
  chips: 120,
  targetC: 72,
  wallPower: true,
  modes: [mode(0, [110_000, 3350, 600], [565, 590, 610, 635], 1393, 330)],
  startMode: 0,
  opcodes: words('help reboot led setpool ip dns softon softoff fan-spd frequency password restore bootby'),
};
