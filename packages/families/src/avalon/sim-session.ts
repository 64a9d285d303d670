import { MiningSession } from '../sim/physics.ts';
import type { CoolingPlan } from '../sim/thermal.ts';
import type { AvalonMachine } from './sim-machine.ts';

/** Chips do a little less than what their clock promises. */
const YIELD = 0.985;
/** Slowest duty of the fan control's own. */
const SLOWEST_FAN = 15;

/** The air around the boards, in the mode that the machine is in. */
export function coolingPlanOf({ plan, quirks, mode, targetC }: AvalonMachine): CoolingPlan {
  const strongest = Math.max(...plan.modes.map(({ wallW }) => wallW));
  return {
    fans: plan.fans,
    maxRpm: plan.maxRpm,
    minPercent: SLOWEST_FAN,
    targetC,
    riseC: (plan.riseC * mode.wallW) / strongest,
    ...(quirks.stalledFan ? { stalledFan: 0 } : {}),
  };
}

/**
 * One run of the program with what the machine keeps.
 * @param run number of the run, 0 for the first
 * @param level part of the mode's rate to begin with
 */
export function sessionOf(machine: AvalonMachine, run: number, startedAt: number, level: number): MiningSession {
  const { plan, quirks, mode, kept, seed } = machine;
  const share = 1 / plan.boards;
  return new MiningSession({
    seed,
    run,
    startedAt,
    warm: run > 0,
    boards: Array.from({ length: plan.boards }, (_, board) => ({
      nominalHs: mode.ghs * 1e9 * YIELD * share * (machine.isDeadChip(board) ? 1 - 1 / plan.chips : 1),
      powerW: (mode.wallW - plan.idleW) * share,
      dead: !machine.hasBoard(board),
    })),
    pools: kept.pools.map(({ difficulty }, i) => ({ difficulty, dead: quirks.deadPool && i === 0 })),
    cooling: coolingPlanOf(machine),
    idleW: plan.idleW,
    level,
    startDelayS: plan.initS,
  });
}
