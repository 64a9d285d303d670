import type { ExamineOptions, HistoryStore, Remembered } from '@headframe/client';
import type { VerdictCode } from '@headframe/diagnosis';
import type { DeviceProfile, SimulatedDevice } from '@headframe/families/sim';
import type { Clock, Protocol } from '@headframe/model';
import { type Served, serveDevice } from '@headframe/simulator';
import type { Fault } from '@headframe/simulator/farm';

/*
 * A fault of the world, put on sockets. What the doctor is told beside the address is what it would know from before (its
 * history) and what a person would say; which fault it is, it has to find.
 */

/** A machine that is made for one examination. */
export interface Patient {
  readonly profile: DeviceProfile;
  readonly device: SimulatedDevice;
  readonly address: string;
  readonly seed: number;
  /** The time of the machine and of who examines it. */
  readonly clock: Clock;
  /** Time passes at once. */
  skip(ms: number): void;
  /** Serves it with faults of its doors. */
  serve(faults?: readonly Fault[]): Promise<Served>;
  /** Called when the examination is over. */
  afterwards(close: () => unknown): void;
}

export interface Case {
  readonly fault: string;
  readonly expected: VerdictCode;
  /** Whether the row is one of such a machine. */
  readonly applies: (family: string, main: Protocol, profile: string) => boolean;
  /** How long before its examination it was switched on, ms; some days unless told. */
  readonly uptimeMs?: number;
  /** Makes the world so, and gives what is known. */
  readonly arrange: (patient: Patient) => Promise<ExamineOptions>;
}

/** The door of the main API. */
export const mainOf = (device: SimulatedDevice): Protocol =>
  device.cgminer !== undefined ? 'cgminer' : device.ethminer !== undefined ? 'ethminer' : 'http';

export const isAxe = (family: string): boolean => family === 'axeos' || family === 'nerdqaxe';

const HOUR_MS = 3_600_000;

/** What the doctor would have noted of this machine in better days. */
export function remembered({ profile, clock }: Patient, more: Partial<Remembered> = {}): { history: HistoryStore } {
  const { family, make, model, firmware } = profile.label;
  const notes: Remembered = {
    firmware: { before: null, now: 'as ever', changedAt: null },
    lastAnswerAt: clock.now() - HOUR_MS,
    lastUptimeS: 20 * 3600,
    failures: [],
    mac: null,
    pollEveryS: 30,
    subject: { family, make, model, firmware },
    ...more,
  };
  return { history: { recall: () => notes, remember: () => {} } };
}

export function patientOf(profile: DeviceProfile, address: string, seed: number, uptimeMs: number) {
  let skipped = 0;
  const clock = { now: () => Date.now() + skipped };
  const poweredAt = clock.now() - uptimeMs;
  const device = profile.create({ seed, poweredAt });
  const ends: (() => unknown)[] = [];
  const patient: Patient = {
    profile,
    device,
    address,
    seed,
    clock,
    skip: (ms) => {
      skipped += ms;
    },
    serve: async (faults = []) => {
      const served = await serveDevice(device, { address, clock, faults, seed });
      ends.push(() => served.close());
      return served;
    },
    afterwards: (close) => ends.push(close),
  };
  return {
    patient,
    end: async () => {
      for (const close of ends.reverse()) await close();
    },
  };
}
