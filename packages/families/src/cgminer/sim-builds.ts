import { avalonSettings } from './sim-avalon-settings.ts';
import {
  bmaSettings,
  cairnsmoreSettings,
  firstAvalonSettings,
  icarusSettings,
  modMinerSettings,
} from './sim-driver-settings.ts';
import type { CgminerPlan, DevicePlan } from './sim-plan.ts';
import { CGMINER_4_11 } from './sim-standard-plan.ts';

/*
 * Other builds of cgminer 4.11.1, with other devices: between them they can say every status code that the program ever
 * sends (`protocols.md` 1.6). Rates and power are of the order of the devices' own.
 */

interface Build {
  readonly name: string;
  readonly make: string;
  readonly model: string;
  readonly plan: CgminerPlan;
}

type Sticker = Pick<DevicePlan, 'name' | 'id' | 'driver' | 'nominalHs' | 'powerW'> & Partial<DevicePlan>;

const onUsb = (device: Sticker): DevicePlan => ({
  kernel: '',
  model: '',
  path: '',
  onUsb: true,
  stats: [],
  ...device,
});

const MODMINER = {
  name: 'MMQ',
  driver: 'ModMiner',
  kind: 'PGA',
  nominalHs: 0.8e9,
  powerW: 40,
  settings: modMinerSettings,
} as const;

/** It can blink, and has nothing to set. */
const BITFORCE = { name: 'BFL', driver: 'BitForce', kind: 'PGA', nominalHs: 0.83e9, powerW: 80, blinks: true } as const;

const CAIRNSMORE = {
  name: 'ICA',
  driver: 'Icarus',
  nominalHs: 0.8e9,
  powerW: 40,
  settings: cairnsmoreSettings,
  blinks: true,
} as const;

/** Sticks and boards on USB, which mine at difficulty 1. */
const USB: CgminerPlan = {
  ...CGMINER_4_11,
  hotplugS: 5,
  pools: CGMINER_4_11.pools.map((pool) => ({ ...pool, difficulty: 1 })),
  cooling: { fans: 1, maxRpm: 3000, minPercent: 30, targetC: 60, riseC: 30 },
  luckless: false,
  hashesPerWork: 2 ** 32,
};

const fpga: Build = {
  name: 'fpga',
  make: 'BTCFPGA',
  model: 'ModMiner Quad and BitForce Single',
  plan: {
    ...USB,
    drivers: 'fpga',
    deviceCode: 'BFL MMQ ',
    devices: [
      onUsb({ ...BITFORCE, id: 0 }),
      onUsb({ ...MODMINER, id: 0 }),
      onUsb({ ...MODMINER, id: 1, dead: true }),
      onUsb({ ...MODMINER, id: 2, looseAfterS: 60 }),
    ],
  },
};

const mixed: Build = {
  name: 'mixed',
  make: 'Enterpoint',
  model: 'Cairnsmore 2 beside a ModMiner Quad',
  plan: {
    ...USB,
    drivers: 'mixed',
    deviceCode: 'ICA MMQ ',
    lockTracking: true,
    devices: [onUsb({ ...MODMINER, id: 0 }), onUsb({ ...CAIRNSMORE, id: 0 })],
  },
};

const mixedWithoutDevices: Build = {
  name: 'mixed-no-devices',
  make: 'none',
  model: 'no device found by a build for both kinds',
  plan: { ...mixed.plan, lockTracking: false, devices: [] },
};

const sticks: Build = {
  name: 'usb-sticks',
  make: 'various',
  model: 'BitBurner, Avalon, BMA and Icarus devices on USB',
  plan: {
    ...USB,
    deviceCode: 'AVA BAS ICA ',
    devices: [
      onUsb({
        name: 'BTB',
        id: 0,
        driver: 'avalon',
        nominalHs: 64e9,
        powerW: 400,
        settings: () => firstAvalonSettings('BTB'),
      }),
      onUsb({ ...CAIRNSMORE, id: 0 }),
      onUsb({
        name: 'ICA',
        id: 1,
        driver: 'Icarus',
        nominalHs: 0.33e9,
        powerW: 3,
        settings: icarusSettings,
        blinks: true,
      }),
      onUsb({ name: 'BMA', id: 0, driver: 'BitForceSC', nominalHs: 10e9, powerW: 60, settings: bmaSettings }),
      onUsb({
        name: 'AVA',
        id: 0,
        driver: 'avalon',
        nominalHs: 66e9,
        powerW: 620,
        settings: () => firstAvalonSettings('AVA'),
        dead: true,
      }),
      onUsb({ ...CAIRNSMORE, id: 2, looseAfterS: 60 }),
    ],
  },
};

const avalonModules: Build = {
  name: 'avalon-modules',
  make: 'Canaan',
  model: 'Avalon modules behind a computer with stock cgminer',
  plan: {
    ...USB,
    deviceCode: 'AV4 AV7 AV8 ',
    pools: CGMINER_4_11.pools.map((pool) => ({ ...pool, difficulty: 4096 })),
    devices: [
      onUsb({
        name: 'AV4',
        id: 0,
        driver: 'avalon4',
        nominalHs: 1e12,
        powerW: 800,
        settings: () => avalonSettings('AV4'),
      }),
      onUsb({
        name: 'AV7',
        id: 0,
        driver: 'avalon7',
        nominalHs: 7.3e12,
        powerW: 1150,
        settings: () => avalonSettings('AV7'),
      }),
      onUsb({
        name: 'AV8',
        id: 0,
        driver: 'avalon8',
        nominalHs: 14.5e12,
        powerW: 1450,
        settings: () => avalonSettings('AV8'),
      }),
    ],
  },
};

const onePool: Build = {
  name: 'one-pool',
  make: 'Spondoolies',
  model: 'SP10 with a single pool',
  plan: { ...CGMINER_4_11, pools: CGMINER_4_11.pools.slice(0, 1) },
};

export const BUILDS: readonly Build[] = [fpga, mixed, mixedWithoutDevices, sticks, avalonModules, onePool];
