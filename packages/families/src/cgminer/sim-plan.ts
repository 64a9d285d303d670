import type { ApiAccess, ApiRecord, MulticastSettings, PoolSetting } from '@headframe/wire/cgminer-server';
import type { CoolingPlan } from '../sim/thermal.ts';
import type { DriverSettings } from './sim-driver-settings.ts';

/**
 * What a simulated cgminer is: how the program was built and started, its pools and its devices.
 * Everything that a profile or a test says about one, as values.
 */
export interface CgminerPlan {
  /** `4.11.1` and `3.7`. */
  readonly version: string;
  readonly api: string;
  /** `Device Code` of config: the short names of the drivers built in, each with a blank behind: `ICA SPN `. */
  readonly deviceCode: string;
  readonly os: string;
  /** Which classes of drivers are built in: the commands `asc*` and `pga*` are there with theirs only. */
  readonly drivers: 'asic' | 'fpga' | 'mixed';
  /** Built to count its locks: then `lockstats` works (codes 123 and 124). */
  readonly lockTracking: boolean;
  /** A build with a USB driver has hotplug and USB fields in stats (`protocols.md` 1.6, codes 99 to 103). */
  readonly usb: boolean;
  /** `--hotplug`, seconds; 0 switches it off. */
  readonly hotplugS: number;
  /** `--log`, seconds: the shortest hashrate window, and how long the API takes to open. */
  readonly logIntervalS: number;
  readonly strategy: 'Failover' | 'Round Robin' | 'Rotate' | 'Load Balance' | 'Balance';
  readonly access: ApiAccess;
  /** `--api-mcast-code` and `--api-mcast-des`; whether it listens at all is the quirk `multicast`. */
  readonly multicast?: MulticastSettings;
  readonly pools: readonly PoolPlan[];
  readonly devices: readonly DevicePlan[];
  /** Whether a pool at this URL answers: for pools that are added later. */
  readonly reachable: (url: string) => boolean;
  readonly coin: CoinPlan;
  readonly cooling: CoolingPlan;
  /** Power of everything but the devices, W. */
  readonly idleW: number;
  /** From power to the start of the program, ms. */
  readonly bootMs: number;
  /** From the start of mining to the first hashes, s. */
  readonly startDelayS: number;
  /** No share is ever found. */
  readonly luckless?: boolean;
  /** Hashes in one piece of work: one for each nonce, times what the driver rolls. */
  readonly hashesPerWork: number;
  /** Where `save` without a parameter writes. */
  readonly saveFile: string;
}

export interface PoolPlan extends PoolSetting {
  /** Difficulty that the pool gives out. */
  readonly difficulty: number;
  /** Never answers. */
  readonly dead?: boolean;
  readonly outagesPerDay?: number;
}

/** How devices are counted and called by the API: ASICs and FPGAs, each from 0. */
export type DeviceKind = 'ASC' | 'PGA';

export interface DevicePlan {
  /** Short name of the driver, `SPN`, and the number among its devices. */
  readonly name: string;
  readonly id: number;
  /** The class of its driver; an ASIC when left out. */
  readonly kind?: DeviceKind;
  /** Hangs on USB: only such devices have statistics in `usbstats`. */
  readonly onUsb?: boolean;
  /** Its plug works loose so many seconds after the program started, and it is gone. */
  readonly looseAfterS?: number;
  /** The driver can make it blink. */
  readonly blinks?: boolean;
  /** What the driver lets change (`ascset`, `pgaset`), as it is when the program starts; nothing when left out. */
  readonly settings?: () => DriverSettings;
  /** DEVDETAILS. */
  readonly driver: string;
  readonly kernel: string;
  readonly model: string;
  readonly path: string;
  readonly nominalHs: number;
  readonly powerW: number;
  /** A fixed reading where a stand-in feeds the driver; otherwise the board's own temperature. */
  readonly fixedTempC?: number;
  /** A device that was found and does not hash any more. */
  readonly dead?: boolean;
  /** What the driver adds to its STATS record; not in `dbgstats` (`protocols.md` 1.8 no 4). */
  readonly stats: ApiRecord;
}

export interface CoinPlan {
  /** `sha256` or `scrypt`. */
  readonly hashMethod: string;
  readonly blockHash: string;
  readonly networkDifficulty: number;
  /** Of the job that is worked on, less one (transcripts, surprise 12). */
  readonly blockHeight: number;
  readonly blockVersion: number;
}
