import { TunerState } from './contract/index.ts';
import { ASSUMED } from './sim-assumed.ts';
import { hexId } from './sim-identity.ts';
import { consumptionW } from './sim-levels.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { voltsAt } from './sim-plan.ts';
import type { TunedProfile } from './sim-tuner.ts';
import type { WorkGroup, WorkPool } from './sim-work.ts';

/*
 * What the machine measures and counts at a moment, in its own units, for every door that tells of it.
 */

/** Hashrate of one board or of the whole machine. */
export interface SolverReading {
  /** H/s, the mean over so many seconds. */
  readonly rateHs: (windowS: number) => number;
  readonly averageHs: number;
  readonly nominalHs: number;
  readonly errorHs: number;
  readonly foundBlocks: number;
  readonly bestShare: number;
}

/** Difficulty of the network, as far as finding a block goes. */
const BLOCK_DIFFICULTY = 1.5e14;

export function solver(machine: BraiinsMachine, now: number, board?: number): SolverReading {
  const { run } = machine;
  const bestShare = run.work.bestShare(now, board === undefined ? {} : { board });
  const boards = board === undefined ? [...machine.plan.boardIds.keys()] : [board];
  return {
    rateHs: (windowS) => run.rateHs(now, windowS, board),
    averageHs: run.averageHs(now, board),
    nominalHs: boards.reduce((sum, one) => sum + run.nominalHs(now, one), 0),
    errorHs: run.errorHs(now, board),
    foundBlocks: bestShare >= BLOCK_DIFFICULTY ? 1 : 0,
    bestShare,
  };
}

export interface BoardReading {
  readonly id: string;
  readonly enabled: boolean;
  readonly chips: number;
  /** Of the frequency that it is driven with; 0 while it is off. */
  readonly mhz: number;
  readonly volts: number;
  readonly chipC: number;
  readonly boardC: number;
  readonly inletC: number;
  readonly outletC: number;
  readonly serial: string;
  readonly solver: SolverReading;
}

/** The boards that answer. */
export function boards(machine: BraiinsMachine, now: number): readonly BoardReading[] {
  return machine.plan.boardIds.flatMap((id, board) =>
    machine.hasBoard(board) ? [boardReading(machine, now, id, board)] : [],
  );
}

function boardReading(machine: BraiinsMachine, now: number, id: string, board: number): BoardReading {
  const { plan, heat, run } = machine;
  const warmth = machine.warmth(now);
  const boardC = heat.placeC(now, board, 1, warmth);
  const mhz = run.mhz(now, board);
  return {
    id,
    enabled: machine.isEnabled(board),
    chips: plan.chips,
    mhz,
    volts: mhz === 0 ? 0 : voltsOf(machine, id, mhz / plan.nominal.mhz),
    chipC: heat.chipC(now, board, warmth),
    boardC,
    inletC: heat.placeC(now, board, 0.5, warmth),
    // Of the captured S19 XP and S21+ the outlet is as warm as the hottest place of the board.
    outletC: boardC,
    serial: `${hexId(machine.key('serial', board))}${(board * 5 + 3).toString(16).toUpperCase()}`,
    solver: solver(machine, now, board),
  };
}

function voltsOf({ plan, active }: BraiinsMachine, id: string, level: number): number {
  const { mode, manual } = active.performance;
  if (mode !== 'manual') return voltsAt(plan, level);
  return manual.boards.find((one) => one.id === id)?.volts ?? manual.volts;
}

interface FanReading {
  readonly position: number;
  readonly rpm: number;
  /** Duty, 0 to 100. */
  readonly percent: number;
}

export function fans(machine: BraiinsMachine, now: number): readonly FanReading[] {
  const warmth = machine.warmth(now);
  const percent = machine.heat.percent(now, warmth);
  return Array.from({ length: machine.plan.fanPlaces }, (_, position) => ({
    position,
    rpm: machine.heat.rpm(now, position, warmth),
    percent,
  }));
}

export const hottestC = (machine: BraiinsMachine, now: number): number =>
  machine.heat.hottestC(now, machine.warmth(now));

interface PowerReading {
  readonly watts: number;
  readonly joulePerTerahash: number;
}

export function power(machine: BraiinsMachine, now: number): PowerReading {
  const watts = consumptionW(machine, now);
  const ths = machine.run.rateHs(now, 60) / 1e12;
  return { watts, joulePerTerahash: ths > 0 ? watts / ths : 0 };
}

interface PoolReading {
  readonly pool: WorkPool;
  readonly alive: boolean;
  readonly active: boolean;
  readonly shares: ShareReading;
}

export interface ShareReading {
  readonly accepted: number;
  readonly rejected: number;
  readonly stale: number;
  /** 0 before the first. */
  readonly lastDifficulty: number;
  readonly bestShare: number;
  readonly generatedWork: number;
  /** Epoch ms. */
  readonly lastShareAt: number | null;
}

export function poolReading(machine: BraiinsMachine, now: number, pool: WorkPool): PoolReading {
  const { work } = machine.run;
  const alive = pool.setting.enabled && work.isAlive(now, pool);
  const active = alive && machine.pausedAt === null && work.isActive(now, pool);
  return { pool, alive, active, shares: sharesOf(machine, now, pool) };
}

export const groups = ({ run }: BraiinsMachine): readonly WorkGroup[] => run.work.groups;

/** Of one pool, or the sum over all of this run. */
export function sharesOf(machine: BraiinsMachine, now: number, pool?: WorkPool): ShareReading {
  const { work } = machine.run;
  const scope = pool === undefined ? {} : { pool };
  const lastShareAt = work.lastShareAt(now, scope);
  const pools = pool === undefined ? work.everPools : [pool];
  const { workPerDifficulty, workStep } = ASSUMED;
  const hashes = pools.reduce((sum, one) => sum + work.hashesFor(now, one), 0);
  return {
    ...work.shares(now, scope),
    lastDifficulty: lastShareAt === null ? 0 : machine.plan.difficulty,
    bestShare: work.bestShare(now, scope),
    generatedWork: Math.floor(((hashes / 2 ** 32) * workPerDifficulty) / workStep) * workStep,
    lastShareAt,
  };
}

interface TunerReading {
  readonly state: TunerState;
  readonly target: number | null;
  /** Null while it is sought. */
  readonly profile: TunedProfile | null;
}

export function tunerReading(machine: BraiinsMachine, now: number): TunerReading {
  const { tuner, active, run, release } = machine;
  const target = tuner.target(active);
  if (target === null) return { state: TunerState.DISABLED, target, profile: null };
  const profile = tuner.profile(active);
  // The state came with the contract of 26.05.
  if (release.os >= 26.05 && now < run.startedAt + ASSUMED.preheatMs)
    return { state: TunerState.PREHEAT, target, profile };
  return { state: profile !== null && run.isSettled(now) ? TunerState.STABLE : TunerState.TUNING, target, profile };
}
