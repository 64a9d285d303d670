import { type ExamineOptions, examine } from '@headframe/client';
import { type Diagnosis, diagnose } from '@headframe/diagnosis';
import { type DeviceProfile, simulators } from '@headframe/families/sim';
import type { Fault } from '@headframe/simulator/farm';
import { onTestFinished } from 'vitest';
import { mainOf, patientOf, remembered } from './case.ts';

/* One machine for one test: its first profile, up for some days. */

export const UPTIME_MS = 40 * 3_600_000;

export function profileOf(family: string): DeviceProfile {
  const profile = simulators.find(({ id }) => id === family)?.profiles[0];
  if (profile === undefined) throw new Error(`no ${family}`);
  return profile;
}

/** What would be known from before of a machine that is not at its address. */
export const knownOf = (family: string, address: string): ExamineOptions =>
  remembered(patientOf(profileOf(family), address, 1, UPTIME_MS).patient);

/**
 * Serves a machine until the test is over.
 * @param faults of the door of its main API
 * @returns what would be known of it from before
 */
export async function machineAt(
  address: string,
  family: string,
  faults: readonly Fault[] = [],
): Promise<ExamineOptions> {
  const { patient, end } = patientOf(profileOf(family), address, 1, UPTIME_MS);
  onTestFinished(end);
  await patient.serve(faults.map((fault) => ({ ...fault, over: mainOf(patient.device) })));
  return remembered(patient);
}

export const diagnosed = async (address: string, options: ExamineOptions): Promise<Diagnosis> =>
  diagnose(await examine(address, options));

export const codeOf = ({ verdicts }: Diagnosis): string => verdicts[0]?.code ?? 'none';
export const becauseOf = ({ verdicts }: Diagnosis): string => verdicts[0]?.because.join('\n') ?? '';
