import { blankExamination, type Diagnosis, diagnose } from '@headframe/diagnosis';
import { blankHashboard, blankIdentity, blankPool, HeadframeError, type Snapshot } from '@headframe/model';
import type { Clock, Doctor, Past, Poller, Target } from './ports.ts';

/*
 * Doubles for tests: a clock that is moved by hand, machines that say what they are told.
 */

export const START = Date.UTC(2026, 0, 1);

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  #elapsed = 0;
  #next = 0;
  readonly #timers = new Map<number, { at: number; call: () => void }>();

  now(): number {
    return START + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(ms: number, call: () => void): () => void {
    const key = this.#next++;
    this.#timers.set(key, { at: this.#elapsed + ms, call });
    return () => this.#timers.delete(key);
  }

  /** Moves on, calling every timer at its time and letting what it started go as far as it can. */
  async advance(ms: number): Promise<void> {
    const until = this.#elapsed + ms;
    await settle();
    for (let round = 0; round < 100_000; round++) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at)[0];
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.#elapsed = Math.max(this.#elapsed, due[1].at);
      due[1].call();
      await settle();
    }
    this.#elapsed = until;
  }
}

/** Lets every promise that can go on do so. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

export const target = (address: string, more: Partial<Target> = {}): Target => ({
  address,
  ports: { cgminer: 4028 },
  family: null,
  ...more,
});

export interface Facts {
  address?: string;
  state?: Snapshot['state'];
  mac?: string | null;
  serial?: string | null;
  model?: string;
  currentHs?: number | null;
  averageHs?: number | null;
  nominalHs?: number | null;
  minerUptimeS?: number | null;
  powerW?: number | null;
  hashboards?: Snapshot['hashboards'];
  fans?: Snapshot['fans'];
  pools?: Snapshot['pools'];
  faults?: Snapshot['faults'];
  gaps?: Snapshot['gaps'];
  replies?: Snapshot['replies'];
}

/** A healthy machine, but for what is said. */
export function aSnapshot(facts: Facts = {}): Snapshot {
  return {
    schemaVersion: 1,
    address: facts.address ?? '10.0.0.1',
    at: START,
    identity: {
      ...blankIdentity('antminer'),
      make: 'Bitmain',
      model: facts.model ?? 'Antminer S19 Pro',
      firmware: 'stock',
      firmwareVersion: '2022-07-26',
      mac: facts.mac ?? null,
      serial: facts.serial ?? null,
      algorithm: 'sha256d',
    },
    state: facts.state ?? 'mining',
    minerUptimeS: facts.minerUptimeS === undefined ? 86_400 : facts.minerUptimeS,
    systemUptimeS: null,
    hashrate: {
      currentHs: facts.currentHs === undefined ? 110e12 : facts.currentHs,
      currentWindowS: 5,
      averageHs: facts.averageHs === undefined ? 109e12 : facts.averageHs,
      nominalHs: facts.nominalHs === undefined ? 110e12 : facts.nominalHs,
      windows: [],
    },
    powerW: facts.powerW === undefined ? 3250 : facts.powerW,
    powerBasis: 'measured',
    powerLimitW: null,
    efficiencyJTh: null,
    ambientTempC: null,
    hashboards: facts.hashboards ?? [
      { ...blankHashboard(0), state: 'ok', hashrateHs: 55e12, tempC: 64, chipTempMaxC: 78 },
      { ...blankHashboard(1), state: 'ok', hashrateHs: 55e12, tempC: 61, chipTempMaxC: 80 },
    ],
    fans: facts.fans ?? [
      { slot: 0, label: null, rpm: 4200, percent: null },
      { slot: 1, label: null, rpm: 4260, percent: null },
    ],
    psu: null,
    pools: facts.pools ?? [
      { ...blankPool(0), url: 'stratum+tcp://pool.example:3333', worker: 'farm.a1', status: 'alive', active: true },
    ],
    shares: { accepted: 1200, rejected: 3, stale: 1, sessionBestDifficulty: null, bestDifficulty: null },
    hardwareErrors: 12,
    faults: facts.faults ?? [],
    gaps: facts.gaps ?? [],
    replies: facts.replies ?? [],
  };
}

/** What a machine of the double does when it is asked. */
export type Behaviour = (signal: AbortSignal) => Snapshot | Promise<Snapshot>;

export const refuses: Behaviour = () => {
  throw new HeadframeError('link/refused', { address: '10.0.0.1' });
};

/** Says nothing until it is given up. */
export const hangs: Behaviour = (signal) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new HeadframeError('link/cancelled', { address: '10.0.0.1' })));
  });

/** Machines by address; counts who was asked, and how many at the same time. */
export class PollerDouble implements Poller {
  readonly machines = new Map<string, Behaviour>();
  readonly asked: { address: string; at: number }[] = [];
  readonly forgotten: string[] = [];
  running = 0;
  mostRunning = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async poll({ address }: Target, signal: AbortSignal): Promise<Snapshot> {
    this.asked.push({ address, at: this.#clock.monotonic() });
    this.running++;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      return await (this.machines.get(address) ?? refuses)(signal);
    } finally {
      this.running--;
    }
  }

  forget({ address }: Target): void {
    this.forgotten.push(address);
  }

  times(address: string): number[] {
    return this.asked.filter((poll) => poll.address === address).map(({ at }) => at);
  }
}

/** What the doctor of the double finds at an address: nothing listens on its port, and it hashes. */
export function aDiagnosis(address: string): Diagnosis {
  const refused = { at: START, ms: 1, bytes: 0, line: '4028: refused in 1 ms', command: `nc -zv ${address} 4028` };
  const blank = blankExamination('antminer');
  return {
    address,
    urgency: 'hashing-but-deaf',
    sentence: 'It hashes, but its API refuses connections: this costs nothing yet',
    verdicts: [
      {
        code: 'api.not-listening',
        row: 7,
        confidence: 0.9,
        sentence: 'Nothing listens on port 4028 while the web page answers.',
        because: ['4028: refused in 1 ms'],
        doubts: [],
        wouldChange: 'An answer on port 4028 after 90 s: it was starting.',
        remedy: [{ step: 12, text: 'Restart the API.', command: null, fix: 'restart-api', costs: 'hashing: 3 min' }],
      },
    ],
    ruledOut: [{ code: 'network.filtered', why: 'the refusal came from the machine' }],
    remarks: [],
    notSeen: ['pool: no account was given'],
    examination: {
      ...blank,
      subject: { ...blank.subject, address },
      from: START,
      to: START + 1_500,
      ports: { 4028: { ...refused, value: 'refused' } },
    },
  };
}

/** What it finds of a machine that is gone altogether. */
export function aDeadDiagnosis(address: string): Diagnosis {
  const silent = { at: START, ms: 3_000, bytes: 0, line: 'timed out', command: null, value: 'timed-out' as const };
  const { examination } = aDiagnosis(address);
  return diagnose({ ...examination, ports: { 22: silent, 80: silent, 4028: silent } });
}

/** Notes who was examined, with what was known; holds the answer back until it is released. */
export class DoctorDouble implements Doctor {
  readonly asked: { readonly address: string; readonly past: Past | null; readonly signal: AbortSignal }[] = [];
  held: Promise<void> = Promise.resolve();
  finds: (address: string) => Diagnosis = aDiagnosis;
  running = 0;
  mostRunning = 0;

  async examine(address: string, past: Past | null, signal: AbortSignal): Promise<Diagnosis> {
    this.asked.push({ address, past, signal });
    this.running++;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      await this.held;
      return this.finds(address);
    } finally {
      this.running--;
    }
  }
}
