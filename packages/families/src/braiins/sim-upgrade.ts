import { ASSUMED } from './sim-assumed.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { REFUSE } from './sim-refusal.ts';
import { type BosRelease, NEWEST, releaseOf } from './sim-releases.ts';
import type { Schedule } from './sim-state.ts';

/** When a schedule comes up next, epoch ms. */
export function nextExecution({ every, day, hours, minutes, seconds }: Schedule, now: number): number {
  const today = new Date(now);
  for (let ahead = 0; ahead <= 62; ahead++) {
    const date = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + ahead));
    const weekday = date.getUTCDay() === 0 ? 7 : date.getUTCDay();
    const fits = every === 'day' || (every === 'week' ? weekday === day : date.getUTCDate() === day);
    const at = date.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1000;
    if (fits && at > now) return at;
  }
  return now;
}

/** Sees to it that the automatic upgrade happens when it is to happen. */
export function armUpgrade(machine: BraiinsMachine, now: number): void {
  const { enabled, schedule } = machine.system.upgrade;
  machine.later.clear('upgrade');
  if (!enabled || machine.release.os < 25.11) return;
  machine.later.set('upgrade', nextExecution(schedule, now), (at) => {
    machine.lastUpgradeAt = at;
    machine.journal.note(at, 'boser', 'INFO automatic upgrade');
    armUpgrade(machine, at);
    if (machine.release.os < NEWEST.os && !machine.busy) upgrade(machine, at, NEWEST, false);
  });
}

/**
 * Writes a firmware and starts it.
 * @throws ApiRefusal while another task of the system is under way
 */
export function upgrade(machine: BraiinsMachine, now: number, release: BosRelease, discard: boolean): void {
  if (machine.busy) throw REFUSE.busy();
  machine.busy = true;
  machine.journal.note(now, 'boser', `INFO upgrade to ${release.firmware}`);
  const change = (): void => {
    machine.release = release;
    if (discard) machine.forgetSettings();
  };
  machine.reboot(now, { change, awayMs: ASSUMED.upgradeMs });
}

/**
 * Which release a firmware file holds: the one that its first bytes name, if it is known, else the newest. That a file names
 * its release is ours: nothing is known of the form of these files.
 */
export function releaseIn(file: Uint8Array): BosRelease {
  const text = new TextDecoder().decode(file.subarray(0, 4096));
  const [named] = /\d{4}-\d{2}-\d{2}-\d-[0-9a-f]{8}-[0-9.]+-plus/.exec(text) ?? [];
  return (named === undefined ? null : releaseOf(named)) ?? NEWEST;
}
