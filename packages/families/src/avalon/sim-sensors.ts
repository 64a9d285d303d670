import { normal, uniform } from '../sim/counter-random.ts';
import { drift } from '../sim/thermal.ts';
import type { AvalonMachine } from './sim-machine.ts';

/*
 * What the sensors of a machine say at one time: whole numbers, as the firmware keeps them.
 */

/** What the firmware shows where no sensor answers: absolute zero, rounded. */
export const NO_SENSOR = -273;

/** How long a count of matched work runs, ms. */
const WORK_COUNT_MS = 60_000;
/** Hashes in one piece of it: a running Q counts some hundreds for each chip. */
const WORK_HASHES = 2 ** 36;

export interface BoardReading {
  readonly present: boolean;
  /** `PVT_Tn`, °C. Without power these three stay as they were (seen on an idle Q). */
  readonly chipsC: readonly number[];
  /** `PVT_Vn`. */
  readonly chipsV: readonly number[];
  /** `MWn`: work matched by each chip. */
  readonly chipsWork: readonly number[];
  /** 0 without power, whatever the chips show. */
  readonly maxC: number;
  readonly avgC: number;
}

/** `PS`, in the units of the wire: hundredths of a volt, amperes, watts. */
export interface SupplyReading {
  readonly error: number;
  readonly controlCentivolts: number;
  readonly boardCentivolts: number;
  readonly amperes: number;
  readonly watts: number;
  readonly setCentivolts: number;
  readonly wallW: number;
}

export interface Readings {
  readonly boards: readonly BoardReading[];
  readonly maxC: number;
  readonly avgC: number;
  readonly roomC: number;
  /** Speeds of the fans, rpm, and what the control asks for, %. */
  readonly fans: readonly number[];
  readonly fanPercent: number;
  readonly supply: SupplyReading;
}

/** The supply: error bits of `PS[0]` (`protocols.md` 4). */
const PSU_INPUT_LOW = 1;
/** What of the wall's power arrives at the boards. */
const SUPPLY_YIELD = 0.93;

export function readSensors(machine: AvalonMachine, now: number): Readings {
  const boards = Array.from({ length: machine.plan.boards }, (_, board) => readBoard(machine, now, board));
  const hot = boards.filter((board) => board.present && board.maxC !== 0);
  const { plan } = machine;
  // Fans blow until the heat is gone.
  const heat = heatAt(machine, now);
  const resting = machine.offSince !== null && plan.fansStop && heat < 0.1;
  return {
    boards,
    maxC: hot.length === 0 ? 0 : Math.max(...hot.map((board) => board.maxC)),
    avgC: hot.length === 0 ? 0 : Math.round(hot.reduce((sum, board) => sum + board.avgC, 0) / hot.length),
    roomC: machine.cooling.ambientC(now),
    fans: Array.from({ length: plan.fans }, (_, fan) =>
      resting ? 0 : Math.round(machine.cooling.fanRpm(fan, now, heat)),
    ),
    fanPercent: resting ? 0 : Math.round(machine.cooling.fanPercent(now, heat)),
    supply: readSupply(machine, now),
  };
}

/** The level as heat follows it. Asking for the pool brings the session up to now. */
export function heatAt({ session }: AvalonMachine, now: number): number {
  session.currentPool(now);
  return session.operation.lagged(now);
}

function readBoard(machine: AvalonMachine, now: number, board: number): BoardReading {
  const { chips } = machine.plan;
  const all = Array.from({ length: chips }, (_, chip) => chip);
  if (!machine.hasBoard(board)) {
    const none = all.map(() => 0);
    return { present: false, chipsC: all.map(() => NO_SENSOR), chipsV: none, chipsWork: none, maxC: 0, avgC: 0 };
  }
  const at = machine.offSince ?? now;
  const chipsC = chipTemperatures(machine, at, board);
  const alive = chipsC.filter((c) => c !== NO_SENSOR);
  const powered = machine.offSince === null;
  return {
    present: true,
    chipsC,
    chipsV: all.map((chip) => chipVolts(machine, at, board, chip)),
    chipsWork: all.map((chip) => chipWork(machine, at, board, chip)),
    maxC: powered ? Math.max(...alive) : 0,
    avgC: powered ? Math.round(alive.reduce((sum, c) => sum + c, 0) / Math.max(1, alive.length)) : 0,
  };
}

/** Warm in the middle of a board, cooler at its ends; each chip is a little different from its neighbours. */
function chipTemperatures(machine: AvalonMachine, at: number, board: number): number[] {
  const { session, plan, cooling } = machine;
  // A machine that was asleep from the start shows what it had when it worked last.
  const heat = at <= session.plan.startedAt && machine.quirks.asleep ? 1 : heatAt(machine, at);
  const ambient = cooling.ambientC(at);
  const rise = cooling.riseC(at, heat);
  const own = machine.key('chips', board);
  return Array.from({ length: plan.chips }, (_, chip) => {
    if (machine.isDeadChip(board, chip)) return NO_SENSOR;
    const middle = Math.sin((Math.PI * (chip + 0.5)) / plan.chips);
    const warmth = 0.84 + 0.23 * middle + 0.04 * uniform(own, chip);
    return Math.round(ambient + rise * warmth + heat * drift(own + 7 + chip, at, 45_000));
  });
}

function chipVolts(machine: AvalonMachine, at: number, board: number, chip: number): number {
  if (machine.isDeadChip(board, chip)) return 0;
  const own = machine.key('volts', board);
  const middle = Math.sin((Math.PI * (chip + 0.5)) / machine.plan.chips);
  const volts = (machine.mode.chipVolts * machine.setCentivolts) / machine.mode.setCentivolts;
  return Math.round(volts + 4 - 9 * middle + 2.5 * normal(own, chip) + drift(own + 3 + chip, at, 60_000));
}

function chipWork(machine: AvalonMachine, at: number, board: number, chip: number): number {
  if (machine.isDeadChip(board, chip)) return 0;
  const { session, quirks, plan, mode } = machine;
  // The count that was under way when the power went.
  const before = at - 1;
  const level = at <= session.plan.startedAt && quirks.asleep ? 1 : session.operation.levelRequested(before);
  const mean = (level * mode.ghs * 1e9 * 60) / (plan.boards * plan.chips * WORK_HASHES);
  const bucket = Math.floor(before / WORK_COUNT_MS);
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(machine.key('work', board, bucket), chip)));
}

export function readSupply(machine: AvalonMachine, now: number): SupplyReading {
  const { plan, setCentivolts } = machine;
  const flutter = (what: string, by: number): number => Math.round(by * drift(machine.key(what), now, 20_000));
  const powerW = machine.powerW(now);
  const off = machine.offSince !== null;
  // Without tuning the supply stays exactly where it was set.
  const follows = machine.kept.tuning ? flutter('volts', 3) : 0;
  const boardCentivolts = off ? 1 + Math.abs(flutter('off-volts', 3)) : setCentivolts + follows;
  const watts = off ? 0 : Math.max(0, Math.round((powerW - plan.idleW) * SUPPLY_YIELD));
  return {
    error: machine.quirks.psuInputLow ? PSU_INPUT_LOW : 0,
    controlCentivolts: Math.round(machine.own('control-volts', 1204, 1224)) + flutter('control', 2),
    boardCentivolts,
    amperes: off ? 0 : Math.round((watts * 100) / boardCentivolts),
    watts,
    setCentivolts,
    wallW: Math.round(powerW),
  };
}

/** `PS[0 1217 1279 221 2834 1280]`; the newer ones end with the wall's power. */
export function supplyVector(supply: SupplyReading, wall: boolean): string {
  const { error, controlCentivolts, boardCentivolts, amperes, watts, setCentivolts, wallW } = supply;
  const values = [error, controlCentivolts, boardCentivolts, amperes, watts, setCentivolts];
  return (wall ? [...values, wallW] : values).join(' ');
}
