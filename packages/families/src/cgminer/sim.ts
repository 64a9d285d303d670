import { int } from '@headframe/wire/cgminer-server';
import { CONDITIONS } from '../sim/conditions.ts';
import { between, streamKey } from '../sim/counter-random.ts';
import type { DeviceProfile, DeviceSeed, FamilySimulator } from '../sim/device.ts';
import { CGMINER_QUIRKS, cgminerDevice } from './sim-device.ts';
import type { CgminerPlan, DevicePlan } from './sim-plan.ts';

/**
 * What the machines of this family have in common: cgminer 4.11.1 on Linux with three pools, started as its page of
 * options says, without an allow list: only the machine itself may read.
 */
export const CGMINER_4_11: CgminerPlan = {
  version: '4.11.1',
  api: '3.7',
  deviceCode: 'ICA SPN ',
  os: 'Linux',
  usb: true,
  hotplugS: 0,
  logIntervalS: 5,
  strategy: 'Failover',
  access: { listen: true },
  pools: [3333, 3334, 3335].map((port, i) => ({
    url: `stratum+tcp://127.0.0.1:${port}`,
    user: `user.${i + 1}`,
    pass: 'x',
    difficulty: 1024,
  })),
  devices: [
    {
      name: 'SPN',
      id: 0,
      driver: 'Spondoolies',
      kernel: '',
      model: '',
      path: '',
      nominalHs: 1.4e12,
      powerW: 1250,
      fixedTempC: 64,
      stats: [
        ['ASICs total rate', int(1400)],
        ['Temperature front', int(31)],
        ['Temperature rear top', int(62)],
        ['Temperature rear bot', int(66)],
      ],
    },
  ],
  reachable: (url) => url.startsWith('stratum+tcp://'),
  coin: {
    hashMethod: 'sha256',
    blockHash: '12345678abababababababababababababababababababababababab00000000',
    // Bits 1703255b. The sum is exact, the literal is longer than what a number prints.
    networkDifficulty: 89_471_664_776_970 + 49 / 64,
    blockHeight: 958_751,
    blockVersion: 0x2000_0000,
  },
  cooling: { fans: 0, maxRpm: 0, minPercent: 100, targetC: 65, riseC: 40 },
  idleW: 40,
  bootMs: 0,
  startDelayS: 0,
  restartAfterQuitMs: null,
  luckless: true,
  hashesPerWork: 2 ** 36,
  saveFile: '/root/.cgminer/cgminer.conf',
};

const spondoolies: DeviceProfile = {
  name: 'cgminer-4.11',
  label: { family: 'cgminer', make: 'Spondoolies', model: 'SP10', firmware: 'cgminer' },
  rare: true,
  quirks: CGMINER_QUIRKS,
  create: (seed) => cgminerDevice(CGMINER_4_11, seed, spondoolies.label),
};

const noDevices: DeviceProfile = {
  name: 'cgminer-no-devices',
  label: { family: 'cgminer', make: 'none', model: 'no device found', firmware: 'cgminer' },
  rare: true,
  quirks: CGMINER_QUIRKS,
  create: (seed) =>
    cgminerDevice({ ...CGMINER_4_11, deviceCode: 'ICA ', hotplugS: 5, devices: [] }, seed, noDevices.label),
};

/** A hashboard of the machine for farms: a chain of chips on the SPI bus, as cgminer's own driver shows it. */
const board = (id: number, dead: boolean): DevicePlan => ({
  name: 'BA1',
  id,
  driver: 'BitmineA1',
  kernel: '',
  model: '',
  path: '',
  nominalHs: 0.52e12,
  powerW: 480,
  dead,
  stats: [],
});

const farm: DeviceProfile = {
  name: 'two-boards',
  label: { family: 'cgminer', make: 'Bitmine', model: 'A1 machine with 2 hashboards', firmware: 'cgminer' },
  quirks: { ...CGMINER_QUIRKS, 'dead-board': CONDITIONS['dead-board'], 'dead-pool': CONDITIONS['dead-pool'] },
  create: (seed) => cgminerDevice(farmPlan(seed), seed, farm.label),
};

function farmPlan(seed: DeviceSeed): CgminerPlan {
  const deadPool = seed.quirks?.['dead-pool'] === true;
  const rig = Math.floor(between(streamKey(seed.seed, 'rig'), 0, 1, 1000));
  return {
    ...CGMINER_4_11,
    deviceCode: 'BA1 ',
    usb: false,
    // A machine that somebody polls lets the network read; nobody may write.
    access: { listen: true, network: true },
    pools: ['pool-a', 'pool-b', 'pool-c'].map((host, i) => ({
      url: `stratum+tcp://${host}.example:3333`,
      user: `farm.rig${rig}`,
      pass: 'x',
      difficulty: 512,
      outagesPerDay: 0.2,
      dead: deadPool && i === 0,
    })),
    devices: [board(0, false), board(1, seed.quirks?.['dead-board'] === true)],
    cooling: { fans: 2, maxRpm: 4200, minPercent: 30, targetC: 62, riseC: 30 },
    bootMs: 20_000,
    startDelayS: 4,
    restartAfterQuitMs: 10_000,
    luckless: false,
    hashesPerWork: 2 ** 32,
  };
}

export const cgminerSimulator: FamilySimulator = { id: 'cgminer', profiles: [spondoolies, noDevices, farm] };
