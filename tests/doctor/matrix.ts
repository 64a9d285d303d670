import { examine } from '@headframe/client';
import { type Diagnosis, diagnose, type VerdictCode } from '@headframe/diagnosis';
import { type DeviceProfile, type FamilySimulator, simulators, uniform } from '@headframe/families/sim';
import { type Case, mainOf, patientOf } from './case.ts';

/** One fault on one machine, and what the doctor said. */
export interface Result {
  readonly fault: string;
  readonly expected: VerdictCode;
  readonly family: string;
  readonly profile: string;
  readonly seed: number;
  readonly address: string;
  readonly diagnosis: Diagnosis | null;
  /** Null unless it failed. */
  readonly crash: unknown;
  readonly ms: number;
}

export const saidOf = ({ diagnosis }: Result): VerdictCode | 'crash' => diagnosis?.verdicts[0]?.code ?? 'crash';
export const isRight = (result: Result): boolean => saidOf(result) === result.expected;
export const sureness = ({ diagnosis }: Result): number => diagnosis?.verdicts[0]?.confidence ?? 1;

const AT_ONCE = 48;
const HOUR_MS = 3_600_000;
/** Enough seconds behind a simulated machine's start that it hashes, and little enough that nothing is worn out. */
const usualUptimeMs = (seed: number): number => HOUR_MS * (2 + 300 * uniform(seed, 0xd0c));

interface Job {
  readonly one: Case;
  readonly profile: DeviceProfile;
  readonly family: string;
  readonly seed: number;
}

function jobs(cases: readonly Case[], seeds: number, families: readonly FamilySimulator[]): Job[] {
  const all: Job[] = [];
  for (const { id, profiles } of families) {
    for (const one of cases) {
      // Every profile has its turn.
      const fitting = profiles.filter((p) => one.applies(id, mainOf(p.create({ seed: 1, poweredAt: 0 })), p.name));
      for (let seed = 0; seed < seeds && fitting.length > 0; seed++) {
        const profile = fitting[seed % fitting.length] as DeviceProfile;
        all.push({ one, profile, family: id, seed: seed + 1 });
      }
    }
  }
  return all;
}

/**
 * Examines every fault on every family that it applies to.
 * @param block the second byte of the loopback addresses: each machine has one of its own
 */
export async function runMatrix(
  cases: readonly Case[],
  { seeds, block, families = simulators }: { seeds: number; block: number; families?: readonly FamilySimulator[] },
): Promise<Result[]> {
  const waiting = jobs(cases, seeds, families).map((job, i) => ({ ...job, address: addressIn(block, i) }));
  const results: Result[] = [];
  const next = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) results.push(await examineOne(job));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return results;
}

const addressIn = (block: number, i: number): string => `127.${block}.${Math.floor(i / 254) % 256}.${(i % 254) + 1}`;

async function examineOne({ one, profile, family, seed, address }: Job & { address: string }): Promise<Result> {
  const { patient, end } = patientOf(profile, address, seed, one.uptimeMs ?? usualUptimeMs(seed));
  const began = performance.now();
  const about = { fault: one.fault, expected: one.expected, family, profile: profile.name, seed, address };
  try {
    const options = await one.arrange(patient);
    const examination = await examine(address, { clock: patient.clock, ...options });
    return { ...about, diagnosis: diagnose(examination), crash: null, ms: performance.now() - began };
  } catch (crash) {
    return { ...about, diagnosis: null, crash, ms: performance.now() - began };
  } finally {
    await end();
  }
}

/** Fault by verdict, how often each, as text. */
export function confusion(results: readonly Result[]): string {
  const faults = [...new Set(results.map(({ fault }) => fault))];
  const lines = faults.map((fault) => {
    const here = results.filter((result) => result.fault === fault);
    const counts = new Map<string, number>();
    for (const result of here) counts.set(saidOf(result), (counts.get(saidOf(result)) ?? 0) + 1);
    const said = [...counts].sort((a, b) => b[1] - a[1]).map(([code, count]) => `${code} ${count}`);
    const families = new Set(here.map(({ family }) => family)).size;
    const right = here.filter(isRight).length;
    return `${fault.padEnd(28)} ${String(right).padStart(4)}/${String(here.length).padEnd(4)} ${String(families).padStart(2)} families  ${said.join(', ')}`;
  });
  return ['fault                        right     over         said', ...lines].join('\n');
}

/** Of those that were about so sure, how many were right. */
export function calibration(results: readonly Result[]): string {
  const bands = [
    [0.95, 1.01],
    [0.85, 0.95],
    [0.7, 0.85],
    [0.5, 0.7],
    [0, 0.5],
  ] as const;
  return bands
    .map(([from, to]) => {
      const here = results.filter((result) => sureness(result) >= from && sureness(result) < to);
      const share =
        here.length === 0 ? '' : `  ${Math.round((100 * here.filter(isRight).length) / here.length)} % right`;
      return `sure by ${from.toFixed(2)} to ${Math.min(1, to).toFixed(2)}: ${here.length}${share}`;
    })
    .join('\n');
}
