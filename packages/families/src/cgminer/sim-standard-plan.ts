import { int } from '@headframe/wire/cgminer-server';
import type { CgminerPlan } from './sim-plan.ts';

/**
 * What the machines of this family have in common: cgminer 4.11.1 on Linux with three pools, started as its page of
 * options says, without an allow list: only the machine itself may read.
 */
export const CGMINER_4_11: CgminerPlan = {
  version: '4.11.1',
  api: '3.7',
  deviceCode: 'ICA SPN ',
  os: 'Linux',
  drivers: 'asic',
  lockTracking: false,
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
  luckless: true,
  hashesPerWork: 2 ** 36,
  saveFile: '/root/.cgminer/cgminer.conf',
};
