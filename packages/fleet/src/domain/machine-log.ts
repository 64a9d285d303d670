import type { History, PastFailure, Snapshot } from '@headframe/model';
import type { Past } from '../ports.ts';
import type { Miner } from './miner.ts';
import { poolOf } from './row.ts';

/** What is remembered of a machine beyond its last reading, for whoever asks why it is silent. */
export type MachineLog = Pick<History, 'firmware' | 'failures'>;

export const NEW_LOG: MachineLog = { firmware: { before: null, now: null, changedAt: null }, failures: [] };

/** Enough to see a period of 60 to 96 h (step 5). */
const MOST_FAILURES = 20;

/** It answered: another version than before is an update. */
export function afterAnswer(log: MachineLog, { identity }: Snapshot, now: number): MachineLog {
  const version = identity.firmwareVersion;
  const { firmware } = log;
  if (version === null || version === firmware.now) return log;
  const changedAt = firmware.now === null ? null : now;
  return { ...log, firmware: { before: firmware.now, now: version, changedAt } };
}

/** It had answered, and fell silent. @param at when */
export function afterSilence(log: MachineLog, last: Snapshot | null, at: number): MachineLog {
  const uptimeS = last === null ? null : uptimeAt(last, at);
  const failure: PastFailure = { at, uptimeS };
  return { ...log, failures: [...log.failures, failure].slice(-MOST_FAILURES) };
}

function uptimeAt({ systemUptimeS, minerUptimeS, at }: Snapshot, now: number): number | null {
  const then = systemUptimeS ?? minerUptimeS;
  return then === null ? null : Math.round(then + (now - at) / 1000);
}

/** All that the fleet knows of a machine from before. */
export function pastOf({ log, snapshot, target, lastAnswerAt }: Miner, pollEveryS: number): Past {
  const { family, make, model, firmware } = snapshot?.identity ?? {
    make: null,
    model: null,
    firmware: null,
    ...target,
  };
  return {
    ...log,
    lastAnswerAt,
    lastUptimeS: snapshot === null ? null : (snapshot.systemUptimeS ?? snapshot.minerUptimeS),
    mac: snapshot?.identity.mac ?? null,
    pollEveryS,
    subject: { family, make, model, firmware },
    ports: target.ports,
    worker: poolOf(snapshot).worker,
  };
}
