import { ASSUMED } from './sim-assumed.ts';
import type { BraiinsMachine } from './sim-machine.ts';

/*
 * What the machine does about its temperature by itself: it stops at the dangerous one, and dynamic scaling steps down at
 * the hot one and up again later.
 */

/** Whether it can get too warm at all: with the cooling of the factory it cannot, and nothing has to be looked at. */
export function needsGuard({ active, constraints }: BraiinsMachine): boolean {
  const { cooling, dps } = active;
  const { target, hot, dangerous } = constraints.cooling;
  const usual =
    cooling.mode === 'auto' &&
    cooling.maxFan === 100 &&
    cooling.target === target.default &&
    cooling.hot === hot.default &&
    cooling.dangerous === dangerous.default;
  return dps.enabled || !usual;
}

/** One look. Gives true when the boards have to be driven anew. */
export function guard(machine: BraiinsMachine, at: number): boolean {
  const { active, tuner, journal } = machine;
  const { cooling, dps } = active;
  if (!machine.isRunning(at) || machine.pausedAt !== null || machine.suspendedAt !== null) return false;
  const hottest = machine.heat.hottestC(at, machine.warmth(at));
  if (hottest >= cooling.dangerous) {
    machine.suspendedAt = at;
    const message = `Dangerous temperature: ${hottest} °C`;
    journal.error({ at, message, codes: [], components: [] });
    return true;
  }
  if (!dps.enabled) return false;
  if (hottest >= cooling.hot) {
    if (tuner.step(active, at, true)) return noted(machine, at, 'down');
    if (!dps.shutdown) return false;
    machine.suspendedAt = at;
    journal.note(at, 'bosminer', `INFO dynamic performance scaling rests for ${dps.shutdownHours} h`);
    machine.later.set('wake', at + dps.shutdownHours * 3_600_000, (then) => machine.resume(then));
    return true;
  }
  if (at - tuner.steppedAt < ASSUMED.scaleUpMs || !tuner.step(active, at, false)) return false;
  return noted(machine, at, 'up');
}

function noted({ journal, tuner }: BraiinsMachine, at: number, way: string): true {
  journal.note(at, 'bosminer', `INFO dynamic performance scaling: ${way} to ${tuner.scaled ?? 'the target'}`);
  return true;
}
