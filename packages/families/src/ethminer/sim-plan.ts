import type { Release } from './sim-releases.ts';

/** One GPU as the driver lists it. */
export interface GpuPlan {
  /** As the driver names it, without the memory. */
  readonly name: string;
  readonly memoryBytes: number;
  readonly pci: string;
  /** H/s and W at work. */
  readonly nominalHs: number;
  readonly powerW: number;
}

/** How ethminer was started on this rig. */
export interface RigPlan {
  readonly release: Release;
  readonly hostName: string;
  readonly gpus: readonly GpuPlan[];
  readonly mode: 'CUDA' | 'OpenCL';
  /** URIs as given with `-P`, in their order. */
  readonly connections: readonly string[];
  /** A negative port: reads only (protocols.md 5.1). */
  readonly readOnly: boolean;
  /** `--api-password`; null: none. */
  readonly password: string | null;
  /** `--tstart` and `--tstop`, °C; null: none. */
  readonly temperatureStop: { readonly start: number; readonly stop: number } | null;
  /** `--HWMON`: without it no sensor is read (zeros, or null in the older shape). */
  readonly sensors: boolean;
  /** Hashes that a share takes on the average, as the pool asks for it. */
  readonly difficulty: number;
  readonly epoch: number;
  /** No share is ever found: the stand-in miner of the recordings. */
  readonly luckless: boolean;
  /** From power on to the start of ethminer, ms. */
  readonly bootMs: number;
}

/** What {@link RigPlan} and the switches of a profile make of one rig. */
export interface RigSwitches {
  /** There is a `reboot.sh` that can be started. */
  readonly rebootScript: boolean;
  /** A program that ended is started again. */
  readonly supervised: boolean;
  readonly deadPool: boolean;
  readonly stalledFan: boolean;
  readonly asleep: boolean;
  /** The first GPU has too little memory for the DAG, or fails to set up the epoch. */
  readonly smallMemory: boolean;
  readonly epochError: boolean;
  /** Starts at a nonce that other rigs start at too. */
  readonly sharedNonce: boolean;
  readonly growingLists: boolean;
  readonly repeatedReplies: boolean;
  readonly shortPacketHang: boolean;
  readonly hung: boolean;
  readonly noApi: boolean;
}
