import { ASSUMED } from './sim-assumed.ts';
import type { GpuPlan, RigPlan } from './sim-plan.ts';
import { RELEASES, type ReleaseName } from './sim-releases.ts';

/*
 * The rigs that can be simulated. GPUs, pools and rates are made up; releases and shapes are not.
 */

export interface RigProfile {
  readonly name: string;
  readonly plan: RigPlan;
  /** A rig that nobody has in a farm. */
  readonly rare?: true;
  /** Switches that are on unless somebody says otherwise. */
  readonly on?: readonly string[];
}

const WALLET = '0x00000000000000000000000000000000000000e0';
const pool = (host: string, port: number): string => `stratum1+tcp://${WALLET}.rig@${host}.example:${port}`;

const gpus = (count: number, gpu: Omit<GpuPlan, 'pci'>): readonly GpuPlan[] =>
  Array.from({ length: count }, (_, i) => ({ ...gpu, pci: `${String(i + 1).padStart(2, '0')}:00.0` }));

const GTX_1070 = { name: 'GeForce GTX 1070', memoryBytes: 8 * 2 ** 30, nominalHs: 30.4e6, powerW: 116 };
const RX_580 = { name: 'Ellesmere', memoryBytes: 8 * 2 ** 30, nominalHs: 29.6e6, powerW: 98 };

const usual = (release: ReleaseName): RigPlan => ({
  release: RELEASES[release],
  hostName: 'rig',
  gpus: gpus(6, GTX_1070),
  mode: 'CUDA',
  connections: [pool('pool-a', 4444), pool('pool-b', 14444)],
  readOnly: false,
  password: null,
  temperatureStop: null,
  sensors: true,
  difficulty: 3_999_938_964,
  epoch: 218,
  luckless: false,
  bootMs: ASSUMED.bootMs,
});

/** The rig of the recordings: three listed GPUs of a stand-in miner, and the built-in simulation pool. */
export const RECORDED: RigPlan = {
  ...usual('0.19.0'),
  hostName: 'rig-01',
  gpus: gpus(3, { ...GTX_1070, nominalHs: 23.4e6 }),
  mode: 'OpenCL',
  connections: ['simulation://0xabc.worker@127.0.0.1:1'],
  difficulty: 2 ** 32,
  epoch: 0,
  luckless: true,
};

const older = (release: ReleaseName): RigPlan => ({ ...usual(release), gpus: gpus(4, RX_580), mode: 'OpenCL' });

export const RIGS: readonly RigProfile[] = [
  { name: 'rig-6', plan: usual('0.19.0') },
  { name: 'rig-0-17', plan: older('0.17.1') },
  { name: 'rig-3', plan: RECORDED, rare: true, on: ['no-sensors'] },
  { name: 'rig-0-18', plan: usual('0.18.0'), rare: true },
  { name: 'rig-0-18-alpha-2', plan: older('0.18.0-alpha.2'), rare: true },
  { name: 'rig-0-16', plan: older('0.16.1'), rare: true },
  { name: 'rig-0-15', plan: older('0.15.0'), rare: true },
  { name: 'rig-0-14', plan: older('0.14.0'), rare: true },
];
