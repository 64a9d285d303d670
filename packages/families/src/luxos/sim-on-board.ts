import type { LuxosMachine } from './sim-machine.ts';
import { wholeIn } from './sim-parameters.ts';
import { invalidValue, type LuxReply, MISSING_PARAMETER } from './sim-reply.ts';

/** Runs on the board that the first part names. */
export function onBoard(machine: LuxosMachine, [text]: readonly string[], run: (board: number) => LuxReply): LuxReply {
  if (text === undefined) return MISSING_PARAMETER;
  const board = wholeIn(text, 0, machine.plan.boards - 1);
  return board !== null && machine.hasBoard(board) ? run(board) : invalidValue(`board ${text}`);
}

/** Runs on the board that the first part names, and on the chip that the part at `place` names; null: all chips. */
export function onChip(
  machine: LuxosMachine,
  parts: readonly string[],
  run: (board: number, chip: number | null) => LuxReply,
  place = 1,
): LuxReply {
  return onBoard(machine, parts, (board) => {
    const text = parts[place];
    if (text === undefined) return run(board, null);
    const chip = wholeIn(text, 0, machine.plan.chips - 1);
    return chip === null ? invalidValue(`chip ${text}`) : run(board, chip);
  });
}
