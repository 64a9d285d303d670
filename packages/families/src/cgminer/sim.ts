import { CONDITIONS } from '../sim/conditions.ts';
import { between, streamKey } from '../sim/counter-random.ts';
import type { DeviceProfile, DeviceSeed, FamilySimulator } from '../sim/device.ts';
import { BUILDS } from './sim-builds.ts';
import { cgminerDevice } from './sim-device.ts';
import type { CgminerPlan, DevicePlan } from './sim-plan.ts';
import { CGMINER_QUIRKS } from './sim-quirks.ts';
import { CGMINER_4_11 } from './sim-standard-plan.ts';

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
  quirks: {
    ...CGMINER_QUIRKS,
    'open-acl': { does: 'The API lets everybody do everything (--api-allow W:0/0)', on: false },
    'dead-board': CONDITIONS['dead-board'],
    'dead-pool': CONDITIONS['dead-pool'],
  },
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
    access: seed.quirks?.['open-acl'] === true ? { listen: true, allow: 'W:0/0' } : { listen: true, network: true },
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
    luckless: false,
    hashesPerWork: 2 ** 32,
  };
}

/** Programs built and equipped otherwise: only there when they are asked for by name. */
const builds = BUILDS.map(({ name, make, model, plan }): DeviceProfile => {
  const label = { family: 'cgminer', make, model, firmware: 'cgminer' };
  return { name, label, rare: true, quirks: CGMINER_QUIRKS, create: (seed) => cgminerDevice(plan, seed, label) };
});

export const cgminerSimulator: FamilySimulator = { id: 'cgminer', profiles: [spondoolies, noDevices, farm, ...builds] };
