import { between } from '../sim/counter-random.ts';
import { isLiquid } from './sim-heat.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { boardHs, boardW, levelAtW, possible } from './sim-plan.ts';
import type { TunedProfile } from './sim-tuner.ts';

/*
 * What the boards are to run at by the configuration in force, and what that makes and draws.
 */

/** Boards differ by some percent in the frequency that the tuner finds for them; 1 in the mean. */
export function boardFactor({ plan, key }: Pick<BraiinsMachine, 'plan' | 'key'>, board: number): number {
  const all = plan.boardIds.map((_, one) => between(key('board', one), 0, 0.96, 1.04));
  return ((all[board] ?? 1) * all.length) / all.reduce((sum, one) => sum + one, 0);
}

/** Whether mining starts with the fans that turn. */
export function fansSuffice({ active, plan, has }: BraiinsMachine): boolean {
  const turning = plan.fans - (has('stalled-fan') ? 1 : 0);
  return isLiquid(active.cooling) || turning >= active.cooling.minFans;
}

/** The level that each board is to run at when nothing keeps it off. */
export function wantedLevels(machine: BraiinsMachine): readonly number[] {
  const works = machine.plan.boardIds.map((_, board) => machine.hasBoard(board) && machine.isEnabled(board));
  const working = works.filter(Boolean).length;
  return works.map((does, board) => (does ? levelOf(machine, board, working) : 0));
}

function levelOf(machine: BraiinsMachine, board: number, working: number): number {
  const { plan, active } = machine;
  const { mode, manual } = active.performance;
  const target = machine.tuner.target(active) ?? 0;
  if (mode === 'power') return levelAtW(plan, target, working);
  if (mode === 'hashrate') return possible((target * 1e12) / (working * boardHs(plan, plan.nominal.mhz)));
  const own = manual.boards.find(({ id }) => id === plan.boardIds[board]);
  return (own?.mhz ?? manual.mhz) / plan.nominal.mhz / boardFactor(machine, board);
}

/** What the firmware makes of the levels of the boards: an estimate that is off by some percent on every machine. */
function estimatedW(machine: BraiinsMachine, levels: readonly number[]): number {
  const off = between(machine.key('watts'), 0, 0.98, 1.05);
  const boards = levels.reduce((sum, level) => sum + boardW(machine.plan, level), 0);
  return Math.round((machine.plan.idleW + boards) * off);
}

/** `approximated_consumption`: W. */
export function consumptionW(machine: BraiinsMachine, now: number): number {
  const { run, plan } = machine;
  return estimatedW(
    machine,
    plan.boardIds.map((_, board) => run.mhz(now, board) / plan.nominal.mhz / boardFactor(machine, board)),
  );
}

/** What the tuner finds for the target in force; null while it is off. */
export function foundProfile(machine: BraiinsMachine, at: number): TunedProfile | null {
  const { mode } = machine.active.performance;
  const target = machine.tuner.target(machine.active);
  if (target === null || mode === 'manual') return null;
  const levels = wantedLevels(machine);
  const measuredHs = levels.reduce((sum, level, board) => {
    return sum + level * boardHs(machine.plan, machine.plan.nominal.mhz * boardFactor(machine, board));
  }, 0);
  return { mode, target, createdAt: at, measuredHs, estimatedW: estimatedW(machine, levels) };
}
