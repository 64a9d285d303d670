import { drift } from '../sim/thermal.ts';
import type { FanRule } from './sim-heat.ts';
import type { LuxosMachine } from './sim-machine.ts';
import { estimatedWatts } from './sim-plan.ts';

/*
 * What the sensors of a machine show: power, temperatures, fans.
 */

/** Places on a board where a temperature is taken, with how warm each is (0 the room, 1 the hottest place). */
export const CORNERS = { TopLeft: 1, TopRight: 0.42, BottomRight: 0.44, BottomLeft: 0.97 } as const;

/** W at the wall. */
export function watts(machine: LuxosMachine, now: number): number {
  const { plan, run } = machine;
  const perBoard = machine.boardNumbers.map((board) => {
    const mhz = run.mhzWanted(board);
    // Straight in the level while it ramps; what is reached is no straight line of the frequency.
    const reached = (estimatedWatts(plan, mhz) - plan.idleW) / plan.boards;
    const part = (run.work.level(now, board) * plan.nominal.mhz) / mhz;
    return reached * part * (machine.supplyVolts / machine.profile.volts) ** 2;
  });
  const flutter = 1 + 0.006 * drift(machine.key('watts'), now, 10_000);
  return plan.idleW + flutter * perBoard.reduce((sum, one) => sum + one, 0);
}

/** One of the four places of a board, whole degrees; 0 for a board that does not answer. */
export function cornerC(machine: LuxosMachine, now: number, board: number, corner: keyof typeof CORNERS): number {
  if (!machine.hasBoard(board)) return 0;
  const heat = { heat: machine.work.lagged(now, board), all: heatOf(machine, now) };
  return Math.round(machine.heat.placeC(now, board, heat, CORNERS[corner], fanRule(machine)));
}

export const hottestC = (machine: LuxosMachine, now: number, board: number): number =>
  Math.max(cornerC(machine, now, board, 'TopLeft'), cornerC(machine, now, board, 'BottomLeft'));

export const fanPercent = (machine: LuxosMachine, now: number): number =>
  Math.round(machine.heat.fanPercent(now, heatOf(machine, now), fanRule(machine)));

/** In steps of 60, as the counter of pulses gives it. */
export const fanRpm = (machine: LuxosMachine, now: number, fan: number): number =>
  Math.round(machine.heat.fanRpm(now, fan, heatOf(machine, now), fanRule(machine)) / 60) * 60;

function fanRule({ settings, asleep }: LuxosMachine): FanRule {
  const { speed, powerOffSpeed, minSpeed, maxSpeed } = settings.fan;
  return { fixed: asleep ? powerOffSpeed : speed >= 0 ? speed : null, min: minSpeed, max: maxSpeed };
}

/** The heat of the boards together, a part of nominal. */
function heatOf({ boardNumbers, work }: LuxosMachine, now: number): number {
  return boardNumbers.reduce((all, board) => all + work.lagged(now, board), 0) / Math.max(1, boardNumbers.length);
}
