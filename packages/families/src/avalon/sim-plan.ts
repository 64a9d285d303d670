import type { DeviceLabel } from '../sim/device.ts';

/** Whose long record: farm machines by generation, home machines by model, modules behind an older controller. */
export type LongRecordKind = 'a7' | 'a8' | 'a10' | 'a12' | 'nano-3' | 'nano-3s' | 'q' | 'mini-3';

/** Which driver answers `ascset`: that of farm machines, that of home machines, or cgminer's own of the A7 and A8. */
export type DriverKind = 'farm' | 'home' | 'modules';

/** Four clocks that chips are put to, MHz. */
export type Clocks = readonly [number, number, number, number];

/**
 * What a simulated Avalon is: facts of one model and one firmware, as values.
 */
export interface AvalonPlan {
  readonly label: DeviceLabel;
  /** The build that the firmware calls itself. Where it stands in `version` and `ver` an upgrade changes it. */
  readonly build: string;
  /** `Description` of every status. */
  readonly program: string;
  /** What VERSION says between `API` and `DNA`. */
  readonly version: readonly (readonly [key: string, value: string])[];
  /** VERSION has `DNA` and `MAC`. */
  readonly dnaAndMac: boolean;
  /** VERSION ends with `UPAPI`. */
  readonly upApi: boolean;
  /** `02:00:..` in capitals, or twelve digits. */
  readonly macWithColons: boolean;
  /** `Ver` of the long record: model and firmware. */
  readonly ver: string;
  readonly record: LongRecordKind;
  readonly driver: DriverKind;
  /** `ID` of the first STATS record. */
  readonly statsId: string;
  /** `Name` and `Driver` of the only device. */
  readonly device: { readonly name: string; readonly driver: string };
  /** DEVS `Temperature`: no Avalon keeps it up; 0 or the -273 that it was initialised with. */
  readonly devTemperatureC: number;
  /** `--log`, seconds: the shortest hashrate window. */
  readonly logIntervalS: number;
  /** The Q's order of SUMMARY, with `Found Blocks` before the last window; others follow cgminer. */
  readonly foundBlocksFirst: boolean;
  /** POOLS has the pool's password (`protocols.md` 4). */
  readonly poolPassword: boolean;
  /** `Stratum URL` is the whole URL; otherwise the host alone, as cgminer has it. */
  readonly wholeStratumUrl: boolean;
  /** Whether the program knows `litestats`. */
  readonly liteStats: boolean;
  /** The clock was never set: `When` counts seconds since power came on. */
  readonly whenUptime: boolean;
  /** All hashboards of the machine. */
  readonly boards: number;
  /** Modules behind the controller, each with its part of the boards; 1 where the machine is one. */
  readonly modules: number;
  readonly chips: number;
  readonly fans: number;
  readonly maxRpm: number;
  /** The machine stops its fans when it is idle. */
  readonly fansStop: boolean;
  /** Temperature that the fan control holds: `TarT`. */
  readonly targetC: number;
  /** How much warmer the chips are than the room in the strongest mode with fans at 100 %. */
  readonly riseC: number;
  /** Control board and losses, W at the wall. */
  readonly idleW: number;
  /** `PS` ends with the power at the wall (`protocols.md` 4: newer ones). */
  readonly wallPower: boolean;
  /** In the order of their numbers. */
  readonly modes: readonly [WorkMode, ...WorkMode[]];
  /** Number of the mode that the machine starts in. */
  readonly startMode: number;
  /** The opcode that chooses the mode: a Nano 3 has no `workmode`, its `worklevel` does it (`protocols.md` 4). */
  readonly modeOpcode: 'workmode' | 'worklevel';
  /** When a new mode takes effect: the home machines restart the program, the others wait for a reboot. */
  readonly modeSwitch: 'restart' | 'reboot';
  /** Range of `worklevel` where it is a step within the mode. */
  readonly levels: readonly [low: number, high: number];
  /** What `voltage` takes, hundredths of a volt. */
  readonly voltage: readonly [low: number, high: number];
  /** What `ascset|0,help` lists, in that order. */
  readonly opcodes: readonly string[];
  /** The program knows `privilege` (`protocols.md` 4: A10). */
  readonly privileged: boolean;
  /** Commands of the program's own beside those of every Avalon. */
  readonly commands: readonly string[];
  /** Whose pages port 80 has; null: none of the machine's own. */
  readonly web: 'farm' | 'home' | null;
  /** User and password of web page and `setpool` from the factory. */
  readonly login: { readonly user: string; readonly password: string };
  readonly pools: readonly PoolPlan[];
  /** From power to the start of the program, ms. */
  readonly bootMs: number;
  /** From the start of the program to the first hashes (`In Init`), s. */
  readonly initS: number;
  /** How far `Elapsed` inside the long record is ahead of the one beside it, s. */
  readonly recordAheadS: number;
  /** `BOOTBY` until the first restart: what the machine came up from before. */
  readonly bootBy: number;
}

/** One work mode with all that hangs on it. */
export interface WorkMode {
  /** `WORKMODE`. */
  readonly value: number;
  /** `GHSmm`: what the chips can do at this clock. */
  readonly ghs: number;
  /** At the wall, W. */
  readonly wallW: number;
  /** `Freq`: mean clock, MHz. */
  readonly mhz: number;
  /** `SFn`. */
  readonly clocks: Clocks;
  /** `PS[5]`: what the supply is set to give the boards, hundredths of a volt. */
  readonly setCentivolts: number;
  /** Mean voltage of a chip, mV or hundredths of a volt by generation, as `PVT_Vn` prints it. */
  readonly chipVolts: number;
}

export interface PoolPlan {
  readonly url: string;
  readonly difficulty: number;
}

/** The switches of one machine, from its profile and its seed. */
export interface AvalonQuirks {
  readonly deadBoard: boolean;
  readonly deadChip: boolean;
  readonly stalledFan: boolean;
  readonly deadPool: boolean;
  readonly asleep: boolean;
  readonly psuInputLow: boolean;
  readonly emptySummary: boolean;
  readonly whenUptime: boolean;
  readonly newlineBehindNul: boolean;
  readonly nestedRecord: boolean;
  readonly silentSoftOn: boolean;
  readonly debugRecord: boolean;
  readonly openMinerInfo: boolean;
  readonly saltedCookie: boolean;
  readonly jsonpTrailingComma: boolean;
}
