import type { AvalonPlan } from './sim-plan.ts';
import { LOGIN, mode, pool } from './sim-profile-words.ts';

/*
 * A7 and A8: modules behind a controller that runs cgminer with the drivers avalon7 and avalon8 (`protocols.md` 1.10).
 * Sources: those drivers, and published replies of a 741 and an 841. Rates and power are those of the data sheets.
 */

/** AvalonMiner 741, of 2016: two modules with four boards each. */
export const A741: AvalonPlan = {
  label: { family: 'avalon', make: 'Canaan', model: 'Avalon 741', firmware: 'stock' },
  build: '7411706-3162860',
  program: 'cgminer 4.10.0',
  // Assumed: section 4 gives these two for Avalons at large, and no VERSION of an A7 or A8 was published.
  version: [
    ['PROD', 'AvalonMiner 741'],
    ['MODEL', '741'],
  ],
  dnaAndMac: false,
  upApi: false,
  macWithColons: false,
  ver: '7411706-3162860',
  record: 'a7',
  driver: 'modules',
  statsId: 'AV70',
  device: { name: 'AV7', driver: 'avalon7' },
  devTemperatureC: 0,
  logIntervalS: 5,
  foundBlocksFirst: false,
  poolPassword: false,
  wholeStratumUrl: false,
  liteStats: false,
  whenUptime: false,
  boards: 8,
  modules: 2,
  chips: 22,
  fans: 1,
  maxRpm: 6000,
  fansStop: false,
  targetC: 85,
  riseC: 45,
  idleW: 40,
  wallPower: false,
  modes: [mode(0, [14_600, 2300, 630], [600, 625, 637, 650], 4480, 330)],
  startMode: 0,
  modeOpcode: 'workmode',
  modeSwitch: 'reboot',
  levels: [0, 0],
  voltage: [3889, 5000],
  opcodes: [],
  privileged: false,
  commands: ['switchpool', 'enablepool', 'disablepool', 'addpool', 'removepool', 'poolpriority', 'poolquota'],
  web: null,
  login: LOGIN,
  pools: [pool('pool-a.example.com', 32_768), pool('pool-b.example.com', 32_768)],
  bootMs: 25_000,
  initS: 20,
  recordAheadS: 3,
  bootBy: 1,
};

/** AvalonMiner 841, of 2018. */
export const A841: AvalonPlan = {
  ...A741,
  label: { family: 'avalon', make: 'Canaan', model: 'Avalon 841', firmware: 'stock' },
  build: '8411807-20a8a80',
  program: 'cgminer 4.11.1',
  version: [
    ['PROD', 'AvalonMiner 841'],
    ['MODEL', '841'],
  ],
  ver: '8411807-20a8a80',
  record: 'a8',
  statsId: 'AV80',
  device: { name: 'AV8', driver: 'avalon8' },
  chips: 26,
  modes: [mode(0, [27_200, 2580, 762], [725, 750, 775, 800], 3890, 420)],
};
